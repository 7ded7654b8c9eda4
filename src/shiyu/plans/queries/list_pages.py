"""The three lists page by page: live ones cut, filtered, ordered and counted in SQL, locked ones from what was kept."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.db.models import CharField, Exists, F, Min, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Coalesce, Collate, Concat, NullIf, TruncDate
from django.utils.translation import gettext as _

from shiyu.kernel.actor import Actor
from shiyu.lib import clock
from shiyu.matters.models import Assignment, Matter
from shiyu.matters.queries.problems import GONE, ProblemFilter, ProblemRow, problem_lines, rows_of_problems
from shiyu.periods.models import Period
from shiyu.plans.models import Duty, DutyHolder, DutyProblem, ReportEntry
from shiyu.plans.queries.fact_reading import PLAN_ORDER, Parts, month_shown, read_facts
from shiyu.plans.queries.list_kept import (
    ALL,
    KeptLists,
    Line,
    ListChoices,
    PagedLists,
    Signed,
    plans_and_blocks,
)
from shiyu.plans.queries.list_lines import Lines, ListScope, Wanted
from shiyu.plans.queries.lists import progress_rows, responsibility_rows
from shiyu.plans.queries.task_facts import TaskFact

AT_ONCE = 500
"""Rows whose facts are read together where a whole list is written to a file."""


def paged_lists(actor: Actor, period: Period | None, scope: ListScope) -> PagedLists:
    """The person's three lists of a scope: as of today, or as a locked month kept them.

    Who may not see all units' lists gets what the own units take part in. A month that is not locked is read live
    with that month's progress.
    """
    if period is not None and period.is_locked:
        return KeptLists(actor, period, scope)
    return LiveLists(actor, period, scope)


class LiveLists:
    """Lists as they stand, in SQL. A page costs a fixed number of queries and reads its own rows."""

    is_locked = False

    def __init__(self, actor: Actor, period: Period | None, scope: ListScope) -> None:
        self._actor, self._scope = actor, scope
        self._own = None if actor.has("list.view_all") else actor.unit_ids
        self.as_of = min(period.ends_on, clock.today()) if period else clock.today()
        self.period = period or month_shown(self.as_of)
        self._lines = Lines(scope, self.as_of, self.period, self._own)

    def rows(self, tab: str, wanted: Wanted = ALL, start: int = 0, stop: int | None = None) -> Sequence[Line]:
        """See `PagedLists`."""
        if tab == "problems":
            return self._problem_rows(wanted, start, stop)
        keys = self._lines.keys(wanted, start, stop)
        places = None if wanted.is_all else self._places(self._lines.keys(ALL, 0, None))
        made: list[Line] = []
        for at in range(0, len(keys), AT_ONCE):
            some = keys[at : at + AT_ONCE]
            facts = self._facts(some)
            rows = (
                responsibility_rows(facts, self._scope, self.as_of)
                if tab == "responsibility"
                else progress_rows(facts, self._scope, self.as_of, self.period.code if self.period else "")
            )
            made += [
                replace(row, position=places[row.task_id] if places else start + at + n)  # type: ignore[misc]
                for n, row in enumerate(rows, start=1)
            ]
        return made

    def count(self, tab: str, wanted: Wanted = ALL, stop: int = 1_001) -> int:
        """See `PagedLists`."""
        if tab == "problems":
            return self._problems(wanted).order_by()[:stop].count()
        return self._lines.count(wanted, stop)

    def without_person(self, stop: int = 1_001) -> int:
        """See `PagedLists`."""
        return self._lines.without_person(stop)

    def signed(self) -> Signed | None:
        """See `PagedLists`."""
        if not self._scope.unit_id or self.period is None:
            return None
        filled = ReportEntry.objects.filter(report=OuterRef("pk"), is_filled=True)
        report = self.period.reports.filter(Exists(filled), unit_id=self._scope.unit_id).first()
        if report is None:
            return None
        left = report.first_submitted_at
        return Signed(report.filled_by, report.reviewed_by, clock.local(left).date() if left else None)

    def choices(self) -> ListChoices:
        """See `PagedLists`. Four queries."""
        mine = Lines(ListScope(), self.as_of, self.period, self._own)
        fields = ("edition__plan_id", "edition__plan__title", "block__code", "block__name", "block__name_en")
        found = mine.tasks.order_by().values_list(*fields, *PLAN_ORDER[:3]).annotate(first=Min("position"))
        rows = [row[:5] for row in found.order_by(*PLAN_ORDER[:3], "first")]
        plans, blocks = plans_and_blocks(rows)
        for title in mine.decisions.order_by("meeting__held_on", "number").values_list(
            "meeting__title", flat=True
        ):
            blocks[title] = _("Meeting decisions")
        return ListChoices(plans, blocks, self._offices())

    def _offices(self) -> dict[str, str]:
        """The offices of the unit that hold any of its duties."""
        if not self._scope.unit_id:
            return {}
        whole = Lines(ListScope(unit_id=self._scope.unit_id), self.as_of, self.period, self._own)
        of_lines = Q(duty__task__in=whole.tasks.values("pk")) | Q(
            duty__decision__in=whole.decisions.values("pk")
        )
        still = Q(valid_to=None) | Q(valid_to__gte=self.as_of)
        held = DutyHolder.objects.filter(of_lines, still, valid_from__lte=self.as_of, office__isnull=False)
        held = held.filter(duty__unit_id=self._scope.unit_id).select_related("office")
        rows = held.order_by("office__protocol_order", "office__code", "office_id").distinct(
            "office__protocol_order", "office__code", "office_id"
        )
        return {str(row.office_id): row.office.display_short for row in rows if row.office}

    @staticmethod
    def _places(keys: Iterable[tuple[bool, UUID]]) -> dict[UUID, int]:
        return {pk: at for at, (_is_decision, pk) in enumerate(keys, start=1)}

    def _facts(self, keys: Sequence[tuple[bool, UUID]]) -> list[TaskFact]:
        """The facts of these lines, in their order, with the units a list names."""
        tasks = self._lines.tasks.model.objects.filter(
            pk__in=[pk for is_decision, pk in keys if not is_decision]
        )
        asked = [pk for is_decision, pk in keys if is_decision]
        decisions = self._lines.decisions.model.objects
        found = read_facts(
            tasks,
            decisions.filter(pk__in=asked) if asked else decisions.none(),
            self.as_of,
            self.period,
            parts=self._parts(),
        )
        facts = {fact.id: fact for fact in found}
        return [facts[pk] for _is_decision, pk in keys if pk in facts]

    def _parts(self) -> Parts:
        """The leads and the supporting units named one by one, the scoped unit's and office's; who speaks is heard."""
        unit, office = self._scope.unit_id, self._scope.office_id
        read = Q(role=Duty.Role.LEAD) | Q(via_group="")
        if unit:
            return Parts(read | Q(unit_id=unit), lambda duty: duty.unit_id == unit)
        if office:
            held = DutyHolder.objects.filter(office_id=office).values("duty_id")
            return Parts(read | Q(pk__in=held), lambda duty: duty.office_id == office)
        return Parts(read, lambda duty: duty.is_lead)

    # --- problems -----------------------------------------------------------------------------------------------------

    def _problems(self, wanted: Wanted) -> QuerySet[Any]:
        """The lines of the problem list that are shown."""
        own, scope = self._own, self._scope
        first = self.as_of.replace(month=1, day=1)
        filters = ProblemFilter(unit_ids=own or frozenset(), since=first, as_of=self.as_of, actor=self._actor)
        rows = problem_lines(filters)
        if own is not None and not own:
            return rows.none()
        if scope.unit_id:
            held = Assignment.objects.filter(matter=OuterRef("pk"), unit_id=scope.unit_id).exclude(
                ended__in=GONE
            )
            helps = Q(Exists(held.filter(role=Assignment.Role.SUPPORTING)))
            rows = rows.filter(Exists(held)).filter(Q(lead_unit=scope.unit_id) | helps)
        if scope.plan_id or scope.block or scope.task_key or scope.office_id:
            rows = rows.filter(Exists(self._links()))
        return _marked(_with_words(rows, wanted.words), wanted.mark)

    def _links(self) -> QuerySet[DutyProblem]:
        """Links of a problem to the scope. The duty it was opened against may be of an earlier edition: it counts by
        the task's key."""
        same = self._lines.tasks.filter(
            key=OuterRef("duty__task__key"), edition__plan_id=OuterRef("duty__task__edition__plan_id")
        )
        links = DutyProblem.objects.filter(matter=OuterRef("pk"))
        return links.filter(Q(Exists(same)) | Q(duty__decision__in=self._lines.decisions.values("pk")))

    def _problem_rows(self, wanted: Wanted, start: int, stop: int | None) -> list[ProblemRow]:
        rows = self._problems(wanted)
        rows = _sorted_problems(rows, wanted.sort)
        made = rows_of_problems(rows[start:stop], self.as_of, start + 1)
        if wanted.is_all:
            return made
        places = {pk: at for at, pk in enumerate(self._problems(ALL).values_list("pk", flat=True), start=1)}
        return [replace(row, position=places[row.matter_id]) for row in made]


