"""The matters of a response with both of its limits: when each was met, or what is left of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import OuterRef, Q, QuerySet, Subquery

from shiyu.kernel.surge import HourClock
from shiyu.matters.models import Assignment, Matter, Step
from shiyu.people.models import Unit
from shiyu.surge.models import Surge, SurgeMatter

GONE = ("returned", "transferred", "withdrawn")


@dataclass(frozen=True)
class Entry:
    """One matter in a response as it stood at a moment: who answers for it, and its two clocks."""

    row: SurgeMatter
    matter: Matter
    unit: Unit
    first: HourClock
    handle: HourClock

    @property
    def is_late(self) -> bool:
        """Open, and one of its limits has passed unmet."""
        return self.handle.done is None and "late" in (self.first.state, self.handle.state)


def annotated(rows: QuerySet[SurgeMatter]) -> QuerySet[SurgeMatter]:
    """Rows with the moments that meet the limits, and the unit that leads."""
    held = Assignment.objects.filter(matter_id=OuterRef("matter_id"))
    answered = held.exclude(acknowledged_at=None).order_by("acknowledged_at")
    reported = Step.objects.filter(matter_id=OuterRef("matter_id"), verb="complete", within=False)
    leads = held.filter(role=Assignment.Role.LEAD).exclude(ended__in=GONE).order_by("-asked_at")
    return rows.select_related("surge", "matter__area", "matter__unit__area").annotate(
        answered_at=Subquery(answered.values("acknowledged_at")[:1]),
        reported_at=Subquery(reported.order_by("-left_at").values("left_at")[:1]),
        lead_id=Subquery(leads.values("unit_id")[:1]),
    )


def entries_of(surge: Surge, moment: datetime, *, with_left: bool = False) -> list[Entry]:
    """The matters that were in the response at a moment, the most pressing first; `with_left` also those taken out
    before, as they stood when they were. Two queries."""
    within = SurgeMatter.objects.filter(surge=surge, entered_at__lte=moment)
    if not with_left:
        within = within.filter(Q(left_at=None) | Q(left_at__gt=moment))
    rows = list(annotated(within))
    units = Unit.objects.in_bulk({row.lead_id for row in rows if row.lead_id})  # type: ignore[attr-defined]
    found = [entry_of(row, moment, units) for row in rows]
    return sorted(
        found, key=lambda entry: (entry.handle.done is not None, entry.row.handle_due_at, entry.matter.code)
    )


def entry_of(row: SurgeMatter, moment: datetime, units: dict[UUID, Unit]) -> Entry:
    """One annotated row as it stood at a moment."""
    matter = row.matter
    moment = min(moment, row.left_at or moment)
    done = _upto(_handled_at(row), moment)
    answered = _upto(row.answered_at, moment)  # type: ignore[attr-defined]
    first = min((at for at in (answered, done) if at is not None), default=None)
    unit = units.get(row.lead_id) or matter.unit  # type: ignore[attr-defined]
    start = row.entered_at if row.found else start_of(row.surge, matter, row.entered_at)
    return Entry(
        row,
        matter,
        unit,
        HourClock(start, row.first_due_at, first, moment),
        HourClock(start, row.handle_due_at, done, moment),
    )


def start_of(surge: Surge, matter: Matter, entered_at: datetime) -> datetime:
    """From when the limits of a matter filed while it runs count: its receipt, never before the opening."""
    return min(entered_at, max(matter.received_at, surge.opened_at))


def _handled_at(row: SurgeMatter) -> datetime | None:
    """When it was reported done by all, or ended otherwise; None while it is handled (again)."""
    matter, reported = row.matter, row.reported_at  # type: ignore[attr-defined]
    if matter.phase == "verifying":
        return reported or matter.step_entered_at
    if matter.closed_at is None:
        return None
    return min(reported, matter.closed_at) if reported else matter.closed_at


def _upto(at: datetime | None, moment: datetime) -> datetime | None:
    return at if at is not None and at <= moment else None
