"""Reads over reports: a month's overview, one report with last month beside, what the desk shows."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from shiyu.documents.models import Document
from shiyu.documents.queries import documents_of
from shiyu.kernel.actor import Actor
from shiyu.lib import clock
from shiyu.packs.forms import ShownField
from shiyu.people.models import Unit
from shiyu.periods.models import Period
from shiyu.plans.access import can_fill, visible_reports
from shiyu.plans.actions.report_flow import has_review
from shiyu.plans.actions.report_merging import supporting_entries
from shiyu.plans.models import Duty, OfficeLink, Report, ReportEntry
from shiyu.plans.queries.cycle_fields import shown_of
from shiyu.plans.queries.lists import status_words
from shiyu.plans.queries.reminders import entry_state
from shiyu.plans.queries.task_facts import ENTRY, latest_entries, lineage_of_entry

State = Report.State


def state_words(state: str) -> str:
    """Where a report stands, in words."""
    return {
        State.FILLING: _("Being filled in"),
        State.IN_REVIEW: _("With the leader in charge"),
        State.SUBMITTED: _("With the office"),
        State.RETURNED: _("Returned"),
        State.SIGNED_OFF: _("Signed off"),
    }[State(state)]


@dataclass(frozen=True)
class ReportRow:
    """One unit in a month's overview."""

    report: Report
    unit: Unit
    total: int
    filled: int
    no_change: int
    is_late: bool
    is_missing: bool

    @property
    def pk(self) -> UUID:
        return self.report.pk

    @property
    def state(self) -> str:
        return state_words(self.report.state)

    @property
    def open(self) -> int:
        return self.total - self.filled

    @property
    def timing(self) -> str:
        """Missing past the day, late, or in time."""
        if self.is_missing:
            due_on = self.report.period.due_on
            return pgettext("report", "Missing") if due_on and clock.today() > due_on else _("Not sent yet")
        return pgettext("report", "Late") if self.is_late else pgettext("report", "In time")

    @property
    def is_overdue(self) -> bool:
        """Missing, and the day has passed."""
        due_on = self.report.period.due_on
        return self.is_missing and due_on is not None and clock.today() > due_on


def months_listed() -> list[Period]:
    """Months with reports, newest first."""
    rows = Period.objects.filter(kind=Period.Kind.MONTH, reports__isnull=False).distinct()
    return list(rows.order_by("-starts_on"))


def report_rows(actor: Actor, period: Period) -> list[ReportRow]:
    """The month's reports the person may see, by protocol. One query. Lines an edition took away do not count."""
    asked = Q(entries__dropped_on=None)
    counts = {
        "total_count": Count("entries", filter=asked),
        "filled_count": Count("entries", filter=asked & Q(entries__is_filled=True)),
        "no_change_count": Count("entries", filter=asked & Q(entries__no_change=True)),
    }
    rows = visible_reports(actor).filter(period=period).select_related("unit", "period").annotate(**counts)
    made = []
    for report in rows.order_by("unit__protocol_order", "unit__code"):
        is_late, is_missing = entry_state(report, period)
        counted = (report.total_count, report.filled_count, report.no_change_count)  # type: ignore[attr-defined]
        made.append(ReportRow(report, report.unit, *counted, is_late, is_missing))
    return made


@dataclass
class EntryLine:
    """One entry on the report's page, with what helps to fill it: last month, the supporting units' texts, proof."""

    entry: ReportEntry
    may_fill: bool
    last: ReportEntry | None = None
    others: list[ReportEntry] = field(default_factory=list)
    proof: list[Document] = field(default_factory=list)
    leads: list[str] = field(default_factory=list)

    @property
    def pk(self) -> UUID:
        return self.entry.pk

    @property
    def number(self) -> str:
        task, decision = self.entry.duty.task, self.entry.duty.decision
        return task.number if task else str(decision.number) if decision else ""

    @property
    def title(self) -> str:
        task, decision = self.entry.duty.task, self.entry.duty.decision
        return task.title if task else decision.text if decision else ""

    @property
    def source(self) -> str:
        """The plan, or the meeting that decided."""
        task, decision = self.entry.duty.task, self.entry.duty.decision
        return task.edition.plan.title if task else decision.meeting.title if decision else ""

    @property
    def url(self) -> str:
        task = self.entry.duty.task
        return (
            reverse("task_detail", args=[task.pk])
            if task
            else reverse("duty_detail", args=[self.entry.duty_id])
        )

    @property
    def is_lead(self) -> bool:
        return self.entry.duty.role == Duty.Role.LEAD

    @property
    def due_on(self) -> date | None:
        task = self.entry.duty.task
        return self.entry.duty.due_on or (task.due_on if task else None)

    @property
    def target(self) -> str:
        return self.entry.duty.task.target_text if self.entry.duty.task else ""

    @property
    def has_number(self) -> bool:
        task = self.entry.duty.task
        return task is not None and task.target_kind == "number"

    @property
    def target_value(self) -> str:
        """The number to reach with its unit."""
        task = self.entry.duty.task
        if task is None or task.target_value is None:
            return ""
        return f"{task.target_value.normalize():f}{task.target_unit}"

    @property
    def status_word(self) -> str:
        """The status in words."""
        return status_words().get(self.entry.status, "")

    @property
    def own(self) -> list[ShownField]:
        """The pack's own fields as they are filled in."""
        return shown_of(self.entry)

    @property
    def last_own(self) -> list[ShownField]:
        """The same of last time."""
        return shown_of(self.last) if self.last else []

    @property
    def may_carry(self) -> bool:
        """Whether "no change" is possible: there is something to carry over."""
        return self.last is not None and bool(self.last.status)


