"""What an edition issued in the middle of the month means for a report that was handed in before."""

from shiyu.plans.actions.reports import OPEN_STATES, duties_due
from shiyu.plans.models import Duty, Report


def duties_from_next_month(report: Report) -> list[Duty]:
    """New duties of the unit that its report of this month does not speak of, because it had been handed in.

    They are filled in from the next month on. Empty for a report that is open or locked.
    """
    if report.state in OPEN_STATES or report.period.is_locked:
        return []
    rows = report.entries.exclude(duty__task=None)
    known = set(rows.values_list("duty__task__edition__plan_id", "duty__task__key"))
    due = duties_due(report.period, report.unit_id)
    return [duty for duty in due if duty.task and (duty.task.edition.plan_id, duty.task.key) not in known]
