"""Which lines a list has, in SQL: narrowed to its scope, filtered, in order, counted. Facts are read for a page of them.

The words of every rule here are those of `lists`, where the rows are made: a test holds both to the same lines.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import (
    Case,
    CharField,
    DateField,
    DateTimeField,
    Exists,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    UUIDField,
    Value,
    When,
)
from django.db.models.functions import Cast, Coalesce, Collate, Concat, NullIf
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from shiyu.meetings.models import Decision
from shiyu.periods.models import Period
from shiyu.plans.models import Duty, DutyHolder, ReportEntry, Task
from shiyu.plans.queries.fact_reading import decisions_on, tasks_on

Status = ReportEntry.Status
LEAD = Duty.Role.LEAD
_PLACE = ("line_kind", "line_part", "line_made", "line_of", "line_at")
_SORTED = tuple(f"-{key}" for key in ("deadline", "status", "office", "person", "block"))
_PROTOCOL = ("unit__protocol_order", "unit__code", "pk")


@dataclass(frozen=True)
class ListScope:
    """Whose list: a unit, one of its offices, a plan (sub-plan), a block, a task. Empty fields do not narrow."""

    unit_id: UUID | None = None
    office_id: UUID | None = None
    plan_id: UUID | None = None
    block: str = ""
    task_key: str = ""


@dataclass(frozen=True)
class Wanted:
    """What of a list is shown. Empty fields do not narrow.

    `block`: a block's code, or the plan's title where it has no blocks; `role`: lead or supporting, of a unit's list;
    `mark`: open, late, behind, on, none, done (problems: open, overdue, on_books, closed); `words`: a text contained (`in_measures`: in the measures too);
    `sort`: the key of a column, with "-" turned round; "" for the list's own order.
    """

    block: str = ""
    role: str = ""
    mark: str = ""
    words: str = ""
    in_measures: bool = True
    sort: str = ""

    @property
    def is_all(self) -> bool:
        """Whether the whole list is shown in its own order."""
        return not (self.block or self.role or self.mark or self.words or self.sort)


class Lines:
    """The lines of the responsibility and the progress list of a scope, as of a day."""

    def __init__(
        self, scope: ListScope, day: date, period: Period | None, own: frozenset[UUID] | None = None
    ) -> None:
        self._scope, self._day, self._period = scope, day, period
        tasks, decisions = tasks_on(day), decisions_on(day)
        if scope.plan_id:
            tasks, decisions = tasks.filter(edition__plan_id=scope.plan_id), decisions.none()
        if scope.block:
            tasks, decisions = tasks.filter(block__code=scope.block), decisions.none()
        if scope.task_key:
            tasks, decisions = _of_key(tasks, decisions, scope.task_key)
        self.tasks: QuerySet[Task] = tasks.filter(*self._in_scope("task", own))
        self.decisions: QuerySet[Decision] = decisions.filter(*self._in_scope("decision", own))

    def keys(self, wanted: Wanted, start: int, stop: int | None) -> list[tuple[bool, UUID]]:
        """The lines shown from `start` to before `stop` (None: to the end), in order: whether a decision, and its id."""
        tasks = self._ordered(self._filtered(self.tasks, "task", wanted), "task", wanted.sort)
        decisions = self._ordered(self._filtered(self.decisions, "decision", wanted), "decision", wanted.sort)
        sort, turned = F("line_sort"), wanted.sort.startswith("-")
        by_value = sort.desc(nulls_last=True) if turned else sort.asc(nulls_last=True)
        # Turned round, the list's own order begins at its end; equal values stay in it.
        place = [f"-{name}" for name in _PLACE] if turned and wanted.sort not in _SORTED else _PLACE
        rows = tasks.union(decisions, all=True).order_by(by_value, *place)[start:stop]
        return [(kind == 1, pk) for pk, _sort, kind, *_place in rows]

    def count(self, wanted: Wanted, stop: int) -> int:
        """How many lines are shown, at most `stop`."""
        tasks = self._filtered(self.tasks, "task", wanted).order_by()[:stop].count()
        decisions = self._filtered(self.decisions, "decision", wanted).order_by()[:stop].count()
        return min(tasks + decisions, stop)

    def without_person(self, stop: int) -> int:
        """Lines whose unit (or whose leads) name no person, at most `stop`."""
        found = 0
        for rows, of in ((self.tasks, "task"), (self.decisions, "decision")):
            held = DutyHolder.objects.filter(
                self._held(),
                self._answering("duty__"),
                person__isnull=False,
                **{f"duty__{of}": OuterRef("pk")},
            )
            found += rows.filter(~Exists(held)).order_by()[:stop].count()
        return min(found, stop)

    # --- what a line says, as expressions ----------------------------------------------------------------------------

    def _in_scope(self, of: str, own: frozenset[UUID] | None) -> list[Any]:
        """Of the units, the unit and the office that are asked for."""
        parts, found = Duty.objects.filter(**{of: OuterRef("pk")}), []
        if own is not None:
            found.append(Exists(parts.filter(unit_id__in=own)))
        if self._scope.unit_id:
            found.append(Exists(parts.filter(unit_id=self._scope.unit_id)))
        if self._scope.office_id:
            found.append(Exists(parts.filter(Exists(self._in_office()))))
        return found

    def _held(self, prefix: str = "") -> Q:
        """Holders on the day; their last day is one of them."""
        until = f"{prefix}valid_to"
        still = Q(**{until: None}) | Q(**{f"{until}__gte": self._day})
        return Q(**{f"{prefix}valid_from__lte": self._day}) & still

    def _in_office(self) -> QuerySet[DutyHolder]:
        """That the office holds a duty."""
        return DutyHolder.objects.filter(self._held(), office_id=self._scope.office_id, duty=OuterRef("pk"))

    def _answering(self, prefix: str = "") -> Q:
        """The duties that answer for a line: the scoped unit's, else the leads'."""
        if self._scope.unit_id:
            return Q(**{f"{prefix}unit_id": self._scope.unit_id})
        return Q(**{f"{prefix}role": LEAD})

    def _voices(self, of: str) -> QuerySet[Any]:
        """The duties of which the first speaks for the line: the unit's, the office's, else of the leads the one whose
        text is newest. `said` is its status."""
        parts = Duty.objects.filter(**{of: OuterRef("pk")}).annotate(
            said=Subquery(self._entries(of).values("status")[:1]),
            spoke=Subquery(self._entries(of).values("report__period__starts_on")[:1]),
        )
        if self._scope.office_id and not self._scope.unit_id:
            return parts.filter(Exists(self._in_office())).order_by(*_PROTOCOL)
        return parts.filter(self._answering()).order_by(
            F("spoke").desc(nulls_last=True), "ordinal", *_PROTOCOL
        )

    def _entries(self, of: str) -> QuerySet[ReportEntry]:
        """The filled entries of a duty's lineage up to the month, newest first."""
        if self._period is None:
            return ReportEntry.objects.none()
        if of == "task":
            same = Q(duty__task__key=OuterRef("task__key")) & Q(
                duty__task__edition__plan_id=OuterRef("task__edition__plan_id")
            )
        else:
            same = Q(duty__decision_id=OuterRef("decision_id"))
        rows = ReportEntry.objects.filter(
            same,
            duty__unit_id=OuterRef("unit_id"),
            is_filled=True,
            report__period__kind=self._period.kind,
            report__period__starts_on__lte=self._period.starts_on,
        )
        return rows.order_by("-report__period__starts_on")

    def _is_done(self, of: str) -> Q:
        """Done by the day: the unit's part, or every lead's."""
        parts = Duty.objects.filter(self._answering(), **{of: OuterRef("pk")})
        undone = parts.filter(Q(done_on=None) | Q(done_on__gt=self._day))
        return Q(Exists(parts)) & ~Q(Exists(undone))

    def _due(self, of: str) -> Any:
        """The deadline of the duty that speaks, else the line's own. Who speaks is asked only where deadlines differ."""
        differs = ~Q(due_on=OuterRef("due_on")) | Q(**{f"{of}__due_on": None})
        own = Duty.objects.filter(differs, due_on__isnull=False, **{of: OuterRef("pk")})
        spoken = Coalesce(Subquery(self._voices(of).values("due_on")[:1]), F("due_on"))
        return Case(When(Exists(own), then=spoken), default=F("due_on"), output_field=DateField())

    def _status(self, of: str) -> Any:
        """done, or what the duty that speaks reported last; "" where nothing was."""
        said = Coalesce(Subquery(self._voices(of).values("said")[:1]), Value(""))
        done = Value(str(Status.DONE))
        return Case(When(self._is_done(of), then=done), default=said, output_field=CharField())

    # --- filters and orders -------------------------------------------------------------------------------------------

    def _filtered(self, rows: QuerySet[Any], of: str, wanted: Wanted) -> QuerySet[Any]:
        if wanted.block:
            title = Q(edition__plan__title=wanted.block) & (Q(block=None) | Q(block__code=""))
            in_block = Q(block__code=wanted.block) | title if of == "task" else Q(meeting__title=wanted.block)
            rows = rows.filter(in_block)
        if wanted.role and self._scope.unit_id:
            part = Duty.objects.filter(unit_id=self._scope.unit_id, role=wanted.role, **{of: OuterRef("pk")})
            rows = rows.filter(Exists(part))
        if wanted.mark:
            rows = self._marked(rows, of, wanted.mark)
        if wanted.words:
            rows = rows.alias(line_words=_words(of, wanted.in_measures)).filter(
                line_words__contains=wanted.words
            )
        return rows

    def _marked(self, rows: QuerySet[Any], of: str, mark: str) -> QuerySet[Any]:
        done = self._is_done(of)
        if mark == "open":
            return rows.filter(~done)
        rows = rows.alias(line_due=self._due(of))
        late = Q(line_due__lt=self._day) & ~done
        if mark == "late":
            return rows.filter(late)
        rows = rows.alias(line_status=self._status(of)).filter(~late)
        of_mark = {"done": Status.DONE, "on": Status.ON_TRACK, "behind": Status.BEHIND}
        if mark in of_mark:
            return rows.filter(line_status=of_mark[mark])
        return rows.exclude(line_status__in=of_mark.values()) if mark == "none" else rows.none()

    def _ordered(self, rows: QuerySet[Any], of: str, sort: str) -> QuerySet[Any]:
        """The rows with what they are ordered by: (id, sort, kind, then the place in the plan or meeting)."""
        if of == "task":
            place = (0, "edition__plan__kind", "edition__plan__created_at", "edition_id", "position")
        else:
            place = (1, Value("meeting"), "meeting__held_on", "meeting_id", "number")  # type: ignore[assignment]
        made = {
            "line_kind": Value(place[0], output_field=IntegerField()),
            "line_part": Cast(place[1], CharField()),
            "line_made": Cast(place[2], DateTimeField()),
            "line_of": Cast(place[3], UUIDField()),
            "line_at": Cast(place[4], IntegerField()),
        }
        rows = rows.order_by().annotate(line_sort=self._sort(of, sort.lstrip("-")), **made)
        return rows.values_list("pk", "line_sort", *_PLACE)

    def _sort(self, of: str, key: str) -> Any:
        """The value a column is sorted by; what has none comes last."""
        if key == "deadline":
            return Coalesce(self._due(of), Value(date.max), output_field=DateField())
        if key == "status":
            return Collate(self._status(of), "C")
        if key in ("office", "person"):
            return Collate(self._holder(of, key), "C")
        if key == "block":
            return Collate(_block(of), "C")
        return Value(None, output_field=CharField())

    def _holder(self, of: str, key: str) -> Any:
        """The first office (person) named."""
        held = DutyHolder.objects.filter(
            self._held(),
            self._answering("duty__"),
            **{f"duty__{of}": OuterRef("pk"), f"{key}__isnull": False},
        ).order_by("duty__unit__protocol_order", "duty__unit__code", "duty_id", "-valid_from", "-pk")
        name = F("person__name")
        if key == "office":
            name = Coalesce(NullIf("office__short_name", Value("")), "office__name")  # type: ignore[assignment]
        return Subquery(held.values(line_name=name)[:1], output_field=CharField())


