"""What happens when: deeds on a time line, done one after another with the clock set to their moment."""

import heapq
import itertools
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Any

from shiyu.kernel.limits import Calendar
from shiyu.lib import clock

Deed = Callable[[], Any]


class Agenda:
    """Deeds in order of time; a deed may add later ones. Nothing is done after `until`."""

    def __init__(self, until: datetime, calendar: Calendar) -> None:
        self.until, self.calendar = until, calendar
        self._waiting: list[tuple[datetime, int, Deed]] = []
        self._order = itertools.count()
        self.done = 0

    def at(self, moment: datetime, deed: Deed) -> None:
        """Do `deed` at `moment`."""
        if moment <= self.until:
            heapq.heappush(self._waiting, (moment, next(self._order), deed))

    def after(self, workdays: int, deed: Deed, hour: int = 10) -> None:
        """Do `deed` so many workdays after now, at `hour`."""
        self.at(self.moment(self.calendar.add_workdays(clock.today(), workdays), hour), deed)

    def workday_before(self, workdays: int) -> date:
        """The day so many workdays before the end."""
        day = clock.local(self.until).date()
        for _ in range(workdays):
            day = self.calendar.previous_workday(day - timedelta(days=1))
        return day

    @staticmethod
    def moment(day: date, hour: int = 10, minute: int = 0) -> datetime:
        """A day and hour in the city's time."""
        return datetime.combine(day, time(hour, minute), clock.CITY_ZONE)

    def run(self, tell: Callable[[date], None] = lambda month: None) -> None:
        """Do everything; `tell` hears of each month that begins, by its first day."""
        month: date | None = None
        while self._waiting:
            moment, number, deed = heapq.heappop(self._waiting)
            if month != (begun := clock.local(moment).date().replace(day=1)):
                month = begun
                tell(month)
            # Two deeds of the same minute keep their order in the record.
            with clock.frozen(moment + timedelta(milliseconds=number % 1000)):
                deed()
            self.done += 1
