"""The three lists: views over the same rows, in the columns of domain.md 1.16, live or from a locked month.

Nothing is typed for a list: responsibility rows are duties, progress rows their reports, problem rows the matters
of the problem kind (shiyu.matters.queries.problems).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from shiyu.kernel.actor import Actor
from shiyu.lib import clock
from shiyu.matters.queries.problems import ProblemFilter, ProblemRow, problem_rows
from shiyu.people.models import Unit
from shiyu.people.queries import OFFICE
from shiyu.periods.models import LockedRow, Period
from shiyu.plans.models import DutyProblem, ReportEntry
from shiyu.plans.queries.cycle_fields import said_words
from shiyu.plans.queries.fact_reading import month_shown, read_facts
from shiyu.plans.queries.list_lines import Lines
from shiyu.plans.queries.list_lines import ListScope as ListScope
from shiyu.plans.queries.task_facts import DutyFact, EntryFact, TaskFact, of_json

Status = ReportEntry.Status


@dataclass(frozen=True)
class ListRow:
    """What a responsibility row and a progress row share."""

    position: int
    task_id: UUID
    kind: str  # task, decision
    duty_id: UUID | None
    block: str
    block_code: str
    plan: str
    number: str
    title: str
    target: str
    leads: tuple[str, ...]
    supporting: tuple[str, ...]
    deadline: str
    due_on: date | None
    done_on: date | None
    note: str
    status: str  # done, on_track, behind, not_started, "" where nothing was ever reported
    is_late: bool
    role: str  # the scoped unit's part: lead, supporting, "" without a unit
    office_id: UUID | None
    office: str
    person: str

    @property
    def pk(self) -> UUID:
        return self.task_id

    @property
    def is_open(self) -> bool:
        return self.done_on is None

    @property
    def status_label(self) -> str:
        """已完成, 序时推进, 滞后, 未启动; "—" where nothing was reported yet."""
        return status_words().get(self.status, "—")

    @property
    def task_label(self) -> str:
        """第9项 综治中心规范化建设."""
        return f"{self.number} {self.title}"


@dataclass(frozen=True)
class ResponsibilityRow(ListRow):
    """One line of the responsibility list."""

    clauses: tuple[str, ...]
    measures: str
    lead_leader: str


@dataclass(frozen=True)
class ProgressRow(ListRow):
    """One line of the progress list; `progress` only where it was written for this month."""

    progress: str
    total: str
    issues: str
    next_steps: str
    coordination: str
    proof: tuple[str, ...]
    filled_by: str
    reviewed_by: str
    submitted_on: date | None
    is_reported: bool


def mark_of(row: ListRow) -> str:
    """The mark of a row: late, done, on, behind or none."""
    if row.is_late:
        return "late"
    return {"done": "done", "on_track": "on", "behind": "behind"}.get(row.status, "none")


def status_words() -> dict[str, str]:
    """Every status of progress in words."""
    return {
        Status.DONE: _("Done"),
        Status.ON_TRACK: _("On schedule"),
        Status.BEHIND: _("Behind"),
        Status.NOT_STARTED: _("Not started"),
    }


@dataclass(frozen=True)
class Lists:
    """The three lists of one scope as they stand on `as_of`; `period` is the month whose progress is shown."""

    as_of: date
    period: Period | None
    is_locked: bool
    responsibility: list[ResponsibilityRow]
    problems: list[ProblemRow]
    progress: list[ProgressRow]

    def of_tab(self, tab: str) -> Sequence[Any]:
        """The rows of one of the three: responsibility, problems or progress."""
        by_tab: dict[str, Sequence[Any]] = {
            "responsibility": self.responsibility,
            "problems": self.problems,
            "progress": self.progress,
        }
        return by_tab[tab]


@dataclass(frozen=True)
class Source:
    """Where lists are made from: facts and problem rows, live or locked. Made once, cut for many units."""

    as_of: date
    period: Period | None
    is_locked: bool
    facts: list[TaskFact]
    problems: list[ProblemRow]


def units_listable(actor: Actor) -> list[Unit]:
    """The units whose lists the person may open, by protocol: all with `list.view_all`, else one's own."""
    rows = Unit.objects.exclude(kind=OFFICE).in_force()
    if not actor.has("list.view_all"):
        rows = rows.filter(pk__in=actor.unit_ids)
    return list(rows.by_protocol())


