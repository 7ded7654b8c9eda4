"""Opening, locking and unlocking; when reports are due."""

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID, uuid4

import pytest

from shiyu.kernel.actor import SYSTEM, Actor
from shiyu.kernel.limits import Calendar
from shiyu.kernel.spec.calendar import CalendarSpec
from shiyu.kernel.spec.pack import Pack
from shiyu.kernel.spec.periods import DueRule
from shiyu.lib import clock
from shiyu.lib.errors import Conflict, NotAllowed, UserError
from shiyu.packs.models import PackVersion
from shiyu.packs.queries import content_of, digest_of
from shiyu.periods.actions import (
    FigureInput,
    RowInput,
    bounds,
    due_day,
    lock_from_months,
    lock_period,
    months_of,
    open_period,
    spans_to_open,
    unlock_period,
)
from shiyu.periods.models import LockedRow, Period
from shiyu.periods.queries import figures_of, rows_of, value_text

CALENDAR = Calendar(
    CalendarSpec.model_validate(
        {
            "hours": [{"start": "09:00", "end": "17:00"}],
            "years": {
                2026: {
                    "source": "x",
                    "holidays": [
                        {"name": {"zh": "国庆节", "en": "N"}, "first": "2026-10-01", "last": "2026-10-07"}
                    ],
                    "workdays": ["2026-10-10"],
                }
            },
        }
    )
)


@pytest.fixture
def pack(db: None) -> None:
    def label(text: str) -> dict[str, str]:
        return {"zh": text, "en": text}

    steps = [{"code": "fill", "label": label("填"), "right": "report.fill"},
             {"code": "sign_off", "label": label("签"), "right": "report.sign_off"}]  # fmt: skip
    pack = Pack.model_validate(
        {
            "pack": {"code": "small", "name": label("示市"), "version": "1", "area": "990100000000", "office": label("办")},
            "seed": {"areas": "a.csv", "units": "u.csv", "posts": "p.csv"},
            "calendar": {"hours": [{"start": "09:00", "end": "17:00"}], "years": {}},
            "plan": {},
            "role": {"office": {"label": label("办"), "rights": ["plan.view"]}},
            "cycle": {"monthly": {"label": label("月报"), "due": {"day": 25, "roll": "before"}, "sign_off": steps,
                                  "measures": ["tasks_total"]}},
        }
    )  # fmt: skip
    text = content_of(pack)
    PackVersion.objects.create(code="small", version="1", digest=digest_of(text), content=text)


@pytest.mark.parametrize(
    ("code", "first", "last"),
    [
        ("2026-02", date(2026, 2, 1), date(2026, 2, 28)),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29)),
        ("2026-12", date(2026, 12, 1), date(2026, 12, 31)),
        ("2026-Q4", date(2026, 10, 1), date(2026, 12, 31)),
        ("2026", date(2026, 1, 1), date(2026, 12, 31)),
    ],
)
def test_a_code_says_first_and_last_day(code: str, first: date, last: date) -> None:
    assert bounds(code)[1:] == (first, last)


@pytest.mark.parametrize("code", ["2026-13", "2026-Q5", "26-10", "", "2026-1", "2026-10; drop"])
def test_a_code_that_names_no_period_is_refused(code: str) -> None:
    with pytest.raises(UserError):
        bounds(code)


@pytest.mark.parametrize(
    ("rule", "ends_on", "due"),
    [
        ({"day": 25, "roll": "before"}, date(2026, 10, 31), date(2026, 10, 23)),  # the 25th is a Sunday
        ({"day": 25, "roll": "after"}, date(2026, 10, 31), date(2026, 10, 26)),
        ({"day": 25, "roll": "stay"}, date(2026, 10, 31), date(2026, 10, 25)),
        (
            {"day": 5, "month": "next", "roll": "after"},
            date(2026, 9, 30),
            date(2026, 10, 8),
        ),  # after the holiday
        (
            {"day": 10, "roll": "after"},
            date(2026, 10, 31),
            date(2026, 10, 10),
        ),  # a make-up Saturday is worked
        ({"last_workday": True}, date(2026, 10, 31), date(2026, 10, 30)),
        ({"day": 31, "roll": "stay"}, date(2026, 2, 28), date(2026, 2, 28)),
    ],
)
def test_when_reports_are_due(rule: dict[str, object], ends_on: date, due: date) -> None:
    assert due_day(DueRule.model_validate(rule), ends_on, CALENDAR) == due


def test_a_period_is_opened_locked_unlocked_and_locked_again(pack: None) -> None:
    with clock.frozen(datetime(2026, 10, 8)):
        period = open_period(SYSTEM, "2026-10")
        assert period.due_on == date(2026, 10, 23)
        with pytest.raises(UserError):
            open_period(SYSTEM, "2026-10")
        with pytest.raises(UserError):
            lock_period(SYSTEM, period.pk, [], [])
    row = RowInput("plans.task", uuid4(), 1, {"title": "一"})
    key = (row.subject_type, row.subject_id)
    figure = FigureInput("tasks_total", None, 1, [key, key])
    with clock.frozen(datetime(2026, 11, 2)):
        first = lock_period(SYSTEM, period.pk, [row], [figure, FigureInput("on_time_rate", None, None)])
        with pytest.raises(Conflict):
            lock_period(SYSTEM, period.pk, [row], [figure])
        with pytest.raises(UserError):
            unlock_period(SYSTEM, period.pk, "")
        unlock_period(SYSTEM, period.pk, "补收一个单位的填报")
        second = lock_period(SYSTEM, period.pk, [row], [figure])
    assert (first.number, second.number) == (1, 2)
    assert [f.value for f in figures_of(first)] == [1, None]
    assert [r.data for r in rows_of(figures_of(first)[0])] == [{"title": "一"}]
    assert LockedRow.objects.count() == 2
    first.refresh_from_db()
    assert first.unlock_reason and Period.objects.get().locked_revision_id == second.pk


