"""Who hears what, on one screen.

NOW: invariants between apps, in the same transaction, one level deep.
LATER: jobs, queued in the same transaction as the change, given the event's fields as plain JSON values.
"""

from collections.abc import Callable
from typing import Any

from procrastinate.contrib.django import app as jobs

from shiyu.lib import events
from shiyu.meetings.events import DecisionRecorded
from shiyu.plans.actions.decisions import make_decision_duties
from shiyu.plans.actions.report_notices import tell_report_moved, tell_reports_opened, tell_reports_reminded
from shiyu.plans.events import ReportMoved, ReportsOpened, ReportsReminded

Payload = dict[str, Any]

NOW: dict[type, tuple[Callable[[Any], None], ...]] = {
    DecisionRecorded: (make_decision_duties,),
}

LATER: dict[type, tuple[Callable[[Payload], None], ...]] = {
    ReportsOpened: (tell_reports_opened,),
    ReportsReminded: (tell_reports_reminded,),
    ReportMoved: (tell_report_moved,),
}


def connect(*, at_once: bool = False) -> None:
    """Install both maps; called once, when Django is ready.

    `at_once`: LATER handlers run within the emitting transaction instead of as jobs, as the demo's simulated year
    needs it (its notices carry the simulated day).
    """
    named = {kind: tuple(_name(handler) for handler in handlers) for kind, handlers in LATER.items()}
    events.connect(NOW, named, _tell if at_once else _defer)


def _tell(handler: str, event: str, payload: Payload) -> None:
    known = {_name(function): function for handlers in LATER.values() for function in handlers}
    known[handler](payload)


def _name(handler: Callable[[Payload], None]) -> str:
    return f"{handler.__module__}.{handler.__name__}"


def _defer(handler: str, event: str, payload: Payload) -> None:
    hear.defer(handler=handler, event=event, payload=payload)


@jobs.task(name="hear", queue="events", retry=5)
def hear(handler: str, event: str, payload: Payload) -> None:
    """Job: give an event to one of its LATER handlers."""
    _tell(handler, event, payload)
