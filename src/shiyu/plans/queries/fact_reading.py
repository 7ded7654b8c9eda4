"""Reading the facts of lists, figures and locked months: only the rows asked for, in a fixed number of queries.

What is asked for is a query of tasks and one of decisions, which parts of them (the leads, one unit's, all) and
whose progress. A page of a list reads a hundred tasks with the units it names; locking a month reads everything.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Exists, FilteredRelation, OuterRef, Q, QuerySet

from shiyu.documents.models import Attachment
from shiyu.documents.queries import documents_of
from shiyu.kernel.fields import Form
from shiyu.lib import clock
from shiyu.meetings.models import Decision
from shiyu.packs.queries import current_pack
from shiyu.periods.models import Period
from shiyu.plans.models import Duty, Edition, ReportEntry, Task, TaskClause
from shiyu.plans.queries.clause_names import clause_names, marks_in_use
from shiyu.plans.queries.cycle_fields import own_fields, said_in
from shiyu.plans.queries.task_facts import (
    ENTRY,
    LINEAGE,
    DutyFact,
    EntryFact,
    Lineage,
    TaskFact,
    duties_on,
    editions_on,
)

AT_ONCE = 5_000
"""Duties whose progress is looked up one by one; with more it is cheaper to read all progress."""
PLAN_ORDER = ("edition__plan__kind", "edition__plan__created_at", "edition_id", "position")
MEETING_ORDER = ("meeting__held_on", "meeting_id", "number")
"""Lists show tasks plan by plan in the plan's order, then decisions meeting by meeting."""


@dataclass(frozen=True)
class Parts:
    """Which duties of a task are read (a condition on Duty), and of which of them the progress."""

    read: Q = Q()
    heard: Callable[[DutyFact], bool] = lambda duty: True


def is_lead(duty: DutyFact) -> bool:
    """Whose progress speaks for the task where no unit is asked for."""
    return duty.is_lead


EVERYTHING = Parts()
LEADS_HEARD = Parts(heard=is_lead)
LEADS = Parts(Q(role=Duty.Role.LEAD), is_lead)


def task_facts(
    day: date | None = None,
    period: Period | None = None,
    *,
    submitted_only: bool = False,
    since: date | None = None,
    parts: Parts = EVERYTHING,
) -> list[TaskFact]:
    """All tasks and decisions in force on a day, plans first, in the plan's order. Seven queries, whatever the size.

    `period` is the month whose progress is shown (the newest one opened by then); with `submitted_only` only texts
    that left their unit count; `since` is the first day a done decision may have been done.
    """
    day = day or clock.today()
    return read_facts(
        tasks_on(day),
        decisions_on(day, since),
        day,
        period or month_shown(day),
        parts=parts,
        submitted_only=submitted_only,
    )


def month_shown(day: date) -> Period | None:
    """The newest month opened by a day: its progress is what live lists show."""
    months = Period.objects.filter(kind=Period.Kind.MONTH, starts_on__lte=day)
    return months.order_by("-starts_on").first()


def tasks_on(day: date) -> QuerySet[Task]:
    """Tasks of editions in force on a day; one that was split and has no duties of its own is told by its parts."""
    tasks = Task.objects.filter(edition__in=Edition.objects.filter(editions_on(day)).values("pk"))
    parts = Task.objects.filter(parent=OuterRef("pk"))
    return tasks.filter(~Exists(parts) | Exists(Duty.objects.filter(task=OuterRef("pk"))))


def decisions_on(day: date, since: date | None = None) -> QuerySet[Decision]:
    """Decisions with duties that hold on a day: open ones, and those done after `since` (the first of that year)."""
    held = Duty.objects.filter(duties_on(day, since), decision=OuterRef("pk"))
    return Decision.objects.filter(Exists(held))


def read_facts(
    tasks: QuerySet[Task],
    decisions: QuerySet[Decision],
    day: date,
    period: Period | None,
    *,
    parts: Parts = EVERYTHING,
    submitted_only: bool = False,
) -> list[TaskFact]:
    """These tasks, then these decisions, with their duties as of a day and the progress up to a month.

    Without a month there is no progress. At most eight queries.
    """
    facts = _tasks(tasks) | _decisions(decisions)
    heard = _add_duties(facts, day, parts)
    if period is not None and heard:
        _add_entries(heard, period, submitted_only)
    return list(facts.values())


