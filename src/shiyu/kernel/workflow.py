"""What may this person do with this matter now, and why not the rest.

`options` answers for pages; `decide` answers for one verb and says what follows from it. Buttons, the API and jobs
all ask here; nothing else knows the rules of the loop. Facts go in, a decision comes out; nothing is written.
"""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from shiyu.kernel.actor import Actor
from shiyu.kernel.facts import (
    AssignmentFacts,
    Given,
    MatterFacts,
    NotAllowed,
    Option,
    Standing,
    Transition,
)
from shiyu.kernel.limits import Calendar
from shiyu.kernel.objections import (
    ON_OWN,
    ON_RETURNING,
    acting_units,
    missing,
    needs_of,
    outcome_of,
    relations,
    why_no_target,
    wrong_choice,
    wrong_dates,
    wrong_moment,
    wrong_person,
    wrong_phase,
)
from shiyu.kernel.reasons import REASONS
from shiyu.kernel.spec.matters import Kind, VerbRule
from shiyu.kernel.verbs import VERBS, ClockEffect, Need, Phase, Relation, Verb
from shiyu.kernel.words import Limit

__all__ = [
    "AssignmentFacts",
    "Given",
    "MatterFacts",
    "NotAllowed",
    "Option",
    "Standing",
    "Transition",
    "decide",
    "needs_of",
    "options",
]


def options(kind: Kind, facts: MatterFacts, actor: Actor) -> list[Option]:
    """Every verb the kind knows, in the catalogue's order, allowed or with all reasons why not.
    `file` is left out: it makes the matter (ask `decide` with facts None)."""
    return [
        _option(kind, facts, actor, verb, rule)
        for code, verb in VERBS.items()
        if code != "file" and (rule := kind.rule(code)) is not None
    ]


def decide(
    kind: Kind,
    facts: MatterFacts | None,
    actor: Actor,
    verb: str,
    given: Given,
    now: dt.datetime,
    calendar: Calendar,
) -> Transition:
    """What follows if the actor does the verb now. Raises NotAllowed with every reason against it, KeyError for a verb
    outside the catalogue. For `file` facts is None and `given.unit_id` the unit that takes it in."""
    entry = VERBS[verb]
    rule = kind.rule(verb)
    if rule is None:
        raise NotAllowed((REASONS["off"],))
    if facts is None or verb == "file":
        return _filed(kind, facts, actor, rule, given)
    option = _option(kind, facts, actor, entry, rule)
    reasons = [
        *option.reasons,
        *missing(kind, facts, entry, given),
        *wrong_dates(facts, entry, rule, given, now, calendar),
        *wrong_choice(kind, facts, entry, option, given),
    ]
    if reasons:
        raise NotAllowed(tuple(dict.fromkeys(reasons)))
    return _transition(kind, facts, actor, entry, rule, option, given)


def _filed(kind: Kind, facts: MatterFacts | None, actor: Actor, rule: VerbRule, given: Given) -> Transition:
    """The first verb of all: anybody with the right files (the unit that takes it in alone, where the kind says
    so), to a unit that takes it in."""
    reasons = []
    if facts is not None:
        reasons.append(REASONS["wrong_phase"])
    if not actor.has("matter.file"):
        reasons.append(REASONS["no_right"])
    elif not (
        Relation.ANY in relations(VERBS["file"], rule)
        or actor.is_system
        or given.unit_id in actor.units_with("matter.file")
    ):
        reasons.append(REASONS["not_related"])
    wanted = {need for need in needs_of(kind, "file") if need.is_given}
    reasons += [REASONS[f"needs_{need}"] for need in Need if need in wanted - given.needs]
    state = kind.entry(Phase.FILED, "file")
    if reasons or state is None:
        raise NotAllowed(tuple(reasons) or (REASONS["off"],))
    units = sorted(actor.units_with("matter.file"), key=lambda unit: (unit != actor.home_unit_id, unit))
    return Transition(
        verb="file",
        from_state=None,
        to_state=state,
        to_phase=Phase.FILED,
        moved=True,
        clock=ClockEffect.START,
        unit_id=units[0] if units else None,
        step_limit=kind.states[state].limit,
        total_limit=kind.limit,
        letter=rule.letter,
    )


def _option(kind: Kind, facts: MatterFacts, actor: Actor, verb: Verb, rule: VerbRule) -> Option:
    units = acting_units(facts, actor, verb, rule)
    targets = _targets(kind, facts, verb, units, actor)
    reasons = [
        *wrong_phase(kind, facts, verb),
        *wrong_person(kind, facts, actor, verb, rule, units),
        *wrong_moment(kind, facts, actor, verb),
    ]
    if verb.code in ON_OWN and not targets and not reasons:
        reasons.append(why_no_target(facts, verb, units))
    return Option(
        verb.code,
        verb.label,
        not reasons,
        tuple(reasons),
        tuple(need for need in needs_of(kind, verb.code) if need.is_given),
        tuple(a.id for a in targets),
        rule.letter,
    )


