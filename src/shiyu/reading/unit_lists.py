"""A list of names in running words → single names.

"A、B等有关部门和各县（市、区）" → A, B, 有关部门, 各县（市、区）.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from shiyu.reading.names import NameBook

OPEN, CLOSE = "（(［[【〔{《“", "）)］]】〕}》”"
_SEPARATORS = "、，,；;/／|｜\n"
_UNIT_END = re.compile(
    r"(?:部|委|局|办|厅|署|院|会|行|社|中心|公司|集团|政府|组|队|大学|学院|学校|办公室|海关|街道|所|站|厂|馆|处|科|室|台|团|联|"
    r"法院|支队|军分区|党委|党组|政协|人大|党校|港|机场|基金|指挥部|专班|企业|单位|部门|机构|园|税务|消防|气象|邮政|银行|保险|"
    r"移动|联通|电信|铁塔|供电|电力|中学|医院|高校|协会|商会|县|区|市|镇|乡|州|盟|旗|村|社区|省|场|司|群团|工委)$"
)
_STRICT_END = re.compile(
    r"(?:部|委|局|办|厅|署|院|行|中心|公司|集团|人民政府|办公室|海关|管委会|委员会|组委会|总社|法院|支队|指挥部|专班|工会|妇联|残联|联合会|督查室|研究室|"
    r"司|总队|大队|协会|学会|商会|学院|大学|处室|政府|科|街道办)$"
)
_ASIDE = re.compile(r"^(?:含|如|见|指|即|包括|原|简称|以下|详见|参见|除|不含|例如|比如|附|来源)")
_NOT_UNITS = {
    "政府",
    "党委",
    "企业",
    "社会",
    "部门",
    "单位",
    "市场",
    "公众",
    "机构",
    "个人",
    "属地",
    "行业",
    "专人",
    "本部门",
    "本单位",
    "全社会",
}
_KIND = (
    r"(?:县级市|自治区|自治州|自治县|直辖市|市辖区|省|市|县|区|旗|州|盟|乡|镇|街道|乡镇|镇街|村|社区|园区|功能区|开发区|新区|高新区|"
    r"经开区|管委会|度假区|街道办事处|街道办|办事处)"
)
_KIND_WORD = re.compile(
    rf"(?:{_KIND}|[（(〔［\[](?:{_KIND}|、)+[）)〕］\]])+(?:党委)?(?:人民政府|政府|管委会|办事处)?$"
)
_GROUP = re.compile(
    r"^(?:其他|其它)?(?:全国|全省|全市|全县|全区|省级|市级|县级|区级|州级|省直|市直|县直|区直|州直|国务院|中央|地方|省|市|县|区|州|"
    r"市县|省市|市区|沿海|沿线|沿江|沿途|所在地?|所涉|辖区内?|试点|相应|属地|基层|本级|中央和国家机关|省市县|市、县|在[\u4e00-\u9fff]{1,6}|驻[\u4e00-\u9fff]{1,3})*"
    r"(?:各|有关|相关|所有|其他|其它|全体|涉及|对应)"
)
_GROUP_ELSE = re.compile(
    r"各级|各(?:成员|有关|相关|责任)|(?:有关|相关|责任|成员|牵头|配合|职能)(?:部门|单位|方面|地区|企业)|^(?:地方|属地|省级|市级|县级|基层)(?:人民)?政府|^等"
)
_ETC = re.compile(
    r"等(?:(?P<rest>\d*[一二三四五六七八九十]*个?(?:[市省县区州][直级]|成员)?(?:部门和单位|部门|单位|各部门|方面|地区))|(?=各|有关|相关|其他|市|省|县|区|国务院|中央|成员|地方|属地|职能|和|及|以及|与|、|，|$))"
)
_ETC_WITHIN = "高中初上平优同均特"
_ETC_UNITS = re.compile(
    r"\s*等[\d一二三四五六七八九十]*个?(?:[市省县区州][直级]|成员)?各?(?:部门|单位|方面|地区)"
)
_AND = re.compile(r"以及|和|及(?!其|时)|与|暨|并会同")
_LONGEST = 300  # characters between two separators; more is no list of names
_OWN_ZONE = re.compile(
    r"^[省市县区州](?:高新|经开|经济|开发|新区|度假|功能|工业|产业)|^(?:高新|经开|开发|度假|新)区(?:党工委)?管委会$"
)
_ETC_ONLY = re.compile(r"等各?(?:部门|单位)(?:和单位)?$")
_ZONES = re.compile(r"^(?:计划单列市|新疆生产建设兵团)")
_BARE_RIGHT = re.compile(rf"^(?:政府|人民政府|单位|部门|企业|园区|{_KIND})$")
_PARTY_BODY = re.compile(r"党(?:委|工委|（工）委|\(工\)委|组)$")
_BARE_GOVERNMENT = re.compile(r"^(?:人民)?政府(?:（办事处）|\(办事处\))?$|^(?:街道)?办事处$|^管委会$")
_LEADING = re.compile(r"^(?:\s|由|请|会同|联合|以及|并|及|和|与|—|-|：|:|等)+(?=\S)")


@dataclass(frozen=True)
class Named:
    """A name as written, its place in the text it was taken from, and whether it names a group."""

    name: str
    start: int
    end: int
    is_group: bool = False


def depth_zero(text: str) -> list[bool]:
    """For each character, whether it stands outside every bracket (unclosed brackets do not count)."""
    outside = [True] * len(text)
    stack: list[int] = []
    for index, sign in enumerate(text):
        if sign in OPEN:
            stack.append(index)
        elif sign in CLOSE and stack:
            start = stack.pop()
            if not stack:
                outside[start : index + 1] = [False] * (index + 1 - start)
    return outside


def is_group_name(name: str, book: NameBook) -> bool:
    """Whether a name stands for several units ("各乡镇（街道）", "有关省级人民政府")."""
    if book.knows_group(name):
        return True
    if book.knows(name):
        return False
    return bool(_GROUP.match(name) or _GROUP_ELSE.search(name) or _is_kind(name))


def _is_kind(name: str) -> bool:
    """Words for a kind of place ("县级市"), but not one zone of the city's own ("市高新区管委会")."""
    return bool(_KIND_WORD.match(name)) and not _OWN_ZONE.match(name)


