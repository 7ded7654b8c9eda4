"""Values of a pack's form: taken as they are meant, refused with the field's name, shown in both languages."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shiyu.kernel.fields import missing_files, read_values, shown
from shiyu.kernel.spec.matters import FormField
from shiyu.kernel.spec.people import CodeList

CODES = {
    "grade": CodeList.model_validate(
        {
            "label": {"zh": "等级", "en": "Grade"},
            "values": {"high": {"zh": "高", "en": "High"}, "low": {"zh": "低", "en": "Low"}},
        }
    )
}


def field(kind: str, zh: str = "栏", en: str = "Field", **more: Any) -> FormField:
    return FormField.model_validate({"label": {"zh": zh, "en": en}, "type": kind, **more})


FORM = {
    "name": field("text", "名称", "Name", required=True),
    "story": field("long_text", "经过", "Story", max_length=10),
    "people": field("number", "人数", "People"),
    "on": field("date", "日期", "Day"),
    "hurt": field("bool", "有无受伤", "Anybody hurt", required=True),
    "grade": field("code", "等级", "Grade", list="grade"),
    "plan": field("files", "图纸", "Drawing", required=True),
}


def test_values_are_kept_as_plain_json_whatever_they_came_as() -> None:
    typed = {
        "name": " 桥 ",
        "people": "1,200",
        "on": "2026-11-20",
        "hurt": "no",
        "grade": "high",
        "story": "",
    }
    meant = {
        "name": "桥",
        "people": Decimal("1200.0"),
        "on": dt.date(2026, 11, 20),
        "hurt": False,
        "grade": "high",
    }
    kept = {"name": "桥", "people": "1200", "on": "2026-11-20", "hurt": False, "grade": "high"}
    assert read_values(FORM, typed, CODES) == (kept, [])
    assert read_values(FORM, meant, CODES) == (kept, [])


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("colour", "red", "表单没有字段 colour。"),
        ("plan", "a.pdf", "表单没有字段 plan。"),
        ("name", "", "请填写“名称”。"),
        ("name", "两\n行", "“名称”只能写一行。"),
        ("name", "长" * 201, "“名称”超过200字。"),
        ("story", "长" * 11, "“经过”超过10字。"),
        ("people", "若干", "“人数”不是数字。"),
        ("people", True, "“人数”不是数字。"),
        ("people", "NaN", "“人数”不是数字。"),
        ("people", "1.005", "“人数”位数过多（整数最多12位，小数最多2位）。"),
        ("on", "11月20日", "“日期”不是日期，请写成2026-11-20。"),
        ("hurt", "也许", "“有无受伤”请选“是”或“否”。"),
        ("hurt", None, "请填写“有无受伤”。"),
        ("grade", "middle", "“等级”请从列表中选择。"),
    ],
)
def test_a_value_that_cannot_be_taken_is_refused_by_its_fields_name(
    name: str, value: Any, words: str
) -> None:
    kept, faults = read_values(FORM, {"name": "桥", "hurt": True} | {name: value}, CODES)
    assert [(fault.field, fault.reason.zh) for fault in faults] == [(name, words)]
    assert name not in kept and faults[0].reason.en


def test_all_faults_come_at_once() -> None:
    faults = read_values(FORM, {"people": "x", "on": "y"}, CODES)[1]
    assert {fault.field for fault in faults} == {"name", "people", "on", "hurt"}


def test_files_are_asked_for_by_name() -> None:
    assert [fault.field for fault in missing_files(FORM, {})] == ["plan"]
    assert missing_files(FORM, {"plan": 1}) == []
    assert [fault.field for fault in missing_files(FORM, {"plan": 1, "name": 2})] == ["name"]


def test_kept_values_are_shown_in_both_languages() -> None:
    assert shown(FORM["hurt"], False, CODES, "zh-hans") == "否"
    assert shown(FORM["hurt"], True, CODES, "en") == "Yes"
    assert shown(FORM["grade"], "high", CODES, "en") == "High"
    assert shown(FORM["grade"], "gone", CODES, "zh-hans") == "gone"  # left the list since
    assert shown(FORM["on"], None, CODES, "zh-hans") == ""


@given(st.decimals(-999_999_999, 999_999_999, places=2, allow_nan=False))
def test_a_number_is_kept_exactly(number: Decimal) -> None:
    kept, faults = read_values({"n": field("number")}, {"n": number}, {})
    assert faults == [] and Decimal(str(kept["n"])) == number


def test_a_length_belongs_to_texts() -> None:
    with pytest.raises(ValueError):
        field("number", max_length=5)
