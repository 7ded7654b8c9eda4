"""Locking: figures against a slow, obvious recount; what was locked stays, whatever happens afterwards."""

import gc
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from shiyu.lib.clock import CITY_ZONE
from shiyu.lib.errors import Conflict, NotAllowed, UserError
from shiyu.matters.models import Matter, Step
from shiyu.people.models import Unit
from shiyu.periods.actions import unlock_period
from shiyu.periods.models import Figure, Period, Revision
from shiyu.periods.queries import figure_values, locked_rows, rows_of
from shiyu.plans.actions import locking
from shiyu.plans.actions.locking import lock_month
from shiyu.plans.actions.report_flow import sign_off_reports
from shiyu.plans.actions.reports import open_month
from shiyu.plans.models import Duty, Edition, Report
from shiyu.plans.queries.fact_reading import task_facts
from shiyu.plans.queries.lists import ListScope, cut_lists, source_of_lists
from shiyu.plans.queries.task_facts import of_json, to_json
from shiyu.plans.tests.conftest import City, duty
from shiyu.plans.tests.reporting import at, report_of, submit, with_cycle


def a_problem(city: City, code: str, day: date, due: Any, unit: str = "police") -> Matter:
    """A problem in hand since that day, written straight into the rows."""
    with at(day.month, day.day):
        matter = Matter.objects.create(
            code=code, kind="problem", title=code, source="review", unit=city.units["office"], phase="handling",
            state="handling", due_at=due, received_at=clock_at(day.month, day.day),
        )  # fmt: skip
        matter.assignments.create(unit=city.units[unit], role="lead", asked_at=clock_at(day.month, day.day))
        Step.objects.create(
            matter_id=matter.pk, state="handling", phase="handling", entered_at=clock_at(day.month, day.day)
        )
    return matter


def clock_at(month: int, day: int) -> Any:
    return datetime(2026, month, day, 10, tzinfo=CITY_ZONE)


@pytest.fixture
def month(city: City, issued: Edition) -> City:
    """March with reports in every state: police in time and done, justice late, the others missing; two problems."""
    with_cycle(city)
    Duty.objects.filter(task__edition=issued, task__key="t1").update(due_on=date(2026, 3, 30))
    with at(3, 2):
        open_month(city.actor("clerk"), "2026-03")
    a_problem(city, "WT-2026-0001", date(2026, 2, 10), clock_at(3, 10))
    a_problem(city, "WT-2026-0002", date(2026, 3, 12), clock_at(5, 10), "justice")
    with at(3, 24):
        report = submit(city, "police", status="done")
        sign_off_reports(city.actor("clerk"), [report.pk])
    with at(3, 30):
        submit(city, "justice")
    return city


def lock(city: City) -> Revision:
    with at(4, 1):
        return lock_month(city.actor("clerk"), Period.objects.get(code="2026-03").pk)


def test_locked_figures_equal_a_slow_recount(month: City, issued: Edition) -> None:
    values = figure_values(lock(month))
    for unit in (*Unit.objects.filter(pk__in=[key for key in values if key]), None):
        duties = [
            one
            for one in Duty.objects.filter(task__edition=issued).select_related("task")
            if unit is None or one.unit_id == unit.pk
        ]
        leads = [one for one in duties if one.role == "lead"]
        due = [one for one in leads if one.due_on and one.due_on <= date(2026, 3, 31)]
        on_time = [one for one in due if one.done_on and one.due_on and one.done_on <= one.due_on]
        own = values[unit.pk if unit else None]
        assert own["tasks_total"] == len({one.task_id for one in duties})
        assert own["tasks_lead"] == len({one.task_id for one in leads})
        assert own["tasks_due"] == len(due)
        assert own["tasks_done_on_time"] == len(on_time)
        assert own["tasks_not_on_time"] == len(due) - len(on_time)
        assert own["on_time_rate"] == (Decimal(len(on_time)) / len(due) if due else None)
        due_entries = late = missing = 0
        for report in Report.objects.all():
            if unit is None or report.unit_id == unit.pk:
                n = report.entries.count()
                due_entries += n
                missing += n * (report.first_submitted_at is None)
                late += n * bool(
                    report.first_submitted_at and report.first_submitted_at.date() > date(2026, 3, 25)
                )
        assert (own["reports_due"], own["reports_late"], own["reports_missing"]) == (
            due_entries,
            late,
            missing,
        )
    police, justice, everyone = values[month.unit("police")], values[month.unit("justice")], values[None]
    assert (police["problems_carried"], police["problems_new"], police["problems_overdue"]) == (1, 0, 1)
    assert (justice["problems_carried"], justice["problems_new"], justice["problems_overdue"]) == (0, 1, 0)
    assert (everyone["problems_open"], everyone["problems_overdue"]) == (2, 1)
    assert police["workdays_overdue"] == 15  # 11 to 31 March without weekends
    assert police["tasks_done_on_time"] == 1 and justice["reports_late"] == 2


def test_every_number_opens_as_many_rows(month: City) -> None:
    revision = lock(month)
    sums = {"workdays_overdue", "on_time_rate", "close_rate"}
    for figure in Figure.objects.filter(revision=revision).exclude(measure__in=sums):
        assert len(rows_of(figure)) == figure.value, (figure.measure, figure.unit_id)


