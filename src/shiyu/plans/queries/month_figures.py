"""The figures of a month that is locked, counted in one walk over its rows. The words of each measure stand in
shiyu.kernel.measures."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from uuid import UUID

from shiyu.kernel.measures import MEASURES, MeasureUnit, rate
from shiyu.matters.queries.problems import Movement
from shiyu.periods.actions import FigureInput, RowKey
from shiyu.plans.queries.month_rows import ENTRY, MATTER, TASK, Month

Counted = tuple[Decimal | int | float | None, list[RowKey]]
"""A figure's value and the rows it was counted from."""
Tally = dict[str, list[RowKey]]
"""Measure → the rows it counts."""
_MOVES = ("carried", "new", "closed", "open", "overdue", "on_books", "returned", "reworked")


def figures_of_month(month: Month, measures: Sequence[str]) -> list[FigureInput]:
    """The asked measures for all units together (None) and for each unit, each with the rows behind it."""
    tallies: dict[UUID | None, Tally] = defaultdict(lambda: defaultdict(list))
    _add_tasks(tallies, month)
    _add_reports(tallies, month)
    made = []
    for unit_id in (None, *month.units):
        counted = {code: _rows(tallies[unit_id][code]) for code in MEASURES} | _problems(month, unit_id)
        for code in measures:
            measure = MEASURES[code]
            value, rows = counted[code]
            if measure.unit is MeasureUnit.RATE:
                part, base = counted[measure.part or ""], counted[measure.base or ""]
                value, rows = rate(int(part[0] or 0), int(base[0] or 0)), base[1]
            made.append(FigureInput(code, unit_id, value, rows))
    return made


def _rows(rows: list[RowKey]) -> Counted:
    return len(rows), rows


def _add_tasks(tallies: dict[UUID | None, Tally], month: Month) -> None:
    """Tasks of a unit: its own duty decides; of all units: the task, done when all its leads are."""
    for fact in month.facts:
        if fact.kind != "task" or not fact.duties:
            continue
        key = (TASK, fact.id)
        _add_task(tallies[None], key, bool(fact.leads), fact.led_until, fact.done_on, month.period.ends_on)
        for duty in fact.duties:
            own = tallies[duty.unit_id]
            _add_task(own, key, duty.is_lead, duty.due_on, duty.done_on, month.period.ends_on)


def _add_task(
    tally: Tally, key: RowKey, leads: bool, due_on: date | None, done_on: date | None, ends_on: date
) -> None:
    tally["tasks_total"].append(key)
    if not leads:
        return
    tally["tasks_lead"].append(key)
    if due_on is None or due_on > ends_on:
        return
    tally["tasks_due"].append(key)
    in_time = done_on is not None and done_on <= due_on
    tally["tasks_done_on_time" if in_time else "tasks_not_on_time"].append(key)


def _add_reports(tallies: dict[UUID | None, Tally], month: Month) -> None:
    for row in month.entries:
        is_late, is_missing = month.timing[row.report_id]
        for tally in (tallies[None], tallies[row.unit_id]):
            tally["reports_due"].append((ENTRY, row.id))
            if is_missing:
                tally["reports_missing"].append((ENTRY, row.id))
            elif is_late:
                tally["reports_late"].append((ENTRY, row.id))


def _problems(month: Month, unit_id: UUID | None) -> dict[str, Counted]:
    moves: Iterable[Movement] = month.moved.values()
    if unit_id is not None:
        moves = [month.moved[unit_id]] if unit_id in month.moved else []
    found: dict[str, list[UUID]] = defaultdict(list)
    for move in moves:
        for name in _MOVES:
            # Only what the problem list shows is counted: every number opens its rows.
            ids = [key for key in getattr(move, name) if key in month.problems]
            found[f"problems_{name}"] += ids
    found["problems_in_hand"] = found["problems_carried"] + found["problems_new"]
    codes = [f"problems_{name}" for name in (*_MOVES, "in_hand")]
    counted: dict[str, Counted] = {code: _rows([(MATTER, key) for key in found[code]]) for code in codes}
    overdue = found["problems_overdue"]
    days = (month.problems[key].due_on for key in overdue)
    total = sum(month.delay(due_on) for due_on in days if due_on)
    counted["workdays_overdue"] = (total, [(MATTER, key) for key in overdue])
    return counted
