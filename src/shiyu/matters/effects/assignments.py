"""What verbs do to the assignments of a matter: asked, received, given back, done."""

from __future__ import annotations

from uuid import UUID

from shiyu.kernel.facts import Transition
from shiyu.kernel.phases import Outcome
from shiyu.matters.effects.stage import NOBODY, Stage, target_of
from shiyu.matters.models import Assignment, Return


def _hold(stage: Stage, unit_id: UUID, role: str, office_id: UUID | None, person: str) -> Assignment:
    """A unit is asked. One that supports already and now leads (or is asked anew) holds the matter once."""
    matter = stage.matter
    matter.assignments.filter(unit_id=unit_id, active=True).update(active=False, ended="transferred")
    return Assignment.objects.create(
        matter=matter, unit_id=unit_id, role=role, office_id=office_id, person=person, asked_at=stage.now
    )


def _dispatch(stage: Stage, transition: Transition) -> None:
    deed = stage.deed
    if deed.unit_id is None:
        return
    _hold(stage, deed.unit_id, Assignment.Role.LEAD, deed.office_id, deed.person)
    for unit_id in dict.fromkeys(deed.supporting_unit_ids):
        if unit_id != deed.unit_id:
            _hold(stage, unit_id, Assignment.Role.SUPPORTING, None, "")
    stage.matter.proposed_lead_id = None


def _add_support(stage: Stage, transition: Transition) -> None:
    deed = stage.deed
    if deed.unit_id is not None:
        row = _hold(stage, deed.unit_id, Assignment.Role.SUPPORTING, deed.office_id, deed.person)
        row.due_at = stage.matter.step_due_at
        row.save(update_fields=["due_at"])


def _transfer(stage: Stage, transition: Transition) -> None:
    lead = stage.matter.assignments.filter(role=Assignment.Role.LEAD).exclude(
        ended__in=("returned", "transferred")
    )
    lead.update(active=False, ended="transferred")
    _dispatch(stage, transition)


def _decided(stage: Stage, transition: Transition) -> None:
    """Another unit is found competent: it takes the lead. Decided for the unit that has it, nothing changes."""
    if transition.assignment_id is not None:
        _transfer(stage, transition)


def _acknowledge(stage: Stage, transition: Transition) -> None:
    Assignment.objects.filter(pk=target_of(transition)).update(acknowledged_at=stage.now)


def _return(stage: Stage, transition: Transition) -> None:
    limit = transition.answer_limit
    Return.objects.create(
        assignment_id=target_of(transition),
        reason=stage.deed.reason,
        asked_at=stage.now,
        asked_by_id=stage.actor.user_id or NOBODY,
        decide_by=stage.calendar.add(stage.now, limit) if limit else None,
    )


def _answer(stage: Stage, transition: Transition, state: str) -> None:
    Return.objects.filter(assignment_id=target_of(transition), state=Return.State.ASKED).update(
        state=state,
        decided_at=stage.now,
        decided_by_id=stage.actor.user_id,
        decision_reason=stage.deed.reason,
    )


def _consent(stage: Stage, transition: Transition) -> None:
    _answer(stage, transition, Return.State.CONSENTED)
    Assignment.objects.filter(pk=target_of(transition)).update(active=False, ended="returned")


def _decline(stage: Stage, transition: Transition) -> None:
    _answer(stage, transition, Return.State.DECLINED)
    Assignment.objects.filter(pk=target_of(transition), acknowledged_at=None).update(
        acknowledged_at=stage.now
    )


def _complete(stage: Stage, transition: Transition) -> None:
    Assignment.objects.filter(pk=target_of(transition)).update(
        active=False, ended="done", done_at=stage.now, result=stage.deed.result
    )


def _handle_again(stage: Stage, transition: Transition) -> None:
    """Sent back or reopened: the lead holds it again, having received it."""
    if transition.assignment_id is not None:
        Assignment.objects.filter(pk=target_of(transition)).update(
            active=True, ended="", done_at=None, acknowledged_at=stage.now
        )


def end_assignments(stage: Stage, transition: Transition) -> None:
    active = stage.matter.assignments.filter(active=True)
    Return.objects.filter(assignment__in=active, state=Return.State.ASKED).update(
        state=Return.State.CONSENTED, decided_at=stage.now, decided_by_id=stage.actor.user_id
    )
    if transition.outcome is Outcome.DONE:
        active.update(active=False, ended="done", done_at=stage.now)
    else:
        active.update(active=False, ended="withdrawn")


CHANGES = {
    "dispatch": _dispatch,
    "add_support": _add_support,
    "transfer": _transfer,
    "acknowledge": _acknowledge,
    "return": _return,
    "consent_return": _consent,
    "decline_return": _decline,
    "complete": _complete,
    "decide_competence": _decided,
    "send_back": _handle_again,
    "reopen": _handle_again,
}
