"""What to do about a file that is no YAML: the usual slips found in the lines themselves, else the parser's complaint in
plain words."""

from __future__ import annotations

import re

import yaml

Sentence = tuple[str, str]

COLON: Sentence = (
    "用了全角冒号“：”，键后面要用半角冒号加一个空格（键: 值）",
    "a full-width colon “：” is used; write a plain one and a blank (`key: value`)",
)
COMMA: Sentence = (
    "用了全角逗号“，”，括号内各项之间要用半角逗号",
    "a full-width comma “，” is used; put plain ones between the parts",
)
BLANK: Sentence = ("冒号后缺空格，写成“键: 值”", "a blank is missing behind the colon; write `key: value`")
QUOTES: Sentence = (
    '值里有 {{…}} 要加引号，例如 "问〔{{year}}〕{{n}}号"',
    'a value with {{…}} must stand in quotes, such as "问〔{{year}}〕{{n}}号"',
)

_KEY = r"(?:^|[{,，\[])\s*(?:-\s+)?[^\s{}\[\],，:：\"']+"
_SLIPS: tuple[tuple[re.Pattern[str], Sentence], ...] = (
    (
        re.compile(r"^ *\t"),
        ("行首用了 Tab，缩进只能用空格", "the line begins with a tab; indent with blanks only"),
    ),
    (
        re.compile(r"[｛｝［］]"),
        ("用了全角括号，要用半角 { } [ ]", "full-width brackets are used; write { } [ ]"),
    ),
    (re.compile(_KEY + r"\s*：(?:\s|$|[{\[\w])"), COLON),
    (re.compile(r"[{,，].*，\s*[A-Za-z_]\w*\s*[:：]"), COMMA),
    (re.compile(r"\{\{"), QUOTES),
    (re.compile(r"(?:^|[{,])\s*(?:-\s+)?[A-Za-z_]\w*:(?=[^\s:/])"), BLANK),
    (
        re.compile(r":\s+[@`%*&!]\S*|:\s+[&*]\s"),
        ("值以特殊符号开头，要加引号", "a value that begins with a special sign must stand in quotes"),
    ),
)
_COMPLAINTS: tuple[tuple[str, Sentence], ...] = (
    ("quoted scalar", ("引号没有配对", "a quote is not closed")),
    (
        "expected ',' or",
        ("括号没有配对，或者少了逗号", "a bracket is not closed, or a comma is missing"),
    ),
    (
        "mapping values",
        (
            "缩进与上一行不一致，或者值里有冒号而没有加引号",
            "it is indented unlike the line before, or a value with a colon lacks its quotes",
        ),
    ),
    (
        "expected",
        (
            "缩进与上一行不一致，或者多了括号、少了“- ”",
            "it is indented unlike the line before, or a bracket is too many, or a “- ” is missing",
        ),
    ),
    ("tab", _SLIPS[0][1]),
)
_OTHER: Sentence = ("请检查缩进、冒号、引号和括号", "check indentation, colons, quotes and brackets")
LOOKED_BACK = 2
"""The parser often notices a slip only some lines later."""


def advice(text: str, error: yaml.YAMLError) -> tuple[int, str, str]:
    """The line (1 is the first) where a text stops being YAML, and what to do, Chinese and English."""
    mark, began = getattr(error, "problem_mark", None), getattr(error, "context_mark", None)
    at = mark.line if mark else 0
    lines = text.split("\n")
    near = range(at, max(at - LOOKED_BACK, 0) - 1, -1)
    for n in (*near, *([began.line] if began else [])):
        found = slip(lines[n]) if n < len(lines) else None
        if found is not None:
            return n + 1, *_said(found)
    complaint = f"{getattr(error, 'context', None) or ''} {getattr(error, 'problem', None) or ''}"
    said = next((said for words, said in _COMPLAINTS if words in complaint), _OTHER)
    from_beginning = began is not None and "expected ',' or" in complaint or "quoted scalar" in complaint
    return (began.line if began and from_beginning else at) + 1, *_said(said)


def slip(line: str) -> Sentence | None:
    """The usual slip in a line, outside quotes and remarks; None where there is none."""
    plain = re.sub(r"\"[^\"]*\"|'[^']*'", "_", line)
    plain = re.sub(r"(^|\s)#.*", "", plain)
    return next((said for pattern, said in _SLIPS if pattern.search(plain)), None)


def _said(found: Sentence) -> Sentence:
    return f"YAML 写法不对：{found[0]}", f"not valid YAML: {found[1]}"
