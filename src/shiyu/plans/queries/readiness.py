"""Readiness for inspection (LZ12): for each clause its tasks, their progress, open problems, and proof on file."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from uuid import UUID

from shiyu.documents.models import Attachment
from shiyu.lib import clock
from shiyu.plans.models import Clause, DutyProblem, Edition, ReportEntry, TaskClause
from shiyu.plans.queries.fact_reading import task_facts
from shiyu.plans.queries.lists import status_words
from shiyu.plans.queries.task_facts import ENTRY, TaskFact


@dataclass
class ReadyRow:
    """One clause: what carries it and what can be shown for it."""

    clause_id: UUID
    guideline: str
    number: str
    text: str
    tasks: list[TaskFact] = field(default_factory=list)
    statuses: list[str] = field(default_factory=list)
    late: int = 0
    open_problems: int = 0
    proof: int = 0

    @property
    def is_blind(self) -> bool:
        """No task in force carries the clause."""
        return not self.tasks

    @property
    def is_done(self) -> bool:
        """Every dated task is done; ongoing ones do not stand in the way."""
        return bool(self.tasks) and all(fact.done_on or fact.due_on is None for fact in self.tasks)

    @property
    def task_words(self) -> tuple[str, ...]:
        """The tasks with their status, for lists and paper."""
        words = status_words()
        return tuple(
            f"{fact.number} {fact.title}（{words.get(status, '—')}）"
            for fact, status in zip(self.tasks, self.statuses, strict=True)
        )


def readiness_rows(guideline_id: UUID | None = None) -> list[ReadyRow]:
    """Every requirement of the guidelines (of one), in order; five queries beside the tasks' own."""
    clauses = Clause.objects.filter(is_requirement=True).select_related("guideline")
    if guideline_id is not None:
        clauses = clauses.filter(guideline_id=guideline_id)
    rows = {
        clause.pk: ReadyRow(clause.pk, clause.guideline.title, clause.number, clause.text)
        for clause in clauses.order_by("guideline__level", "guideline__title", "path")
    }
    today = clock.today()
    facts = {fact.id: fact for fact in task_facts(today)}
    problems, proof = _problems(facts.values()), _proof(facts.values())
    in_force = Edition.objects.filter(state=Edition.State.ISSUED, superseded_on=None)
    links = TaskClause.objects.filter(task__edition__in=in_force, clause_id__in=rows)
    for task_id, clause_id in links.order_by("task__position").values_list("task_id", "clause_id"):
        fact = facts.get(task_id)
        if fact is None:
            continue
        row = rows[clause_id]
        row.tasks.append(fact)
        row.statuses.append(_status(fact))
        row.late += bool(fact.due_on and fact.due_on < today and fact.done_on is None)
        row.open_problems += problems.get(task_id, 0)
        row.proof += proof.get(task_id, 0)
    return list(rows.values())


def _status(fact: TaskFact) -> str:
    """Where a task stands: done, or what its lead reported last."""
    if fact.done_on:
        return ReportEntry.Status.DONE
    reported = [duty.entry for duty in fact.leads if duty.entry]
    return max(reported, key=lambda entry: entry.period).status if reported else ""


def _problems(facts: Iterable[TaskFact]) -> dict[UUID, int]:
    """Task → open problems against it; those of an earlier edition count by the task's key."""
    keys = {(fact.plan_id, fact.key): fact.id for fact in facts}
    counts: dict[UUID, int] = defaultdict(int)
    links = DutyProblem.objects.filter(matter__is_open=True)
    for plan, key in links.values_list("duty__task__edition__plan_id", "duty__task__key"):
        task = keys.get((plan, key))
        if task is not None:
            counts[task] += 1
    return counts


def _proof(facts: Iterable[TaskFact]) -> dict[UUID, int]:
    """Task → documents on file under its report entries and its problems."""
    keys = {(fact.plan_id, fact.key): fact.id for fact in facts}
    counts: dict[UUID, int] = defaultdict(int)
    attached = Attachment.objects.filter(subject_type=ENTRY).values_list("subject_id", flat=True)
    entries = ReportEntry.objects.filter(pk__in=attached)
    owners = dict(_owners(entries.values_list("pk", "duty__task__edition__plan_id", "duty__task__key")))
    links = DutyProblem.objects.values_list("matter_id", "duty__task__edition__plan_id", "duty__task__key")
    owners.update(_owners(links))
    rows = Attachment.objects.filter(subject_type__in=[ENTRY, "matters.matter"]).values_list(
        "subject_id", flat=True
    )
    for subject in rows:
        task = keys.get(owners.get(subject, (None, "")))
        if task is not None:
            counts[task] += 1
    return counts


def _owners(rows: Iterable[tuple[UUID, UUID, str]]) -> Iterable[tuple[UUID, tuple[UUID | None, str]]]:
    return ((subject, (plan, key)) for subject, plan, key in rows)