def source_of_lists(actor: Actor, period: Period | None = None) -> Source:
    """Everything the person's lists are made from: as of today, or as a locked month kept it. For files of many units;
    a page reads its own rows only (`list_pages`).

    Who may not see all units' lists gets what the own units take part in. A month that is not locked is read live
    with that month's progress.
    """
    own = None if actor.has("list.view_all") else actor.unit_ids
    if period is not None and period.is_locked:
        return locked_source(period, own)
    day = min(period.ends_on, clock.today()) if period else clock.today()
    period = period or month_shown(day)
    lines = Lines(ListScope(), day, period, own)
    filters = ProblemFilter(
        unit_ids=own or frozenset(), since=day.replace(month=1, day=1), as_of=day, actor=actor
    )
    problems = [] if own is not None and not own else problem_rows(filters)
    return Source(day, period, False, read_facts(lines.tasks, lines.decisions, day, period), problems)


def locked_source(period: Period, own: frozenset[UUID] | None, scope: ListScope | None = None) -> Source:
    """What a locked month kept of the own units (None: of all), as far as a scope needs it. Three queries."""
    wanted, among = _kept_in(scope or ListScope()), Q()
    if own is not None:
        among = Q(pk=None)
        for unit in own:
            among |= Q(data__duties__contains=[{"unit_id": str(unit)}])
    facts = [
        of_json(data)
        for kind in ("plans.task", "meetings.decision")
        for data in kept_rows(period, kind).filter(wanted, among).values_list("data", flat=True)
    ]
    kept = kept_rows(period, "matters.matter").values_list("data", flat=True)
    problems = [problem_of_json(data) for data in kept]
    if own is not None:
        problems = [row for row in problems if {row.lead_id, *row.supporting_ids} & own]
    return Source(period.ends_on, period, True, facts, problems)


def kept_rows(period: Period, kind: str) -> QuerySet[LockedRow]:
    """The rows of a kind that the locked month kept, in their list's order."""
    rows = LockedRow.objects.filter(revision=period.locked_revision_id, subject_type=kind)
    return rows.order_by("position")


def _kept_in(scope: ListScope) -> Q:
    """Kept tasks and decisions of a scope."""
    found = Q()
    if scope.plan_id:
        found &= Q(data__plan_id=str(scope.plan_id))
    if scope.block:
        found &= Q(data__block_code=scope.block)
    if scope.task_key:
        found &= Q(data__key=scope.task_key)
    if scope.unit_id:
        found &= Q(data__duties__contains=[{"unit_id": str(scope.unit_id)}])
    if scope.office_id:
        found &= Q(data__duties__contains=[{"office_id": str(scope.office_id)}])
    return found


def problem_of_json(data: dict[str, object]) -> ProblemRow:
    """A row of the problem list as a locked month kept it (`plans.actions.locking.problem_json`)."""
    made = {name: data[name] for name in ProblemRow.__dataclass_fields__}
    for name in ("happened_on", "due_on", "closed_on"):
        made[name] = date.fromisoformat(str(made[name])) if made[name] else None
    for name in ("matter_id", "about_id", "lead_id"):
        made[name] = UUID(str(made[name])) if made[name] else None
    made["supporting"] = tuple(made["supporting"])  # type: ignore[arg-type]
    made["supporting_ids"] = tuple(UUID(str(key)) for key in made["supporting_ids"])  # type: ignore[attr-defined]
    made["due_at"] = None
    return ProblemRow(**made)  # type: ignore[arg-type]


def cut_lists(source: Source, scope: ListScope) -> Lists:
    """The three lists of a scope. No queries but one where problems are cut by plan, block or task."""
    facts = [fact for fact in source.facts if _is_in(fact, scope)]
    code = source.period.code if source.period else ""
    return Lists(
        source.as_of,
        source.period,
        source.is_locked,
        responsibility_rows(facts, scope, source.as_of),
        _problems(source, scope, facts),
        progress_rows(facts, scope, source.as_of, code),
    )


def lists_by_unit(source: Source, units: Iterable[Unit]) -> Iterator[tuple[Unit, Lists]]:
    """The three lists of each of these units, one after the other. No queries; each row is looked at once a unit
    that has a part in it."""
    facts: dict[UUID, list[TaskFact]] = defaultdict(list)
    for fact in source.facts:
        for duty in fact.duties:
            facts[duty.unit_id].append(fact)
    problems: dict[UUID, list[ProblemRow]] = defaultdict(list)
    for row in source.problems:
        for key in {row.lead_id, *row.supporting_ids} - {None}:
            problems[key].append(row)  # type: ignore[index]
    for unit in units:
        own = replace(source, facts=facts[unit.pk], problems=problems[unit.pk])
        yield unit, cut_lists(own, ListScope(unit_id=unit.pk))


def _is_in(fact: TaskFact, scope: ListScope) -> bool:
    if scope.plan_id and fact.plan_id != scope.plan_id:
        return False
    if scope.block and fact.block_code != scope.block:
        return False
    if scope.task_key and fact.key != scope.task_key:
        return False
    if scope.unit_id and fact.of_unit(scope.unit_id) is None:
        return False
    return not scope.office_id or any(duty.office_id == scope.office_id for duty in fact.duties)


