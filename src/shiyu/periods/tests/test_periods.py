"""Opening, locking and unlocking; when reports are due."""

from datetime import date, datetime
from decimal import Decimal
from uuid import uuid4

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
    lock_period,
    open_period,
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
