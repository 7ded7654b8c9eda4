"""What happened to a matter, for whoever wants to hear it. `unit_ids` are the units it concerns next."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True)
class MatterEvent:
    """What every one of these events says: which matter, who did it, whom it concerns, why."""

    matter_id: UUID
    code: str
    kind: str
    title: str
    by_id: UUID | None
    by_name: str
    unit_ids: tuple[UUID, ...] = ()
    due_at: datetime | None = None
    reason: str = ""
    about_type: str = ""
    about_id: UUID | None = None


@dataclass(frozen=True)
class MatterFiled(MatterEvent):
    """A matter came up; the units are those that take it in."""


@dataclass(frozen=True)
class MatterRefused(MatterEvent):
    """It was not accepted, with reason and remedy."""


@dataclass(frozen=True)
class MatterDispatched(MatterEvent):
    """Units were asked to handle it (dispatch, transfer, a supporting unit more)."""


@dataclass(frozen=True)
class MatterAcknowledged(MatterEvent):
    """A unit has received it."""


@dataclass(frozen=True)
class MatterReturned(MatterEvent):
    """A unit says it is not its own; who sent it must answer."""


@dataclass(frozen=True)
class ReturnDecided(MatterEvent):
    """The return was consented to or declined."""


@dataclass(frozen=True)
class ExtensionAsked(MatterEvent):
    """The lead asks for more time."""


@dataclass(frozen=True)
class ExtensionDecided(MatterEvent):
    """More time was given or refused."""


@dataclass(frozen=True)
class MatterPutOnBooks(MatterEvent):
    """It cannot be solved for now: on the books, with a day on which it is looked at again."""


@dataclass(frozen=True)
class MatterTakenOffBooks(MatterEvent):
    """It is handled again."""


@dataclass(frozen=True)
class AssignmentCompleted(MatterEvent):
    """One unit has done its part; others have not."""


@dataclass(frozen=True)
class MatterCompleted(MatterEvent):
    """Every unit has done its part; another hand must check."""


@dataclass(frozen=True)
class MatterVerified(MatterEvent):
    """Another hand has checked it."""


@dataclass(frozen=True)
class MatterSentBack(MatterEvent):
    """The check failed; it is handled again."""


@dataclass(frozen=True)
class MatterClosed(MatterEvent):
    """It is off the list, with its outcome."""

    outcome: str = ""


@dataclass(frozen=True)
class MatterReopened(MatterEvent):
    """It came up again after it had been closed."""


@dataclass(frozen=True)
class MatterUrged(MatterEvent):
    """Whoever has to act next was reminded."""


@dataclass(frozen=True)
class DisputeLifted(MatterEvent):
    """A dispute over competence was not decided in time; the unit above decides it now."""


@dataclass(frozen=True)
class MatterChanged(MatterEvent):
    """Anything else: a note, a suspension, supervision …; `verb` says what."""

    verb: str = ""


@dataclass(frozen=True)
class OrdersImported:
    """A table of work orders of another system was taken over: for each unit (id) how many new matters wait there. It
    stands for their MatterFiled, which a table does not send."""

    batch_id: UUID
    source: str
    by_id: UUID | None
    units: tuple[tuple[str, int], ...] = ()


EVENT_OF: dict[str, type[MatterEvent]] = {
    "refuse": MatterRefused,
    "withdraw": MatterClosed,
    "dispatch": MatterDispatched,
    "transfer": MatterDispatched,
    "add_support": MatterDispatched,
    "acknowledge": MatterAcknowledged,
    "return": MatterReturned,
    "consent_return": ReturnDecided,
    "decline_return": ReturnDecided,
    "extend": ExtensionAsked,
    "approve_extension": ExtensionDecided,
    "decline_extension": ExtensionDecided,
    "put_on_books": MatterPutOnBooks,
    "take_off_books": MatterTakenOffBooks,
    "verify": MatterVerified,
    "send_back": MatterSentBack,
    "close": MatterClosed,
    "reopen": MatterReopened,
    "urge": MatterUrged,
}
"""The event of each verb; `complete` depends on whether others are left, all others are MatterChanged."""
