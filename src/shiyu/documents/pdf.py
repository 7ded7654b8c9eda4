"""Official documents as PDF: the layout of `documents.word` (GB/T 9704-2012), set by typst with free fonts.

仿宋_GB2312 and 方正小标宋 may not be passed on, so a PDF substitutes: Noto Serif SC for 仿宋, 小标宋 and 楷体, Noto Sans SC
for 黑体. The Word file names the office's own fonts. No seal is drawn; its place is left free. Pure, like the Word maker.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from functools import lru_cache

import pylopdf_fonts_zh_cn
import typst

from shiyu.documents.tables import TableSpec, display
from shiyu.documents.word import Attachment, Block, OfficialDocument, Paragraph, chinese_date, text_size

_HEAD = """
#set document(title: {title}, date: {date})
#set page(paper: "a4", margin: (top: 37mm, bottom: 35mm, left: 28mm, right: 26mm), background: {background},
  footer-descent: 5mm, footer: context {{
    let n = counter(page).get().first()
    if not ({unnumbered} and n == 1) {{
      set text(size: 14pt)
      set align(if calc.odd(n) {{ right }} else {{ left }})
      pad(x: 14pt)[— #n —]
    }}
  }})
#set text(font: "Noto Serif SC", size: 16pt, lang: "zh", region: "cn", top-edge: 0.8em, bottom-edge: -0.2em)
#set par(leading: 12pt, spacing: 12pt, justify: true)
#let red = rgb("#E60012")
#let black(t) = text(font: "Noto Sans SC", t)
#let free(n) = v(n * 28pt - 12pt, weak: false)
#let flush(t) = par(t)
#let body(t) = par(first-line-indent: (amount: 2em, all: true), t)
#let head(t) = block(sticky: true, par(first-line-indent: (amount: 2em, all: true), t))
#let doctitle(t) = align(center, block(sticky: true, par(leading: 13pt, justify: false, text(size: 22pt, t))))
#let organ(t, size) = align(center, text(fill: red, size: size, t))
#let fromright(t, chars) = align(right, block(sticky: true, pad(right: chars * 1em, t)))
#let hang(t, left, out) = pad(left: left * 1em, par(hanging-indent: out * 1em, justify: false, t))
"""

_LETTER_RULES = """context { if counter(page).get().first() == 1 {
    let rules(y, thick, thin) = {
      place(top + center, dy: y + thick, line(length: 170mm, stroke: 2.25pt + rgb("#E60012")))
      place(top + center, dy: y + thin, line(length: 170mm, stroke: 0.75pt + rgb("#E60012")))
    }
    rules({upper}, 0pt, 2.6pt)
    rules(277mm, 2.6pt, 0pt)
  } }"""


def render_pdf(document: OfficialDocument) -> bytes:
    """The PDF of an official document: the same parts in the same order as `render_document`; same input, same bytes."""
    moment = document.created or document.date or datetime.date(2000, 1, 1)
    is_letter = document.layout == "letter"
    size = text_size(document.organ, 442, 40.0)
    upper = f"30mm + {size:.1f}pt + 4mm"
    parts = [
        _HEAD.format(
            title=_text(document.title.replace("\n", "")),
            date=f"datetime(year: {moment.year}, month: {moment.month}, day: {moment.day})",
            background=_LETTER_RULES.replace("{upper}", upper) if is_letter else "none",
            unnumbered="true" if is_letter else "false",
        ),
        *_top(document),
        f"#doctitle({_text(document.title)})\n#free(1)" if document.title else "",
        f"#flush({_text('、'.join(document.addressees) + '：')})" if document.addressees else "",
        *_blocks(document.paragraphs),
        *_noted(document.enclosure_titles),
        *_signature(document),
        *_imprint(document),
    ]
    for position, attachment in enumerate(document.attachments, start=1):
        mark = f"附件{position}" if len(document.attachments) > 1 else "附件"
        parts += _attachment(mark, attachment)
    return _compile("\n".join(part for part in parts if part), moment)


def _compile(source: str, moment: datetime.date) -> bytes:
    stamp = int(datetime.datetime(moment.year, moment.month, moment.day, tzinfo=datetime.UTC).timestamp())
    made = typst.compile(
        source.encode(), font_paths=_fonts(), ignore_system_fonts=True, format="pdf", timestamp=stamp
    )
    assert isinstance(made, bytes)  # one PDF, not a list of pictures
    return made


@lru_cache(maxsize=1)
def _fonts() -> typst.Fonts:
    folder = str(pylopdf_fonts_zh_cn.serif_path().parent)
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[folder])


def _text(words: str) -> str:
    """A text as typst's string: nothing in it is read as markup or code."""
    kept = "".join(sign for sign in words if sign in "\n\t" or sign >= " ")
    escaped = kept.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\t", " ")
    return f'"{escaped}"'


