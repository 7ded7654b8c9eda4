"""What a transition of the kernel writes: assignments, flags, clocks, stays. Decides nothing."""

from __future__ import annotations

from shiyu.kernel.facts import Transition
from shiyu.matters.effects.assignments import CHANGES, end_assignments
from shiyu.matters.effects.flags import set_flags
from shiyu.matters.effects.limits import run_on, set_clocks, settle_stop
from shiyu.matters.effects.stage import Stage, unchanged
from shiyu.matters.effects.stays import deed_within, next_stay, open_stay
from shiyu.matters.effects.ways import WAYS, plan_the_end

__all__ = ["Stage", "apply", "open_first_stay"]


def apply(stage: Stage, transition: Transition) -> None:
    """Writes a transition. The matter's own fields are set, not saved; its assignments and steps are saved."""
    settle_stop(stage)
    if transition.moved:
        run_on(stage)
    CHANGES.get(transition.verb, unchanged)(stage, transition)
    if transition.ends_assignments:
        end_assignments(stage, transition)
    WAYS.get(transition.verb, unchanged)(stage, transition)
    was_open = stage.matter.is_open
    set_flags(stage, transition)
    if stage.matter.is_open != was_open:
        stage.matter.assignments.update(of_open=stage.matter.is_open)
    if transition.moved and not transition.to_phase.is_open:
        plan_the_end(stage, transition)
    was = stage.matter.state, stage.matter.phase
    stage.matter.state, stage.matter.phase = transition.to_state, transition.to_phase.value
    set_clocks(stage, transition)
    if transition.moved:
        next_stay(stage, transition, was)
    else:
        deed_within(stage, transition, was)


def open_first_stay(stage: Stage) -> None:
    """The first stay of a new matter."""
    open_stay(stage)
