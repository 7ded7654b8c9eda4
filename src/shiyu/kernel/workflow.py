"""What may this person do with this matter now, and why not the rest.

`options` answers for pages; `decide` answers for one verb and says what follows from it. Buttons, the API
and jobs
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
from shiyu.kernel.reasons import REASONS
from shiyu.kernel.spec.matters import Closing, Kind, VerbRule
from shiyu.kernel.verbs import VERBS, ClockEffect, Need, Outcome, Phase, Relation, Verb
from shiyu.kernel.words import Limit, Reason

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

_ON_OWN = {
    "acknowledge": (Standing.ASKED,),
    "return": (Standing.ASKED, Standing.ACKNOWLEDGED),
    "complete": (Standing.ACKNOWLEDGED,),
}
_ON_RETURNING = ("consent_return", "decline_return")


def options(kind: Kind, facts: MatterFacts, actor: Actor) -> list[Option]:
    """Every verb the kind knows, in the catalogue's order, allowed or with all reasons why not.
    `file` is left out: it makes the matter (ask `decide` with facts None)."""
    return [
        _option(kind, facts, actor, verb, rule)
        for code, verb in VERBS.items()
        if code != "file" and (rule := kind.rule(code)) is not None
    ]


def needs_of(kind: Kind, verb: str) -> tuple[Need, ...]:
    """Everything a verb needs in this kind, the catalogue's needs first, each once."""
    rule = kind.rule(verb)
    return tuple(dict.fromkeys((*VERBS[verb].needs, *(rule.needs if rule else ()))))


