"""The history of a matter: one row a stay, and a row within it for a deed that moves nothing."""

from __future__ import annotations

from shiyu.kernel.facts import Transition
from shiyu.kernel.limits import end_of
from shiyu.kernel.phases import Relation
from shiyu.matters.clocks import worked_minutes
from shiyu.matters.effects.stage import Stage
from shiyu.matters.models import Assignment, Step
from shiyu.people.models import Unit


def next_stay(stage: Stage, transition: Transition, was: tuple[str, str]) -> None:
    matter = stage.matter
    current = Step.objects.filter(matter_id=matter.pk, left_at=None, within=False).first()
    if current is None:  # reopened: nothing was open
        deed_within(stage, transition, was)
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
        open_stay(stage)


def open_stay(stage: Stage) -> None:
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


def deed_within(stage: Stage, transition: Transition, was: tuple[str, str]) -> None:
    # An extension, a review or a resumption moves the limit of the stay that goes on.
    Step.objects.filter(matter_id=stage.matter.pk, left_at=None).update(due_at=stage.matter.step_due_at)
    unit = stage.matter.unit if transition.unit_id == stage.matter.unit_id else None
    if unit is None and transition.unit_id:
        unit = Unit.objects.filter(pk=transition.unit_id).first()
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
        # What was asked for: until when the clock stands still.
        due_at=end_of(stage.deed.until) if transition.verb == "suspend" and stage.deed.until else None,
        used_minutes=0,
        within=True,
    )
