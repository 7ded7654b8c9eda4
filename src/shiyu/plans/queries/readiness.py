"""Readiness for inspection (LZ12): for each clause its tasks, their progress, open problems, and proof on file.

What is counted is counted in SQL; the tasks themselves are read for the clauses that are looked at.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from shiyu.documents.models import Attachment
from shiyu.lib import clock
from shiyu.meetings.models import Decision
from shiyu.plans.models import Clause, Duty, DutyProblem, ReportEntry, Task, TaskClause
from shiyu.plans.queries.fact_reading import LEADS, month_shown, read_facts, tasks_on
from shiyu.plans.queries.lists import status_words
from shiyu.plans.queries.task_facts import ENTRY, TaskFact

MATTER = "matters.matter"
AT_ONCE = 50
"""Clauses whose tasks are read together: a page of the report."""
Lineage = tuple[UUID, str]
"""A task through all editions: plan id and key."""


@dataclass
class ReadyRow:
    """One clause: what carries it and what can be shown for it."""

    clause_id: UUID
    guideline: str
    number: str
    text: str
    tasks: int = 0
    undone: int = 0
    late: int = 0
    open_problems: int = 0
    proof: int = 0
    words: TaskWords | None = field(default=None, repr=False, compare=False)

    @property
    def is_blind(self) -> bool:
        """No task in force carries the clause."""
        return not self.tasks

    @property
    def is_done(self) -> bool:
        """Every dated task is done; ongoing ones do not stand in the way."""
        return bool(self.tasks) and not self.undone

    @property
    def task_words(self) -> tuple[str, ...]:
        """The tasks with their status, for lists and paper."""
        return self.words.of(self.clause_id) if self.words else ()


class TaskWords:
    """The tasks of clauses in words, read for some clauses at a time when they are first asked for."""

    def __init__(self, clause_ids: Iterable[UUID], day: date) -> None:
        self._order, self._day = list(clause_ids), day
        self._place = {key: at for at, key in enumerate(self._order)}
        self._read: dict[UUID, list[str]] = {}

    def of(self, clause_id: UUID) -> tuple[str, ...]:
        """第9项 综治中心规范化建设（已完成）, in the plans' order."""
        if clause_id not in self._read:
            start = self._place[clause_id] // AT_ONCE * AT_ONCE
            self._add(self._order[start : start + AT_ONCE])
        return tuple(self._read[clause_id])

    def _add(self, clause_ids: list[UUID]) -> None:
        links = _links(self._day).filter(clause_id__in=clause_ids).order_by("task__position", "pk")
        pairs = list(links.values_list("task_id", "clause_id"))
        tasks = Task.objects.filter(pk__in={task for task, _clause in pairs})
        found = read_facts(tasks, Decision.objects.none(), self._day, month_shown(self._day), parts=LEADS)
        words = status_words()
        lines = {fact.id: f"{fact.number} {fact.title}（{words.get(_status(fact), '—')}）" for fact in found}
        self._read |= {key: [] for key in clause_ids}
        for task_id, clause_id in pairs:
            self._read[clause_id].append(lines[task_id])


def readiness_rows(guideline_id: UUID | None = None) -> list[ReadyRow]:
    """Every requirement of the guidelines (of one), in order. Five queries; the tasks in words cost six a page."""
    clauses = Clause.objects.filter(is_requirement=True)
    if guideline_id is not None:
        clauses = clauses.filter(guideline_id=guideline_id)
    listed = clauses.order_by("guideline__level", "guideline__title", "path")
    rows = {
        key: ReadyRow(key, guideline, number, text)
        for key, guideline, number, text in listed.values_list("pk", "guideline__title", "number", "text")
    }
    today = clock.today()
    links = _links(today).filter(clause__in=clauses)
    _count_tasks(rows, links, today)
    problems, proof = _problems(), _proof()
    words = TaskWords(rows, today)
    for row in rows.values():
        row.words = words
    if problems or proof:
        of_task = links.values_list("clause_id", "task__edition__plan_id", "task__key")
        for clause_id, plan, key in of_task:
            rows[clause_id].open_problems += problems.get((plan, key), 0)
            rows[clause_id].proof += proof.get((plan, key), 0)
    return list(rows.values())


def _links(day: date) -> QuerySet[TaskClause]:
    """Clauses and the tasks in force that meet them."""
    return TaskClause.objects.filter(task__in=tasks_on(day).filter(edition__superseded_on=None).values("pk"))


def _count_tasks(rows: dict[UUID, ReadyRow], links: QuerySet[TaskClause], day: date) -> None:
    """Tasks, those with a day that are not done, and those of them whose day has passed."""
    leads = Duty.objects.filter(task=OuterRef("task"), role=Duty.Role.LEAD)
    done = Q(Exists(leads)) & ~Q(Exists(leads.filter(done_on=None)))
    undone = Q(task__due_on__isnull=False) & ~done
    counted = (
        links.order_by()
        .values("clause_id")
        .annotate(
            tasks=Count("pk"),
            undone=Count("pk", filter=undone),
            late=Count("pk", filter=undone & Q(task__due_on__lt=day)),
        )
    )
    for clause_id, tasks, undone_count, late in counted.values_list("clause_id", "tasks", "undone", "late"):
        row = rows[clause_id]
        row.tasks, row.undone, row.late = tasks, undone_count, late


def _status(fact: TaskFact) -> str:
    """Where a task stands: done, or what its lead reported last."""
    if fact.done_on:
        return ReportEntry.Status.DONE
    reported = [duty.entry for duty in fact.leads if duty.entry]
    return max(reported, key=lambda entry: entry.period).status if reported else ""


_LINEAGE = ("duty__task__edition__plan_id", "duty__task__key")


def _problems() -> dict[Lineage, int]:
    """Task → open problems against it; those of an earlier edition count by the task's key."""
    links = DutyProblem.objects.filter(matter__is_open=True, matter__drill=False, duty__task__isnull=False)
    counted = links.values_list(*_LINEAGE).annotate(n=Count("pk"))
    return {(plan, key): n for plan, key, n in counted}


def _proof() -> dict[Lineage, int]:
    """Task → documents on file under its report entries and its problems."""
    counts: dict[Lineage, int] = defaultdict(int)
    kept = Attachment.objects.order_by().values("subject_id").annotate(n=Count("pk")).values("n")
    entries = ReportEntry.objects.filter(
        pk__in=Attachment.objects.filter(subject_type=ENTRY).values("subject_id"), duty__task__isnull=False
    ).annotate(kept=Subquery(kept.filter(subject_type=ENTRY, subject_id=OuterRef("pk"))))
    problems = DutyProblem.objects.filter(
        matter_id__in=Attachment.objects.filter(subject_type=MATTER).values("subject_id"),
        duty__task__isnull=False,
    ).annotate(kept=Subquery(kept.filter(subject_type=MATTER, subject_id=OuterRef("matter_id"))))
    for rows in (entries, problems):
        counted = rows.values(*_LINEAGE).annotate(n=Coalesce(Sum(F("kept")), 0))
        for plan, key, n in counted.values_list(*_LINEAGE, "n"):
            counts[(plan, key)] += n
    return counts
