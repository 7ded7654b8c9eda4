"""What a list looks like on paper and in a workbook: columns, rows, notes. One description serves Word and Excel."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

Align = Literal["left", "center", "right"]
Value = str | int | float | datetime.date | datetime.datetime | None
Row = Sequence[Value]


@dataclass(frozen=True)
class Column:
    """One column of a list.

    `label` stands in the header row; `width_mm` is the wished width (Word scales all widths to the page);
    `align` is for the cells, headers are always centred. The rest only matters in a workbook that comes back:
    `key` names the value for the reader, `locked` cells may not be changed, `choices` become a drop-down list,
    `required`, `max_length` (characters) and `kind` are checked on the way in.
    """

    label: str
    width_mm: float = 20.0
    align: Align = "left"
    key: str = ""
    locked: bool = True
    choices: tuple[str, ...] = ()
    required: bool = False
    max_length: int = 0
    kind: Literal["text", "number", "date"] = "text"


@dataclass(frozen=True)
class TableSpec:
    """A titled table for Word.

    `subtitle` stands small under the title (as-of date, unit); `notes` are paragraphs beneath the table; `sign_off`
    are labels with room to write (填报人、审核人、报送日期); `footer_left` stands left in the page footer; `seal`
    leaves free room for a stamp, which is never drawn; `strong_rows` are the positions of rows set in bold (totals).
    """

    title: str
    columns: tuple[Column, ...]
    rows: Sequence[Row]
    notes: tuple[str, ...] = ()
    footer_left: str = ""
    subtitle: str = ""
    sign_off: tuple[str, ...] = ()
    seal: bool = False
    strong_rows: frozenset[int] = frozenset()


def display(value: Value) -> str:
    """The text of a cell as people read it: dates as 2026-11-20, whole numbers without a point, None as nothing."""
    if value is None:
        return ""
    if isinstance(value, datetime.datetime):
        return value.strftime("%Y-%m-%d %H:%M")
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else f"{value:g}"
    return str(value)