def _problems(source: Source, scope: ListScope, facts: Sequence[TaskFact]) -> list[ProblemRow]:
    rows: Iterable[ProblemRow] = source.problems
    if scope.unit_id:
        rows = [row for row in rows if scope.unit_id in (row.lead_id, *row.supporting_ids)]
    if scope.plan_id or scope.block or scope.task_key or scope.office_id:
        # The duty a problem was opened against may be of an earlier edition: it counts by the task's key.
        keys = {(fact.plan_id, fact.key) for fact in facts}
        duties = {duty.id for fact in facts for duty in fact.duties}
        links = DutyProblem.objects.filter(matter_id__in=[row.matter_id for row in rows])
        known = links.values_list("matter_id", "duty_id", "duty__task__edition__plan_id", "duty__task__key")
        wanted = {matter for matter, duty, plan, key in known if duty in duties or (plan, key) in keys}
        rows = [row for row in rows if row.matter_id in wanted]
    return [replace(row, position=at) for at, row in enumerate(rows, start=1)]


def responsibility_rows(facts: Iterable[TaskFact], scope: ListScope, as_of: date) -> list[ResponsibilityRow]:
    """The responsibility list of a scope, in the plans' order."""
    return [
        ResponsibilityRow(
            **_shared(fact, scope, at, as_of),
            clauses=tuple(fact.clauses),
            measures="\n".join(part for part in (fact.common, fact.measures) if part),
            lead_leader=fact.lead_leader,
        )
        for at, fact in enumerate(facts, start=1)
    ]


def progress_rows(facts: Iterable[TaskFact], scope: ListScope, as_of: date, period: str) -> list[ProgressRow]:
    """The progress list of a scope: the unit's own texts, or the lead's where no unit is asked for."""
    made = []
    for at, fact in enumerate(facts, start=1):
        duty = _duty_of(fact, scope)
        entry = duty.entry if duty else None
        now = entry if entry and entry.period == period else None
        made.append(
            ProgressRow(
                **_shared(fact, scope, at, as_of),
                progress=_progress(now) if now else "",
                total=entry.total if entry else "",
                issues=now.issues if now else "",
                next_steps=now.next_steps if now else "",
                coordination=now.coordination if now else "",
                proof=tuple(now.proof) if now else (),
                filled_by=now.filled_by if now else "",
                reviewed_by=now.reviewed_by if now else "",
                submitted_on=now.submitted_on if now else None,
                is_reported=now is not None,
            )
        )
    return made


def _progress(entry: EntryFact) -> str:
    """This month's text, and below it what the pack's cycle asks beside."""
    text = entry.progress or (_("No change") if entry.no_change else "")
    return "\n".join(part for part in (text, said_words(entry.own)) if part)


def _duty_of(fact: TaskFact, scope: ListScope) -> DutyFact | None:
    if scope.unit_id:
        return fact.of_unit(scope.unit_id)
    if scope.office_id:
        return next((duty for duty in fact.duties if duty.office_id == scope.office_id), None)
    leads = fact.leads
    # Of several leads the one whose text is newest speaks for the task.
    reported = [duty for duty in leads if duty.entry]
    return max(reported, key=lambda d: d.entry.period) if reported else next(iter(leads), None)  # type: ignore[union-attr]


def _shared(fact: TaskFact, scope: ListScope, position: int, as_of: date) -> dict[str, Any]:
    """The fields of ListRow by name."""
    scoped = fact.of_unit(scope.unit_id) if scope.unit_id else None
    duty = _duty_of(fact, scope)
    due_on = duty.due_on if duty else fact.due_on
    done_on = scoped.done_on if scoped else fact.done_on
    if done_on and done_on > as_of:
        done_on = None
    status = Status.DONE if done_on else duty.entry.status if duty and duty.entry else ""
    holders = [scoped] if scoped else fact.leads
    return {
        "position": position, "task_id": fact.id, "kind": fact.kind, "duty_id": duty.id if duty else None,
        "block": fact.block_name, "block_code": fact.block_code, "plan": fact.plan, "number": fact.number,
        "title": fact.title, "target": fact.target, "leads": tuple(one.short for one in fact.leads),
        "supporting": tuple(fact.supporting_names), "deadline": fact.deadline, "due_on": due_on, "done_on": done_on,
        "note": fact.note, "status": str(status), "is_late": bool(due_on and due_on < as_of and done_on is None),
        "role": scoped.role if scoped else "", "office_id": duty.office_id if duty else None,
        "office": "、".join(dict.fromkeys(one.office for one in holders if one.office)),
        "person": "、".join(dict.fromkeys(one.person for one in holders if one.person)),
    }  # fmt: skip
