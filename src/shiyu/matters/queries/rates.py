"""Counts and rates of matters in a month, by the unit that takes them in (words: kernel.rates); each with its rows.

Four grouped queries for all units together, however many matters there are.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import cast
from uuid import UUID

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet

from shiyu.kernel.actor import Actor
from shiyu.kernel.rates import RATES, SATISFIED, SOLVED, WORKED
from shiyu.lib.any_of import AnyOf
from shiyu.matters.models import Matter, Step, units_below
from shiyu.packs.queries import current_pack
from shiyu.people.models import Unit

SENT, TAKEN_BACK = ("dispatch", "transfer"), ("consent_return",)


@dataclass(frozen=True)
class Span:
    """Which matters are counted: received, closed or sent from `start` up to before `end`, of a kind or of all."""

    start: datetime
    end: datetime
    kind: str = ""

    def holds(self, moment: str) -> Q:
        """The rows whose moment lies in it."""
        return Q(**{f"{moment}__gte": self.start, f"{moment}__lt": self.end})


@dataclass
class UnitRates:
    """One unit's counts by code."""

    unit: Unit
    counts: dict[str, int] = field(default_factory=dict)

    def rate(self, code: str) -> float | None:
        """The share of its base; None for a count, and where there is no base."""
        base = RATES[code].base
        whole = self.counts.get(base, 0) if base else 0
        return self.counts.get(code, 0) / whole if whole else None


def rates_by_unit(actor: Actor, span: Span) -> list[UnitRates]:
    """Every unit with something to count among the matters the person sees, by protocol."""
    found: dict[UUID, dict[str, int]] = {}
    closed = _closed(actor, span)
    counted = closed.values("unit_id").annotate(
        closed=Count("*"),
        on_time=Count("closed_at", filter=Q(closed_at__lte=F("due_at"))),
        reworked=Count("closed_at", filter=Q(reworked__gt=0)),
        reopened=Count("closed_at", filter=Q(reopened__gt=0)),
        rated=Count("closed_at", filter=Q(rating__isnull=False)),
        satisfied=Count("closed_at", filter=Q(rating__gte=SATISFIED)),
    )
    for row in counted:
        figures = cast(dict[str, int], row)
        found[row["unit_id"]] = {"falsely_closed": 0} | {c: figures[c] for c in RATES if c in figures}
    # A join of its own: asked row by row within the counts above, it would take longer than all of them.
    falsely = closed.filter(_false_closure(span)).values("unit_id").annotate(n=Count("*"))
    for unit, n in falsely.values_list("unit_id", "n"):
        # Another query: what was closed since the one above counts here and stands nowhere else yet.
        found.setdefault(unit, {})["falsely_closed"] = n
    received = _received(actor, span).values("unit_id").annotate(n=Count("*"))
    for unit, n in received.values_list("unit_id", "n"):
        found.setdefault(unit, {})["received"] = n
    sent = _steps(actor, span).values("acting_unit_id", "verb").annotate(n=Count("*"))
    for sender in sent.filter(acting_unit_id__isnull=False):
        code = "dispatched" if sender["verb"] in SENT else "misdispatched"
        counts = found.setdefault(cast(UUID, sender["acting_unit_id"]), {})
        counts[code] = counts.get(code, 0) + sender["n"]
    units = Unit.objects.filter(pk__in=found).by_protocol()
    return [UnitRates(unit, found[unit.pk]) for unit in units]


def solved_by_level(actor: Actor, span: Span) -> dict[str, int]:
    """How many of the matters closed in the span were solved at each level of areas (LJ11): shown, never scored."""
    solved = _closed(actor, span).filter(outcome__in=[outcome.value for outcome in SOLVED])
    rows = solved.values("unit__area__level").annotate(n=Count("*")).values_list("unit__area__level", "n")
    return {level: n for level, n in rows if level}


def rows_behind(actor: Actor, span: Span, unit_id: UUID, code: str) -> QuerySet[Matter]:
    """The matters that a unit's count is made of. KeyError for a code outside the catalogue."""
    if code == "received":
        return _received(actor, span).filter(unit_id=unit_id)
    if code in ("dispatched", "misdispatched"):
        verbs = SENT if code == "dispatched" else TAKEN_BACK
        steps = _steps(actor, span).filter(acting_unit_id=unit_id, verb__in=verbs)
        return Matter.objects.visible_to(actor).real().filter(pk__in=steps.values("matter_id"))
    closed = _closed(actor, span).filter(unit_id=unit_id)
    if code == "falsely_closed":
        return closed.filter(_false_closure(span))
    return closed.filter(
        {
            "closed": Q(),
            "on_time": Q(closed_at__lte=F("due_at")),
            "reworked": Q(reworked__gt=0),
            "reopened": Q(reopened__gt=0),
            "rated": Q(rating__isnull=False),
            "satisfied": Q(rating__gte=SATISFIED),
        }[code]
    )


def _seen(actor: Actor, span: Span) -> QuerySet[Matter]:
    """Of the units a person stands for or above, all matters: a rate over those of another unit's that they happen to
    hold would say nothing of that unit."""
    rows = Matter.objects.taken_in_by(actor).real()
    return rows.filter(kind=span.kind) if span.kind else rows


def _received(actor: Actor, span: Span) -> QuerySet[Matter]:
    return _seen(actor, span).filter(span.holds("received_at"))


def _closed(actor: Actor, span: Span) -> QuerySet[Matter]:
    worked = [outcome.value for outcome in WORKED]
    return _seen(actor, span).filter(span.holds("closed_at"), is_open=False, outcome__in=worked)


def _steps(actor: Actor, span: Span) -> QuerySet[Step]:
    """Dispatches and consented returns of the span. Steps hang on their matter by its id alone."""
    steps = Step.objects.filter(span.holds("left_at"), verb__in=(*SENT, *TAKEN_BACK))
    steps = steps.filter(acting_unit_id__isnull=False)
    if "matter.view_all" not in actor.rights:
        steps = steps.filter(AnyOf("acting_unit_id", units_below(actor.unit_ids)))
    if span.kind:
        return steps.filter(matter_id__in=Matter.objects.real().filter(kind=span.kind).values("id"))
    return steps.exclude(matter_id__in=Matter.objects.filter(drill=True).values("id"))


def _false_closure(span: Span) -> Exists:
    """The same kind and topic came up in the same place within the kind's days after the end."""
    days = {
        code: kind.false_closure_days for code, kind in current_pack().kind.items() if kind.false_closure_days
    }
    later = Q(pk__in=[])
    for code, most in days.items():
        later |= Q(kind=code, received_at__lte=OuterRef("closed_at") + timedelta(days=most))
    # Nothing outside these moments can follow an end in the span: the rows to compare with are those of weeks, not years.
    until = span.end + timedelta(days=max(days.values(), default=0))
    same = Matter.objects.real().filter(received_at__gt=span.start, received_at__lt=until, area__isnull=False)
    same = same.filter(kind=OuterRef("kind"), topic=OuterRef("topic"), area_id=OuterRef("area_id"))
    return Exists(same.filter(later, received_at__gt=OuterRef("closed_at")))