_TASK = (
    "id", "key", "number", "title", "measures", "parent__common", "block__name", "block__name_en", "block__code",
    "block__position", "target_text", "target_kind", "target_value", "target_unit", "lead_leader", "groups",
    "deadline_kind", "deadline_text", "every", "due_on", "note", "edition__plan_id", "edition__plan__title",
    "edition__plan__kind", "edition_id", "edition__number",
)  # fmt: skip


def _tasks(tasks: QuerySet[Task]) -> dict[UUID, TaskFact]:
    groups = {code: [group.label.zh, group.label.en] for code, group in current_pack().unit_group.items()}
    found = {}
    for values in tasks.order_by(*PLAN_ORDER).values_list(*_TASK):
        row = dict(zip(_TASK, values, strict=True))
        found[row["id"]] = TaskFact(
            kind="task",
            **{name: row[name] for name in _SAME},
            common=row["parent__common"] or "",
            block=row["block__name"] or "",
            block_en=row["block__name_en"] or "",
            block_code=row["block__code"] or "",
            block_position=row["block__position"] or 0,
            target=row["target_text"],
            target_value="" if row["target_value"] is None else f"{row['target_value'].normalize():f}",
            groups=[groups.get(code, [code, code]) for code in row["groups"]],
            plan_id=row["edition__plan_id"],
            plan=row["edition__plan__title"],
            plan_kind=row["edition__plan__kind"],
            edition=row["edition__number"],
        )
    links = TaskClause.objects.filter(_among(found, tasks, "task"))
    for task_id, names in clause_names(links, marks_in_use()).items() if found else ():
        if task_id in found:
            found[task_id].clauses = names
    return found


_SAME = ("id", "key", "number", "title", "measures", "target_kind", "target_unit", "lead_leader", "deadline_kind",
         "deadline_text", "every", "due_on", "note", "edition_id")  # fmt: skip


def _decisions(decisions: QuerySet[Decision]) -> dict[UUID, TaskFact]:
    rows = decisions.order_by(*MEETING_ORDER).values_list("pk", "number", "text", "due_on", "meeting__title")
    return {
        pk: TaskFact(
            id=pk,
            kind="decision",
            key=f"decision:{pk}",
            number=str(number),
            title=text,
            deadline_kind=Task.Deadline.DATE,
            due_on=due_on,
            plan=meeting,
            plan_kind="meeting",
            block_position=999,
        )
        for pk, number, text, due_on, meeting in rows
    }


def _among(found: Collection[UUID], rows: QuerySet[Any], name: str) -> Q:
    """A condition on what belongs to the rows found: by their keys while they are few, else by their query."""
    if len(found) <= AT_ONCE:
        return Q(**{f"{name}__in": list(found)})
    return Q(**{f"{name}__in": rows.order_by().values("pk")})


_DUTY = (
    "id", "task_id", "decision_id", "unit_id", "unit__name", "unit__short_name", "unit__protocol_order", "role",
    "via_group", "due_on", "done_on", "held__office_id", "held__office__short_name", "held__office__name",
    "held__person__name", "ordinal",
)  # fmt: skip


def _add_duties(facts: dict[UUID, TaskFact], day: date, parts: Parts) -> list[tuple[TaskFact, DutyFact]]:
    """Gives the facts their duties by protocol, and those whose progress is asked for."""
    if not facts:
        return []
    ids = list(facts)
    valid = Q(holders__valid_from__lte=day) & (Q(holders__valid_to=None) | Q(holders__valid_to__gte=day))
    duties = Duty.objects.filter(parts.read, Q(task__in=ids) | Q(decision__in=ids))
    duties = duties.annotate(held=FilteredRelation("holders", condition=valid))
    rows = duties.order_by(
        "unit__protocol_order", "unit__code", "pk", "held__valid_from", "held__pk"
    ).values_list(*_DUTY)
    heard: dict[UUID, tuple[TaskFact, DutyFact]] = {}
    last = None
    for (pk, task, decision, unit, name, short, order, role, group, due_on, done_on,
         office_id, office_short, office, person, ordinal) in rows:  # fmt: skip
        fact = facts[task or decision]
        duty = DutyFact(
            pk, unit, name, short or name, order, role, group, due_on or fact.due_on, done_on,
            office_id, office_short or office or "", person or "", ordinal=ordinal,
        )  # fmt: skip
        if pk == last:  # named twice on one day: the later one counts
            fact.duties.pop()
        fact.duties.append(duty)
        last = pk
        if parts.heard(duty):
            heard[pk] = (fact, duty)
    return list(heard.values())