def _with_words(rows: QuerySet[Matter], words: str) -> QuerySet[Matter]:
    if not words:
        return rows
    text = Coalesce(NullIf("text", Value("")), F("title"), output_field=CharField())
    gap = Value(" ")
    searched = Concat(
        F("code"), gap, text, gap, F("measures"), gap, F("about_label"), output_field=CharField()
    )
    return rows.alias(line_words=searched).filter(line_words__contains=words)


def _marked(rows: QuerySet[Matter], mark: str) -> QuerySet[Matter]:
    marks = {
        "open": Q(line_closed=False),
        "closed": Q(line_closed=True),
        "overdue": Q(line_overdue=True),
        "on_books": Q(line_closed=False, on_books=True),
    }
    return rows.filter(marks[mark]) if mark in marks else rows


def _sorted_problems(rows: QuerySet[Any], sort: str) -> QuerySet[Any]:
    key, turned = sort.lstrip("-"), sort.startswith("-")
    zone = clock.CITY_ZONE
    by: Any = {
        "code": Collate("code", "C"),
        "happened_on": Coalesce("happened_on", TruncDate("received_at", tzinfo=zone)),
        "due_on": TruncDate("due_at", tzinfo=zone),
        "status": F("line_status"),
        "closed_on": TruncDate("closed_at", tzinfo=zone),
    }.get(key)
    if by is None:
        return rows.reverse() if turned else rows
    order = by.desc(nulls_last=True) if turned else by.asc(nulls_last=True)
    return rows.order_by(order, "lead_order", Collate("code", "C"))
