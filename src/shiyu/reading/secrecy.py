"""Secrecy marks (密级) as GB/T 9704 and office habit write them.

Ordinary words such as 商业秘密 are no mark.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from pathlib import PurePath

_LEVEL = r"(?:绝\s*密|机\s*密|秘\s*密)"
_TERM = (
    r"(?:\s*[★☆✩✭⭐*＊]\s*(?:长期|永久|启用前|"
    r"[\d一二三四五六七八九十〇零]+\s*(?:年|个?月|日)?)?(?:至[^，。]{0,12})?)"
)
_TERM_PLAIN = r"(?:\s*[\d一二三四五六七八九十]+\s*年|\s*长期|\s*启用前)"
_WHOLE = re.compile(
    rf"[（(【\[《]?\s*(?:密\s*级\s*[:：]?\s*)?{_LEVEL}(?:{_TERM}|{_TERM_PLAIN})?\s*[】）)\]》]?"
)
_STARRED = re.compile(rf"{_LEVEL}\s*[★☆✩✭⭐]")
_CLASS = re.compile(rf"(?:密\s*级|保密等级|保密级别|涉密等级|定密)\s*[:：为]?\s*{_LEVEL}(?![\u4e00-\u9fff])")
_BRACKET_END = re.compile(rf"[（(【\[]\s*{_LEVEL}(?:{_TERM}|{_TERM_PLAIN})?\s*[】）)\]]\s*$")
_CLASS_COLUMN = re.compile(r"^(?:密级|保密等级|涉密等级|秘密等级)$")
HEAD = 20


def has_mark(line: str, *, head: bool = False) -> bool:
    """Whether a line carries a mark.

    In the head of a document also one word among others (份号, 密级, 缓急).
    """
    words = line.strip()
    if not words or ("密" not in words):
        return False
    if _WHOLE.fullmatch(words) or _STARRED.search(words) or _CLASS.search(words):
        return True
    if not head or len(words) > 60:
        return False
    if _BRACKET_END.search(words):
        return True
    return any(_WHOLE.fullmatch(piece) for piece in re.split(r"[\s　|｜/,，;；]+", words))


def lines_are_marked(lines: Sequence[str]) -> bool:
    """Whether paragraphs of a body carry a mark; the first ones are read as the head."""
    return any(
        has_mark(line, head=index < HEAD) for index, text in enumerate(lines) for line in text.split("\n")
    )


def asides_are_marked(lines: Iterable[str]) -> bool:
    """Whether headers, footers, watermarks, properties or sheet names carry a mark."""
    return any(has_mark(line, head=True) for text in lines for line in text.split("\n"))


def rows_are_marked(rows: Sequence[Sequence[object]]) -> bool:
    """Whether a table carries a mark: a cell that is one in its first rows, or a 密级 column with a level."""
    return marked_row(rows) is not None


def marked_row(rows: Sequence[Sequence[object]]) -> int | None:
    """The first row (from 0) with a mark; None where there is none. Only texts can be one."""
    columns: set[int] = set()
    for index, cells in enumerate(rows):
        if not any(isinstance(cell, str) and "密" in cell for cell in cells):
            continue
        row = [cell if isinstance(cell, str) else "" for cell in cells]
        if index < HEAD:
            columns |= {at for at, text in enumerate(row) if _CLASS_COLUMN.match("".join(text.split()))}
        if _row_is_marked(row, index, columns):
            return index
    return None


def _row_is_marked(row: Sequence[str], index: int, columns: Collection[int]) -> bool:
    for column, text in enumerate(row):
        if "密" not in text:
            continue
        if index < HEAD and any(has_mark(line, head=index < 5) for line in text.split("\n")):
            return True
        if _STARRED.search(text) or (column in columns and _WHOLE.fullmatch(text.strip())):
            return True
    return any(
        _CLASS_COLUMN.match("".join(label.split()).rstrip("：:")) and _WHOLE.fullmatch(value.strip())
        for label, value in zip(row, row[1:], strict=False)
    )


def name_is_marked(filename: str) -> bool:
    """Whether a file's name carries a mark in brackets, with a star, or alone at its beginning."""
    stem = PurePath(filename).stem
    found = re.search(rf"[（(【\[]\s*{_LEVEL}(?:{_TERM}|{_TERM_PLAIN})?\s*[】）)\]]", stem)
    return bool(
        found
        or _STARRED.search(stem)
        or _WHOLE.fullmatch(stem.strip())
        or re.match(rf"{_LEVEL}[-_—－ ]", stem)
    )
