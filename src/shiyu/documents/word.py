"""Official documents in Word: layout by code after GB/T 9704-2012, editable, the same bytes for the same input.

No seal is drawn; its place is left free. Pure: no models, no clock; dates come in with the document.
"""

from __future__ import annotations

import datetime
import io
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Literal

from docx import Document as open_document
from docx.oxml.ns import qn
from lxml import etree

from shiyu.documents.archive import repack
from shiyu.documents.tables import TableSpec
from shiyu.documents.word_layout import (
    BODY,
    BODY_FONT,
    BODY_SIZE,
    FLUSH,
    HEADING_FONT,
    HEADINGS,
    RED,
    SMALL_SIZE,
    SUBHEADING_FONT,
    TITLE,
    TITLE_FONT,
    Format,
    line_border,
    paragraph_properties,
    paragraph_xml,
    run_xml,
)
from shiyu.documents.word_sections import (
    next_section,
    number_list_pages,
    number_pages,
    set_letter_head,
    set_list_page,
    set_official_page,
    text_width,
)
from shiyu.documents.word_tables import table_with_title
from shiyu.documents.word_template import empty_document


@dataclass(frozen=True)
class Paragraph:
    """A paragraph of the body. `level` 1–4 sets it as a heading (一、 / （一） / 1. / （1）), 0 as plain text.

    `lead` is a heading that runs into the text: "（一）总体情况。" in the heading's font, then `text` in the body's.
    """

    text: str
    level: int = 0
    lead: str = ""


Block = str | Paragraph | TableSpec


@dataclass(frozen=True)
class Attachment:
    """An annex, on a page of its own behind "附件N". A wide table asks for `landscape`, if need be on A3."""

    title: str
    blocks: Sequence[Block] = ()
    paper: Literal["A4", "A3"] = "A4"
    landscape: bool = False


@dataclass(frozen=True)
class OfficialDocument:
    """What stands in an official document. `layout`: "document" (红头), "letter" (信函格式) or "plain" (no head).

    `number` is the whole number ("X发〔2026〕5号", see `document_number`); `organ` the name in the head; `signer` and
    `date` stand at the end; `copies` are the bodies under 抄送; `issued_by` and `issued_on` stand in the last line;
    `urgency` ("特急", "加急") and `approver` (签发人) are shown where given. `created` goes into the file's
    properties; without it `date` does. `enclosures` are files that go along: named under the body like annexes.
    `note` is what stands in brackets under the date (附注: whom to ask).
    """

    title: str
    paragraphs: Sequence[Block]
    number: str = ""
    addressees: Sequence[str] = ()
    organ: str = ""
    signer: str = ""
    date: datetime.date | None = None
    attachments: Sequence[Attachment] = ()
    layout: Literal["document", "letter", "plain"] = "plain"
    copies: Sequence[str] = ()
    issued_by: str = ""
    issued_on: datetime.date | None = None
    urgency: str = ""
    approver: str = ""
    created: datetime.date | None = None
    keywords: str = field(default="")
    enclosures: Sequence[str] = ()
    note: str = ""

    @property
    def enclosure_titles(self) -> list[str]:
        """What is named under the body: annexes, then the files that go along."""
        return [*(attachment.title for attachment in self.attachments), *self.enclosures]


def text_size(text: str, points: float, most: float) -> float:
    """The size at which a name fits on one line of so many points, at most `most`."""
    return min(most, points / max(len(text), 1))


def document_number(prefix: str, year: int, number: int) -> str:
    """ "X发〔2026〕5号": hexagonal brackets, the number without leading zeros."""
    return f"{prefix}〔{year}〕{number}号"


def chinese_date(day: datetime.date) -> str:
    """2026年11月5日: Arabic digits without leading zeros, as the standard asks."""
    return f"{day.year}年{day.month}月{day.day}日"


