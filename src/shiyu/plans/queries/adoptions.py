"""Adopted opinions whose item still reads as it did when they were adopted: a promise not yet kept."""

import hashlib
import json
from typing import Any

from shiyu.plans.models import Edition, Opinion, Task

TEXTS = (
    "title", "common", "measures", "target_kind", "target_value", "target_unit", "target_text", "deadline_kind",
    "due_on", "deadline_text", "every", "lead_leader", "note", "block_id",
)  # fmt: skip
ADOPTED = (Opinion.Adoption.ADOPTED, Opinion.Adoption.PARTLY)


def imprint(task: Task) -> str:
    """All that a wish about the item can be about, as a hash: texts, target, deadline, units, clauses, sub-tasks,
    and the common requirements of the task above. Number and position are left out: they move by themselves."""
    own: list[Any] = [_facts(task), task.parent.common if task.parent else ""]
    own += [_facts(part) for part in sorted(task.sub_tasks.all(), key=lambda part: part.position)]
    return hashlib.sha256(json.dumps(own, default=str, ensure_ascii=False).encode()).hexdigest()


def _facts(task: Task) -> list[Any]:
    held = sorted(
        (str(duty.unit_id), duty.role, duty.ordinal) for duty in task.duties.all() if not duty.via_group
    )
    clauses = sorted(str(link.clause_id) for link in task.clause_links.all())
    return [*(getattr(task, name) for name in TEXTS), sorted(task.groups), held, clauses]


def unwritten(edition: Edition) -> list[Opinion]:
    """Adopted (also partly) opinions of all rounds whose item nobody has edited since, by task and unit.

    Not in it: a task that was dropped, and an opinion for which the office wrote down why the text may stay.
    """
    rows = (
        Opinion.objects.filter(
            slip__round__edition=edition, answer=Opinion.Answer.CHANGE, adoption__in=ADOPTED, kept_reason=""
        )
        .exclude(task=None)
        .select_related("slip__unit", "slip__round", "task__parent")
        .prefetch_related(
            "task__duties", "task__clause_links", "task__sub_tasks__duties", "task__sub_tasks__clause_links"
        )
        .order_by("task__position", "slip__unit__protocol_order")
    )
    return [row for row in rows if row.task and imprint(row.task) == row.decided_imprint]