def _targets(
    kind: Kind, facts: MatterFacts, verb: Verb, units: list[UUID], actor: Actor
) -> list[AssignmentFacts]:
    """The assignments a verb can be done to."""
    if verb.code in ON_RETURNING:
        return [a for a in facts.assignments if a.standing is Standing.RETURNING]
    if verb.code not in ON_OWN:
        return []
    standings = ON_OWN[verb.code]
    if verb.code == "complete" and kind.rule("acknowledge") is None:
        standings = (Standing.ASKED, *standings)
    own = [a for a in facts.assignments if actor.is_system or a.unit_id in units]
    over = verb.code == "return"
    return [a for a in own if a.standing in standings and not (over and a.return_over)]


_STANDING_AFTER = {
    "acknowledge": Standing.ACKNOWLEDGED,
    "return": Standing.RETURNING,
    "consent_return": Standing.LEFT,
    "decline_return": Standing.ACKNOWLEDGED,
    "transfer": Standing.LEFT,
    "complete": Standing.DONE,
    "send_back": Standing.ACKNOWLEDGED,
    "reopen": Standing.ACKNOWLEDGED,
    "decide_competence": Standing.LEFT,
}
_ON_LEAD = ("transfer", "send_back", "reopen", "decide_competence")


def _leads(facts: MatterFacts) -> list[AssignmentFacts]:
    return [facts.lead] if facts.lead is not None else []


def _target(facts: MatterFacts, verb: Verb, option: Option, given: Given) -> AssignmentFacts | None:
    """The assignment the verb changes, if it changes one."""
    if verb.code in _ON_LEAD:
        # Decided for the unit that has it already: its assignment stays.
        stays = verb.code == "decide_competence" and given.unit_id in {a.unit_id for a in _leads(facts)}
        return None if stays else facts.lead
    chosen = given.assignment_id or (option.assignment_ids[0] if option.assignment_ids else None)
    return next((a for a in facts.assignments if a.id == chosen), None)


def _to_phase(facts: MatterFacts, verb: Verb, target: AssignmentFacts | None, given: Given) -> Phase | None:
    """The phase the verb leads to for these facts; None: the matter stays where it is.

    A matter is complete when every active assignment is done, so the last unit to be done, or to leave, moves
    it on."""
    others_active = any(a.standing.is_active for a in facts.assignments if a is not target)
    if verb.code == "complete":
        return None if others_active else verb.to_phase
    if verb.code == "consent_return":
        if target is not None and target.is_lead:
            return Phase.ACCEPTED
        # With a unit named at once in its place, the part goes on.
        goes_on = others_active or given.unit_id is not None or facts.lead is None
        return None if goes_on else Phase.VERIFYING
    if verb.code == "reopen" and target is None:
        return Phase.ACCEPTED
    return verb.to_phase


def _transition(
    kind: Kind, facts: MatterFacts, actor: Actor, verb: Verb, rule: VerbRule, option: Option, given: Given
) -> Transition:
    target = _target(facts, verb, option, given)
    phase = _to_phase(facts, verb, target, given)
    state = (kind.entry(phase, verb.code) if phase is not None else None) or facts.state
    clock = _clock(verb, phase)
    units = acting_units(facts, actor, verb, rule)
    starts = clock in (ClockEffect.START, ClockEffect.STEP)
    answer: Limit | None = rule.limit if verb.code in ("return", "dispute_competence") else None
    return Transition(
        verb=verb.code,
        from_state=facts.state,
        to_state=state,
        to_phase=kind.states[state].phase,
        moved=phase is not None,
        clock=clock,
        unit_id=units[0] if units else None,
        step_limit=kind.states[state].limit if starts else None,
        total_limit=_total_limit(kind, clock, given.sort_class or facts.sort_class),
        outcome=outcome_of(verb, given),
        assignment_id=target.id if target else None,
        standing=_STANDING_AFTER.get(verb.code) if target else None,
        clears_checks=verb.code in ("send_back", "reopen", "dispatch"),
        ends_assignments=not kind.states[state].phase.is_open,
        answer_limit=answer,
        letter=rule.letter,
    )


def _clock(verb: Verb, phase: Phase | None) -> ClockEffect:
    """What the verb does to the clock here: a step that is not left keeps its clock."""
    if phase is None and verb.clock is ClockEffect.STEP and verb.code != "review_books":
        return ClockEffect.NONE
    return verb.clock


def _total_limit(kind: Kind, clock: ClockEffect, sort_class: str | None) -> Limit | None:
    """The whole limit where its clock starts or is set anew: the class's, else the kind's."""
    return kind.whole_limit(sort_class) if clock in (ClockEffect.LIMIT, ClockEffect.START) else None
