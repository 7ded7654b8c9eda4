"""The forms of responsibility that offices write, one a line.

Text → leads | supporting | groups | deadline.
"""

import pytest

from shiyu.reading import NameBook, ReadPlan, read_plan
from shiyu.reading.tail_search import find_running

FORMS = {
    "（甲局牵头，乙局、丙局配合）": "甲局 | 乙局、丙局 | |",
    "（牵头单位：甲局，配合单位：乙局、丙局，各区、县级市）": "甲局 | 乙局、丙局 | 各区、县级市 |",
    "（牵头单位：市人社局，配合单位：各有关单位，各区、县级市）": "市人社局 | | 各有关单位、各区、县级市 |",
    "（甲局、乙局、丙局负责）": "甲局 | 乙局、丙局 | |",
    "（责任单位：各乡镇党委、政府，县直各单位）": " | | 各乡镇党委、政府、县直各单位 |",
    "（甲镇党委、政府负责，县水务局配合）": "甲镇党委、政府 | 县水务局 | |",
    "（甲局、乙局负责，排在第一位的部门为牵头部门，下同）": "甲局 | 乙局 | |",
    "（甲局会同有关部门负责）": "甲局 | | 有关部门 |",
    "（甲局会同乙局、丙局负责）": "甲局 | 乙局、丙局 | |",
    "（甲局牵头，会同乙局、各县区落实）": "甲局 | 乙局 | 各县区 |",
    "（甲局、乙局等有关部门按职责分工负责）": "甲局 | 乙局 | 有关部门 |",
    "（甲局、乙局等和各有关省级人民政府负责）": "甲局 | 乙局 | 各有关省级人民政府 |",
    "（甲局、乙局分别负责）": "甲局、乙局 | | |",
    "（甲局、乙局按职责分工分别负责）": "甲局、乙局 | | |",
    "（甲局、乙局按职责分工负责）": "甲局 | 乙局 | |",
    "（甲局、乙局共同牵头，各县区、市直有关部门参与）": "甲局、乙局 | | 各县区、市直有关部门 |",
    "（甲局和乙局负责）": "甲局 | 乙局 | |",
    "（工业和信息化部和住房和城乡建设部负责）": "工业和信息化部 | 住房和城乡建设部 | |",
    "（人力资源和社会保障部、卫生和计划生育委员会负责）": "人力资源和社会保障部 | 卫生和计划生育委员会 | |",
    "（市委宣传部（市政府新闻办、市文明办）、乙局负责）": "市委宣传部（市政府新闻办、市文明办） | 乙局 | |",
    "(甲局牵头,乙局、丙局配合)": "甲局 | 乙局、丙局 | |",
    "【责任单位：甲局、乙局】": "甲局 | 乙局 | |",
    "［牵头单位:甲局;责任单位:乙局］": "甲局 | 乙局 | |",
    "责任单位：甲局、乙局。": "甲局 | 乙局 | |",
    "——责任单位：甲局": "甲局 | | |",
    "牵头单位：甲局。配合单位：乙局。完成时限：年底前。": "甲局 | 乙局 | | 2022-12-31",
    "主办：甲局；承办：乙局；协办：丙局；参与：各县区": "甲局 | 乙局、丙局 | 各县区 |",
    "主办单位：甲局 协办单位：乙局": "甲局 | 乙局 | |",
    "甲局牵头，乙局、丙局配合。": "甲局 | 乙局、丙局 | |",
    "由甲局负责，各县区配合。": "甲局 | | 各县区 |",
    "（甲局牵头、乙局配合）": "甲局 | 乙局 | |",
    "（甲局牵头乙局配合）": "甲局 | 乙局 | |",
    "（甲局（牵头）、乙局、丙局负责）": "甲局 | 乙局、丙局 | |",
    "（责任单位：甲局牵头，乙局配合）": "甲局 | 乙局 | |",
    "（责任单位：甲局；完成时限：2022年9月底前）": "甲局 | | | 2022-09-30",
    "（甲局牵头，6月底前完成）": "甲局 | | | 2022-06-30",
    "（甲局负责，持续推进）": "甲局 | | | ongoing",
    "（市公安局、市教育局）": "市公安局 | 市教育局 | |",
    "甲局牵头，乙局、丙局配合，2022年6月底前完成。": "甲局 | 乙局、丙局 | | 2022-06-30",
    "（甲局牵头，乙局配合，以下任务均需各县区落实，不再列出）": "甲局 | 乙局 | |",
    "（各县区负责）": " | | 各县区 |",
    "（责任单位：各乡镇（街道）、市级各有关部门）": " | | 各乡镇（街道）、市级各有关部门 |",
    "（甲局、乙局等14个市直部门和各县区负责）": "甲局 | 乙局 | 等14个市直部门、各县区 |",
    "（各省、自治区、直辖市人民政府，甲局负责）": "甲局 | | 各省、自治区、直辖市人民政府 |",
}
NO_TAILS = [
    "坚持（谁主管、谁负责）的原则。",
    "健全（党委领导、政府负责、社会协同、公众参与）的体制。",
    "支持市（地、州、盟）、县（市、区、旗）先行先试。",
    "建立政府办公厅牵头、有关部门参与的工作机制。",
    "本办法由市公安局负责解释。",
    "详见附件（国办发〔2018〕117号）。",
    "各地区要明确责任单位：压实责任。",
    "市公安局要会同有关方面做好指导。",
]


def _read(text: str, names: NameBook | None = None) -> ReadPlan:
    return read_plan(text, filename="", names=names or NameBook(), year=2022)


def _line(plan: ReadPlan) -> str:
    (item,) = plan.items
    deadline = item.deadline.date or (item.deadline.kind if item.deadline.kind != "none" else "")
    parts = ["、".join(item.leads), "、".join(item.supporting), "、".join(item.groups), deadline]
    return " ".join(" | ".join(parts).split())


