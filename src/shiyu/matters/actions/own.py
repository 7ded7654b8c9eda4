"""At the desk: a reporter asks what is held about them, and sees their own part, nobody else's."""

from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _

from shiyu.audit.actions import action, record
from shiyu.kernel.actor import Actor
from shiyu.lib.errors import UserError
from shiyu.matters.access import openable_matter
from shiyu.matters.actions.parties import OpenParty, opened_party, phone_trace
from shiyu.matters.actions.progress import enter_by_pin
from shiyu.matters.actions.sealing import OTHER_SIDE, OpenText, opened_texts
from shiyu.matters.models import Matter, Party, PartyOpening


@dataclass(frozen=True)
class Own:
    """All that is held about one person, in full. `texts` are what the account seals, for its only reporter."""

    party: OpenParty
    texts: list[OpenText]


def show_own(actor: Actor, matter_id: UUID, *, pin: str, phone: str, address: str) -> Own:
    """What is held about the person before the desk, who gives their PIN; `phone` is the number they say, compared with
    the one kept, `address` the computer's, for counting wrong PINs. Raises UserError where one of them is wrong,
    NotAllowed for whoever does not handle the matter."""
    matter = openable_matter(actor, matter_id)
    party = enter_by_pin(matter.code, pin, address=address)
    return open_own(actor, matter_id, party_id=party.pk, phone=phone)


@action("matters.open_own")
def open_own(actor: Actor, matter_id: UUID, *, party_id: UUID, phone: str) -> Own:
    """Opens one person's part for themselves, once; that it was opened stays on record. Raises UserError where the
    number they say is not the one they gave."""
    matter = openable_matter(actor, matter_id)
    party = Party.objects.filter(pk=party_id, matter=matter).first()
    if party is None or actor.user_id is None:
        raise UserError(_("This person did not report the matter."))
    if party.phone_trace and phone_trace(phone) != party.phone_trace:
        raise UserError(_("This is not the number that was given."), field="phone")
    PartyOpening.objects.create(
        matter=matter,
        by_id=actor.user_id,
        by_name=actor.name,
        unit_id=actor.home_unit_id,
        reason=_("The reporter asked at the desk what is held about them."),
    )
    record(matter, {"reporters": "opened", "party": party_id})
    return Own(opened_party(matter, party), _own_texts(matter, party))


def _own_texts(matter: Matter, party: Party) -> list[OpenText]:
    """Of several reporters nobody knows who said what: then the account stays closed. The other side is never theirs."""
    others = Party.objects.filter(matter=matter, acts_for=None).exclude(pk=party.pk)
    if party.acts_for_id is not None or others.exists():
        return []
    return opened_texts(matter, but=OTHER_SIDE.values())
