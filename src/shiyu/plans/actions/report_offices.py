"""Links by which an office (科室) fills its part without an account; only a hash of the link's token is kept."""

import hashlib
import secrets
from datetime import timedelta
from uuid import UUID

from django.utils.translation import gettext as _

from shiyu.audit.actions import action, record
from shiyu.kernel.actor import Actor
from shiyu.lib import clock
from shiyu.lib.errors import NotAllowed, NotVisible, UserError
from shiyu.people.models import Unit
from shiyu.plans.access import can_fill
from shiyu.plans.actions.reports import fillable_report, held_report
from shiyu.plans.models import OfficeLink

LIFE = timedelta(days=14)
"""How long a link opens its page."""


@action("plans.make_office_link")
def make_office_link(actor: Actor, report_id: UUID, office_id: UUID) -> tuple[OfficeLink, str]:
    """A link for an office of the unit to its own entries of this report; returns it and the token, shown only once.

    An earlier link of the same office stops working.
    """
    report = fillable_report(actor, report_id)
    if actor.user_id is None or not can_fill(actor, report.unit_id):
        raise NotAllowed(_("Your posts do not include this right."))
    office = Unit.objects.filter(pk=office_id, parent_id=report.unit_id).first()
    if office is None or not report.entries.filter(office_id=office_id).exists():
        raise UserError(
            _("This office holds no duty in the report; name it on the duties first."), field="office"
        )
    OfficeLink.objects.filter(report=report, office=office, revoked_at=None).update(revoked_at=clock.now())
    token = secrets.token_urlsafe(24)
    link = OfficeLink.objects.create(
        report=report,
        office=office,
        token_hash=hash_of(token),
        made_by_id=actor.user_id,
        expires_at=clock.now() + LIFE,
    )
    record(link, {"office": office.name, "period": report.period.code, "expires_at": link.expires_at})
    return link, token


@action("plans.revoke_office_link")
def revoke_office_link(actor: Actor, link_id: UUID) -> OfficeLink:
    """The link stops working at once."""
    link = OfficeLink.objects.filter(pk=link_id).select_related("report", "office").first()
    if link is None:
        raise NotVisible(_("There is no such link."))
    report = held_report(actor, link.report_id)
    if not can_fill(actor, report.unit_id):
        raise NotAllowed(_("Your posts do not include this right."))
    if link.revoked_at is None:
        link.revoked_at = clock.now()
        link.save(update_fields=["revoked_at"])
    record(link, {"office": link.office.name})
    return link


def office_of_token(token: str) -> tuple[OfficeLink, Actor]:
    """The link a token opens and the limited Actor that comes with it: the office, for filling in, nothing else.

    Raises NotVisible for a token that is unknown, expired or revoked.
    """
    link = (
        OfficeLink.objects.filter(token_hash=hash_of(token), revoked_at=None, expires_at__gt=clock.now())
        .select_related("report__period", "report__unit", "office")
        .first()
    )
    if link is None:
        raise NotVisible(_("This link is not valid any more. Ask your unit's liaison for a new one."))
    rights = {link.office_id: frozenset({"report.fill"})}
    return link, Actor(user_id=None, name=link.office.name, grants=rights, home_unit_id=link.office_id)


def hash_of(token: str) -> str:
    """SHA-256 of a token, hex: what the database knows of it."""
    return hashlib.sha256(token.encode()).hexdigest()
