"""Tables in Word: header rows that repeat, widths in millimetres, rows that stay whole, nothing cut off."""

from __future__ import annotations

from collections.abc import Iterable
from xml.sax.saxutils import escape

from shiyu.documents.tables import Column, Row, TableSpec, display
from shiyu.documents.word_layout import (
    BODY_FONT,
    HEADING_FONT,
    SUBHEADING_FONT,
    TITLE_FONT,
    Format,
    clean,
    paragraph_properties,
    paragraph_xml,
    run_properties,
    twips,
)

_SIDES = ("top", "left", "bottom", "right", "insideH", "insideV")


def table_with_title(
    spec: TableSpec, width_mm: float, cell_size: float = 10.5, title_size: float = 18.0
) -> list[str]:
    """The blocks of a whole list: title, subtitle, table, notes, sign-off line, free place for a seal."""
    blocks = []
    if spec.title:
        title = Format(
            TITLE_FONT,
            title_size,
            align="center",
            line=title_size * 1.5,
            after=4,
            style="Title",
            keep_next=True,
        )
        blocks.append(paragraph_xml(spec.title, title))
    if spec.subtitle:
        small = Format(SUBHEADING_FONT, 12, align="right", line=20, after=2, keep_next=True)
        blocks.append(paragraph_xml(spec.subtitle, small))
    blocks.append(table_xml(spec.columns, spec.rows, width_mm, cell_size, spec.strong_rows))
    note = Format(BODY_FONT, max(cell_size, 10.5), align="left", line=18)
    blocks += [paragraph_xml(text, note) for text in spec.notes]
    if spec.sign_off:
        line = Format(BODY_FONT, 12, align="left", line=24, before=8)
        gap = "\u3000" * max(4, int(36 / max(len(spec.sign_off), 1)))
        blocks.append(paragraph_xml(gap.join(f"{label}：" for label in spec.sign_off), line))
    if spec.seal:
        place = Format(BODY_FONT, 12, align="right", right_chars=4, line=24, before=42)
        blocks.append(paragraph_xml("（盖章）", place))
    return blocks


def table_xml(
    columns: tuple[Column, ...],
    rows: Iterable[Row],
    width_mm: float,
    size: float = 10.5,
    strong: frozenset[int] = frozenset(),
) -> str:
    """One bordered table as wide as `width_mm`; the header row repeats on every page."""
    widths = fit_widths([column.width_mm for column in columns], width_mm)
    borders = "".join(f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="000000"/>' for side in _SIDES)
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    head_look = Format(HEADING_FONT, size, align="center", line=0)
    head = "".join(
        _cell(column.label, width, _CellLook(head_look))
        for column, width in zip(columns, widths, strict=True)
    )
    plain = [_CellLook(Format(BODY_FONT, size, align=column.align, line=0)) for column in columns]
    bold = [_CellLook(Format(BODY_FONT, size, bold=True, align=column.align, line=0)) for column in columns]
    body = "".join(
        _row(row, widths, bold if position in strong else plain) for position, row in enumerate(rows)
    )
    return (
        f'<w:tbl><w:tblPr><w:tblW w:w="{sum(widths)}" w:type="dxa"/><w:jc w:val="center"/>'
        f"<w:tblBorders>{borders}</w:tblBorders>"
        '<w:tblLayout w:type="fixed"/><w:tblCellMar><w:left w:w="57" w:type="dxa"/>'
        f'<w:right w:w="57" w:type="dxa"/></w:tblCellMar></w:tblPr><w:tblGrid>{grid}</w:tblGrid>'
        f"<w:tr><w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>{head}</w:tr>{body}</w:tbl>"
    )


def fit_widths(wished: list[float], width_mm: float) -> list[int]:
    """Widths in twips that add up to the page: all scaled alike, the rounding rest goes to the widest."""
    total = twips(width_mm)
    scale = total / max(sum(wished), 1e-9)
    widths = [int(value * scale) for value in wished]
    widths[wished.index(max(wished))] += total - sum(widths)
    return widths


class _CellLook:
    """The marks of one column, made once and not per cell: a list may have ten thousand cells."""

    def __init__(self, look: Format) -> None:
        self.paragraph = paragraph_properties(look)
        self.run = run_properties(look)


def _row(row: Row, widths: list[int], looks: list[_CellLook]) -> str:
    if len(row) != len(widths):
        raise ValueError(f"a row has {len(row)} values for {len(widths)} columns")
    cells = "".join(
        _cell(display(value), width, look) for value, width, look in zip(row, widths, looks, strict=True)
    )
    return f"<w:tr><w:trPr><w:cantSplit/></w:trPr>{cells}</w:tr>"


def _cell(text: str, width: int, look: _CellLook) -> str:
    lines = clean(text).replace("\t", " ").split("\n")
    paragraphs = "".join(
        f'<w:p>{look.paragraph}<w:r>{look.run}<w:t xml:space="preserve">{escape(line)}</w:t></w:r></w:p>'
        if line
        else f"<w:p>{look.paragraph}</w:p>"
        for line in lines
    )
    return f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/><w:vAlign w:val="center"/></w:tcPr>{paragraphs}</w:tc>'
