"""What Word does to a document: automatic numbers, styles, breaks, tracked changes, text boxes; and speed."""

import time

import docx
import pytest
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls

from shiyu.reading import NameBook, ReadPlan, read_plan
from shiyu.reading.autonumber import chinese_number, format_number
from shiyu.reading.tests import factories as make

LEVELS = [
    ("chineseCounting", "%1、"),
    ("chineseCountingThousand", "（%2）"),
    ("decimal", "%3."),
    ("decimalEnclosedCircle", "%4"),
]


def _read(document: docx.document.Document) -> ReadPlan:
    return read_plan(make.word_bytes(document), filename="a.docx", names=NameBook(), year=2022)


def test_automatic_numbers_are_written_out_and_restart() -> None:
    document = docx.Document()
    make.add_list(document, LEVELS)
    lines = [
        ("总体", 0),
        ("甲。（甲局负责）", 1),
        ("乙。（甲局负责）", 2),
        ("丙。（甲局负责）", 2),
        ("丁。（甲局负责）", 3),
    ]
    for text, depth in [*lines, ("重点", 0), ("戊。（甲局负责）", 1)]:
        make.add_numbered(document, text, depth)
    plan = _read(document)
    assert ["/".join(item.path) for item in plan.items] == [
        "一/（一）",
        "一/（一）/1",
        "一/（一）/2",
        "一/（一）/2/①",
        "二/（一）",
    ]
    assert plan.paragraphs[1].text == "（一）甲。（甲局负责）"


def test_numbers_from_styles() -> None:
    document = docx.Document()
    make.add_list(document, LEVELS)
    for style, depth in (("Heading 1", 0), ("Heading 2", 1)):
        document.styles[style].element.get_or_add_pPr().append(make.number_properties(depth, 77))
    for text, style in (
        ("任务", "Heading 1"),
        ("甲。（甲局负责）", "Heading 2"),
        ("乙。（乙局负责）", "Heading 2"),
    ):
        document.add_paragraph(text, style=style)
    assert ["/".join(item.path) for item in _read(document).items] == ["一/（一）", "一/（二）"]


def test_a_number_without_punctuation_and_a_number_column_of_a_table() -> None:
    document = docx.Document()
    make.add_list(document, [("decimal", "%1")])
    make.add_numbered(document, "甲。（甲局负责）")
    table = document.add_table(3, 3)
    for row, texts in zip(
        table.rows, [["序号", "任务", "责任单位"], ["", "乙", "乙局"], ["", "丙", "丙局"]], strict=True
    ):
        for cell, text in zip(row.cells, texts, strict=True):
            cell.text = text
    make.add_list(document, [("decimal", "%1")], list_id=88)
    for row in table.rows[1:]:
        row.cells[0].paragraphs[0]._p.get_or_add_pPr().append(make.number_properties(0, 88))
    assert [(item.path, item.text) for item in _read(document).items] == [
        (["1"], "甲。"),
        (["1"], "乙"),
        (["2"], "丙"),
    ]


FORMATS = {
    ("chineseCounting", 12): "十二",
    ("chineseCountingThousand", 105): "一百零五",
    ("ideographDigital", 10): "一〇",
    ("decimalEnclosedCircle", 3): "③",
    ("decimalEnclosedParen", 2): "⑵",
    ("decimalEnclosedFullstop", 2): "⒉",
    ("ideographTraditional", 2): "乙",
    ("chineseLegalSimplified", 3): "叁",
    ("upperRoman", 4): "IV",
    ("lowerLetter", 2): "b",
    ("decimalZero", 5): "05",
}


@pytest.mark.parametrize("form", FORMATS)
def test_number_formats(form: tuple[str, int]) -> None:
    assert format_number(form[1], form[0]) == FORMATS[form]
    assert [chinese_number(value) for value in (10, 20, 21, 110)] == ["十", "二十", "二十一", "一百一十"]


def test_soft_breaks_part_only_where_a_new_thought_begins() -> None:
    document = docx.Document()
    run = document.add_paragraph("一、做甲。（甲局负责）").add_run()
    run.add_break()
    run.add_text("二、做乙。（市乙局")
    run.add_break()
    run.add_text("负责）")
    assert [(item.number, item.leads) for item in _read(document).items] == [
        ("一", ["甲局"]),
        ("二", ["市乙局"]),
    ]


def test_inserted_text_counts_and_deleted_text_does_not() -> None:
    document = docx.Document()
    paragraph = document.add_paragraph("一、做甲。")
    inserted = OxmlElement("w:ins")
    inserted.append(paragraph.add_run("（甲局负责）")._r)
    paragraph._p.append(inserted)
    paragraph._p.append(
        parse_xml(f"<w:del {nsdecls('w')}><w:r><w:delText>（乙局负责）</w:delText></w:r></w:del>")
    )
    (item,) = _read(document).items
    assert item.leads == ["甲局"] and item.supporting == []


def test_text_in_a_content_control_and_in_a_text_box_is_read() -> None:
    document = docx.Document()
    inner = f"<w:p {nsdecls('w')}><w:r><w:t>一、做甲。（甲局负责）</w:t></w:r></w:p>"
    document.element.body.insert(
        0, parse_xml(f"<w:sdt {nsdecls('w')}><w:sdtContent>{inner}</w:sdtContent></w:sdt>")
    )
    box = f"<w:txbxContent {nsdecls('w')}>{inner.replace('一、', '二、')}</w:txbxContent>"
    run = document.add_paragraph().add_run()
    run._r.append(
        parse_xml(
            f"<w:pict {nsdecls('w')}>"
            f'<v:shape xmlns:v="urn:schemas-microsoft-com:vml">{box}</v:shape></w:pict>'
        )
    )
    assert [item.number for item in _read(document).items] == ["一", "二"]


def test_title_over_several_lines_with_letterhead_and_number() -> None:
    lines = [
        "某市人民政府办公室文件",
        "某府办发〔2022〕8号",
        "某市人民政府办公室",
        "关于印发重点工作分工的通知",
        "各县区：",
    ]
    plan = read_plan(make.word_text([*lines, "一、甲。（甲局负责）"]), filename="a.docx", names=NameBook())
    assert plan.document_number == "某府办发〔2022〕8号"
    assert plan.title == "某市人民政府办公室关于印发重点工作分工的通知"


def test_300_items_with_900_names_in_under_2_seconds() -> None:
    data = make.large_plan(300, 900)
    known = {name: f"u{index}" for index, name in enumerate(make.unit_names(900))}
    unknown = {name.replace("局", "处"): code for name, code in known.items()}
    for units in (known, unknown):
        started = time.process_time()  # other work on the machine is not the reader's
        plan = read_plan(data, filename="a.docx", names=NameBook(units, {}, {"各县区": "g"}))
        assert time.process_time() - started < 2
        assert len(plan.items) == 300
        assert {len(item.supporting) for item in plan.items} == {2}
