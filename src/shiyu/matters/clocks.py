"""Working time: how long a stay took, and a clock as the page draws it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from shiyu.kernel.limits import WARNING_SHARE, Calendar, Due, local_day
from shiyu.kernel.spec.matters import Kind
from shiyu.matters.models import Matter, Step


def worked_minutes(calendar: Calendar, start: datetime, end: datetime) -> int:
    """Whole minutes of working time between two moments."""
    return int(calendar.worked(start, end) // timedelta(minutes=1))


def set_limit(matter: Matter, due: Due) -> None:
    """Sets the whole matter's limit and when its warning begins."""
    matter.due_at, matter.warn_at = due.at, due.warning_at


def limit_began(matter: Matter, kind: Kind, steps: Sequence[Step]) -> datetime:
    """From when the whole limit counts: its last reopening, else its acceptance where the kind counts from there, else
    receipt. `steps` is its history in order."""
    for step in reversed(steps):
        if step.verb == "reopen":
            return step.entered_at
        if step.verb == "accept" and kind.limit_from == "accepted" and step.left_at is not None:
            return step.left_at
    return matter.received_at


def stops_of(steps: Sequence[Step]) -> Iterator[tuple[datetime, datetime]]:
    """Every suspension in a matter's history (in order): from its deed to its planned end, or to the deed that let the
    clock run on before."""
    for n, step in enumerate(steps):
        if step.verb != "suspend" or step.due_at is None:
            continue
        ended = next(
            (s.left_at for s in steps[n + 1 :] if s.verb == "resume" and s.left_at is not None), None
        ) or next((s.entered_at for s in steps[n + 1 :] if not s.within), None)
        yield step.entered_at, min(step.due_at, ended) if ended else step.due_at


@dataclass(frozen=True)
class Clock:
    """One limit as a bar. `share` is what is used (may pass 1), `left` whole workdays (negative: overdue)."""

    begins: date
    ends: date
    used: int
    total: int
    left: int
    certain: bool

    @property
    def share(self) -> float:
        """The used part, for the bar, at most 1."""
        return min(1.0, self.used / self.total) if self.total else 1.0

    @property
    def width(self) -> str:
        """The used part of a bar 100 wide."""
        return f"{self.share * 100:.1f}"

    @property
    def state(self) -> str:
        """late, soon (80 % used) or open: never a state of the matter, always computed."""
        if self.left < 0:
            return "late"
        return "soon" if self.total and self.used / self.total >= WARNING_SHARE else "open"


def clock_of(start: datetime, due: datetime | None, now: datetime, calendar: Calendar) -> Clock | None:
    """The bar of a limit from `start` to `due` as it stands `now`; None without a limit."""
    if due is None:
        return None
    begins, ends, today = local_day(start), local_day(due), local_day(now)
    total = calendar.workdays_between(begins, ends)
    used = calendar.workdays_between(begins, today)
    left = calendar.workdays_left(now, due)
    return Clock(begins, ends, used, total, left, calendar.is_certain(begins, ends))
