"""`calendar`: holidays, make-up workdays and work hours, year by year as announced."""

from __future__ import annotations

import datetime as dt

from pydantic import Field, model_validator

from shiyu.kernel.words import Label, Strict, Text, Wrong


class Holiday(Strict):
    """One holiday with its first and last day off: `{name: {zh: 国庆节, en: National Day}, first:
    2026-10-01, last: 2026-10-07}`."""

    name: Label
    """Its name."""
    first: dt.date
    """First day off."""
    last: dt.date
    """Last day off."""

    @model_validator(mode="after")
    def _in_order(self) -> Holiday:
        if not dt.timedelta(0) <= self.last - self.first <= dt.timedelta(days=31):
            raise Wrong(
                "last 不能早于 first，也不能晚一个月以上",
                "last must not be before first, nor over a month after",
            )
        return self

    @property
    def days(self) -> list[dt.date]:
        """Every day of it."""
        return [self.first + dt.timedelta(days=n) for n in range((self.last - self.first).days + 1)]


class CalendarYear(Strict):
    """What was announced for one year."""

    source: Text
    """Where the announcement is found: its title or number."""
    holidays: tuple[Holiday, ...] = Field(min_length=1)
    """The holidays."""
    workdays: tuple[dt.date, ...] = ()
    """Saturdays and Sundays that are worked to make up (调休)."""


class WorkHours(Strict):
    """One stretch of a working day: `{start: "09:00", end: "12:00"}`."""

    start: dt.time
    """From."""
    end: dt.time
    """To."""

    @model_validator(mode="after")
    def _in_order(self) -> WorkHours:
        if self.end <= self.start:
            raise Wrong("end 必须晚于 start", "end must be after start")
        return self


class CalendarSpec(Strict):
    """```yaml
    calendar:
      hours: [{start: "09:00", end: "12:00"}, {start: "13:30", end: "17:30"}]
      years:
        2026:
          source: 国办发明电〔2025〕…号
          holidays: [{name: {zh: 元旦, en: New Year}, first: 2026-01-01, last: 2026-01-03}]
          workdays: [2026-01-04]
    ```
    A year that is not listed counts plain weekdays, and every deadline in it says so."""

    hours: tuple[WorkHours, ...] = Field(min_length=1)
    """Working hours of every workday, in order and without overlap."""
    years: dict[int, CalendarYear]
    """The years announced so far."""

    @model_validator(mode="after")
    def _consistent(self) -> CalendarSpec:
        for before, after in zip(self.hours, self.hours[1:], strict=False):
            if after.start < before.end:
                raise Wrong("工作时间要按先后排列，不能重叠", "hours must be in order and must not overlap")
        return self
