"""A large table as it stands, row by row: what other systems export. Values keep their types.

The reader of plans (`sheets`) looks at every cell's surroundings and stops at two million cells; a table of work
orders has more, and needs nothing but its rows.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
from dataclasses import dataclass
from pathlib import PurePath

from python_calamine import CalamineError, CalamineWorkbook

from shiyu.reading.refusals import Refused
from shiyu.reading.safety import Package, open_package
from shiyu.reading.sheets import decode

MAX_BYTES = 80 * 1024 * 1024
MAX_CELLS = 6_000_000
LINES_ABOVE = 200
"""Lines of a text file in which its delimiter is looked for."""
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_BOOKS = (".xlsx", ".xls", ".et")
_TEXTS = (".csv", ".txt", ".tsv")
_LAST = re.compile(rb"<(?:\w+:)?c\b[^>]*?\br=[\"']([A-Z]{1,3})(\d{1,7})[\"']")
_CLAIM = re.compile(rb"""\b(?:count|uniqueCount|spans|r|s|ref)\s*=\s*["'][^"']*?\d{8,}""", re.I)

Cell = str | float | int | bool | dt.datetime | dt.date | dt.time | dt.timedelta | None


@dataclass(frozen=True)
class Rows:
    """One sheet: its name (empty for a text file) and its rows from the first one on."""

    sheet: str
    rows: list[list[Cell]]


def read_rows(data: bytes, filename: str) -> list[Rows]:
    """Every sheet that has something in it. Raises Refused for a file that is too large, locked, damaged or no table
    at all."""
    if not data.strip(b"\0 \r\n\t"):
        raise Refused("empty")
    if len(data) > MAX_BYTES:
        raise Refused("too_big")
    suffix = PurePath(filename).suffix.lower()
    if data.startswith(b"PK") and suffix in _BOOKS:
        _check_extent(open_package(data))
        return _book(data)
    if data.startswith(_OLE) and suffix in _BOOKS:
        _check_old(data)
        return _book(data)
    if suffix in _TEXTS and not data.startswith((b"PK", _OLE)):
        return _text(data)
    raise Refused("unsupported" if suffix not in (*_BOOKS, *_TEXTS) else "wrong_type")


def _check_old(data: bytes) -> None:
    """An old workbook that needs a password or carries a program."""
    if "EncryptedPackage".encode("utf-16-le") in data:
        raise Refused("password")
    if "_VBA_PROJECT".encode("utf-16-le") in data:
        raise Refused("macros")


def _check_extent(package: Package) -> None:
    """The reader allocates the whole rectangle between the outermost cells, so that is checked first."""
    for name in package.names:
        if not name.startswith("xl/worksheets/") or not name.endswith(".xml"):
            continue
        data = package.read(name) or b""
        if _CLAIM.search(data):
            raise Refused("damaged")
        last_row, last_column = 1, b"A"
        for found in _LAST.finditer(data):
            column = found.group(1)
            if (len(column), column) > (len(last_column), last_column):
                last_column = column
            last_row = max(last_row, int(found.group(2)))
        if last_row * _number(last_column) > MAX_CELLS:
            raise Refused("too_wide")


def _number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _book(data: bytes) -> list[Rows]:
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        found = [
            Rows(name, book.get_sheet_by_name(name).to_python(skip_empty_area=False))  # type: ignore[arg-type]
            for name in book.sheet_names
        ]
    except CalamineError as error:
        raise Refused("password" if "assword" in str(error) else "damaged") from error
    except BaseException as error:
        # a panic inside the Rust reader is a BaseException of its own
        if type(error).__name__ == "PanicException":
            raise Refused("damaged") from error
        raise
    return [
        sheet for sheet in found if any(any(cell not in ("", None) for cell in row) for row in sheet.rows)
    ]


def _delimiter(text: str) -> str:
    """The sign that parts the first line which looks parted: lines above a header are titles and notes, whose commas are
    those of sentences."""
    lines = text.split("\n", LINES_ABOVE)[:LINES_ABOVE]
    for line in lines:
        for sign in "\t,;，；":
            if line.count(sign) >= (2 if sign.isascii() else 3):
                return sign
    return max("\t,;，；", key=lines[0].count)


def _text(data: bytes) -> list[Rows]:
    text = decode(data)
    delimiter = _delimiter(text)
    try:
        rows: list[list[Cell]] = [
            list(row) for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
        ]
    except csv.Error as error:
        raise Refused("damaged") from error
    if sum(map(len, rows)) > MAX_CELLS:
        raise Refused("too_wide")
    return [Rows("", rows)] if any(any(row) for row in rows) else []
