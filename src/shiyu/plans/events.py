"""What happened to plans, told to other apps."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID


@dataclass(frozen=True)
class EditionIssued:
    """An edition came into force; its duties hold from `issued_on`."""

    edition_id: UUID
    plan_id: UUID
    issued_on: date


@dataclass(frozen=True)
class EditionSubmitted:
    """A draft went out for approval; `by` is who sent it (None where nobody did)."""

    edition_id: UUID
    by: UUID | None


@dataclass(frozen=True)
class OpinionRoundOpened:
    """Units are asked for opinions until `reply_by` (the day itself included)."""

    round_id: UUID
    unit_ids: tuple[UUID, ...]
    reply_by: date


@dataclass(frozen=True)
class ReportsOpened:
    """A month's reports are open for these units until `due_on` (the day itself included)."""

    period_id: UUID
    code: str
    unit_ids: tuple[UUID, ...]
    due_on: date | None


@dataclass(frozen=True)
class ReportLinesChanged:
    """An edition issued in the middle of a month changed its open reports.

    `joined`: units whose report got new lines; `dropped`: units that lost some; `later`: units that have handed their
    report in (or have no time left) and fill the new lines in from the next month on.
    """

    period_id: UUID
    code: str
    edition_id: UUID
    joined: tuple[UUID, ...]
    dropped: tuple[UUID, ...]
    later: tuple[UUID, ...]


@dataclass(frozen=True)
class ReportsReminded:
    """The office reminds units whose reports are still out."""

    period_id: UUID
    code: str
    unit_ids: tuple[UUID, ...]
    due_on: date | None


@dataclass(frozen=True)
class ReportMoved:
    """A report went one step on its way: `state` is in_review, submitted, returned or signed_off."""

    report_id: UUID
    unit_id: UUID
    code: str
    state: str
    reason: str
