"""What a meeting pack is made from: one locked month, in values that no later change of a row can reach."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Literal
from uuid import UUID

from shiyu.documents.tables import Row
from shiyu.kernel.measures import MEASURES, MeasureUnit
from shiyu.kernel.spec.pack import Pack
from shiyu.kernel.spec.periods import Cycle

Figures = Mapping[str, Decimal | None]
NO_BASE = "—"
BELOW_COUNTY = frozenset({"town", "village", "group", "cell"})


@dataclass(frozen=True)
class UnitMonth:
    """A unit under the name it had when the month was locked, with its own figures."""

    id: UUID
    name: str
    figures: Figures
    level: str = ""  # of its area: city, county, town …

    @property
    def is_below_county(self) -> bool:
        """A town's unit: the circular sums these up in one row, their items stand in annex 3 one by one."""
        return self.level in BELOW_COUNTY


@dataclass(frozen=True)
class Item:
    """A task, a problem or a decision with its deadline, as it stood.

    `code` is the task's number or the problem's code; `workdays` is how long it is overdue at the end of the month
    (`ended_on`, given for what is late), or was when it was done.
    """

    kind: Literal["task", "problem", "decision"]
    code: str
    text: str
    unit_id: UUID | None
    unit: str
    supporting: str
    due_on: date | None
    workdays: int | None = None
    reason: str = ""
    next_step: str = ""
    note: str = ""
    sub_plan: str = ""  # its title, for a task of a sub-plan: those are numbered anew
    done_on: date | None = None
    ended_on: date | None = None

    @property
    def delay(self) -> str:
        """How late it is, in words that hold also where no workday lies between: 逾期5个工作日, 已于5月20日完成，逾期5个工作日."""
        if self.workdays is None or self.ended_on is None:
            return ""
        is_done = self.done_on is not None and self.done_on <= self.ended_on
        is_last_day = self.due_on == self.ended_on and not is_done
        late = f"逾期{self.workdays}个工作日" if self.workdays else "逾期不足1个工作日"
        late = "期末当日到期未完成" if is_last_day else late
        if is_done:
            return f"{self.done}，{late}"
        return (
            f"至期末{late}，{self.done}"
            if self.done and not is_last_day
            else "，".join(filter(None, (late, self.done)))
        )

    @property
    def delay_number(self) -> int | str | None:
        """The same as a table's cell: workdays, or why there is none to count."""
        if self.workdays != 0 or self.ended_on is None:
            return self.workdays
        is_done = self.done_on is not None and self.done_on <= self.ended_on
        return "期末到期" if self.due_on == self.ended_on and not is_done else "不足1"

    @property
    def done(self) -> str:
        """已于5月20日完成; with the year where it is not the deadline's."""
        if self.done_on is None:
            return ""
        year = "" if self.due_on and self.due_on.year == self.done_on.year else f"{self.done_on.year}年"
        return f"已于{year}{self.done_on.month}月{self.done_on.day}日完成"

    @property
    def named(self) -> str:
        """任务3 / 子方案任务1 / 问题WT-2026-0012 / 议定事项2."""
        if self.sub_plan:
            return f"子方案任务{self.code}"
        return {"task": "任务", "problem": "问题", "decision": "议定事项"}[self.kind] + self.code


@dataclass(frozen=True)
class LateReport:
    """A line of a unit's report that came late, or not at all."""

    unit_id: UUID
    named: str  # 任务3, 议定事项2
    title: str
    is_missing: bool


@dataclass(frozen=True)
class DecisionMonth:
    """A decision of an earlier meeting and what became of it."""

    meeting: str
    number: int
    text: str
    unit: str
    supporting: str
    due_on: date | None
    done_on: date | None
    progress: str


@dataclass(frozen=True)
class InstructionMonth:
    """A leader's instruction and how far it was answered at the end of the month."""

    leader: str  # by post
    given_on: date | None
    about: str
    text: str
    unit: str
    reply_by: date | None
    replied_on: date | None
    reply: str
    is_late: bool


@dataclass(frozen=True)
class Asked:
    """Something that needs the meeting: who asks, about what, in which words."""

    unit: str
    about: str
    text: str
    due_on: date | None = None


@dataclass(frozen=True)
class Lists:
    """The rows of the three lists in the columns of domain.md 1.16, without the running number."""

    responsibility: tuple[Row, ...]
    problems: tuple[Row, ...]
    progress: tuple[Row, ...]


@dataclass(frozen=True)
class MonthFacts:
    """Everything the writers need; all of it from one locked revision and the pack that was in force then."""

    code: str
    starts_on: date
    ends_on: date
    revision: int
    locked_at: datetime
    reply_by: date
    pack: Pack
    cycle: Cycle | None
    total: Figures
    units: tuple[UnitMonth, ...]
    lists: Lists
    overdue: tuple[Item, ...]
    due_next: tuple[Item, ...]
    on_books: tuple[Item, ...]
    disputed: tuple[Asked, ...]
    coordination: tuple[Asked, ...]
    decisions: tuple[DecisionMonth, ...] = field(default=())
    instructions: tuple[InstructionMonth, ...] = field(default=())
    late_reports: tuple[LateReport, ...] = field(default=())

    @property
    def upper_units(self) -> tuple[UnitMonth, ...]:
        """The units of city and counties."""
        return tuple(unit for unit in self.units if not unit.is_below_county)

    @property
    def lower_units(self) -> tuple[UnitMonth, ...]:
        """The units of towns and below."""
        return tuple(unit for unit in self.units if unit.is_below_county)

    @property
    def words(self) -> str:
        """2026年10月."""
        return f"{self.starts_on.year}年{self.starts_on.month}月"

    @property
    def made_on(self) -> date:
        """The day every document of the pack carries: that of the locking."""
        return self.locked_at.date()

    @property
    def office(self) -> str:
        """The office that runs the work, as the pack calls it."""
        return self.pack.pack.office.zh

    @property
    def narrative_limit(self) -> int:
        """Most characters of the circular's text."""
        return self.cycle.narrative_limit if self.cycle else 4000


def together(units: Sequence[UnitMonth], measures: Sequence[str]) -> Figures:
    """The figures of several units added up; a rate is that of the sums, None without a base."""
    made: dict[str, Decimal | None] = {}
    for code in measures:
        measure = MEASURES[code]
        if measure.unit is not MeasureUnit.RATE:
            made[code] = _sum(units, code)
            continue
        base = _sum(units, measure.base or "")
        made[code] = _sum(units, measure.part or "") / base if base else None
    return made


def _sum(units: Sequence[UnitMonth], measure: str) -> Decimal:
    return sum((unit.figures.get(measure) or Decimal() for unit in units), Decimal())


def shown(measure: str, figures: Figures) -> str:
    """A figure as documents write it: whole numbers, rates in per cent with one digit, "—" without a base."""
    value = figures.get(measure)
    if value is None:
        return NO_BASE
    if MEASURES[measure].unit is MeasureUnit.RATE:
        return f"{value * 100:.1f}".rstrip("0").rstrip(".") + "%"
    return f"{value:f}".rstrip("0").rstrip(".") if "." in f"{value:f}" else f"{value:f}"


def number(measure: str, figures: Figures) -> int | str:
    """A figure as a table cell: a number where it is one (so that a workbook can add it up), else its words."""
    text = shown(measure, figures)
    return int(text) if text.isdigit() else text
