"""What the pack's conditions may ask of a matter, its grade by the table, and who is competent for it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from shiyu.kernel.competence import FunctionStanding, Route, route_of
from shiyu.kernel.conditions import Fact, holds
from shiyu.kernel.grading import Graded, grade_of
from shiyu.kernel.limits import local_day
from shiyu.kernel.spec.matters import FieldType, Kind
from shiyu.kernel.spec.routes import ClimbRule
from shiyu.lib import clock
from shiyu.matters.kinds import calendar, kind_of, pack_for
from shiyu.matters.models import Matter, MatterArea, MatterLink, Party, Step
from shiyu.packs.queries import current_pack
from shiyu.people.models import Unit
from shiyu.people.queries import standings_of, units_for

REPEAT_TIME = timedelta(days=365)
"""How far back the same topic in the same place counts as come up before."""


@dataclass(frozen=True)
class Counts:
    """What of a matter's facts stands in other rows: further places, its reporters and those of matters merged into
    it, returns consented to, the same before."""

    further: int
    reporters: int
    returned: int
    repeated: int


def condition_facts(
    matter: Matter, kind: Kind | None = None, now: datetime | None = None, counts: Counts | None = None
) -> dict[str, Fact]:
    """The facts of a matter by their names in kernel.conditions.FACTS, and its kind's own fields. `counts` spares
    the five queries where many matters are asked at once."""
    kind, now = kind or kind_of(matter), now or clock.now()
    counts = counts or _counts_of(matter)
    own = {
        code: _fact(field.type, matter.fields.get(code))
        for code, field in kind.form.items()
        if field.type in (FieldType.NUMBER, FieldType.BOOL, FieldType.CODE)
    }
    return {
        **own,
        "kind": matter.kind,
        "topic": matter.topic or None,
        "source": matter.source or None,
        "sort_class": matter.sort_class or None,
        "grade": matter.grade or None,
        "area_level": matter.area.level if matter.area else None,
        "level": matter.level,
        "areas": 1 + counts.further if matter.area else None,
        "reporters": counts.reporters,
        "days_open": (local_day(now) - local_day(matter.received_at)).days,
        "overdue_workdays": _overdue(matter, now),
        "returned": counts.returned,
        "reworked": matter.reworked,
        "reopened": matter.reopened,
        "repeated": counts.repeated,
        "on_books": matter.on_books,
        "supervised": matter.supervised_at is not None,
        "phase": matter.phase,
        "state": matter.state,
    }


def _counts_of(matter: Matter) -> Counts:
    return next(counts for _row, counts in counted(Matter.objects.filter(pk=matter.pk)))


def _parties(matter: Any) -> tuple[QuerySet[Party], QuerySet[Party]]:
    """Who reported the matter, and who reported those that were merged into it (a merge may have been undone); who acts for
    a reporter reported nothing."""
    merged = Party.objects.filter(
        matter__outcome="merged",
        matter__links_in__sort=MatterLink.Sort.MERGED,
        matter__links_in__first=matter,
        acts_for=None,
    )
    return Party.objects.filter(matter=matter, acts_for=None), merged


def _fact(sort: FieldType, value: object) -> Fact:
    """A kept value as conditions compare it: numbers are kept as text (kernel.fields)."""
    if sort is FieldType.NUMBER and isinstance(value, str):
        return float(value)
    return value if isinstance(value, (str, bool)) else None


def _overdue(matter: Matter, now: datetime) -> int:
    """Workdays for which the present step is overdue; 0 while it is not."""
    due = matter.step_due_at
    if due is None or due >= now:
        return 0
    return calendar().workdays_between(local_day(due), local_day(now))


def graded(matter: Matter, now: datetime | None = None) -> Graded | None:
    """The grade the kind's table gives the matter now, with its reasons; None for a kind that is not graded."""
    kind = kind_of(matter)
    return grade_of(kind.grading, condition_facts(matter, kind, now)) if kind.grading else None


@dataclass(frozen=True)
class Competence:
    """Who should handle a matter, by the pack's table: proposals, a person dispatches."""

    label_zh: str
    label_en: str
    lead: Unit | None
    supporting: list[Unit]
    informed: list[Unit]
    function: str | None
    """The function whose place on a town's lists decides whether it may take part."""


def route_for(matter: Matter) -> Route | None:
    """The row of the pack's table of competence that speaks of the matter."""
    table = pack_for(matter).competence
    return route_of(table, condition_facts(matter)) if table else None


def competence_for(matter: Matter) -> Competence | None:
    """Who should lead, support and know, for the matter's place; None where the table is silent or no place is
    known."""
    route = route_for(matter)
    if route is None or matter.area is None:
        return None
    area, row = matter.area, route.row
    lead, *others = units_for([row.lead, *row.supporting, *row.informed], area)
    supporting = [unit for unit in others[: len(row.supporting)] if unit]
    informed = [unit for unit in others[len(row.supporting) :] if unit]
    return Competence(row.label.zh, row.label.en, lead, supporting, informed, row.function)


