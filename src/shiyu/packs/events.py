"""What happens to packs."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True)
class PackLoaded:
    """A version came into force; clocks of open matters must be computed again if the calendar changed."""

    version_id: UUID
    code: str
    calendar_changed: bool
