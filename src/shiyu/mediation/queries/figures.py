"""Figures of mediation per body and kind, with the ministry's columns (domain.md 1.2): never per person.

Counted are mediations that ended in the period. The success rate is that of parties who were willing: agreements over
agreements and failures; withdrawn, refused and referred ones are cases but no base. Where there is no base, no rate.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum

from shiyu.kernel.actor import Actor
from shiyu.kernel.mediation import AGREED, MEDIATED, MediationOutcome
from shiyu.mediation.models import Mediation
from shiyu.people.models import Unit

COUNTS: dict[str, Q] = {
    "cases": Q(),
    "successful": Q(outcome__in=AGREED),
    "mediated": Q(outcome__in=MEDIATED),
    "difficult": Q(difficult=True),
    "written": Q(outcome=MediationOutcome.WRITTEN),
    "oral": Q(outcome=MediationOutcome.ORAL),
    "not_reached": Q(outcome=MediationOutcome.NOT_REACHED),
    "otherwise": ~Q(outcome__in=MEDIATED),
    "confirmed": Q(confirm_result="confirmed"),
}
"""What is counted: code and which of the ended mediations."""


@dataclass(frozen=True)
class Stretch:
    """The days counted: from `first` to `last`, both included; `code` as in the address (2026-09, 2026-Q3, 2026)."""

    code: str
    first: date
    last: date


def stretch_of(code: str) -> Stretch:
    """A month, quarter or year by its code. Raises ValueError for what is none."""
    year_text, dash, part = code.partition("-")
    if not (year_text.isascii() and year_text.isdigit() and len(year_text) == 4):
        raise ValueError(code)
    year = int(year_text)
    if not dash:
        first_month, months = 1, 12
    elif len(part) == 2 and part[0] == "Q" and part[1] in "1234":
        first_month, months = 3 * int(part[1]) - 2, 3
    elif len(part) == 2 and part.isascii() and part.isdigit() and 1 <= int(part) <= 12:
        first_month, months = int(part), 1
    else:
        raise ValueError(code)
    after = first_month + months
    end = date(year + (after - 1) // 12, (after - 1) % 12 + 1, 1)
    return Stretch(code, date(year, first_month, 1), end - timedelta(days=1))


@dataclass
class BodyFigures:
    """One body's figures for one kind; `topic` empty: all kinds of the body."""

    unit: Unit
    topic: str
    counts: dict[str, int] = field(default_factory=dict)
    sources: dict[str, int] = field(default_factory=dict)
    people: int = 0
    amount: Decimal = Decimal(0)

    @property
    def rate(self) -> float | None:
        """Agreements over those mediated with willing parties; None without any."""
        base = self.counts.get("mediated", 0)
        return self.counts.get("successful", 0) / base if base else None


def figures_of(actor: Actor, stretch: Stretch) -> list[BodyFigures]:
    """Every body and kind with a mediation that ended in the days, of those the person sees, by protocol. Three
    queries."""
    rows = _ended(actor, stretch).order_by()
    counted: Iterable[dict[str, Any]] = rows.values("body_id", "matter__topic").annotate(  # type: ignore[assignment]
        n_people=Sum("people"),
        n_amount=Sum("amount"),
        **{f"n_{code}": Count("id", filter=wanted) for code, wanted in COUNTS.items()},
    )
    found: dict[tuple[Any, str], BodyFigures] = {}
    units = {unit.pk: unit for unit in Unit.objects.filter(pk__in=rows.values("body_id"))}
    for row in counted:
        key = (row["body_id"], row["matter__topic"])
        line = found[key] = BodyFigures(units[row["body_id"]], row["matter__topic"])
        line.counts = {code: row[f"n_{code}"] for code in COUNTS}
        line.people, line.amount = row["n_people"] or 0, row["n_amount"] or Decimal(0)
    by_source = rows.values("source").annotate(n=Count("id"))
    for body, topic, source, n in by_source.values_list("body_id", "matter__topic", "source", "n"):
        found[body, topic].sources[source] = n
    return sorted(found.values(), key=lambda line: (line.unit.protocol_order, line.unit.code, line.topic))


def total_of(lines: list[BodyFigures]) -> BodyFigures | None:
    """All lines together; None without any."""
    if not lines:
        return None
    whole = BodyFigures(lines[0].unit, "")
    for line in lines:
        for into, add in ((whole.counts, line.counts), (whole.sources, line.sources)):
            for code, n in add.items():
                into[code] = into.get(code, 0) + n
        whole.people += line.people
        whole.amount += line.amount
    return whole


def _ended(actor: Actor, stretch: Stretch) -> QuerySet[Mediation]:
    seen = Mediation.objects.visible_to(actor).exclude(outcome="")
    return seen.filter(ended_on__gte=stretch.first, ended_on__lte=stretch.last)


def rows_behind(rows: QuerySet[Mediation], stretch: Stretch, code: str) -> QuerySet[Mediation]:
    """Of `rows`, those a number is made of. Raises KeyError for a number that is not counted."""
    wanted = Q(source=code.removeprefix("from-")) if code.startswith("from-") else COUNTS[code]
    ended = rows.exclude(outcome="").filter(ended_on__gte=stretch.first, ended_on__lte=stretch.last)
    return ended.filter(wanted)
