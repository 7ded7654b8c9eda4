"""Progress: opening a month, filling in, carrying over, taking in the supporting units' texts."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from shiyu.audit.actions import action, record
from shiyu.kernel.actor import Actor
from shiyu.lib import clock
from shiyu.lib.errors import Conflict, NotAllowed, NotVisible, UserError
from shiyu.lib.events import emit
from shiyu.packs.forms import language
from shiyu.people.models import Appointment, Unit
from shiyu.people.queries import units_with_post
from shiyu.periods.access import need as need_period
from shiyu.periods.actions import bounds, open_period, share_period
from shiyu.periods.models import Period
from shiyu.places.models import in_force
from shiyu.plans.access import can_fill, visible_reports
from shiyu.plans.actions.editions import hold_plans
from shiyu.plans.events import ReportsOpened
from shiyu.plans.models import Duty, DutyHolder, Report, ReportEntry
from shiyu.plans.queries.cadence import is_due, ongoing_every
from shiyu.plans.queries.cycle_fields import own_fields, read_fields
from shiyu.plans.queries.task_facts import duties_on, latest_entries, lineage_of_entry

State = Report.State
OPEN_STATES = (State.FILLING, State.RETURNED)
TEXTS = ("progress", "total", "issues", "next_steps", "coordination")
LONGEST = 4000
"""Most characters of one text."""


@dataclass(frozen=True)
class EntryInput:
    """What is to be saved of one entry. With `no_change` status, total, value and the cycle's own fields are carried
    over from last time. `fields`: those fields by code, as they were typed; None leaves them as they stand."""

    entry_id: UUID
    status: str = ""
    progress: str = ""
    total: str = ""
    value: Decimal | None = None
    issues: str = ""
    next_steps: str = ""
    coordination: str = ""
    no_change: bool = False
    fields: Mapping[str, Any] | None = None

    @property
    def is_empty(self) -> bool:
        return (
            not self.no_change
            and not any(getattr(self, name).strip() for name in (*TEXTS, "status"))
            and not self.has_fields
        )

    @property
    def has_fields(self) -> bool:
        """Whether one of the cycle's own fields was filled in."""
        return any(value not in (None, "") for value in (self.fields or {}).values())


@action("plans.open_month")
def open_month(actor: Actor, code: str) -> Period:
    """Open a month: its period, a report for each unit with duties in force, an entry for each duty that is due.

    Dated duties that are not done, decisions, monthly ones and those without a deadline are due every month; ongoing
    ones and those that recur by the quarter or longer in the last month of the cycle's `ongoing` period (the quarter). A unit without any post that reports (a town whose county reports for
    it) is not asked. Raises UserError if the month's reports are open already.
    """
    need_period(actor, "open")
    kind, starts_on, ends_on = bounds(code)
    if kind != Period.Kind.MONTH:
        raise UserError(_("Reports are opened by the month: write 2026-10."), field="code")
    hold_plans()
    period = Period.objects.filter(code=code).first()
    if period is None:
        period = open_period(actor, code)
    if period.reports.exists():
        raise UserError(_("The reports of %(code)s are open already.") % {"code": code})
    duties = duties_due(period)
    units = list(dict.fromkeys(duty.unit_id for duty in duties))
    reports = {key: Report(period=period, unit_id=key) for key in units}
    Report.objects.bulk_create(reports.values())
    holders = offices_holding(duties)
    ReportEntry.objects.bulk_create(
        [
            ReportEntry(report=reports[duty.unit_id], duty=duty, office_id=holders.get(duty.pk))
            for duty in duties
        ],
        batch_size=500,
    )
    record(period, {"units": len(units), "entries": len(duties)})
    emit(ReportsOpened(period.pk, code, tuple(units), period.due_on))
    return period


def duties_due(period: Period, unit_id: UUID | None = None) -> list[Duty]:
    """The duties that report for a month (of one unit, where given), by unit and in the plan's order."""
    every = ongoing_every(period)
    return [duty for duty in duties_reporting(period, unit_id) if is_due(duty, period.ends_on, every)]


