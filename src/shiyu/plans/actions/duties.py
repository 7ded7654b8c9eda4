"""Duties down to office and person: naming, handing over. Ends are kept, nothing is overwritten."""

from collections.abc import Iterable
from datetime import date, timedelta
from uuid import UUID

from django.utils.translation import gettext as _

from shiyu.audit.actions import action, record
from shiyu.kernel.actor import Actor
from shiyu.lib import clock
from shiyu.lib.errors import Conflict, NotVisible, UserError
from shiyu.people.models import Appointment, Unit, User
from shiyu.places.models import in_force
from shiyu.plans.access import need
from shiyu.plans.actions.reports import place_open_lines
from shiyu.plans.models import Duty, DutyHolder
from shiyu.plans.queries.desk import holding_now


@action("plans.hold_duty")
def hold_duty(
    actor: Actor,
    duty_id: UUID,
    office_id: UUID | None,
    person_id: UUID | None,
    *,
    valid_from: date | None = None,
    reason: str = "",
) -> DutyHolder:
    """Name the office (科室) and, where the city goes that far, the person that carries a unit's duty.

    The office must belong to the unit, the person must hold a post in the unit or one of its offices. A holder
    before ends the day before. Only for duties in force: a draft's may still go, a superseded edition's are history.
    """
    rows = Duty.objects.select_for_update(of=("self",)).select_related("unit", "task__edition")
    duty = rows.filter(pk=duty_id).first()
    if duty is None:
        raise NotVisible(_("This duty does not exist."))
    need(actor, "assign", duty.unit_id)
    if not duty.is_in_force:
        raise Conflict(
            _(
                "Who carries a duty is named while its edition is in force: after the issue, until the next one."
            )
        )
    if office_id is None and person_id is None:
        raise UserError(_("Name an office or a person."), field="office")
    check_belongs(duty, office_id, person_id)
    holder = _succeed(duty, office_id, person_id, valid_from or clock.today(), reason)
    place_open_lines([duty])
    record(duty, {"office": office_id, "person": person_id, "from": holder.valid_from}, reason=reason)
    return holder


def check_belongs(
    duty: Duty, office_id: UUID | None, person_id: UUID | None, *, on: date | None = None
) -> None:
    """Raises UserError unless the office is the unit's, and the person holds a post there on a day (today)."""
    if office_id and not Unit.objects.filter(pk=office_id, parent_id=duty.unit_id).exists():
        raise UserError(
            _("The office does not belong to %(unit)s.") % {"unit": duty.unit.name}, field="office"
        )
    if person_id is None:
        return
    units = [duty.unit_id, *Unit.objects.filter(parent_id=duty.unit_id).values_list("pk", flat=True)]
    held = Appointment.objects.filter(
        in_force(on or clock.today()), user_id=person_id, post__unit_id__in=units
    )
    if not held.exists():
        raise UserError(_("The person holds no post in %(unit)s.") % {"unit": duty.unit.name}, field="person")


def _succeed(
    duty: Duty, office_id: UUID | None, person_id: UUID | None, valid_from: date, reason: str
) -> DutyHolder:
    """End the holder in force the day before and begin the new one; the same day replaces by a new row."""
    before = DutyHolder.objects.filter(duty=duty, valid_to=None).first()
    if before:
        if valid_from < before.valid_from:
            raise UserError(
                _("The holder before began on %(day)s; the new one cannot begin earlier.")
                % {"day": before.valid_from.isoformat()},
                field="valid_from",
            )
        before.valid_to = max(valid_from - timedelta(days=1), before.valid_from)
        before.save(update_fields=["valid_to"])
    return DutyHolder.objects.create(
        duty=duty, office_id=office_id, person_id=person_id, valid_from=valid_from, reason=reason
    )


@action("plans.hand_over_duties")
def hand_over_duties(
    actor: Actor,
    from_person_id: UUID,
    to_person_id: UUID,
    reason: str,
    *,
    on: date | None = None,
    duty_ids: Iterable[UUID] | None = None,
) -> int:
    """Hand all duties a person carries (or the chosen ones) to another, from the day `on` (today). How many.

    The receiver must hold a post in the unit of every duty. The old holder's rows end the day before.
    """
    day = on or clock.today()
    holders = DutyHolder.objects.select_for_update(of=("self",)).filter(
        holding_now(), person_id=from_person_id
    )
    if duty_ids is not None:
        holders = holders.filter(duty_id__in=list(duty_ids))
    rows = list(holders.select_related("duty__unit"))
    _check_hand_over(actor, rows, from_person_id, to_person_id, day, reason)
    succeed_all(rows, to_person_id, day, reason)
    record(
        User.objects.get(pk=to_person_id),
        {"from_person": from_person_id, "duties": [row.duty_id for row in rows], "on": day},
        reason=reason,
    )
    return len(rows)


def succeed_all(rows: list[DutyHolder], person_id: UUID | None, day: date, reason: str) -> None:
    """End these rows the day before and let the person carry the duties from `day` on; without one they stay with the
    office where one is named, else with the unit. A row that begins later is followed from its own first day."""
    for row in rows:
        row.valid_to = max(day - timedelta(days=1), row.valid_from)
    DutyHolder.objects.bulk_update(rows, ["valid_to"])
    DutyHolder.objects.bulk_create(
        DutyHolder(
            duty_id=row.duty_id,
            office_id=row.office_id,
            person_id=person_id,
            valid_from=max(day, row.valid_from),
            reason=reason[:200],
        )
        for row in rows
        if person_id or row.office_id
    )
    place_open_lines([row.duty for row in rows])


def _check_hand_over(
    actor: Actor, rows: list[DutyHolder], from_person_id: UUID, to_person_id: UUID, day: date, reason: str
) -> None:
    """A reason, another person, the right in every unit, the receiver's post there, no holder that begins later."""
    if not reason.strip():
        raise UserError(_("Say why the duties are handed over."), field="reason")
    if from_person_id == to_person_id:
        raise UserError(_("Choose another person than the one who hands over."), field="to_person")
    if not rows:
        raise Conflict(_("The person carries none of these duties any more."))
    for unit_id in {row.duty.unit_id for row in rows}:
        need(actor, "hand_over", unit_id)
    for duty in {row.duty.unit_id: row.duty for row in rows}.values():
        check_belongs(duty, None, to_person_id)
    late = next((row for row in rows if row.valid_from > day), None)
    if late:
        raise UserError(
            _("One of the duties is held only from %(day)s; choose that day or a later one.")
            % {"day": late.valid_from.isoformat()},
            field="on",
        )
