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
