"""The day-count rule: “within n days” counts whole days from the day after receipt, not spans of 24 hours.

The same replies give two shares. On one real set of 2,816 replies “within 5 days” is 26.3 % by elapsed time and 31.0 %
by whole days; the made-up set here shows the same difference and where it comes from.
"""

import datetime as dt
import random

import pytest

from shiyu.kernel.limits import ZONE, Calendar
from shiyu.kernel.rates import RATES
from shiyu.kernel.spec.calendar import CalendarSpec
from shiyu.kernel.words import Limit, LimitUnit

FIVE = {unit: Limit(n=5, unit=unit) for unit in (LimitUnit.CALENDAR_DAYS, LimitUnit.WORKDAYS)}


def moment(day: str, hour: int) -> dt.datetime:
    return dt.datetime.combine(dt.date.fromisoformat(day), dt.time(hour), ZONE)


@pytest.fixture
def calendar() -> Calendar:
    holiday = {"name": {"zh": "国庆节", "en": "National Day"}, "first": "2026-10-01", "last": "2026-10-07"}
    years = {2026: {"source": "test", "holidays": [holiday], "workdays": ["2026-10-10"]}}
    hours = [{"start": "09:00", "end": "12:00"}, {"start": "13:30", "end": "17:30"}]
    return Calendar(CalendarSpec.model_validate({"hours": hours, "years": years}))


def by_elapsed_time(start: dt.datetime, end: dt.datetime) -> bool:
    return end - start <= dt.timedelta(days=5)


def by_whole_days(start: dt.datetime, end: dt.datetime) -> bool:
    """Slow and obviously right: the days after the day of receipt are counted one by one."""
    day, counted = start.astimezone(ZONE).date(), 0
    while day < end.astimezone(ZONE).date():
        day += dt.timedelta(days=1)
        counted += 1
    return counted <= 5


def test_one_reply_in_time_by_whole_days_and_late_by_elapsed_time(calendar: Calendar) -> None:
    received, answered = moment("2026-09-07", 9), moment("2026-09-12", 17)  # five days and eight hours
    assert not by_elapsed_time(received, answered)
    assert by_whole_days(received, answered)
    assert answered <= calendar.add(received, FIVE[LimitUnit.CALENDAR_DAYS])


def test_the_two_rules_give_two_shares_of_one_made_up_set(calendar: Calendar) -> None:
    dice = random.Random(5)
    rows = []
    for _n in range(2000):
        # Received at any hour of a workday, answered in office hours, as offices do.
        received = moment("2026-03-02", dice.randint(8, 20)) + dt.timedelta(days=7 * dice.randint(0, 20))
        rows.append(
            (
                received,
                moment(f"{received.date()}", dice.randint(9, 17)) + dt.timedelta(days=dice.randint(1, 15)),
            )
        )
    elapsed = sum(by_elapsed_time(*row) for row in rows) / len(rows)
    whole = sum(by_whole_days(*row) for row in rows) / len(rows)
    ours = sum(end <= calendar.add(start, FIVE[LimitUnit.CALENDAR_DAYS]) for start, end in rows) / len(rows)
    assert 0.02 < whole - elapsed < 0.08, (elapsed, whole)
    assert all(by_whole_days(*row) for row in rows if by_elapsed_time(*row)), "whole days are never fewer"
    assert ours >= whole, "a last day that is no workday moves to the next one"


def test_workdays_leave_out_what_is_not_worked(calendar: Calendar) -> None:
    received = moment("2026-09-30", 16)
    due = calendar.add(received, FIVE[LimitUnit.WORKDAYS])
    assert due.date() == dt.date(2026, 10, 13)  # 8, 9, the make-up Saturday 10, 12, 13
    assert by_whole_days(received, due) is False


def test_the_rule_is_said_beside_the_measure() -> None:
    words = RATES["on_time"].words
    assert "次日" in words.zh and "day after" in words.en
