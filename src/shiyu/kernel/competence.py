"""Who is competent for a matter, by the pack's table and the towns' lists of functions (domain.md 1.15).

A town has its own functions (基本履职), those where it supports a county department (配合履职) and those the county took
back (收回). A matter under a function that was taken back cannot go to the town; one of the second list keeps its
county lead, so the town can only support."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from shiyu.kernel.conditions import Fact, holds_any
from shiyu.kernel.spec.routes import CompetenceRow
from shiyu.kernel.words import Label, Reason, label

Key = TypeVar("Key", bound=Hashable)


class FunctionStanding(StrEnum):
    """On which of its lists a town has a function."""

    OWN = "own"
    SUPPORTING = "supporting"
    TAKEN_BACK = "taken_back"


STANDING_LABELS: dict[FunctionStanding, Label] = {
    FunctionStanding.OWN: label("基本履职", "Own function"),
    FunctionStanding.SUPPORTING: label("配合履职", "Supports a county department"),
    FunctionStanding.TAKEN_BACK: label("已收回", "Taken back by the county"),
}

AGAINST: dict[FunctionStanding, Reason] = {
    FunctionStanding.SUPPORTING: Reason(
        "function_supporting",
        "按履职清单，这一事项由县级部门牵头，乡镇（街道）只能配合。",
        "By the list of functions a county department leads this; the town can only support.",
    ),
    FunctionStanding.TAKEN_BACK: Reason(
        "function_taken_back",
        "按履职清单，这一事项已收回县级部门，不能派给乡镇（街道）。",
        "By the list of functions the county took this back; it cannot be dispatched to the town.",
    ),
}


@dataclass(frozen=True)
class Route:
    """The row of the table that speaks of a matter."""

    code: str
    row: CompetenceRow


def route_of(table: Mapping[str, CompetenceRow], facts: Mapping[str, Fact]) -> Route | None:
    """The first row, in the pack's order, that holds for these facts; None where the table is silent."""
    for code, row in table.items():
        if holds_any(row.when, facts):
            return Route(code, row)
    return None


def against_dispatch(standing: FunctionStanding | None, *, as_lead: bool) -> Reason | None:
    """Why a unit that has the function on this list cannot take the part; None if it can. A unit without such a
    list (no town) can take every part."""
    if standing is FunctionStanding.TAKEN_BACK:
        return AGAINST[standing]
    if standing is FunctionStanding.SUPPORTING and as_lead:
        return AGAINST[standing]
    return None


def nearest_common(chain_a: Iterable[Key], chain_b: Iterable[Key]) -> Key | None:
    """The nearest unit above both: each chain leads from a unit upward (its upper centre, that one's, …). It
    decides a dispute over competence; None where nothing stands above both."""
    above = set(chain_b)
    return next((unit for unit in chain_a if unit in above), None)
