"""How a matter of the filling goes: its stages, and the steps it leaves behind (about ten)."""

from dataclasses import dataclass

from shiyu.kernel.phases import Phase
from shiyu.kernel.spec.matters import Kind

STAGES = (Phase.FILED, Phase.ACCEPTED, Phase.HANDLING, Phase.VERIFYING, Phase.CLOSED, Phase.HELD)
"""A stage is a number: the place of its phase in this row."""
HANDLING, CLOSED, HELD = 2, 4, 5


@dataclass(frozen=True)
class Deed:
    """One row of the history: in which stage, how it ended, from and to as parts of the matter's whole time, and
    whether the unit that took it in or the one that leads did it."""

    stage: int
    within: bool
    verb: str
    begins: float
    ends: float
    by_lead: bool = False


DEEDS = (
    Deed(0, False, "accept", 0.0, 0.05),
    Deed(1, True, "sort", 0.08, 0.08),
    Deed(1, False, "dispatch", 0.05, 0.15),
    Deed(2, True, "acknowledge", 0.2, 0.2, by_lead=True),
    Deed(2, True, "note", 0.4, 0.4, by_lead=True),
    Deed(2, True, "note", 0.6, 0.6, by_lead=True),
    Deed(2, False, "complete", 0.15, 0.85, by_lead=True),
    Deed(3, True, "verify", 0.9, 0.9),
    Deed(3, False, "close", 0.85, 1.0),
    Deed(4, True, "follow_up", 1.0, 1.0),
)
RETURN, CONSENT = 4, 5
"""In a matter that was returned once these notes are a return and the consent to it."""


def states_of(kind: Kind) -> list[str]:
    """The kind's state in each stage; a kind that has no such phase stays in its nearest earlier one."""
    found: list[str] = []
    for phase in STAGES:
        own = [code for code, state in kind.states.items() if state.phase is phase]
        found.append(own[0] if own else found[HANDLING if phase is Phase.HELD else -1])
    return found
