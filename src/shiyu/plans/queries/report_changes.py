"""What a report does not speak of: duties an edition brought after it was handed in, and those asked another month."""

from shiyu.lib import clock
from shiyu.plans.actions.reports import duties_due, duties_reporting
from shiyu.plans.models import Duty, Report
from shiyu.plans.queries.cadence import RestingDuty, ongoing_every, resting


def duties_from_next_month(report: Report) -> list[Duty]:
    """Duties of editions issued since the report was opened that it does not speak of, because it had been handed in.

    They are filled in from the next month on, also where the report is returned meanwhile. Empty once it is locked.
    """
    if report.period.is_locked:
        return []
    opened = clock.local(report.opened_at).date()
    rows = report.entries.exclude(duty__task=None)
    known = set(rows.values_list("duty__task__edition__plan_id", "duty__task__key"))
    found = []
    for duty in duties_due(report.period, report.unit_id):
        edition = duty.task.edition if duty.task else None
        if edition is None or edition.issued_on is None or edition.issued_on < opened:
            continue
        if duty.task and (edition.plan_id, duty.task.key) not in known:
            found.append(duty)
    return found


def duties_resting(report: Report) -> list[RestingDuty]:
    """The unit's open duties this month does not ask for, with the month they are asked in next. Empty once locked."""
    period = report.period
    if period.is_locked:
        return []
    every = ongoing_every(period)
    found = (resting(duty, period.ends_on, every) for duty in duties_reporting(period, report.unit_id))
    return [one for one in found if one is not None]
