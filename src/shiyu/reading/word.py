"""A .docx, already checked, → its paragraphs and tables in order, headers and properties for the secrecy
check.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

from shiyu.reading.autonumber import Numbering, W, paragraph_number, read_numbering
from shiyu.reading.grid import Table
from shiyu.reading.numbering import find_number
from shiyu.reading.prose import Paragraph
from shiyu.reading.safety import Package
from shiyu.reading.tails import starts_with_label

_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_STRICT = b"http://purl.oclc.org/ooxml/wordprocessingml/main"
_USUAL = b"http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}t"
_SKIP = {f"{W}del", f"{W}moveFrom", f"{W}pPr", f"{W}rPr", f"{W}instrText", f"{W}delText", f"{_MC}Fallback"}
_INSIDE = {
    f"{W}sdt",
    f"{W}sdtContent",
    f"{W}ins",
    f"{W}moveTo",
    f"{W}customXml",
    f"{W}smartTag",
    f"{_MC}AlternateContent",
    f"{_MC}Choice",
}


@dataclass
class WordFile:
    """What was read. `aside` is text outside the body (headers, footers, notes, watermarks)."""

    blocks: list[Paragraph | Table] = field(default_factory=list)
    aside: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    has_objects: bool = False


def read_word(package: Package) -> WordFile:
    """Paragraphs with their automatic numbers, tables with merged cells filled in; deleted text left out."""
    found = WordFile()
    numbering = read_numbering(_part(package, "word/numbering.xml"), _part(package, "word/styles.xml"))
    document = _part(package, package.main)
    body = document.find(f"{W}body") if document is not None else None
    reader = _Body(numbering, found)
    if body is not None:
        reader.read(body)
    for name in package.names:
        if re.match(r"word/(?:header|footer)\d*\.xml$", name):
            found.aside += _lines(_part(package, name))
        elif re.match(r"word/(?:footnotes|endnotes)\.xml$", name):
            found.notes += [line for line in _lines(_part(package, name)) if line.strip()]
    found.has_objects = any(re.match(r"word/(?:embeddings|media)/", name) for name in package.names)
    return found


def _part(package: Package, name: str) -> etree._Element | None:
    data = package.read(name)
    if data is None:
        return None
    # lxml with entities and network off; the package check has refused any DOCTYPE before
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    return etree.fromstring(data.replace(_STRICT, _USUAL), parser)


def _lines(root: etree._Element | None) -> list[str]:
    if root is None:
        return []
    lines = ["".join(_pieces(node)) for node in root.iter(f"{W}p")]
    lines += [node.get("string", "") for node in root.iter("{urn:schemas-microsoft-com:vml}textpath")]
    return lines


def _pieces(node: etree._Element) -> Iterator[str]:
    for child in node:
        if child.tag in _SKIP or child.tag == f"{W}txbxContent":
            continue
        if child.tag in (f"{W}t", _MATH):
            yield child.text or ""
        elif child.tag in (f"{W}tab", f"{W}ptab"):
            yield " "
        elif child.tag in (f"{W}br", f"{W}cr"):
            yield "\n"
        elif child.tag == f"{W}noBreakHyphen":
            yield "-"
        elif isinstance(child.tag, str):
            yield from _pieces(child)


@dataclass
class _Body:
    numbering: Numbering
    found: WordFile
    tables: int = 0

    def read(self, node: etree._Element) -> None:
        for child in node:
            if child.tag == f"{W}p":
                self._paragraph(child)
            elif child.tag == f"{W}tbl":
                self._table_or_frame(child)
            elif child.tag in _INSIDE:
                self.read(child)

    def _table_or_frame(self, node: etree._Element) -> None:
        """A table of one cell is a frame around running text; tables inside a cell follow the one around."""
        cells = [cell for row in _rows(node) for cell in _cells(row)]
        if len(cells) == 1:
            self.read(cells[0])
            return
        self.tables += 1
        self.found.blocks.append(self._table(node, f"表{self.tables}"))
        for cell in cells:
            for inner in _tables_in(cell):
                self._table_or_frame(inner)

    def _paragraph(self, node: etree._Element) -> None:
        label, list_id = self._label(node)
        text = "".join(_pieces(node))
        for index, line in enumerate(_soft_lines(text)):
            if line.strip() or (label and index == 0 and text.strip()):
                self.found.blocks.append(Paragraph(line, label if index == 0 else "", list_id))
        for path in node.iter("{urn:schemas-microsoft-com:vml}textpath"):
            self.found.aside.append(path.get("string", ""))
        for box in node.iter(f"{W}txbxContent"):
            if not any(parent.tag == f"{_MC}Fallback" for parent in box.iterancestors()):
                self.read(box)

    def _label(self, node: etree._Element) -> tuple[str, str]:
        place = paragraph_number(node.find(f"{W}pPr"), self.numbering)
        if place is None or not "".join(_pieces(node)).strip():
            return "", ""
        return self.numbering.label(*place), f"{self.numbering.lists.get(place[0], ('', {}))[0]}.{place[1]}"

    def _table(self, node: etree._Element, name: str) -> Table:
        table = Table(name, [])
        for row in _rows(node):
            self._row(row, table)
        width = max((len(texts) for texts in table.rows), default=0)
        for texts in table.rows:
            texts.extend([""] * (width - len(texts)))
        return table

    def _row(self, node: etree._Element, table: Table) -> None:
        index = len(table.rows)
        texts: list[str] = []
        before = node.find(f"{W}trPr/{W}gridBefore")
        texts += [""] * min(int(before.get(f"{W}val", "0")) if before is not None else 0, 60)
        for cell in _cells(node):
            properties = cell.find(f"{W}tcPr")
            span, merge = _spans(properties)
            at = len(texts)
            text = self._cell(cell)
            goes_on = merge == "continue" and table.rows and at < len(table.rows[-1])
            if goes_on and not text.strip():
                text = table.rows[-1][at]
                table.inherited.add((index, at))
                table.above.add((index, at))
            for extra in range(1, span):
                table.inherited.add((index, at + extra))
                if (index, at) in table.above:
                    table.above.add((index, at + extra))
            texts += [text] * span
        table.rows.append(texts)

    def _cell(self, cell: etree._Element) -> str:
        lines = []
        for paragraph in cell.iter(f"{W}p"):
            if not _stands_in(paragraph, cell):
                continue
            text = "".join(_pieces(paragraph))
            if text.strip() or paragraph.find(f"{W}pPr/{W}numPr") is not None:
                lines.append(self._cell_label(paragraph) + text.strip())
        return "\n".join(line for line in lines if line)

    def _cell_label(self, paragraph: etree._Element) -> str:
        # an empty cell of the 序号 column often holds nothing but the automatic number
        place = paragraph_number(paragraph.find(f"{W}pPr"), self.numbering)
        return self.numbering.label(*place) if place else ""


def _rows(table: etree._Element) -> Iterator[etree._Element]:
    for child in table:
        if child.tag == f"{W}tr":
            if child.find(f"{W}trPr/{W}del") is None:
                yield child
        elif child.tag in _INSIDE:
            yield from _rows(child)


def _cells(row: etree._Element) -> Iterator[etree._Element]:
    for child in row:
        if child.tag == f"{W}tc":
            yield child
        elif child.tag in _INSIDE:
            yield from _cells(child)


def _tables_in(node: etree._Element) -> Iterator[etree._Element]:
    for child in node:
        if child.tag == f"{W}tbl":
            yield child
        elif child.tag in _INSIDE:
            yield from _tables_in(child)


def _stands_in(paragraph: etree._Element, cell: etree._Element) -> bool:
    """Whether a paragraph is the cell's own: no fallback copy, and not in a table within the cell."""
    for parent in paragraph.iterancestors():
        if parent is cell:
            return True
        if parent.tag in (f"{_MC}Fallback", f"{W}tbl"):
            return False
    return False


def _spans(properties: etree._Element | None) -> tuple[int, str]:
    if properties is None:
        return 1, ""
    span = properties.find(f"{W}gridSpan")
    merge = properties.find(f"{W}vMerge")
    width = int(span.get(f"{W}val", "1")) if span is not None else 1
    kind = "" if merge is None else merge.get(f"{W}val", "continue")
    return max(1, min(width, 60)), kind


def _soft_lines(text: str) -> list[str]:
    """Line breaks inside a paragraph part it where a new thought begins, else they are only layout."""
    lines = text.split("\n")
    joined = [lines[0]]
    for line in lines[1:]:
        last = joined[-1].rstrip()
        if not last or last[-1] in "。；：！？）)" or find_number(line) or starts_with_label(line.strip()):
            joined.append(line)
        else:
            joined[-1] += line
    return joined


def core_properties(package: Package) -> list[str]:
    """Values of the document's properties, where a secrecy mark may stand as well."""
    values: list[str] = []
    for name in ("docProps/core.xml", "docProps/custom.xml", "docProps/app.xml"):
        root = _part(package, name)
        if root is not None:
            values += [
                text
                for node in root.iter()
                if isinstance(node.tag, str) and (text := (node.text or "").strip())
            ]
    return values
