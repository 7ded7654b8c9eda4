"""Targets in numbers that a task's text states: 新建口袋公园20个, 满意度不低于90%, 培训网格员1.5万人次."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

# What is to be brought about, before the number …
_VERBS = (
    "新建|新增|新设|建成|建设|改建|扩建|改造|建立|创建|打造|培育|培养|培训|招募|配备|选聘|选派|完成|实现|开展|举办|组织|召开|"
    "整治|排查|化解|调解|办理|走访|宣讲|命名|评选|推广|安装|布设|更新|修缮|发放|覆盖|达到|达|提升至|提升到|提高到|提高至|降至|降到|"
    "控制在|不低于|不少于|不超过|不高于|超过|力争"
)
# … or how the number is meant, right before it.
_BOUNDS = (
    "不低于|不少于|不超过|不高于|达到|达|提升至|提升到|提高到|提高至|降至|降到|控制在|超过|各|共|约|至少|力争"
)
_UNITS = (
    "个百分点|个以上|个|家|处|所|座|条|套|支|场次|场|次|名|人次|人|户次|户|件|起|宗|项|期|批|片|块|台|辆|间|栋|幢|亩|公顷|公里|千米|"
    "平方米|平方公里|吨|元|册|份|篇|对|类|班|点位|例|%|％"
)
_NUMBER = (
    r"(?P<value>\d{1,9}(?:\.\d+)?)\s*(?P<unit>(?:[百千]?[万亿])?(?:" + _UNITS + r"))(?P<plus>以上|以内|左右)?"
)
# Not a target: dates, limits (3个工作日), ordinals (第3个), ages and shares of a plan's name (“1+5”).
_TARGET = re.compile(
    rf"(?P<verb>{_VERBS})(?P<object>[^，。；;,、：:！？\n\d]{{0,18}}?)(?:{_BOUNDS})?(?<![第\d.+\-—~～年]){_NUMBER}(?!\s*(?:工作日|日内|天|月|小时|工作时))"
)
_CLAUSE_END = re.compile(r"[，。；;,！？\n]")


@dataclass(frozen=True)
class FoundTarget:
    """A number to reach: its value, the unit it is counted in, and the clause of the text that says so."""

    value: Decimal
    unit: str
    text: str


def find_targets(text: str) -> list[FoundTarget]:
    """Every target in numbers, in the order of the text. Arabic digits only: 健全三项机制 names things, it counts none."""
    return [_found(text, match) for match in _TARGET.finditer(text)]


def _found(text: str, match: re.Match[str]) -> FoundTarget:
    starts = [cut.end() for cut in _CLAUSE_END.finditer(text, 0, match.start())]
    end = _CLAUSE_END.search(text, match.end())
    clause = text[starts[-1] if starts else 0 : end.start() if end else len(text)]
    unit = match["unit"].replace("％", "%").removesuffix("以上")
    return FoundTarget(Decimal(match["value"]), unit, clause.strip())
