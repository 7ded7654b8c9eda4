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
class OpinionRoundOpened:
    """Units are asked for opinions until `reply_by` (the day itself included)."""

    round_id: UUID
    unit_ids: tuple[UUID, ...]
    reply_by: date
