"""Excel and CSV → tables. Values as a person sees them; merged cells filled in."""

from __future__ import annotations

import csv
import datetime as dt
import html
import io
import re
from dataclasses import dataclass

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, SheetVisibleEnum

from shiyu.reading.grid import Table
from shiyu.reading.refusals import Refused
from shiyu.reading.safety import Package

MAX_CELLS = 2_000_000
_CELL = re.compile(rb"<(?:\w+:)?c\b[^>]*?\br=[\"']([A-Z]{1,3})(\d{1,7})[\"']")
# the Rust reader reserves as much as a part claims to hold, and a false claim would end the whole process
_CLAIM = re.compile(rb"""\b(?:count|uniqueCount|spans|r|s|ref|sqref|min|max)\s*=\s*["'][^"']*?\d{8,}""", re.I)
_PAGE_TEXT = re.compile(rb"<(?:\w+:)?(?:odd|even|first)(?:Header|Footer)>([^<]*)<")
_LINK = re.compile(rb'<(?:\w+:)?Relationship\b(?=[^>]*\bId="([^"]*)")(?=[^>]*\bTarget="([^"]*)")')
_HIDDEN_ROW = re.compile(rb'<(?:\w+:)?row\b[^>]*\bhidden="(?:1|true)"[^>]*(?<!/)>')
_HIDDEN_COLUMN = re.compile(rb'<(?:\w+:)?col\b[^>]*\bhidden="(?:1|true)"')
_DRAWN_TEXT = re.compile(rb"<a:p>.*?</a:p>|<a:p .*?</a:p>", re.S)
_DELIMITERS = "\t,;|，；"


@dataclass
class Workbook:
    """What was read. `aside` is text outside the cells: page headers and footers, text boxes, comments.

    `hidden` names hidden sheets; `hidden_rows` counts hidden rows and columns by sheet.
    """

    tables: list[Table]
    aside: list[str]
    hidden: list[str]
    hidden_rows: dict[str, int]


def read_workbook(package: Package, data: bytes) -> Workbook:
    """Tables of all sheets and what stands beside them. Raises Refused for a damaged or endless sheet."""
    aside = _check_extent(package)
    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(data))
        tables = [_table(workbook.get_sheet_by_name(name)) for name in _sheet_names(workbook)]
    except CalamineError as error:
        raise Refused("damaged") from error
    except BaseException as error:
        # a panic inside the Rust reader is a BaseException of its own
        if type(error).__name__ == "PanicException":
            raise Refused("damaged") from error
        raise
    hidden = [sheet.name for sheet in workbook.sheets_metadata if sheet.visible != SheetVisibleEnum.Visible]
    kept = [table for table in tables if table.rows]
    return Workbook(kept, aside, hidden, _hidden_rows(package, {table.name for table in kept}))


def _hidden_rows(package: Package, names: set[str]) -> dict[str, int]:
    """Hidden rows and columns with something in them are easily forgotten, so they are counted."""
    links = dict(_LINK.findall(package.read("xl/_rels/workbook.xml.rels") or b""))
    found: dict[str, int] = {}
    for tag in re.findall(rb"<(?:\w+:)?sheet\b[^>]*>", package.read("xl/workbook.xml") or b""):
        name, key = (re.search(pattern, tag) for pattern in (rb'\bname="([^"]*)"', rb':id="([^"]*)"'))
        if not name or not key or key.group(1) not in links:
            continue
        target = links[key.group(1)].decode().lstrip("/")
        part = package.read(target if target.startswith("xl/") else f"xl/{target}") or b""
        sheet = html.unescape(name.group(1).decode("utf-8", "ignore"))
        count = len(_HIDDEN_ROW.findall(part)) + len(_HIDDEN_COLUMN.findall(part))
        if count and sheet in names:
            found[sheet] = count
    return found


def _sheet_names(workbook: CalamineWorkbook) -> list[str]:
    kinds = {sheet.name: str(sheet.typ) for sheet in workbook.sheets_metadata}
    return [name for name in workbook.sheet_names if "WorkSheet" in kinds.get(name, "WorkSheet")]