def standings_for(matter: Matter, units: Iterable[UUID]) -> dict[UUID, FunctionStanding]:
    """How the units have the matter's function on their lists (domain.md 1.15); units without it are left out."""
    route = route_for(matter)
    return standings_of(route.row.function, units) if route else {}


def counted(rows: QuerySet[Matter]) -> Iterator[tuple[Matter, Counts]]:
    """Matters with their counts, in one query however many they are."""
    before = (
        Matter.objects.real()
        .filter(
            kind=OuterRef("kind"),
            topic=OuterRef("topic"),
            area_id=OuterRef("area_id"),
            received_at__lt=OuterRef("received_at"),
            received_at__gte=OuterRef("received_at") - REPEAT_TIME,
        )
        .exclude(topic="")
    )
    further = MatterArea.objects.filter(matter=OuterRef("pk"))
    own, merged = _parties(OuterRef("pk"))
    returned = Step.objects.filter(matter_id=OuterRef("pk"), verb="consent_return")
    rows = rows.select_related("area", "unit").annotate(
        further_count=_how_many(further, "matter"),
        reporters_count=_how_many(own, "matter") + _how_many(merged, "matter__links_in__first"),
        returned_count=_how_many(returned, "matter_id"),
        repeated_count=_how_many(before, "kind"),
    )
    for row in rows:
        yield row, Counts(row.further_count, row.reporters_count, row.returned_count, row.repeated_count)  # type: ignore[attr-defined]


def _how_many(rows: QuerySet[Any], by: str) -> Coalesce:
    return Coalesce(Subquery(rows.order_by().values(by).annotate(n=Count("pk")).values("n")), 0)


def graded_otherwise(now: datetime) -> list[UUID]:
    """Open matters that the table would give another grade now than they have; those graded by hand are left alone.
    One query."""
    kinds = [code for code, kind in current_pack().kind.items() if kind.grading]
    rows = Matter.objects.open().filter(kind__in=kinds, grade_by_hand=False).order_by("received_at", "id")
    found = []
    for matter, counts in counted(rows):
        kind = kind_of(matter)
        if (
            kind.grading
            and grade_of(kind.grading, condition_facts(matter, kind, now, counts)).grade != matter.grade
        ):
            found.append(matter.pk)
    return found


@dataclass(frozen=True)
class ToClimb:
    """A matter that a rule of its kind lifts, and the rule's words."""

    matter_id: UUID
    reason: str
    is_at_top: bool


def due_to_climb(now: datetime) -> list[ToClimb]:
    """Open matters for which a climb rule of their kind holds and has not lifted them yet: a rule on being overdue once
    in a stay, another one once in all, so that what was lowered by hand stays there. The one overdue for longest first.
    Two queries."""
    kinds = [code for code, kind in current_pack().kind.items() if kind.climb]
    rows = Matter.objects.open().filter(kind__in=kinds).order_by(F("step_due_at").asc(nulls_last=True), "id")
    rows = rows.filter(Q(step_due_at__lt=now) | Q(kind__in=_kinds_with_conditions()))
    done = _lifted_by_rule(rows)
    found = []
    for matter, counts in counted(rows):
        kind = kind_of(matter)
        facts = condition_facts(matter, kind, now, counts)
        rule = next(
            (r for r in kind.climb if _holds(r, matter, facts, now) and not _was_lifted(r, matter, done)),
            None,
        )
        if rule is not None:
            top = not (matter.unit.upper_centre_id or matter.unit.parent_id)
            found.append(ToClimb(matter.pk, rule.label.zh, top))
    return found


def _kinds_with_conditions() -> list[str]:
    return [c for c, kind in current_pack().kind.items() if any(rule.overdue is None for rule in kind.climb)]


def _holds(rule: ClimbRule, matter: Matter, facts: dict[str, Fact], now: datetime) -> bool:
    if rule.overdue is not None:
        due = matter.step_due_at
        if due is None or calendar().add(due, rule.overdue) > now:
            return False
    return holds(rule.when, facts)


def _lifted_by_rule(rows: QuerySet[Matter]) -> dict[tuple[UUID, str], datetime]:
    """When a rule last lifted each matter, or put it under supervision: by matter and the rule's words."""
    deeds = Step.objects.filter(
        verb__in=("climb", "supervise"), by_id=None, matter_id__in=rows.order_by().values("pk")
    )
    return {
        (m, note): at
        for m, note, at in deeds.order_by("left_at").values_list("matter_id", "note", "left_at")
        if at
    }


def _was_lifted(rule: ClimbRule, matter: Matter, done: dict[tuple[UUID, str], datetime]) -> bool:
    at = done.get((matter.pk, rule.label.zh))
    return at is not None and (rule.overdue is None or at >= matter.step_entered_at)
