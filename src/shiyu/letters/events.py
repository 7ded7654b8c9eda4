"""What happened to letters and instructions. `unit_ids` are the units it concerns next."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID


@dataclass(frozen=True)
class LetterEvent:
    """What every event of a letter says: which one, whom it concerns, who did it."""

    letter_id: UUID
    number: str
    title: str
    unit_ids: tuple[UUID, ...]
    by_name: str


@dataclass(frozen=True)
class LetterIssued(LetterEvent):
    """A numbered letter went out."""

    reply_by: date | None = None


@dataclass(frozen=True)
class LetterReceived(LetterEvent):
    """A recipient has acknowledged it."""


@dataclass(frozen=True)
class LetterReplied(LetterEvent):
    """A recipient has answered."""


@dataclass(frozen=True)
class LetterWithdrawn(LetterEvent):
    """It no longer holds; the number stays used."""

    reason: str = ""


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
