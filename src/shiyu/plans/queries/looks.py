"""What a person should look at in a draft before it goes out; none of it stops anything."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from shiyu.people.models import Unit
from shiyu.plans.models import Duty, Edition, OpinionSlip, Task
from shiyu.reading.targets import find_targets


@dataclass(frozen=True)
class Look:
    """One kind of thing to look at, and the tasks it is about."""

    label: str | Promise
    tasks: list[Task]


def _has_no_deadline(task: Task) -> bool:
    return task.deadline_kind == Task.Deadline.NONE and not task.due_on and not task.deadline_text.strip()


def _has_no_target(task: Task) -> bool:
    return not task.target_text.strip() and task.target_value is None


def _has_two_leads(task: Task) -> bool:
    return sum(duty.role == Duty.Role.LEAD for duty in task.duties.all()) > 1


def targets_differ(task: Task) -> bool:
    """Whether the measures and the target name different numbers of one unit (75% here, 80% there)."""
    wanted: set[tuple[Decimal, str]] = set()
    if task.target_value is not None:
        wanted.add((task.target_value, task.target_unit.strip()))
    else:
        wanted |= {(one.value, one.unit) for one in find_targets(f"达到{task.target_text}")}
    said = {(one.value, one.unit) for one in find_targets(f"{task.title}。{task.measures}")}
    units = {unit for _value, unit in wanted}
    rivals = {pair for pair in said if pair[1] in units}
    return bool(wanted and rivals) and not wanted & rivals


LOOKS: tuple[tuple[str | Promise, Callable[[Task], bool]], ...] = (
    (_("Without a deadline"), _has_no_deadline),
    (_("Without a target"), _has_no_target),
    (_("With more than one lead unit"), _has_two_leads),
    (_("Another number in the measures than in the target"), targets_differ),
)


def looks_at(edition: Edition) -> list[Look]:
    """Each kind with its tasks, in the plan's order; a task cut into sub-tasks is looked at through them."""
    rows = (
        Task.objects.filter(edition=edition, sub_tasks=None).prefetch_related("duties").order_by("position")
    )
    tasks = list(rows)
    found = [Look(label, [task for task in tasks if shows(task)]) for label, shows in LOOKS]
    return [look for look in found if look.tasks]


def silent_units(edition: Edition) -> list[Unit]:
    """Units asked in the last round that did not answer, or not every item, by protocol."""
    last = edition.rounds.order_by("-number").first()
    if last is None:
        return []
    slips = OpinionSlip.objects.filter(round=last, answered_at=None)
    return list(Unit.objects.filter(pk__in=slips.values("unit_id")).by_protocol())
