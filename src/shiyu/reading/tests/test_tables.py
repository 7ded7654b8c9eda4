"""Tables of every layout, from Excel, Word and CSV."""

import datetime as dt
import io

import pytest
import xlsxwriter

from shiyu.reading import Item, NameBook, ReadPlan, read_plan
from shiyu.reading.headers import header_role
from shiyu.reading.tests.factories import Merge, Row, sheet_bytes, word_table

COLUMNS = ["序号", "任务事项", "牵头单位", "配合单位", "完成时限", "备注"]
ROWS = [
    ["1", "推进甲", "市公安局", "市教育局、市民政局", "2022年12月底前", ""],
    ["2", "推进乙", "市教育局", "各县区", "长期坚持", "注意"],
]


def _word(rows: list[Row], merges: list[Merge] | None = None, **more: Row) -> ReadPlan:
    return read_plan(word_table(rows, merges or [], **more), filename="a.docx", names=NameBook(), year=2022)


def _sheet(rows: list[Row], merges: list[Merge] | None = None) -> ReadPlan:
    return read_plan(sheet_bytes({"表": rows}, merges or []), filename="a.xlsx", names=NameBook(), year=2022)


READERS = pytest.mark.parametrize("read", [_word, _sheet], ids=["word", "excel"])


def _who(item: Item) -> str:
    return " | ".join("、".join(names) for names in (item.leads, item.supporting, item.groups))


@READERS
def test_a_plain_table(read) -> None:
    first, second = read([COLUMNS, *ROWS]).items
    assert (first.path, first.number, first.text, first.part) == (["1"], "1", "推进甲", 1)
    assert _who(first) == "市公安局 | 市教育局、市民政局 | "
    assert first.deadline.date == "2022-12-31"
    assert _who(second) == "市教育局 |  | 各县区"
    assert second.deadline.kind == "ongoing" and second.extra == {"note": "注意"}
    assert second.source.row == 3 and second.source.sheet in ("表", "表1")


@READERS
@pytest.mark.parametrize("turn", range(1, 6))
def test_columns_stand_in_any_order(read, turn: int) -> None:
    rows = [[*row[turn:], *row[:turn]] for row in [COLUMNS, *ROWS]]
    found = [(item.number, item.text, _who(item)) for item in read(rows).items]
    assert found[0] == ("1", "推进甲", "市公安局 | 市教育局、市民政局 | ")
    assert found[1] == ("2", "推进乙", "市教育局 |  | 各县区")


def test_the_usual_words_for_each_column() -> None:
    words = {
        "number": "序号 编号",
        "task": "任务事项 工作任务 重点任务 事项 重点工作",
        "detail": "重点工作内容 工作内容",
        "measures": "工作要求 具体措施 工作措施",
        "lead": "牵头单位 主办 主办单位 牵头部门 牵头（主办）单位",
        "responsible": "责任单位 责任部门 承办单位 责任单位（部门）",
        "supporting": "配合单位 协办 协办单位 参与单位 配合(协办)单位",
        "leader": "责任领导 牵头领导 分管领导 市级牵头领导",
        "person": "责任人 联系人",
        "office": "责任科室",
        "start": "开始时间",
        "deadline": "完成时限 要求完成时间 完成时间 完成 时限",
        "progress": "进度情况 进展 目前进展情况",
        "note": "备注",
        "score": "分值 分值（分）",
        "target": "目标 年度目标 完成标志",
    }
    for role, variants in words.items():
        for variant in variants.split(" "):
            assert header_role(variant) in (role, ""), variant
    for role, variants in words.items():
        assert (
            sum(header_role(variant) == role for variant in variants.split(" "))
            >= len(variants.split(" ")) - 2
        )
    assert header_role("完成\n时 限（年月）") == "deadline"


@READERS
def test_title_above_two_header_rows_sections_repeated_header_and_notes(read) -> None:
    head = ["序号", "责任分工", "", "工作内容", "责任领导", "完成时间", "分值"]
    rows: list[Row] = [
        ["某市2023年重点任务分解表", "", "", "", "", "", ""],
        head,
        ["", "牵头单位", "配合单位", "", "", "", ""],
        ["一、经济类", "", "", "", "", "", ""],
        ["1", "市发展改革委", "市财政局，市统计局；各县区", "稳增长", "张某", "6月底前", "5"],
        ["", "", "", "促消费", "李某", "年底前", "3"],
        head,
        ["", "牵头单位", "配合单位", "", "", "", ""],
        ["2", "市商务局", "", "外贸", "王某", "每季度", "2"],
        ["备注：1.本表由办公室解释", "", "", "", "", "", ""],
    ]
    down = [(1, column, 2, column) for column in (0, 3, 4, 5, 6)]
    merges = [
        (0, 0, 0, 6),
        (1, 1, 1, 2),
        *down,
        (3, 0, 3, 6),
        (4, 0, 5, 0),
        (4, 1, 5, 1),
        (4, 2, 5, 2),
        (9, 0, 9, 6),
    ]
    plan = read(rows, merges)
    found = [(item.path, item.part, item.text, _who(item), item.extra["score"]) for item in plan.items]
    assert found == [
        (["一", "1"], 1, "稳增长", "市发展改革委 | 市财政局、市统计局 | 各县区", "5"),
        (["一", "1"], 2, "促消费", "市发展改革委 | 市财政局、市统计局 | 各县区", "3"),
        (["一", "2"], 1, "外贸", "市商务局 |  | ", "2"),
    ]
    assert [item.extra["leader"] for item in plan.items] == ["张某", "李某", "王某"]
    assert "备注：1.本表由办公室解释" in [entry.text for entry in plan.context]
    assert any("某市2023年重点任务分解表" in entry.text for entry in plan.context)
    assert plan.doubts == []


