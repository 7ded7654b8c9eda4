"""What stands at the head of a document: title, document number, and the year that dates without one mean."""

from __future__ import annotations

import re
from collections.abc import Sequence

from shiyu.reading.numbering import find_number

_NUMBER = re.compile(
    r"([^\s（）()，。：:；;“”《》]{1,20}?\s?[〔\[［（(【]\s*(?:19|20)\d\d\s*[〕\]］）)】]\s*第?\s*\d{1,5}\s*号)"
)
_NARROW = str.maketrans("０１２３４５６７８９", "0123456789")
_DATE_LINE = re.compile(r"^[（(]?(20\d\d)年度?(?:\d{1,2}月(?:\d{1,2}日)?)?(?:印发|发布)?[）)]?$")
_YEAR = re.compile(r"(20\d\d)\s*年?")
_SPAN = re.compile(r"20\d\d\s*年?\s*[-—–~～至到]+\s*20\d\d")
_DEAR = re.compile(r"[：:]$")


def document_number(lines: Sequence[str]) -> str:
    """The number a document carries (国办发〔2018〕117号), from its first lines; "" if none."""
    for line in lines[:15]:
        found = _NUMBER.search(line)
        # a number cited in running text is another document's
        if found and (len(line) - len(found.group(1)) <= 20) and "》" not in line:
            return re.sub(r"\s+", "", found.group(1))
    return ""


def title(lines: Sequence[str]) -> str:
    """The title.

    The lines before the addressees, the first number or the first sentence, without letterhead.
    """
    head: list[str] = []
    for line in lines[:15]:
        words = re.sub(r"\s+", "", line)
        if _NUMBER.search(line) and len(line) < 45 and "》" not in line:
            if any(not one.endswith("文件") for one in head):
                break
            head.clear()
            continue
        if _skips(words):
            continue
        if find_number(line) or _DEAR.search(words) or re.search(r"[。；;]", words) or len(words) > 80:
            break
        head.append(words)
        if re.search(
            r"的(?:通知|意见|决定|批复|通报|函|公告|请示|报告)$|(?:方案|计划|清单|分工|要点|分解表|任务书|台账|一览表|规划)$",
            words,
        ):
            break
    # the issuer's line belongs to the title only where "关于……" follows it
    kept = [
        line
        for line, following in zip(head, [*head[1:], ""], strict=False)
        if not line.endswith("文件")
        and (following.startswith("关于") or not re.search(r"(?:办公室|人民政府|委员会)$", line))
    ]
    return "".join((kept or head)[:5])


def _skips(words: str) -> bool:
    return bool(
        re.match(
            r"^(?:附件\d*[：:]?$|附表\d*[：:]?$|签发人|特急$|加急$|平急$|\d{4,}$|★|[（(].{0,20}[）)]$|-+\d*-+$)",
            words,
        )
        or _DATE_LINE.match(words.translate(_NARROW))
    )


def plan_year(lines: Sequence[str], name: str, number: str) -> int | None:
    """The year meant by "年底前": the title's, else the date line's, else the document number's."""
    spanned = bool(_SPAN.search(name))
    found = None if spanned else _YEAR.search(name.translate(_NARROW))
    if found:
        return int(found.group(1))
    # the date of the document itself stands at its end; a date under an annex's title comes second
    for line in [*reversed(lines[-12:]), *lines[:15]]:
        dated = _DATE_LINE.match(re.sub(r"\s+", "", line).translate(_NARROW))
        if dated:
            return int(dated.group(1))
    stated = _YEAR.search(number)
    return int(stated.group(1)) if stated else None
