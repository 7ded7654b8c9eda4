"""Filling in and locking the month, opening it and issuing an edition at the same moment, on two connections: one waits for the other, nothing slips past."""

import threading
from collections.abc import Callable, Iterator
from datetime import datetime

import pytest
from django.db import connection, connections, transaction

from shiyu.lib import clock
from shiyu.lib.errors import Conflict
from shiyu.periods.models import LockedRow, Period
from shiyu.plans.actions.locking import lock_month
from shiyu.plans.actions.report_flow import sign_off_reports
from shiyu.plans.actions.reports import fill_report, open_month
from shiyu.plans.models import Edition, ReportEntry
from shiyu.plans.tests.conftest import City
from shiyu.plans.tests.reporting import at, entry, fill_all, report_of, submit, with_cycle, written
from shiyu.plans.tests.test_report_joining import next_edition

AFTER = datetime(2026, 4, 1, 9)
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def month(city: City, issued: Edition) -> Iterator[City]:
    with_cycle(city)
    with at(3, 2):
        open_month(city.actor("clerk"), "2026-03")
    yield city


class Other:
    """A work done on a connection of its own; `result` is what it gave or the error it ended with."""

    def __init__(self, work: Callable[[], object]) -> None:
        self.result: object = None
        self._work, self.pid = work, 0
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._run)
        self._thread.start()
        self._ready.wait(10)

    def _run(self) -> None:
        try:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_backend_pid()")
                self.pid = cursor.fetchone()[0]
            self._ready.set()
            with clock.frozen(AFTER):
                self.result = self._work()
        except Exception as error:
            self.result = error
        finally:
            connections.close_all()

    def waits(self) -> bool:
        """Whether it comes to wait for a lock; False where it has ended without."""
        with connection.cursor() as cursor:
            while self._thread.is_alive():
                cursor.execute(
                    "SELECT 1 FROM pg_stat_activity WHERE pid = %s AND wait_event_type = 'Lock'", [self.pid]
                )
                if cursor.fetchone():
                    return True
                self._thread.join(0.02)
        return False

    def ended(self) -> object:
        self._thread.join(30)
        assert not self._thread.is_alive()
        return self.result


def test_a_fill_that_comes_while_the_month_is_being_locked_is_refused(month: City) -> None:
    report = report_of(month, "police")
    row = entry(report, "t1")
    actor = month.actor("police")
    with clock.frozen(AFTER), transaction.atomic():
        lock_month(month.actor("clerk"), report.period_id)
        other = Other(lambda: fill_report(actor, report.pk, [written(row, progress="晚了一步")]))
        assert other.waits()
    error = other.ended()
    assert isinstance(error, Conflict) and "2026-03" in str(error)
    assert not ReportEntry.objects.exclude(progress="").exists()


def test_a_lock_that_comes_while_somebody_fills_waits_and_holds_the_text(month: City) -> None:
    report = report_of(month, "police")
    clerk = month.actor("clerk")
    with clock.frozen(AFTER), transaction.atomic():
        fill_all(month, "police")
        other = Other(lambda: lock_month(clerk, report.period_id))
        assert other.waits()
    assert not isinstance(other.ended(), Exception)
    kept = LockedRow.objects.get(subject_type="plans.reportentry", subject_id=entry(report, "t1").pk)
    assert kept.data["is_filled"] is True


def test_a_sign_off_that_comes_while_the_month_is_being_locked_is_refused(month: City) -> None:
    clerk = month.actor("clerk")
    with at(3, 24):
        report = submit(month, "police", status="done")
    with clock.frozen(AFTER), transaction.atomic():
        lock_month(clerk, report.period_id)
        other = Other(lambda: sign_off_reports(clerk, [report.pk]))
        assert other.waits()
    assert isinstance(other.ended(), Conflict)
    report.refresh_from_db()
    assert report.state == "submitted" and Period.objects.get().is_locked


def test_a_month_opened_while_an_edition_is_issued_waits_and_asks_for_its_new_duties(
    city: City, issued: Edition
) -> None:
    with_cycle(city)
    with at(3, 2), transaction.atomic():
        next_edition(city, issued, ("justice",))
        clerk = city.actor("clerk")
        other = Other(lambda: open_month(clerk, "2026-03"))
        assert other.waits()
    assert not isinstance(other.ended(), Exception)
    asked = ReportEntry.objects.filter(report__unit=city.unit("justice"), duty__task__number="9")
    assert asked.count() == 1


def test_two_units_fill_at_the_same_time_without_waiting(month: City) -> None:
    police, justice = report_of(month, "police"), report_of(month, "justice")
    actor, rows = month.actor("justice"), [written(row) for row in justice.entries.all()]
    with clock.frozen(AFTER), transaction.atomic():
        fill_all(month, "police")
        other = Other(lambda: fill_report(actor, justice.pk, rows))
        assert not other.waits()
    assert not isinstance(other.ended(), Exception)
    assert not ReportEntry.objects.filter(report__in=[police, justice], is_filled=False).exists()
