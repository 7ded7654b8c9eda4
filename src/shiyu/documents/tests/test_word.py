"""The layout of GB/T 9704 as it stands in the files; nothing lost; the same bytes whatever the clock says."""

import datetime
import io
import zipfile

import pytest
from docx import Document as open_document
from docx.oxml.ns import qn

from shiyu.documents.tables import Column, TableSpec
from shiyu.documents.word import (
    Attachment,
    OfficialDocument,
    Paragraph,
    count_characters,
    count_text,
    document_number,
    render_document,
    render_tables,
)
from shiyu.lib import clock

DAY = datetime.date(2026, 11, 5)
COLUMNS = (Column("序号", 10, "center"), Column("重点任务", 60), Column("完成时限", 22, "center"))
LIST = TableSpec("责任清单", COLUMNS, [(1, "排查<化解>&\n闭环", DAY), (2, "=1+1\x07", None)], ("注：按机构排序。",),
                 "甲单位", "（截至2026年10月31日）", ("填报人", "审核人"), seal=True)  # fmt: skip


def circular(**changes) -> OfficialDocument:  # type: ignore[no-untyped-def]
    given = {
        "title": "关于十月工作情况的通报",
        "paragraphs": [Paragraph("一、总体情况", 1), "正文。", Paragraph("完成。", 2, "（一）任务推进。")],
        "number": document_number("×平安办发", 2026, 5),
        "addressees": ["市公安局", "市司法局"],
        "organ": "××市平安办文件",
        "signer": "××市平安办",
        "date": DAY,
        "layout": "document",
        "attachments": [Attachment("统计表", [LIST], landscape=True), Attachment("说明", ["附注。"])],
        "copies": ["市委办公室"],
        "issued_by": "××市平安办",
        "issued_on": DAY,
    }
    return OfficialDocument(**{**given, **changes})


def opened(content: bytes):  # type: ignore[no-untyped-def]
    return open_document(io.BytesIO(content))


def paragraph_of(word, text: str):  # type: ignore[no-untyped-def]
    return next(paragraph for paragraph in word.paragraphs if paragraph.text == text)


def fonts(paragraph) -> list[str]:  # type: ignore[no-untyped-def]
    return [run._r.rPr.rFonts.get(qn("w:eastAsia")) for run in paragraph.runs]


def test_the_page_has_the_margins_of_the_standard() -> None:
    section = opened(render_document(circular())).sections[0]
    sides = (section.top_margin, section.bottom_margin, section.left_margin, section.right_margin)
    assert [round(side.mm) for side in sides] == [37, 35, 28, 26]
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)


def test_title_body_and_headings_have_their_fonts_sizes_and_lines() -> None:
    word = opened(render_document(circular()))
    title = paragraph_of(word, "关于十月工作情况的通报")
    assert fonts(title) == ["方正小标宋简体"]
    assert title.runs[0].font.size.pt == 22
    assert title._p.pPr.find(qn("w:jc")).get(qn("w:val")) == "center"
    body = paragraph_of(word, "正文。")
    assert fonts(body) == ["仿宋_GB2312"]
    assert body.runs[0].font.size.pt == 16
    assert body.paragraph_format.line_spacing.pt == 28
    assert body._p.pPr.find(qn("w:spacing")).get(qn("w:lineRule")) == "exact"
    assert body._p.pPr.find(qn("w:ind")).get(qn("w:firstLineChars")) == "200"
    assert fonts(paragraph_of(word, "一、总体情况")) == ["黑体"]
    assert fonts(paragraph_of(word, "（一）任务推进。完成。")) == ["楷体_GB2312", "仿宋_GB2312"]


def test_number_signature_and_annexes_stand_where_they_belong() -> None:
    word = opened(render_document(circular()))
    texts = [paragraph.text for paragraph in word.paragraphs]
    assert "×平安办发〔2026〕5号" in texts
    assert "市公安局、市司法局：" in texts
    date = paragraph_of(word, "2026年11月5日")
    assert date._p.pPr.find(qn("w:ind")).get(qn("w:rightChars")) == "400"
    place = texts.index("2026年11月5日")
    assert texts[place - 4 : place] == ["", "", "", "××市平安办"], "the place of the seal stays free"
    assert texts.index("附件1") > place
    assert texts.index("附件2") > texts.index("附件1")
    assert "附件：1. 统计表" in texts
    assert not word.inline_shapes