def render_document(document: OfficialDocument) -> bytes:
    """The .docx of an official document: head, body, signature, annexes, last-page block."""
    pages = _Pages(document.title, document.created or document.date, document.keywords)
    section = pages.word.sections[0]
    set_official_page(section)
    number_pages(section)
    if document.layout == "letter":
        set_letter_head(section, document.organ)
    blocks = [*_head(document), *_title(document.title), *_addressees(document.addressees)]
    blocks += _blocks(document.paragraphs, text_width(section))
    blocks += [*_attachment_note(document.enclosure_titles), *_signature(document.signer, document.date)]
    if document.note:
        blocks.append(paragraph_xml(f"（{document.note}）", BODY))
    pages.append(blocks)
    for position, attachment in enumerate(document.attachments, start=1):
        mark = f"附件{position}" if len(document.attachments) > 1 else "附件"
        _append_attachment(pages, mark, attachment)
    imprint = _imprint(document)
    if imprint and document.attachments and document.attachments[-1].landscape:
        set_official_page(next_section(pages.word))
    pages.append(imprint)
    return pages.save()


def render_tables(
    tables: Sequence[TableSpec],
    paper: Literal["A4", "A3"] = "A4",
    landscape: bool = True,
    created: datetime.date | None = None,
    cell_size: float = 10.5,
) -> bytes:
    """Lists for printing: each on a new page, header rows repeated, "第X页 共Y页" in the footer.

    `cell_size` in points. `created` goes into the file's properties.
    """
    pages = _Pages(tables[0].title if tables else "", created, "")
    for position, spec in enumerate(tables):
        section = next_section(pages.word) if position else pages.word.sections[0]
        set_list_page(section, paper, landscape)
        number_list_pages(section, spec.footer_left)
        pages.append(table_with_title(spec, text_width(section), cell_size))
    if not tables:
        set_list_page(pages.word.sections[0], paper, landscape)
    return pages.save()


def count_characters(document: OfficialDocument) -> int:
    """The length that the 4,000-character limit is about (domain.md 1.17): the body without head and annexes.

    Counted as an office program counts 字数: each Chinese character and full-width mark is one, each run of Latin
    letters or digits is one, spaces are none. Tables within the body count, annexes do not.
    """
    return sum(count_text(text) for text in _texts(document.paragraphs))


def count_text(text: str) -> int:
    """Characters of one text, by the rule of `count_characters`."""
    total, inside_word = 0, False
    for character in text:
        if character.isspace():
            inside_word = False
        elif unicodedata.east_asian_width(character) in "WFA":
            total, inside_word = total + 1, False
        elif not inside_word:
            total, inside_word = total + 1, True
    return total


def _texts(blocks: Iterable[Block]) -> Iterable[str]:
    for block in blocks:
        if isinstance(block, str):
            yield block
        elif isinstance(block, Paragraph):
            yield block.lead
            yield block.text
        else:
            yield block.title
            yield from (column.label for column in block.columns)
            yield from (str(value) for row in block.rows for value in row if value is not None)
            yield from block.notes


class _Pages:
    """A Word file being written. Blocks stay text until it is saved: moving large trees into lxml is quadratic."""

    def __init__(self, title: str, created: datetime.date | None, keywords: str) -> None:
        self.word = open_document(io.BytesIO(empty_document()))
        self.texts: list[str] = []
        moment = (
            datetime.datetime(2000, 1, 1) if created is None else datetime.datetime(*created.timetuple()[:3])
        )
        properties = self.word.core_properties
        properties.title, properties.keywords, properties.author = title.replace("\n", "")[:255], keywords, ""
        properties.created = properties.modified = moment

    def append(self, blocks: Iterable[str]) -> None:
        """Blocks at the end of the section being written; a comment holds their place."""
        self.word.element.body.find(qn("w:sectPr")).addprevious(etree.Comment(f"blocks {len(self.texts)}"))
        self.texts.append("".join(blocks))

    def save(self) -> bytes:
        """The file's bytes, with every block in its place."""
        buffer = io.BytesIO()
        self.word.save(buffer)
        return repack(buffer.getvalue(), {"word/document.xml": self._filled})

    def _filled(self, content: bytes) -> bytes:
        return _PLACE.sub(lambda match: self.texts[int(match[1])].encode(), content)


_PLACE = re.compile(rb"<!--blocks (\d+)-->")


