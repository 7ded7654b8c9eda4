"""What meetings tell others."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID


@dataclass(frozen=True)
class DecisionRecorded:
    """A decision was entered: plans makes its duties in the same transaction."""

    decision_id: UUID
    lead_unit_id: UUID
    supporting_unit_ids: tuple[UUID, ...]
    due_on: date


@dataclass(frozen=True)
class MeetingPlanned:
    """A meeting has a day: the units are told."""

    meeting_id: UUID
    title: str
    held_on: date
    unit_ids: tuple[UUID, ...] = ()


@dataclass(frozen=True)
class MeetingCalledOff:
    """A meeting does not take place: the units are told, with the reason."""

    meeting_id: UUID
    title: str
    unit_ids: tuple[UUID, ...]
    reason: str


@dataclass(frozen=True)
class MeasureDecided:
    """A meeting gave a measure on a matter to a unit, with a day: the unit is told."""

    decision_id: UUID
    unit_ids: tuple[UUID, ...]
    text: str
    due_on: date


@dataclass(frozen=True)
class MatterLifted:
    """A matter goes to the consultation of the level above: that unit is told."""

    decision_id: UUID
    unit_id: UUID
    matter_code: str


@dataclass(frozen=True)
class MatterWatched:
    """A matter came onto the watch list: its owner is told."""

    entry_id: UUID
    unit_id: UUID
    matter_code: str
    review_on: date


@dataclass(frozen=True)
class DecisionCompleted:
    """A unit says that it did what a meeting gave it: the unit that held the meeting is told."""

    decision_id: UUID
    unit_id: UUID
    text: str
    by_id: UUID | None


@dataclass(frozen=True)
class MinutesCirculated:
    """The minutes went to the units that belong to the meeting."""

    meeting_id: UUID
    title: str
    unit_ids: tuple[UUID, ...]
