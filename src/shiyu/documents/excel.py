"""Workbooks: lists on paper's terms (A3, repeated header), and prefilled forms that come back with row-exact errors.

User text is always written as text, never as a formula. The same input gives the same bytes.
"""

from __future__ import annotations

import datetime
import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any, Literal

import xlsxwriter
from defusedxml.ElementTree import ParseError, fromstring
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from python_calamine import CalamineError, CalamineWorkbook
from xlsxwriter.format import Format
from xlsxwriter.utility import xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from shiyu.documents.archive import repack, safe_name
from shiyu.documents.tables import Column, Row, Value
from shiyu.lib.errors import UserError
from shiyu.reading.refusals import Refused
from shiyu.reading.safety import open_package

_MM = 0.53  # Excel column width units for a millimetre at 10.5 pt
_EARLIEST = datetime.date(1980, 1, 1)


@dataclass(frozen=True)
class Sheet:
    """One sheet. `key` marks a form (hidden in a defined name) so that only the same form is taken back."""

    name: str
    title: str
    columns: tuple[Column, ...]
    rows: Sequence[Row]
    notes: tuple[str, ...] = ()
    key: str = ""
    row_ids: tuple[str, ...] = ()
    freeze_columns: int = 0
    paper: Literal["A3", "A4"] = "A3"


@dataclass(frozen=True)
class RowError:
    """One thing wrong in an uploaded sheet: where, what was there, and what to do."""

    sheet: str
    row: int  # as Excel counts
    column: str
    value: str
    message: str

    def __str__(self) -> str:
        place = _("Sheet %(sheet)s, row %(row)s, column %(column)s") % {
            "sheet": self.sheet,
            "row": self.row,
            "column": self.column,
        }
        return f"{place}: {self.message}" + (f"（{self.value}）" if self.value else "")


class SheetFaulty(UserError):
    """An uploaded form with errors; `errors` names each with its place. Nothing of it is taken over."""

    def __init__(self, errors: Sequence[RowError]) -> None:
        super().__init__("\n".join(str(error) for error in errors), field="file")
        self.errors = tuple(errors)


@dataclass(frozen=True)
class FilledRow:
    """One row that came back: the id it was given, its number in Excel, column key → value."""

    row_id: str
    number: int
    values: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class _Styles:
    title: Format
    head: Format
    cell: Format
    right: Format
    centre: Format
    day: Format
    open: Format
    note: Format


def render_workbook(sheets: Sequence[Sheet], created: datetime.date | None = None) -> bytes:
    """The .xlsx of `sheets`; `created` goes into the properties, so that two runs give the same bytes."""
    buffer = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    book = xlsxwriter.Workbook(buffer, options)
    day = created or _EARLIEST
    book.set_properties({"created": datetime.datetime(day.year, day.month, day.day)})
    styles = _styles(book)
    taken: set[str] = set()
    for position, sheet in enumerate(sheets, start=1):
        name = _sheet_name(sheet.name, taken)
        page = book.add_worksheet(name)
        _write_sheet(page, sheet, styles)
        if sheet.key:
            book.define_name(f"shiyu_form_{position}", f'="{sheet.key}"')
    book.close()
    return repack(buffer.getvalue())


def _styles(book: xlsxwriter.Workbook) -> _Styles:
    cell = {"text_wrap": True, "valign": "top", "border": 1, "border_color": "#b9c3cf", "font_size": 10.5}
    return _Styles(
        title=book.add_format({"bold": True, "font_size": 16, "align": "center", "valign": "vcenter"}),
        head=book.add_format(
            {**cell, "bold": True, "align": "center", "valign": "vcenter", "bg_color": "#f0f3f7"}
        ),
        cell=book.add_format(cell),
        right=book.add_format({**cell, "align": "right"}),
        centre=book.add_format({**cell, "align": "center"}),
        day=book.add_format({**cell, "align": "center", "num_format": "yyyy-mm-dd"}),
        open=book.add_format({**cell, "locked": False, "bg_color": "#fffdf2"}),
        note=book.add_format({"text_wrap": True, "valign": "top", "font_size": 10}),
    )


def _write_sheet(page: Worksheet, sheet: Sheet, styles: _Styles) -> None:
    last = len(sheet.columns) - 1
    page.merge_range(0, 0, 0, max(last, 1), sheet.title, styles.title) if last >= 1 else page.write_string(
        0, 0, sheet.title, styles.title
    )
    page.set_row(0, 30)
    for index, column in enumerate(sheet.columns):
        page.set_column(index, index, max(column.width_mm * _MM, 5))
        page.write_string(1, index, column.label, styles.head)
    for number, row in enumerate(sheet.rows, start=2):
        for index, (column, value) in enumerate(zip(sheet.columns, row, strict=True)):
            _write_cell(page, number, index, column, value, styles)
        if sheet.row_ids:
            page.write_string(number, last + 1, sheet.row_ids[number - 2])
    end = 2 + len(sheet.rows)
    _choices(page, sheet, end)
    for offset, note in enumerate(sheet.notes):
        page.merge_range(end + offset, 0, end + offset, max(last, 1), note, styles.note)
    _page_setup(page, sheet, last)


