"""Every objection to a verb: why it may not be done now, by this person, with what they gave.

`workflow` collects them; each function answers with all the reasons of one sort. Pure questions: nothing changes.
"""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from shiyu.kernel.actor import Actor
from shiyu.kernel.competence import against_dispatch
from shiyu.kernel.facts import Given, MatterFacts, Option, Standing
from shiyu.kernel.limits import Calendar
from shiyu.kernel.phases import Need, Outcome, Phase, Relation
from shiyu.kernel.reasons import REASONS
from shiyu.kernel.spec.matters import Closing, Kind, VerbRule
from shiyu.kernel.verbs import VERBS, Verb
from shiyu.kernel.words import Reason

ON_OWN = {
    "acknowledge": (Standing.ASKED,),
    "return": (Standing.ASKED, Standing.ACKNOWLEDGED),
    "complete": (Standing.ACKNOWLEDGED,),
}
"""Verbs done to the doer's own assignment, and how it must stand."""
ON_RETURNING = ("consent_return", "decline_return")
"""Verbs done to an assignment whose unit asked to return it."""
SENDING = ("dispatch", "transfer", "add_support", "decide_competence")
"""Verbs that name a unit which is to take part."""
SORTED_FIRST = ("settle", "dispatch", "climb", "refuse")
"""Verbs for which the class of a sorted kind decides."""


def needs_of(kind: Kind, verb: str) -> tuple[Need, ...]:
    """Everything a verb needs in this kind, the catalogue's needs first, each once."""
    rule = kind.rule(verb)
    return tuple(dict.fromkeys((*VERBS[verb].needs, *(rule.needs if rule else ()))))


def relations(verb: Verb, rule: VerbRule) -> tuple[Relation, ...]:
    """Through which relations a doer may come, as the kind narrows it."""
    return rule.who or verb.who


def is_reporter(facts: MatterFacts, actor: Actor, verb: Verb, rule: VerbRule) -> bool:
    """True if the person is one of those who reported the matter, and the verb is theirs."""
    return Relation.REPORTER in relations(verb, rule) and actor.party_id in facts.party_ids


def acting_units(facts: MatterFacts, actor: Actor, verb: Verb, rule: VerbRule) -> list[UUID]:
    """The actor's units that stand in a wanted relation and in which the verb's right is held, home first."""
    related: set[UUID] = set()
    if verb.code == "decide_competence":
        # Only the unit above both sides decides between them (LZ11).
        related = {facts.arbiter_id} if facts.arbiter_id else set()
    elif verb.code == "end_supervision" and facts.supervisor_ids:
        related = set(facts.supervisor_ids)
    else:
        for relation in relations(verb, rule):
            related |= actor.unit_ids if relation is Relation.ANY else facts.units(relation)
    held = {unit for unit in related & actor.unit_ids if actor.has(verb.right, unit)}
    return sorted(held, key=lambda unit: (unit != actor.home_unit_id, unit))


def wrong_phase(kind: Kind, facts: MatterFacts, verb: Verb) -> list[Reason]:
    """The matter is not where the verb starts, or closing lacks what the kind asks for."""
    phase = kind.states[facts.state].phase
    if phase not in verb.from_phases:
        return [REASONS["wrong_phase"]]
    if verb.code != "close" or kind.closing is Closing.SAMPLING:
        return []
    if phase is not Phase.VERIFYING:
        return [REASONS["wrong_phase"]]
    if kind.closing is Closing.VERIFIED and not facts.is_verified:
        return [REASONS["not_verified"]]
    if kind.closing is Closing.CONFIRMED and not facts.is_confirmed:
        return [REASONS["not_confirmed"]]
    return []


def wrong_person(
    kind: Kind, facts: MatterFacts, actor: Actor, verb: Verb, rule: VerbRule, units: list[UUID]
) -> list[Reason]:
    """The person has no right, no relation, or a hand in it where another one is wanted."""
    needs = needs_of(kind, verb.code)
    reasons = []
    if not actor.is_system and not units and not is_reporter(facts, actor, verb, rule):
        reasons.append(_why_nobody(facts, actor, verb, rule))
    if Need.OTHER_HAND in needs and (actor.is_system or actor.user_id in facts.handled_by):
        reasons.append(REASONS["other_hand"])
    if Need.OTHER_UNIT in needs:
        handling = facts.units(Relation.LEAD) | facts.units(Relation.SUPPORTING)
        if actor.is_system or (units and not set(units) - handling):
            reasons.append(REASONS["other_unit"])
    if verb.code == "decide_competence" and actor.is_system:
        reasons.append(REASONS["other_hand"])
    return reasons


