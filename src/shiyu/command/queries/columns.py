"""The columns of the wall: one for each task of the responsibility plan, with its mark month by month.

A locked month is read from its locked rows alone; the live month from plans as they stand today. The marks of
earlier months always come from the locked rows of the revision in force, in one query for the whole year.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from django.utils.translation import gettext as _

from shiyu.kernel.limits import Calendar
from shiyu.lib import clock
from shiyu.meetings.models import Decision
from shiyu.packs.queries import current_pack
from shiyu.periods.models import LockedRow, Period
from shiyu.plans.models import Task
from shiyu.plans.queries.fact_reading import LEADS_HEARD, month_shown, read_facts, tasks_on
from shiyu.plans.queries.task_facts import DutyFact, TaskFact, of_json

TASK = "plans.task"
RESPONSIBILITY = "responsibility"
# In this order in the legend; "blank" where nothing was ever reported and nothing is overdue.
MARKS = ("done", "on", "behind", "late", "none", "blank")
_OF_STATUS = {"done": "done", "on_track": "on", "behind": "behind", "not_started": "none"}
# A task that was split shows the mark of its worst part.
_WORST = ("late", "behind", "none", "blank", "on", "done")
Lineage = tuple[str, str]
"""A task through all editions: plan id and key."""


def mark_words() -> dict[str, str]:
    """Every mark in words."""
    return {
        "done": _("Done"),
        "on": _("On schedule"),
        "behind": _("Behind"),
        "late": _("Behind and overdue"),
        "none": _("Not started"),
        "blank": _("Nothing reported yet"),
        "plan": _("Month of planned completion"),
        "bar": _("Until planned completion"),
    }


@dataclass(frozen=True)
class State:
    """How a task stood on the last day of the month (or stands today)."""

    mark: str
    done_on: date | None = None
    workdays_overdue: int = 0


@dataclass
class Column:
    """One task. `months` holds twelve marks ("" for none); `parts` the sub-tasks it was split into, if any."""

    at: int
    task_id: UUID
    number: str
    title: str
    block_key: str
    block: str
    fact: TaskFact
    state: State
    parts: list[TaskFact] = field(default_factory=list)
    months: list[str] = field(default_factory=lambda: [""] * 12)

    @property
    def duties(self) -> list[DutyFact]:
        """The units' parts in it, each unit once; lead where it leads any part."""
        found: dict[UUID, DutyFact] = {}
        for fact in self.parts or [self.fact]:
            for duty in fact.duties:
                if duty.unit_id not in found or duty.is_lead:
                    found[duty.unit_id] = duty
        return sorted(found.values(), key=lambda duty: duty.order)

    @property
    def leads(self) -> list[DutyFact]:
        return [duty for duty in self.duties if duty.is_lead]

    @property
    def lead_names(self) -> list[str]:
        return [duty.short for duty in self.leads]

    @property
    def supporting(self) -> list[DutyFact]:
        return [duty for duty in self.duties if not duty.is_lead]

    @property
    def mark(self) -> str:
        return self.state.mark

    @property
    def is_late(self) -> bool:
        return self.mark == "late"

    @property
    def due_on(self) -> date | None:
        """The day by which its leads must be done; of several parts the latest."""
        days = [day for fact in self.parts or [self.fact] if (day := fact.led_until)]
        return max(days) if days else None

    @property
    def value(self) -> str:
        """What its lead reported last towards a target in numbers; "" where nothing was."""
        entries = [duty.entry for duty in self.fact.leads if duty.entry and duty.entry.value]
        return max(entries, key=lambda entry: entry.period).value if entries else ""


def columns_of_locked(period: Period) -> list[Column]:
    """The wall's columns as the locked month kept them. Three queries."""
    assert period.locked_revision_id is not None
    rows = LockedRow.objects.filter(
        revision_id=period.locked_revision_id, subject_type=TASK, data__plan_kind=RESPONSIBILITY
    )
    kept = list(rows.order_by("position").values_list("data", flat=True))
    states = {data["id"]: _kept_state(data["state"]) for data in kept}
    facts = [of_json(data) for data in kept]
    columns = _columns(facts, {fact.id: states[str(fact.id)] for fact in facts})
    _add_months(columns, period.starts_on, live=False)
    return columns


def columns_of_today(period: Period | None) -> list[Column]:
    """The wall's columns as plans stand today, with the progress reported up to that month; only texts that left
    their unit count. Nine queries."""
    today = clock.today()
    tasks = tasks_on(today).filter(edition__plan__kind=RESPONSIBILITY)
    facts = read_facts(
        tasks,
        Decision.objects.none(),
        today,
        period or month_shown(today),
        parts=LEADS_HEARD,
        submitted_only=True,
    )
    calendar = Calendar(current_pack().calendar)
    columns = _columns(facts, {fact.id: _state_today(fact, today, calendar) for fact in facts})
    _add_months(columns, today, live=True)
    return columns


def _kept_state(state: dict[str, object]) -> State:
    done_on = date.fromisoformat(str(state["done_on"])) if state["done_on"] else None
    days = state["workdays_overdue"]
    return State(_mark(str(state["status"]), bool(state["is_late"])), done_on, int(str(days or 0)))


