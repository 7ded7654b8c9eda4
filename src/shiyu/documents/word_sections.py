"""Pages of an official document: paper, margins, page numbers, the rules of the letter layout."""

from __future__ import annotations

from copy import deepcopy

from docx.document import Document
from docx.oxml import parse_xml
from docx.oxml.ns import qn
from docx.section import Section, _BaseHeaderFooter
from docx.shared import Mm

from shiyu.documents.word_layout import (
    DECLARE,
    MARGIN_BOTTOM,
    MARGIN_LEFT,
    MARGIN_RIGHT,
    MARGIN_TOP,
    NUMBER_FONT,
    PAPER,
    RED,
    SMALL_SIZE,
    TITLE_FONT,
    Format,
    field_xml,
    line_border,
    paragraph_properties,
    run_xml,
)

NUMBER = Format(NUMBER_FONT, SMALL_SIZE, line=0, latin=NUMBER_FONT)
_LISTS_MARGINS = (22.0, 20.0, 18.0, 18.0)


def set_official_page(section: Section, paper: str = "A4", landscape: bool = False) -> None:
    """Paper and the margins of the standard: 37 / 35 / 28 / 26 mm; turned pages keep the text on the same area."""
    _set_paper(section, paper, landscape)
    margins = (MARGIN_TOP, MARGIN_BOTTOM, MARGIN_LEFT, MARGIN_RIGHT)
    if landscape:  # the sheet is turned: the former top is now at the left-hand binding side
        margins = (MARGIN_LEFT, MARGIN_RIGHT, MARGIN_TOP, MARGIN_BOTTOM)
    _set_margins(section, margins)
    section.header_distance = Mm(15)
    section.footer_distance = Mm(min(23, margins[1] - 10))


def set_list_page(section: Section, paper: str, landscape: bool) -> None:
    """Paper and margins for a wide list."""
    _set_paper(section, paper, landscape)
    _set_margins(section, _LISTS_MARGINS)
    section.header_distance = Mm(12)
    section.footer_distance = Mm(10)


def text_width(section: Section) -> float:
    """Width between the margins, in millimetres."""
    return _span(section.page_width, section.left_margin, section.right_margin)


def _span(whole: int | None, *margins: int | None) -> float:
    return ((whole or 0) - sum(margin or 0 for margin in margins)) / 36000


def number_pages(section: Section) -> None:
    """ "— 1 —" in 14 pt: right on odd pages, left on even ones, one character from the edge."""
    _fill(section.footer, _dashed("right"))
    _fill(section.even_page_footer, _dashed("left"))


def number_list_pages(section: Section, left: str = "") -> None:
    """ "第X页 共Y页" at the right of every page, `left` (unit, period) at the left."""
    stop = round(text_width(section) / 25.4 * 1440)
    look = Format(NUMBER_FONT, 10.5, align="left", line=0, latin=NUMBER_FONT)
    tabs = f'<w:tabs><w:tab w:val="right" w:pos="{stop}"/></w:tabs>'
    properties = paragraph_properties(look).replace("<w:spacing", f"{tabs}<w:spacing", 1)
    text = (
        run_xml(f"{left}\t第", look)
        + field_xml("PAGE", look)
        + run_xml("页 共", look)
        + field_xml("NUMPAGES", look)
        + run_xml("页", look)
    )
    xml = f"<w:p>{properties}{text}</w:p>"
    _fill(section.footer, xml)
    _fill(section.even_page_footer, xml)


def set_letter_head(section: Section, organ: str) -> None:
    """The letter layout: the organ's name 30 mm from the top edge, double rules of 170 mm, the first page unnumbered.

    The upper rule is thick above thin, the lower one (20 mm from the bottom edge) thin above thick.
    """
    section.different_first_page_header_footer = True
    section.header_distance = Mm(30)
    size = min(40.0, 442 / max(len(organ), 1))
    name = Format(TITLE_FONT, size, align="center", color=RED, line=0)
    outside = '<w:ind w:left="-397" w:right="-397"/>'
    upper = _rule(line_border("bottom", "thickThinSmallGap", 24, RED, 4), outside)
    _fill(section.first_page_header, f"<w:p>{paragraph_properties(name)}{run_xml(organ, name)}</w:p>{upper}")
    lower = _rule(line_border("top", "thinThickSmallGap", 24, RED, 1), outside)
    _fill(section.first_page_footer, lower)
    section.footer_distance = Mm(20)


def next_section(document: Document) -> Section:
    """Ends the section after what has been written; the new one goes on with the same footers."""
    body = document.element.body
    sentinel = body.find(qn("w:sectPr"))
    ending = deepcopy(sentinel)
    last = sentinel.getprevious()
    if last is None or last.tag != qn("w:p"):
        last = parse_xml(f'<w:p {DECLARE}><w:pPr><w:spacing w:line="20" w:lineRule="exact"/></w:pPr></w:p>')
        sentinel.addprevious(last)
    properties = last.find(qn("w:pPr"))
    if properties is None:
        properties = parse_xml(f"<w:pPr {DECLARE}/>")
        last.insert(0, properties)
    properties.append(ending)
    for child in list(sentinel):
        if child.tag in (qn("w:headerReference"), qn("w:footerReference"), qn("w:titlePg")):
            sentinel.remove(child)
    return document.sections[-1]


def _set_paper(section: Section, paper: str, landscape: bool) -> None:
    short, long = PAPER[paper]
    width, height = (long, short) if landscape else (short, long)
    section.page_width, section.page_height = Mm(width), Mm(height)
    size = section._sectPr.find(qn("w:pgSz"))
    assert size is not None  # setting the width made it
    if landscape:
        size.set(qn("w:orient"), "landscape")
    elif qn("w:orient") in size.attrib:
        del size.attrib[qn("w:orient")]


def _set_margins(section: Section, margins: tuple[float, float, float, float]) -> None:
    section.top_margin, section.bottom_margin = Mm(margins[0]), Mm(margins[1])
    section.left_margin, section.right_margin = Mm(margins[2]), Mm(margins[3])


def _dashed(side: str) -> str:
    look = Format(
        NUMBER_FONT,
        SMALL_SIZE,
        line=0,
        latin=NUMBER_FONT,
        align="right" if side == "right" else "left",
        right_chars=1 if side == "right" else 0,
        left_chars=1 if side == "left" else 0,
    )
    text = run_xml("— ", look) + field_xml("PAGE", look) + run_xml(" —", look)
    return f"<w:p>{paragraph_properties(look)}{text}</w:p>"


def _rule(border: str, indent: str) -> str:
    spacing = '<w:spacing w:before="0" w:after="0" w:line="120" w:lineRule="exact"/>'
    return f"<w:p><w:pPr>{border}{spacing}{indent}</w:pPr></w:p>"


def _fill(part: _BaseHeaderFooter, paragraphs: str) -> None:
    part.is_linked_to_previous = False
    element = part._element
    for child in list(element):
        element.remove(child)
    for child in list(parse_xml(f"<w:body {DECLARE}>{paragraphs}</w:body>")):
        element.append(child)