def _why_nobody(facts: MatterFacts, actor: Actor, verb: Verb, rule: VerbRule) -> Reason:
    """Why none of the person's units may: it has no part in the matter, or the person has no right in it."""
    if verb.code == "end_supervision" and facts.supervisor_ids:
        return REASONS["no_right" if facts.supervisor_ids & actor.unit_ids else "not_supervisor"]
    wanted = relations(verb, rule)
    related = Relation.ANY in wanted or any(facts.units(r) & actor.unit_ids for r in wanted)
    return REASONS["no_right" if related else "not_related"]


def wrong_moment(kind: Kind, facts: MatterFacts, actor: Actor, verb: Verb) -> list[Reason]:
    """Reasons that lie in the matter's flags. A class says what people do next; the kind's climb rules lift every
    class."""
    against = (*_of_asking(kind, facts), *_of_the_way(kind, facts), *_of_the_end(kind, facts))
    found = [code for verbs, is_against, code in against if is_against and verb.code in verbs]
    if verb.code == "climb" and actor.is_system:
        found = [code for code in found if code != "wrong_class"]
    return [REASONS[code] for code in found]


Objection = tuple[tuple[str, ...], bool, str]
"""The verbs it speaks of, whether it holds, and the reason's code."""


def _of_asking(kind: Kind, facts: MatterFacts) -> tuple[Objection, ...]:
    """A return, an extension, a suspension or a dispute that is or is not under way."""
    returning = any(a.standing is Standing.RETURNING for a in facts.assignments)
    pending, suspended = facts.extension_pending, facts.is_suspended
    return (
        (("return", "extend", "suspend"), pending, "extension_pending"),
        (("approve_extension", "decline_extension"), not pending, "no_extension_pending"),
        (("extend",), facts.is_overdue, "overdue"),
        (("extend",), facts.extensions >= kind.max_extensions, "extension_used"),
        (("consent_return", "decline_return"), not returning, "nothing_returning"),
        (("transfer", "extend", "suspend", "put_on_books", "dispute_competence"), returning, "returning"),
        (("suspend", "extend", "put_on_books", "complete"), suspended, "suspended"),
        (("resume",), not suspended, "not_suspended"),
        (("dispute_competence", "return", "transfer"), facts.competence_disputed, "competence_disputed"),
        (("answer_competence", "decide_competence"), not facts.competence_disputed, "nothing_disputed"),
        (("answer_competence",), facts.competence_answered, "competence_answered"),
    )


def _of_the_way(kind: Kind, facts: MatterFacts) -> tuple[Objection, ...]:
    """How the matter was sorted, and where it can climb to."""
    sorting, unsorted = kind.sorting, kind.sorting is not None and facts.sort_class is None
    chosen = sorting.classes.get(facts.sort_class or "") if sorting else None
    closed_ways = tuple(v for v in SORTED_FIRST if chosen and chosen.next and v not in chosen.next)
    return (
        (("settle", "dispatch"), unsorted, "not_sorted"),
        (closed_ways, bool(closed_ways), "wrong_class"),
        (("sort",), sorting is None, "no_sorting"),
        (("grade",), kind.grading is None, "no_grading"),
        (("climb",), facts.upper_id is None, "at_top"),
        (("supervise",), facts.is_supervised, "already_supervised"),
        (("end_supervision",), not facts.is_supervised, "not_supervised"),
    )


def _of_the_end(kind: Kind, facts: MatterFacts) -> tuple[Objection, ...]:
    """What was said or checked when the matter came to its end."""
    return (
        (("verify",), facts.is_verified, "already_verified"),
        (("confirm",), facts.is_confirmed, "already_confirmed"),
        (("rate",), facts.is_rated, "already_rated"),
        (("not_solved",), facts.said_not_solved, "already_said"),
        (("follow_up",), facts.no_more_calls, "no_more_calls"),
        (("ask_review",), kind.review is None or facts.review_until is None, "review_over"),
        (("accept", "settle"), facts.is_settled_for_good, "settled_for_good"),
    )


def missing(kind: Kind, facts: MatterFacts, verb: Verb, given: Given) -> list[Reason]:
    """What the doer still has to supply. Proof may have come in the present round already."""
    supplied = set(given.needs)
    if facts.has_proof:
        supplied.add(Need.PROOF)
    if given.until is not None:
        supplied |= {Need.DUE_DATE, Need.REVIEW_DATE, Need.END_DATE}
    named = (
        (given.unit_id, Need.UNIT),
        (given.outcome, Need.OUTCOME),
        (given.sort_class, Need.SORT_CLASS),
        (given.grade, Need.GRADE),
        (given.matter_id, Need.MATTER),
    )
    supplied |= {need for value, need in named if value is not None}
    wanted = [need for need in needs_of(kind, verb.code) if need.is_given]
    if verb.to_phase is Phase.CLOSED and given.outcome is Outcome.FAILED_WITH_REMEDY:
        wanted.append(Need.REMEDY)  # "failed with remedy shown": then it must be shown
    return [REASONS[f"needs_{need}"] for need in dict.fromkeys(wanted) if need not in supplied]


