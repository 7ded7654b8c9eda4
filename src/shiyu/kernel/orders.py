"""A row of another system's table → what we take of it, or what is wrong with it, cell by cell. No database."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from shiyu.kernel.limits import ZONE, end_of
from shiyu.kernel.personal import Personal, written
from shiyu.kernel.spec.orders import PERSON, PLACES, SPARE, TIMES, OrderColumn, OrderSource
from shiyu.kernel.words import Reason

Cell = str | float | int | bool | dt.datetime | dt.date | dt.time | dt.timedelta | None
LONGEST_NUMBER, LONGEST_TITLE, TITLE_OF_TEXT = 80, 120, 40
LONGEST_HEAD = 60
"""Longer cells are no head: not looked at while the header is sought."""
MASK = ("*", "＊")
ROUNDED = 10**15
"""From here on Excel rounds whole numbers."""
LIVE = tuple("=+-@＝＋－＠")
"""Before these an export sets an apostrophe, so that no spreadsheet computes; reading takes it away."""
_UNSEEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f]")
LONGEST_CELL = 20_000
NO_NAME = "未留姓名"
"""Of a caller who left a number and no name."""


@dataclass(frozen=True)
class CellFault:
    """What is wrong in one cell: the column's head (empty: the whole row) and why. Never the cell's value: it may be
    somebody's name."""

    head: str
    reason: Reason


@dataclass(frozen=True)
class ReadOrder:
    """What one row says. `given` are the source's own cells as they stood, without those about persons, ours and
    dropped ones; `person` only what can be read: a masked cell says nothing."""

    number: str
    title: str = ""
    text: str = ""
    topic: str = ""
    fields: Mapping[str, str] = field(default_factory=dict)
    places: tuple[tuple[str, str], ...] = ()
    times: Mapping[str, dt.datetime] = field(default_factory=dict)
    person: Mapping[Personal, str] = field(default_factory=dict, repr=False)
    given: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Header:
    """A row with heads of the layout: where (from 0), its cells as texts, and what is amiss in it."""

    row: int
    heads: tuple[str, ...]
    missing: tuple[str, ...]
    doubled: tuple[str, ...]


def find_header(source: OrderSource, rows: Sequence[Sequence[Cell]]) -> Header | None:
    """The header of a sheet, however far down it stands: the first row with the number's and the title's head; where
    none has both, the row with most heads of the layout, two at least."""
    wanted = {source.head_of("number"), source.head_of("title")}
    best, most = None, 1
    for at, row in enumerate(rows):
        texts = {
            cell_words(cell, source) for cell in row if isinstance(cell, str) and len(cell) <= LONGEST_HEAD
        }
        found = texts & source.columns.keys()
        if wanted <= found:
            return _header(source, at, row)
        if len(found) > most:
            best, most = at, len(found)
    return None if best is None else _header(source, best, rows[best])


def _header(source: OrderSource, at: int, row: Sequence[Cell]) -> Header:
    heads = tuple(cell_words(cell, source) for cell in row)
    return Header(at, heads, tuple(missing_heads(source, heads)), tuple(doubled_heads(source, heads)))


def is_header(source: OrderSource, order: ReadOrder) -> bool:
    """Whether a row is the header once more, as where two exports were put together."""
    return order.number == source.head_of("number") and order.title == source.head_of("title")


def missing_heads(source: OrderSource, heads: Sequence[str]) -> list[str]:
    """Columns that must stand in the table and do not; those kept as given, ours to fill or dropped may be left out."""
    return [head for head, column in source.columns.items() if column.to not in SPARE and head not in heads]


def doubled_heads(source: OrderSource, heads: Sequence[str]) -> list[str]:
    """Heads of the layout that stand in the table more than once."""
    return [head for head in source.columns if heads.count(head) > 1]


def cell_words(cell: Cell, source: OrderSource) -> str:
    """A cell as text: moments as the source writes them, whole numbers without a point."""
    if isinstance(cell, str):
        # Most cells hold nothing unseen; asking that is much the cheapest.
        clean = cell if cell.isprintable() else _UNSEEN.sub("", cell).replace("\r\n", "\n")
        plain = clean.strip()
        return plain[1:] if plain[:1] == "'" and plain[1:2] in LIVE else plain
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "是" if cell else "否"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < ROUNDED else repr(cell)
    if isinstance(cell, dt.datetime):
        return cell.strftime(source.times[0])
    if isinstance(cell, dt.date):
        return cell.isoformat()
    return str(cell)


