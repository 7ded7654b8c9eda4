"""What verbs do to where a matter leads: its class and grade, who takes it in, disputes over competence, follow-ups."""

from __future__ import annotations

from uuid import UUID

from shiyu.kernel.facts import Transition
from shiyu.kernel.limits import end_of
from shiyu.matters.effects.stage import Stage
from shiyu.matters.models import CompetenceDispute, FollowUp, GradeSet
from shiyu.people.queries import arbiter_of


def _sort(stage: Stage, transition: Transition) -> None:
    stage.matter.sort_class = stage.deed.sort_class


def _grade(stage: Stage, transition: Transition) -> None:
    """A grade by hand; from then on the table only proposes."""
    matter, deed = stage.matter, stage.deed
    matter.grade, matter.grade_by_hand = deed.grade, True
    GradeSet.objects.create(
        matter=matter,
        grade=deed.grade,
        by_hand=True,
        reason=deed.reason,
        by_name=stage.actor.name,
        at=stage.now,
    )


def _take_in_charge(stage: Stage, transition: Transition) -> None:
    stage.matter.in_charge, stage.matter.in_charge_until = stage.deed.leader, stage.deed.until


def _climb(stage: Stage, transition: Transition) -> None:
    """The unit above takes it in from now on; the level is counted, the state stays."""
    above = stage.matter.unit.upper_centre_id or stage.matter.unit.parent_id
    if above is None:
        raise RuntimeError("nothing stands above")
    stage.matter.unit_id = above
    stage.matter.level += 1


def _lower(stage: Stage, transition: Transition) -> None:
    stage.matter.unit_id = _named(stage)
    stage.matter.level = max(0, stage.matter.level - 1)


def _named(stage: Stage) -> UUID:
    """The unit that was given; the kernel asks for one where a verb needs it."""
    if stage.deed.unit_id is None:
        raise RuntimeError("the verb needs a unit")
    return stage.deed.unit_id


def _dispute(stage: Stage, transition: Transition) -> None:
    lead = stage.matter.assignments.get(active=True, role="lead")
    limit = transition.answer_limit
    CompetenceDispute.objects.create(
        matter=stage.matter,
        unit_id=lead.unit_id,
        reason=stage.deed.reason,
        asked_at=stage.now,
        decide_by=stage.calendar.add(stage.now, limit) if limit else None,
        other_unit_id=stage.matter.unit_id,
        arbiter_id=arbiter_of(lead.unit_id, stage.matter.unit_id),
    )


def _state_other_side(stage: Stage, transition: Transition) -> None:
    CompetenceDispute.objects.filter(matter=stage.matter, decided_at=None).update(
        other_reason=stage.deed.reason
    )


def _decide(stage: Stage, transition: Transition) -> None:
    CompetenceDispute.objects.filter(matter=stage.matter, decided_at=None).update(
        lead_id=_named(stage),
        decision=stage.deed.reason,
        decided_at=stage.now,
        decided_by=stage.actor.name,
    )


def _follow_up(stage: Stage, transition: Transition) -> None:
    """The earliest one that is due is made; one that was not due is made besides."""
    matter, deed = stage.matter, stage.deed
    row = FollowUp.objects.filter(matter=matter, done_at=None).order_by("due_at").first()
    row = row or FollowUp(matter=matter)
    row.done_at, row.result, row.by_name = stage.now, deed.result, stage.actor.name
    row.save()
    if deed.no_more_calls:
        matter.no_more_calls = True
        FollowUp.objects.filter(matter=matter, done_at=None).delete()


def _not_solved(stage: Stage, transition: Transition) -> None:
    stage.matter.said_not_solved_at = stage.now


def _rate(stage: Stage, transition: Transition) -> None:
    stage.matter.rating = stage.deed.rating


def _reopen(stage: Stage, transition: Transition) -> None:
    matter = stage.matter
    matter.said_not_solved_at, matter.rating, matter.review_until = None, None, None
    FollowUp.objects.filter(matter=matter, done_at=None).delete()


WAYS = {
    "sort": _sort,
    "grade": _grade,
    "take_in_charge": _take_in_charge,
    "climb": _climb,
    "lower": _lower,
    "dispute_competence": _dispute,
    "answer_competence": _state_other_side,
    "decide_competence": _decide,
    "follow_up": _follow_up,
    "not_solved": _not_solved,
    "rate": _rate,
    "reopen": _reopen,
}
"""What each verb changes here; the others change nothing."""


def plan_the_end(stage: Stage, transition: Transition) -> None:
    """At the end of a matter: its follow-ups are due by the pack's rule, and a review may be asked for until then."""
    kind, matter = stage.kind, stage.matter
    if kind.review is not None:
        matter.review_until = end_of(stage.calendar.add(stage.now, kind.review.within).date())
    rule = kind.follow_up
    if rule is None or matter.no_more_calls or transition.verb in ("withdraw", "merge", "refuse"):
        return
    due = stage.now
    for _time in range(rule.times):
        due = stage.calendar.add(due, rule.after)
        FollowUp.objects.create(matter=matter, due_at=due)
