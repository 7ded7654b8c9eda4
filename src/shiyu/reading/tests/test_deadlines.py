"""Words of time → deadlines."""

import pytest

from shiyu.reading import NameBook, read_plan
from shiyu.reading.deadlines import find_in_prose, parse_deadline

CELLS = {
    "2022年12月底前": "2022-12-31",
    "2022年12月31日前": "2022-12-31",
    "年底前": "2022-12-31",
    "今年底": "2022-12-31",
    "第三季度": "2022-09-30",
    "三季度末": "2022-09-30",
    "2023年第一季度": "2023-03-31",
    "6月底前": "2022-06-30",
    "2月底": "2022-02-28",
    "2024年2月底": "2024-02-29",
    "9月上旬": "2022-09-10",
    "上半年": "2022-06-30",
    "2023年下半年": "2023-12-31",
    "2022-12-31": "2022-12-31",
    "2022/6/3": "2022-06-03",
    "2022.12": "2022-12-31",
    "20221231": "2022-12-31",
    "2022年": "2022-12-31",
    "2021-2023年": "2023-12-31",
    "2022年3月—12月": "2022-12-31",
    "1-6月": "2022-06-30",
    "明年6月底前": "2023-06-30",
    "长期坚持": "ongoing",
    "持续推进": "ongoing",
    "常态化": "ongoing",
    "每季度": "recurring quarter",
    "每年": "recurring year",
    "每年12月底前": "recurring year",
    "每月25日前": "recurring month",
    "按季度": "recurring quarter",
    "每半年": "recurring half-year",
    "尽快": "none",
}


@pytest.mark.parametrize("words", CELLS)
def test_a_cell(words: str) -> None:
    deadline, doubt = parse_deadline(words, 2022)
    assert " ".join(filter(None, [deadline.date or deadline.kind, deadline.every])) == CELLS[words]
    assert deadline.text == words
    assert bool(doubt) == (deadline.kind == "none")


def test_a_date_without_any_year_is_doubted() -> None:
    deadline, doubt = parse_deadline("6月底前", None)
    assert (deadline.kind, doubt) == ("none", "no_year")


def test_the_date_of_completion_wins_and_is_doubted() -> None:
    deadline, doubt = parse_deadline("2022年3月启动，9月底前完成，11月总结", 2021)
    assert (deadline.date, doubt) == ("2022-09-30", "several_dates")


def test_a_day_that_does_not_exist_is_doubted() -> None:
    assert parse_deadline("2022年2月30日", None)[1] == "impossible_date"


PROSE = {
    "2022年6月底前完成改造。": "2022-06-30",
    "力争年底前建成。": "2022-12-31",
    "到2025年，总规模达到2万亿元。": "2025-12-31",
    "压实责任，长期坚持。": "ongoing",
    "每季度召开一次会议。": "recurring",
    "每年2月底前报送名单。": "recurring",
    "将2016年实施的措施调整。": "",
    "持续推进“放管服”改革。": "",
    "6月底前完成甲，9月底前完成乙。": "",
    "2022年重点项目12个。": "",
}


@pytest.mark.parametrize("text", PROSE)
def test_running_words_count_only_when_clear(text: str) -> None:
    found, _doubt = find_in_prose(text, 2022)
    assert ((found.deadline.date or found.deadline.kind) if found else "") == PROSE[text]


YEARS = {
    "某市2023年工作要点\n某府发〔2022〕9号": "2023-12-31",
    "某市工作方案\n某府发〔2021〕9号": "2021-12-31",
    "某市三年行动计划（2021—2023年）\n某府发〔2022〕9号": "2022-12-31",
}


@pytest.mark.parametrize("head", YEARS)
def test_the_documents_year_is_used(head: str) -> None:
    plan = read_plan(head + "\n一、做甲。（甲局牵头，年底前完成）", filename="", names=NameBook())
    assert plan.items[0].deadline.date == YEARS[head]


def test_the_date_line_gives_the_year() -> None:
    plan = read_plan(
        "工作方案\n一、做甲，年底前完成。（甲局负责）\n某市人民政府\n2020年5月1日",
        filename="",
        names=NameBook(),
    )
    assert plan.items[0].deadline.date == "2020-12-31"
    assert plan.items[0].deadline.text == "年底前"