def _head(document: OfficialDocument) -> list[str]:
    """The red head, or the letter's number at the right; a plain document has none."""
    if document.layout == "plain":
        return []
    if document.layout == "letter":
        right = Format(BODY_FONT, align="right")
        number = [paragraph_xml(document.number, right)] if document.number else []
        return [*number, paragraph_xml("", FLUSH)]
    urgent = [paragraph_xml(document.urgency, Format(HEADING_FONT, align="left"))] if document.urgency else []
    size = min(58.0, 430 / max(len(document.organ), 1))
    organ = Format(TITLE_FONT, size, align="center", color=RED, line=size * 1.2, before=99 - 28 * len(urgent))
    # 4 mm below the number a red rule as wide as the text, then two free lines before the title
    rule = line_border("bottom", "single", 16, RED, 11)
    look = Format(
        align="left" if document.approver else "center",
        border=rule,
        before=56,
        left_chars=1 if document.approver else 0,
        right_chars=1 if document.approver else 0,
    )
    return [
        *urgent,
        paragraph_xml(document.organ, organ),
        _number_line(document, look),
        paragraph_xml("", FLUSH),
        paragraph_xml("", FLUSH),
    ]


def _number_line(document: OfficialDocument, look: Format) -> str:
    if not document.approver:
        return paragraph_xml(document.number, look)
    tabs = '<w:tabs><w:tab w:val="right" w:pos="8500"/></w:tabs>'
    properties = paragraph_properties(look).replace("<w:spacing", f"{tabs}<w:spacing", 1)
    name = Format(SUBHEADING_FONT, BODY_SIZE)
    runs = run_xml(f"{document.number}\t签发人：", look) + run_xml(document.approver, name)
    return f"<w:p>{properties}{runs}</w:p>"


def _title(title: str) -> list[str]:
    return [paragraph_xml(title, TITLE), paragraph_xml("", FLUSH)] if title else []


def _addressees(names: Sequence[str]) -> list[str]:
    return [paragraph_xml("、".join(names) + "：", FLUSH)] if names else []


def _blocks(blocks: Iterable[Block], width_mm: float) -> list[str]:
    made: list[str] = []
    for block in blocks:
        if isinstance(block, str):
            made += [paragraph_xml(text, BODY) for text in block.split("\n")]
        elif isinstance(block, TableSpec):
            made += table_with_title(block, width_mm, title_size=BODY_SIZE)
            made.append(paragraph_xml("", Format(line=14)))
        else:
            made.append(_paragraph(block))
    return made


def _paragraph(block: Paragraph) -> str:
    if not block.level:
        return paragraph_xml(block.text, BODY, block.lead, HEADINGS[3])
    look = HEADINGS[block.level]
    if not block.lead:
        return paragraph_xml(block.text, look)
    return paragraph_xml(block.text, BODY, block.lead, look)


def _attachment_note(titles: Sequence[str]) -> list[str]:
    """附件： under the body, two characters in, several ones numbered and aligned."""
    if not titles:
        return []
    if len(titles) == 1:
        look = Format(left_chars=5, hanging_chars=3, align="left")
        return [paragraph_xml("", FLUSH), paragraph_xml(f"附件：{titles[0]}", look)]
    first = Format(left_chars=6.5, hanging_chars=4.5, align="left")
    other = Format(left_chars=6.5, hanging_chars=1.5, align="left")
    lines = [paragraph_xml("", FLUSH)]
    for position, title in enumerate(titles, start=1):
        mark = "附件：" if position == 1 else ""
        lines.append(paragraph_xml(f"{mark}{position}. {title}", first if position == 1 else other))
    return lines


def _signature(signer: str, date: datetime.date | None) -> list[str]:
    """Free lines for the seal, the organ centred over the date, the date four characters from the right edge."""
    if not signer and date is None:
        return []
    written = chinese_date(date) if date else "    年  月  日"
    date_right = 4.0
    signer_right = max(0.0, date_right + (_width(written) - _width(signer)) / 2)
    lines = [paragraph_xml("", Format(keep_next=True)) for _ in range(3)]
    if signer:
        look = Format(align="right", right_chars=signer_right, keep_next=True)
        lines.append(paragraph_xml(signer, look))
    lines.append(paragraph_xml(written, Format(align="right", right_chars=date_right)))
    return lines


