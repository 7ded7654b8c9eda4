"""What a transition of the kernel writes: assignments, flags, clocks, steps. Decides nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from shiyu.kernel.actor import Actor
from shiyu.kernel.facts import Transition
from shiyu.kernel.limits import Calendar, end_of, local_day
from shiyu.kernel.phases import ClockEffect, Outcome, Phase, Relation
from shiyu.kernel.spec.matters import Kind
from shiyu.matters.clocks import set_limit, worked_minutes
from shiyu.matters.models import Assignment, Matter, Return, Step
from shiyu.people.models import Unit

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


def apply(stage: Stage, transition: Transition) -> None:
    """Writes a transition. The matter's own fields are set, not saved; its assignments and steps are saved."""
    if transition.moved and stage.matter.suspended_at is not None:
        _resume(stage)
    _ASSIGNMENT.get(transition.verb, _unchanged)(stage, transition)
    if transition.ends_assignments:
        _end_assignments(stage, transition)
    _set_flags(stage, transition)
    was = stage.matter.state, stage.matter.phase
    stage.matter.state, stage.matter.phase = transition.to_state, transition.to_phase.value
    _set_clocks(stage, transition)
    if transition.moved:
        _next_stay(stage, transition, was)
    else:
        _deed_within(stage, transition, was)


def open_first_stay(stage: Stage) -> None:
    """The first stay of a new matter."""
    _open_stay(stage)


def _target(transition: Transition) -> UUID:
    """The assignment the verb changes; the kernel names one for every verb that needs it."""
    if transition.assignment_id is None:
        raise RuntimeError(f"{transition.verb} has no assignment")
    return transition.assignment_id


# --- assignments ------------------------------------------------------------------------------------------------


def _unchanged(stage: Stage, transition: Transition) -> None:
    """Most verbs leave the assignments as they are."""


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


def _acknowledge(stage: Stage, transition: Transition) -> None:
    Assignment.objects.filter(pk=_target(transition)).update(acknowledged_at=stage.now)


def _return(stage: Stage, transition: Transition) -> None:
    limit = transition.answer_limit
    Return.objects.create(
        assignment_id=_target(transition),
        reason=stage.deed.reason,
        asked_at=stage.now,
        asked_by_id=stage.actor.user_id or NOBODY,
        decide_by=stage.calendar.add(stage.now, limit) if limit else None,
    )


def _answer(stage: Stage, transition: Transition, state: str) -> None:
    Return.objects.filter(assignment_id=_target(transition), state=Return.State.ASKED).update(
        state=state,
        decided_at=stage.now,
        decided_by_id=stage.actor.user_id,
        decision_reason=stage.deed.reason,
    )


def _consent(stage: Stage, transition: Transition) -> None:
    _answer(stage, transition, Return.State.CONSENTED)
    Assignment.objects.filter(pk=_target(transition)).update(active=False, ended="returned")


def _decline(stage: Stage, transition: Transition) -> None:
    _answer(stage, transition, Return.State.DECLINED)
    Assignment.objects.filter(pk=_target(transition), acknowledged_at=None).update(acknowledged_at=stage.now)


def _complete(stage: Stage, transition: Transition) -> None:
    Assignment.objects.filter(pk=_target(transition)).update(
        active=False, ended="done", done_at=stage.now, result=stage.deed.result
    )


def _handle_again(stage: Stage, transition: Transition) -> None:
    """Sent back or reopened: the lead holds it again, having received it."""
    if transition.assignment_id is not None:
        Assignment.objects.filter(pk=_target(transition)).update(
            active=True, ended="", done_at=None, acknowledged_at=stage.now
        )


def _end_assignments(stage: Stage, transition: Transition) -> None:
    active = stage.matter.assignments.filter(active=True)
    Return.objects.filter(assignment__in=active, state=Return.State.ASKED).update(
        state=Return.State.CONSENTED, decided_at=stage.now, decided_by_id=stage.actor.user_id
    )
    if transition.outcome is Outcome.DONE:
        active.update(active=False, ended="done", done_at=stage.now)
    else:
        active.update(active=False, ended="withdrawn")


_ASSIGNMENT = {
    "dispatch": _dispatch,
    "add_support": _add_support,
    "transfer": _transfer,
    "acknowledge": _acknowledge,
    "return": _return,
    "consent_return": _consent,
    "decline_return": _decline,
    "complete": _complete,
    "send_back": _handle_again,
    "reopen": _handle_again,
}


