"""Invented work orders in a source's own layout, as many as are asked for; the same ones every time."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from shiyu.kernel.spec.orders import OrderColumn, OrderSource

THINGS = (
    "路灯不亮",
    "井盖松动",
    "夜间施工噪声",
    "垃圾清运不及时",
    "自来水压力不足",
    "占道经营",
    "公交站牌损坏",
    "小区电梯停运",
)
WISHES = (
    "请尽快核实处理。",
    "多次反映没有结果，希望给予答复。",
    "影响出行安全，请先行处置。",
    "请告知办理进度。",
)
SURNAMES = "赵钱孙李周吴郑王冯陈"
Place = tuple[str, str, str]
"""County, town, village."""


def heads(source: OrderSource) -> list[str]:
    """The header."""
    return list(source.columns)


def rows(source: OrderSource, places: Sequence[Place], count: int, now: datetime) -> Iterator[list[str]]:
    """`count` rows of texts in the source's columns, at the places in turn."""
    dice = random.Random(20200101)
    for number in range(count):
        row = _Row(source, places[number % len(places)], number, now - timedelta(minutes=number % 4000), dice)
        yield [row.cell(column) for column in source.columns.values()]


class _Row:
    def __init__(
        self, source: OrderSource, place: Place, number: int, at: datetime, dice: random.Random
    ) -> None:
        self.source, self.place, self.number, self.at, self.dice = source, place, number, at, dice
        self.thing = dice.choice(THINGS)

    def cell(self, column: OrderColumn) -> str:
        """What stands in a column."""
        text = f"来电人反映{''.join(self.place)}第{self.number % 97 + 1}组附近{self.thing}，已持续{self.number % 9 + 1}天。{self.dice.choice(WISHES)}"
        made = {
            "number": f"{self.at:%Y%m%d}{self.number:08d}",
            "title": f"{self.place[1]}{self.thing}",
            "text": text,
            "county": self.place[0],
            "town": self.place[1],
            "village": self.place[2],
            "place": (column.separator or "-").join(self.place),
            "name": f"{self.dice.choice(SURNAMES)}某{self.number % 1000}",
            "phone": f"1390000{self.number % 10_000:04d}",
            "address": f"{self.place[1]}{self.number % 500 + 1}号",
            "keep": self.dice.choice(("电话", "网站", "是", "否", "一般")),
        }
        if column.to in ("topic", "field") and column.values:
            return self.dice.choice(list(column.values))
        if column.to == "field":
            return f"第{self.number % 97 + 1}组"
        if column.to in ("handed_at", "upper_handed_at"):
            return self.at.strftime(self.source.times[0])
        if column.to in ("deadline", "upper_deadline"):
            return (self.at + timedelta(days=10)).strftime(self.source.times[0])
        return made.get(column.to, "")