def looks_like_unit(name: str, book: NameBook, *, strict: bool = False) -> bool:
    """Whether a name ends as names of bodies do, or is in the book.

    Strict leaves out places and vague words.
    """
    if book.knows(name):
        return True
    outside = re.sub(r"[（(][^（）()]*[）)]$", "", name).strip()
    if (
        not 2 <= len(outside) <= 30
        or outside in _NOT_UNITS
        or re.search(r"[。；;！!？?“”《》：:\d]", outside)
    ):
        return False
    if strict and _ASIDE.match(outside):
        return False
    return bool((_STRICT_END if strict else _UNIT_END).search(outside)) and not (strict and len(outside) < 3)


def split_names(text: str, book: NameBook, offset: int = 0) -> list[Named]:
    """Single names of a list, in order, with places counted from `offset`."""
    pieces: list[tuple[int, int, str]] = []
    for start, end, before in _cut_separators(text, book):
        for first, last, sign in _cut_etc(text, start, end, before):
            pieces += _cut_and(text, first, last, sign, book)
    names: list[Named] = []
    for start, end, before in pieces:
        _append(names, text, start, end, before, book, offset)
    return names


def _cut_separators(text: str, book: NameBook) -> list[tuple[int, int, str]]:
    outside = depth_zero(text)
    spaced = _split_at_spaces(text, outside, book)
    pieces, start, before = [], 0, ""
    for index, sign in enumerate(text):
        if outside[index] and ((sign in _SEPARATORS and sign != "\n") or index in spaced):
            pieces.append((start, index, before))
            start, before = index + 1, sign
    pieces.append((start, len(text), before))
    return pieces


