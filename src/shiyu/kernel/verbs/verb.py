"""What a verb of the loop is."""

from __future__ import annotations

from dataclasses import dataclass

from shiyu.kernel.phases import ClockEffect, Need, Phase, Relation
from shiyu.kernel.words import Label, label

OPEN = (Phase.FILED, Phase.ACCEPTED, Phase.HANDLING, Phase.VERIFYING, Phase.HELD)
"""The phases of an open matter."""


@dataclass(frozen=True)
class Verb:
    """One row of the catalogue."""

    code: str
    label: Label
    from_phases: frozenset[Phase]
    to_phase: Phase | None
    clock: ClockEffect
    right: str
    who: tuple[Relation, ...]
    needs: tuple[Need, ...] = ()


def verb(
    code: str,
    zh: str,
    en: str,
    start: tuple[Phase, ...],
    to: Phase | None,
    clock: ClockEffect,
    right: str,
    who: tuple[Relation, ...],
    *needs: Need,
) -> Verb:
    """One row of the catalogue; `right` without its `matter.`."""
    return Verb(code, label(zh, en), frozenset(start), to, clock, f"matter.{right}", who, needs)
