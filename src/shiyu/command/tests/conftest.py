"""The small city of plans, with March locked."""

from collections.abc import Iterator
from datetime import date

import pytest

from shiyu.periods.models import Period
from shiyu.plans.actions.locking import lock_month
from shiyu.plans.actions.report_flow import sign_off_reports
from shiyu.plans.actions.reports import open_month
from shiyu.plans.models import Duty, Edition
from shiyu.plans.tests.conftest import City, city, guideline, issued
from shiyu.plans.tests.reporting import at, submit, with_cycle

__all__ = ["city", "guideline", "issued"]


@pytest.fixture
def march(city: City, issued: Edition) -> Iterator[City]:
    """March locked: police's task done, housing's overdue since the 20th, justice's behind. It is 10 April."""
    with_cycle(city)
    Duty.objects.filter(task__key="t1").update(due_on=date(2026, 3, 30))
    Duty.objects.filter(task__key="t3").update(due_on=date(2026, 3, 20))
    with at(3, 2):
        open_month(city.actor("clerk"), "2026-03")
    with at(3, 24):
        report = submit(city, "police", status="done")
        sign_off_reports(city.actor("clerk"), [report.pk])
        submit(city, "justice", status="behind")
    with at(4, 1):
        lock_month(city.actor("clerk"), Period.objects.get(code="2026-03").pk)
    with at(4, 10):
        yield city