@pytest.mark.parametrize("tail", FORMS)
def test_forms_of_responsibility(tail: str) -> None:
    plan = _read(f"（一）推进某项工作，取得成效。{tail}")
    assert _line(plan) == " ".join(FORMS[tail].split())
    item = plan.items[0]
    assert (item.number, item.text, item.tail) == ("（一）", "推进某项工作，取得成效。", tail)


@pytest.mark.parametrize("text", NO_TAILS)
def test_running_words_are_no_responsibility(text: str) -> None:
    plan = _read(f"（一）{text}")
    assert plan.items == []
    assert plan.context[0].text == f"（一）{text}"


def test_groups_alone_are_doubted() -> None:
    plan = _read("一、做甲。（各县区负责）")
    assert [doubt.code for doubt in plan.doubts] == ["no_lead"]
    assert plan.doubts[0].what_zh == "没有明确具体的牵头单位。"


def test_a_responsibility_before_its_task() -> None:
    (item,) = _read("11.（市委编办负责）调整机构设置。").items
    assert (item.number, item.text, item.leads) == ("11", "调整机构设置。", ["市委编办"])


def test_several_tails_make_parts() -> None:
    plan = _read(
        "（十）推进甲。（甲局负责）推进乙；推进丙（乙局牵头）；推进丁。责任单位：丙局。后续继续抓好。"
    )
    found = [(item.part, item.text, item.leads) for item in plan.items]
    assert found == [(1, "推进甲。", ["甲局"]), (2, "推进乙；推进丙", ["乙局"]), (3, "推进丁。", ["丙局"])]
    assert [entry.text for entry in plan.context] == ["后续继续抓好。"]
    assert "loose_text" in [doubt.code for doubt in plan.doubts]


def test_labels_in_paragraphs_of_their_own_belong_to_the_task_above() -> None:
    lines = [
        "一、任务",
        "（一）推进甲",
        "细化推进。",
        "牵头单位：甲局",
        "配合单位：乙局、各县区",
        "责任领导：某某",
    ]
    plan = _read("\n".join([*lines, "完成时限：年底前", "（二）推进乙。", "（丙局负责）"]))
    first, second = plan.items
    assert (first.path, first.text) == (["一", "（一）"], "推进甲\n细化推进。")
    assert (first.leads, first.supporting, first.groups) == (["甲局"], ["乙局"], ["各县区"])
    assert first.deadline.date == "2022-12-31" and first.extra == {"leader": "某某"}
    assert first.source.to_json() == {"paragraph": 2, "last_paragraph": 7}
    assert (second.path, second.text, second.leads) == (["一", "（二）"], "推进乙。", ["丙局"])


NUMBERS = """第一章 总则
第一条 甲。（甲局负责）
一、任务
（一）乙。（甲局负责）
1.丙。（甲局负责）
2．丁。（甲局负责）
（1）戊。（甲局负责）
①己。（甲局负责）
（二）庚。（甲局负责）
二、要求
(三)辛。（甲局负责）
3、壬。（甲局负责）
3.5亿元资金到位。（甲局负责）"""


def test_numbers_of_every_kind_nest() -> None:
    found = ["/".join(item.path) for item in _read(NUMBERS).items]
    chapter = "第一章/第一条/"
    assert found == [
        "第一章/第一条",
        chapter + "一/（一）",
        chapter + "一/（一）/1",
        chapter + "一/（一）/2",
        chapter + "一/（一）/2/（1）",
        chapter + "一/（一）/2/（1）/①",
        chapter + "一/（二）",
        chapter + "二/（三）",
        chapter + "二/（三）/3",
        chapter + "二/（三）/3",
    ]


BOOK = NameBook(
    units={"市发展和改革委员会": "dr", "市公安局": "ps", "市教育和体育局": "ed", "市工业和信息化局": "it"},
    aliases={"市发展改革委": "dr", "市教育局": "ed"},
    groups={"各县区": "counties"},
)


def test_names_are_matched_and_never_guessed() -> None:
    plan = _read("一、甲。（市发展改革委、公安局、市教育局、市经济和信息化局、各县区、县公安局负责）", BOOK)
    (item,) = plan.items
    assert item.leads == ["市发展和改革委员会"]
    assert item.supporting == ["市公安局", "市教育和体育局", "市经济和信息化局", "县公安局"]
    marks = {mark.name: (mark.resolved, mark.code) for mark in item.marks}
    assert marks["市发展改革委"] == ("市发展和改革委员会", "dr")
    assert marks["各县区"] == (None, "counties")
    doubts = {doubt.name: (doubt.code, doubt.suggestion) for doubt in plan.doubts}
    assert doubts["市经济和信息化局"] == ("unknown_unit", "市工业和信息化局")
    assert doubts["县公安局"] == ("unknown_unit", "市公安局")
    assert len(doubts) == 2


def test_an_empty_book_doubts_no_name() -> None:
    assert _read("一、甲。（某某局负责）").doubts == []


@pytest.mark.parametrize(
    ("text", "supporting"),
    [
        ("由县公安局牵头，县委政法委、县教体局配合，于年底前完成补盲。", ["县委政法委", "县教体局"]),
        ("由县公安局牵头，县教体局积极协助，做好巡查。", ["县教体局"]),
        ("由县水务局牵头，严格执行规定，配合做好巡查。", []),
        ("由县水务局牵头，主动与群众配合，做好巡查。", []),
    ],
)
def test_who_helps_in_a_running_sentence(text: str, supporting: list[str]) -> None:
    tail = find_running(text, NameBook())
    assert tail is not None and "read_from_words" in tail.doubts
    assert [one.name for one in tail.supporting] == supporting
