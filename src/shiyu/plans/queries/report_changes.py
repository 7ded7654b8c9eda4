"""What an edition issued in the middle of the month means for a report that was handed in before."""

from shiyu.lib import clock
from shiyu.plans.actions.reports import duties_due
from shiyu.plans.models import Duty, Report


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
