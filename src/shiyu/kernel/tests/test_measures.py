"""A quarter's or year's figure from those of its months, by each measure's rule."""

from decimal import Decimal

import pytest

from shiyu.kernel.measures import MEASURES, SPAN_WORDS, Counted, MeasureUnit, Span, figure_over


def counted(value: float | None, *rows: str) -> Counted:
    return Counted(None if value is None else Decimal(str(value)), rows)


MONTHS = [counted(2, "a", "b"), counted(1, "b"), counted(3, "b", "c", "d")]


@pytest.mark.parametrize(
    ("code", "value", "rows"),
    [
        ("problems_carried", 2, "ab"),  # first
        ("problems_open", 3, "bcd"),  # last
        ("problems_new", 4, "abcd"),  # each once
        ("problems_reworked", 6, "abcd"),  # times
    ],
)
def test_a_figure_over_months(code: str, value: int, rows: str) -> None:
    made = figure_over(MEASURES[code], MONTHS)
    assert (made.value, made.rows) == (Decimal(value), tuple(rows))


def test_a_rate_is_worked_out_anew_and_never_averaged() -> None:
    rate = MEASURES["close_rate"]
    months = [counted(0.5, "a", "b"), counted(1, "b"), None]  # rows of a rate: those of its base
    parts = [counted(1, "a"), counted(1, "b"), None]
    assert figure_over(rate, months, parts).value == Decimal(1)
    assert figure_over(rate, [counted(None)], [counted(0)]).value is None


def test_a_unit_without_figures_in_the_last_month_has_none_at_the_end() -> None:
    gone = [counted(2, "a"), None]
    assert figure_over(MEASURES["tasks_total"], gone) == Counted(Decimal(0))
    assert figure_over(MEASURES["on_time_rate"], gone) == Counted(None)
    assert figure_over(MEASURES["tasks_total"], []) == Counted(Decimal(0))


def test_every_rule_has_words_and_a_ratio_has_its_parts() -> None:
    assert set(SPAN_WORDS) == set(Span)
    for measure in MEASURES.values():
        if measure.over is Span.RATIO:
            assert measure.unit is MeasureUnit.RATE and measure.part in MEASURES and measure.base in MEASURES