def _check_extent(package: Package) -> list[str]:
    """The reader allocates the whole rectangle between the outermost cells, so that is checked first."""
    aside: list[str] = []
    for name in package.names:
        if name.lower().startswith("xl/media/"):
            continue
        data = package.read(name) or b""
        if _CLAIM.search(data):
            raise Refused("damaged")
        rows, columns = [1], [1]
        for found in _CELL.finditer(data):
            columns.append(_column(found.group(1)))
            rows.append(int(found.group(2)))
        if max(rows) * max(columns) > MAX_CELLS:
            raise Refused("too_wide")
        if name.startswith(
            ("xl/drawings/", "xl/comments", "xl/threadedComments/", "xl/diagrams/", "xl/charts/")
        ):
            aside += _drawn_lines(data)
        aside += [
            re.sub(
                r"&amp;(?:[LCRPNDTAFGSUXYBIE]|\"[^\"]*\"|&quot;.*?&quot;|\d+)",
                "\n",
                text.decode("utf-8", "ignore"),
            )
            for text in _PAGE_TEXT.findall(data)
        ]
    return aside


def _drawn_lines(data: bytes) -> list[str]:
    """The lines of text boxes, charts, diagrams and comments."""
    pieces = _DRAWN_TEXT.findall(data) or re.findall(
        rb"<(?:\w+:)?comment\b.*?</(?:\w+:)?comment>", data, re.S
    )
    return [html.unescape(re.sub(rb"<[^>]*>", b"", piece).decode("utf-8", "ignore")) for piece in pieces]


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _table(sheet: CalamineSheet) -> Table:
    values = sheet.to_python(skip_empty_area=False)
    table = Table(sheet.name, [[cell_text(value) for value in row] for row in values])
    for (top, left), (bottom, right) in sheet.merged_cell_ranges or []:
        _fill(table, top, left, bottom, right)
    while table.rows and not any(text.strip() for text in table.rows[-1]):
        table.rows.pop()
    return table


def _fill(table: Table, top: int, left: int, bottom: int, right: int) -> None:
    if top >= len(table.rows) or (bottom - top + 1) * (right - left + 1) > MAX_CELLS:
        return
    value = table.rows[top][left] if left < len(table.rows[top]) else ""
    for row in range(top, min(bottom, len(table.rows) - 1) + 1):
        for column in range(left, min(right, len(table.rows[row]) - 1) + 1):
            if (row, column) == (top, left):
                continue
            table.rows[row][column] = value
            table.inherited.add((row, column))
            if row > top:
                table.above.add((row, column))


def cell_text(value: object) -> str:
    """A cell's value as words: whole numbers without ".0", days in ISO form."""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, dt.datetime):
        return value.date().isoformat() if value.time() == dt.time() else value.isoformat(" ", "minutes")
    if isinstance(value, dt.date | dt.time):
        return value.isoformat()
    return "" if value is None else str(value).replace("\r\n", "\n").replace("\r", "\n")


def decode(data: bytes) -> str:
    """Bytes of a text file: UTF-16 with its mark, UTF-8, else GB18030. Raises Refused when none fits."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        codes = ["utf-16"]
    else:
        codes = ["utf-8-sig", "gb18030"]
    for code in codes:
        try:
            text = data.decode(code)
        except UnicodeDecodeError:
            continue
        if not re.search(r"[\x00-\x08\x0e-\x1f]", text):
            return text
    raise Refused("wrong_type")


def read_delimited(text: str, name: str) -> Table:
    """CSV text → a table; the delimiter is the one that parts most lines alike."""
    delimiter = max(_DELIMITERS, key=lambda sign: _likeness(text, sign))
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    except csv.Error as error:
        raise Refused("damaged") from error
    width = max((len(row) for row in rows), default=0)
    if width * len(rows) > MAX_CELLS:
        raise Refused("too_wide")
    return Table(name, [row + [""] * (width - len(row)) for row in rows])


def _likeness(text: str, sign: str) -> tuple[int, int]:
    lines = [line for line in text.splitlines()[:200] if line.strip()]
    counts = [line.count(sign) for line in lines]
    shared = max((counts.count(number) for number in set(counts) if number), default=0)
    return shared, sum(counts)
