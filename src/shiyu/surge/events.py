"""What emergency response tells others."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID


@dataclass(frozen=True)
class SurgeOpened:
    """It was opened, extended or ended: the people of its places are told."""

    surge_id: UUID
    title: str
    sort: str
    ends_on: date | None
    drill: bool
    by_id: UUID | None


@dataclass(frozen=True)
class MatterTakenOut:
    """A matter is under it no longer: those who handle it are told that its own limits alone apply."""

    surge_id: UUID
    matter_id: UUID
    code: str
    reason: str
    by_id: UUID | None


@dataclass(frozen=True)
class OrderIssued:
    """Units were told to do something by a moment."""

    surge_id: UUID
    title: str
    unit_ids: tuple[UUID, ...]
    text: str
    due_at: datetime
    drill: bool
    by_id: UUID | None