def decide(
    kind: Kind,
    facts: MatterFacts | None,
    actor: Actor,
    verb: str,
    given: Given,
    now: dt.datetime,
    calendar: Calendar,
) -> Transition:
    """What follows if the actor does the verb now. Raises NotAllowed with every reason against it,
    KeyError for a
    verb outside the catalogue. For `file` facts is None and `given.unit_id` the unit that takes it in."""
    entry = VERBS[verb]
    rule = kind.rule(verb)
    if rule is None:
        raise NotAllowed((REASONS["off"],))
    if facts is None or verb == "file":
        return _filed(kind, facts, actor, rule, given)
    option = _option(kind, facts, actor, entry, rule)
    reasons = [
        *option.reasons,
        *_missing(kind, facts, entry, given),
        *_wrong_dates(facts, entry, rule, given, now, calendar),
        *_wrong_choice(kind, facts, entry, option, given),
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
        Relation.ANY in _relations(VERBS["file"], rule)
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
    units = _acting_units(facts, actor, verb, rule)
    targets = _targets(kind, facts, verb, units, actor)
    reasons = [
        *_wrong_phase(kind, facts, verb),
        *_wrong_person(kind, facts, actor, verb, rule, units),
        *_wrong_moment(kind, facts, verb),
    ]
    if verb.code in _ON_OWN and not targets and not reasons:
        reasons.append(_why_no_target(facts, verb, units))
    return Option(
        verb.code,
        verb.label,
        not reasons,
        tuple(reasons),
        tuple(need for need in needs_of(kind, verb.code) if need.is_given),
        tuple(a.id for a in targets),
        rule.letter,
    )


def _relations(verb: Verb, rule: VerbRule) -> tuple[Relation, ...]:
    return rule.who or verb.who


def _acting_units(facts: MatterFacts, actor: Actor, verb: Verb, rule: VerbRule) -> list[UUID]:
    """The actor's units that stand in a wanted relation and in which the verb's right is held, home first."""
    related: set[UUID] = set()
    for relation in _relations(verb, rule):
        related |= actor.unit_ids if relation is Relation.ANY else facts.units(relation)
    held = {unit for unit in related & actor.unit_ids if actor.has(verb.right, unit)}
    return sorted(held, key=lambda unit: (unit != actor.home_unit_id, unit))


def _targets(
    kind: Kind, facts: MatterFacts, verb: Verb, units: list[UUID], actor: Actor
) -> list[AssignmentFacts]:
    """The assignments a verb can be done to."""
    if verb.code in _ON_RETURNING:
        return [a for a in facts.assignments if a.standing is Standing.RETURNING]
    if verb.code not in _ON_OWN:
        return []
    standings = _ON_OWN[verb.code]
    if verb.code == "complete" and kind.rule("acknowledge") is None:
        standings = (Standing.ASKED, *standings)
    own = [a for a in facts.assignments if actor.is_system or a.unit_id in units]
    return [a for a in own if a.standing in standings]


def _why_no_target(facts: MatterFacts, verb: Verb, units: list[UUID]) -> Reason:
    """Why none of the doer's own parts can be treated so: what is to be done first, or was done already."""
    standings = {a.standing for a in facts.assignments if a.unit_id in units}
    if Standing.RETURNING in standings:
        return REASONS["returning"]
    if verb.code == "complete" and Standing.ASKED in standings:
        return REASONS["acknowledge_first"]
    if verb.code == "acknowledge" and Standing.ACKNOWLEDGED in standings:
        return REASONS["already_acknowledged"]
    return REASONS["part_done" if Standing.DONE in standings else "no_assignment"]


def _wrong_phase(kind: Kind, facts: MatterFacts, verb: Verb) -> list[Reason]:
    phase = kind.states[facts.state].phase
    if phase not in verb.from_phases:
        return [REASONS["wrong_phase"]]
    if verb.code != "close":
        return []
    if kind.closing is Closing.SAMPLING:
        return []
    if phase is not Phase.VERIFYING:
        return [REASONS["wrong_phase"]]
    if kind.closing is Closing.VERIFIED and not facts.is_verified:
        return [REASONS["not_verified"]]
    if kind.closing is Closing.CONFIRMED and not facts.is_confirmed:
        return [REASONS["not_confirmed"]]
    return []


def _wrong_person(
    kind: Kind, facts: MatterFacts, actor: Actor, verb: Verb, rule: VerbRule, units: list[UUID]
) -> list[Reason]:
    needs = needs_of(kind, verb.code)
    reasons = []
    if not actor.is_system and not units:
        relations = _relations(verb, rule)
        related = Relation.ANY in relations or any(facts.units(r) & actor.unit_ids for r in relations)
        reasons.append(REASONS["no_right" if related else "not_related"])
    if Need.OTHER_HAND in needs and (actor.is_system or actor.user_id in facts.handled_by):
        reasons.append(REASONS["other_hand"])
    if Need.OTHER_UNIT in needs:
        handling = facts.units(Relation.LEAD) | facts.units(Relation.SUPPORTING)
        if actor.is_system or (units and not set(units) - handling):
            reasons.append(REASONS["other_unit"])
    return reasons


def _wrong_moment(kind: Kind, facts: MatterFacts, verb: Verb) -> list[Reason]:
    """Reasons that lie in the matter's flags, whoever asks."""
    returning = any(a.standing is Standing.RETURNING for a in facts.assignments)
    used = facts.extensions >= kind.max_extensions
    against: dict[str, tuple[tuple[bool, str], ...]] = {
        "return": ((facts.extension_pending, "extension_pending"),),
        "consent_return": ((not returning, "nothing_returning"),),
        "decline_return": ((not returning, "nothing_returning"),),
        "transfer": ((returning, "returning"),),
        "extend": (
            (used, "extension_used"),
            (facts.is_overdue, "overdue"),
            (facts.extension_pending, "extension_pending"),
            (facts.is_suspended, "suspended"),
            (returning, "returning"),
        ),
        "approve_extension": ((not facts.extension_pending, "no_extension_pending"),),
        "decline_extension": ((not facts.extension_pending, "no_extension_pending"),),
        "suspend": (
            (facts.is_suspended, "suspended"),
            (facts.extension_pending, "extension_pending"),
            (returning, "returning"),
        ),
        "resume": ((not facts.is_suspended, "not_suspended"),),
        "put_on_books": ((facts.is_suspended, "suspended"), (returning, "returning")),
        "complete": ((facts.is_suspended, "suspended"),),
        "verify": ((facts.is_verified, "already_verified"),),
        "confirm": ((facts.is_confirmed, "already_confirmed"),),
        "supervise": ((facts.is_supervised, "already_supervised"),),
    }
    return [REASONS[code] for is_against, code in against.get(verb.code, ()) if is_against]


def _missing(kind: Kind, facts: MatterFacts, verb: Verb, given: Given) -> list[Reason]:
    """What the doer still has to supply. Proof may lie on the matter already."""
    supplied = set(given.needs)
    if facts.has_proof:
        supplied.add(Need.PROOF)
    if given.unit_id is not None:
        supplied.add(Need.UNIT)
    if given.until is not None:
        supplied |= {Need.DUE_DATE, Need.REVIEW_DATE, Need.END_DATE}
    if given.outcome is not None:
        supplied.add(Need.OUTCOME)
    wanted = [need for need in needs_of(kind, verb.code) if need.is_given]
    if verb.to_phase is Phase.CLOSED and given.outcome is Outcome.FAILED_WITH_REMEDY:
        wanted.append(Need.REMEDY)  # "failed with remedy shown": then it must be shown
    return [REASONS[f"needs_{need}"] for need in dict.fromkeys(wanted) if need not in supplied]


def _wrong_dates(
    facts: MatterFacts, verb: Verb, rule: VerbRule, given: Given, now: dt.datetime, calendar: Calendar
) -> list[Reason]:
    """A date lies in the future, a new limit after the old one, and neither beyond the kind's longest."""
    if given.until is None:
        return []
    if given.until <= now:
        return [REASONS["date_past"]]
    start = now
    if verb.code == "extend" and facts.due_at is not None:
        if given.until <= facts.due_at:
            return [REASONS["date_before_due"]]
        start = facts.due_at
    if rule.limit is not None and given.until > calendar.add(start, rule.limit):
        return [REASONS["date_too_late"]]
    return []


def _wrong_choice(kind: Kind, facts: MatterFacts, verb: Verb, option: Option, given: Given) -> list[Reason]:
    """A unit that is on it already, an outcome the kind does not have, an assignment that is not the
    doer's."""
    reasons = []
    on_it = {a.unit_id for a in facts.assignments if a.standing.is_active or a.standing is Standing.DONE}
    if verb.code == "add_support" and given.unit_id in on_it:
        reasons.append(REASONS["unit_on_it"])
    if verb.code == "transfer" and given.unit_id in facts.units(Relation.LEAD):
        reasons.append(REASONS["unit_on_it"])
    if verb.to_phase is Phase.CLOSED and not _may_end(kind, verb, given):
        reasons.append(REASONS["outcome"])
    if verb.code in _ON_OWN or verb.code in _ON_RETURNING:
        chosen = given.assignment_id
        if option.allowed and chosen is not None and chosen not in option.assignment_ids:
            reasons.append(REASONS["no_assignment"])
        if given.assignment_id is None and len(option.assignment_ids) > 1:
            reasons.append(REASONS["which_assignment"])
    return reasons


def _may_end(kind: Kind, verb: Verb, given: Given) -> bool:
    """The kind has the outcome, and it is not one that only a verb of its own brings about."""
    outcome = _outcome(verb, given)
    return outcome in kind.outcomes and (verb.code != "close" or outcome not in _OF_OTHER_VERBS)


_OF_OTHER_VERBS = (Outcome.WITHDRAWN, Outcome.MERGED)


def _outcome(verb: Verb, given: Given) -> Outcome | None:
    if verb.to_phase is not Phase.CLOSED:
        return None
    return Outcome.WITHDRAWN if verb.code == "withdraw" else given.outcome or Outcome.DONE


_STANDING_AFTER = {
    "acknowledge": Standing.ACKNOWLEDGED,
    "return": Standing.RETURNING,
    "consent_return": Standing.LEFT,
    "decline_return": Standing.ACKNOWLEDGED,
    "transfer": Standing.LEFT,
    "complete": Standing.DONE,
    "send_back": Standing.ACKNOWLEDGED,
    "reopen": Standing.ACKNOWLEDGED,
}
_ON_LEAD = ("transfer", "send_back", "reopen")


def _target(facts: MatterFacts, verb: Verb, option: Option, given: Given) -> AssignmentFacts | None:
    """The assignment the verb changes, if it changes one."""
    if verb.code in _ON_LEAD:
        return facts.lead
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
    clock = verb.clock
    if phase is None and clock is ClockEffect.STEP and verb.code != "review_books":
        clock = ClockEffect.NONE
    units = _acting_units(facts, actor, verb, rule)
    starts = clock in (ClockEffect.START, ClockEffect.STEP)
    answer: Limit | None = rule.limit if verb.code == "return" else None
    return Transition(
        verb=verb.code,
        from_state=facts.state,
        to_state=state,
        to_phase=kind.states[state].phase,
        moved=phase is not None,
        clock=clock,
        unit_id=units[0] if units else None,
        step_limit=kind.states[state].limit if starts else None,
        total_limit=kind.limit if clock is ClockEffect.START else None,
        outcome=_outcome(verb, given),
        assignment_id=target.id if target else None,
        standing=_STANDING_AFTER.get(verb.code) if target else None,
        clears_checks=verb.code in ("send_back", "reopen", "dispatch"),
        ends_assignments=not kind.states[state].phase.is_open,
        answer_limit=answer,
        letter=rule.letter,
    )
