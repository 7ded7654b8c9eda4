"""The stretches of time that figures are counted over, against a slow calendar walk."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shiyu.mediation.queries.figures import stretch_of
from shiyu.mediation.views.figures import periods_until


@given(st.dates(date(2000, 1, 1), date(2060, 12, 31)))
def test_a_day_lies_in_exactly_its_month_quarter_and_year(day: date) -> None:
    codes = [f"{day.year}-{month:02d}" for month in range(1, 13)]
    assert [code for code in codes if _holds(code, day)] == [f"{day:%Y-%m}"]
    quarters = [f"{day.year}-Q{n}" for n in range(1, 5)]
    assert [code for code in quarters if _holds(code, day)] == [f"{day.year}-Q{(day.month - 1) // 3 + 1}"]
    assert _holds(str(day.year), day) and not _holds(str(day.year + 1), day)


def _holds(code: str, day: date) -> bool:
    found = stretch_of(code)
    return found.first <= day <= found.last


@given(st.integers(2000, 2060), st.integers(1, 12))
def test_a_month_ends_the_day_before_the_next_begins(year: int, month: int) -> None:
    here = stretch_of(f"{year}-{month:02d}")
    after = stretch_of(f"{year + month // 12}-{month % 12 + 1:02d}")
    assert here.last + timedelta(days=1) == after.first


@pytest.mark.parametrize(
    "code", ["", "20", "2026-", "2026-13", "2026-00", "2026-Q5", "2026-Q", "x", "２０２６", "2026-1"]
)
def test_what_is_no_period_is_refused(code: str) -> None:
    with pytest.raises(ValueError, match="^"):
        stretch_of(code)


def test_every_period_one_can_choose_is_one() -> None:
    for code in periods_until(date(2026, 2, 3)):
        assert stretch_of(code).code == code
    assert "2026-Q1" in periods_until(date(2026, 2, 3)) and "2026-Q2" not in periods_until(date(2026, 2, 3))
