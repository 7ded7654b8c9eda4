"""Opening, locking and unlocking a period.

Locking is generic: the caller (plans.actions.locking) computes rows and figures, this module writes them, set-based.
Nothing below a revision is ever changed afterwards.
"""

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Max, QuerySet
from django.utils.translation import gettext as _

from shiyu.audit.actions import action, record
from shiyu.kernel.actor import Actor
from shiyu.kernel.limits import Calendar
from shiyu.kernel.measures import MEASURES, Counted, Span, figure_over
from shiyu.kernel.spec.periods import Cycle, DueRule
from shiyu.lib import clock
from shiyu.lib.copying import copy_rows
from shiyu.lib.errors import Conflict, NotVisible, UserError
from shiyu.lib.ids import new_id
from shiyu.packs.queries import current_pack, current_version_id
from shiyu.periods.access import need
from shiyu.periods.models import Figure, FigureRow, LockedRow, Period, Revision

_CODE = re.compile(r"^(20\d\d)(?:-(0[1-9]|1[0-2])|-Q([1-4]))?$")
RowKey = tuple[str, UUID]
"""(subject type, subject id) of a row of the same locking."""


@dataclass(frozen=True)
class RowInput:
    """A row as it stands now: what it is, where it comes in its list, and all that lists need of it (JSON values)."""

    subject_type: str
    subject_id: UUID
    position: int
    data: dict[str, Any]


@dataclass(frozen=True)
class FigureInput:
    """A measure's value for a unit (None: for all), and the rows it was counted from."""

    measure: str
    unit_id: UUID | None
    value: Decimal | int | float | None
    rows: Sequence[RowKey] = field(default=())


@action("periods.open_period")
def open_period(actor: Actor, code: str) -> Period:
    """Open the month (2026-10), quarter (2026-Q4) or year (2026); reports are due by the pack's cycle for that kind.

    Raises UserError for a code that names no period or one that is open already.
    """
    need(actor, "open")
    kind, starts_on, ends_on = bounds(code)
    if Period.objects.filter(code=code).exists():
        raise UserError(_("The period %(code)s has been opened already.") % {"code": code})
    cycle = cycle_of(kind)
    due_on = due_day(cycle.due, ends_on, Calendar(current_pack().calendar)) if cycle else None
    period = Period.objects.create(code=code, kind=kind, starts_on=starts_on, ends_on=ends_on, due_on=due_on)
    record(period, {"code": code, "due_on": due_on})
    return period


@action("periods.lock_period")
def lock_period(
    actor: Actor, period_id: UUID, rows: Sequence[RowInput], figures: Sequence[FigureInput]
) -> Revision:
    """Write rows and figures as the period's next revision and put it in force.

    Raises Conflict if the period is locked already, UserError before its last day has come.
    """
    need(actor, "lock")
    period = _held(period_id)
    if period.is_locked:
        raise Conflict(_("%(code)s is locked already; unlock it first.") % {"code": period.code})
    if clock.today() < period.ends_on:
        raise UserError(
            _("%(code)s can be locked from its last day on (%(day)s).")
            % {"code": period.code, "day": period.ends_on.isoformat()}
        )
    number = (period.revisions.aggregate(last=Max("number"))["last"] or 0) + 1
    revision = Revision.objects.create(
        period=period,
        number=number,
        locked_by_id=actor.user_id or period.pk,
        locked_by_name=actor.name[:60],
        pack_version_id=current_version_id(),
    )
    _write(revision, rows, figures)
    period.locked_revision = revision
    period.save(update_fields=["locked_revision"])
    record(period, {"revision": number, "rows": len(rows), "figures": len(figures)})
    return revision


def _write(revision: Revision, rows: Sequence[RowInput], figures: Sequence[FigureInput]) -> None:
    """Rows, figures and which rows stand behind each figure, copied in one go each."""
    kept: dict[RowKey, RowInput] = {(row.subject_type, row.subject_id): row for row in rows}
    keys = {key: new_id() for key in kept}
    copy_rows(
        LockedRow,
        ("id", "revision_id", "subject_type", "subject_id", "position", "data"),
        ((keys[key], revision.pk, *key, row.position, row.data) for key, row in kept.items()),
    )
    ids = [new_id() for _figure in figures]
    copy_rows(
        Figure,
        ("id", "revision_id", "measure", "unit_id", "value"),
        (
            (key, revision.pk, given.measure, given.unit_id, _value(given))
            for key, given in zip(ids, figures, strict=True)
        ),
    )
    copy_rows(
        FigureRow,
        ("figure_id", "row_id"),
        (
            (figure, keys[key])
            for figure, given in zip(ids, figures, strict=True)
            for key in dict.fromkeys(given.rows)
        ),
    )