def _write_cell(page: Worksheet, row: int, index: int, column: Column, value: Value, styles: _Styles) -> None:
    style = {"right": styles.right, "center": styles.centre}.get(column.align, styles.cell)
    if not column.locked:
        style = styles.open
    if value is None or value == "":
        page.write_blank(row, index, None, style)
    elif isinstance(value, bool):
        page.write_string(row, index, str(value), style)
    elif isinstance(value, int | float | Decimal):
        page.write_number(row, index, float(value), style)
    elif isinstance(value, datetime.date) and column.locked:
        page.write_datetime(row, index, datetime.datetime(value.year, value.month, value.day), styles.day)
    else:
        page.write_string(row, index, str(value), style)


def _choices(page: Worksheet, sheet: Sheet, end: int) -> None:
    for index, column in enumerate(sheet.columns):
        if column.choices and end > 2:
            page.data_validation(
                2, index, end - 1, index, {"validate": "list", "source": list(column.choices)}
            )


def _page_setup(page: Worksheet, sheet: Sheet, last: int) -> None:
    page.set_landscape()
    page.set_paper(8 if sheet.paper == "A3" else 9)
    page.fit_to_pages(1, 0)
    page.repeat_rows(0, 1)
    page.set_footer("&C" + _("Page &P of &N"))
    page.freeze_panes(2, sheet.freeze_columns)
    if sheet.row_ids:
        page.set_column(last + 1, last + 1, None, None, {"hidden": True})
    if sheet.key:
        page.protect("", {"format_columns": True, "format_rows": True, "sort": True, "autofilter": True})


def _sheet_name(name: str, taken: set[str]) -> str:
    """A sheet name that Excel takes: 31 characters, none of []:*?/\\, not twice."""
    clean = safe_name(name, 28).replace("[", "（").replace("]", "）").replace("'", "’")
    candidate, number = clean, 2
    while candidate in taken:
        candidate, number = f"{clean}{number}", number + 1
    taken.add(candidate)
    return candidate


def read_filled(content: bytes, sheet: Sheet) -> list[FilledRow]:
    """Read a prefilled sheet back: only unlocked columns, by the hidden row ids, in any row order.

    Raises `SheetFaulty` with every error (unknown row, missing row, a locked cell that was changed, wrong number or
    date, too long, a word that is not offered, an empty required cell), or `UserError` where it is not this form at
    all: another form, another month's or unit's, or a sheet that was renamed.
    """
    table = _table(content, sheet)
    labels = [column.label for column in sheet.columns]
    header = _header_of(table, labels)
    given = dict(zip(sheet.row_ids, sheet.rows, strict=True))
    errors: list[RowError] = []
    found: dict[str, FilledRow] = {}
    for number, row in enumerate(table[header + 1 :], start=header + 2):
        row_id = str(row[len(labels)]).strip() if len(row) > len(labels) else ""
        if not row_id:
            if number - header - 1 <= len(sheet.rows) and any(str(v).strip() for v in row):
                errors.append(
                    RowError(sheet.name, number, "", "", _("this row was added by hand; remove it"))
                )
            continue
        if row_id not in sheet.row_ids:
            errors.append(
                RowError(sheet.name, number, "", "", _("this row belongs to another form; download it again"))
            )
            continue
        if row_id in found:
            errors.append(RowError(sheet.name, number, "", "", _("this row stands twice; remove one")))
            continue
        errors += _overwritten(sheet, given[row_id], row, number)
        found[row_id] = FilledRow(row_id, number, _values(sheet, row, number, errors))
    errors += _deleted(sheet, found, header)
    if errors:
        raise SheetFaulty(errors)
    return [found[row_id] for row_id in sheet.row_ids]


def _deleted(sheet: Sheet, found: dict[str, FilledRow], header: int) -> list[RowError]:
    """One error for each row that went out and did not come back, named by its first cell."""
    errors = []
    for position, row_id in enumerate(sheet.row_ids):
        if row_id in found:
            continue
        lost = str(sheet.rows[position][0]) if sheet.rows[position] else ""
        message = _("this row was deleted; download the form again")
        errors.append(RowError(sheet.name, header + 2 + position, "", lost, message))
    return errors


def _header_of(table: list[list[Any]], labels: list[str]) -> int:
    """Where the form's header row stands; without one this is another workbook."""
    for index, row in enumerate(table):
        if [str(value).strip() for value in row[: len(labels)]] == labels:
            return index
    raise UserError(
        _(
            "This is not the form that was downloaded here: its header row is missing or changed. Download it again."
        ),
        field="file",
    )


