"""The wall as one page: which month, its tasks by block, its units, its figures."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from shiyu.command.queries.columns import MARKS, Column, columns_of_locked, columns_of_today
from shiyu.lib import clock
from shiyu.people.models import Unit
from shiyu.periods.models import Period


@dataclass(frozen=True)
class Block:
    """A block with its tasks; `heads` are (first number, columns) of the line of task numbers."""

    key: str
    name: str
    columns: Sequence[Column]

    @property
    def counts(self) -> list[tuple[str, int]]:
        """How many of its tasks bear each mark; only marks that occur."""
        return counts_of(self.columns)

    @property
    def heads(self) -> list[tuple[str, int]]:
        """Every fifth task is named over its column: (number, how many columns the head spans)."""
        found: list[tuple[str, int]] = []
        for at, column in enumerate(self.columns):
            if at == 0 or column.at % 5 == 0:
                found.append((column.number, 1))
            else:
                found[-1] = (found[-1][0], found[-1][1] + 1)
        # A head of one column leaves no room for two figures.
        return [(number if span > 1 or len(number) < 2 else "", span) for number, span in found]


@dataclass
class UnitTile:
    """A unit: the tasks it leads, and how many it supports. Neither rate nor rank."""

    unit_id: UUID
    name: str
    short: str
    order: int
    led: list[Column] = field(default_factory=list)
    supported: int = 0

    @property
    def is_crowded(self) -> bool:
        """Whether its marks must stand closer to fit the tile."""
        return len(self.led) > 6


@dataclass(frozen=True)
class Months:
    """The month switch: the locked month before, the one shown, the locked one after it; the live month's day."""

    shown: Period | None
    before: Period | None
    after: Period | None
    today: date
    opened: Period | None = None  # of the live month: the newest one opened, whose progress is shown

    @property
    def is_live(self) -> bool:
        return self.shown is None

    @property
    def day(self) -> date:
        """The day as of which the wall stands."""
        return self.shown.ends_on if self.shown else self.today


@dataclass(frozen=True)
class Wall:
    """Everything the page shows."""

    months: Months
    columns: list[Column]
    selected: Column | None

    @property
    def blocks(self) -> list[Block]:
        keys = dict.fromkeys(column.block_key for column in self.columns)
        return [Block(key, found[0].block, found) for key in keys if (found := self.of_block(key))]

    def of_block(self, key: str) -> list[Column]:
        return [column for column in self.columns if column.block_key == key]

    @property
    def counts(self) -> list[tuple[str, int]]:
        return counts_of(self.columns)

    @property
    def is_regular(self) -> bool:
        """Whether the columns can share the width evenly: neither so few nor so many that marks would not fit."""
        return 40 <= len(self.columns) <= 90

    @property
    def late(self) -> list[Column]:
        """Overdue tasks, in the plan's order."""
        return [column for column in self.columns if column.is_late]

    @property
    def units(self) -> list[UnitTile]:
        """Every unit that has a part in any of the tasks, by protocol."""
        tiles: dict[UUID, UnitTile] = {}
        for column in self.columns:
            for duty in column.duties:
                tile = tiles.setdefault(
                    duty.unit_id, UnitTile(duty.unit_id, duty.unit, duty.short, duty.order)
                )
                if duty.is_lead:
                    tile.led.append(column)
                else:
                    tile.supported += 1
        return sorted(tiles.values(), key=lambda tile: (tile.order, tile.name))


@dataclass(frozen=True)
class Filter:
    """Which tasks the table shows. Empty fields do not narrow; what cannot be read narrows to nothing."""

    mark: str = ""
    block: str = ""
    unit: str = ""
    role: str = ""  # lead, supporting
    due: str = ""  # due, on_time, not_on_time: as the figures count them

    @property
    def is_set(self) -> bool:
        return any((self.mark, self.block, self.unit, self.role, self.due))


def wall_of(code: str = "", task: str = "") -> Wall:
    """The wall of a locked month (its code, as 2026-10), of today ("live" or a month that is not locked), or of
    the last locked month. At most ten queries, whatever the size. `task` is the number of the task selected."""
    months = months_around(code)
    columns = columns_of_today(months.opened) if months.shown is None else columns_of_locked(months.shown)
    return Wall(months, columns, _selected(columns, task))


def tiles_by_level(tiles: Sequence[UnitTile]) -> tuple[list[UnitTile], list[UnitTile]]:
    """Units of their own, and units below one of them (the towns of a county), which are folded in. One query."""
    ids = {tile.unit_id for tile in tiles}
    below = set(Unit.objects.filter(pk__in=ids, parent_id__in=ids).values_list("pk", flat=True))
    below -= {tile.unit_id for tile in tiles if tile.led}  # who leads is always shown
    return [tile for tile in tiles if tile.unit_id not in below], [t for t in tiles if t.unit_id in below]


def months_around(code: str) -> Months:
    """The month asked for and its neighbours among the locked ones. One query."""
    today = clock.today()
    rows = (
        Period.objects.filter(kind=Period.Kind.MONTH).select_related("locked_revision").order_by("starts_on")
    )
    opened = [row for row in rows if row.starts_on <= today]
    locked = [row for row in opened if row.is_locked]
    shown = next((row for row in locked if row.code == code), None)
    if not code and locked:
        shown = locked[-1]
    if shown is None:
        before = locked[-1] if locked else None
        return Months(None, before, None, today, opened[-1] if opened else None)
    at = locked.index(shown)
    after = locked[at + 1] if at + 1 < len(locked) else None
    return Months(shown, locked[at - 1] if at else None, after, today)


def _selected(columns: Sequence[Column], task: str) -> Column | None:
    """The task asked for, else the first that is overdue, else behind, else the first."""
    asked = [column for column in columns if task and column.number == task]
    late = [column for column in columns if column.mark == "late"]
    behind = [column for column in columns if column.mark == "behind"]
    return next(iter([*asked, *late, *behind, *columns]), None)


def counts_of(columns: Iterable[Column]) -> list[tuple[str, int]]:
    """(mark, how many), in the legend's order; only marks that occur."""
    found = Counter(column.mark for column in columns)
    return [(mark, found[mark]) for mark in MARKS if found[mark]]


def filtered(columns: Iterable[Column], wanted: Filter, day: date) -> list[Column]:
    """The tasks a number of the wall stands for."""
    return [column for column in columns if _is_wanted(column, wanted, day)]


def _is_wanted(column: Column, wanted: Filter, day: date) -> bool:
    if wanted.mark and column.mark != wanted.mark:
        return False
    if wanted.block and column.block_key != wanted.block:
        return False
    parts = {"lead": column.leads, "supporting": column.supporting}.get(wanted.role, column.duties)
    if wanted.unit and not any(str(duty.unit_id) == wanted.unit for duty in parts):
        return False
    return not wanted.due or wanted.due in due_kinds(column, day)


def due_kinds(column: Column, day: date) -> tuple[str, ...]:
    """How the figures count a task as of a day: due, and on_time or not_on_time (`shiyu.kernel.measures`)."""
    if column.due_on is None or column.due_on > day or not column.leads:
        return ()
    done_on = column.state.done_on
    return ("due", "on_time" if done_on and done_on <= column.due_on else "not_on_time")
