"""Lists as Excel and CSV. Text from users never becomes a live formula."""

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any
from urllib.parse import quote

import xlsxwriter
from django.http import HttpResponse
from django.utils.translation import gettext as _

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# What a spreadsheet may take for a formula when it opens a CSV (OWASP: CSV injection).
LIVE = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
CELL_LIMIT = 32_767  # characters Excel holds in a cell


@dataclass(frozen=True)
class SheetColumn:
    """Head and width (characters, full-width counts two) of one column."""

    label: str
    width: int = 14


def safe_text(text: str) -> str:
    """Text for a CSV cell: a leading apostrophe where a spreadsheet would compute. Numbers stay numbers."""
    if not text.startswith(LIVE):
        return text
    try:
        float(text)
    except ValueError:
        return "'" + text
    return text


def write_xlsx(
    title: str,
    columns: Sequence[SheetColumn],
    rows: Iterable[Sequence[Any]],
    *,
    note: str = "",
    paper: str = "A3",
) -> bytes:
    """A workbook with one sheet: title, note, repeated head, page numbers, landscape on A3 or A4.

    Cells: text, whole or decimal numbers, dates, None (shown as "—"). Texts are written as texts.
    """
    buffer = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    book = xlsxwriter.Workbook(buffer, options)
    sheet = book.add_worksheet(sheet_name(title))
    head_row = write_head(book, sheet, title, note, columns)
    body = book.add_format({"border": 1, "text_wrap": True, "valign": "top", "font_size": 10})
    day = book.add_format({"border": 1, "valign": "top", "font_size": 10, "num_format": "yyyy-mm-dd"})
    moment = book.add_format(
        {"border": 1, "valign": "top", "font_size": 10, "num_format": "yyyy-mm-dd hh:mm"}
    )
    last = head_row
    for last, row in enumerate(rows, start=head_row + 1):
        for at, value in enumerate(row):
            write_cell(sheet, last, at, value, body, day, moment)
    set_up_pages(sheet, head_row, last, len(columns), paper)
    book.close()
    return buffer.getvalue()


def write_head(book: Any, sheet: Any, title: str, note: str, columns: Sequence[SheetColumn]) -> int:
    """Title, note and head row; returns the head's row number (from 0)."""
    sheet.write_string(0, 0, title, book.add_format({"bold": True, "font_size": 16}))
    if note:
        sheet.write_string(1, 0, note, book.add_format({"font_size": 9, "font_color": "#465363"}))
    head_row = 2 if note else 1
    style = {
        "bold": True,
        "border": 1,
        "bg_color": "#f1f4f8",
        "text_wrap": True,
        "valign": "vcenter",
        "align": "center",
    }
    head = book.add_format(style)
    for at, column in enumerate(columns):
        sheet.write_string(head_row, at, column.label, head)
        sheet.set_column(at, at, column.width)
    sheet.freeze_panes(head_row + 1, 0)
    return head_row


def set_up_pages(sheet: Any, head_row: int, last: int, width: int, paper: str) -> None:
    """Landscape, fitted to the page's width, head repeated, "page n of m" at the foot."""
    sheet.set_landscape()
    sheet.set_paper(8 if paper == "A3" else 9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(head_row)
    sheet.set_footer("&C" + _("Page &P of &N"))
    if width and last > head_row:
        sheet.autofilter(head_row, 0, last, width - 1)


def write_cell(sheet: Any, row: int, at: int, value: Any, body: Any, day: Any, moment: Any) -> None:
    """One value by its type; whatever is no number or date is written as a text."""
    if value is None:
        sheet.write_string(row, at, "—", body)
    elif isinstance(value, bool):
        sheet.write_string(row, at, _("Yes") if value else _("No"), body)
    elif isinstance(value, (int, float, Decimal)):
        sheet.write_number(row, at, value, body)
    elif isinstance(value, datetime):
        sheet.write_datetime(row, at, value.replace(tzinfo=None), moment)
    elif isinstance(value, date):
        sheet.write_datetime(row, at, datetime.combine(value, time()), day)
    else:
        sheet.write_string(row, at, str(value)[:CELL_LIMIT], body)


def sheet_name(title: str) -> str:
    """A title cut to what Excel accepts as the name of a sheet."""
    return "".join(" " if ch in "[]:*?/\\'" else ch for ch in title)[:31].strip() or "Sheet1"


def write_csv(columns: Sequence[SheetColumn], rows: Iterable[Sequence[Any]]) -> bytes:
    """UTF-8 with a byte order mark (Excel needs it), texts made safe."""
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    writer.writerow([safe_text(column.label) for column in columns])
    for row in rows:
        writer.writerow(["" if v is None else safe_text(v) if isinstance(v, str) else v for v in row])
    return b"\xef\xbb\xbf" + buffer.getvalue().encode("utf-8")


def as_download(content: bytes, name: str, content_type: str) -> HttpResponse:
    """Bytes as a download with a (Chinese) file name; never shown inside the page."""
    response = HttpResponse(content, content_type=content_type)
    plain_name = name.encode("ascii", "ignore").decode().strip(" .") or "list"
    response["Content-Disposition"] = f"attachment; filename=\"{plain_name}\"; filename*=UTF-8''{quote(name)}"
    response["X-Content-Type-Options"] = "nosniff"
    return response
