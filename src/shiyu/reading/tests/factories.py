"""Office files made for tests and for `make bench`: paragraphs, automatic numbers, tables of every layout."""

from __future__ import annotations

import io
from collections.abc import Sequence

import docx
import xlsxwriter
from docx.oxml import OxmlElement
from docx.oxml.ns import qn

Row = Sequence[str]
Merge = tuple[int, int, int, int]


def word_bytes(document: docx.document.Document) -> bytes:
    """A python-docx document as bytes."""
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def word_text(lines: Sequence[str]) -> bytes:
    """A .docx of plain paragraphs."""
    document = docx.Document()
    for line in lines:
        document.add_paragraph(line)
    return word_bytes(document)


def word_table(rows: Sequence[Row], merges: Sequence[Merge] = (), above: Row = (), below: Row = ()) -> bytes:
    """A .docx with one table.

    `merges` are (top, left, bottom, right), `above` and `below` paragraphs around it.
    """
    document = docx.Document()
    for line in above:
        document.add_paragraph(line)
    table = document.add_table(rows=len(rows), cols=max(len(row) for row in rows))
    for row, texts in zip(table.rows, rows, strict=True):
        for cell, text in zip(row.cells, texts, strict=False):
            cell.text = text
    for top, left, bottom, right in merges:
        keep = table.cell(top, left).text
        merged = table.cell(top, left).merge(table.cell(bottom, right))
        merged.text = keep
    for line in below:
        document.add_paragraph(line)
    return word_bytes(document)


def sheet_bytes(sheets: dict[str, Sequence[Row]], merges: Sequence[Merge] = ()) -> bytes:
    """An .xlsx with the given sheets; merges apply to every sheet."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_numbers": False})
    for name, rows in sheets.items():
        sheet = book.add_worksheet(name)
        for index, row in enumerate(rows):
            for column, value in enumerate(row):
                if value != "":
                    sheet.write_string(index, column, value)
        for top, left, bottom, right in merges:
            sheet.merge_range(top, left, bottom, right, rows[top][left])
    book.close()
    return buffer.getvalue()


def add_list(document: docx.document.Document, levels: Sequence[tuple[str, str]], list_id: int = 77) -> None:
    """Define an automatic list: one (number format, text such as "（%1）") per level."""
    root = document.part.numbering_part.element
    abstract = OxmlElement("w:abstractNum")
    abstract.set(qn("w:abstractNumId"), str(list_id))
    for depth, (form, text) in enumerate(levels):
        level = OxmlElement("w:lvl")
        level.set(qn("w:ilvl"), str(depth))
        for tag, value in (("w:start", "1"), ("w:numFmt", form), ("w:lvlText", text)):
            node = OxmlElement(tag)
            node.set(qn("w:val"), value)
            level.append(node)
        abstract.append(level)
    root.insert(0, abstract)
    number = OxmlElement("w:num")
    number.set(qn("w:numId"), str(list_id))
    link = OxmlElement("w:abstractNumId")
    link.set(qn("w:val"), str(list_id))
    number.append(link)
    root.append(number)


def add_numbered(
    document: docx.document.Document, text: str, depth: int = 0, list_id: int = 77, style: str | None = None
) -> None:
    """A paragraph in an automatic list, or in a style that belongs to one (`style`)."""
    paragraph = document.add_paragraph(text, style=style)
    if style is None:
        paragraph._p.get_or_add_pPr().append(number_properties(depth, list_id))


def number_properties(depth: int, list_id: int) -> OxmlElement:
    """The w:numPr element that puts a paragraph or style into a list."""
    properties = OxmlElement("w:numPr")
    for tag, value in (("w:ilvl", depth), ("w:numId", list_id)):
        node = OxmlElement(tag)
        node.set(qn("w:val"), str(value))
        properties.append(node)
    return properties


def unit_names(count: int = 900) -> list[str]:
    """Invented names of units: 市…局, as many as asked."""
    first = "安林水文教工商农民建交财环体旅卫审统监信"
    second = "设务化管调保服发规测检验储运产植防育查评"
    ends = ("局", "委员会", "办公室", "中心", "公司")
    names = [f"市{a}{b}{end}" for end in ends for a in first for b in second]
    return names[:count]


def large_plan(items: int = 300, names: int = 900) -> bytes:
    """A .docx of `items` tasks under 一、 （一） 1., three units each, for measuring."""
    units = unit_names(names)
    lines = ["某市2022年重点工作任务分工方案", "某府办发〔2022〕8号", "各县区人民政府，市级各部门："]
    for index in range(items):
        if index % 30 == 0:
            lines.append(f"{'一二三四五六七八九十'[index // 30 % 10]}、第{index // 30 + 1}部分")
        a, b, c = (units[(3 * index + step) % len(units)] for step in range(3))
        lines.append(
            f"{index % 30 + 1}.推进第{index + 1}项工作，健全机制，明确标准，强化保障，力争取得实效，"
            f"2022年{index % 12 + 1}月底前完成。（{a}牵头，{b}、{c}和各县区配合）"
        )
    return word_text(lines)