def _mark(status: str, is_late: bool) -> str:
    if status == "done":
        return "done"
    return "late" if is_late else _OF_STATUS.get(status, "blank")


def _state_today(fact: TaskFact, today: date, calendar: Calendar) -> State:
    done_on, due_on = fact.done_on, fact.led_until
    if done_on and done_on <= today:
        return State("done", done_on)
    if due_on and due_on < today:
        return State("late", None, calendar.workdays_between(due_on, today))
    speaking = next((duty.entry for duty in fact.leads if duty.entry), None)
    status = speaking.status if speaking else ""
    # A lead may have reported "done" that the office has not signed off; until then it is on schedule.
    return State(_mark("on_track" if status == "done" else status, False))


def _columns(facts: Sequence[TaskFact], states: dict[UUID, State]) -> list[Column]:
    parents = {row.pk: row for row in _split_tasks(facts)}
    columns: dict[UUID, Column] = {}
    for fact in facts:
        parent = parents[fact.id].parent if fact.id in parents else None
        key = parent.pk if parent else fact.id
        if key not in columns:
            columns[key] = Column(
                at=len(columns) + 1,
                task_id=key,
                number=parent.number if parent else fact.number,
                title=parent.title if parent else fact.title,
                block_key=f"{fact.plan_id}:{fact.block_code}",
                block=fact.block_name,
                fact=fact,
                state=states[fact.id],
            )
        if parent:
            columns[key].parts.append(fact)
    for column in columns.values():
        if column.parts:
            column.state = _together([states[fact.id] for fact in column.parts])
    return _by_block(columns.values())


def _split_tasks(facts: Iterable[TaskFact]) -> list[Task]:
    """Those of the tasks that are parts of another: an issued edition never changes, so today's rows say so."""
    ids = [fact.id for fact in facts]
    return list(Task.objects.filter(pk__in=ids, parent__isnull=False).select_related("parent"))


def _together(states: Sequence[State]) -> State:
    mark = min((state.mark for state in states), key=_WORST.index)
    days = [state.done_on for state in states if state.done_on]
    return State(
        mark,
        max(days) if mark == "done" and days else None,
        max(state.workdays_overdue for state in states),
    )


def _by_block(columns: Iterable[Column]) -> list[Column]:
    """Blocks stay together, in the order in which they first appear."""
    blocks: dict[str, list[Column]] = defaultdict(list)
    for column in columns:
        blocks[column.block_key].append(column)
    ordered = [column for block in blocks.values() for column in block]
    for at, column in enumerate(ordered, start=1):
        column.at = at
    return ordered


def _add_months(columns: Sequence[Column], shown: date, *, live: bool) -> None:
    past = _locked_marks(shown.year, shown.month - (1 if live else 0))
    for column in columns:
        facts = column.parts or [column.fact]
        keys = [(str(fact.plan_id), fact.key) for fact in facts]
        for month in range(1, shown.month + 1):
            column.months[month - 1] = _past_mark(
                column, month, [past.get(key, {}) for key in keys], shown.year
            )
        if live:
            _set_shown(column, shown)
        _set_planned(column, shown)


def _past_mark(column: Column, month: int, kept: Sequence[dict[int, str]], year: int) -> str:
    done_on = column.state.done_on
    if done_on and (done_on.year, done_on.month) == (year, month):
        return "done"
    if done_on and (done_on.year, done_on.month) < (year, month):
        return ""  # done before: the column ends there
    marks = [marks[month] for marks in kept if month in marks]
    mark = min(marks, key=_WORST.index) if marks else ""
    return "" if mark == "blank" else mark


def _set_shown(column: Column, shown: date) -> None:
    done_on = column.state.done_on
    if column.mark != "blank" and not (done_on and done_on < shown.replace(day=1)):
        column.months[shown.month - 1] = column.mark


def _set_planned(column: Column, shown: date) -> None:
    due_on = column.due_on
    if column.mark == "done" or due_on is None or due_on.year < shown.year:
        return
    last = due_on.month if due_on.year == shown.year else 13
    for month in range(shown.month + 1, min(last, 12) + 1):
        column.months[month - 1] = "plan" if month == last else "bar"


def _locked_marks(year: int, until: int) -> dict[Lineage, dict[int, str]]:
    """Task → month (1–12) → mark, from the revisions in force of that year's locked months. One query."""
    rows = LockedRow.objects.filter(
        revision__locks__kind=Period.Kind.MONTH,
        revision__locks__starts_on__year=year,
        revision__locks__starts_on__month__lte=until,
        subject_type=TASK,
        data__plan_kind=RESPONSIBILITY,
    ).values_list("revision__locks__starts_on", "data__plan_id", "data__key", "data__state")
    found: dict[Lineage, dict[int, str]] = defaultdict(dict)
    for starts_on, plan_id, key, state in rows:
        found[(plan_id, key)][starts_on.month] = _mark(state["status"], state["is_late"])
    return found