# --- flags ------------------------------------------------------------------------------------------------------


def _set_flags(stage: Stage, transition: Transition) -> None:
    matter, deed = stage.matter, stage.deed
    if transition.clears_checks:
        matter.verified_by_id, matter.verified_by_name = None, ""
        matter.confirmed_by_id = matter.completed_by_id = None
    if transition.moved or transition.verb == "decline_extension":
        matter.extension_asked_until, matter.extension_asked_days, matter.extension_asked_reason = None, 0, ""
    if transition.verb == "supervise":
        matter.supervised_at = stage.now
    _FLAGS.get(transition.verb, _unchanged)(stage, transition)
    if transition.to_phase.is_open:
        matter.is_open, matter.closed_at, matter.outcome = True, None, ""
    elif transition.moved:
        matter.is_open, matter.closed_at = False, stage.now
        matter.outcome = transition.outcome.value if transition.outcome else ""
        matter.on_books = False
    if deed.remedy:
        matter.remedy = deed.remedy


def _note(stage: Stage, transition: Transition) -> None:
    stage.matter.progress = stage.deed.words or stage.matter.progress


def _ask_extension(stage: Stage, transition: Transition) -> None:
    matter, until = stage.matter, stage.deed.until
    if until is None:
        return
    start = local_day(matter.due_at or stage.now)
    matter.extension_asked_until = end_of(until)
    matter.extension_asked_days = stage.calendar.workdays_between(start, until)
    matter.extension_asked_reason = stage.deed.reason


def _approve_extension(stage: Stage, transition: Transition) -> None:
    matter = stage.matter
    until = matter.extension_asked_until
    if until is None:
        return
    set_limit(matter, until, matter.received_at, stage.calendar)
    matter.step_due_at = until
    matter.assignments.filter(active=True).update(due_at=until)
    matter.extensions += 1
    matter.extended_days += matter.extension_asked_days
    matter.extension_asked_until, matter.extension_asked_days, matter.extension_asked_reason = None, 0, ""


def _suspend(stage: Stage, transition: Transition) -> None:
    matter = stage.matter
    matter.suspended_at, matter.suspended_until = stage.now, stage.deed.until
    matter.suspended_reason = stage.deed.reason


def _resume(stage: Stage, transition: Transition | None = None) -> None:
    """The clock runs on: every limit moves by the workdays it stood still."""
    matter, calendar = stage.matter, stage.calendar
    paused = matter.suspended_at
    if paused is None:
        return
    if matter.due_at:
        set_limit(matter, calendar.push(matter.due_at, paused, stage.now), matter.received_at, calendar)
    if matter.step_due_at:
        matter.step_due_at = calendar.push(matter.step_due_at, paused, stage.now)
        matter.assignments.filter(active=True).update(due_at=matter.step_due_at)
    matter.step_suspended_minutes += worked_minutes(calendar, paused, stage.now)
    matter.suspended_at, matter.suspended_until, matter.suspended_reason = None, None, ""


def _on_books(stage: Stage, transition: Transition) -> None:
    matter = stage.matter
    matter.on_books, matter.books_review_on = True, stage.deed.until
    matter.books_reason = stage.deed.reason


def _off_books(stage: Stage, transition: Transition) -> None:
    matter = stage.matter
    matter.on_books, matter.books_review_on, matter.books_reason = False, None, ""


def _done(stage: Stage, transition: Transition) -> None:
    stage.matter.completed_by_id = stage.actor.user_id
    lead = stage.matter.assignments.filter(pk=_target(transition), role=Assignment.Role.LEAD)
    if lead.exists():  # what a supporting unit did stands with its assignment
        stage.matter.progress = stage.deed.result


def _verified(stage: Stage, transition: Transition) -> None:
    stage.matter.verified_by_id, stage.matter.verified_by_name = stage.actor.user_id, stage.actor.name


def _confirmed(stage: Stage, transition: Transition) -> None:
    stage.matter.confirmed_by_id = stage.actor.user_id


def _again(stage: Stage, transition: Transition) -> None:
    if transition.verb == "reopen":
        stage.matter.reopened += 1
    else:
        stage.matter.reworked += 1