def _value(given: FigureInput) -> Decimal | None:
    return None if given.value is None else round(Decimal(str(given.value)), 4)


@action("periods.unlock_period")
def unlock_period(actor: Actor, period_id: UUID, reason: str) -> Period:
    """Open a locked period again. The old revision stays as it is; the next locking is a new one."""
    need(actor, "unlock")
    period = _held(period_id)
    revision = period.locked_revision
    if revision is None:
        raise UserError(_("%(code)s is not locked.") % {"code": period.code})
    over = _spans_over(period).filter(locked_revision__isnull=False).first()
    if over is not None:
        raise Conflict(
            _("The figures of %(over)s were made from %(code)s; unlock %(over)s first.")
            % {"over": over.code, "code": period.code}
        )
    if len(reason.strip()) < 2:
        raise UserError(_("Give the reason for unlocking; it stays on record."), field="reason")
    revision.unlocked_at = clock.now()
    revision.unlocked_by_id = actor.user_id
    revision.unlock_reason = reason.strip()
    revision.save(update_fields=["unlocked_at", "unlocked_by_id", "unlock_reason"])
    period.locked_revision = None
    period.save(update_fields=["locked_revision"])
    record(period, {"revision": revision.number}, reason=reason.strip())
    return period


@action("periods.lock_from_months")
def lock_from_months(actor: Actor, period_id: UUID) -> Revision:
    """Lock a quarter or year: its figures are made from those of its locked months, by each measure's rule
    (`kernel.measures.Span`); its rows are the months' rows, each as it stood last.

    Raises UserError naming the months that are not locked yet; Conflict if it is locked already.
    """
    need(actor, "lock")
    period = _held(period_id)
    if period.kind == Period.Kind.MONTH:
        raise UserError(_("A month is locked with its lists, on the page of the monthly reports."))
    months = months_of(period)
    held = [share_period(month.pk) for month in months.values() if month is not None]
    open_ones = [code for code, month in months.items() if month is None]
    open_ones += [month.code for month in held if not month.is_locked]
    if open_ones or not held:
        raise UserError(
            _("%(code)s is made from its locked months. Not locked yet: %(months)s.")
            % {"code": period.code, "months": "、".join(sorted(open_ones)) or period.code}
        )
    revisions = [month.locked_revision_id for month in held if month.locked_revision_id]
    figures = _figures_over(revisions)
    revision = lock_period(actor, period.pk, _rows_over(revisions), figures)
    made_from = {month.code: str(month.locked_revision_id) for month in held}
    record(period, {"revision": revision.number, "months": made_from})
    return revision


def _rows_over(revisions: Sequence[UUID]) -> list[RowInput]:
    """The rows of several months (oldest first): each as it stood last, the last month's order before the others."""
    order = {key: at for at, key in enumerate(reversed(revisions))}
    rows = LockedRow.objects.filter(revision__in=revisions).order_by("subject_type", "position")
    found: dict[RowKey, LockedRow] = {}
    for row in sorted(rows, key=lambda row: order[row.revision_id]):
        found.setdefault((row.subject_type, row.subject_id), row)
    return [RowInput(*key, at, row.data) for at, (key, row) in enumerate(found.items(), start=1)]


def _figures_over(revisions: Sequence[UUID]) -> list[FigureInput]:
    """Every measure of the months for all units together and for each unit, by the measure's rule."""
    figures = Figure.objects.filter(revision__in=revisions).order_by("pk")
    behind: dict[UUID, list[RowKey]] = defaultdict(list)
    rows = FigureRow.objects.filter(figure__revision__in=revisions).order_by("pk")
    for figure_id, kind, key in rows.values_list("figure_id", "row__subject_type", "row__subject_id"):
        behind[figure_id].append((kind, key))
    found: dict[tuple[UUID | None, str], dict[UUID, Counted]] = defaultdict(dict)
    for one in figures:
        found[one.unit_id, one.measure][one.revision_id] = Counted(one.value, tuple(behind[one.pk]))
    made = []
    for (unit_id, code), by_month in found.items():
        measure = MEASURES.get(code)
        if measure is None or (measure.over is Span.RATIO and (unit_id, measure.part) not in found):
            continue  # a measure this version does not know, or a rate whose part was never counted
        parts = found.get((unit_id, measure.part or ""), {})
        counted = figure_over(
            measure, [by_month.get(key) for key in revisions], [parts.get(key) for key in revisions]
        )
        made.append(FigureInput(code, unit_id, counted.value, counted.rows))  # type: ignore[arg-type]
    return made


