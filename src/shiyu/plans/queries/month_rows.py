"""What a month is locked with, read once; the shape of the rows kept stands in shiyu.plans.actions.locking, the figures
are counted in `month_figures`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any
from uuid import UUID

from django.db.models import Count, Q
from django.utils.translation import override

from shiyu.kernel.limits import Calendar
from shiyu.lib import clock
from shiyu.matters.models import Return
from shiyu.matters.queries.problems import Movement, ProblemFilter, ProblemRow, problem_movement, problem_rows
from shiyu.packs.queries import current_pack
from shiyu.people.models import Unit
from shiyu.periods.actions import RowInput
from shiyu.periods.models import Period
from shiyu.plans.models import Report, ReportEntry
from shiyu.plans.queries.fact_reading import task_facts
from shiyu.plans.queries.month_instructions import instruction_rows
from shiyu.plans.queries.reminders import entry_state
from shiyu.plans.queries.task_facts import TaskFact, to_json

TASK, DECISION, MATTER = "plans.task", "meetings.decision", "matters.matter"
ENTRY, REPORT, UNIT = "plans.reportentry", "plans.report", "people.unit"


@dataclass(frozen=True)
class EntryLine:
    """A report entry of the month, as it is kept."""

    id: UUID
    report_id: UUID
    unit_id: UUID
    about_type: str
    about_id: UUID
    number: str
    title: str
    role: str
    office: str
    is_filled: bool
    status: str


@dataclass
class Month:
    """Everything a locked month is made from, read once."""

    period: Period
    facts: list[TaskFact]
    entries: list[EntryLine]
    reports: list[Report]
    problems: dict[UUID, ProblemRow]
    moved: dict[UUID, Movement]
    returns: dict[UUID, list[dict[str, str]]]
    calendar: Calendar
    units: dict[UUID, Unit] = field(default_factory=dict)
    _delays: dict[date, int] = field(default_factory=dict)

    @cached_property
    def timing(self) -> dict[UUID, tuple[bool, bool]]:
        """Report → (late, missing)."""
        return {report.pk: entry_state(report, self.period) for report in self.reports}

    def delay(self, due_on: date) -> int:
        """Workdays from a day to the month's last."""
        if due_on not in self._delays:
            self._delays[due_on] = self.calendar.workdays_between(due_on, self.period.ends_on)
        return self._delays[due_on]


def read_month(period: Period) -> Month:
    """The month's rows as they stand now, as of its last day. A fixed number of queries; names in Chinese."""
    with override("zh-hans"):
        facts = task_facts(period.ends_on, period, submitted_only=True, since=period.starts_on)
        filters = ProblemFilter(since=period.starts_on, as_of=period.ends_on)
        problems = {row.matter_id: row for row in problem_rows(filters)}
    moved = problem_movement(period.starts_on, period.ends_on)
    asked = Count("entries", filter=Q(entries__dropped_on=None))
    reports = Report.objects.filter(period=period).select_related("unit").annotate(entry_count=asked)
    month = Month(
        period,
        facts,
        _entries(period),
        list(reports.order_by("unit__protocol_order", "unit__code")),
        problems,
        moved,
        _returns(problems),
        Calendar(current_pack().calendar),
    )
    wanted = {duty.unit_id for fact in facts for duty in fact.duties} | set(moved)
    wanted |= {report.unit_id for report in month.reports}
    units = Unit.objects.filter(pk__in=wanted).select_related("area").order_by("protocol_order", "code")
    month.units = {unit.pk: unit for unit in units}
    return month


_ENTRY = (
    "id", "report_id", "report__unit_id", "duty__task_id", "duty__task__number", "duty__task__title",
    "duty__decision_id", "duty__decision__number", "duty__decision__text", "duty__role", "office__short_name",
    "office__name", "is_filled", "status",
)  # fmt: skip


def _entries(period: Period) -> list[EntryLine]:
    """The month's entries, by unit and in the plan's order; none whose duty an edition took away: those need no report."""
    rows = ReportEntry.objects.filter(report__period=period, dropped_on=None)
    rows = rows.order_by("report__unit__protocol_order", "duty__task__position", "pk")
    return [
        EntryLine(
            pk, report, unit, TASK if task else DECISION, task or decision,
            number if task else str(decided), title if task else text, role, short or office or "", filled, status,
        )
        for pk, report, unit, task, number, title, decision, decided, text, role, short, office, filled, status
        in rows.values_list(*_ENTRY)
    ]  # fmt: skip