def _top(document: OfficialDocument) -> list[str]:
    """The letter's organ and number, or the red head; a plain document has none."""
    organ, number = _text(document.organ), _text(document.number)
    if document.layout == "letter":
        size = text_size(document.organ, 442, 40.0)
        name = f"#place(top + center, dy: -7mm, organ({organ}, {size:.1f}pt))\n#v({size:.1f}pt - 3mm + 14pt)"
        return [name, f"#align(right, {number})" if document.number else "#free(1)", "#free(1)"]
    if document.layout == "document":
        size = text_size(document.organ, 430, 58.0)
        rule = "#line(length: 100%, stroke: 2pt + red)"
        return [
            f"#v(35mm)\n#organ({organ}, {size:.1f}pt)\n#free(2)\n#align(center, {number})",
            rule,
            "#free(2)",
        ]
    return []


def _blocks(blocks: Iterable[Block]) -> list[str]:
    made: list[str] = []
    for block in blocks:
        if isinstance(block, str):
            made += [f"#body({_text(line)})" for line in block.split("\n")]
        elif isinstance(block, TableSpec):
            made.append(_table(block))
        else:
            made.append(_paragraph(block))
    return made


def _paragraph(block: Paragraph) -> str:
    text, lead = _text(block.text), _text(block.lead)
    if not block.level:
        return f"#body([#{lead}#{text}])"
    shown = f"black({lead if block.lead else text})" if block.level == 1 else lead if block.lead else text
    return f"#body([#{shown}#{text}])" if block.lead else f"#head({shown})"


def _table(spec: TableSpec) -> str:
    columns = ", ".join(f"{column.width_mm}fr" for column in spec.columns)
    head = ", ".join(f"align(center, black({_text(column.label)}))" for column in spec.columns)
    cells = ", ".join(
        f"align({column.align}, {_text(display(value))})"
        for row in spec.rows
        for column, value in zip(spec.columns, row, strict=False)
    )
    title = f"#align(center, block(sticky: true, black({_text(spec.title)})))\n" if spec.title else ""
    grid = f"table(columns: ({columns},), inset: 4pt, stroke: 0.5pt, table.header({head}), {cells})"
    notes = "\n".join(f"#flush({_text(note)})" for note in spec.notes)
    return f"{title}#[#set text(size: 10.5pt)\n#set par(leading: 6pt, justify: false)\n#{grid}]\n{notes}"


def _noted(titles: Sequence[str]) -> list[str]:
    if not titles:
        return []
    if len(titles) == 1:
        return ["#free(1)", f"#hang({_text(f'附件：{titles[0]}')}, 2, 3)"]
    lines = ["#free(1)"]
    for position, title in enumerate(titles, start=1):
        mark = "附件：" if position == 1 else ""
        left, out = (2, 4.5) if position == 1 else (5, 1.5)
        lines.append(f"#hang({_text(f'{mark}{position}. {title}')}, {left}, {out})")
    return lines


def _signature(document: OfficialDocument) -> list[str]:
    """Free lines for the seal, the organ centred over the date, the date four characters from the right edge."""
    lines = []
    if document.signer or document.date:
        written = chinese_date(document.date) if document.date else "　　年　月　日"
        width = sum(1 if ord(sign) > 255 else 0.55 for sign in written)
        right = max(0.0, 4 + (width - len(document.signer)) / 2)
        lines = ["#block(sticky: true, v(60pt))"]
        lines += [f"#fromright({_text(document.signer)}, {right:.2f})"] if document.signer else []
        lines.append(f"#fromright({_text(written)}, 4)")
    if document.note:
        lines.append(f"#body({_text(f'（{document.note}）')})")
    return lines


def _imprint(document: OfficialDocument) -> list[str]:
    """版记 on the last lines of the page; a letter's has no rules and no issuing office."""
    lines = []
    if document.copies:
        copied = _text(f"抄送：{'，'.join(document.copies)}。")
        lines.append(f"pad(x: 1em, par(hanging-indent: 3em, justify: false, {copied}))")
    if document.issued_by and document.layout != "letter":
        day = f"{chinese_date(document.issued_on)}印发" if document.issued_on else ""
        lines.append(f"pad(x: 1em, grid(columns: (1fr, auto), {_text(document.issued_by)}, {_text(day)}))")
    if not lines:
        return []
    if document.layout == "letter":
        shown = "\n".join(f"#{line}" for line in lines)
    else:
        rule = "#line(length: 100%, stroke: 1pt)"
        shown = rule + "".join(f"\n#{line}\n{rule}" for line in lines)
    return [
        f"#v(1fr)\n#block(breakable: false)[#set text(size: 14pt)\n#set par(leading: 8pt, spacing: 8pt)\n{shown}]"
    ]


def _attachment(mark: str, attachment: Attachment) -> list[str]:
    flipped = "true" if attachment.landscape else "false"
    page = f'#set page(paper: "{attachment.paper.lower()}", flipped: {flipped}, background: none)'
    title = [f"#free(1)\n#doctitle({_text(attachment.title)})\n#free(1)"] if attachment.title else []
    return [page, f"#black({_text(mark)})", *title, *_blocks(attachment.blocks)]