def duties_reporting(period: Period, unit_id: UUID | None = None) -> Iterable[Duty]:
    """The duties that report at all, in this month or another, by unit and in the plan's order.

    Those of the editions in force today, or on the month's last day once it is over; of units that report themselves.
    """
    units = Unit.objects.in_force(reporting_day(period)).filter(pk__in=units_with_post("report.fill"))
    if unit_id is not None:
        units = units.filter(pk=unit_id)
    rows = Duty.objects.filter(duties_on(reporting_day(period)), unit__in=units)
    return rows.select_related("task__edition", "decision").order_by(
        "unit__protocol_order", "unit_id", "task__edition__plan__kind", "task__position", "pk"
    )


def reporting_day(period: Period) -> date:
    """The day whose editions a month reports on: today, not before its first nor after its last day."""
    return min(max(clock.today(), period.starts_on), period.ends_on)


def offices_holding(duties: Sequence[Duty]) -> dict[UUID, UUID | None]:
    """Duty → the office that holds it now: the one named, else that of the person named. Two queries."""
    rows = list(DutyHolder.objects.filter(duty__in=duties, valid_to=None).select_related("duty"))
    people = {row.person_id for row in rows if row.person_id and row.office_id is None}
    posts = Appointment.objects.filter(
        in_force(clock.today()),
        user_id__in=people,
        post__unit__parent_id__in={row.duty.unit_id for row in rows},
    )
    places = {
        (person, unit): office
        for person, unit, office in posts.order_by("-post__unit__protocol_order").values_list(
            "user_id", "post__unit__parent_id", "post__unit_id"
        )
    }
    return {
        row.duty_id: row.office_id
        or (places.get((row.person_id, row.duty.unit_id)) if row.person_id else None)
        for row in rows
    }


def place_open_lines(duties: Sequence[Duty]) -> int:
    """Put the open lines of these duties under the office that holds them now, in every month that can still be
    filled in, so that its part, its link and its count have them. How many moved.

    A line that is filled in, sent or dropped stays where it was written.
    """
    rows = ReportEntry.objects.filter(
        duty__in=duties, is_filled=False, dropped_on=None, report__state__in=OPEN_STATES
    )
    keys = rows.filter(report__period__locked_revision=None).values_list("report__period_id", flat=True)
    months = [period for period in map(share_period, sorted(set(keys))) if not period.is_locked]
    offices = offices_holding(duties)
    moved = [
        row
        for row in rows.filter(report__period__in=months).select_for_update(of=("self",)).order_by("pk")
        if row.office_id != offices.get(row.duty_id)
    ]
    for row in moved:
        row.office_id = offices.get(row.duty_id)
    ReportEntry.objects.bulk_update(moved, ["office"], batch_size=500)
    return len(moved)


def fillable_report(actor: Actor, report_id: UUID) -> Report:
    """The report, locked for the change, if texts may still be written in it."""
    report = held_report(actor, report_id)
    if report.period.is_locked:
        raise Conflict(
            _("%(code)s is locked; its reports can no longer be changed.") % {"code": report.period.code}
        )
    if report.state not in OPEN_STATES:
        raise Conflict(_("This report has left the desk: take it back or wait until it is returned."))
    return report


def held_report(actor: Actor, report_id: UUID) -> Report:
    """The report, locked for the change, if the person may see it (404 otherwise).

    Its period is held against locking first, so that a change and the locking of its month never cross.
    """
    period_id = Report.objects.filter(pk=report_id).values_list("period_id", flat=True).first()
    if period_id is None:
        raise NotVisible(_("There is no such report."))
    period = share_period(period_id)
    report = Report.objects.select_for_update(of=("self",)).select_related("unit").get(pk=report_id)
    report.period = period
    offices = report.entries.exclude(office=None).values_list("office_id", flat=True)
    if not visible_reports(actor).filter(pk=report_id).exists() and not set(offices) & actor.unit_ids:
        raise NotVisible(_("There is no such report."))
    return report


