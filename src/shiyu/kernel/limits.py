"""Deadlines on a calendar with holidays and make-up workdays.

How days are counted: **the day of receipt is not counted**; counting begins the day after (Civil Code
art. 201), and a
limit in days ends with the end of its last day. A limit in calendar days whose last day is no workday
ends with
the next workday (Civil Code art. 203). Work hours run through the calendar's hours, from the moment of
receipt or from
the next working hour, and end on the minute.

A year that has not been announced counts plain Mondays to Fridays, and a deadline that touches it is not
`certain`.
All moments are aware; days are those of China's one time zone.
"""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from shiyu.kernel.words import Limit, LimitUnit

if TYPE_CHECKING:
    from shiyu.kernel.spec.calendar import CalendarSpec

ZONE = ZoneInfo("Asia/Shanghai")
END_OF_DAY = dt.time(23, 59, 59)
WARNING_SHARE = 0.8
"""Amber begins when this share of a limit is used up (design.md, Clocks)."""

_DAY = dt.timedelta(days=1)

Stops = Sequence[tuple[dt.datetime, dt.datetime]]
"""When a clock stood still: from, until; in order."""


@dataclass(frozen=True)
class Due:
    """A deadline: when it falls, when its warning begins, and whether every year it touches was announced."""

    at: dt.datetime
    warning_at: dt.datetime
    certain: bool


def local_day(moment: dt.datetime) -> dt.date:
    """The day of an aware moment in China. A naive moment raises ValueError."""
    if moment.tzinfo is None:
        raise ValueError("a moment needs its time zone")
    return moment.astimezone(ZONE).date()


def end_of(day: dt.date) -> dt.datetime:
    """The last second of a day in China."""
    return dt.datetime.combine(day, END_OF_DAY, ZONE)


def _within(days: list[dt.date], first: dt.date, last: dt.date) -> int:
    """How many of the ordered days lie after `first` up to and including `last`."""
    return bisect_right(days, last) - bisect_right(days, first)


def _stood(paused: dt.datetime, resumed: dt.datetime) -> dt.timedelta:
    """Calendar days for which a clock stood still: those after the first up to and including the last."""
    return max(local_day(resumed) - local_day(paused), dt.timedelta())


