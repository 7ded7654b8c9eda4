"""The open matters for which rows of conditions hold: what a meeting's agenda is drawn from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.lookups import GreaterThan

from shiyu.kernel.conditions import Fact, Range, Wanted, holds
from shiyu.kernel.spec.meetings import Drawn
from shiyu.kernel.words import Label
from shiyu.lib import clock
from shiyu.matters.kinds import kind_of
from shiyu.matters.models import Matter, Step
from shiyu.matters.queries.ways import condition_facts, counted

COLUMNS = {
    "kind": "kind",
    "topic": "topic",
    "source": "source",
    "sort_class": "sort_class",
    "grade": "grade",
    "area_level": "area__level",
    "level": "level",
    "reworked": "reworked",
    "reopened": "reopened",
    "phase": "phase",
    "state": "state",
}
"""Facts that are a column: asked of the database first, so that only few matters are looked at one by one."""


FEW, MORE = 20, 400
"""So many matters are looked at first, and then, to see whether a rule holds for any."""


@dataclass(frozen=True)
class Found:
    """A matter and every reason why it was drawn."""

    matter: Matter
    why: tuple[Label, ...]


def drawn_from(rows: QuerySet[Matter], rules: Sequence[Drawn]) -> list[Found]:
    """The matters for which any rule holds now, with the labels of those that hold; the oldest first. One query."""
    found = []
    for matter, facts in _with_facts(may_hold(rows, rules).order_by("received_at", "id")):
        why = tuple(rule.label for rule in rules if holds(rule.when, facts))
        if why:
            found.append(Found(matter, why))
    return found


def gradually(rows: QuerySet[Matter]) -> Iterator[tuple[Matter, dict[str, Fact]]]:
    """Matters with their facts, the oldest first: a few are read, then some more, then the rest, for whoever stops as soon
    as a rule holds. At most three queries."""
    asked = rows.order_by("received_at", "id")
    for first, last in ((0, FEW), (FEW, MORE), (MORE, None)):
        yield from _with_facts(asked[first:last])


def _with_facts(rows: QuerySet[Matter]) -> Iterator[tuple[Matter, dict[str, Fact]]]:
    now = clock.now()
    for matter, counts in counted(rows):
        yield matter, condition_facts(matter, kind_of(matter), now, counts)


def may_hold(rows: QuerySet[Matter], rules: Sequence[Drawn]) -> QuerySet[Matter]:
    """The rows without those for which, by their columns alone, no rule can hold."""
    wanted = Q(pk__in=[])
    for rule in rules:
        wanted |= _columns(rule.when)
    return rows.filter(wanted)


def _columns(condition: Mapping[str, Wanted]) -> Q:
    every = Q(pk__isnull=False)
    for fact, wanted in condition.items():
        if fact in COLUMNS:
            every &= _compared(COLUMNS[fact], wanted)
        elif fact == "on_books":
            every &= Q(on_books=_says_true(wanted))
        elif fact == "supervised":
            every &= Q(supervised_at__isnull=not _says_true(wanted))
        elif fact == "overdue_workdays" and isinstance(wanted, Range) and (wanted.min or 0) > 0:
            every &= Q(step_due_at__lt=clock.now())
        elif fact == "days_open" and isinstance(wanted, Range) and wanted.min:
            # A day's margin: the condition itself counts whole days of the city's calendar.
            every &= Q(received_at__lt=clock.now() - timedelta(days=wanted.min - 1))
        elif fact == "returned" and isinstance(wanted, Range) and (wanted.min or 0) > 0:
            every &= Q(GreaterThan(_returns(), 0))
    return every


def _returns() -> Subquery:
    """How often a matter was returned; null for never. Not an EXISTS: PostgreSQL would read the returns of all matters for
    it, and those looked at are few."""
    returned = Step.objects.filter(matter_id=OuterRef("pk"), verb="consent_return")
    return Subquery(returned.order_by().values("matter_id").annotate(n=Count("pk")).values("n"))


def _compared(column: str, wanted: Wanted) -> Q:
    if not isinstance(wanted, Range):
        return Q(**{f"{column}__in": [wanted] if isinstance(wanted, str) else list(wanted)})
    bounds: dict[str, Any] = {f"{column}__gte": wanted.min, f"{column}__lte": wanted.max}
    return Q(**{name: value for name, value in bounds.items() if value is not None})


def _says_true(wanted: Wanted) -> bool:
    return wanted == "true" or wanted == ("true",)
