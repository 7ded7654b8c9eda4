"""How a table of another system looks, for those who fill it in: its columns, what each must hold, an empty workbook."""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import datetime

import xlsxwriter
from django.utils.translation import gettext as _

from shiyu.kernel.orders import LONGEST_NUMBER, LONGEST_TITLE
from shiyu.kernel.spec.matters import Kind
from shiyu.kernel.spec.orders import PART_LABELS, SPARE, TIMES, OrderColumn, OrderSource
from shiyu.matters.kinds import language
from shiyu.packs.queries import current_pack
from shiyu.ui.sheets import sheet_name

EXAMPLE = datetime(2026, 11, 20, 9, 30)
LONGEST_CHOICE = 255
"""Characters of a list of choices that Excel takes in a cell's rule."""


@dataclass(frozen=True)
class LayoutColumn:
    """One column: its head, what it holds, whether the table must have it, and what may stand in its cells."""

    head: str
    holds: str
    is_needed: bool
    asks: str
    words: tuple[str, ...] = ()


@dataclass(frozen=True)
class Layout:
    """The table of one system."""

    code: str
    label: str
    columns: tuple[LayoutColumn, ...]


def layouts() -> list[Layout]:
    """The table of every system of the pack in force, in its order."""
    return [_layout(code, source) for code, source in current_pack().order_source.items()]


def layout_of(code: str) -> Layout | None:
    """The table of one system; None where the pack has no such system."""
    source = current_pack().order_source.get(code)
    return _layout(code, source) if source else None


def _layout(code: str, source: OrderSource) -> Layout:
    kind = current_pack().kind[source.kind]
    columns = tuple(_column(source, kind, head, column) for head, column in source.columns.items())
    return Layout(code, source.label.text(language()), columns)


def _column(source: OrderSource, kind: Kind, head: str, column: OrderColumn) -> LayoutColumn:
    form = kind.fields_with(None)
    holds = form[column.field].label if column.field else PART_LABELS[column.to]
    words = tuple(column.values) if not column.otherwise and not column.separator else ()
    asks = [words for words in (_must(source, kind, column), _form(source, kind, column)) if words]
    return LayoutColumn(head, holds.text(language()), column.to not in SPARE, _joined(asks), words)


def _joined(sentences: list[str]) -> str:
    """One after the other; Chinese needs no space between."""
    return ("" if language().startswith("zh") else " ").join(sentences)


def _must(source: OrderSource, kind: Kind, column: OrderColumn) -> str:
    """Whether every row fills it in."""
    if column.to == "title" and source.head_of("text") is not None:
        return _("Filled in, or taken from “%(head)s”.") % {"head": source.head_of("text")}
    field = kind.fields_with(None).get(column.field or "")
    filled = (
        column.to in ("number", "title")
        or (column.to == "topic" and column.otherwise is None)
        or (column.to == "name" and kind.reporter == "required")
        or (field is not None and field.required)
    )
    return _("Every row fills it in.") if filled else ""


def _form(source: OrderSource, kind: Kind, column: OrderColumn) -> str:
    """What its cells look like."""
    if column.values:
        return _words(kind, column)
    if column.to in TIMES:
        return _("Written as %(example)s.") % {"example": EXAMPLE.strftime(source.times[0])}
    if column.to == "place" and column.separator:
        return _("Parts joined by “%(sign)s”.") % {"sign": column.separator}
    if column.to == "phone":
        return _("Without a phone number or an address the caller is not noted.")
    if column.to == "number":
        return _("Up to %(n)s characters, each number once; the column has the format “text”.") % {
            "n": LONGEST_NUMBER
        }
    if column.to == "title":
        return _("What is longer than %(n)s characters is cut.") % {"n": LONGEST_TITLE}
    return ""


def _words(kind: Kind, column: OrderColumn) -> str:
    known = "、".join(column.values)
    if column.otherwise is None:
        return _("One of: %(words)s.") % {"words": known}
    topics = current_pack().codes[kind.topics].values if kind.topics and column.to == "topic" else {}
    other = topics[column.otherwise].text(language()) if column.otherwise in topics else column.otherwise
    return _("Known words: %(words)s. Any other one counts as “%(other)s”.") % {
        "words": known,
        "other": other,
    }


def template(layout: Layout) -> bytes:
    """An empty workbook in the layout: the heads (columns it may lack in italics), every cell a text so that no number is
    rounded, lists to choose from; and a second sheet that explains the columns."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(
        buffer, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    style = {"bold": True, "bg_color": "#f1f4f8", "border": 1, "text_wrap": True, "valign": "vcenter"}
    needed, spare = book.add_format(style), book.add_format({**style, "bold": False, "italic": True})
    text = book.add_format({"num_format": "@"})
    sheet = book.add_worksheet(sheet_name(layout.label))
    for at, column in enumerate(layout.columns):
        sheet.set_column(at, at, max(14, 2 * len(column.head) + 2), text)
        sheet.write_string(0, at, column.head, needed if column.is_needed else spare)
        if column.words and len(",".join(column.words)) <= LONGEST_CHOICE:
            sheet.data_validation(1, at, 100_000, at, {"validate": "list", "source": list(column.words)})
    sheet.freeze_panes(1, 1)
    _explain(book, layout, needed)
    book.close()
    return buffer.getvalue()


def _explain(book: xlsxwriter.Workbook, layout: Layout, head: object) -> None:
    sheet = book.add_worksheet(sheet_name(_("How to fill it in")))
    wrapped = book.add_format({"text_wrap": True, "valign": "top", "border": 1})
    for at, (words, width) in enumerate(
        (
            (_("Column"), 26),
            (_("What it holds"), 30),
            (_("Must the table have it?"), 18),
            (_("What stands in it"), 70),
        )
    ):
        sheet.set_column(at, at, width)
        sheet.write_string(0, at, words, head)
    for row, column in enumerate(layout.columns, start=1):
        need = _("Yes") if column.is_needed else _("May be left out")
        for at, words in enumerate((column.head, column.holds, need, column.asks)):
            sheet.write_string(row, at, words, wrapped)
    sheet.freeze_panes(1, 0)
