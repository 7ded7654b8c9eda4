"""What happened to letters and instructions. `unit_ids` are the units it concerns next."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID


@dataclass(frozen=True)
class LetterIssued:
    """A numbered letter went out."""

    letter_id: UUID
    number: str
    title: str
    unit_ids: tuple[UUID, ...]
    reply_by: date | None
    by_name: str


@dataclass(frozen=True)
class LetterReceived:
    """A recipient has acknowledged it."""

    letter_id: UUID
    number: str
    title: str
    unit_ids: tuple[UUID, ...]
    by_name: str


@dataclass(frozen=True)
class LetterReplied:
    """A recipient has answered."""

    letter_id: UUID
    number: str
    title: str
    unit_ids: tuple[UUID, ...]
    by_name: str


@dataclass(frozen=True)
class LetterWithdrawn:
    """It no longer holds; the number stays used."""

    letter_id: UUID
    number: str
    title: str
    unit_ids: tuple[UUID, ...]
    reason: str
    by_name: str


@dataclass(frozen=True)
class InstructionRegistered:
    """A leader's instruction was registered for a unit."""

    instruction_id: UUID
    title: str
    unit_ids: tuple[UUID, ...]
    reply_by: date | None
    by_name: str


@dataclass(frozen=True)
class InstructionReplied:
    """The unit has answered it; whoever registered it should know."""

    instruction_id: UUID
    title: str
    unit_ids: tuple[UUID, ...]
    user_ids: tuple[UUID, ...]
    by_name: str
