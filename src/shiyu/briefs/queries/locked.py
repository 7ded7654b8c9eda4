"""A locked month read back: its rows, figures and names, and the rules of the pack that was in force then.

No row of today is read, so that nothing done since (a matter reopened, a unit renamed, a pack changed) shows.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import override

from shiyu.briefs.queries.month import (
    Asked,
    DecisionMonth,
    Figures,
    InstructionMonth,
    Item,
    LateReport,
    Lists,
    MonthFacts,
    UnitMonth,
)
from shiyu.documents.tables import Row
from shiyu.kernel.limits import Calendar
from shiyu.kernel.spec.pack import Pack
from shiyu.lib import clock
from shiyu.lib.errors import UserError
from shiyu.matters.queries.problems import ProblemRow
from shiyu.packs.queries import current_pack, pack_of
from shiyu.periods.models import FigureRow, LockedRow, Period, Revision
from shiyu.periods.queries import figure_values, period_by_code
from shiyu.plans.models import Plan
from shiyu.plans.queries.lists import ListScope, problem_of_json, progress_rows, responsibility_rows
from shiyu.plans.queries.task_facts import DutyFact, TaskFact, of_json

TASK, DECISION, PROBLEM, UNIT = "plans.task", "meetings.decision", "matters.matter", "people.unit"
INSTRUCTION, ENTRY = "letters.instruction", "plans.reportentry"
LATE = ("tasks_not_on_time", "problems_overdue")
REPLY_DAYS = 5  # workdays after locking by which the circular asks for answers


def month_facts(period_code: str) -> MonthFacts:
    """The locked month of that code. Raises UserError when there is none, or it is not locked."""
    period = period_by_code(period_code)
    if period is None:
        raise UserError(_("There is no month %(code)s; write it as 2026-10.") % {"code": period_code})
    return facts_of(period, locked_revision(period))


def locked_revision(period: Period) -> Revision:
    """The revision in force of a month. Raises UserError when it is not locked, or is no month."""
    if period.kind != Period.Kind.MONTH:
        raise UserError(_("There is no month %(code)s; write it as 2026-10.") % {"code": period.code})
    if period.locked_revision is None:
        raise UserError(
            _("%(code)s is not locked. The meeting pack is made from a locked month: lock it first.")
            % {"code": period.code}
        )
    return period.locked_revision


def facts_of(period: Period, revision: Revision) -> MonthFacts:
    """The facts of one revision of a month, in Chinese whatever the reader's language. Six queries."""
    pack = pack_of(revision.pack_version_id) if revision.pack_version_id else current_pack()
    with override("zh-hans"):
        return _Reading(period, revision, pack).facts()


