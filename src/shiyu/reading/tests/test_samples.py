"""The three published documents: every task, lead, supporting unit and group, as read by eye."""

from pathlib import Path

import pytest

from shiyu.reading import NameBook, ReadPlan, read_plan

SAMPLES = Path(__file__).parent / "samples"

GUOFA_2019_3 = """
四/（一）/1 1 17 税务总局 | 财政部、海关总署 |
四/（一）/2 1 18 海关总署 | 财政部、税务总局 |
四/（一）/3 1 19 海关总署 | 商务部 |
四/（一）/4 1 20 商务部 | 海关总署 |
四/（一）/5 1 21 海关总署 | |
四/（二）/6 1 23 海关总署 | 商务部 | 有关部门
四/（二）/7 1 24 发展改革委 | 科技部、海关总署 |
四/（二）/8 1 25 市场监管总局 | 海关总署 |
四/（二）/9 1 26 药监局 | 海关总署 |
四/（三）/10 1 28 海关总署 | |
四/（三）/11 1 29 海关总署 | |
四/（三）/12 1 30 发展改革委 | 海关总署 |
四/（三）/13 1 31 海关总署 | 文化和旅游部、文物局 |
四/（四）/14 1 33 商务部 | 工业和信息化部、生态环境部、海关总署 |
四/（四）/15 1 34 商务部 | 发展改革委、工业和信息化部、海关总署 |
四/（四）/16 1 35 海关总署 | |
四/（五）/17 1 37 海关总署 | 财政部、税务总局 |
四/（五）/18 1 38 商务部 | 海关总署 | 有关部门
四/（五）/19 1 39 海关总署 | 财政部、商务部 |
四/（五）/20 1 40 海关总署 | 证监会 |
四/（五）/21 1 41 海关总署 | 商务部 | 有关部门
"""

GUOBANFA_2018_117 = """
一 1 6 市场监管总局 | |
二 1 7 商务部 | |
三 1 8 国家发展改革委 | |
四 1 9 国家发展改革委 | |
五 1 10 财政部 | |
六 1 11 交通运输部 | 财政部 |
七 1 12 水利部 | 国家发展改革委 |
八 1 13 人民银行 | 银保监会、证监会 |
九 1 14 自然资源部 | |
十 1 15 农业农村部 | |
十一 1 16 商务部 | |
十二 1 17 科技部 | |
十三 1 18 科技部 | 财政部 |
十四 1 19 国家发展改革委 | |
十五 1 20 工业和信息化部 | |
十六 1 21 国家发展改革委 | | 有关部门
十七 1 22 国家发展改革委 | | 有关部门
十八 1 23 国家发展改革委 | 财政部 | 有关部门
十九 1 24 市场监管总局 | |
二十 1 25 教育部 | | 有关部门
二十一 1 26 财政部 | 人力资源社会保障部 |
二十二 1 27 财政部 | 国务院扶贫办 |
二十三 1 28 国家发展改革委 | |
二十四 1 29 住房城乡建设部 | 国家发展改革委、财政部 |
二十五 1 30 国家卫生健康委 | 财政部 |
二十六 1 31 国家发展改革委 | 财政部、民政部 |
二十七 1 32 生态环境部 | 财政部 |
二十八 1 33 水利部 | 财政部 |
二十九 1 34 农业农村部 | 财政部 |
三十 1 35 国务院办公厅 | |
"""

