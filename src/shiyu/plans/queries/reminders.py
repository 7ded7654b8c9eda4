"""Whether a report is late or missing: one rule for pages, reminders and figures."""

from shiyu.lib import clock
from shiyu.periods.models import Period
from shiyu.plans.models import Report


def entry_state(report: Report, period: Period) -> tuple[bool, bool]:
    """(late, missing) of a report: late if it first left its unit after the due day; missing if it is not out now:
    never sent, taken back, or returned and not sent again.
    """
    left = report.first_submitted_at
    if left is None or report.state not in (Report.State.SUBMITTED, Report.State.SIGNED_OFF):
        return False, True
    return period.due_on is not None and clock.local(left).date() > period.due_on, False
