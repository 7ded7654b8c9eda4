"""How often a duty reports: which ones a month asks for, and when the others are asked next."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from shiyu.kernel.spec.periods import PeriodKind
from shiyu.periods.actions import cycle_of
from shiyu.periods.models import Period
from shiyu.plans.models import Duty, Task

MONTHS = {PeriodKind.MONTH: 1, PeriodKind.QUARTER: 3, PeriodKind.YEAR: 12}
MONTHLY = ("month", "week", "day")
"""What recurs so often reports every month."""


def ongoing_every(period: Period) -> PeriodKind:
    """How often the pack's cycle asks ongoing duties: by the quarter where it says nothing."""
    cycle = cycle_of(period.kind)
    return cycle.ongoing if cycle else PeriodKind.QUARTER


def is_finished(duty: Duty) -> bool:
    """Whether the duty, or the decision it carries out, is done: nothing is asked of it any more."""
    return duty.done_on is not None or (duty.decision is not None and duty.decision.done_on is not None)


def is_monthly(duty: Duty) -> bool:
    """Whether a duty reports every month: a decision, one with a day, one that recurs monthly, one without any
    deadline. The others (kept up all year, recurring by the quarter or longer) report as often as the cycle says."""
    if duty.decision_id or duty.due_on or duty.task is None or duty.task.due_on:
        return True
    kind = duty.task.deadline_kind
    return kind == Task.Deadline.NONE or (kind == Task.Deadline.RECURRING and duty.task.every in MONTHLY)


def is_due(duty: Duty, ends_on: date, every: PeriodKind) -> bool:
    """Whether a duty reports for the month that ends on `ends_on`; `every`: how often ongoing ones do."""
    return not is_finished(duty) and (is_monthly(duty) or ends_on.month % MONTHS[every] == 0)


@dataclass(frozen=True)
class RestingDuty:
    """A duty a month does not ask for: how often it reports, and the first day of the month it is asked in next."""

    duty: Duty
    every: PeriodKind
    next_on: date

    @property
    def often(self) -> str:
        """How often, in words."""
        return _("Reported by the year") if self.every is PeriodKind.YEAR else _("Reported by the quarter")


def resting(duty: Duty, ends_on: date, every: PeriodKind) -> RestingDuty | None:
    """When a duty the month does not ask for is asked next; None for one that is asked, or done."""
    if is_finished(duty) or is_due(duty, ends_on, every):
        return None
    ahead = MONTHS[every] - ends_on.month % MONTHS[every]
    month = ends_on.month - 1 + ahead
    return RestingDuty(duty, every, date(ends_on.year + month // 12, month % 12 + 1, 1))
