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
    left, now = count * 60, start
    while left:
        left -= in_hours(now)
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


@given(moments, st.integers(0, 60), st.integers(0, 40), st.integers(0, 40))
def test_a_stopped_clock_leaves_the_workdays_that_were_left(
    start: dt.datetime, limit: int, wait: int, stop: int
) -> None:
    """After the stop as many workdays are left as before it; what was overdue stays where it was."""
    due = CALENDAR.add(start, Limit(n=limit + 1))
    paused = start + dt.timedelta(days=wait)
    resumed = paused + dt.timedelta(days=stop)
    moved = CALENDAR.push(due, paused, resumed)
    if due < paused:
        assert moved == due
        return
    left_before = [d for d in walk(paused.date(), due.date()) if slowly_worked(d)]
    left_after = [d for d in walk(resumed.date(), moved.date()) if slowly_worked(d)]
    stopped = [d for d in walk(paused.date(), resumed.date()) if slowly_worked(d)]
    over = [d for d in stopped if d > due.date()]  # it stood still beyond its old end
    assert moved >= due
    assert len(left_after) == len(left_before) or (over and moved.date() >= due.date())
    assert len([d for d in walk(due.date(), moved.date()) if slowly_worked(d)]) == len(stopped)


STOPS = st.lists(st.tuples(st.integers(0, 25), st.integers(0, 30)), max_size=4)
"""Stops of a clock: how many days after the last ended, for how many days."""


@given(moments, st.integers(1, 90), STOPS)
def test_calendar_days_go_on_after_stops_as_a_walk_from_day_to_day_counts(
    start: dt.datetime, count: int, stops: list[tuple[int, int]]
) -> None:
    """Every day counts but those on which the clock stood still, however many stops there were; only the last day of all
    moves on to a workday."""
    given_stops, now = [], start
    for wait, length in stops:
        paused = now + dt.timedelta(days=wait)
        now = paused + dt.timedelta(days=length)
        given_stops.append((paused, now))
    due = CALENDAR.due_after(start, Limit(n=count, unit=LimitUnit.CALENDAR_DAYS), given_stops)
    day, used = start.date(), 0
    still: set[dt.date] = set()
    while True:
        for paused, resumed in given_stops:  # one that begins once the limit is over moves nothing
            if paused.date() == day:
                still |= set(walk(day, resumed.date()))
        goes_on = day + dt.timedelta(days=1) in still
        if used >= count and slowly_worked(day) and not goes_on:
            break
        day += dt.timedelta(days=1)
        used += day not in still
    assert due.at == end_of(day)
    assert due.warning_at <= due.at


@given(moments, st.integers(1, 60), st.sampled_from([LimitUnit.WORKDAYS, LimitUnit.WORK_HOURS]), STOPS)
def test_other_limits_are_pushed_stop_by_stop(
    start: dt.datetime, count: int, unit: LimitUnit, stops: list[tuple[int, int]]
) -> None:
    limit, given_stops, now = Limit(n=count, unit=unit), [], start
    at = CALENDAR.add(start, limit)
    for wait, length in stops:
        paused = now + dt.timedelta(days=wait)
        now = paused + dt.timedelta(days=length)
        given_stops.append((paused, now))
        at = CALENDAR.push(at, paused, now)
    assert CALENDAR.due_after(start, limit, given_stops).at == at


def walk(first: dt.date, last: dt.date) -> list[dt.date]:
    """Every day after the first up to and including the last."""
    return [first + dt.timedelta(days=n) for n in range(1, (last - first).days + 1)]


def in_hours(moment: dt.datetime) -> bool:
    clock = moment.time()
    return slowly_worked(moment.date()) and (
        dt.time(9) <= clock < dt.time(12) or dt.time(13, 30) <= clock < dt.time(17, 30)
    )


@given(moments, st.integers(0, 6 * 24 * 60))
def test_working_time_is_what_a_walk_from_minute_to_minute_finds(start: dt.datetime, minutes: int) -> None:
    end = start + dt.timedelta(minutes=minutes)
    slow = sum(in_hours(start + dt.timedelta(minutes=n)) for n in range(minutes))
    assert CALENDAR.worked(start, end) == dt.timedelta(minutes=slow)
    assert CALENDAR.worked(end, start) == dt.timedelta()


@given(moments, st.integers(1, 30), st.integers(0, 3 * 24 * 60))
def test_a_limit_in_hours_is_moved_by_the_working_time_it_stood_still(
    start: dt.datetime, count: int, minutes: int
) -> None:
    due = CALENDAR.add(start, Limit(n=count, unit=LimitUnit.WORK_HOURS))
    resumed = start + dt.timedelta(minutes=minutes)
    moved = CALENDAR.push(due, start, resumed)
    assert CALENDAR.worked(resumed, moved) == dt.timedelta(hours=count)


@given(moments, st.integers(1, 60), st.sampled_from(list(LimitUnit)))
def test_amber_begins_when_four_fifths_are_used_up(start: dt.datetime, count: int, unit: LimitUnit) -> None:
    limit = Limit(n=count, unit=unit)
    due = CALENDAR.due(start, limit)
    if unit is LimitUnit.WORK_HOURS:
        assert CALENDAR.worked(start, due.warning_at) == dt.timedelta(hours=count) * 0.8
    elif unit is LimitUnit.WORKDAYS:
        used = [d for d in walk(start.date(), due.warning_at.date()) if slowly_worked(d)]
        assert len(used) == count * 8 // 10
    else:
        assert (due.warning_at.date() - start.date()).days == count * 8 // 10


@given(moments, moments)
def test_a_limit_set_by_hand_warns_after_four_fifths_of_its_workdays(
    start: dt.datetime, other: dt.datetime
) -> None:
    first, last = sorted((start, other))
    due = CALENDAR.until(first, end_of(last.date()))
    days = [d for d in walk(first.date(), last.date()) if slowly_worked(d)]
    used = [d for d in walk(first.date(), due.warning_at.date()) if slowly_worked(d)]
    assert due.warning_at <= due.at and len(used) == len(days) * 8 // 10


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


def test_what_was_overdue_when_the_clock_stopped_stays_overdue() -> None:
    due = end_of(dt.date(2025, 3, 7))
    assert CALENDAR.push(due, at("2025-03-10T09:00"), at("2025-03-24T09:00")) == due


def test_a_moment_without_time_zone_is_refused() -> None:
    with pytest.raises(ValueError):
        CALENDAR.add(dt.datetime(2025, 3, 3), Limit(n=1))


@pytest.mark.parametrize(
    ("now", "due", "left"),
    [
        ("2026-11-18 09:00", dt.date(2026, 11, 18), 0),
        ("2026-11-18 09:00", dt.date(2026, 11, 20), 2),
        ("2026-11-20 09:00", dt.date(2026, 11, 23), 1),  # over a weekend
        ("2026-11-22 09:00", dt.date(2026, 11, 20), -1),  # passed over a weekend: late all the same
        ("2026-11-24 09:00", dt.date(2026, 11, 20), -2),
        ("2026-11-18 18:00", dt.datetime(2026, 11, 18, 17, 30, tzinfo=ZONE), -1),  # a limit on the minute
        ("2026-11-18 17:00", dt.datetime(2026, 11, 18, 17, 30, tzinfo=ZONE), 0),
    ],
)
def test_what_is_left_until_a_deadline(now: str, due: dt.date, left: int) -> None:
    assert CALENDAR.workdays_left(dt.datetime.fromisoformat(now).replace(tzinfo=ZONE), due) == left
