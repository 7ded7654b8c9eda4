"""Deadlines, held against a slow and obvious walk from day to day."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shiyu.kernel.limits import ZONE, Calendar, end_of
from shiyu.kernel.spec.calendar import CalendarSpec
from shiyu.kernel.words import Limit, LimitUnit

SPEC = CalendarSpec.model_validate(
    {
        "hours": [{"start": "09:00", "end": "12:00"}, {"start": "13:30", "end": "17:30"}],
        "years": {
            "2025": {
                "source": "made up",
                "holidays": [
                    {
                        "name": {"zh": "国庆", "en": "National Day"},
                        "first": "2025-10-01",
                        "last": "2025-10-08",
                    }
                ],
                "workdays": ["2025-09-28", "2025-10-11"],
            },
            "2026": {
                "source": "made up",
                "holidays": [
                    {
                        "name": {"zh": "春节", "en": "Spring Festival"},
                        "first": "2026-02-16",
                        "last": "2026-02-22",
                    }
                ],
                "workdays": ["2026-02-14"],
            },
        },
    }
)
CALENDAR = Calendar(SPEC)
OFF = {day for year in SPEC.years.values() for holiday in year.holidays for day in holiday.days}
MADE_UP = {day for year in SPEC.years.values() for day in year.workdays}

days = st.dates(dt.date(2024, 6, 1), dt.date(2027, 6, 1))
moments = st.builds(
    lambda day, minute: dt.datetime.combine(day, dt.time(minute // 60, minute % 60), ZONE),
    days,
    st.integers(0, 24 * 60 - 1),
)


def slowly_worked(day: dt.date) -> bool:
    if day in MADE_UP:
        return True
    return day not in OFF and day.strftime("%a") not in ("Sat", "Sun")


@given(moments, st.integers(1, 60))
def test_workdays_end_where_a_walk_from_day_to_day_ends(start: dt.datetime, count: int) -> None:
    walked = [start.date() + dt.timedelta(days=n) for n in range(1, 200)]
    expected = [day for day in walked if slowly_worked(day)][count - 1]
    assert CALENDAR.add(start, Limit(n=count)) == end_of(expected)


@given(moments, st.integers(1, 90))
def test_calendar_days_that_end_on_a_day_off_end_on_the_next_workday(start: dt.datetime, count: int) -> None:
    expected = start.date() + dt.timedelta(days=count)
    while not slowly_worked(expected):
        expected += dt.timedelta(days=1)
    assert CALENDAR.add(start, Limit(n=count, unit=LimitUnit.CALENDAR_DAYS)) == end_of(expected)


@given(moments, st.integers(1, 30))
def test_work_hours_end_where_a_walk_from_minute_to_minute_ends(start: dt.datetime, count: int) -> None:
    def worked(moment: dt.datetime) -> bool:
        clock = moment.time()
        return slowly_worked(moment.date()) and (
            dt.time(9) <= clock < dt.time(12) or dt.time(13, 30) <= clock < dt.time(17, 30)
        )

    left, now = count * 60, start
    while left:
        left -= worked(now)
        now += dt.timedelta(minutes=1)
    assert CALENDAR.add(start, Limit(n=count, unit=LimitUnit.WORK_HOURS)) == now


@given(days, days)
def test_workdays_between_counts_every_worked_day_after_the_first(first: dt.date, last: dt.date) -> None:
    count, day = 0, first
    while day < last:
        day += dt.timedelta(days=1)
        count += slowly_worked(day)
    assert CALENDAR.workdays_between(first, last) == count


@given(moments, st.integers(1, 60), st.sampled_from(list(LimitUnit)))
def test_the_warning_never_comes_after_the_deadline(start: dt.datetime, count: int, unit: LimitUnit) -> None:
    due = CALENDAR.due(start, Limit(n=count, unit=unit))
    assert due.warning_at <= due.at
    assert due.at > start


def at(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=ZONE)


def test_the_day_of_receipt_is_not_counted() -> None:
    assert CALENDAR.add(at("2025-03-03T08:00"), Limit(n=1)) == end_of(dt.date(2025, 3, 4))


def test_a_limit_over_the_holiday_counts_the_made_up_saturday() -> None:
    # 30 September is a Tuesday; 1 to 8 October are off; 9 and 10 are worked, and so is Saturday the 11th.
    assert CALENDAR.add(at("2025-09-30T10:00"), Limit(n=3)) == end_of(dt.date(2025, 10, 11))


def test_four_work_hours_received_in_the_evening_end_the_next_afternoon() -> None:
    due = CALENDAR.add(at("2025-03-03T20:00"), Limit(n=4, unit=LimitUnit.WORK_HOURS))
    assert due == at("2025-03-04T14:30")


def test_amber_begins_at_eighty_percent() -> None:
    due = CALENDAR.due(at("2025-03-03T10:00"), Limit(n=10))
    assert due.at == end_of(dt.date(2025, 3, 17))
    assert due.warning_at == end_of(dt.date(2025, 3, 13))


def test_a_year_not_announced_counts_plain_weekdays_and_says_so() -> None:
    due = CALENDAR.due(at("2026-12-31T10:00"), Limit(n=1))
    assert due.at == end_of(dt.date(2027, 1, 1))
    assert not due.certain
    assert CALENDAR.due(at("2026-03-02T10:00"), Limit(n=1)).certain


def test_a_suspended_week_moves_the_deadline_by_its_workdays() -> None:
    moved = CALENDAR.push(end_of(dt.date(2025, 3, 7)), at("2025-03-03T09:00"), at("2025-03-10T09:00"))
    assert moved == end_of(dt.date(2025, 3, 14))


def test_a_moment_without_time_zone_is_refused() -> None:
    with pytest.raises(ValueError):
        CALENDAR.add(dt.datetime(2025, 3, 3), Limit(n=1))
