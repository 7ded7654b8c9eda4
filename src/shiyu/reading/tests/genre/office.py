"""What Word and WPS make of documents: automatic numbers, boxes, changes on record, notes, nested tables."""

from __future__ import annotations

import docx
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from shiyu.reading.tests import factories as make
from shiyu.reading.tests.genre import Case

LEVELS = [("chineseCounting", "%1、"), ("chineseCounting", "（%2）"), ("decimal", "%3．")]
Document = docx.document.Document


def _paragraph(document: Document, xml: str) -> None:
    body = document.element.body
    body.insert(len(body) - 1, parse_xml(f"<w:p {nsdecls('w')}>{xml}</w:p>"))


def _run(words: str) -> str:
    return f"<w:r><w:t>{words}</w:t></w:r>"


def _auto_numbers() -> bytes:
    """Three levels, the third restarting in each section, tails on paragraphs of their own."""
    document = docx.Document()
    for line in ("某市数字政府建设2023年工作要点", "某府办函〔2023〕12号"):
        document.add_paragraph(line)
    make.add_list(document, LEVELS)
    for words, depth in (
        ("夯实基础", 0),
        ("统一底座", 1),
        ("建设政务云，6月底前投用。", 2),
        ("责任单位：市大数据局、市财政局", -1),
        ("整合网络。（市政府办公室牵头，市大数据局配合）", 2),
        ("数据归集", 1),
        ("编制目录；", 2),
        ("（市大数据局，各部门；每季度更新）", -1),
        ("深化应用", 0),
        ("一网通办。市政务服务局牵头，各县区负责。", 1),
    ):
        if depth < 0:
            document.add_paragraph(words)
        else:
            make.add_numbered(document, words, depth)
    return make.word_bytes(document)


AUTO_EXPECTED = """
一/（一）/1 | 市大数据局 | 市财政局 | | 2023-06-30
一/（一）/2 | 市政府办公室 | 市大数据局 | |
一/（二）/1 | 市大数据局 | | 各部门 | recurring quarter
二/（一） | 市政务服务局 | | 各县区 |
"""


def _changes_on_record() -> bytes:
    document = docx.Document()
    document.add_paragraph("2024年专项行动任务分工")
    author = 'w:id="1" w:author="a" w:date="2024-01-01T00:00:00Z"'
    _paragraph(
        document,
        _run("1.开展排查，")
        + f"<w:del {author}><w:r><w:delText>5月</w:delText></w:r></w:del>"
        + f"<w:ins {author}>{_run('7月')}</w:ins>"
        + _run("底前完成。（市应急局牵头，")
        + f"<w:del {author}><w:r><w:delText>市城管局</w:delText></w:r></w:del>"
        + f"<w:ins {author}>{_run('市住房城乡建设局')}</w:ins>"
        + _run("配合）"),
    )
    _paragraph(
        document,
        f"<w:moveFrom {author}>{_run('2.旧任务。（市水利局负责）')}</w:moveFrom>",
    )
    _paragraph(document, f"<w:moveTo {author}>{_run('2.新任务。（市水利局负责）')}</w:moveTo>")
    return make.word_bytes(document)


CHANGES_EXPECTED = """
1 | 市应急局 | 市住房城乡建设局 | | 2024-07-31
2 | 市水利局 | | |
"""


def _nested_table() -> bytes:
    """A layout table around the real one, as some templates have."""
    document = docx.Document()
    document.add_paragraph("某局2023年任务分工")
    outer = document.add_table(1, 1)
    rows = [
        ["序号", "任务", "牵头单位", "完成时限"],
        ["1", "编规划", "规划科", "5月"],
        ["2", "抓落实", "督查科", "全年"],
    ]
    inner = outer.cell(0, 0).add_table(3, 4)
    for row, texts in zip(inner.rows, rows, strict=True):
        for cell, words in zip(row.cells, texts, strict=True):
            cell.text = words
    return make.word_bytes(document)


NESTED_EXPECTED = """
1 | 规划科 | | | 2023-05-31
2 | 督查科 | | | ongoing
"""


def _text_box_and_note() -> bytes:
    document = docx.Document()
    document.add_paragraph("某区2023年工作分工")
    document.add_paragraph("一、推进网格化。（区委政法委牵头，各街道配合）")
    box = f"<w:txbxContent><w:p>{_run('二、完善平台。（区大数据中心负责，2023年8月底前完成）')}</w:p></w:txbxContent>"
    _paragraph(
        document,
        '<w:r><w:pict><v:shape xmlns:v="urn:schemas-microsoft-com:vml">'
        f"<v:textbox>{box}</v:textbox></v:shape></w:pict></w:r>",
    )
    return make.word_bytes(document)


BOX_EXPECTED = """
一 | 区委政法委 | | 各街道 |
二 | 区大数据中心 | | | 2023-08-31
"""


def _tasks_in_cells() -> bytes:
    """A table whose task cells carry the whole text with its tails, several paragraphs in a cell."""
    rows = [
        ["类别", "任务内容"],
        ["生态", "1.修复湿地100亩。（市林业局牵头，市水利局配合）\n2.植树20万株。（市林业局负责，3月底前）"],
        ["文化", "3.建设书房10个。（市文旅局牵头，各区配合，9月底前）"],
    ]
    return make.word_table(rows, above=["2023年任务分工表"])


CELLS_EXPECTED = """
1 | 市林业局 | 市水利局 | |
2 | 市林业局 | | | 2023-03-31
3 | 市文旅局 | | 各区 | 2023-09-30
"""


def _mixed() -> bytes:
    """An opinion followed by its annexed table: running text without tails, then tasks in rows."""
    document = docx.Document()
    for line in (
        "某市人民政府办公室关于推进养老服务发展的实施意见",
        "某政办发〔2023〕21号",
        "一、总体要求",
        "坚持党委领导、政府主导、部门负责、社会参与。",
        "二、重点任务",
        "（一）完善设施网络。到2025年，社区覆盖率达到100%。",
        "附件：重点任务分工表",
        "附件",
        "重点任务分工表",
    ):
        document.add_paragraph(line)
    rows = [
        ["序号", "工作任务", "责任单位", "时间进度"],
        ["1", "完善设施网络", "市民政局牵头，市自然资源局、市住建局参加", "2025年底前完成"],
        ["2", "提高护理补贴", "市民政局、市财政局", "2023年起每年调整"],
        ["3", "培训护理人员", "市人社局、市民政局、市卫健委分别负责", "持续实施"],
    ]
    table = document.add_table(4, 4)
    for row, texts in zip(table.rows, rows, strict=True):
        for cell, words in zip(row.cells, texts, strict=True):
            cell.text = words
    return make.word_bytes(document)


MIXED_EXPECTED = """
1 | 市民政局 | 市自然资源局、市住建局 | | 2025-12-31
2 | 市民政局 | 市财政局 | | recurring year
3 | 市人社局、市民政局、市卫健委 | | | ongoing
"""

FIRST = frozenset({"first_leads"})
CASES = {
    "auto numbers": Case(_auto_numbers, "a.docx", AUTO_EXPECTED, FIRST),
    "changes on record": Case(_changes_on_record, "a.docx", CHANGES_EXPECTED),
    "nested table": Case(_nested_table, "a.docx", NESTED_EXPECTED),
    "text box": Case(_text_box_and_note, "a.docx", BOX_EXPECTED),
    "tasks in cells": Case(_tasks_in_cells, "a.docx", CELLS_EXPECTED),
    "opinion with annex": Case(_mixed, "a.docx", MIXED_EXPECTED, FIRST),
}