def _width(text: str) -> float:
    """Width in characters: a Chinese one is one, a half-width one is half."""
    return sum(1.0 if unicodedata.east_asian_width(character) in "WFA" else 0.5 for character in text)


def _append_attachment(pages: _Pages, mark: str, attachment: Attachment) -> None:
    section = next_section(pages.word)
    set_official_page(section, attachment.paper, attachment.landscape)
    width = text_width(section)
    label = Format(HEADING_FONT, BODY_SIZE, align="left", keep_next=True)
    blocks = [paragraph_xml(mark, label)]
    sole_table = len(attachment.blocks) == 1 and isinstance(attachment.blocks[0], TableSpec)
    if attachment.title:
        gap = [] if sole_table else [paragraph_xml("", FLUSH)]
        blocks += [*gap, paragraph_xml(attachment.title, TITLE), *gap]
    for block in attachment.blocks:
        if isinstance(block, TableSpec):
            blocks += table_with_title(block, width, title_size=BODY_SIZE)
        else:
            blocks += _blocks([block], width)
    pages.append(blocks)


# The last-page block stands on the page's last lines: a table as wide as the text, at the foot of the text area.
_IMPRINT_TABLE = (
    '<w:tblPr><w:tblpPr w:leftFromText="0" w:rightFromText="0" w:vertAnchor="margin" w:horzAnchor="margin" '
    'w:tblpXSpec="center" w:tblpYSpec="bottom"/><w:tblOverlap w:val="never"/><w:tblW w:w="8844" w:type="dxa"/>'
    '<w:tblBorders><w:top w:val="single" w:sz="8" w:space="0" w:color="000000"/>'
    '<w:bottom w:val="single" w:sz="8" w:space="0" w:color="000000"/>'
    '<w:insideH w:val="single" w:sz="6" w:space="0" w:color="000000"/></w:tblBorders>'
    '<w:tblLayout w:type="fixed"/><w:tblCellMar><w:left w:w="0" w:type="dxa"/><w:right w:w="0" w:type="dxa"/>'
    '</w:tblCellMar></w:tblPr><w:tblGrid><w:gridCol w:w="8844"/></w:tblGrid>'
)

_RULES = re.compile(r"<w:tblBorders>.*</w:tblBorders>")


def _imprint(document: OfficialDocument) -> list[str]:
    """版记: 抄送 above, issuing office left and date right below, 14 pt, between rules; one character in. A letter's
    names those copied only, without rules."""
    lines = []
    if document.copies:
        look = Format(size=SMALL_SIZE, left_chars=4, hanging_chars=3, right_chars=1, align="left")
        lines.append(paragraph_xml(f"抄送：{'，'.join(document.copies)}。", look))
    if document.issued_by and document.layout != "letter":
        look = Format(size=SMALL_SIZE, left_chars=1, right_chars=1, align="left")
        issued = f"{chinese_date(document.issued_on)}印发" if document.issued_on else ""
        tabs = '<w:tabs><w:tab w:val="right" w:pos="8560"/></w:tabs>'
        properties = paragraph_properties(look).replace("<w:spacing", f"{tabs}<w:spacing", 1)
        text = run_xml(f"{document.issued_by}\t{issued}", look)
        lines.append(f"<w:p>{properties}{text}</w:p>")
    if not lines:
        return []
    cell = '<w:tcPr><w:tcW w:w="8844" w:type="dxa"/></w:tcPr>'
    rows = "".join(f"<w:tr><w:trPr><w:cantSplit/></w:trPr><w:tc>{cell}{line}</w:tc></w:tr>" for line in lines)
    table = _RULES.sub("", _IMPRINT_TABLE) if document.layout == "letter" else _IMPRINT_TABLE
    return [f"<w:tbl>{table}{rows}</w:tbl>", paragraph_xml("", Format(line=1))]