def _returns(problems: Iterable[UUID]) -> dict[UUID, list[dict[str, str]]]:
    rows = Return.objects.filter(assignment__matter_id__in=list(problems), state=Return.State.ASKED)
    found: dict[UUID, list[dict[str, str]]] = defaultdict(list)
    for row in rows.select_related("assignment__unit"):
        unit = row.assignment.unit
        found[row.assignment.matter_id].append(
            {"unit_id": str(unit.pk), "unit": unit.name, "short": unit.display_short, "reason": row.reason}
        )
    return found


def rows_of_month(month: Month) -> list[RowInput]:
    """Every row to be kept."""
    rows = [
        RowInput(UNIT, unit.pk, at, {"name": unit.name, "short": unit.display_short, "code": unit.code,
                                     "order": unit.protocol_order,
                                     "level": unit.area.level if unit.area else ""})
        for at, unit in enumerate(month.units.values(), start=1)
    ]  # fmt: skip
    for at, fact in enumerate(month.facts, start=1):
        rows.append(
            RowInput(
                TASK if fact.kind == "task" else DECISION,
                fact.id,
                at,
                to_json(fact) | {"state": _state(month, fact)},
            )
        )
    rows += [RowInput(ENTRY, row.id, at, _entry(month, row)) for at, row in enumerate(month.entries, start=1)]
    rows += [
        RowInput(REPORT, row.pk, at, _report(month, row)) for at, row in enumerate(month.reports, start=1)
    ]
    owners = {key: unit for unit, move in month.moved.items() for key in move.carried | move.new}
    for at, row in enumerate(month.problems.values(), start=1):
        rows.append(RowInput(MATTER, row.matter_id, at, _problem(month, row, owners.get(row.matter_id))))
    return rows + instruction_rows(month.period)


def is_open_at_end(month: Month, due_on: date | None, done_on: date | None) -> bool:
    """Whether a dated thing was due by the month's last day and not done by then."""
    ends_on = month.period.ends_on
    return due_on is not None and due_on <= ends_on and (done_on is None or done_on > ends_on)


def _state(month: Month, fact: TaskFact) -> dict[str, Any]:
    done_on = fact.done_on if fact.done_on and fact.done_on <= month.period.ends_on else None
    due_on = fact.led_until
    late = is_open_at_end(month, due_on, done_on)
    days = month.delay(due_on) if late and due_on else 0
    speaking = next((duty for duty in fact.leads if duty.entry), None)
    status = "done" if done_on else speaking.entry.status if speaking and speaking.entry else ""
    return {
        "status": status,
        "done_on": done_on.isoformat() if done_on else None,
        "is_late": late,
        "workdays_overdue": days,
    }


def _entry(month: Month, row: EntryLine) -> dict[str, Any]:
    unit = month.units[row.unit_id]
    is_late, is_missing = month.timing[row.report_id]
    return {
        "unit_id": str(unit.pk), "unit": unit.name, "short": unit.display_short, "report_id": str(row.report_id),
        "about_type": row.about_type, "about_id": str(row.about_id), "number": row.number, "title": row.title,
        "role": row.role, "office": row.office, "is_filled": row.is_filled, "status": row.status,
        "is_late": is_late, "is_missing": is_missing,
    }  # fmt: skip


def _report(month: Month, row: Report) -> dict[str, Any]:
    is_late, is_missing = month.timing[row.pk]
    left = row.first_submitted_at
    return {
        "unit_id": str(row.unit_id), "unit": row.unit.name, "short": row.unit.display_short, "state": row.state,
        "due_on": month.period.due_on.isoformat() if month.period.due_on else None,
        "submitted_on": clock.local(left).date().isoformat() if left else None, "is_late": is_late,
        "is_missing": is_missing, "entries": vars(row)["entry_count"], "filled_by": row.filled_by, "reviewed_by": row.reviewed_by,
    }  # fmt: skip


def _problem(month: Month, row: ProblemRow, owner: UUID | None) -> dict[str, Any]:
    with override("zh-hans"):
        data = dict(row.__dict__) | {"status_label": row.status_label}
    days = month.delay(row.due_on) if row.is_overdue and row.due_on else 0
    data |= {
        "workdays_overdue": days,
        "owner_id": owner or row.lead_id,
        "returns_asked": month.returns.get(row.matter_id, []),
    }
    return {key: _plain(value) for key, value in data.items()}


def _plain(value: Any) -> Any:
    if isinstance(value, (tuple, list)):
        return [_plain(one) for one in value]
    if isinstance(value, UUID):
        return str(value)
    return value.isoformat() if isinstance(value, date) else value
