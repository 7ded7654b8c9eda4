"""What is wrong in a pack, where, in both languages."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel

from shiyu.kernel.near import hint, nearest_name
from shiyu.kernel.words import Wrong
from shiyu.packs.read.advice import BLANK, COLON
from shiyu.packs.read.shape import keys_of, model_at, written


@dataclass(frozen=True, order=True)
class PackError:
    """One error: file below the pack's folder, line (1 is the first), and the sentence in both languages."""

    file: str
    line: int
    message_zh: str
    message_en: str

    def text(self, language: str = "zh") -> str:
        """`file:line: sentence`, Chinese unless the language begins with en."""
        message = self.message_en if language.startswith("en") else self.message_zh
        return f"{self.file}:{self.line}: {message}"


class PackFaulty(Exception):
    """The pack has errors; `errors` holds all of them, in order of file and line."""

    def __init__(self, errors: list[PackError]) -> None:
        super().__init__("\n".join(error.text("en") for error in errors))
        self.errors = errors


_SENTENCES = {
    "missing": ("缺少 {key}", "{key} is missing"),
    "int_parsing": ("{key}应为整数：{input}", "{key} must be a whole number: {input}"),
    "int_from_float": ("{key}应为整数：{input}", "{key} must be a whole number: {input}"),
    "int_type": ("{key}应为整数", "{key} must be a whole number"),
    "float_parsing": ("{key}应为数字：{input}", "{key} must be a number: {input}"),
    "float_type": ("{key}应为数字", "{key} must be a number"),
    "bool_parsing": ("{key}应为 true 或 false：{input}", "{key} must be true or false: {input}"),
    "bool_type": ("{key}应为 true 或 false", "{key} must be true or false"),
    "string_too_short": ("{key}不能为空", "{key} must not be empty"),
    "string_type": ("{key}应为文字", "{key} must be text"),
    "too_short": ("{key}至少要有 {min_length} 项", "{key} needs at least {min_length}"),
    "tuple_type": ("{key}应为列表，写在 [ ] 中", "{key} must be a list, written in [ ]"),
    "frozen_set_type": ("{key}应为列表，写在 [ ] 中", "{key} must be a list, written in [ ]"),
    "dict_type": ("{key}应为“键: 值”", "{key} must be keys with values"),
    "greater_than_equal": ("{key}不能小于 {ge}", "{key} must be at least {ge}"),
    "less_than_equal": ("{key}不能大于 {le}", "{key} must be at most {le}"),
}
_PATTERNS = {
    "{12}": ("应为12位数字，写在引号里", "12 digits, in quotes"),
    "[\\w-]": ("应为城市包里的文件，例如 seed/areas.csv", "a file of the pack, such as seed/areas.csv"),
    "[a-z]": (
        "只能用小写拉丁字母、数字和下划线，以字母开头",
        "small Latin letters, digits and underscores only, beginning with a letter",
    ),
}
"""What a pattern wants, by a piece of it."""


def place_of(detail: dict[str, Any]) -> tuple[str | int, ...]:
    """Where in the model a pydantic error lies; a Wrong may point further down than its model."""
    wrong = detail.get("ctx", {}).get("error")
    return (*detail["loc"], *(wrong.path if isinstance(wrong, Wrong) else ()))


def causes(details: Sequence[Any]) -> list[Any]:
    """The errors of a model without each “missing” that follows from the same key misspelt beside it."""
    absent = {tuple(one["loc"]) for one in details if one["type"] == "missing"}
    meant = set()
    for one in details:
        if one["type"] == "extra_forbidden":
            *above, key = one["loc"]
            beside = [loc[-1] for loc in absent if loc[:-1] == tuple(above)]
            meant.add((*above, nearest_name(str(key), [str(name) for name in beside])))
    return [one for one in details if one["type"] != "missing" or tuple(one["loc"]) not in meant]


def sentences(detail: dict[str, Any], model: type[BaseModel]) -> tuple[str, str]:
    """A pydantic error about such a model in plain words, Chinese and English."""
    context, kind, given = detail.get("ctx", {}), detail["type"], detail.get("input")
    wrong = context.get("error")
    if isinstance(wrong, Wrong):
        return wrong.zh, wrong.en
    zh, en = _named(detail["loc"])
    if kind == "extra_forbidden":
        return _unknown_key(str(detail["loc"][-1]), keys_of(model_at(model, detail["loc"][:-1])))
    if kind in ("literal_error", "enum"):
        said = hint(str(given), _QUOTED.findall(str(context.get("expected"))))
        return f"{zh}不能是 {given}{said[0]}", f"{en} cannot be {given}{said[1]}"
    if kind in ("model_type", "model_attributes_type"):
        how = f"{en.split(' of ')[-1]}: {written(model_at(model, detail['loc']))}"
        return f"{zh}应为“键: 值”，写作 {how}", f"{en} must be keys with values, written `{how}`"
    if kind == "string_pattern_mismatch":
        wants = next(said for piece, said in _PATTERNS.items() if piece in context["pattern"])
        if detail["loc"][-1] == "[key]":
            return (
                f"代码 {given} 的写法不对：{wants[0]}",
                f"the code {given} is not written as it must be: {wants[1]}",
            )
        return (
            f"{zh}的写法不对：{given}；{wants[0]}",
            f"{en} is not written as it must be: {given}; {wants[1]}",
        )
    if kind.startswith(("date_", "time_", "datetime_")):
        return f"{zh}不是有效的日期或时间：{given}", f"{en} is no valid date or time: {given}"
    if kind in _SENTENCES:
        in_zh, in_en = _SENTENCES[kind]
        return in_zh.format(key=zh, input=given, **context).strip(), in_en.format(
            key=en, input=given, **context
        )
    return f"{zh}的写法不对：{given}", f"{en} is not written as it must be: {given}"


_QUOTED = re.compile(r"'([^']*)'")
_PARTS = ("[key]", "value", "list", "range")
"""Steps of a place that stand in no file: they tell which part of a model was tried."""


def _named(loc: Sequence[str | int]) -> tuple[str, str]:
    """The key a place ends with, and which of its list where it is one of several."""
    steps = [part for n, part in enumerate(loc) if part not in _PARTS or (n == 0 and part != "[key]")]
    items = [part for part in steps if isinstance(part, str)]
    key = items[-1] if items else ""
    if steps and isinstance(steps[-1], int):
        return f"{key} 的第{steps[-1] + 1}项", f"item {steps[-1] + 1} of {key}"
    return f"{key} ", key


def _unknown_key(key: str, known: list[str]) -> tuple[str, str]:
    if "：" in key:
        zh, en = COLON
    elif ":" in key:
        zh, en = BLANK
    else:
        said = hint(key, known)
        return f"不认识的键 {key}{said[0]}", f"unknown key {key}{said[1]}"
    return f"不认识的键 {key}：{zh}", f"unknown key {key}: {en}"
