"""Somebody acts for a reporter (代办人): a party of their own, sealed like one, with a receipt and a PIN."""

from uuid import UUID

from django.utils.translation import gettext as _

from shiyu.audit.actions import action, record
from shiyu.kernel.actor import Actor
from shiyu.kernel.personal import RELATIONS
from shiyu.lib.errors import UserError
from shiyu.matters.access import openable_matter
from shiyu.matters.actions.parties import Reporter, check_reporter, keep_reporters
from shiyu.matters.models import MatterKey, Party


@action("matters.add_acting")
def add_acting(actor: Actor, matter_id: UUID, *, party_id: UUID, reporter: Reporter, relation: str) -> Party:
    """Writes down who acts for a reporter of the matter, and how they stand to them (a code of RELATIONS). They do not
    count as somebody who reported it. Raises UserError for somebody who did not report it, without a name, or once
    what its reporters gave was deleted."""
    matter = openable_matter(actor, matter_id, lock=True)
    party = Party.objects.filter(pk=party_id, matter=matter, acts_for=None).first()
    if party is None:
        raise UserError(_("This person did not report the matter."))
    if relation not in RELATIONS:
        raise UserError(_("Choose how they stand to the reporter."), field="relation")
    if reporter.anonymous:
        raise UserError(_("Who acts for somebody gives a name."), field="reporter_name")
    if MatterKey.objects.filter(matter=matter, wrapped="").exists():
        raise UserError(_("What its reporters gave was deleted as the rules ask; file a new matter."))
    check_reporter(reporter)
    row = keep_reporters(matter, [reporter], acts_for=party, relation=relation)[0]
    record(matter, {"reporters": "changed", "relation": relation})
    return row
