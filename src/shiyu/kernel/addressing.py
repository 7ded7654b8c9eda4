"""What a letter may ask, and of whom: doubts that its writer answers before it goes out.

A coordinating body (议事协调机构) gives no orders to lower Party committees or governments; texts keep to 4,000
characters; as a rule no report "on implementation" is demanded (domain.md 1.17). A doubt warns and never decides.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from shiyu.kernel.spec.documents import Addressing
from shiyu.kernel.words import Label, label

LONGEST = 4_000
"""Characters of a letter's text, counted as `documents.word.count_text` counts."""

_DEMAND = "报送|上报|报告|书面报|反馈|汇报|报我|报市|报区|报县"
_CARRIED_OUT = "(?:贯彻|贯彻落实|落实|执行)(?:的)?情况"
_ON_IMPLEMENTATION = re.compile(
    rf"(?:{_DEMAND})[^。；\n]{{0,20}}{_CARRIED_OUT}|{_CARRIED_OUT}[^。；\n]{{0,16}}(?:{_DEMAND})"
)
# A mobile number or the number of an identity card, however it is broken up.
_OF_A_PERSON = re.compile(r"(?<!\d)1[3-9]\d[- ]?\d{4}[- ]?\d{4}(?!\d)|(?<!\d)\d{17}[\dXx](?!\d)")


@dataclass(frozen=True)
class Body:
    """A unit as the check sees it: its name, what sort of body it is, whether it lies below the writer's area."""

    name: str
    kind: str
    is_lower: bool = False


@dataclass(frozen=True)
class Doubt:
    """Why a letter should not go out as it is, and what to do."""

    code: str
    words: Label


def doubts_of(
    rule: Addressing,
    *,
    orders: bool,
    writer: Body,
    addressees: Sequence[Body],
    text: str,
    characters: int,
) -> tuple[Doubt, ...]:
    """Every doubt about a letter; `orders`: its kind gives an order; `characters`: the length of its text."""
    found = []
    barred = _barred(rule, writer, addressees) if orders else []
    if barred:
        found.append(_order(writer.name, barred))
    if characters > LONGEST:
        found.append(_long(characters))
    if _ON_IMPLEMENTATION.search(text):
        found.append(_REPORT)
    if _OF_A_PERSON.search(text):
        found.append(_PERSON)
    return tuple(found)


def _barred(rule: Addressing, writer: Body, addressees: Sequence[Body]) -> list[str]:
    """The addressees to which a coordinating body may give no order."""
    if writer.kind not in rule.coordinating:
        return []
    return [body.name for body in addressees if body.is_lower and body.kind in rule.no_orders_to]


def _order(writer: str, barred: Sequence[str]) -> Doubt:
    names = "、".join(barred)
    return Doubt(
        "order_from_coordinating_body",
        label(
            f"{writer}是议事协调机构，不得向下级党委、政府发号施令：{names}。"
            "请改为主送主管部门，或者改用提醒函，由有权机关发出。",
            f"{writer} is a coordinating body: it gives no orders to lower Party committees or governments ({names}). "
            "Address the competent department, or let the authority in charge send a reminder.",
        ),
    )


def _long(characters: int) -> Doubt:
    return Doubt(
        "too_long",
        label(
            f"正文{characters}字，超过{LONGEST}字。请精简，清单另作附件。",
            f"The text has {characters} characters, more than {LONGEST}. Shorten it; put lists into an annex.",
        ),
    )


_REPORT = Doubt(
    "report_on_implementation",
    label(
        "正文要求报送落实情况，一般不得提出这类要求。请改为要求办结事项本身，或者删去。",
        "The text demands a report on implementation, which is not asked for as a rule. "
        "Ask for the thing itself to be done, or leave it out.",
    ),
)
_PERSON = Doubt(
    "number_of_a_person",
    label(
        "正文有手机号码或者身份证号码。来件人的信息不写进函件；联系电话填在“联系人”一栏。",
        "The text holds a mobile or identity number. What a reporter gave does not go into a letter; "
        "your own number belongs in “Contact”.",
    ),
)