def test_page_numbers_stand_right_on_odd_and_left_on_even_pages() -> None:
    word = opened(render_document(circular()))
    assert word.settings.odd_and_even_pages_header_footer
    for footer, side in ((word.sections[0].footer, "right"), (word.sections[0].even_page_footer, "left")):
        paragraph = footer.paragraphs[0]
        assert paragraph.text == "— 1 —"
        assert " PAGE " in paragraph._p.xml
        assert paragraph._p.pPr.find(qn("w:jc")).get(qn("w:val")) == side
        assert fonts(paragraph)[0] == "宋体"
        assert paragraph.runs[0].font.size.pt == 14


def test_a_letter_has_its_head_in_the_first_header_and_no_number_on_the_first_page() -> None:
    section = opened(render_document(circular(layout="letter", attachments=()))).sections[0]
    assert section.different_first_page_header_footer
    assert section.first_page_header.paragraphs[0].text == "××市平安办文件"
    assert "PAGE" not in section.first_page_footer._element.xml
    assert "thinThickSmallGap" in section.first_page_footer._element.xml


@pytest.mark.parametrize(
    ("paper", "landscape", "size"), [("A3", True, (420, 297)), ("A4", False, (210, 297))]
)
def test_a_list_repeats_its_header_counts_pages_and_fills_the_width(paper, landscape, size) -> None:
    word = opened(render_tables([LIST, LIST], paper, landscape))
    section = word.sections[0]
    assert (round(section.page_width.mm), round(section.page_height.mm)) == size
    assert len(word.sections) == len(word.tables) == 2
    table = word.tables[0]
    assert table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
    footer = section.footer._element.xml
    assert " PAGE " in footer
    assert " NUMPAGES " in footer
    assert section.footer.paragraphs[0].text == "甲单位\t第1页 共1页"
    wide = sum(int(column.get(qn("w:w"))) for column in table._tbl.tblGrid)
    room = (section.page_width - section.left_margin - section.right_margin) / 635
    assert abs(wide - room) <= 2


def test_no_text_is_lost_or_alive() -> None:
    cells = [cell.text for row in opened(render_tables([LIST])).tables[0].rows for cell in row.cells]
    assert cells == ["序号", "重点任务", "完成时限", "1", "排查<化解>&\n闭环", "2026-11-05", "2", "=1+1", ""]


def test_a_row_of_the_wrong_length_is_refused() -> None:
    with pytest.raises(ValueError, match="2 values for 3 columns"):
        render_tables([TableSpec("x", COLUMNS, [("1", "2")])])


def test_two_runs_give_the_same_bytes_whatever_the_clock_says() -> None:
    with clock.frozen(datetime.datetime(2026, 11, 5)):
        first = render_document(circular()), render_tables([LIST], created=DAY)
    with clock.frozen(datetime.datetime(2030, 1, 1)):
        second = render_document(circular()), render_tables([LIST], created=DAY)
    assert first == second
    with zipfile.ZipFile(io.BytesIO(first[0])) as archive:
        assert {entry.date_time[0] for entry in archive.infolist()} == {1980}
    assert opened(first[0]).core_properties.created.date() == DAY


def test_a_changed_word_changes_the_bytes() -> None:
    assert render_document(circular()) != render_document(circular(title="另一份"))


def test_characters_are_counted_as_office_programs_do_without_annexes() -> None:
    assert count_text("全市81项，完成 abc def。") == 10
    assert (
        count_characters(circular(paragraphs=["正文。", Paragraph("完成。", 2, "（一）任务。")])) == 3 + 3 + 6
    )
    assert count_characters(circular(attachments=())) == count_characters(circular())


def test_the_last_page_block_stands_at_the_foot() -> None:
    block = opened(render_document(circular())).tables[-1]
    assert [cell.text for row in block.rows for cell in row.cells] == [
        "抄送：市委办公室。",
        "××市平安办\t2026年11月5日印发",
    ]
    assert block._tbl.tblPr.find(qn("w:tblpPr")).get(qn("w:tblpYSpec")) == "bottom"
