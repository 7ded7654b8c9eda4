"""Whatever text comes in.

Every character comes out in an item or in context, and only Refused is ever raised.
"""

import random
from collections import Counter

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shiyu.reading import NameBook, ReadPlan, Refused, read_plan
from shiyu.reading.tests.factories import sheet_bytes, word_table, word_text

PIECES = [
    "一、", "（一）", "1.", "1．", "（1）", "①", "第一条", "1.1 ", "推进甲工作", "加强管理。",
    "，", "。", "；", "（", "）", "(", ")", "【", "】", "市公安局", "市教育局",
    "市委宣传部（市政府新闻办）", "各县区", "各有关部门", "牵头", "负责", "配合", "会同", "等",
    "、", "和", "以及", "牵头单位：", "责任单位：", "配合单位：", "完成时限：", "2022年12月底前",
    "年底前完成", "长期坚持", "每季度", "下同", "\n", " ", "\t", "分别", "按职责分工",
    "排在第一位的部门为牵头部门", "责任领导：", "张某", "“", "”", "3.5亿元", "注：", "序号",
    "工作任务", "备注",
]  # fmt: skip
TEXTS = st.lists(st.sampled_from(PIECES), min_size=1, max_size=30).map("".join)
BOOK = NameBook({"市公安局": "a", "市教育局": "b"}, {"公安局": "a"}, {"各县区": "g"})


def _missing(plan: ReadPlan) -> Counter[str]:
    """Characters of the source paragraphs that stand neither in an item nor in context."""
    missing: Counter[str] = Counter()
    for paragraph in plan.paragraphs:
        missing.update("".join(paragraph.text.split()))
    for item in plan.items:
        words = item.text + item.tail + item.deadline.text + "".join(item.extra.values())
        missing.subtract(_plain("".join([words, *item.leads, *item.supporting, *item.groups])))
    for entry in plan.context:
        missing.subtract(_plain(entry.text))
    for paragraph in plan.paragraphs:
        missing.subtract(_plain(paragraph.number))
    for sign in " 、.．:：，,；;。（）()":  # the marks around a number are the number's own
        missing.pop(sign, None)
    return Counter({sign: count for sign, count in missing.items() if count > 0})


def _plain(text: str) -> str:
    return "".join(text.split())


@settings(max_examples=400, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
@given(st.one_of(TEXTS, st.text(max_size=120)), st.booleans())
def test_no_character_of_a_pasted_text_is_lost(text: str, with_book: bool) -> None:
    try:
        plan = read_plan(text, filename="", names=BOOK if with_book else NameBook(), year=2022)
    except Refused as refused:
        assert refused.code in ("empty", "secret", "no_task_column")
        return
    assert sum(len(_plain(one.text)) for one in plan.paragraphs) > 0
    assert not _missing(plan), (text, plan.to_json())


@settings(max_examples=150, deadline=None, derandomize=True)
@given(st.text(alphabet="一二（）1.市局、，。：负责牵头年月底前 ", max_size=60))
def test_marks_point_at_the_words_they_name(text: str) -> None:
    try:
        plan = read_plan(text, filename="", names=NameBook(), year=2022)
    except Refused:
        return
    texts = {one.source.paragraph: one.text for one in plan.paragraphs}
    for item in plan.items:
        for mark in item.marks:
            found = texts[mark.paragraph or item.source.paragraph][mark.start : mark.end]
            if mark.kind in ("lead", "supporting"):
                assert _plain(found) == _plain(mark.name)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(
    st.lists(st.lists(st.sampled_from([*PIECES[:40], ""]), min_size=4, max_size=4), min_size=1, max_size=8)
)
def test_every_row_of_a_table_is_an_item_or_context(rows: list[list[str]]) -> None:
    rows = [["序号", "工作任务", "牵头单位", "完成时限"], *rows]
    plan = read_plan(sheet_bytes({"表": rows}), filename="a.xlsx", names=NameBook(), year=2022)
    sources = {item.source for item in plan.items} | {entry.source for entry in plan.context}
    assert {one.source for one in plan.paragraphs} <= sources


def test_random_bytes_raise_nothing_but_refused() -> None:
    chance = random.Random(20260301)
    whole = {
        ".docx": word_table(
            [["序号", "任务", "责任单位"], ["1", "甲", "市公安局"]], above=["一、甲。（市公安局负责）"]
        ),
        ".xlsx": sheet_bytes({"a": [["序号", "任务", "责任单位"], ["1", "甲", "市公安局"]]}),
        ".csv": "序号,任务,责任单位\n1,甲,市公安局".encode("gb18030"),
        ".txt": "一、甲。（市公安局负责）".encode(),
    }
    for extension, data in whole.items():
        for _turn in range(150):
            broken = bytearray(data)
            for _hit in range(chance.randint(1, 12)):
                broken[chance.randrange(len(broken))] = chance.randrange(256)
            _only_refused(
                bytes(broken[: chance.choice([len(broken), chance.randrange(len(broken))])]), extension
            )
            _only_refused(chance.randbytes(chance.randint(0, 300)), extension)
            _only_refused(b"PK\x03\x04" + chance.randbytes(100), extension)


def _only_refused(data: bytes, extension: str) -> None:
    try:
        read_plan(data, filename="x" + extension, names=NameBook())
    except Refused as refused:
        assert refused.text_zh and refused.text_en


def test_words_between_two_tails_below_a_task_stay_visible() -> None:
    plan = read_plan("一、做甲\n牵头单位：甲局。另有说明 配合单位：乙局", filename="", names=NameBook())
    assert not _missing(plan)


def test_a_tail_without_a_task_stays_visible() -> None:
    plan = read_plan(word_text(["1.（市公安局负责）"]), filename="a.docx", names=NameBook())
    assert plan.items == [] and "市公安局" in plan.context[0].text
    assert "orphan_tail" in {doubt.code for doubt in plan.doubts}
