"""Guideline › clause › task and back, and what falls between: the blind spots (LZ2)."""

from collections import defaultdict
from dataclasses import dataclass, field
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Window
from django.db.models.functions import RowNumber

from shiyu.packs.queries import current_pack
from shiyu.people.models import Unit
from shiyu.people.queries import units_of_group
from shiyu.plans.models import Clause, Duty, DutyHolder, Edition, Guideline, Task, TaskClause
from shiyu.plans.queries.issuing import tasks_without_lead

State = Edition.State


@dataclass
class ClauseNode:
    """A clause with the tasks that meet it; `depth` from 0. `more`: how many more there are than were read."""

    clause: Clause
    depth: int
    tasks: list[Task] = field(default_factory=list)
    more: int = 0

    @property
    def is_blind(self) -> bool:
        return self.clause.is_requirement and not self.tasks


def guidelines_with_counts() -> QuerySet[Guideline]:
    """Guidelines with how many clauses they hold and how many requirements no task in force meets."""
    wanted = Q(clauses__is_requirement=True)
    met = TaskClause.objects.filter(clause=OuterRef("pk"), **in_force_filter("task__edition"))
    blind = Clause.objects.filter(is_requirement=True).exclude(Exists(met))
    return Guideline.objects.annotate(
        requirement_count=Count("clauses", filter=wanted, distinct=True),
        clause_count=Count("clauses", distinct=True),
        blind_count=Count("clauses", filter=Q(clauses__in=blind), distinct=True),
    ).order_by("level", "-year", "title")


def in_force_filter(prefix: str) -> dict[str, object]:
    """Filter arguments: the edition at `prefix` is issued and not superseded."""
    return {f"{prefix}__state": State.ISSUED, f"{prefix}__superseded_on": None}


def clause_tree(
    guideline: Guideline,
    edition: Edition | None = None,
    *,
    most: int | None = None,
    clause_id: UUID | None = None,
) -> list[ClauseNode]:
    """All clauses in order (or the one), each with its tasks: of `edition`, or of every edition in force; the first
    `most` of each where given. Two queries, three with `most`."""
    which = {"task__edition": edition} if edition else in_force_filter("task__edition")
    links = TaskClause.objects.filter(clause__guideline=guideline, **which)
    clauses = Clause.objects.filter(guideline=guideline).order_by("path")
    if clause_id is not None:
        links, clauses = links.filter(clause=clause_id), clauses.filter(pk=clause_id)
    counts: dict[UUID, int] = {}
    if most is not None:
        counts = dict(links.order_by().values_list("clause_id").annotate(n=Count("pk")))
        place = Window(RowNumber(), partition_by="clause_id", order_by=[*_TASK_ORDER, "pk"])
        links = links.annotate(place=place).filter(place__lte=most)
    tasks: dict[UUID, list[Task]] = defaultdict(list)
    shown = links.select_related("task__edition__plan").only("clause_id", *_TASK_SHOWN)
    for link in shown.order_by(*_TASK_ORDER, "pk"):
        tasks[link.clause_id].append(link.task)
    nodes = [ClauseNode(row, row.path.count("."), tasks.get(row.pk, [])) for row in clauses]
    for node in nodes:
        node.more = max(counts.get(node.clause.pk, 0) - len(node.tasks), 0)
    return nodes


_TASK_ORDER = ("task__edition__plan__kind", "task__position")
_TASK_SHOWN = ("task__number", "task__title", "task__edition__plan__title", "task__edition__plan__parent_id")


@dataclass(frozen=True)
class BlindSpots:
    """What nobody answers for in an edition. `duties_without_person` is None where the city does not go that far."""

    clauses: list[Clause]
    tasks: list[Task]
    units: list[Unit]
    duties_without_person: list[Duty] | None

    @property
    def total(self) -> int:
        """How many rows the report has."""
        return len(self.clauses) + len(self.tasks) + len(self.units) + len(self.duties_without_person or [])


def blind_spots(edition: Edition) -> BlindSpots:
    """Clauses without a task, tasks without a lead unit, member units without a duty, duties without a person.

    Clauses are those of the guidelines the edition (or its sub-plans) refers to; a sub-plan is held only against
    the clauses no other plan meets, so only the main plan lists clauses.
    """
    return BlindSpots(
        clauses=_clauses(edition),
        tasks=list(tasks_without_lead(edition)),
        units=_units(edition),
        duties_without_person=_duties(edition),
    )


def _clauses(edition: Edition) -> list[Clause]:
    if edition.plan.parent_id:
        return []
    own = Q(task__edition=edition)
    below = Q(task__edition__plan__parent_id=edition.plan_id) & Q(**in_force_filter("task__edition"))
    links = TaskClause.objects.filter(own | below)
    guidelines = list(links.values_list("clause__guideline_id", flat=True).distinct()) or list(
        Guideline.objects.values_list("pk", flat=True)
    )
    rows = Clause.objects.filter(guideline_id__in=guidelines, is_requirement=True)
    rows = rows.exclude(pk__in=links.values("clause_id")).select_related("guideline")
    return list(rows.order_by("guideline__level", "guideline_id", "path"))


def _units(edition: Edition) -> list[Unit]:
    if edition.plan.parent_id:
        return []
    busy = set(Duty.objects.filter(task__edition=edition).values_list("unit_id", flat=True))
    listed = [code for code, group in current_pack().unit_group.items() if group.members == "seed"]
    members = {unit.pk: unit for code in listed for unit in units_of_group(code)}
    rows = [unit for pk, unit in members.items() if pk not in busy]
    return sorted(rows, key=lambda unit: (unit.protocol_order, unit.code))


def _duties(edition: Edition) -> list[Duty] | None:
    depth = current_pack().plan.duty_depth
    if depth == "unit":
        return None
    named = DutyHolder.objects.filter(duty=OuterRef("pk"), valid_to=None)
    named = (
        named.exclude(person=None) if depth == "person" else named.exclude(Q(office=None) & Q(person=None))
    )
    rows = Duty.objects.filter(task__edition=edition, via_group="").exclude(Exists(named))
    return list(rows.select_related("unit", "task").order_by("unit__protocol_order", "task__position"))
