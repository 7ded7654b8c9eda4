"""The limits of a matter that can be told to its reporter for good: no day that sorting or accepting sets anew."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from shiyu.kernel.limits import local_day
from shiyu.kernel.phases import Phase
from shiyu.matters.kinds import calendar, kind_of
from shiyu.matters.models import Matter


@dataclass(frozen=True)
class ToldLimit:
    """A day told to the reporter; not `certain`: it lies in a year whose holidays are not announced yet."""

    label: str
    day: datetime
    certain: bool


def is_limit_set(matter: Matter) -> bool:
    """Whether the whole limit stays as it is: set by hand, or neither its class nor its acceptance will set it anew."""
    kind = kind_of(matter)
    if matter.due_is_set:
        return True
    waits_for_class = kind.sorting is not None and not matter.sort_class
    waits_for_acceptance = kind.limit_from == "accepted" and matter.phase == Phase.FILED
    return not (waits_for_class or waits_for_acceptance)


def certain_limits(matter: Matter) -> list[ToldLimit]:
    """By when it is told whether it is accepted, while that is open; by when it is answered, once that day stands."""
    rows = []
    if matter.phase == Phase.FILED and matter.step_due_at:
        label = _("Told whether it is accepted by")
        rows.append(ToldLimit(label, matter.step_due_at, _is_certain(matter, matter.step_due_at)))
    if matter.is_open and matter.due_at and is_limit_set(matter):
        label = pgettext("reporter", "To be answered by")
        rows.append(ToldLimit(label, matter.due_at, _is_certain(matter, matter.due_at)))
    return rows


def _is_certain(matter: Matter, day: datetime) -> bool:
    return calendar().is_certain(local_day(matter.received_at), local_day(day))