class Calendar:
    """Which days are worked, and what follows for limits."""

    def __init__(self, spec: CalendarSpec) -> None:
        self.known_years = frozenset(spec.years)
        self.hours = tuple((slot.start, slot.end) for slot in spec.hours)
        years = spec.years.values()
        self._off = frozenset(day for year in years for holiday in year.holidays for day in holiday.days)
        self._made_up = frozenset(day for year in years for day in year.workdays)
        # Weekdays that are not worked and weekend days that are, in order: what counting by weeks must be put right by.
        self._lost = sorted(day for day in self._off - self._made_up if day.weekday() < 5)
        self._gained = sorted(day for day in self._made_up if day.weekday() >= 5)

    def is_workday(self, day: dt.date) -> bool:
        """Whether the day is worked: a make-up day, or a weekday that is no holiday."""
        return day in self._made_up or (day.weekday() < 5 and day not in self._off)

    def is_certain(self, first: dt.date, last: dt.date) -> bool:
        """Whether every year from the first to the last day was announced."""
        return all(year in self.known_years for year in range(first.year, last.year + 1))

    def next_workday(self, day: dt.date) -> dt.date:
        """The day itself if it is worked, else the first workday after it."""
        while not self.is_workday(day):
            day += _DAY
        return day

    def previous_workday(self, day: dt.date) -> dt.date:
        """The day itself if it is worked, else the last workday before it."""
        while not self.is_workday(day):
            day -= _DAY
        return day

    def add_workdays(self, day: dt.date, count: int) -> dt.date:
        """The count-th workday after the day, which itself is not counted; 0 gives the day back."""
        while count > 0:
            day += _DAY
            count -= self.is_workday(day)
        return day

    def workdays_between(self, first: dt.date, last: dt.date) -> int:
        """Workdays after `first` up to and including `last`; 0 if last is not after first. The same count as
        for limits, so a thing due on `first` and done on `last` is this many workdays overdue."""
        if last <= first:
            return 0
        weeks, rest = divmod((last - first).days, 7)
        begins = first.weekday() + 1  # the weekday after `first`; 5 and 6, 12 and 13 are no weekdays
        weekdays = weeks * 5 + sum((begins + n) % 7 < 5 for n in range(rest))
        return weekdays - _within(self._lost, first, last) + _within(self._gained, first, last)

    def workdays_left(self, now: dt.datetime, due: dt.datetime | dt.date) -> int:
        """Whole workdays from now to a deadline (a day ends with its end): 0 on its day; once it has passed the workdays
        since, negative, one at least, so that what passed over a weekend is late all the same."""
        at = due if isinstance(due, dt.datetime) else end_of(due)
        first, last = local_day(now), local_day(at)
        return (
            self.workdays_between(first, last) if now <= at else -max(1, self.workdays_between(last, first))
        )

    def due(self, start: dt.datetime, limit: Limit) -> Due:
        """Deadline and warning of a limit that starts with receipt at `start` (aware)."""
        at = self.add(start, limit)
        warning = self._warning(start, limit)
        return Due(at, min(warning, at), self.is_certain(local_day(start), local_day(at)))

    def add(self, start: dt.datetime, limit: Limit) -> dt.datetime:
        """When a limit that starts at `start` ends."""
        day = local_day(start)
        if limit.unit is LimitUnit.WORK_HOURS:
            return self._after_hours(start, dt.timedelta(hours=limit.n))
        if limit.unit is LimitUnit.WORKDAYS:
            return end_of(self.add_workdays(day, limit.n))
        return end_of(self.next_workday(day + _DAY * limit.n))

    def until(self, start: dt.datetime, at: dt.datetime) -> Due:
        """A deadline set by a person (an extension, a review date); its warning begins when 80 % of the
        workdays from start are used up."""
        total = self.workdays_between(local_day(start), local_day(at))
        warning = end_of(self.add_workdays(local_day(start), int(total * WARNING_SHARE)))
        return Due(at, min(warning, at), self.is_certain(local_day(start), local_day(at)))

    def push(
        self, at: dt.datetime, paused: dt.datetime, resumed: dt.datetime, unit: LimitUnit = LimitUnit.WORKDAYS
    ) -> dt.datetime:
        """A deadline moved on by the time for which the clock was suspended: one that ends with its day by the days
        its limit counts (workdays; calendar days, to a workday again), one on the minute (work hours) by the working
        time. One that had passed before stays: a stopped clock hides nothing that was overdue."""
        if at < paused:
            return at
        if at.astimezone(ZONE).time() != END_OF_DAY:
            return self._after_hours(at, self.worked(paused, resumed))
        if unit is LimitUnit.CALENDAR_DAYS:
            return end_of(self.next_workday(local_day(at) + _stood(paused, resumed)))
        days = self.workdays_between(local_day(paused), local_day(resumed))
        return end_of(self.add_workdays(local_day(at), days))

    def due_after(self, start: dt.datetime, limit: Limit, stops: Stops) -> Due:
        """Deadline and warning of a limit that starts at `start`, moved on by every stop since, in order.

        Calendar days are counted through: only the last day of all moves to a workday, so that stopping over a weekend
        gives nobody days the limit does not have.
        """
        if limit.unit is LimitUnit.CALENDAR_DAYS:
            return self._counted_through(local_day(start), limit.n, stops)
        at, warning = self.add(start, limit), self._warning(start, limit)
        for paused, resumed in stops:
            at, warning = self.push(at, paused, resumed), self.push(warning, paused, resumed)
        return Due(at, min(warning, at), self.is_certain(local_day(start), local_day(at)))

    def _counted_through(self, start: dt.date, count: int, stops: Stops) -> Due:
        last, amber = start + _DAY * count, start + _DAY * int(count * WARNING_SHARE)
        for paused, resumed in stops:
            if end_of(self.next_workday(last)) >= paused:
                last = max(last, local_day(paused)) + _stood(paused, resumed)
            if end_of(amber) >= paused:
                amber += _stood(paused, resumed)
        at = end_of(self.next_workday(last))
        return Due(at, min(end_of(amber), at), self.is_certain(start, local_day(at)))

    def worked(self, start: dt.datetime, end: dt.datetime) -> dt.timedelta:
        """Working time between two moments (aware), on the calendar's days and hours; none if end is not after."""
        worked, day, last = dt.timedelta(), local_day(start), local_day(end)
        while day <= last:
            if self.is_workday(day):
                for opens, closes in self.hours:
                    begins = max(start, dt.datetime.combine(day, opens, ZONE))
                    ends = min(end, dt.datetime.combine(day, closes, ZONE))
                    worked += max(ends - begins, dt.timedelta())
            day += _DAY
        return worked

    def _warning(self, start: dt.datetime, limit: Limit) -> dt.datetime:
        if limit.unit is LimitUnit.WORK_HOURS:
            return self._after_hours(start, dt.timedelta(hours=limit.n) * WARNING_SHARE)
        days = int(limit.n * WARNING_SHARE)
        if limit.unit is LimitUnit.WORKDAYS:
            return end_of(self.add_workdays(local_day(start), days))
        return end_of(local_day(start) + _DAY * days)

    def _after_hours(self, start: dt.datetime, left: dt.timedelta) -> dt.datetime:
        """The moment at which that much working time has passed since start."""
        now = start.astimezone(ZONE)
        day = now.date()
        while True:
            if self.is_workday(day):
                for opens, closes in self.hours:
                    begins = max(now, dt.datetime.combine(day, opens, ZONE))
                    ends = dt.datetime.combine(day, closes, ZONE)
                    if ends <= begins:
                        continue
                    if left <= ends - begins:
                        return begins + left
                    left -= ends - begins
            day += _DAY
