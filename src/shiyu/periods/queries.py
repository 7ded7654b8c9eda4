"""Reads over periods: what was so when one was locked."""

from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import get_language

from shiyu.kernel.measures import MEASURES, MeasureUnit
from shiyu.kernel.words import Label
from shiyu.packs.queries import current_pack
from shiyu.periods.models import Figure, LockedRow, Period, Revision


def periods_listed(kind: str = "") -> QuerySet[Period]:
    """Periods, newest first, with the revision in force."""
    rows = Period.objects.select_related("locked_revision").order_by("-starts_on", "kind")
    return rows.filter(kind=kind) if kind else rows


def period_by_code(code: str) -> Period | None:
    """The period of a code (2026-10), with its revision in force."""
    return Period.objects.select_related("locked_revision").filter(code=code).first()


def figures_of(revision: Revision | UUID) -> list[Figure]:
    """Every figure of a revision: those of all units together first, then unit by unit in protocol order."""
    rows = Figure.objects.filter(revision=revision).select_related("unit")
    order = {code: at for at, code in enumerate(MEASURES)}
    return sorted(
        rows,
        key=lambda f: (
            f.unit is not None,
            f.unit.protocol_order if f.unit else 0,
            f.unit.code if f.unit else "",
            order.get(f.measure, len(order)),
        ),
    )


def figure_values(revision: Revision | UUID) -> dict[UUID | None, dict[str, Decimal | None]]:
    """Unit (None: all together) → measure → value, of a revision. One query."""
    found: dict[UUID | None, dict[str, Decimal | None]] = defaultdict(dict)
    for unit_id, measure, value in Figure.objects.filter(revision=revision).values_list(
        "unit_id", "measure", "value"
    ):
        found[unit_id][measure] = value
    return dict(found)


def rows_of(figure: Figure | UUID) -> list[LockedRow]:
    """The rows behind a figure, in their lists' order."""
    return list(LockedRow.objects.filter(figurerow__figure=figure).order_by("subject_type", "position"))


def locked_rows(revision: Revision | UUID, subject_type: str) -> list[LockedRow]:
    """A revision's rows of one type, in order."""
    return list(LockedRow.objects.filter(revision=revision, subject_type=subject_type).order_by("position"))


def measure_label(code: str) -> str:
    """What the city calls a measure, in the reader's language."""
    rule = current_pack().measure.get(code)
    return _text((rule.label if rule else None) or MEASURES[code].label)


def measure_words(code: str) -> str:
    """What exactly a measure counts, in the reader's language."""
    return _text(MEASURES[code].words)


def _text(label: Label) -> str:
    return label.text("zh" if (get_language() or "zh").startswith("zh") else "en")


def value_text(measure: str, value: Decimal | None) -> str:
    """A figure as pages write it: whole numbers, rates in per cent, "—" where a rate has no base."""
    if value is None:
        return "—"
    if measure in MEASURES and MEASURES[measure].unit is MeasureUnit.RATE:
        return f"{value * 100:.1f}".removesuffix(".0") + "%"
    return f"{value:,.4f}".rstrip("0").rstrip(".")


def figures_by_month(measures: Iterable[str], limit: int = 12) -> list[tuple[Period, dict[str, Figure]]]:
    """The last `limit` locked months, oldest first, each with the city's figures of these measures."""
    months = list(
        Period.objects.filter(kind=Period.Kind.MONTH, locked_revision__isnull=False).order_by("-starts_on")[
            :limit
        ]
    )
    found: dict[UUID, dict[str, Figure]] = defaultdict(dict)
    rows = Figure.objects.filter(
        revision__in=[m.locked_revision_id for m in months], unit=None, measure__in=list(measures)
    )
    for figure in rows:
        found[figure.revision_id][figure.measure] = figure
    return [(month, found[month.locked_revision_id]) for month in reversed(months)]  # type: ignore[index]
