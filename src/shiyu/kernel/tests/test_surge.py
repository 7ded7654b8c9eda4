"""Emergency limits: hours by the clock, amber at 80 %, red at 100 %, met in time or late."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shiyu.kernel.surge import OCCASIONS, HourClock, Occasion

START = datetime(2026, 10, 1, 23, tzinfo=ZoneInfo("Asia/Shanghai"))  # a holiday, at night: both count


def clock(total: float, passed: float, done: float | None = None) -> HourClock:
    met = START + timedelta(hours=done) if done is not None else None
    return HourClock(START, START + timedelta(hours=total), met, START + timedelta(hours=passed))


@pytest.mark.parametrize(
    ("passed", "done", "state"),
    [
        (0, None, "open"),
        (7.9, None, "open"),
        (8, None, "soon"),
        (10, None, "soon"),
        (10.1, None, "late"),
        (30, 9, "done"),
        (30, 10, "done"),
        (30, 11, "missed"),
    ],
)
def test_its_state(passed: float, done: float | None, state: str) -> None:
    assert clock(10, passed, done).state == state


@given(st.integers(1, 720), st.floats(0, 2000), st.none() | st.floats(0, 2000))
def test_used_and_left_are_the_whole(total: int, passed: float, done: float | None) -> None:
    limit = clock(total, passed, done)
    assert limit.used + limit.left == limit.total
    assert 0 <= float(limit.width) <= 100
    assert (limit.state in ("late", "missed")) == (limit.left < timedelta())


def test_there_are_three_occasions_and_no_day_among_them() -> None:
    assert {code.value for code in Occasion} == {"natural_disaster", "accident", "public_safety"}
    assert set(OCCASIONS) == set(Occasion)