@READERS
def test_a_task_merged_over_several_measures(read) -> None:
    rows = [
        ["序号", "重点任务", "具体措施", "责任单位", "完成时限"],
        ["1", "优化环境", "措施一", "市公安局、市教育局", "2022年"],
        ["", "", "措施二", "市民政局牵头，市教育局配合", "第三季度"],
        ["2", "强化监管", "措施三", "市水利局 市农业农村局", "上半年"],
    ]
    plan = read(rows, [(1, 0, 2, 0), (1, 1, 2, 1)])
    assert [(item.number, item.part, item.text, item.extra["measures"]) for item in plan.items] == [
        ("1", 1, "优化环境", "措施一"),
        ("1", 2, "优化环境", "措施二"),
        ("2", 1, "强化监管", "措施三"),
    ]
    assert [_who(item) for item in plan.items] == [
        "市公安局 | 市教育局 | ",
        "市民政局 | 市教育局 | ",
        "市水利局 | 市农业农村局 | ",
    ]
    assert [item.deadline.date for item in plan.items] == ["2022-12-31", "2022-09-30", "2022-06-30"]


@READERS
def test_a_blank_instead_of_a_merge_is_read_and_doubted(read) -> None:
    rows = [
        ["序号", "重点任务", "具体措施", "责任单位"],
        ["1", "甲", "a", "市公安局"],
        ["", "", "b", "市民政局"],
    ]
    plan = read(rows)
    assert [(item.text, item.part, _who(item)) for item in plan.items] == [
        ("甲", 1, "市公安局 |  | "),
        ("甲", 2, "市民政局 |  | "),
    ]
    assert [doubt.code for doubt in plan.doubts] == ["task_from_above"]


CELLS = {
    "市公安局、市教育局": "市公安局 | 市教育局 | ",
    "市公安局，市教育局；各县区": "市公安局 | 市教育局 | 各县区",
    "市公安局\n市教育局": "市公安局 | 市教育局 | ",
    "市公安局 市教育局": "市公安局 | 市教育局 | ",
    "市 公 安 局": "市公安局 |  | ",
    "市公安局牵头，市教育局配合": "市公安局 | 市教育局 | ",
    "牵头单位：市公安局\n配合单位：市教育局、各县区": "市公安局 | 市教育局 | 各县区",
    "牵头：市公安局；配合：市教育局": "市公安局 | 市教育局 | ",
    "市教育局(牵头)、市民政局": "市教育局 | 市民政局 | ",
    "市民政局（市老龄办）、市卫生健康委": "市民政局（市老龄办） | 市卫生健康委 | ",
    "市公安局会同有关部门": "市公安局 |  | 有关部门",
    "各乡镇（街道）": " |  | 各乡镇（街道）",
}


@READERS
@pytest.mark.parametrize("cell", CELLS)
def test_several_names_in_one_cell(read, cell: str) -> None:
    (item,) = read([["序号", "工作任务", "责任单位"], ["1", "做甲", cell]]).items
    assert _who(item) == CELLS[cell]


def test_several_units_under_lead_all_lead_and_responsible_beside_lead_supports() -> None:
    rows = [["任务", "牵头单位", "责任单位", "配合单位"], ["甲", "市公安局、市司法局", "市教育局", "无"]]
    assert _who(_sheet(rows).items[0]) == "市公安局、市司法局 | 市教育局 | "


def test_every_other_column_is_kept_beside_the_item() -> None:
    rows = [
        [
            "项目",
            "工作要求",
            "主办单位",
            "进度情况",
            "责任人",
            "责任科室",
            "开始时间",
            "要求完成时间",
            "资金（万元）",
        ],
        ["做甲", "要快", "市公安局", "进行中", "王某", "办公室", "2022-01-01", "2022-12-31", "30"],
    ]
    (item,) = _sheet(rows).items
    assert item.extra == {
        "measures": "要快",
        "progress": "进行中",
        "person": "王某",
        "office": "办公室",
        "start": "2022-01-01",
        "column:资金（万元）": "30",
    }


