"""What happens by the clock (wiring.PERIODIC): a month's reports open, units are reminded."""

from datetime import datetime, timedelta

from shiyu.kernel.actor import SYSTEM
from shiyu.lib import clock
from shiyu.periods.models import Period
from shiyu.plans.actions.report_flow import remind_units
from shiyu.plans.actions.reports import open_month
from shiyu.plans.models import Duty, Report
from shiyu.plans.queries.task_facts import duties_on

State = Report.State
BEFORE, AFTER = timedelta(days=2), timedelta(days=1)
"""Units are reminded so long before a report is due, and once more on the day after."""


def open_this_month(since: datetime, until: datetime) -> int:
    """Open the reports of the month of `until`, where there are duties and nobody opened them; returns 1 or 0.

    A month that passed while the worker was down is left to people: nobody could report in it any more.
    """
    day = clock.local(until).date()
    code = f"{day:%Y-%m}"
    if Report.objects.filter(period__code=code).exists() or not Duty.objects.filter(duties_on(day)).exists():
        return 0
    open_month(SYSTEM, code)
    return 1


def remind(since: datetime, until: datetime) -> int:
    """Remind units whose report is out, once where the day before or after its due date lies in the window.

    Returns how many units were reminded.
    """
    first, last = clock.local(since).date(), clock.local(until).date()
    reminded = 0
    out = Report.objects.filter(state__in=[State.FILLING, State.IN_REVIEW, State.RETURNED]).values(
        "period_id"
    )
    for period in Period.objects.filter(pk__in=out, locked_revision=None):
        due = period.due_on
        if due is not None and (first < due - BEFORE <= last or first < due + AFTER <= last):
            reminded += len(remind_units(SYSTEM, period.pk))
    return reminded
