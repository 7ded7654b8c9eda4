"""What a pack's form takes: the values of its fields read and checked, and shown again in words.

A value is kept as plain JSON under the field's code: texts as they are, numbers and dates as text (`12.5`,
`2026-11-20`), yes and no as true and false, a choice as its code. What was left empty is not kept. Files are
no value: they hang on the thing itself, under the field's code.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from shiyu.kernel.spec.matters import FieldType, FormField
from shiyu.kernel.spec.people import CodeList
from shiyu.kernel.words import Label, Reason, label

Form = Mapping[str, FormField]
Codes = Mapping[str, CodeList]
Stored = str | bool

LONGEST = {FieldType.TEXT: 200, FieldType.LONG_TEXT: 4000}
"""Most characters of a text whose field names no number of its own."""
DIGITS, PLACES = 14, 2
"""A number has at most so many digits, so many of them behind the point."""
YES, NO = label("是", "Yes"), label("否", "No")

KIND_COLUMNS = {"aim": "goal", "measures": "measures"}
"""Fields of a kind that fill columns of the problem list (domain.md 1.16) instead of standing by themselves."""
CYCLE_COLUMNS = {"problems": "issues", "next_steps": "next_steps", "needs_decision": "coordination"}
"""Fields of a cycle that fill columns of the progress list (domain.md 1.16)."""


@dataclass(frozen=True)
class Fault:
    """One value that cannot be taken: its field's code, and why, naming the field."""

    field: str
    reason: Reason


def longest(field: FormField) -> int:
    """Most characters of a text field."""
    return field.max_length or LONGEST.get(field.type, 0)


def read_values(form: Form, values: Mapping[str, Any], codes: Codes) -> tuple[dict[str, Stored], list[Fault]]:
    """The values as they are kept, and every fault: an unknown field, a required one that is empty, a wrong value.

    A value may come as text (a page, a workbook, the API) or as what it means (a date, a number, true). Fields of
    files are left out: whoever keeps the files asks `missing_files`.
    """
    faults = [
        Fault(name, Reason("unknown_field", f"表单没有字段 {name}。", f"The form has no field {name}."))
        for name in values
        if name not in form or form[name].type is FieldType.FILES
    ]
    kept: dict[str, Stored] = {}
    for name, field in form.items():
        if field.type is FieldType.FILES:
            continue
        given = values.get(name)
        if given is None or (isinstance(given, str) and not given.strip()):
            if field.required:
                faults.append(Fault(name, _missing(field)))
            continue
        value, wrong = _read(field, given, codes)
        if wrong is not None:
            faults.append(Fault(name, wrong))
        elif value is not None:
            kept[name] = value
    return kept, faults


def missing_files(form: Form, given: Mapping[str, int]) -> list[Fault]:
    """Required fields of files for which none was given (`given`: how many by code), and codes that are no such
    field."""
    wanted = {name: field for name, field in form.items() if field.type is FieldType.FILES}
    faults = [
        Fault(name, _missing(field))
        for name, field in wanted.items()
        if field.required and not given.get(name)
    ]
    unknown = [name for name, count in given.items() if count and name not in wanted]
    return faults + [
        Fault(
            name,
            Reason("unknown_field", f"表单没有附件字段 {name}。", f"The form has no field of files {name}."),
        )
        for name in unknown
    ]


def shown(field: FormField, value: Stored | None, codes: Codes, language: str) -> str:
    """A kept value in words, empty for none; a code that left the list since is shown as it is."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return (YES if value else NO).text(language)
    if field.type is FieldType.CODE:
        word = choices(field, codes).get(value)
        return word.text(language) if word else value
    return value


def choices(field: FormField, codes: Codes) -> Mapping[str, Label]:
    """What may be chosen: the list of a code, yes and no for a bool; nothing for the others."""
    if field.type is FieldType.BOOL:
        return {"yes": YES, "no": NO}
    listed = codes.get(field.list or "") if field.type is FieldType.CODE else None
    return listed.values if listed else {}


def _missing(field: FormField) -> Reason:
    return Reason("field_missing", f"请填写“{field.label.zh}”。", f"Fill in “{field.label.en}”.")


def _wrong(field: FormField, zh: str, en: str) -> tuple[None, Reason]:
    return None, Reason("field_wrong", f"“{field.label.zh}”{zh}。", f"“{field.label.en}” {en}.")


def _read(field: FormField, given: Any, codes: Codes) -> tuple[Stored | None, Reason | None]:
    if field.type is FieldType.NUMBER:
        return _number(field, given)
    if field.type is FieldType.DATE:
        return _day(field, given)
    if field.type is FieldType.BOOL:
        return _bool(field, given)
    text = str(given).replace("\r\n", "\n").strip()
    if field.type is FieldType.CODE:
        if text in choices(field, codes):
            return text, None
        return _wrong(field, "请从列表中选择", "must be one of its list")
    if len(text) > longest(field):
        most = longest(field)
        return _wrong(field, f"超过{most}字", f"is longer than {most} characters")
    if field.type is FieldType.TEXT and "\n" in text:
        return _wrong(field, "只能写一行", "must be one line")
    return text, None


def _number(field: FormField, given: Any) -> tuple[Stored | None, Reason | None]:
    try:
        number = Decimal(str(given).strip().replace(",", "").replace("，", ""))
    except InvalidOperation:
        return _wrong(field, "不是数字", "is not a number")
    if isinstance(given, bool) or not number.is_finite():
        return _wrong(field, "不是数字", "is not a number")
    if abs(number) >= 10 ** (DIGITS - PLACES) or number != round(number, PLACES):
        zh = f"位数过多（整数最多{DIGITS - PLACES}位，小数最多{PLACES}位）"
        return _wrong(
            field, zh, f"has too many digits (at most {DIGITS - PLACES} and {PLACES} behind the point)"
        )
    if field.least is not None and number < field.least:
        return _wrong(field, f"不能少于{field.least}", f"is at least {field.least}")
    if field.most is not None and number > field.most:
        return _wrong(field, f"不能超过{field.most}", f"is at most {field.most}")
    return f"{number:f}".rstrip("0").rstrip(".") if "." in f"{number:f}" else f"{number:f}", None


def _day(field: FormField, given: Any) -> tuple[Stored | None, Reason | None]:
    if isinstance(given, dt.datetime):
        return given.date().isoformat(), None
    if isinstance(given, dt.date):
        return given.isoformat(), None
    try:
        return dt.date.fromisoformat(str(given).strip()).isoformat(), None
    except ValueError:
        return _wrong(field, "不是日期，请写成2026-11-20", "is not a date; write it as 2026-11-20")


def _bool(field: FormField, given: Any) -> tuple[Stored | None, Reason | None]:
    known = {"yes": True, "true": True, "是": True, "no": False, "false": False, "否": False}
    found = given if isinstance(given, bool) else known.get(str(given).strip().lower())
    return (found, None) if found is not None else _wrong(field, "请选“是”或“否”", "must be yes or no")
