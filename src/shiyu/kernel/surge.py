"""What surge mode (应急响应) may be opened for, and its own limits: hours by the clock, beside every statutory limit.

The list is closed and stands in the code, not in a pack: a day in the calendar, a meeting of leaders or a person's
intention to petition is no occasion, and there is no type under which it could be entered (design.md, People, not
targets).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from shiyu.kernel.limits import WARNING_SHARE
from shiyu.kernel.words import Label, label


class Occasion(StrEnum):
    """Why surge mode is opened."""

    NATURAL_DISASTER = "natural_disaster"
    ACCIDENT = "accident"
    PUBLIC_SAFETY = "public_safety"


OCCASIONS: dict[Occasion, Label] = {
    Occasion.NATURAL_DISASTER: label("自然灾害", "Natural disaster"),
    Occasion.ACCIDENT: label("事故灾难", "Accident"),
    Occasion.PUBLIC_SAFETY: label("公共安全事件", "Public safety"),
}
"""Every occasion, in the order shown; a pack may word them, never add one."""


@dataclass(frozen=True)
class HourClock:
    """A limit in hours by the clock: nights and days off count. `done` is when it was met, None while it is not."""

    start: datetime
    due: datetime
    done: datetime | None
    now: datetime

    @property
    def total(self) -> timedelta:
        """The whole limit."""
        return self.due - self.start

    @property
    def used(self) -> timedelta:
        """How much of it has run: until it was met, else until now."""
        return max((self.done or self.now) - self.start, timedelta())

    @property
    def left(self) -> timedelta:
        """What is left of it; negative where it is overdue."""
        return self.due - (self.done or self.now)

    @property
    def state(self) -> str:
        """done or missed where it was met (in time or late); else late (100 %), soon (80 %) or open."""
        if self.done is not None:
            return "missed" if self.done > self.due else "done"
        if self.now > self.due:
            return "late"
        return "soon" if self.used >= self.total * WARNING_SHARE else "open"

    @property
    def width(self) -> str:
        """The used part of a bar 100 wide."""
        return f"{min(1.0, self.used / self.total) * 100 if self.total else 100:.1f}"