GUOBANFA_2018_121 = """
二/（四） 1 15 体育总局 | 民政部、人力资源社会保障部 |
二/（五） 1 16 体育总局 | 北京冬奥组委 |
二/（六） 1 17 体育总局 | |
二/（七） 1 18 体育总局 | 北京冬奥组委 |
二/（八） 1 19 体育总局 | 文化和旅游部 |
三/（九） 1 21 体育总局 | 市场监管总局 |
三/（十） 1 22 市场监管总局 | |
三/（十） 2 22 体育总局 | 教育部 |
三/（十） 3 22 体育总局 | 网信办、科技部、工业和信息化部 |
三/（十一） 1 23 体育总局 | 民政部 |
三/（十二） 1 24 体育总局 | 公安部、市场监管总局、财政部 |
三/（十三） 1 25 体育总局 | 教育部、住房城乡建设部 |
三/（十三） 2 25 体育总局 | 公安部、应急部 |
三/（十三） 3 25 银保监会 | 人民银行、体育总局 |
四/（十四） 1 27 发展改革委 | 工业和信息化部、体育总局 |
四/（十五） 1 28 体育总局 | 公安部、标准委、统计局 |
四/（十六） 1 29 广电总局 | 版权局、司法部、体育总局 |
四/（十七） 1 30 体育总局 | 外交部、公安部、海关总署、交通运输部 |
五/（十八） 1 32 公安部 | 工业和信息化部、交通运输部、水利部、海洋局、空管委办公室 |
五/（十八） 2 32 体育总局 | 发展改革委、公安部、市场监管总局 |
五/（十九） 1 33 体育总局 | 人民银行、银保监会、证监会、财政部 |
"""

EXPECTED = {
    "guofa-2019-3.docx": (
        GUOFA_2019_3,
        "国务院关于促进综合保税区高水平开放高质量发展的若干意见",
        "国发〔2019〕3号",
    ),
    "guobanfa-2018-117.docx": (
        GUOBANFA_2018_117,
        "国务院办公厅关于对真抓实干成效明显地方进一步加大激励支持力度的通知",
        "国办发〔2018〕117号",
    ),
    "guobanfa-2018-121.docx": (
        GUOBANFA_2018_121,
        "国务院办公厅关于加快发展体育竞赛表演产业的指导意见",
        "国办发〔2018〕121号",
    ),
}


def _read(name: str) -> ReadPlan:
    return read_plan(SAMPLES / name, filename=name, names=NameBook())


def _line(item) -> str:
    names = " | ".join("、".join(one) for one in (item.leads, item.supporting, item.groups))
    return " ".join(f"{'/'.join(item.path)} {item.part} {item.source.paragraph} {names}".split())


@pytest.mark.parametrize("name", EXPECTED)
def test_every_task_lead_and_supporting_unit(name: str) -> None:
    table, title, number = EXPECTED[name]
    plan = _read(name)
    assert [_line(item) for item in plan.items] == [
        " ".join(line.split()) for line in table.strip().splitlines()
    ]
    assert (plan.title, plan.document_number) == (title, number)
    assert plan.doubts == []


@pytest.mark.parametrize("name", EXPECTED)
def test_each_paragraph_is_an_item_or_context_and_no_word_is_lost(name: str) -> None:
    plan = _read(name)
    for paragraph in plan.paragraphs:
        parts = [item for item in plan.items if item.source == paragraph.source]
        context = [entry for entry in plan.context if entry.source == paragraph.source]
        words = "".join(item.text + item.tail for item in parts) + "".join(entry.text for entry in context)
        own = paragraph.text if context else paragraph.text.split(parts[0].text[:5])[1]
        assert "".join(own.split()) in "".join(words.split()), paragraph.text[:30]


def test_parts_have_the_sentences_before_their_tail() -> None:
    parts = [item.text for item in _read("guobanfa-2018-121.docx").items if item.number == "（十）"]
    assert [text[:6] for text in parts] == ["鼓励创新创业", "加强体育产业", "重视和鼓励新"]
    assert parts[0].endswith("产业准入环境。")


def test_json_has_the_keys_of_the_interface() -> None:
    data = _read("guofa-2019-3.docx").to_json()
    item = data["items"][0]
    assert item["path"] == ["四", "（一）", "1"] and item["number"] == "1" and item["part"] == 1
    assert item["source"] == {"paragraph": 17}
    assert item["deadline"] == {"kind": "none", "date": None, "text": "", "every": None}
    assert set(data) >= {"title", "document_number", "items", "context", "doubts"}
    start, end = item["marks"][1]["start"], item["marks"][1]["end"]
    assert data["paragraphs"][16]["text"][start:end] == "税务总局"