def _split_at_spaces(text: str, outside: list[bool], book: NameBook) -> set[int]:
    """Spaces and line ends part names only where both sides are whole names ("公 安 局" stays one)."""
    blanks = [found for found in re.finditer(r"\s+", text.strip() and text) if outside[found.start()]]
    cuts: set[int] = set()
    for found in blanks:
        left = re.split(rf"[{_SEPARATORS}\s]", text[: found.start()])[-1]
        right = re.split(rf"[{_SEPARATORS}\s]", text[found.end() :])[0]
        if (
            all(looks_like_unit(one, book) or is_group_name(one, book) for one in (left, right))
            and len(right) > 1
        ):
            cuts.add(found.start())
    return cuts


def _cut_etc(text: str, start: int, end: int, before: str) -> list[tuple[int, int, str]]:
    for found in _ETC.finditer(text, start, end):
        if found.start() == start or text[found.start() - 1] in _ETC_WITHIN:
            continue
        first = (start, found.start(), before)
        if not found.group("rest"):
            return [first, (found.end(), end, "等")] if found.end() < end else [first]
        if found.end() == end:
            return [first, (found.start(), end, "等")]
        if _AND.match(text, found.end(), end):
            return [first, (found.start(), found.end(), "等"), (found.end(), end, "等")]
    # `$` in the pattern is the end of the whole text; this is 等 closing a piece
    if end - start > 1 and text[end - 1] == "等" and text[end - 2] not in _ETC_WITHIN:
        return [(start, end - 1, before)]
    return [(start, end, before)]


def _cut_and(text: str, start: int, end: int, before: str, book: NameBook) -> list[tuple[int, int, str]]:
    piece = text[start:end]
    if len(piece) > _LONGEST:
        return [(start, end, before)]
    if book.knows(piece.strip()) or book.knows_group(piece.strip()):
        return [(start, end, before)]
    outside = depth_zero(piece)
    for found in _AND.finditer(piece):
        left, right = piece[: found.start()].strip(), piece[found.end() :].strip()
        if not outside[found.start()] or not right:
            continue
        if not left and len(right) > 1:
            return _cut_and(text, start + found.end(), end, found.group(), book)
        if _parts(left, right, book):
            first = (start, start + found.start(), before)
            return [first, *_cut_and(text, start + found.end(), end, found.group(), book)]
    return [(start, end, before)]


def _parts(left: str, right: str, book: NameBook) -> bool:
    if is_group_name(left, book) and _BARE_RIGHT.match(right):
        return False
    right_first = _AND.split(right)[0] if not looks_like_unit(right, book) else right
    left_whole = is_group_name(left, book) or looks_like_unit(left, book)
    right_whole = (
        is_group_name(right, book) or looks_like_unit(right, book) or looks_like_unit(right_first, book)
    )
    return left_whole and right_whole


def _append(
    names: list[Named], text: str, start: int, end: int, before: str, book: NameBook, offset: int
) -> None:
    piece = text[start:end]
    lead = None if _ETC_UNITS.match(piece) else _LEADING.match(piece)
    start += lead.end() if lead else len(piece) - len(piece.lstrip())
    piece = text[start:end].strip(" \t\n　。．.：:；;，,、")
    if not piece:
        return
    name = re.sub(r"\s+", "", piece)
    if _ETC_ONLY.fullmatch(name) and len(names) > 1:
        return  # "A、B等单位" closes the list; "A等部门" leaves others open
    last = names[-1] if names else None
    # "各区、县级市" and "各省、自治区、直辖市人民政府" are one phrase
    if last and before in ("、", "及", "和") and _continues(last, name):
        joined = f"{last.name}{before}{name}"
        is_group = last.is_group or last.name.startswith("各省")
        names[-1] = Named(joined, last.start, offset + start + len(piece), is_group)
        return
    names.append(Named(name, offset + start, offset + start + len(piece), is_group_name(name, book)))


def _continues(last: Named, name: str) -> bool:
    """Whether a word for a kind of place goes on with the group before it, or the government with its party body
    ("各乡镇党委、政府" and "甲镇党委、政府" are one)."""
    if _PARTY_BODY.search(last.name) and _BARE_GOVERNMENT.match(name):
        return True
    if last.name.startswith("各省") and _ZONES.match(name):
        return True
    if not last.is_group or last.name[0] not in "各全有相" or not _is_kind(name):
        return False
    return name == "管委会" or not last.name.endswith(("政府", "党委", "管委会"))
