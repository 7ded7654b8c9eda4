"""A unit names who carries all its duties of an edition at once: set-based, one entry in the record."""

from collections.abc import Mapping
from datetime import timedelta
from uuid import UUID

from django.utils.translation import gettext as _

from shiyu.audit.actions import action, record
from shiyu.kernel.actor import Actor
from shiyu.lib import clock
from shiyu.lib.errors import Conflict, NotVisible, UserError
from shiyu.people.models import Appointment, Unit
from shiyu.places.models import in_force
from shiyu.plans.access import need
from shiyu.plans.actions.reports import place_open_lines
from shiyu.plans.models import Duty, DutyHolder

Holding = tuple[UUID | None, UUID | None]
"""The office and the person that carry a duty; one of them may be left open."""


@action("plans.hold_duties")
def hold_duties(actor: Actor, unit_id: UUID, holdings: Mapping[UUID, Holding]) -> int:
    """Name office and person for many duties of a unit, from today on; all or none. How many were named.

    The same checks as `hold_duty`: the offices belong to the unit, the people hold a post in it or in one of them.
    A holder before ends the day before. Raises UserError, NotVisible for duties that are not the unit's.
    """
    need(actor, "assign", unit_id)
    if not holdings:
        raise UserError(_("Name an office or a person."), field="office")
    unit = Unit.objects.get(pk=unit_id)
    rows = Duty.objects.select_for_update(of=("self",)).select_related("task__edition").order_by("pk")
    duties = list(rows.filter(unit=unit, pk__in=holdings))
    if len(duties) != len(holdings):
        raise NotVisible(_("This duty does not exist."))
    if not all(duty.is_in_force for duty in duties):
        raise Conflict(
            _(
                "Who carries a duty is named while its edition is in force: after the issue, until the next one."
            )
        )
    _check_belong(unit, holdings)
    _end_those_before(duties)
    today = clock.today()
    DutyHolder.objects.bulk_create(
        DutyHolder(duty=duty, office_id=office, person_id=person, valid_from=today)
        for duty in duties
        for office, person in (holdings[duty.pk],)
    )
    place_open_lines(duties)
    named = {str(duty.pk): [str(key) if key else None for key in holdings[duty.pk]] for duty in duties}
    record(unit, {"duties": named, "from": today})
    return len(duties)


def _check_belong(unit: Unit, holdings: Mapping[UUID, Holding]) -> None:
    if any(office is None and person is None for office, person in holdings.values()):
        raise UserError(_("Name an office or a person."), field="office")
    offices = set(Unit.objects.filter(parent=unit).values_list("pk", flat=True))
    if not {office for office, _person in holdings.values() if office} <= offices:
        raise UserError(_("The office does not belong to %(unit)s.") % {"unit": unit.name}, field="office")
    held = Appointment.objects.filter(in_force(clock.today()), post__unit_id__in=[unit.pk, *offices])
    people = set(held.values_list("user_id", flat=True))
    if not {person for _office, person in holdings.values() if person} <= people:
        raise UserError(_("The person holds no post in %(unit)s.") % {"unit": unit.name}, field="person")


def _end_those_before(duties: list[Duty]) -> None:
    today = clock.today()
    before = list(DutyHolder.objects.filter(duty__in=duties, valid_to=None))
    if any(row.valid_from > today for row in before):
        raise Conflict(_("One of the duties has a holder from a later day; change that one by itself."))
    for row in before:
        row.valid_to = max(today - timedelta(days=1), row.valid_from)
    DutyHolder.objects.bulk_update(before, ["valid_to"])