def test_without_the_right_nothing_is_opened(pack: None) -> None:
    unit = uuid4()
    clerk = Actor(uuid4(), "经办", {unit: frozenset({"plan.view"})})
    with pytest.raises(NotAllowed):
        open_period(clerk, "2026-10")
    assert not Period.objects.exists()


def test_values_read_as_offices_write_them() -> None:
    assert value_text("on_time_rate", Decimal("0.9167")) == "91.7%"
    assert value_text("on_time_rate", Decimal("1.0000")) == "100%"
    assert value_text("on_time_rate", None) == "—"
    assert value_text("tasks_total", Decimal("1204.0000")) == "1,204"


OFFICE = Actor(None, "办", grants={uuid4(): frozenset({"plan.view", "period.lock", "period.unlock"})})
A, B, C = uuid4(), uuid4(), uuid4()


def _month(code: str, new: list[UUID], closed: list[UUID], open_ones: list[UUID]) -> Period:
    """A month locked with problems; each row's title says which month wrote it."""
    period = open_period(SYSTEM, code)
    ids = dict.fromkeys([*new, *closed, *open_ones])
    rows = [RowInput("matters.matter", key, at, {"title": code}) for at, key in enumerate(ids, start=1)]

    def figure(name: str, keys: list[UUID]) -> FigureInput:
        return FigureInput(name, None, len(keys), [("matters.matter", key) for key in keys])

    rate = FigureInput("close_rate", None, None, [("matters.matter", key) for key in new])
    figures = [
        figure("problems_new", new),
        figure("problems_closed", closed),
        figure("problems_open", open_ones),
    ]
    with clock.frozen(datetime(2026, 12, 31)):
        lock_period(OFFICE, period.pk, rows, [*figures, rate])
    return period


def test_a_quarter_is_locked_with_figures_from_its_locked_months(pack: None) -> None:
    july = _month("2026-07", [A, B], [A], [B])
    _month("2026-08", [A], [], [A, B])  # A was reopened
    _month("2026-09", [C], [A], [B, C])
    quarter = open_period(OFFICE, "2026-Q3")
    with clock.frozen(datetime(2026, 10, 3)):
        revision = lock_from_months(OFFICE, quarter.pk)
    figures = {one.measure: one for one in figures_of(revision)}
    values = {code: one.value for code, one in figures.items()}
    assert values == {
        "problems_new": 3, "problems_closed": 1, "problems_open": 2, "close_rate": Decimal("0.3333")
    }  # fmt: skip
    behind = {row.subject_id: row.data["title"] for row in rows_of(figures["problems_new"])}
    assert behind == {A: "2026-09", B: "2026-09", C: "2026-09"}  # each as it stood last
    with pytest.raises(Conflict, match="2026-Q3"):
        unlock_period(OFFICE, july.pk, "更正")  # its quarter was made from it
    unlock_period(OFFICE, quarter.pk, "七月有误")
    unlock_period(OFFICE, july.pk, "更正")
    with clock.frozen(datetime(2026, 10, 3)), pytest.raises(UserError, match="2026-07"):
        lock_from_months(OFFICE, quarter.pk)


def test_a_year_counts_from_the_first_month_ever_opened(pack: None) -> None:
    _month("2026-11", [A], [], [A])
    year = open_period(OFFICE, "2026")
    assert list(months_of(year)) == ["2026-11", "2026-12"]
    with clock.frozen(datetime(2027, 1, 4)):
        with pytest.raises(UserError, match="2026-12"):
            lock_from_months(OFFICE, year.pk)
        _month("2026-12", [B], [], [A, B])
        assert lock_from_months(OFFICE, year.pk).number == 1
        with pytest.raises(Conflict):
            lock_from_months(OFFICE, year.pk)
    assert spans_to_open() == ["2026-Q4"]


def test_a_quarter_is_not_locked_early_by_the_wrong_person_or_as_a_month(pack: None) -> None:
    month = _month("2026-12", [A], [], [A])
    quarter = open_period(OFFICE, "2026-Q4")
    with pytest.raises(NotAllowed):
        lock_from_months(Actor(None, "甲", grants={uuid4(): frozenset({"plan.view"})}), quarter.pk)
    with clock.frozen(datetime(2026, 12, 30)), pytest.raises(UserError, match="2026-12-31"):
        lock_from_months(OFFICE, quarter.pk)
    with pytest.raises(UserError):
        lock_from_months(OFFICE, month.pk)
    assert quarter.revisions.count() == 0
