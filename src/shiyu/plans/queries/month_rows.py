"""What a month is locked with: its rows, and every figure counted from them. The words of each measure stand in
shiyu.kernel.measures; the shape of the rows in shiyu.plans.actions.locking."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Count
from django.utils.translation import override

from shiyu.kernel.limits import Calendar
from shiyu.kernel.measures import MEASURES, MeasureUnit, rate
from shiyu.lib import clock
from shiyu.matters.models import Return
from shiyu.matters.queries.problems import Movement, ProblemFilter, ProblemRow, problem_movement, problem_rows
from shiyu.packs.queries import current_pack
from shiyu.people.models import Unit
from shiyu.periods.actions import FigureInput, RowInput, RowKey
from shiyu.periods.models import Period
from shiyu.plans.models import Report, ReportEntry
from shiyu.plans.queries.fact_reading import task_facts
from shiyu.plans.queries.month_instructions import instruction_rows
from shiyu.plans.queries.reminders import entry_state
from shiyu.plans.queries.task_facts import DutyFact, TaskFact, to_json

TASK, DECISION, MATTER = "plans.task", "meetings.decision", "matters.matter"
ENTRY, REPORT, UNIT = "plans.reportentry", "plans.report", "people.unit"
Counted = tuple[Decimal | int | float | None, list[RowKey]]
"""A figure's value and the rows it was counted from."""


@dataclass
class Month:
    """Everything a locked month is made from, read once."""

    period: Period
    facts: list[TaskFact]
    entries: list[ReportEntry]
    reports: list[Report]
    problems: dict[UUID, ProblemRow]
    moved: dict[UUID, Movement]
    returns: dict[UUID, list[dict[str, str]]]
    calendar: Calendar
    units: dict[UUID, Unit] = field(default_factory=dict)