def test_what_happens_after_the_lock_changes_nothing_locked(month: City, issued: Edition) -> None:
    matter = Matter.objects.get(code="WT-2026-0001")
    Matter.objects.filter(pk=matter.pk).update(
        is_open=False, closed_at=clock_at(3, 28), phase="closed", outcome="done"
    )
    Step.objects.filter(matter_id=matter.pk).update(left_at=clock_at(3, 28), verb="close")
    revision = lock(month)
    before = (
        figure_values(revision),
        [row.data for row in revision.rows.order_by("subject_type", "position")],
    )
    assert before[0][None]["problems_closed"] == 1
    lists = cut_lists(source_of_lists(month.actor("clerk"), Period.objects.get()), ListScope())
    # Reopened, renamed, done: none of it reaches the locked month.
    Matter.objects.filter(pk=matter.pk).update(is_open=True, closed_at=None, phase="handling", outcome="")
    Unit.objects.filter(code="police").update(name="改名后的单位", short_name="改名")
    Duty.objects.update(done_on=date(2026, 3, 1))
    after = (
        figure_values(revision),
        [row.data for row in revision.rows.order_by("subject_type", "position")],
    )
    assert after == before
    assert cut_lists(source_of_lists(month.actor("clerk"), Period.objects.get()), ListScope()) == lists
    assert "改名" not in str(lists)


def test_locking_twice_too_early_or_by_a_unit_is_refused(month: City) -> None:
    period = Period.objects.get(code="2026-03")
    with at(3, 30), pytest.raises(UserError):
        lock_month(month.actor("clerk"), period.pk)
    with at(4, 1):
        with pytest.raises(NotAllowed):
            lock_month(month.actor("police"), period.pk)
        lock_month(month.actor("clerk"), period.pk)
        with pytest.raises(Conflict):
            lock_month(month.actor("clerk"), period.pk)
    assert Revision.objects.count() == 1


def test_unlocking_needs_a_reason_and_the_next_lock_is_a_new_revision(month: City) -> None:
    first = lock(month)
    kept = figure_values(first)
    with at(4, 2):
        with pytest.raises(UserError):
            unlock_period(month.actor("clerk"), first.period_id, " ")
        with pytest.raises(NotAllowed):
            unlock_period(month.actor("police"), first.period_id, "更正")
        period = unlock_period(month.actor("clerk"), first.period_id, "补收迟报")
        assert not period.is_locked
        submit(month, "justice") if report_of(month, "justice").state == "filling" else None
        second = lock_month(month.actor("clerk"), period.pk)
    assert (first.number, second.number) == (1, 2)
    first.refresh_from_db()
    assert first.unlock_reason == "补收迟报" and figure_values(first) == kept


def test_a_fact_survives_json(month: City) -> None:
    facts = task_facts(date(2026, 3, 31), Period.objects.get())
    assert facts and [of_json(to_json(fact)) for fact in facts] == facts


def test_locked_rows_hold_what_the_pack_needs(month: City) -> None:
    revision = lock(month)
    t1 = next(row.data for row in locked_rows(revision, "plans.task") if row.data["key"] == "t1")
    lead = next(one for one in t1["duties"] if one["role"] == "lead")
    assert (lead["unit"], lead["entry"]["progress"], lead["done_on"]) == (
        "示市公安局",
        "召开会议一次。",
        "2026-03-24",
    )
    assert t1["state"] == {"status": "done", "done_on": "2026-03-24", "is_late": False, "workdays_overdue": 0}
    matter = locked_rows(revision, "matters.matter")[0].data
    assert (matter["code"], matter["workdays_overdue"], matter["status_label"]) == (
        "WT-2026-0001",
        15,
        "逾期",
    )


def test_locking_leaves_the_collector_on_even_where_it_fails(
    month: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    period = Period.objects.get(code="2026-03")

    def broken(*_given: Any) -> Any:
        assert not gc.isenabled()
        raise UserError("kaputt")

    monkeypatch.setattr(locking, "figures_of_month", broken)
    with at(3, 31), pytest.raises(UserError, match="kaputt"):
        lock_month(month.actor("clerk"), period.pk)
    assert gc.isenabled() and not Revision.objects.exists()


def test_lists_take_few_queries_whatever_the_size(month: City, issued: Edition) -> None:
    actor, period = month.actor("clerk"), Period.objects.get()
    for code in range(12):
        a_problem(month, f"WT-2026-1{code:03d}", date(2026, 3, 3), clock_at(5, 5))
    with CaptureQueriesContext(connection) as live:
        cut_lists(source_of_lists(actor, period), ListScope(block="system"))
    lock(month)
    period.refresh_from_db()
    with CaptureQueriesContext(connection) as locked:
        cut_lists(source_of_lists(actor, period), ListScope(unit_id=month.unit("police")))
    assert len(live) <= 15 and len(locked) <= 5


def test_a_unit_gets_its_own_rows_with_its_own_text_and_no_others(month: City, issued: Edition) -> None:
    duty(issued, "t1", month.units["police"])
    source = source_of_lists(month.actor("justice"), Period.objects.get())
    lists = cut_lists(source, ListScope(unit_id=month.unit("justice")))
    assert [(row.number, row.role) for row in lists.progress] == [("1", "supporting"), ("2", "lead")]
    assert [row.code for row in lists.problems] == ["WT-2026-0002"]
    assert all(row.progress == "召开会议一次。" for row in lists.progress)