def read_order(source: OrderSource, cells: Mapping[str, Cell]) -> tuple[ReadOrder, list[CellFault]]:
    """One row by the source's columns, and every fault of it. A head that the table lacks is left out of `given`."""
    faults: list[CellFault] = []
    found: dict[str, str] = {}
    fields: dict[str, str] = {}
    given: dict[str, str] = {}
    times: dict[str, dt.datetime] = {}
    places: list[tuple[str, str]] = []
    for head, column in source.columns.items():
        if head not in cells or column.to in ("drop", "reply"):
            continue
        words = cell_words(cells[head], source)
        if column.to in PERSON:
            found[column.to] = words
            continue
        given[head] = words
        if len(words) > LONGEST_CELL:
            zh, en = f"内容超过{LONGEST_CELL}字。", f"The cell is longer than {LONGEST_CELL} characters."
            faults.append(CellFault(head, Reason("long_cell", zh, en)))
        elif column.to == "number":
            found["number"] = words
            faults += _number_faults(head, cells[head], words)
        elif column.to in TIMES:
            _take_time(source, head, column.to, words, times, faults)
        elif column.to in PLACES:
            places += [(head, part) for part in _parts(column, words)]
        elif column.to in ("topic", "field"):
            _take_word(head, column, words, found, fields, faults)
        elif column.to in ("title", "text"):
            found[column.to] = words
    return _read(found, fields, tuple(places), times, given), faults


def _read(
    found: Mapping[str, str],
    fields: Mapping[str, str],
    places: tuple[tuple[str, str], ...],
    times: Mapping[str, dt.datetime],
    given: Mapping[str, str],
) -> ReadOrder:
    text = found.get("text", "")
    title = " ".join(found.get("title", "").split()) or " ".join(text.split())[:TITLE_OF_TEXT]
    if len(title) > LONGEST_TITLE:
        title = title[: LONGEST_TITLE - 1] + "…"
    return ReadOrder(
        found.get("number", ""),
        title,
        text,
        found.get("topic", ""),
        fields,
        places,
        times,
        _person(found),
        given,
    )


def _person(found: Mapping[str, str]) -> dict[Personal, str]:
    """Who called, as far as it can be read; nobody where neither a number nor an address came with the name, since no
    answer from here would arrive."""
    texts = {part: written(found.get(part.value, "")) for part in Personal}
    kept = {part: text for part, text in texts.items() if text and not any(sign in text for sign in MASK)}
    if Personal.PHONE not in kept and Personal.ADDRESS not in kept:
        return {}
    if not texts[Personal.NAME]:
        kept[Personal.NAME] = NO_NAME
    elif Personal.NAME not in kept:
        kept[Personal.NAME] = texts[Personal.NAME]
    return kept


def _number_faults(head: str, cell: Cell, words: str) -> list[CellFault]:
    if not words:
        return [CellFault(head, Reason("no_number", "缺少工单编号。", "The order has no number."))]
    if isinstance(cell, float) and (abs(cell) >= ROUNDED or not cell.is_integer()):
        reason = Reason(
            "rounded",
            "编号被Excel当作数字取整，末几位已不可靠；请在来源系统中重新导出，或把该列设为文本。",
            "Excel rounded this number, its last digits are lost; export it anew or format the column as text.",
        )
        return [CellFault(head, reason)]
    if len(words) > LONGEST_NUMBER:
        zh, en = f"编号超过{LONGEST_NUMBER}字。", f"The number is longer than {LONGEST_NUMBER} characters."
        return [CellFault(head, Reason("long_number", zh, en))]
    return []


def _take_time(
    source: OrderSource,
    head: str,
    part: str,
    words: str,
    times: dict[str, dt.datetime],
    faults: list[CellFault],
) -> None:
    if not words:
        return
    moment = read_moment(words, source.times)
    if moment is None:
        example = dt.datetime(2026, 11, 22, 9, 30).strftime(source.times[0])
        zh, en = f"看不懂这个时间，请写成“{example}”。", f"This is not a time; write it as {example}."
        faults.append(CellFault(head, Reason("no_time", zh, en)))
    else:
        times[part] = end_of(moment.date()) if _is_whole_day(part, moment) else moment


def _is_whole_day(part: str, moment: dt.datetime) -> bool:
    return part.endswith("deadline") and moment.time() == dt.time()


@lru_cache(maxsize=100_000)
def read_moment(words: str, formats: tuple[str, ...]) -> dt.datetime | None:
    """A moment in the city's time, in any of the formats or ISO's; None where it is none."""
    for pattern in formats:
        try:
            return dt.datetime.strptime(words, pattern).replace(tzinfo=ZONE)
        except ValueError:
            continue
    try:
        found = dt.datetime.fromisoformat(words)
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=ZONE)


def _parts(column: OrderColumn, words: str) -> list[str]:
    pieces = words.split(column.separator) if column.separator else [words]
    return [piece.strip() for piece in pieces if piece.strip()]


def _take_word(
    head: str,
    column: OrderColumn,
    words: str,
    found: dict[str, str],
    fields: dict[str, str],
    faults: list[CellFault],
) -> None:
    """A word of the source's own, as the pack reads it; a text field takes it as it stands."""
    meant = next((column.values[part] for part in _tried(column, words) if part in column.values), None)
    meant = meant or (column.otherwise if column.to == "topic" or words else None)
    if meant is None and column.values and words:
        known = "、".join(list(column.values)[:12])
        zh, en = f"不认识这个词（认识的有：{known}）。", f"This word is not known (known are {known})."
        faults.append(CellFault(head, Reason("unknown_word", zh, en)))
    elif column.to == "topic":
        found["topic"] = meant or ""
    elif column.field is not None:
        fields[column.field] = meant or words


def _tried(column: OrderColumn, words: str) -> list[str]:
    return [words, *reversed(_parts(column, words))]
