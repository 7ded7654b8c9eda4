"""A task (or a meeting's decision) with its units, holders and latest progress, as plain values.

The three lists, the figures and the locked months are all made from these: live from the rows (`fact_reading`), or
from a locked month where `to_json` wrote them. Reading a locked one gives the very same object, so nothing shows
differently. A fact read for one page may hold fewer duties (`fact_reading.Parts`), never other ones.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from shiyu.periods.models import Period
from shiyu.plans.models import Duty, Edition, ReportEntry

ENTRY = "plans.reportentry"
Lineage = tuple[UUID | None, str, UUID | None, UUID]
"""What a duty is through all editions: plan, task key, decision, unit."""


@dataclass
class EntryFact:
    """The latest filled entry of a duty up to a period. `period` is its code; `proof` archive numbers or titles."""

    id: UUID
    report_id: UUID
    period: str
    status: str = ""
    progress: str = ""
    total: str = ""
    value: str = ""
    issues: str = ""
    next_steps: str = ""
    coordination: str = ""
    no_change: bool = False
    filled_by: str = ""
    reviewed_by: str = ""
    submitted_on: date | None = None
    proof: list[str] = field(default_factory=list)
    # The cycle's own fields: [label in Chinese, in English, text in Chinese, in English].
    own: list[list[str]] = field(default_factory=list)


@dataclass
class DutyFact:
    """One unit's part. `unit` and `short` are its names then; `office` and `person` who holds it."""

    id: UUID
    unit_id: UUID
    unit: str
    short: str
    order: int
    role: str  # lead, supporting
    via_group: str = ""
    due_on: date | None = None
    done_on: date | None = None
    office_id: UUID | None = None
    office: str = ""
    person: str = ""
    entry: EntryFact | None = None
    ordinal: int = 0  # of a lead: its place among the leads as the plan writes them

    @property
    def is_lead(self) -> bool:
        return self.role == Duty.Role.LEAD


@dataclass
class TaskFact:
    """A task of an edition in force, or a decision (`kind`), with everything the lists show of it."""

    id: UUID
    kind: str  # task, decision
    key: str
    number: str
    title: str
    measures: str = ""
    common: str = ""
    block: str = ""
    block_en: str = ""
    block_code: str = ""
    block_position: int = 0
    clauses: list[str] = field(default_factory=list)
    target: str = ""
    target_kind: str = ""
    target_value: str = ""
    target_unit: str = ""
    lead_leader: str = ""
    groups: list[list[str]] = field(default_factory=list)  # [Chinese, English] names of unit groups
    deadline_kind: str = ""
    deadline_text: str = ""
    every: str = ""
    due_on: date | None = None
    note: str = ""
    plan_id: UUID | None = None
    plan: str = ""
    plan_kind: str = ""
    edition_id: UUID | None = None
    edition: int = 0
    duties: list[DutyFact] = field(default_factory=list)

    @property
    def leads(self) -> list[DutyFact]:
        """The leads as the plan writes them; those of before this was kept by protocol."""
        return sorted((duty for duty in self.duties if duty.is_lead), key=lambda duty: duty.ordinal)

    @property
    def done_on(self) -> date | None:
        """The day the last of its leads was done; None while one is not."""
        days = [duty.done_on for duty in self.leads]
        return max(days) if days and all(days) else None  # type: ignore[type-var]

    @property
    def led_until(self) -> date | None:
        """The deadline of its leads: the latest of theirs, else the task's own."""
        days = [duty.due_on for duty in self.leads if duty.due_on]
        return max(days) if days else self.due_on

    def of_unit(self, unit_id: UUID) -> DutyFact | None:
        """That unit's part in it."""
        return next((duty for duty in self.duties if duty.unit_id == unit_id), None)

    @property
    def block_name(self) -> str:
        """The block in the reader's language."""
        if self.kind == "decision":
            return _("Meeting decisions")
        return self.block_en or self.block if _is_english() else self.block

    @property
    def deadline(self) -> str:
        """By when, in words: the day, else what the plan says, else how it recurs."""
        if self.due_on:
            return self.due_on.isoformat()
        if self.deadline_text:
            return self.deadline_text
        words = {
            "week": _("Every week"),
            "month": _("Every month"),
            "quarter": _("Every quarter"),
            "half_year": _("Every half-year"),
            "year": _("Every year"),
        }
        if self.deadline_kind == "recurring":
            return words.get(self.every, _("Recurring"))
        return _("Kept up all year") if self.deadline_kind == "ongoing" else ""

    @property
    def supporting_names(self) -> list[str]:
        """Supporting units that are named, by protocol, then groups as groups."""
        named = [duty.short for duty in self.duties if not duty.is_lead and not duty.via_group]
        return [*named, *(group[1] if _is_english() else group[0] for group in self.groups)]