class _Reading:
    """One locked month being read."""

    def __init__(self, period: Period, revision: Revision, pack: Pack) -> None:
        self.period, self.revision, self.pack = period, revision, pack
        self.calendar = Calendar(pack.calendar)
        rows: dict[str, list[LockedRow]] = defaultdict(list)
        found = LockedRow.objects.filter(
            revision=revision, subject_type__in=(TASK, DECISION, PROBLEM, UNIT, INSTRUCTION)
        )
        for row in found.order_by("subject_type", "position", "subject_id"):
            rows[row.subject_type].append(row)
        self.tasks = {row.pk: of_json(row.data) for row in rows[TASK]}
        self.decisions = {row.pk: of_json(row.data) for row in rows[DECISION]}
        self.problems = {row.pk: problem_of_json(row.data) for row in rows[PROBLEM]}
        self.problem_data = {row.pk: row.data for row in rows[PROBLEM]}
        self.instructions = [row.data for row in rows[INSTRUCTION]]
        self.works = [*self.tasks.values(), *self.decisions.values()]
        self.names = self._names(rows[UNIT])
        self.levels = {row.subject_id: row.data.get("level", "") for row in rows[UNIT]}
        self.order = {unit_id: at for at, unit_id in enumerate(self.names)}

    def _names(self, units: Iterable[LockedRow]) -> dict[UUID, str]:
        """Unit → its name then, by protocol. Units known from rows only come where their rows put them."""
        order: dict[UUID, tuple[int, str]] = {}
        for problem in self.problems.values():
            if problem.lead_id:
                order.setdefault(problem.lead_id, (99_999, problem.lead))
        for fact in self.works:
            order |= {duty.unit_id: (duty.order, duty.unit) for duty in fact.duties}
        order |= {row.subject_id: (row.position, row.data["name"]) for row in units}
        return {key: name for key, (_at, name) in sorted(order.items(), key=lambda pair: (pair[1], pair[0]))}

    def facts(self) -> MonthFacts:
        figures = figure_values(self.revision)
        locked_at = clock.local(self.revision.locked_at)
        cycle = next((one for one in self.pack.cycle.values() if one.period == self.period.kind), None)
        return MonthFacts(
            code=self.period.code,
            starts_on=self.period.starts_on,
            ends_on=self.period.ends_on,
            revision=self.revision.number,
            locked_at=locked_at,
            reply_by=self.calendar.add_workdays(locked_at.date(), REPLY_DAYS),
            pack=self.pack,
            cycle=cycle,
            total=figures.get(None, {}),
            units=tuple(self._units(figures)),
            lists=self._lists(),
            overdue=self._sorted(self._late()),
            due_next=self._sorted(self._due_next()),
            on_books=self._sorted(self._problem(row) for row in self.problems.values() if row.on_books),
            disputed=tuple(self._disputed()),
            coordination=tuple(self._coordination()),
            decisions=tuple(self._decisions()),
            instructions=tuple(_instruction(data) for data in self.instructions),
            late_reports=tuple(self._late_reports()),
        )

    def _units(self, figures: dict[UUID | None, dict[str, Any]]) -> list[UnitMonth]:
        return [
            UnitMonth(key, name, figures[key], self.levels.get(key, ""))
            for key, name in self.names.items()
            if _has_work(figures.get(key))
        ]

    def _lists(self) -> Lists:
        scope, day = ListScope(), self.period.ends_on
        responsibility: list[Row] = [
            (r.block, "、".join(r.clauses), r.task_label, r.measures, r.target, r.lead_leader, "、".join(r.leads),
             "、".join(r.supporting), r.office, r.person, r.deadline, r.note)
            for r in responsibility_rows(self.works, scope, day)
        ]  # fmt: skip
        problems: list[Row] = [
            (r.code, r.source, r.happened_on, r.about_label, r.text, r.goal, r.measures, r.lead,
             "、".join(r.supporting), r.person, r.due_on, r.progress, r.status_label, r.verified_by, r.closed_on,
             r.remark)
            for r in self.problems.values()
        ]  # fmt: skip
        progress: list[Row] = [
            (r.task_label, r.target, "、".join(r.leads), "、".join(r.supporting), r.deadline, r.progress, r.total,
             r.status_label, r.issues, r.next_steps, r.coordination, "、".join(r.proof), r.note)
            for r in progress_rows(self.works, scope, day, self.period.code)
        ]  # fmt: skip
        return Lists(tuple(responsibility), tuple(problems), tuple(progress))

    def _late(self) -> Iterable[Item]:
        """What the figures counted as late, so that annex 3 has exactly the rows behind annexes 1 and 2."""
        links = FigureRow.objects.filter(
            figure__revision=self.revision, figure__measure__in=LATE, figure__unit__isnull=False
        )
        for unit_id, row_id in links.order_by("row__position", "pk").values_list("figure__unit_id", "row_id"):
            work = self.tasks.get(row_id) or self.decisions.get(row_id)
            if work is not None:
                yield self._work(work, work.of_unit(unit_id), unit_id, late=True)
            elif row_id in self.problems:
                yield self._problem(self.problems[row_id], unit_id)

    def _late_reports(self) -> Iterable[LateReport]:
        """Lines of reports that came late or not at all, in the plan's order. One query."""
        rows = LockedRow.objects.filter(revision=self.revision, subject_type=ENTRY)
        rows = rows.filter(Q(data__is_late=True) | Q(data__is_missing=True)).order_by(
            "position", "subject_id"
        )
        for data in rows.values_list("data", flat=True):
            kind = "议定事项" if data["about_type"] == DECISION else "任务"
            yield LateReport(
                UUID(data["unit_id"]), f"{kind}{data['number']}", data["title"], bool(data["is_missing"])
            )

    def _due_next(self) -> Iterable[Item]:
        first, last = next_month(self.period.ends_on)
        for work in self.works:
            for duty in work.leads:
                if duty.due_on and first <= duty.due_on <= last and duty.done_on is None:
                    yield self._work(work, duty, duty.unit_id)
        for row in self.problems.values():
            if row.is_open and row.due_on and first <= row.due_on <= last:
                yield self._problem(row)

    def _work(self, work: TaskFact, duty: DutyFact | None, unit_id: UUID, late: bool = False) -> Item:
        due_on = (duty.due_on if duty else None) or work.due_on
        done_on = duty.done_on if duty else work.done_on
        sub_plan = work.plan if work.plan_kind == Plan.Kind.SUB_PLAN else ""
        entry = duty.entry if duty and duty.entry and duty.entry.period == self.period.code else None
        item = Item(
            kind="decision" if work.kind == "decision" else "task",
            code=work.number,
            text=work.title,
            unit_id=unit_id,
            unit=self._name(unit_id, duty.unit if duty else ""),
            supporting="、".join(work.supporting_names),
            due_on=due_on,
            workdays=self._overdue(due_on, done_on) if late else None,
            reason=entry.issues if entry else "",
            next_step=entry.next_steps if entry else "",
            sub_plan=sub_plan,
            done_on=done_on if late else None,
            ended_on=self.period.ends_on if late else None,
        )
        return replace(item, note="；".join(part for part in (item.done, sub_plan, work.note) if part))

    def _problem(self, row: ProblemRow, unit_id: UUID | None = None) -> Item:
        holder = unit_id or row.lead_id
        return Item(
            kind="problem",
            code=row.code,
            text=row.text,
            unit_id=holder,
            unit=self._name(holder, row.lead),
            supporting="、".join(row.supporting),
            due_on=row.due_on,
            workdays=self._overdue(row.due_on, None) if row.is_overdue else None,
            ended_on=self.period.ends_on if row.is_overdue else None,
            reason=row.progress,
            next_step=row.measures,
            note=row.remark,
        )

    def _overdue(self, due_on: date | None, done_on: date | None) -> int | None:
        """Workdays overdue, as the measure workdays_overdue counts them."""
        if due_on is None:
            return None
        end = min(done_on, self.period.ends_on) if done_on else self.period.ends_on
        return self.calendar.workdays_between(due_on, end)

    def _name(self, unit_id: UUID | None, otherwise: str) -> str:
        return self.names.get(unit_id, otherwise) if unit_id else otherwise

    def _sorted(self, items: Iterable[Item]) -> tuple[Item, ...]:
        """Unit by unit in protocol order, tasks before problems, each by deadline and number."""
        kinds = {"task": 0, "decision": 1, "problem": 2}
        last = len(self.order)
        return tuple(
            sorted(
                items,
                key=lambda i: (
                    self.order.get(i.unit_id, last) if i.unit_id else last,
                    kinds[i.kind],
                    i.due_on or date.max,
                    len(i.code),
                    i.code,
                    i.text,
                ),
            )
        )

    def _disputed(self) -> Iterable[Asked]:
        """Problems a unit had asked to give back and nobody had decided on when the month was locked."""
        for key, row in self.problems.items():
            for given in self.problem_data[key].get("returns_asked", ()):
                yield Asked(given["unit"], f"{row.code} {row.title}", given["reason"], row.due_on)

    def _coordination(self) -> Iterable[Asked]:
        for work in self.works:
            for duty in work.duties:
                entry = duty.entry
                if entry and entry.period == self.period.code and entry.coordination.strip():
                    about = f"{work.number} {work.title}"
                    yield Asked(self._name(duty.unit_id, duty.unit), about, entry.coordination, duty.due_on)

    def _decisions(self) -> Iterable[DecisionMonth]:
        """Decisions that were open in the month: not done by its first day."""
        for work in self.decisions.values():
            done_on = work.done_on
            if done_on and done_on < self.period.starts_on:
                continue
            entries = [
                duty.entry for duty in work.leads if duty.entry and duty.entry.period == self.period.code
            ]
            yield DecisionMonth(
                meeting=work.plan,
                number=int(work.number) if work.number.isdigit() else 0,
                text=work.title,
                unit="、".join(duty.short for duty in work.leads),
                supporting="、".join(work.supporting_names),
                due_on=work.due_on,
                done_on=done_on if done_on and done_on <= self.period.ends_on else None,
                progress="\n".join(entry.progress for entry in entries if entry.progress),
            )


def _instruction(data: dict[str, Any]) -> InstructionMonth:
    return InstructionMonth(
        data["leader_post"], _day(data["instructed_on"]), data["subject_title"], data["text"], data["unit"],
        _day(data["reply_by"]), _day(data["replied_on"]), data["reply"], data["is_late"],
    )  # fmt: skip


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _has_work(figures: Figures | None) -> bool:
    """Whether a unit had anything in the month; one without tasks, reports and problems gets no row and no slip."""
    return figures is not None and any(value for value in figures.values())


def next_month(day: date) -> tuple[date, date]:
    """First and last day of the month after the one of `day`."""
    first = date(day.year + day.month // 12, day.month % 12 + 1, 1)
    after = date(first.year + first.month // 12, first.month % 12 + 1, 1)
    return first, after - timedelta(days=1)