def months_of(period: Period) -> dict[str, Period | None]:
    """The months a quarter or year is made from, by code, oldest first; None for one that is not opened yet.

    Months before the first one ever opened here do not count: nobody worked with the system then.
    """
    months = Period.objects.filter(kind=Period.Kind.MONTH)
    first = months.order_by("starts_on").values_list("starts_on", flat=True).first()
    if first is None or period.kind == Period.Kind.MONTH:
        return {}
    inside = months.filter(starts_on__gte=period.starts_on, ends_on__lte=period.ends_on)
    known = {month.code: month for month in inside}
    start, count = period.starts_on, {Period.Kind.QUARTER: 3, Period.Kind.YEAR: 12}[Period.Kind(period.kind)]
    days = [date(start.year, start.month + more, 1) for more in range(count)]
    return {f"{day:%Y-%m}": known.get(f"{day:%Y-%m}") for day in days if day >= first}


def spans_to_open() -> list[str]:
    """Codes of the quarters and years of the months opened so far that are not opened yet, newest first."""
    codes = set()
    for day in Period.objects.filter(kind=Period.Kind.MONTH).values_list("starts_on", flat=True):
        codes |= {f"{day.year}-Q{(day.month + 2) // 3}", str(day.year)}
    opened = Period.objects.filter(code__in=codes).values_list("code", flat=True)
    return sorted(codes - set(opened), reverse=True)


def _spans_over(period: Period) -> QuerySet[Period]:
    """The quarter and the year a month belongs to; nothing for others: a year is made from months."""
    if period.kind != Period.Kind.MONTH:
        return Period.objects.none()
    over = Period.objects.filter(starts_on__lte=period.starts_on, ends_on__gte=period.ends_on)
    return over.exclude(kind=Period.Kind.MONTH).order_by("starts_on", "kind")


def _held(period_id: UUID) -> Period:
    period = Period.objects.select_for_update(of=("self",)).filter(pk=period_id).first()
    if period is None:
        raise NotVisible(_("There is no such period."))
    return period


def share_period(period_id: UUID) -> Period:
    """The period as it is now, held FOR SHARE until the transaction ends: locking it (FOR UPDATE) waits for this
    change, and this change waits for a locking under way and then sees that it is locked. Many changes share it.
    """
    table = Period._meta.db_table
    # The ORM writes FOR UPDATE and FOR NO KEY UPDATE only; both would let the units wait for each other.
    rows = list(Period.objects.raw(f"SELECT * FROM {table} WHERE id = %s FOR SHARE", [period_id]))
    if not rows:
        raise NotVisible(_("There is no such period."))
    return rows[0]


def bounds(code: str) -> tuple[Period.Kind, date, date]:
    """Kind, first and last day of a period by its code. Raises UserError for a code that is none."""
    match = _CODE.match(code)
    if match is None:
        raise UserError(
            _("“%(code)s” is no period: write 2026-10, 2026-Q4 or 2026.") % {"code": code}, field="code"
        )
    year, month, quarter = match.groups()
    if month:
        return Period.Kind.MONTH, *_span(int(year), int(month), 1)
    if quarter:
        return Period.Kind.QUARTER, *_span(int(year), int(quarter) * 3 - 2, 3)
    return Period.Kind.YEAR, *_span(int(year), 1, 12)


def _span(year: int, month: int, months: int) -> tuple[date, date]:
    over = month - 1 + months
    return date(year, month, 1), date(year + over // 12, over % 12 + 1, 1) - timedelta(days=1)


def cycle_of(kind: str) -> Cycle | None:
    """The pack's round of reports for that kind of period; None where it has none."""
    return next((cycle for cycle in current_pack().cycle.values() if cycle.period == kind), None)


def due_day(rule: DueRule, ends_on: date, calendar: Calendar) -> date:
    """The day reports of a period ending on `ends_on` are due, by the pack's rule and calendar."""
    first = ends_on.replace(day=1)
    if rule.month == "next":
        first = ends_on + timedelta(days=1)
    last = _span(first.year, first.month, 1)[1]
    if rule.last_workday:
        return calendar.previous_workday(last)
    day = min(first + timedelta(days=(rule.day or 1) - 1), last)
    if rule.roll == "before":
        return calendar.previous_workday(day)
    return calendar.next_workday(day) if rule.roll == "after" else day