def wrong_dates(
    facts: MatterFacts, verb: Verb, rule: VerbRule, given: Given, now: dt.datetime, calendar: Calendar
) -> list[Reason]:
    """A date lies in the future, a new limit after the old one, and neither beyond the kind's longest; a review is
    asked for in time."""
    if verb.code == "ask_review" and facts.review_until is not None and now > facts.review_until:
        return [REASONS["review_over"]]
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


def wrong_choice(kind: Kind, facts: MatterFacts, verb: Verb, option: Option, given: Given) -> list[Reason]:
    """A unit that is on it already or not competent, a class, grade or outcome the kind does not have, an assignment
    that is not the doer's."""
    reasons = []
    on_it = {a.unit_id for a in facts.assignments if a.standing.is_active or a.standing is Standing.DONE}
    if verb.code == "add_support" and given.unit_id in on_it:
        reasons.append(REASONS["unit_on_it"])
    if verb.code == "transfer" and given.unit_id in facts.units(Relation.LEAD):
        reasons.append(REASONS["unit_on_it"])
    if verb.to_phase is Phase.CLOSED and not _may_end(kind, verb, given):
        reasons.append(REASONS["outcome"])
    if verb.code in ON_OWN or verb.code in ON_RETURNING:
        chosen = given.assignment_id
        if option.allowed and chosen is not None and chosen not in option.assignment_ids:
            reasons.append(REASONS["no_assignment"])
        if given.assignment_id is None and len(option.assignment_ids) > 1:
            reasons.append(REASONS["which_assignment"])
    return reasons + _wrong_code(kind, verb, given) + _not_competent(verb, given)


def _may_end(kind: Kind, verb: Verb, given: Given) -> bool:
    """The kind has the outcome, and it is not one that only a verb of its own brings about."""
    outcome = outcome_of(verb, given)
    return outcome in kind.outcomes and (verb.code in _ENDS_BY or outcome not in _ENDS_BY.values())


def why_no_target(facts: MatterFacts, verb: Verb, units: list[UUID]) -> Reason:
    """Why none of the doer's own parts can be treated so: what is to be done first, or was done already."""
    standings = {a.standing for a in facts.assignments if a.unit_id in units}
    if verb.code == "return" and any(a.return_over for a in facts.assignments if a.unit_id in units):
        return REASONS["return_over"]
    if Standing.RETURNING in standings:
        return REASONS["returning"]
    if verb.code == "complete" and Standing.ASKED in standings:
        return REASONS["acknowledge_first"]
    if verb.code == "acknowledge" and Standing.ACKNOWLEDGED in standings:
        return REASONS["already_acknowledged"]
    return REASONS["part_done" if Standing.DONE in standings else "no_assignment"]


def _wrong_code(kind: Kind, verb: Verb, given: Given) -> list[Reason]:
    classes = kind.sorting.classes if kind.sorting else {}
    grades = kind.grading.grades if kind.grading else {}
    unknown_class = verb.code == "sort" and given.sort_class is not None and given.sort_class not in classes
    unknown_grade = verb.code == "grade" and given.grade is not None and given.grade not in grades
    return [REASONS["unknown_choice"]] if unknown_class or unknown_grade else []


def _not_competent(verb: Verb, given: Given) -> list[Reason]:
    """A town does not get what its list of functions gave back to the county (domain.md 1.15)."""
    if verb.code not in SENDING:
        return []
    leads = (given.unit_id,) if verb.code != "add_support" else ()
    supporting = (*given.supporting_unit_ids, *(() if leads else (given.unit_id,)))
    found = [against_dispatch(given.standings.get(unit), as_lead=True) for unit in leads if unit]
    found += [against_dispatch(given.standings.get(unit), as_lead=False) for unit in supporting if unit]
    return [reason for reason in found if reason is not None]


def outcome_of(verb: Verb, given: Given) -> Outcome | None:
    """How a matter ends by this verb; None for a verb that does not end it."""
    if verb.to_phase is not Phase.CLOSED:
        return None
    return _ENDS_BY.get(verb.code) or given.outcome or Outcome.DONE


_ENDS_BY = {"withdraw": Outcome.WITHDRAWN, "merge": Outcome.MERGED}
"""Outcomes that only a verb of their own brings about."""
