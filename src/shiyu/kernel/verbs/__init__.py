"""The catalogue of verbs: everything that can be done to a matter, the same for every kind and city.

A verb has phases it starts from, the phase it leads to (None: it stays), what it does to the clock, the right
its doer needs, the relations to the matter through which a doer may come, and its least needs. A pack switches
a verb on, narrows who may, and adds needs; it cannot take away what stands here.
"""

from __future__ import annotations

from shiyu.kernel.phases import (
    NEED_LABELS,
    OUTCOME_LABELS,
    PHASE_LABELS,
    RELATION_LABELS,
    ClockEffect,
    Need,
    Outcome,
    Phase,
    Relation,
)
from shiyu.kernel.verbs import ending, handling, steering, taking_in
from shiyu.kernel.verbs.verb import Verb

__all__ = [
    "ClockEffect",
    "NEED_LABELS",
    "Need",
    "OUTCOME_LABELS",
    "Outcome",
    "PHASE_LABELS",
    "Phase",
    "RELATION_LABELS",
    "Relation",
    "VERBS",
    "Verb",
]

_ROWS = (*taking_in.ROWS, *handling.ROWS, *ending.ROWS, *steering.ROWS)

VERBS: dict[str, Verb] = {row.code: row for row in _ROWS}
"""Every verb by its code, in the order in which pages show them."""