def read_month(period: Period) -> Month:
    """The month's rows as they stand now, as of its last day. A fixed number of queries; names in Chinese."""
    with override("zh-hans"):
        facts = task_facts(period.ends_on, period, submitted_only=True, since=period.starts_on)
        filters = ProblemFilter(since=period.starts_on, as_of=period.ends_on)
        problems = {row.matter_id: row for row in problem_rows(filters)}
    moved = problem_movement(period.starts_on, period.ends_on)
    entries = ReportEntry.objects.filter(report__period=period).select_related(
        "report", "duty__task", "duty__decision", "office"
    )
    reports = (
        Report.objects.filter(period=period).select_related("unit").annotate(entry_count=Count("entries"))
    )
    month = Month(
        period,
        facts,
        list(entries.order_by("report__unit__protocol_order", "duty__task__position", "pk")),
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
    rows += [RowInput(ENTRY, row.pk, at, _entry(month, row)) for at, row in enumerate(month.entries, start=1)]
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
    days = month.calendar.workdays_between(due_on, month.period.ends_on) if late and due_on else 0
    speaking = next((duty for duty in fact.leads if duty.entry), None)
    status = "done" if done_on else speaking.entry.status if speaking and speaking.entry else ""
    return {
        "status": status,
        "done_on": done_on.isoformat() if done_on else None,
        "is_late": late,
        "workdays_overdue": days,
    }


def _entry(month: Month, row: ReportEntry) -> dict[str, Any]:
    unit = month.units[row.report.unit_id]
    task, decision = row.duty.task, row.duty.decision
    is_late, is_missing = entry_state(row.report, month.period)
    return {
        "unit_id": str(unit.pk), "unit": unit.name, "short": unit.display_short, "report_id": str(row.report_id),
        "about_type": TASK if task else DECISION, "about_id": str(row.duty.task_id or row.duty.decision_id),
        "number": task.number if task else str(decision.number) if decision else "",
        "title": task.title if task else decision.text if decision else "", "role": row.duty.role,
        "office": row.office.display_short if row.office else "", "is_filled": row.is_filled, "status": row.status,
        "is_late": is_late, "is_missing": is_missing,
    }  # fmt: skip


def _report(month: Month, row: Report) -> dict[str, Any]:
    is_late, is_missing = entry_state(row, month.period)
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
    days = (
        month.calendar.workdays_between(row.due_on, month.period.ends_on)
        if row.is_overdue and row.due_on
        else 0
    )
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


def figures_of_month(month: Month, measures: Sequence[str]) -> list[FigureInput]:
    """The asked measures for all units together (None) and for each unit, each with the rows behind it."""
    made = []
    for unit_id in (None, *month.units):
        counted = _tasks(month, unit_id) | _reports(month, unit_id) | _problems(month, unit_id)
        for code in measures:
            measure = MEASURES[code]
            value, rows = counted.get(code, (0, []))
            if measure.unit is MeasureUnit.RATE:
                part, base = counted[measure.part or ""], counted[measure.base or ""]
                value, rows = rate(int(part[0] or 0), int(base[0] or 0)), base[1]
            made.append(FigureInput(code, unit_id, value, rows))
    return made


def _tasks(month: Month, unit_id: UUID | None) -> dict[str, Counted]:
    """Tasks of a unit: its own duty decides; of all units: the task, done when all its leads are."""
    ends_on = month.period.ends_on
    found: dict[str, list[RowKey]] = defaultdict(list)
    for fact in month.facts:
        own: DutyFact | TaskFact | None = fact if unit_id is None else fact.of_unit(unit_id)
        if fact.kind != "task" or own is None or not fact.duties:
            continue
        key = (TASK, fact.id)
        found["tasks_total"].append(key)
        if not (fact.leads if unit_id is None else isinstance(own, DutyFact) and own.is_lead):
            continue
        found["tasks_lead"].append(key)
        due_on = fact.led_until if unit_id is None else own.due_on
        if due_on is None or due_on > ends_on:
            continue
        found["tasks_due"].append(key)
        in_time = own.done_on is not None and own.done_on <= due_on
        found["tasks_done_on_time" if in_time else "tasks_not_on_time"].append(key)
    codes = ("tasks_total", "tasks_lead", "tasks_due", "tasks_done_on_time", "tasks_not_on_time")
    return {code: (len(found[code]), found[code]) for code in codes}


def _reports(month: Month, unit_id: UUID | None) -> dict[str, Counted]:
    found: dict[str, list[RowKey]] = defaultdict(list)
    for row in month.entries:
        if unit_id is not None and row.report.unit_id != unit_id:
            continue
        is_late, is_missing = entry_state(row.report, month.period)
        found["reports_due"].append((ENTRY, row.pk))
        if is_missing:
            found["reports_missing"].append((ENTRY, row.pk))
        elif is_late:
            found["reports_late"].append((ENTRY, row.pk))
    return {
        code: (len(found[code]), found[code]) for code in ("reports_due", "reports_late", "reports_missing")
    }


def _problems(month: Month, unit_id: UUID | None) -> dict[str, Counted]:
    moves = [move for key, move in month.moved.items() if unit_id is None or key == unit_id]
    found: dict[str, list[UUID]] = defaultdict(list)
    for move in moves:
        for name in ("carried", "new", "closed", "open", "overdue", "on_books", "returned", "reworked"):
            # Only what the problem list shows is counted: every number opens its rows.
            ids = [key for key in getattr(move, name) if key in month.problems]
            found[f"problems_{name}"] += ids
    found["problems_in_hand"] = found["problems_carried"] + found["problems_new"]
    names = ("carried", "new", "closed", "open", "overdue", "on_books", "returned", "reworked", "in_hand")
    codes = [f"problems_{name}" for name in names]
    counted: dict[str, Counted] = {
        code: (len(found[code]), [(MATTER, key) for key in found[code]]) for code in codes
    }
    overdue = found["problems_overdue"]
    counted["workdays_overdue"] = (
        sum(_delay(month, key) for key in overdue),
        [(MATTER, key) for key in overdue],
    )
    return counted


def _delay(month: Month, matter_id: UUID) -> int:
    due_on = month.problems[matter_id].due_on
    return month.calendar.workdays_between(due_on, month.period.ends_on) if due_on else 0
