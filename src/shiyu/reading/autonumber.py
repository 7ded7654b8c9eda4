"""Word's automatic numbers, written out as Word shows them.

Numbering.xml, styles, restarts, Chinese formats.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field

from lxml import etree

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_DIGITS = "零一二三四五六七八九"
_CHINESE = {
    "chineseCounting", "chineseCountingThousand", "taiwaneseCounting", "taiwaneseCountingThousand",
    "japaneseCounting",
    "chineseLegalSimplified", "ideographLegalTraditional",
}  # fmt: skip
_LEGAL = str.maketrans("一二三四五六七八九十百千零", "壹贰叁肆伍陆柒捌玖拾佰仟零")


@dataclass
class Level:
    """One level of a list as numbering.xml defines it."""

    start: int = 1
    form: str = "decimal"
    text: str = ""
    restart: int | None = None
    legal: bool = False


@dataclass
class Numbering:
    """The lists of a document and where each of them stands now."""

    lists: dict[str, tuple[str, dict[int, Level]]] = field(default_factory=dict)
    style_numbers: dict[str, tuple[str, int]] = field(default_factory=dict)
    _counts: dict[str, dict[int, int]] = field(default_factory=lambda: defaultdict(dict))
    _started: set[tuple[str, int]] = field(default_factory=set)
    overrides: dict[tuple[str, int], int] = field(default_factory=dict)

    def label(self, list_id: str, depth: int) -> str:
        """The next number of a list at a level, as shown; "" for bullets and unknown lists."""
        if list_id not in self.lists:
            return ""
        shared, levels = self.lists[list_id]
        level = levels.get(depth)
        if level is None:
            return ""
        counts = self._counts[shared]
        if (list_id, depth) in self.overrides and (list_id, depth) not in self._started:
            counts[depth] = self.overrides[(list_id, depth)] - 1
        self._started.add((list_id, depth))
        counts[depth] = counts.get(depth, level.start - 1) + 1
        for deeper in [one for one in counts if one > depth]:
            restart = levels[deeper].restart if deeper in levels else None
            if restart is None or (restart and depth < restart):
                del counts[deeper]
        if level.form == "bullet":
            return ""
        return self._written(level, levels, counts)

    def _written(self, level: Level, levels: dict[int, Level], counts: dict[int, int]) -> str:
        def number(found: re.Match[str]) -> str:
            at = int(found.group(1)) - 1
            one = levels.get(at, Level())
            return format_number(counts.get(at, one.start), "decimal" if level.legal else one.form)

        return re.sub(r"%([1-9])", number, level.text)


def read_numbering(numbering: etree._Element | None, styles: etree._Element | None) -> Numbering:
    """Lists from numbering.xml and the lists that paragraph styles (and the styles they are based on)
    belong to.
    """
    found = Numbering()
    abstract: dict[str, dict[int, Level]] = {}
    if numbering is not None:
        for one in numbering.iter(f"{W}abstractNum"):
            levels = {_int(level.get(f"{W}ilvl")): _level(level) for level in one.findall(f"{W}lvl")}
            abstract[one.get(f"{W}abstractNumId", "")] = levels
        for one in numbering.findall(f"{W}num"):
            _read_list(one, abstract, found)
    if styles is not None:
        _read_styles(styles, found)
    return found


def _read_list(one: etree._Element, abstract: dict[str, dict[int, Level]], found: Numbering) -> None:
    list_id = one.get(f"{W}numId", "")
    shared = _val(one.find(f"{W}abstractNumId")) or ""
    levels = dict(abstract.get(shared, {}))
    for override in one.findall(f"{W}lvlOverride"):
        depth = _int(override.get(f"{W}ilvl"))
        level = override.find(f"{W}lvl")
        if level is not None:
            levels[depth] = _level(level)
        start = override.find(f"{W}startOverride")
        if start is not None:
            found.overrides[(list_id, depth)] = _int(_val(start), 1)
    found.lists[list_id] = (shared, levels)


def _level(node: etree._Element) -> Level:
    restart = node.find(f"{W}lvlRestart")
    legal = node.find(f"{W}isLgl")
    return Level(
        start=_int(_val(node.find(f"{W}start")), 1),
        form=_val(node.find(f"{W}numFmt")) or "decimal",
        text=_val(node.find(f"{W}lvlText")) or "",
        restart=_int(_val(restart)) if restart is not None else None,
        legal=legal is not None and _val(legal) not in ("0", "false"),
    )


def _read_styles(styles: etree._Element, found: Numbering) -> None:
    based: dict[str, str] = {}
    own: dict[str, tuple[str | None, int | None]] = {}
    for style in styles.findall(f"{W}style"):
        name = style.get(f"{W}styleId", "")
        based[name] = _val(style.find(f"{W}basedOn")) or ""
        number = style.find(f"{W}pPr/{W}numPr")
        if number is not None:
            depth = number.find(f"{W}ilvl")
            own[name] = (_val(number.find(f"{W}numId")), _int(_val(depth)) if depth is not None else None)
    for name in based:
        list_id: str | None = None
        level: int | None = None
        at, seen = name, set()
        while at and at not in seen:
            seen.add(at)
            number_id, depth_own = own.get(at, (None, None))
            list_id = list_id or number_id
            level = level if level is not None else depth_own
            at = based.get(at, "")
        if list_id and list_id != "0":
            found.style_numbers[name] = (list_id, level or 0)


def paragraph_number(properties: etree._Element | None, numbering: Numbering) -> tuple[str, int] | None:
    """The list and level of a paragraph from its own properties or its style.

    None when it is not numbered.
    """
    if properties is None:
        return None
    style = _val(properties.find(f"{W}pStyle")) or ""
    number = properties.find(f"{W}numPr")
    from_style = numbering.style_numbers.get(style)
    if number is None:
        return from_style
    list_id = _val(number.find(f"{W}numId"))
    depth = number.find(f"{W}ilvl")
    if list_id == "0":
        return None
    if list_id is None:
        return (from_style[0], _int(_val(depth))) if from_style else None
    return list_id, _int(_val(depth)) if depth is not None else (from_style[1] if from_style else 0)


def format_number(value: int, form: str) -> str:
    """A count in one of Word's number formats; an unknown format is written in digits."""
    if form in _CHINESE:
        words = chinese_number(value)
        return words.translate(_LEGAL) if "egal" in form else words
    if form in ("ideographDigital", "japaneseDigitalTenThousand", "taiwaneseDigital"):
        return "".join("〇一二三四五六七八九"[int(digit)] for digit in str(max(value, 0)))
    if form in ("decimalEnclosedCircle", "decimalEnclosedCircleChinese"):
        return chr(0x2460 + value - 1) if 1 <= value <= 20 else str(value)
    if form == "decimalEnclosedParen":
        return chr(0x2474 + value - 1) if 1 <= value <= 20 else f"({value})"
    if form == "decimalEnclosedFullstop":
        return chr(0x2488 + value - 1) if 1 <= value <= 20 else f"{value}."
    if form == "ideographTraditional":
        return "甲乙丙丁戊己庚辛壬癸"[(value - 1) % 10]
    if form == "ideographZodiac":
        return "子丑寅卯辰巳午未申酉戌亥"[(value - 1) % 12]
    if form == "decimalZero":
        return f"{value:02d}"
    if form in ("upperLetter", "lowerLetter"):
        letter = chr(65 + (value - 1) % 26) * ((value - 1) // 26 % 50 + 1)
        return letter if form == "upperLetter" else letter.lower()
    if form in ("upperRoman", "lowerRoman"):
        roman = _roman(value)
        return roman if form == "upperRoman" else roman.lower()
    return "" if form == "none" else str(value)


def chinese_number(value: int) -> str:
    """1–9999 in Chinese words: 10 → 十, 21 → 二十一, 105 → 一百零五."""
    if not 0 < value < 10000:
        return str(value) if value else "零"
    words, digits = "", str(value)
    for index, digit in enumerate(digits):
        unit = ("", "十", "百", "千")[len(digits) - 1 - index]
        words += _DIGITS[int(digit)] + unit if digit != "0" else "零"
    words = re.sub(r"零+", "零", words).rstrip("零")
    return words[1:] if words.startswith("一十") else words


def _roman(value: int) -> str:
    words = ""
    for size, sign in zip(
        (1000, 900, 500, 400, 100, 90, 50, 40, 10, 9, 5, 4, 1),
        ("M", "CM", "D", "CD", "C", "XC", "L", "XL", "X", "IX", "V", "IV", "I"),
        strict=True,
    ):
        words += sign * (min(value, 4000) // size)
        value = min(value, 4000) % size
    return words


def _val(node: etree._Element | None) -> str | None:
    return None if node is None else node.get(f"{W}val")


def _int(text: str | None, otherwise: int = 0) -> int:
    try:
        return int(text) if text else otherwise
    except ValueError:
        return otherwise
