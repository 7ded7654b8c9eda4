"""What mediation tells others."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True)
class MediationOpened:
    """A body was asked to mediate, or took it up itself: its people are told."""

    mediation_id: UUID
    body_id: UUID
    code: str
    title: str
    by_id: UUID | None


@dataclass(frozen=True)
class MediationEnded:
    """It ended, with an agreement or without: the unit that dispatched the matter is told."""

    mediation_id: UUID
    unit_id: UUID
    code: str
    title: str
    outcome: str
    by_id: UUID | None
