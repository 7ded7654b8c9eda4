"""An edition issued in the middle of a month: what becomes of the reports that are open already.

New duties join the reports that have not been handed in. A unit that has handed its report in fills the new line in
from the next month on. What was written on a duty that moved or was dropped is kept, and the page says so.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from uuid import UUID

from shiyu.documents.queries import documents_of
from shiyu.lib import clock
from shiyu.lib.events import emit
from shiyu.periods.actions import share_period
from shiyu.periods.models import Period
from shiyu.plans.actions.reports import OPEN_STATES, TEXTS, duties_due, offices_holding, reporting_day
from shiyu.plans.events import EditionIssued, ReportLinesChanged
from shiyu.plans.models import Duty, Edition, Report, ReportEntry
from shiyu.plans.queries.task_facts import ENTRY

Key = tuple[str, UUID]
"""What an entry is about through the editions of one plan: task key and unit."""


@dataclass
class _Month:
    """An open month and what the edition changes in it."""

    period: Period
    edition: Edition
    reports: dict[UUID, Report]
    entries: dict[Key, ReportEntry]
    joined: list[ReportEntry] = field(default_factory=list)
    moved: list[ReportEntry] = field(default_factory=list)
    dropped: list[ReportEntry] = field(default_factory=list)
    later: list[UUID] = field(default_factory=list)

    def is_open(self, unit_id: UUID) -> bool:
        """Whether the unit's report can still be filled in."""
        return unit_id in self.reports and self.reports[unit_id].state in OPEN_STATES


def join_open_reports(event: EditionIssued) -> None:
    """NOW handler: every open month's reports follow the edition that was issued."""
    edition = Edition.objects.get(pk=event.edition_id)
    months = Period.objects.filter(
        kind=Period.Kind.MONTH, locked_revision=None, ends_on__gte=event.issued_on, reports__isnull=False
    )
    for key in months.order_by("starts_on").values_list("pk", flat=True).distinct():
        period = share_period(key)
        if period.is_locked or reporting_day(period) < event.issued_on:
            continue  # locked while we waited; or a month that had not come when the edition was issued
        month = _read(period, edition)
        _follow(month)
        _add_new(month)
        _write(month)
        units = [
            tuple(dict.fromkeys(keys)) for keys in (_units(month.joined), _units(month.dropped), month.later)
        ]
        if any(units):
            emit(ReportLinesChanged(period.pk, period.code, edition.pk, *units))


def _units(entries: Iterable[ReportEntry]) -> list[UUID]:
    return [entry.report.unit_id for entry in entries]


def _read(period: Period, edition: Edition) -> _Month:
    rows = Report.objects.select_for_update(of=("self",)).filter(period=period)
    reports = {report.unit_id: report for report in rows.order_by("unit__protocol_order")}
    entries = ReportEntry.objects.filter(report__period=period, duty__task__edition__plan_id=edition.plan_id)
    found = {}
    for entry in entries.select_related("report", "duty__task").order_by("pk"):
        assert entry.duty.task is not None  # asked for by its plan
        found[entry.duty.task.key, entry.report.unit_id] = entry
    return _Month(period, edition, reports, found)


def _follow(month: _Month) -> None:
    """Entries of open reports now speak of the same task in the new edition; without one they are dropped."""
    duties = list(Duty.objects.filter(task__edition=month.edition).select_related("task"))
    now = {(duty.task.key, duty.unit_id): duty for duty in duties if duty.task}
    offices = offices_holding(duties)
    for key, entry in month.entries.items():
        if not month.is_open(key[1]):
            continue
        duty = now.get(key)
        if duty is None:
            if entry.dropped_on is None:
                month.dropped.append(entry)
            continue
        entry.duty, entry.dropped_on = duty, None
        entry.office_id = offices.get(duty.pk) or entry.office_id
        month.moved.append(entry)


def _add_new(month: _Month) -> None:
    """Duties of the edition that are due this month and have no line yet."""
    duties = [
        duty for duty in duties_due(month.period) if duty.task and duty.task.edition_id == month.edition.pk
    ]
    offices = offices_holding(duties)
    for duty in duties:
        assert duty.task is not None
        unit_id = duty.unit_id
        if (duty.task.key, unit_id) in month.entries:
            continue
        if unit_id not in month.reports and _has_time(month.period):
            month.reports[unit_id] = Report.objects.create(period=month.period, unit_id=unit_id)
        if not month.is_open(unit_id):
            month.later.append(unit_id)
            continue
        entry = ReportEntry(report=month.reports[unit_id], duty=duty, office_id=offices.get(duty.pk))
        entry.joined_on = month.edition.issued_on
        month.joined.append(entry)


def _has_time(period: Period) -> bool:
    """Whether a unit that had nothing to report may still be asked this month: until the day reports are due."""
    return period.due_on is None or clock.today() <= period.due_on


def _write(month: _Month) -> None:
    ReportEntry.objects.bulk_create(month.joined, batch_size=500)
    ReportEntry.objects.bulk_update(month.moved, ["duty", "office", "dropped_on"], batch_size=500)
    proven = documents_of(ENTRY, [entry.pk for entry in month.dropped])
    kept = [entry for entry in month.dropped if entry.pk in proven or _is_begun(entry)]
    for entry in kept:
        entry.dropped_on = month.edition.issued_on
    ReportEntry.objects.bulk_update(kept, ["dropped_on"])
    # Nothing was written on these: the line goes, and with its last line a report that nobody began.
    bare = [entry for entry in month.dropped if entry not in kept]
    ReportEntry.objects.filter(pk__in=[entry.pk for entry in bare]).delete()
    empty = Report.objects.filter(
        pk__in=[entry.report_id for entry in bare], entries=None, first_submitted_at=None
    )
    empty.delete()


def _is_begun(entry: ReportEntry) -> bool:
    return entry.is_filled or bool(entry.fields) or any(getattr(entry, name) for name in (*TEXTS, "status"))