@action("plans.fill_report")
def fill_report(
    actor: Actor, report_id: UUID, entries: Sequence[EntryInput], *, partial: bool = True
) -> Report:
    """Save many entries at once: all of them or none.

    Empty ones stay open while `partial`. Raises UserError naming the task and what is missing, NotAllowed for an
    entry of another office.
    """
    report = fillable_report(actor, report_id)
    rows = {
        row.pk: row
        for row in report.entries.filter(pk__in=[given.entry_id for given in entries]).select_related(
            "duty__task__edition", "duty__decision"
        )
    }
    before = latest_entries(report.period, before=True, unit_id=report.unit_id)
    changed = []
    for given in entries:
        row = rows.get(given.entry_id)
        if row is None:
            raise NotVisible(_("This entry does not belong to the report."))
        if not can_fill(actor, report.unit_id, row.office_id):
            raise NotAllowed(_("This entry is another office's; it fills it itself."))
        if row.dropped_on is not None:
            raise Conflict(
                _("%(task)s: the edition issued on %(day)s took this duty away; it needs no report any more.")
                % {"task": task_words(row), "day": row.dropped_on.isoformat()}
            )
        last = before.get(lineage_of_entry(row))
        if _write(row, _carried(row, given, last) if given.no_change else given, partial):
            row.changed_at, row.changed_by = clock.now(), actor.name[:60]
            changed.append(row)
    ReportEntry.objects.bulk_update(
        changed, [*TEXTS, "status", "value", "fields", "no_change", "is_filled", "changed_at", "changed_by"]
    )
    if changed and actor.user_id is not None:
        report.filled_by, report.filled_by_id = actor.name[:60], actor.user_id
        report.save(update_fields=["filled_by", "filled_by_id"])
    record(report, {"period": report.period.code, "entries": [str(row.pk) for row in changed]})
    return report


def _carried(row: ReportEntry, given: EntryInput, last: ReportEntry | None) -> EntryInput:
    """ "No change": status, total, value and own fields as they were last time, but for what was typed; nothing to
    carry is refused."""
    if last is None or not last.status:
        raise UserError(
            _("%(task)s: there is no earlier report to carry over; write its progress.")
            % {"task": task_words(row)},
            field=f"entry_{row.pk}",
        )
    typed = {code: value for code, value in (given.fields or {}).items() if value not in (None, "")}
    fields = {code: last.fields[code] for code in own_fields() if code in last.fields} | typed
    return replace(given, status=last.status, total=last.total, value=last.value, fields=fields)


def _write(row: ReportEntry, given: EntryInput, partial: bool) -> bool:
    """Put the texts into the row; True where something changed."""
    if given.is_empty and partial:
        if not row.is_filled and not row.fields and not any(getattr(row, name) for name in TEXTS):
            return False
    elif not given.no_change:
        _check(row, given)
    values = {name: getattr(given, name).strip() for name in TEXTS}
    values |= {
        "status": given.status,
        "value": given.value,
        "fields": row.fields if given.fields is None else _fields(row, given.fields),
        "no_change": given.no_change,
        "is_filled": given.no_change or bool(given.progress.strip() and given.status),
    }
    if all(getattr(row, name) == value for name, value in values.items()):
        return False
    for name, value in values.items():
        setattr(row, name, value)
    return True


def _fields(row: ReportEntry, given: Mapping[str, Any]) -> dict[str, Any]:
    """The cycle's own fields as they are kept; a wrong one is refused with its name and its entry's."""
    kept, faults = read_fields(given, row.fields)
    if faults:
        what = " ".join(dict.fromkeys(fault.reason.text(language()) for fault in faults))
        raise UserError(
            _("%(task)s: %(what)s") % {"task": task_words(row), "what": what}, field=f"entry_{row.pk}"
        )
    return kept


def _check(row: ReportEntry, given: EntryInput) -> None:
    task = task_words(row)
    field = f"entry_{row.pk}"
    if given.status not in ReportEntry.Status.values:
        raise UserError(_("%(task)s: choose the status of progress.") % {"task": task}, field=field)
    if not given.progress.strip():
        raise UserError(
            _("%(task)s: write this month's progress, or mark “no change”.") % {"task": task}, field=field
        )
    for name in TEXTS:
        if len(getattr(given, name)) > LONGEST:
            raise UserError(
                _("%(task)s: a text is longer than %(most)s characters.") % {"task": task, "most": LONGEST},
                field=field,
            )


def task_words(row: ReportEntry) -> str:
    """What an entry is about: the task's number and title, or the decision."""
    task, decision = row.duty.task, row.duty.decision
    if task is not None:
        return f"{task.number} {task.title}"
    return decision.text[:60] if decision else ""


@action("plans.report_no_change")
def report_no_change(actor: Actor, report_id: UUID, entry_ids: Iterable[UUID]) -> Report:
    """ "No change" for several entries in one click: totals and status as last time."""
    report = fillable_report(actor, report_id)
    fill_report(actor, report_id, [EntryInput(key, no_change=True) for key in entry_ids])
    report.refresh_from_db()
    record(report, {"period": report.period.code, "no_change": True})
    return report