_FLAGS = {
    "note": _note,
    "extend": _ask_extension,
    "approve_extension": _approve_extension,
    "suspend": _suspend,
    "resume": _resume,
    "put_on_books": _on_books,
    "review_books": _on_books,
    "take_off_books": _off_books,
    "complete": _done,
    "verify": _verified,
    "confirm": _confirmed,
    "send_back": _again,
    "reopen": _again,
}


# --- clocks and steps -------------------------------------------------------------------------------------------


def _set_clocks(stage: Stage, transition: Transition) -> None:
    matter, now, calendar = stage.matter, stage.now, stage.calendar
    if transition.clock is ClockEffect.STOP:
        matter.step_due_at = None
        return
    if transition.clock is ClockEffect.START:
        total = transition.total_limit or stage.kind.limit
        if stage.deed.until is not None:
            set_limit(matter, end_of(stage.deed.until), now, calendar)
            matter.due_is_set = True
        else:
            set_limit(matter, calendar.add(now, total), now, calendar)
            matter.due_is_set = False
    if transition.clock in (ClockEffect.START, ClockEffect.STEP):
        matter.step_due_at = _step_due(stage, transition)
        if transition.to_phase is Phase.HANDLING:
            matter.assignments.filter(active=True).update(due_at=matter.step_due_at)


def _step_due(stage: Stage, transition: Transition) -> datetime | None:
    matter = stage.matter
    if matter.on_books and matter.books_review_on:
        return end_of(matter.books_review_on)
    # A limit set by a person, or extended, is what the handling units work to.
    again = transition.verb in ("send_back", "reopen")  # rework has the limit of its own state
    by_hand = transition.to_phase is Phase.HANDLING and not again and (matter.due_is_set or matter.extensions)
    if by_hand and matter.due_at and matter.due_at > stage.now:
        return matter.due_at
    limit = transition.step_limit
    return stage.calendar.add(stage.now, limit) if limit else None


def _next_stay(stage: Stage, transition: Transition, was: tuple[str, str]) -> None:
    matter = stage.matter
    current = Step.objects.filter(matter_id=matter.pk, left_at=None, within=False).first()
    if current is None:  # reopened: nothing was open
        _deed_within(stage, transition, was)
    else:
        used = worked_minutes(stage.calendar, current.entered_at, stage.now) - matter.step_suspended_minutes
        current.left_at, current.verb = stage.now, transition.verb
        current.by_id, current.by_name = stage.actor.user_id, stage.actor.name
        current.acting_unit_id = transition.unit_id
        current.note = stage.deed.words
        current.used_minutes = max(0, used)
        current.save()
    matter.step_suspended_minutes = 0
    matter.step_entered_at = stage.now
    if transition.to_phase.is_open:
        _open_stay(stage)


def _open_stay(stage: Stage) -> None:
    matter = stage.matter
    lead = matter.assignments.filter(active=True, role=Assignment.Role.LEAD).select_related("unit").first()
    owner = stage.kind.states[matter.state].owner
    unit = matter.unit
    if lead is not None and owner in (Relation.LEAD, Relation.SUPPORTING):
        unit = lead.unit
    elif owner is Relation.REPORTER and matter.filed_unit is not None:
        unit = matter.filed_unit
    Step.objects.create(
        matter_id=matter.pk,
        assignment_id=lead.pk if lead is not None and unit.pk == lead.unit_id else None,
        unit_id=unit.pk,
        unit_name=unit.display_short,
        state=matter.state,
        phase=matter.phase,
        entered_at=stage.now,
        due_at=matter.step_due_at,
    )


def _deed_within(stage: Stage, transition: Transition, was: tuple[str, str]) -> None:
    # An extension, a review or a resumption moves the limit of the stay that goes on.
    Step.objects.filter(matter_id=stage.matter.pk, left_at=None).update(due_at=stage.matter.step_due_at)
    unit = Unit.objects.filter(pk=transition.unit_id).first() if transition.unit_id else None
    Step.objects.create(
        matter_id=stage.matter.pk,
        assignment_id=transition.assignment_id,
        unit_id=transition.unit_id,
        unit_name=unit.display_short if unit else "",
        state=was[0],
        phase=was[1],
        entered_at=stage.now,
        left_at=stage.now,
        verb=transition.verb,
        by_id=stage.actor.user_id,
        by_name=stage.actor.name,
        acting_unit_id=transition.unit_id,
        note=stage.deed.words,
        used_minutes=0,
        within=True,
    )
