"""Numbers at the start of a paragraph.

第一章, 第一节, 第一条, 一、 （一） 1. （1） ① 一是 and 1.1, and how they nest.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

_NARROW = str.maketrans("０１２３４５６７８９", "0123456789")
_CN = "一二三四五六七八九十百零〇廿卅两"
_PATTERNS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("part", re.compile(rf"\s*(第[{_CN}\d]{{1,6}}[编篇])(?=[\s、：:．.]|[^，。的])[\s、：:．.]*")),
    ("chapter", re.compile(rf"\s*(第[{_CN}\d]{{1,6}}章)(?=[\s、：:．.]|[^，。的])[\s、：:．.]*")),
    ("section", re.compile(rf"\s*(第[{_CN}\d]{{1,6}}节)(?=[\s、：:．.]|[^，。的])[\s、：:．.]*")),
    ("article", re.compile(rf"\s*(第[{_CN}\d]{{1,6}}条)(?![例款规的，。])[\s、：:．.]*")),
    ("cn", re.compile(rf"\s*([{_CN}]{{1,5}})\s*[、．]\s*")),
    ("cn_paren", re.compile(rf"\s*[（(]\s*([{_CN}]{{1,5}})\s*[）)][\s、．.]*")),
    (
        "levels",
        re.compile(
            r"\s*(\d{1,2}(?:[.．]\d{1,2}){1,3})(?=[\s　、.．]|[\u4e00-\u9fff])"
            r"(?![年月日%％亿万个元])[\s　、.．]*"
        ),
    ),
    (
        "levels",
        re.compile(
            r"\s*(\d{1,2})[ 　\t]+(?=[\u4e00-\u9fff“《])"
            r"(?!(?:[年月日号个家万亿元名人户次条处座所亩吨倍期批种层套件份天周]|项(?!目)|公里|平方|小时|台(?!账)|级(?!联)))"
        ),
    ),
    ("digit", re.compile(r"\s*(\d{1,3})\s*(?:[.．](?!\d)|、)\s*")),
    ("digit_paren", re.compile(r"\s*[（(]\s*(\d{1,3})\s*[）)][\s、．.]*")),
    ("digit_half", re.compile(r"\s*(\d{1,3})\s*[）)][\s、．.]*")),
    ("is", re.compile(rf"\s*([{_CN}]{{1,3}}是)(?=[\u4e00-\u9fff“])")),
    ("circle", re.compile(r"\s*([①-⑳㉑-㉟㊱-㊿⑴-⒇⒈-⒛])[\s、．.]*")),
)
_RANK = {name: rank for rank, name in enumerate(dict.fromkeys(name for name, _pattern in _PATTERNS))}
_TOP = {"part", "chapter", "section", "cn"}


@dataclass(frozen=True)
class Number:
    """A number found.

    Its style, its plain form (`四`, `（一）`, `1`, `第三条`) and where the text after it starts.
    """

    style: str
    plain: str
    end: int


def find_number(text: str) -> Number | None:
    """The number a paragraph starts with, or None. "3.5亿元" and "2018年" are no numbers."""
    for style, pattern in _PATTERNS:
        found = pattern.match(text)
        if found:
            return Number(style, _plain(style, found.group(1)), found.end())
    return None


def _plain(style: str, raw: str) -> str:
    raw = raw.translate(_NARROW)
    if style in ("cn_paren", "digit_paren"):
        return f"（{raw}）"
    if style == "digit_half":
        return f"{raw}）"
    return raw.replace("．", ".")


@dataclass
class Outline:
    """The numbers above the present paragraph. Nesting follows the order in which styles appear.

    Chapters, sections and 一、 never stand below a finer style, so a stray "1." before them does not become
    their parent.
    """

    stack: list[tuple[str, str]] = field(default_factory=list)

    def enter(self, style: str, plain: str) -> list[str]:
        """Take a number in; returns the path down to it."""
        level = style if style != "levels" else f"levels{plain.count('.')}"
        styles = [entry[0] for entry in self.stack]
        if level in styles:
            del self.stack[styles.index(level) :]
        elif style in _TOP:
            keep = [
                entry for entry in self.stack if _RANK.get(entry[0].rstrip("0123456789"), 99) < _RANK[style]
            ]
            self.stack[:] = keep
        elif style == "levels":
            self._drop_finer_levels(plain.count("."))
        self.stack.append((level, plain))
        return self.path()

    def _drop_finer_levels(self, depth: int) -> None:
        for index, (style, _plain_form) in enumerate(self.stack):
            if style.startswith("levels") and int(style[6:] or 0) > depth:
                del self.stack[index:]
                return

    def path(self) -> list[str]:
        """The plain numbers from the top to the present place."""
        return [plain for _style, plain in self.stack]
