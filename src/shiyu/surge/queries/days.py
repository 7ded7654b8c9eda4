"""A day of a response: what came in, what is open, what is overdue, by place, kind and unit; live until it is signed,
then as it was."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from shiyu.kernel.limits import end_of, local_day
from shiyu.lib import clock
from shiyu.matters.kinds import language
from shiyu.packs.queries import current_pack, pack_of
from shiyu.places.models import Area
from shiyu.surge.models import Surge, SurgeDay, SurgeOrder
from shiyu.surge.queries.limits import Entry, entries_of

COUNTS = ("came_in", "handled", "open", "overdue")
"""What is counted of a day, in the order shown."""
GROUPS = ("place", "kind", "unit")


def count_label(code: str) -> str:
    """What a count is called."""
    return {
        "came_in": pgettext("surge", "Came in"),
        "handled": pgettext("surge", "Handled"),
        "open": pgettext("surge", "Open"),
        "overdue": pgettext("surge", "Past its emergency limit"),
    }[code]


def group_label(code: str) -> str:
    """What a way of counting is called."""
    return {"place": _("By place"), "kind": _("By kind"), "unit": _("By unit")}[code]


@dataclass(frozen=True)
class Line:
    """One matter on a day, as plain values: what is frozen when the day is signed."""

    matter_id: str
    code: str
    title: str
    place: str
    kind: str
    unit: str
    order: int  # of its unit, by protocol
    first_due: str
    handle_due: str
    came_in: bool
    handled: bool
    open: bool
    overdue: bool


@dataclass
class Group:
    """One line of a table: a place, kind or unit with its counts."""

    name: str
    order: tuple[int, str]
    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(COUNTS, 0))

    def add(self, line: Line) -> None:
        """Counts one matter."""
        for code in COUNTS:
            self.counts[code] += getattr(line, code)


@dataclass(frozen=True)
class DayFacts:
    """All that is said of a day: live, or what was frozen when it was signed."""

    surge: Surge
    day: date
    number: int
    lines: list[Line]
    orders: list[dict[str, Any]]
    signed: SurgeDay | None

    @property
    def total(self) -> dict[str, int]:
        """The counts of all together."""
        return tally(self.lines, "kind", total=True)[0].counts if self.lines else dict.fromkeys(COUNTS, 0)

    def groups(self, by: str) -> list[Group]:
        """The counts by place, kind or unit."""
        return tally(self.lines, by)

    def rows(self, by: str, name: str, what: str) -> list[Line]:
        """The matters behind a number."""
        return [
            line for line in self.lines if getattr(line, what) and (not name or getattr(line, by) == name)
        ]


def tally(lines: Iterable[Line], by: str, *, total: bool = False) -> list[Group]:
    """Counts by a field of the lines: units by protocol, others by name; with `total` one group of all."""
    found: dict[str, Group] = {}
    for line in lines:
        name = "" if total else getattr(line, by)
        order = (line.order if by == "unit" else 0, name)
        found.setdefault(name, Group(name, order)).add(line)
    return sorted(found.values(), key=lambda group: group.order)


def moment_of(day: date) -> datetime:
    """The moment for which a day is counted: its end, or now while it lasts."""
    return min(clock.now(), end_of(day))


def lines_of(surge: Surge, day: date) -> list[Line]:
    """The matters of a response as they stand at the end of a day (now, while it lasts). Three queries."""
    entries = entries_of(surge, moment_of(day))
    places = _places(entries)
    pack = pack_of(surge.pack_version_id) if surge.pack_version_id else current_pack()
    words = {code: kind.label.text(language()) for code, kind in pack.kind.items()}
    return [_line(entry, day, places, words) for entry in entries]


def _line(entry: Entry, day: date, places: dict[str, str], words: dict[str, str]) -> Line:
    row, matter, done = entry.row, entry.matter, entry.handle.done
    area = matter.area or matter.unit.area
    return Line(
        matter_id=str(matter.pk),
        code=matter.code,
        title=matter.title,
        place=places[area.path] if area else "",
        kind=words.get(matter.kind, matter.kind),
        unit=entry.unit.display_short,
        order=entry.unit.protocol_order,
        first_due=clock.local(row.first_due_at).isoformat(timespec="minutes"),
        handle_due=clock.local(row.handle_due_at).isoformat(timespec="minutes"),
        came_in=not row.found and local_day(row.entered_at) == day,
        handled=done is not None and local_day(done) == day,
        open=done is None,
        overdue=entry.is_late,
    )


def _places(entries: Iterable[Entry]) -> dict[str, str]:
    """The path of each place → the name it is counted under: the town it lies in, else its own."""
    areas = {a.path: a for e in entries if (a := e.matter.area or e.matter.unit.area)}
    codes = {code for path in areas for code in path.split("/") if code}
    towns = Area.objects.filter(code__in=codes, level="town").values_list("path", "name")
    return {
        path: next((name for town, name in towns if path.startswith(town)), area.name)
        for path, area in areas.items()
    }


def orders_of(surge: Surge, day: date) -> list[dict[str, Any]]:
    """The orders given on a day, as they stand."""
    rows = surge.orders.filter(sort=SurgeOrder.Sort.ORDER).select_related("unit").order_by("number")
    return [
        {
            "number": row.number,
            "unit": row.unit.display_short,
            "text": row.text,
            "due": clock.local(row.due_at).strftime("%Y-%m-%d %H:%M"),
            "state": "done" if row.done_at else "received" if row.received_at else "issued",
        }
        for row in rows
        if local_day(row.issued_at) == day
    ]


def day_facts(surge: Surge, day: date) -> DayFacts:
    """A day: frozen where it was signed, live else."""
    signed = surge.days.filter(day=day).select_related("bulletin").first()
    number = (day - local_day(surge.opened_at)).days + 1
    if signed is None:
        return DayFacts(surge, day, number, lines_of(surge, day), orders_of(surge, day), None)
    return DayFacts(surge, day, number, [Line(**row) for row in signed.rows], signed.orders, signed)


def frozen(lines: Iterable[Line]) -> list[dict[str, Any]]:
    """Lines as they are kept."""
    return [asdict(line) for line in lines]


def days_of(surge: Surge) -> list[date]:
    """Every day it ran, up to today, newest first."""
    first = local_day(surge.opened_at)
    last = min(clock.today(), local_day(surge.stops_at))
    return [last - timedelta(days=n) for n in range((last - first).days + 1)]
