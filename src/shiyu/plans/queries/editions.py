"""An edition as pages, Word and Excel show it: one row a task, with its units by protocol."""

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db.models import Count, Prefetch, Q, QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from shiyu.kernel.actor import Actor
from shiyu.packs.queries import current_pack
from shiyu.plans.access import visible_editions
from shiyu.plans.models import Duty, DutyProblem, Edition, Plan, Task, TaskClause
from shiyu.plans.queries.clause_names import clause_names


@dataclass
class TaskRow:
    """One task of an edition with everything its list shows."""

    task: Task
    leads: list[str] = field(default_factory=list)
    supporting: list[str] = field(default_factory=list)
    groups: list[str] = field(default_factory=list)
    clauses: list[str] = field(default_factory=list)
    unit_ids: set[UUID] = field(default_factory=set)
    lead_ids: set[UUID] = field(default_factory=set)
    open_problems: int = 0

    @property
    def pk(self) -> UUID:
        return self.task.pk

    @property
    def block(self) -> str:
        return block_name(self.task)

    @property
    def deadline(self) -> str:
        return deadline_words(self.task)

    @property
    def supporting_all(self) -> list[str]:
        """Named units, then the groups as groups."""
        return [*self.supporting, *self.groups]


def block_name(task: Task) -> str:
    """The block's name in the reader's language."""
    if task.block is None:
        return ""
    english = (get_language() or "").startswith("en")
    return task.block.name_en or task.block.name if english else task.block.name


def deadline_words(task: Task) -> str:
    """By when, in words: the day for a dated task, else how it recurs or that it is kept up."""
    if task.due_on:
        return task.due_on.isoformat()
    if task.deadline_text:
        return task.deadline_text
    words: dict[str, str] = {
        Task.Deadline.ONGOING: _("Kept up all year"),
        Task.Deadline.RECURRING: {
            "week": _("Every week"),
            "month": _("Every month"),
            "quarter": _("Every quarter"),
            "half_year": _("Every half-year"),
            "year": _("Every year"),
        }.get(task.every, _("Recurring")),
    }
    return words.get(task.deadline_kind, "")


def group_words() -> dict[str, str]:
    """Code of a unit group → its name in the reader's language."""
    language = get_language() or "zh"
    return {code: group.label.text(language) for code, group in current_pack().unit_group.items()}


def task_rows(edition: Edition) -> list[TaskRow]:
    """All tasks of an edition in order. Four queries, whatever the number of tasks and duties."""
    rows = {
        task.pk: TaskRow(task)
        for task in Task.objects.filter(edition=edition).select_related("block").order_by("position")
    }
    words = group_words()
    for row in rows.values():
        row.groups = [words.get(code, code) for code in row.task.groups]
    duties = (
        Duty.objects.filter(task__edition=edition)
        .select_related("unit")
        .order_by("ordinal", "unit__protocol_order")
    )
    for duty in duties:
        assert duty.task_id is not None  # asked for by its task
        row = rows[duty.task_id]
        row.unit_ids.add(duty.unit_id)
        if duty.role == Duty.Role.LEAD:
            row.leads.append(duty.unit.display_short)
            row.lead_ids.add(duty.unit_id)
        elif not duty.via_group:
            row.supporting.append(duty.unit.display_short)
    for task_id, names in clause_names(TaskClause.objects.filter(task__edition=edition)).items():
        rows[task_id].clauses = names
    problems = DutyProblem.objects.filter(
        duty__task__edition=edition, matter__is_open=True, matter__drill=False
    )
    for task_id, count in problems.values_list("duty__task_id").annotate(n=Count("pk")):
        rows[task_id].open_problems = count
    return list(rows.values())


def find_edition(actor: Actor, edition_id: UUID) -> Edition | None:
    """An edition the person may see, with its plan and parent plan."""
    return (
        visible_editions(actor)
        .select_related("plan__parent", "formal_document__file")
        .filter(pk=edition_id)
        .first()
    )


def plans_with_editions(actor: Actor) -> list[Any]:
    """Every plan with the editions the person may see (`shown_editions`, newest first, with how many tasks)."""
    editions = (
        visible_editions(actor)
        .annotate(task_count=Count("tasks", filter=Q(tasks__parent=None)))
        .order_by("-number")
    )
    plans = Plan.objects.select_related("parent").prefetch_related(
        Prefetch("editions", queryset=editions, to_attr="shown_editions")
    )
    shown = [plan for plan in plans.order_by("kind", "created_at") if plan.shown_editions]  # type: ignore[attr-defined]
    below = defaultdict(list)
    for plan in shown:
        below[plan.parent_id].append(plan)
    known = {plan.pk for plan in shown}
    top = [plan for plan in shown if plan.parent_id not in known]
    return [one for plan in top for one in (plan, *below[plan.pk])]


def edition_in_force(plan_id: UUID) -> Edition | None:
    """The issued edition of a plan that no other has superseded."""
    return Edition.objects.filter(plan_id=plan_id, state=Edition.State.ISSUED, superseded_on=None).first()


def edition_before(edition: Edition) -> Edition | None:
    """The issued edition just before this one."""
    earlier = Edition.objects.filter(
        plan_id=edition.plan_id, number__lt=edition.number, state=Edition.State.ISSUED
    )
    return earlier.select_related("plan").order_by("-number").first()


def state_words(edition: Edition) -> Any:
    """Where an edition stands, in one word."""
    if edition.superseded_on:
        return _("Superseded")
    return {
        Edition.State.DRAFT: _("Draft"),
        Edition.State.CONSULTING: _("Asking for opinions"),
        Edition.State.APPROVAL: _("Out for approval"),
        Edition.State.ISSUED: _("Edition in force"),
    }[Edition.State(edition.state)]


def tasks_of_key(key: str) -> QuerySet[Task]:
    """The same task through all editions, newest first."""
    return Task.objects.filter(key=key).select_related("edition__plan").order_by("-edition__number")


def serving_tasks(task: Task) -> QuerySet[Task]:
    """Tasks of sub-plans in force that carry out this task of the main plan."""
    return Task.objects.filter(
        Q(edition__plan__parent_id=task.edition.plan_id, serves_key=task.key),
        edition__state=Edition.State.ISSUED,
        edition__superseded_on=None,
    ).select_related("edition__plan")