def _table(content: bytes, sheet: Sheet) -> list[list[Any]]:
    """The form's sheet, found by its name, once the file is known to be this form and safe to open."""
    try:
        package = open_package(content)
    except Refused as refused:
        if refused.code == "damaged":
            raise UserError(
                _("This file cannot be opened as an Excel workbook (.xlsx)."), field="file"
            ) from refused
        chinese = (get_language() or "zh").startswith("zh")
        raise UserError(refused.text_zh if chinese else refused.text_en, field="file") from refused
    try:
        book = CalamineWorkbook.from_object(io.BytesIO(content))
        _check_form(package.read("xl/workbook.xml") or b"", book, sheet)
        name = _sheet_name(sheet.name, set())
        if name not in book.sheet_names:
            raise UserError(
                _("The sheet “%(name)s” is missing or was renamed; give it its name back.") % {"name": name},
                field="file",
            )
        return book.get_sheet_by_name(name).to_python(skip_empty_area=False)
    except (CalamineError, ValueError, OSError, IndexError, ParseError) as error:
        raise UserError(
            _("This file cannot be opened as an Excel workbook (.xlsx)."), field="file"
        ) from error


def _check_form(workbook: bytes, book: CalamineWorkbook, sheet: Sheet) -> None:
    """Whether the workbook carries the form's key (a defined name, see `render_workbook`); says what it is if not."""
    if not sheet.key:
        return
    names = [one for one in fromstring(workbook).iter() if str(one.tag).endswith("}definedName")]
    keys = [str(one.text).strip('"') for one in names if str(one.get("name")).startswith("shiyu_form_")]
    if sheet.key in keys:
        return
    if not keys:
        raise UserError(
            _(
                "This is not the form that was downloaded here. Download it, fill that file in and hand it in."
            ),
            field="file",
        )
    rows = book.get_sheet_by_index(0).to_python(skip_empty_area=False)
    title = next((_text(value) for row in rows[:1] for value in row if _text(value)), "")
    raise UserError(
        _(
            "This file is another form: “%(other)s”. Here “%(this)s” is wanted; hand the file in on its own page."
        )
        % {"other": title, "this": sheet.title},
        field="file",
    )


def _overwritten(sheet: Sheet, given: Row, row: list[Any], number: int) -> list[RowError]:
    """One error for each locked cell that no longer says what was written into it."""
    errors = []
    for index, column in enumerate(sheet.columns):
        raw = row[index] if index < len(row) else ""
        if not column.locked or _plain(given[index]) == _plain(raw):
            continue
        message = _(
            "cell %(cell)s is not for writing; it read “%(was)s”. Put that back or download the form again"
        )
        place = {"cell": xl_rowcol_to_cell(number - 1, index), "was": _plain(given[index])[:40]}
        errors.append(RowError(sheet.name, number, column.label, _plain(raw)[:40], message % place))
    return errors


def _plain(value: Any) -> str:
    """A cell's value as text, whatever the program that saved it made of spaces, lines, numbers and days."""
    if isinstance(value, datetime.datetime):
        value = value.date()
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, (int, float, Decimal)) and not isinstance(value, bool):
        return f"{Decimal(str(value)).normalize():f}"
    return " ".join(_text(value).split())


def _values(sheet: Sheet, row: list[Any], number: int, errors: list[RowError]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for index, column in enumerate(sheet.columns):
        if column.locked or not column.key:
            continue
        raw = row[index] if index < len(row) else ""
        value, wrong = _value(column, raw)
        if wrong:
            errors.append(RowError(sheet.name, number, column.label, str(raw)[:40], wrong))
        values[column.key] = value
    return values


def _value(column: Column, raw: Any) -> tuple[Any, str]:
    text = _text(raw)
    if not text:
        return (None if column.kind != "text" else ""), (_("must not be empty") if column.required else "")
    if column.choices and text not in column.choices:
        return text, _("choose one of: %(choices)s") % {"choices": "、".join(column.choices)}
    if column.max_length and len(text) > column.max_length:
        return text, _("is longer than %(most)s characters") % {"most": column.max_length}
    if column.kind == "number":
        try:
            return Decimal(text.replace(",", "")), ""
        except InvalidOperation:
            return None, _("is not a number")
    if column.kind == "date":
        try:
            return raw if isinstance(raw, datetime.date) else datetime.date.fromisoformat(text[:10]), ""
        except ValueError:
            return None, _("is not a date; write it as 2026-11-20")
    return text, ""


def _text(raw: Any) -> str:
    if isinstance(raw, float) and raw.is_integer():
        return str(int(raw))
    return str(raw).strip() if raw is not None else ""