def _lineage(fact: TaskFact, duty: DutyFact) -> Lineage:
    is_decision = fact.kind == "decision"
    return (fact.plan_id, "" if is_decision else fact.key, fact.id if is_decision else None, duty.unit_id)


_ENTRY = (
    "id", "report_id", "report__period__code", "status", "progress", "total", "value", "issues", "next_steps",
    "coordination", "fields", "no_change", "report__filled_by", "report__reviewed_by", "report__first_submitted_at",
)  # fmt: skip


def _add_entries(heard: Collection[tuple[TaskFact, DutyFact]], period: Period, submitted_only: bool) -> None:
    """Gives the duties the last filled entry of their lineage up to that month."""
    rows = ReportEntry.objects.filter(
        is_filled=True, report__period__kind=period.kind, report__period__starts_on__lte=period.starts_on
    )
    if submitted_only:
        rows = rows.filter(report__first_submitted_at__isnull=False)
    if len(heard) <= AT_ONCE:
        rows = rows.filter(duty__in=_twins([duty.id for _fact, duty in heard]))
    rows = rows.order_by(*LINEAGE, "-report__period__starts_on").distinct(*LINEAGE)
    found: dict[Lineage, EntryFact] = {}
    form = own_fields()
    for plan, key, decision, unit, *values in rows.values_list(*LINEAGE, *_ENTRY):
        found[(plan, key or "", decision, unit)] = _entry(values, form)
    spoken = []
    for fact, duty in heard:
        duty.entry = found.get(_lineage(fact, duty))
        if duty.entry is not None:
            spoken.append(duty.entry)
    proof = _proof([entry.id for entry in spoken])
    for entry in spoken:
        entry.proof = proof.get(entry.id, [])


def _twins(duty_ids: list[UUID]) -> list[UUID]:
    """These duties and, in other editions of the same plan, the same unit's duty for the same task."""
    same = Duty.objects.filter(
        pk__in=duty_ids,
        unit_id=OuterRef("unit_id"),
        task__key=OuterRef("task__key"),
        task__edition__plan_id=OuterRef("task__edition__plan_id"),
    )
    twins = Duty.objects.filter(Exists(same)).exclude(pk__in=duty_ids)
    return [*duty_ids, *twins.values_list("pk", flat=True)]


def _entry(values: list[Any], form: Form) -> EntryFact:
    row = dict(zip(_ENTRY, values, strict=True))
    value = row["value"]
    return EntryFact(
        **{name: row[name] for name in _WRITTEN},
        period=row["report__period__code"],
        value="" if value is None else f"{value.normalize():f}",
        filled_by=row["report__filled_by"],
        reviewed_by=row["report__reviewed_by"],
        submitted_on=_day(row["report__first_submitted_at"]),
        own=said_in(form, row["fields"]) if row["fields"] else [],
    )


_WRITTEN = (
    "id",
    "report_id",
    "status",
    "progress",
    "total",
    "issues",
    "next_steps",
    "coordination",
    "no_change",
)


def _day(moment: datetime | None) -> date | None:
    return clock.local(moment).date() if moment else None


def _proof(entry_ids: list[UUID]) -> dict[UUID, list[str]]:
    """Archive numbers (or titles) of the proof under entries."""
    if len(entry_ids) > AT_ONCE:
        shown = Attachment.objects.filter(subject_type=ENTRY).values_list("subject_id", flat=True)
        entry_ids = list(set(entry_ids).intersection(shown))
    kept = documents_of(ENTRY, entry_ids)
    return {key: [one.archive_number or one.title for one in rows] for key, rows in kept.items()}
