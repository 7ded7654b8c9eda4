"""Everything a transition is played with."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from shiyu.kernel.actor import Actor
from shiyu.kernel.facts import Transition
from shiyu.kernel.limits import Calendar
from shiyu.kernel.spec.matters import Kind
from shiyu.matters.models import Matter

if TYPE_CHECKING:
    from shiyu.matters.actions.act import Deed

NOBODY = UUID(int=0)
"""Stands for the system where a person is meant to be."""


@dataclass(frozen=True)
class Stage:
    """Everything a transition is played with: the locked matter, its kind, who acts and what they gave."""

    matter: Matter
    kind: Kind
    actor: Actor
    deed: Deed
    now: datetime
    calendar: Calendar


def target_of(transition: Transition) -> UUID:
    """The assignment the verb changes; the kernel names one for every verb that needs it."""
    if transition.assignment_id is None:
        raise RuntimeError(f"{transition.verb} has no assignment")
    return transition.assignment_id


def unchanged(stage: Stage, transition: Transition) -> None:
    """Most verbs leave this part of a matter as it is."""
