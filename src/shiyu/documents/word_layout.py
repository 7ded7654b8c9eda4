"""Measures and marks of the official document layout (GB/T 9704-2012), and the WordprocessingML made from them.

Sizes are points, lengths millimetres unless a name says otherwise; Word counts in twentieths of a point (twips).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal
from xml.sax.saxutils import escape

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
DECLARE = f'xmlns:w="{W}" xmlns:r="{R}"'

MARGIN_TOP, MARGIN_BOTTOM, MARGIN_LEFT, MARGIN_RIGHT = 37.0, 35.0, 28.0, 26.0
PAPER: dict[str, tuple[float, float]] = {"A4": (210.0, 297.0), "A3": (297.0, 420.0)}

# The free fonts beside each are what a machine without the office's fonts falls back to (word/fontTable.xml).
TITLE_FONT, BODY_FONT, HEADING_FONT = "方正小标宋简体", "仿宋_GB2312", "黑体"
SUBHEADING_FONT, NUMBER_FONT, LATIN_FONT = "楷体_GB2312", "宋体", "Times New Roman"
FALLBACKS = {
    TITLE_FONT: "SimSun,Noto Serif CJK SC",
    BODY_FONT: "FangSong,Noto Serif CJK SC",
    HEADING_FONT: "SimHei,Noto Sans CJK SC",
    SUBHEADING_FONT: "KaiTi,Noto Serif CJK SC",
    NUMBER_FONT: "SimSun,Noto Serif CJK SC",
}
TITLE_SIZE, BODY_SIZE, SMALL_SIZE = 22.0, 16.0, 14.0
LINE = 28.0
RED = "E60012"

Align = Literal["left", "center", "right", "both"]
_ILLEGAL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True)
class Format:
    """How a paragraph is set. Indents count characters of its own size, as the standard does (字)."""

    font: str = BODY_FONT
    size: float = BODY_SIZE
    bold: bool = False
    color: str = ""
    align: Align = "both"
    first_chars: float = 0
    left_chars: float = 0
    right_chars: float = 0
    hanging_chars: float = 0
    line: float = LINE
    before: float = 0
    after: float = 0
    outline: int = 0
    style: str = ""
    keep_next: bool = False
    page_break: bool = False
    border: str = ""
    latin: str = LATIN_FONT


BODY = Format(first_chars=2)
FLUSH = Format()
TITLE = Format(TITLE_FONT, TITLE_SIZE, align="center", line=35, style="Title", keep_next=True)
HEADINGS = {
    1: Format(HEADING_FONT, first_chars=2, outline=1, style="Heading1", keep_next=True),
    2: Format(SUBHEADING_FONT, first_chars=2, outline=2, style="Heading2", keep_next=True),
    3: Format(BODY_FONT, bold=True, first_chars=2, outline=3, style="Heading3", keep_next=True),
    4: Format(BODY_FONT, first_chars=2, outline=4, style="Heading4", keep_next=True),
}


def twips(millimetres: float) -> int:
    """Millimetres in twentieths of a point."""
    return round(millimetres / 25.4 * 1440)


def clean(text: str) -> str:
    """Text that XML can hold: control characters are dropped, line ends become one kind."""
    return _ILLEGAL.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def run_xml(text: str, look: Format) -> str:
    """One run; line breaks and tabs inside the text are kept."""
    properties = run_properties(look)
    pieces = []
    for position, line in enumerate(clean(text).split("\n")):
        broken = "<w:br/>" if position else ""
        for number, part in enumerate(line.split("\t")):
            tab = "<w:tab/>" if number else ""
            pieces.append(
                f'<w:r>{properties}{broken}{tab}<w:t xml:space="preserve">{escape(part)}</w:t></w:r>'
            )
            broken = ""
    return "".join(pieces)


def run_properties(look: Format) -> str:
    """Font by script: `hint` sends “ ” … — to the Chinese font; digits and Latin letters take the Latin one."""
    half = round(look.size * 2)
    # 28 characters on 156 mm are 15.8 pt each, a little less than their size. Condensed type is read alike by every
    # office program; a character grid is not (LibreOffice spreads it).
    tight = '<w:spacing w:val="-5"/>' if look.size == BODY_SIZE else ""
    bold = "<w:b/>" if look.bold else '<w:b w:val="0"/>' if look.style else ""
    color = f'<w:color w:val="{look.color}"/>' if look.color else ""
    return (
        f'<w:rPr><w:rFonts w:hint="eastAsia" w:ascii="{look.latin}" w:hAnsi="{look.latin}" '
        f'w:eastAsia="{look.font}" w:cs="{look.latin}"/>{bold}{color}{tight}'
        f'<w:sz w:val="{half}"/><w:szCs w:val="{half}"/></w:rPr>'
    )


def paragraph_properties(look: Format) -> str:
    """Paragraph marks in the order the schema asks for."""
    style = f'<w:pStyle w:val="{look.style}"/>' if look.style else ""
    keep = "<w:keepNext/>" if look.keep_next else ""
    page = "<w:pageBreakBefore/>" if look.page_break else ""
    outline = f'<w:outlineLvl w:val="{look.outline - 1}"/>' if look.outline else ""
    rule = 'w:lineRule="exact"' if look.line else 'w:lineRule="auto"'
    line = round(look.line * 20) if look.line else 240
    spacing = f'<w:spacing w:before="{round(look.before * 20)}" w:after="{round(look.after * 20)}" w:line="{line}" {rule}/>'
    return (
        f"<w:pPr>{style}{keep}{page}{look.border}{spacing}{_indent(look)}"
        f'<w:jc w:val="{look.align}"/>{outline}</w:pPr>'
    )


def _indent(look: Format) -> str:
    parts = []
    for name, chars in (
        ("left", look.left_chars),
        ("right", look.right_chars),
        ("hanging", look.hanging_chars),
        ("firstLine", look.first_chars),
    ):
        if chars or (name == "firstLine" and not look.hanging_chars):
            parts.append(f'w:{name}Chars="{round(chars * 100)}" w:{name}="{round(chars * look.size * 20)}"')
    return f"<w:ind {' '.join(parts)}/>"


def paragraph_xml(text: str, look: Format = BODY, lead: str = "", lead_look: Format | None = None) -> str:
    """One paragraph; `lead` is set before the text in its own look (a heading that runs into its text)."""
    runs = (run_xml(lead, lead_look or look) if lead else "") + (run_xml(text, look) if text else "")
    return f"<w:p>{paragraph_properties(look)}{runs}</w:p>"


def line_border(side: Literal["top", "bottom"], kind: str, eighths: int, color: str, space: int = 1) -> str:
    """A rule above or beneath a paragraph; `eighths` of a point thick, `space` points away from the text."""
    return f'<w:pBdr><w:{side} w:val="{kind}" w:sz="{eighths}" w:space="{space}" w:color="{color}"/></w:pBdr>'


def field_xml(code: str, look: Format) -> str:
    """A field that Word computes: PAGE, SECTIONPAGES, NUMPAGES."""
    properties = run_properties(look)
    return (
        f'<w:r>{properties}<w:fldChar w:fldCharType="begin"/></w:r>'
        f'<w:r>{properties}<w:instrText xml:space="preserve"> {code} </w:instrText></w:r>'
        f'<w:r>{properties}<w:fldChar w:fldCharType="separate"/></w:r>'
        f"<w:r>{properties}<w:t>1</w:t></w:r>"
        f'<w:r>{properties}<w:fldChar w:fldCharType="end"/></w:r>'
    )
