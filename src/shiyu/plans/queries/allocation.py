"""Which units hold a task, and how: the one place where leads, supporting units and groups become duties."""

from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from shiyu.plans.models import Duty, Task

LEAD, SUPPORTING = Duty.Role.LEAD, Duty.Role.SUPPORTING


def allocate(
    leads: Iterable[UUID], supporting: Iterable[UUID], groups: Mapping[str, Sequence[UUID]]
) -> dict[UUID, tuple[str, str]]:
    """Unit → (role, group it came from or ""). Named beats group and lead beats supporting: one duty a unit."""
    held: dict[UUID, tuple[str, str]] = {}
    for unit in leads:
        held.setdefault(unit, (LEAD, ""))
    for unit in supporting:
        held.setdefault(unit, (SUPPORTING, ""))
    for group, members in groups.items():
        for unit in members:
            held.setdefault(unit, (SUPPORTING, group))
    return held


def duties_for(task: Task, held: Mapping[UUID, tuple[str, str]]) -> list[Duty]:
    """Unsaved duties of a task, due when the task is; leads keep the order they are given in."""
    places = ordinals(held)
    return [
        Duty(
            task=task,
            unit_id=unit,
            role=role,
            via_group=group,
            due_on=task.due_on,
            ordinal=places.get(unit, 0),
        )
        for unit, (role, group) in held.items()
    ]


def ordinals(held: Mapping[UUID, tuple[str, str]]) -> dict[UUID, int]:
    """Lead → its place among the leads as they are written, from 1."""
    leads = [unit for unit, (role, _group) in held.items() if role == LEAD]
    return {unit: place for place, unit in enumerate(leads, start=1)}
