"""Mediation of disputes: ways, outcomes and what the law asks of them (人民调解法; domain.md 1.2, 1.8). Pure.

What stands here is the least and cannot be taken away by a pack: no mediation against a party's clear refusal (art. 17),
what an agreement holds (art. 28, 29), thirty days for judicial confirmation (art. 33). The law sets no limit for a
mediation itself; the pack gives one.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from enum import StrEnum

from shiyu.kernel.words import Label, Limit, LimitUnit, label


class Way(StrEnum):
    """Whose mediation it is."""

    PEOPLES = "peoples"
    ADMINISTRATIVE = "administrative"
    JUDICIAL = "judicial"


WAY_LABELS: dict[Way, Label] = {
    Way.PEOPLES: label("人民调解", "People's mediation"),
    Way.ADMINISTRATIVE: label("行政调解", "Administrative mediation"),
    Way.JUDICIAL: label("司法调解（诉调对接）", "Judicial referral"),
}


class MediationOutcome(StrEnum):
    """How a mediation ended."""

    WRITTEN = "written"
    ORAL = "oral"
    NOT_REACHED = "not_reached"
    WITHDRAWN = "withdrawn"
    REFUSED = "refused"
    REFERRED = "referred"


OUTCOME_LABELS: dict[MediationOutcome, Label] = {
    MediationOutcome.WRITTEN: label("达成书面协议", "Written agreement"),
    MediationOutcome.ORAL: label("达成口头协议", "Oral agreement"),
    MediationOutcome.NOT_REACHED: label("调解不成", "No agreement"),
    MediationOutcome.WITHDRAWN: label("当事人撤回", "Withdrawn by the parties"),
    MediationOutcome.REFUSED: label("一方拒绝调解", "Refused by a party"),
    MediationOutcome.REFERRED: label("移送其他途径", "Referred to another way"),
}

AGREED = frozenset({MediationOutcome.WRITTEN, MediationOutcome.ORAL})
"""Outcomes that are an agreement."""
MEDIATED = AGREED | {MediationOutcome.NOT_REACHED}
"""Outcomes in which parties who were willing were brought together: the base of the success rate. Who withdraws or
refuses says nothing of how the body mediates."""


class Said(StrEnum):
    """What is written down of a mediation before it ends."""

    FACTS = "facts"
    ISSUES = "issues"
    RESPONSIBILITY = "responsibility"
    TERMS = "terms"
    PERFORMANCE = "performance"
    PERFORM_BY = "perform_by"
    AMOUNT = "amount"
    REASON = "reason"
    REMEDIES = "remedies"


SAID_LABELS: dict[Said, Label] = {
    Said.FACTS: label("纠纷主要事实", "Main facts"),
    Said.ISSUES: label("争议事项", "What is disputed"),
    Said.RESPONSIBILITY: label("各方责任", "Each party's responsibility"),
    Said.TERMS: label("协议内容", "Content of the agreement"),
    Said.PERFORMANCE: label("履行方式", "How it is performed"),
    Said.PERFORM_BY: label("履行期限", "Performed by"),
    Said.AMOUNT: label("涉及金额（万元）", "Money concerned (10,000 yuan)"),
    Said.REASON: label("情况说明", "What happened"),
    Said.REMEDIES: label("告知的其他途径", "Other ways shown"),
}

NEEDS: dict[MediationOutcome, tuple[Said, ...]] = {
    MediationOutcome.WRITTEN: (
        Said.FACTS,
        Said.ISSUES,
        Said.RESPONSIBILITY,
        Said.TERMS,
        Said.PERFORMANCE,
        Said.PERFORM_BY,
    ),
    MediationOutcome.ORAL: (Said.TERMS,),
    MediationOutcome.NOT_REACHED: (Said.REASON, Said.REMEDIES),
    MediationOutcome.WITHDRAWN: (Said.REASON,),
    MediationOutcome.REFUSED: (Said.REMEDIES,),
    MediationOutcome.REFERRED: (Said.REASON, Said.REMEDIES),
}
"""The least an outcome needs: art. 29 for a written agreement, art. 28 for an oral one, art. 26 where it failed."""

CONFIRM_WITHIN = Limit(n=30, unit=LimitUnit.CALENDAR_DAYS)
"""From the day the agreement takes effect, both parties may ask the court to confirm it (art. 33)."""

_AGREED = re.compile(
    r"(?:达成|签订|签署|签了|形成)[^，。；,;!！?？\n]{0,10}?(?:协议|一致|和解|谅解)|调解成功|握手言和"
    r"|reached (?:a |an )?(?:\w+ )?agreement",
    re.IGNORECASE,
)
_DENIED = re.compile(r"[未没无不拒难]|尚待|\b(?:not|never|no|without|failed)\b|n't", re.IGNORECASE)
_CLAUSE_END = re.compile(r"[，。；,;!！?？\n]")


def says_agreement(text: str) -> bool:
    """Whether a clause of a text says that the parties came to an agreement: 达成书面协议, 调解成功. A clause with a word
    that denies before it says nothing of the sort: 未达成协议, 双方始终无法就面积达成一致."""
    clauses = ((clause, _AGREED.search(clause)) for clause in _CLAUSE_END.split(text))
    return any(found and not _DENIED.search(clause, 0, found.start()) for clause, found in clauses)


LETTERS = "甲乙丙丁戊己庚辛壬癸"
MOST_PARTIES = len(LETTERS)
"""Sides to a mediation at most; more people stand behind a side's representative."""


def missing(outcome: MediationOutcome, said: Collection[Said], more: Collection[Said] = ()) -> list[Said]:
    """What an outcome still needs, the law's least first; `more` is what the pack asks besides."""
    return [need for need in dict.fromkeys((*NEEDS[outcome], *more)) if need not in said]


def side_label(number: int, *, english: bool = False) -> str:
    """What pages call the side with a number from 1: 当事人甲, Party A. Names stay sealed."""
    return f"Party {chr(64 + number)}" if english else f"当事人{LETTERS[number - 1]}"
