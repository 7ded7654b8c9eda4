"""Work orders of other systems: a table of each layout is taken over by the city's desk, the centres work on some of
them, and part of the results is entered back."""

from __future__ import annotations

import csv
import io
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

from shiyu.demo.centres import Centres
from shiyu.demo.material import filled
from shiyu.kernel.spec.orders import OrderColumn, OrderSource
from shiyu.lib import clock
from shiyu.matters.actions.orders import ask_to_take_orders, enter_order, hand_in_orders
from shiyu.matters.models import WorkOrder
from shiyu.packs.queries import current_pack
from shiyu.places.models import Area

TABLES = ((11, 20, 20), (1, 40, 3))
"""Of each table: the workday before the end on which it came, its rows, and how many of them are played to their end. The
last one has just come, and waits on the desks."""
ENTERED = 0.6
"""So much of what is done was entered back by yesterday."""
CALLERS = ("和某（化名）", "木某（化名）", "杨某（化名）", "李某（化名）")
KEPT = ("电话", "已派单", "否", "主办")


class Orders:
    """Plays the tables of every source in the pack."""

    def __init__(self, centres: Centres) -> None:
        self.centres, self.agenda, self.hands, self.cast = (
            centres, centres.agenda, centres.hands, centres.cast,
        )  # fmt: skip
        self.texts = [row for row in centres.material.matters if row["kind"] == "request"]
        villages = Area.objects.in_force().filter(level="village").select_related("parent__parent")
        towns = {unit.area_id for unit in centres.toured}
        self.places = sorted(villages, key=lambda area: (area.parent_id not in towns, area.code))

    def schedule(self) -> None:
        """Each source's table on its day, and the ticks the day before the end."""
        for number, (code, source) in enumerate(current_pack().order_source.items()):
            if self.texts and self.places and number < len(TABLES):
                day = self.agenda.workday_before(TABLES[number][0])
                self.agenda.at(self.agenda.moment(day, 9, 40), partial(self._taken, code, source, number))
        self.agenda.at(self.agenda.moment(self.agenda.workday_before(1), 16, 20), self._enter)

    def _taken(self, code: str, source: OrderSource, number: int) -> None:
        """Handed in, checked (the work is done at once here) and taken over; then the centres go to work."""
        desk = self.cast.office("matter.dispatch", "matter.file", "matter.view_all")
        unit_id = desk.home_unit_id or min(desk.units_with("matter.dispatch"))
        label = source.label.zh
        batch = hand_in_orders(
            desk,
            source=code,
            unit_id=unit_id,
            name=f"{label}{clock.today():%Y%m%d}.csv",
            content=self._table(source, number),
        )
        ask_to_take_orders(desk, batch.pk, only_good=False)
        rows = WorkOrder.objects.filter(batch=batch).order_by("row").values_list("matter_id", flat=True)
        for at, matter_id in enumerate(rows[: TABLES[number][2]]):
            self._play(matter_id, self._text(number, at))

    def _play(self, matter_id: UUID, row: dict[str, Any]) -> None:
        self.centres.played[matter_id] = row
        self.centres.later(0, 1, partial(self.centres.take_in, matter_id, row))

    def _text(self, number: int, at: int) -> dict[str, Any]:
        return self.texts[(number * 3 + at) % len(self.texts)]

    def _table(self, source: OrderSource, number: int) -> bytes:
        out = io.StringIO()
        writer = csv.writer(out)
        writer.writerow(source.columns)
        for at in range(TABLES[number][1]):
            nth = number * TABLES[0][1] + at
            cells = _Cells(
                source, self._text(number, at), self.places[nth % len(self.places)], nth, clock.now()
            )
            writer.writerow([cells.of(column) for column in source.columns.values()])
        return out.getvalue().encode("gb18030")

    def _enter(self) -> None:
        """The desks enter what is done, the most urgent first; the rest waits on their desks."""
        rows = list(WorkOrder.objects.to_enter().select_related("matter__unit").order_by("due_at", "number"))
        for row in rows[: round(len(rows) * ENTERED)]:
            desk = self.hands.office("matter.dispatch", row.matter)
            if desk is not None and desk.has("matter.dispatch", row.matter.unit_id):
                enter_order(desk, row.pk)


class _Cells:
    """One order as its system writes it; nobody of the people in it exists."""

    def __init__(
        self, source: OrderSource, row: dict[str, Any], place: Area, number: int, now: datetime
    ) -> None:
        self.source, self.row, self.place, self.number = source, row, place, number
        self.at = now - timedelta(minutes=30 + 7 * number)

    def of(self, column: OrderColumn) -> str:
        """What stands in a column."""
        here, time = {"place": self.place.name}, self.source.times[0]
        town = self.place.parent
        county = town.parent if town else None
        made = {
            "number": f"{self.at:%Y%m%d}{self.number:06d}",
            "title": filled(self.row["title"], here),
            "text": filled(self.row["text"], here),
            "topic": _word(column, self.row["topic"]),
            "field": self._field(column),
            "county": county.name if county else "",
            "town": town.name if town else "",
            "village": self.place.name,
            "place": (column.separator or "-").join(a.name for a in (county, town, self.place) if a),
            "handed_at": self.at.strftime(time),
            "upper_handed_at": (self.at - timedelta(hours=3)).strftime(time),
            "deadline": (self.at + timedelta(days=9)).strftime(time),
            "upper_deadline": (self.at + timedelta(days=13)).strftime(time),
            "name": CALLERS[self.number % len(CALLERS)],
            "phone": f"1390000{self.number:04d}",
            "address": f"{self.place.name}{self.number % 30 + 1}号",
            "keep": KEPT[self.number % len(KEPT)],
        }
        return made.get(column.to, "")

    def _field(self, column: OrderColumn) -> str:
        if column.values:
            return _word(column, "yes" if self.number % 9 == 0 else "no")
        return f"{self.place.name}活动室旁"


def _word(column: OrderColumn, code: str) -> str:
    """The source's word for one of our codes."""
    return next((word for word, ours in column.values.items() if ours == code), "")