def test_real_dates_and_whole_numbers_of_a_sheet() -> None:
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer)
    sheet = book.add_worksheet("任务")
    sheet.write_row(0, 0, ["序号", "任务", "责任单位", "完成时间"])
    sheet.write_number(1, 0, 7)
    sheet.write_row(1, 1, ["做甲", "市公安局"])
    sheet.write_datetime(1, 3, dt.datetime(2022, 9, 30), book.add_format({"num_format": "yyyy/m/d"}))
    book.close()
    (item,) = read_plan(buffer.getvalue(), filename="a.xlsx", names=NameBook()).items
    assert (item.number, item.deadline.date) == ("7", "2022-09-30")
    assert item.source.to_json() == {"sheet": "任务", "row": 2}


def test_several_sheets_and_a_sheet_of_words() -> None:
    sheets = {"市级": [["序号", "任务", "责任单位"], ["1", "甲", "市公安局"]], "说明": [["本表由办公室编制"]]}
    plan = read_plan(sheet_bytes(sheets), filename="a.xlsx", names=NameBook())
    assert len(plan.items) == 1
    assert plan.context[-1].text == "本表由办公室编制" and plan.context[-1].source.sheet == "说明"


@pytest.mark.parametrize("code", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("sign", [",", ";", "\t", "|"])
def test_csv_in_every_encoding_and_delimiter(code: str, sign: str) -> None:
    rows = [
        ["序号", "工作任务", "主办", "协办"],
        ["1", "做甲", "市公安局", "市教育局、市民政局"],
        ["2", "做乙", "市民政局", ""],
    ]
    data = "\r\n".join(sign.join(row) for row in rows).encode(code)
    plan = read_plan(data, filename="任务.csv", names=NameBook())
    assert [_who(item) for item in plan.items] == ["市公安局 | 市教育局、市民政局 | ", "市民政局 |  | "]


def test_cells_pasted_from_a_sheet() -> None:
    text = "序号\t工作任务\t责任单位\n1\t做甲\t市公安局、市教育局\n2\t做乙\t市民政局"
    plan = read_plan(text, filename="", names=NameBook())
    assert [(item.number, _who(item)) for item in plan.items] == [
        ("1", "市公安局 | 市教育局 | "),
        ("2", "市民政局 |  | "),
    ]


def test_a_table_among_paragraphs() -> None:
    rows = [["序号", "工作内容", "责任单位"], ["1", "甲", "市公安局"]]
    above = ["某市2024年方案", "一、任务", "（一）乙。（市教育局负责）"]
    plan = _word(rows, above=above, below=["二、要求", "（一）丙。（市民政局负责）"])
    assert [(item.path, item.text) for item in plan.items] == [
        (["一", "（一）"], "乙。"),
        (["1"], "甲"),
        (["二", "（一）"], "丙。"),
    ]
    assert plan.title == "某市2024年方案"


def test_responsibility_in_brackets_inside_the_task_cell() -> None:
    plan = _sheet([["序号", "工作任务"], ["1", "做甲（市公安局牵头，市教育局配合）"]])
    assert (plan.items[0].text, _who(plan.items[0])) == ("做甲", "市公安局 | 市教育局 | ")


def test_a_row_without_task_or_unit_is_doubted_not_lost() -> None:
    plan = _sheet([["序号", "工作任务", "责任单位"], ["1", "", "市公安局"], ["2", "做乙", ""]])
    assert [(doubt.code, doubt.where.row) for doubt in plan.doubts] == [
        ("row_without_task", 2),
        ("row_without_unit", 3),
    ]
    assert "市公安局" in plan.context[-1].text and plan.items[0].leads == []


@READERS
def test_a_chinese_number_and_words_without_a_unit_head_a_part(read) -> None:
    rows = [
        ["序号", "工作任务", "责任单位"],
        ["一", "经济发展", ""],
        ["1", "甲", "市公安局"],
        ["二", "民生", ""],
    ]
    plan = read([*rows, ["2", "乙", "市民政局"]])
    assert [item.path for item in plan.items] == [["一", "1"], ["二", "2"]]
    assert plan.doubts == []


def test_marks_of_a_row_point_into_its_text() -> None:
    plan = _sheet([COLUMNS, *ROWS])
    text = next(one.text for one in plan.paragraphs if one.source == plan.items[0].source)
    assert [text[mark.start : mark.end] for mark in plan.items[0].marks] == [
        "市公安局",
        "市教育局",
        "市民政局",
        "2022年12月底前",
    ]


@READERS
def test_a_table_on_its_side_is_kept_as_text_and_doubted(read) -> None:
    rows = [
        ["工作任务", "做甲", "做乙"],
        ["牵头单位", "市公安局", "市民政局"],
        ["完成时限", "6月底", "年底"],
    ]
    plan = read(rows)
    assert plan.items == [] and "做乙" in plan.context[0].text
    assert "table_sideways" in [doubt.code for doubt in plan.doubts]
