"""What is wrong in a pack, where, in both languages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from shiyu.kernel.words import Wrong


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
    "extra_forbidden": ("不认识的键 {key}", "unknown key {key}"),
    "string_pattern_mismatch": ("{key} 的写法不对：{input}", "{key} is not written as it must be: {input}"),
    "literal_error": ("{key} 应为 {expected} 之一", "{key} must be one of {expected}"),
    "enum": ("{key} 应为 {expected} 之一", "{key} must be one of {expected}"),
    "int_parsing": ("{key} 应为整数：{input}", "{key} must be a whole number: {input}"),
    "float_parsing": ("{key} 应为数字：{input}", "{key} must be a number: {input}"),
    "bool_parsing": ("{key} 应为 true 或 false：{input}", "{key} must be true or false: {input}"),
    "string_too_short": ("{key} 不能为空", "{key} must not be empty"),
    "string_type": ("{key} 应为文字", "{key} must be text"),
    "too_short": ("{key} 至少要有 {min_length} 项", "{key} needs at least {min_length}"),
    "tuple_type": ("{key} 应为列表", "{key} must be a list"),
    "frozen_set_type": ("{key} 应为列表", "{key} must be a list"),
    "dict_type": ("{key} 应为“键: 值”", "{key} must be keys with values"),
    "model_type": ("{key} 应为“键: 值”", "{key} must be keys with values"),
    "model_attributes_type": ("{key} 应为“键: 值”", "{key} must be keys with values"),
    "greater_than_equal": ("{key} 不能小于 {ge}", "{key} must be at least {ge}"),
    "less_than_equal": ("{key} 不能大于 {le}", "{key} must be at most {le}"),
}


def place_of(detail: dict[str, Any]) -> tuple[str | int, ...]:
    """Where in the model a pydantic error lies; a Wrong may point further down than its model."""
    wrong = detail.get("ctx", {}).get("error")
    return (*detail["loc"], *(wrong.path if isinstance(wrong, Wrong) else ()))


def sentences(detail: dict[str, Any]) -> tuple[str, str]:
    """A pydantic error in plain words, Chinese and English."""
    context = detail.get("ctx", {})
    wrong = context.get("error")
    if isinstance(wrong, Wrong):
        return wrong.zh, wrong.en
    names = [str(part) for part in detail["loc"] if part != "[key]"]
    key = names[-1] if names else ""
    values = {**context, "key": key, "input": detail.get("input")}
    kind = detail["type"]
    if kind.startswith(("date_", "time_", "datetime_")):
        given = values["input"]
        return f"{key} 不是有效的日期或时间：{given}", f"{key} is no valid date or time: {given}"
    if kind in _SENTENCES:
        zh, en = _SENTENCES[kind]
        return zh.format(**values), en.format(**values)
    return f"{key} 的写法不对（{detail['msg']}）", f"{key}: {detail['msg']}"