def _is_english() -> bool:
    return (get_language() or "").startswith("en")


def to_json(fact: TaskFact) -> dict[str, Any]:
    """A fact as JSON values: ids and dates as text."""
    duties = [_values(duty) | {"entry": _values(duty.entry) if duty.entry else None} for duty in fact.duties]
    return _values(fact) | {"duties": duties}


def _values(made: TaskFact | DutyFact | EntryFact) -> dict[str, Any]:
    """Its own fields without what hangs below it. Written out: a locked month has tens of thousands of them."""
    return {
        name: value if type(value) in _JSON else str(value)
        for name, value in vars(made).items()
        if name not in ("duties", "entry")
    }


_JSON = (str, int, bool, list, type(None))


_IDS = ("id", "report_id", "unit_id", "office_id", "plan_id", "edition_id")
_DAYS = ("due_on", "done_on", "submitted_on")


def of_json(data: dict[str, Any]) -> TaskFact:
    """The fact that `to_json` wrote."""
    duties = [
        DutyFact(**{**_typed(one), "entry": one["entry"] and EntryFact(**_typed(one["entry"]))})
        for one in data["duties"]
    ]
    fields = {name: data[name] for name in TaskFact.__dataclass_fields__}
    return TaskFact(**{**_typed(fields), "duties": duties})


def _typed(data: dict[str, Any]) -> dict[str, Any]:
    made = dict(data)
    for name in _IDS:
        if made.get(name):
            made[name] = UUID(made[name])
    for name in _DAYS:
        if made.get(name):
            made[name] = date.fromisoformat(made[name])
    return made


def editions_on(day: date) -> Q:
    """Editions in force on a day (a condition on Edition): issued by then and not superseded."""
    return Q(state=Edition.State.ISSUED, issued_on__lte=day) & (
        Q(superseded_on=None) | Q(superseded_on__gt=day)
    )


def duties_on(day: date, since: date | None = None) -> Q:
    """Duties that hold on a day (a condition on Duty): of editions in force, and of decisions made by then that are
    open or were done after `since` (the first of that year)."""
    since = since or day.replace(month=1, day=1)
    editions = Edition.objects.filter(editions_on(day)).values("pk")
    open_or_fresh = Q(decision__done_on=None) | Q(decision__done_on__gte=since)
    return Q(task__edition__in=editions) | (Q(decision__meeting__held_on__lte=day) & open_or_fresh)


LINEAGE = ("duty__task__edition__plan_id", "duty__task__key", "duty__decision_id", "duty__unit_id")


def lineage_of_entry(entry: ReportEntry) -> Lineage:
    """The lineage of an entry's duty; its duty and task must have been fetched."""
    task = entry.duty.task
    plan_id = task.edition.plan_id if task else None
    return plan_id, task.key if task else "", entry.duty.decision_id, entry.duty.unit_id


def latest_entries(
    period: Period, *, before: bool = False, submitted_only: bool = False, unit_id: UUID | None = None
) -> dict[Lineage, ReportEntry]:
    """The last filled entry of every duty up to that month (or before it), whichever edition it was of. One query."""
    when = {f"report__period__starts_on__{'lt' if before else 'lte'}": period.starts_on}
    rows = ReportEntry.objects.filter(is_filled=True, report__period__kind=period.kind, **when)
    if submitted_only:
        rows = rows.filter(report__first_submitted_at__isnull=False)
    if unit_id is not None:
        rows = rows.filter(report__unit_id=unit_id)
    rows = rows.select_related("report__period", "duty__task__edition")
    rows = rows.order_by(*LINEAGE, "-report__period__starts_on").distinct(*LINEAGE)
    return {lineage_of_entry(entry): entry for entry in rows}