def entry_lines(actor: Actor | None, report: Report, office_id: UUID | None = None) -> list[EntryLine]:
    """The report's entries in the plan's order (an office's only, where one is given). Five queries."""
    rows = report.entries.select_related(
        "duty__task__edition__plan", "duty__task__block", "duty__decision__meeting", "office", "report"
    )
    if office_id is not None:
        rows = rows.filter(office_id=office_id)
    entries = list(rows.order_by("duty__task__edition__plan__kind", "duty__task__position", "pk"))
    before = latest_entries(report.period, before=True, unit_id=report.unit_id)
    proof = documents_of(ENTRY, [entry.pk for entry in entries])
    led = [entry for entry in entries if entry.duty.role == Duty.Role.LEAD]
    others = supporting_entries(report, led)
    leads = Duty.objects.filter(
        task__in=[e.duty.task_id for e in entries if e.duty.task_id], role=Duty.Role.LEAD
    )
    names: dict[UUID | None, list[str]] = {}
    for duty in leads.select_related("unit").order_by("unit__protocol_order"):
        names.setdefault(duty.task_id, []).append(duty.unit.display_short)
    return [
        EntryLine(
            entry,
            entry.dropped_on is None and can_fill(actor, report.unit_id, entry.office_id),
            before.get(lineage_of_entry(entry)),
            others.get(entry, []),
            proof.get(entry.pk, []),
            names.get(entry.duty.task_id, []),
        )
        for entry in entries
    ]


def find_report(actor: Actor, code: str, unit_id: UUID) -> Report | None:
    """The report of a unit and month, if the person may see it."""
    rows = visible_reports(actor).select_related("period__locked_revision", "unit")
    return rows.filter(period__code=code, unit_id=unit_id).first()


def offices_of(report: Report) -> list[dict[str, Any]]:
    """The offices that hold duties of the report: how many entries, how many open, the link in force."""
    counts = (
        report.entries.exclude(office=None)
        .values("office_id", "office__name", "office__short_name")
        .annotate(total=Count("pk"), open=Count("pk", filter=Q(is_filled=False, dropped_on=None)))
        .order_by("office__protocol_order", "office__code")
    )
    links = OfficeLink.objects.filter(report=report, revoked_at=None, expires_at__gt=clock.now())
    by_office = {link.office_id: link for link in links}
    return [
        {
            "pk": row["office_id"],
            "name": row["office__short_name"] or row["office__name"],
            "total": row["total"],
            "open": row["open"],
            "link": by_office.get(row["office_id"]),
        }
        for row in counts
    ]


@dataclass(frozen=True)
class ChainStep:
    """One hand of the chain: `state` is done, now or empty."""

    label: str
    state: str


def open_without_office(report: Report) -> int:
    """How many lines that are to be filled in no office holds."""
    return report.entries.filter(office=None, is_filled=False, dropped_on=None).count()


def chain_of(report: Report) -> list[ChainStep]:
    """Offices fill, the liaison merges, the leader reviews, the office signs off: where the report stands."""
    labels = [_("Offices fill in"), _("Liaison merges")]
    if has_review():
        labels.append(_("Leader reviews"))
    labels.append(_("Office signs off"))
    last = len(labels) - 1
    has_open = any(office["open"] for office in offices_of(report))
    at = {
        State.FILLING: 0 if has_open else 1,
        State.RETURNED: 1,
        State.IN_REVIEW: last - 1,
        State.SUBMITTED: last,
        State.SIGNED_OFF: last + 1,
    }[State(report.state)]
    return [
        ChainStep(label, "done" if i < at else "now" if i == at else "") for i, label in enumerate(labels)
    ]