def _of_key(
    tasks: QuerySet[Task], decisions: QuerySet[Decision], key: str
) -> tuple[QuerySet[Task], QuerySet[Decision]]:
    """The task of that lineage, or the decision ("decision:" and its id)."""
    kind, _colon, text = key.partition(":")
    if kind != "decision":
        return tasks.filter(key=key), decisions.none()
    try:
        return tasks.none(), decisions.filter(pk=UUID(text))
    except ValueError:
        return tasks.none(), decisions.none()


def _block(of: str) -> Any:
    """The block's name in the reader's language."""
    if of == "decision":
        return Value(_("Meeting decisions"), output_field=CharField())
    name = NullIf(F("block__name"), Value(""))
    if not (get_language() or "").startswith("en"):
        return name
    return Coalesce(NullIf(F("block__name_en"), Value("")), name)


def _words(of: str, in_measures: bool) -> Any:
    """The text a list is searched in: number and title, target, note, and the measures where the list has them."""
    if of == "decision":
        return Concat(
            Cast("number", CharField()), Value(" "), F("text"), Value("   "), output_field=CharField()
        )
    parts: list[Any] = [
        F("number"), Value(" "), F("title"), Value(" "), F("target_text"), Value(" "), F("note"), Value(" ")
    ]  # fmt: skip
    if in_measures:
        common = Coalesce(F("parent__common"), Value(""), output_field=CharField())
        both = Case(
            When(~Q(measures="") & ~Q(parent__common="") & Q(parent__isnull=False), then=Value("\n")),
            default=Value(""),
        )
        parts += [common, both, F("measures")]
    return Concat(*parts, output_field=CharField())
