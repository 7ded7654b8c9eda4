"""What a page of the three lists asks for (`PagedLists`), and its answer for a month that is locked."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol
from uuid import UUID

from django.db.models import Q

from shiyu.kernel.actor import Actor
from shiyu.matters.queries.problems import ProblemRow
from shiyu.periods.models import Period
from shiyu.plans.queries.list_lines import ListScope, Wanted
from shiyu.plans.queries.lists import (
    Lists,
    ProgressRow,
    ResponsibilityRow,
    cut_lists,
    kept_rows,
    locked_source,
    mark_of,
)
from shiyu.plans.queries.task_facts import DutyFact, TaskFact

Line = ResponsibilityRow | ProgressRow | ProblemRow
ALL = Wanted()


@dataclass(frozen=True)
class ListChoices:
    """What the lists of a person may be narrowed to: plans by id, blocks by code, offices of the unit by id → name."""

    plans: dict[str, str]
    blocks: dict[str, str]
    offices: dict[str, str]


@dataclass(frozen=True)
class Signed:
    """Who filled in and reviewed a unit's report of the month, and when it left the unit."""

    filled_by: str
    reviewed_by: str
    submitted_on: date | None


class PagedLists(Protocol):
    """The three lists of one scope, read a page at a time. `tab` is responsibility, problems or progress."""

    as_of: date
    period: Period | None
    is_locked: bool

    def rows(self, tab: str, wanted: Wanted = ALL, start: int = 0, stop: int | None = None) -> Sequence[Line]:
        """The lines shown from `start` to before `stop`, numbered by their place in the whole list."""

    def count(self, tab: str, wanted: Wanted = ALL, stop: int = 1_001) -> int:
        """How many lines are shown; counting ends at `stop`."""

    def without_person(self, stop: int = 1_001) -> int:
        """Lines of the responsibility list that name no person; counting ends at `stop`."""

    def signed(self) -> Signed | None:
        """Whose report the unit's progress is from; None without a unit, or while nothing is reported."""

    def choices(self) -> ListChoices:
        """What the person may narrow to."""


class KeptLists:
    """Lists as a locked month kept them: the scope's rows are read, the rest is cut from them."""

    is_locked = True

    def __init__(self, actor: Actor, period: Period, scope: ListScope) -> None:
        self._own = None if actor.has("list.view_all") else actor.unit_ids
        self._scope = scope
        self.period: Period | None = period
        self.as_of = period.ends_on
        source = locked_source(period, self._own, scope)
        self._facts = source.facts
        self._lists: Lists = cut_lists(source, scope)

    def rows(self, tab: str, wanted: Wanted = ALL, start: int = 0, stop: int | None = None) -> Sequence[Line]:
        """See `PagedLists`."""
        return self._shown(tab, wanted)[start:stop]

    def count(self, tab: str, wanted: Wanted = ALL, stop: int = 1_001) -> int:
        """See `PagedLists`."""
        return min(len(self._shown(tab, wanted)), stop)

    def without_person(self, stop: int = 1_001) -> int:
        """See `PagedLists`."""
        return min(sum(not row.person for row in self._lists.responsibility), stop)

    def signed(self) -> Signed | None:
        """See `PagedLists`."""
        said = next((row for row in self._lists.progress if row.is_reported), None)
        if said is None or not self._scope.unit_id:
            return None
        return Signed(said.filled_by, said.reviewed_by, said.submitted_on)

    def choices(self) -> ListChoices:
        """See `PagedLists`. One query."""
        assert self.period is not None
        plans, blocks = plans_and_blocks(_kept_blocks(self.period, self._own))
        held: list[DutyFact] = [
            duty for fact in self._facts for duty in fact.duties
            if duty.unit_id == self._scope.unit_id and duty.office_id
        ]  # fmt: skip
        return ListChoices(plans, blocks, {str(duty.office_id): duty.office for duty in held})

    def _shown(self, tab: str, wanted: Wanted) -> list[Line]:
        rows = self._lists.of_tab(tab)
        keep = _is_problem_shown if tab == "problems" else _is_line_shown
        return _sorted_rows([row for row in rows if keep(row, wanted)], wanted.sort)


def _is_line_shown(row: Any, wanted: Wanted) -> bool:
    if wanted.block and wanted.block not in (row.block_code, "" if row.block_code else row.plan):
        return False
    if wanted.role and row.role and row.role != wanted.role:
        return False
    if wanted.mark and not (row.is_open if wanted.mark == "open" else mark_of(row) == wanted.mark):
        return False
    text = " ".join((row.task_label, row.target, row.note, getattr(row, "measures", "")))
    return wanted.words in text


def _is_problem_shown(row: ProblemRow, wanted: Wanted) -> bool:
    marks = {
        "open": row.is_open,
        "closed": not row.is_open,
        "overdue": row.is_overdue,
        "on_books": row.on_books,
    }
    if not marks.get(wanted.mark, True):
        return False
    return wanted.words in " ".join((row.code, row.text, row.measures, row.about_label))


_SORTS: dict[str, Callable[[Any], Any]] = {
    "block": lambda row: row.block or None,
    "office": lambda row: row.office or None,
    "person": lambda row: row.person or None,
    "deadline": lambda row: row.due_on or date.max,
    "status": lambda row: row.status,
    "code": lambda row: row.code,
    "happened_on": lambda row: row.happened_on,
    "due_on": lambda row: row.due_on,
    "closed_on": lambda row: row.closed_on,
}


def _sorted_rows(rows: list[Any], sort: str) -> list[Any]:
    """By a column's value; what has none comes last, equal ones stay in the list's order."""
    key = _SORTS.get(sort.lstrip("-"))
    turned = sort.startswith("-")
    if key is None:
        return rows[::-1] if turned else rows
    keyed = [(key(row), row) for row in rows]
    full = sorted((pair for pair in keyed if pair[0] is not None), key=lambda pair: pair[0], reverse=turned)
    return [row for _key, row in full] + [row for value, row in keyed if value is None]


def plans_and_blocks(rows: Iterable[Sequence[Any]]) -> tuple[dict[str, str], dict[str, str]]:
    """From (plan id, plan, block code, block, block in English), in the lists' order."""
    plans, blocks = {}, {}
    for plan_id, plan, code, block, block_en in rows:
        name = TaskFact(
            UUID(int=0), "task", "", "", "", block=block or "", block_en=block_en or ""
        ).block_name
        if plan_id:
            plans[str(plan_id)] = plan
        blocks[code or plan] = name or plan
    return plans, blocks


def _kept_blocks(period: Period, own: frozenset[UUID] | None) -> list[tuple[Any, ...]]:
    """(plan id, plan, block code, block, block in English) of the kept tasks, and the meetings of the decisions."""
    among = Q() if own is None else Q(pk=None)
    for unit in own or ():
        among |= Q(data__duties__contains=[{"unit_id": str(unit)}])
    fields = ("data__plan_id", "data__plan", "data__block_code", "data__block", "data__block_en")
    tasks = kept_rows(period, "plans.task").filter(among).values_list(*fields)
    meetings = kept_rows(period, "meetings.decision").filter(among).values_list("data__plan", flat=True)
    word = TaskFact(UUID(int=0), "decision", "", "", "").block_name
    return [*dict.fromkeys(tasks), *((None, title, "", word, word) for title in dict.fromkeys(meetings))]
