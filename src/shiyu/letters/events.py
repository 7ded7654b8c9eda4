"""What happened to letters and instructions. `unit_ids` are the units it concerns next."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID


@dataclass(frozen=True)
class LetterEvent:
    """What every event of a letter says: which one, whom it concerns, who did it, what it is about."""

    letter_id: UUID
    number: str
    title: str
    unit_ids: tuple[UUID, ...]
    by_name: str
    subject_type: str = ""
    subject_id: UUID | None = None


@dataclass(frozen=True)
class LetterIssued(LetterEvent):
    """A numbered letter of `unit_id` went out; `effect` is what its kind does to its matter (LetterEffect, or "")."""

    reply_by: date | None = None
    effect: str = ""
    unit_id: UUID | None = None


@dataclass(frozen=True)
class LetterReceived(LetterEvent):
    """A recipient has acknowledged it."""


@dataclass(frozen=True)
class LetterReplied(LetterEvent):
    """A recipient has answered."""

    from_unit_id: UUID | None = None


@dataclass(frozen=True)
class ReplyJudged(LetterEvent):
    """Whoever asked has accepted a reply, or sent it back for a better one by `reply_by`."""

    verdict: str = ""
    reason: str = ""
    reply_by: date | None = None


@dataclass(frozen=True)
class LetterCirculated(LetterEvent):
    """It was shown to posts of the unit that got it."""

    post_ids: tuple[UUID, ...] = ()


@dataclass(frozen=True)
class LetterUrged(LetterEvent):
    """A reply was urged."""

    words: str = ""


@dataclass(frozen=True)
class LetterWithdrawn(LetterEvent):
    """It no longer holds, by the letter `by_number`; its own number stays used. `effect` is what it did to its matter."""

    reason: str = ""
    by_number: str = ""
    effect: str = ""


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
