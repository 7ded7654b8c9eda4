"""Who hears what, on one screen.

NOW: invariants between apps, in the same transaction, one level deep.
LATER: jobs, queued in the same transaction as the change, given the event's fields as plain JSON values.
"""

from collections.abc import Callable
from typing import Any

from procrastinate.contrib.django import app as jobs

from shiyu.letters import events as letter_events
from shiyu.letters import jobs as letter_jobs
from shiyu.lib import events
from shiyu.matters import events as matter_events
from shiyu.matters import jobs as matter_jobs
from shiyu.meetings.events import DecisionRecorded
from shiyu.plans.actions.decisions import make_decision_duties
from shiyu.plans.actions.plan_notices import tell_edition_issued, tell_round_opened
from shiyu.plans.actions.report_notices import tell_report_moved, tell_reports_opened, tell_reports_reminded
from shiyu.plans.events import EditionIssued, OpinionRoundOpened, ReportMoved, ReportsOpened, ReportsReminded

Payload = dict[str, Any]

NOW: dict[type, tuple[Callable[[Any], None], ...]] = {
    DecisionRecorded: (make_decision_duties,),
}

LATER: dict[type, tuple[Callable[[Payload], None], ...]] = {
    letter_events.LetterIssued: (letter_jobs.tell_letter_issued,),
    letter_events.LetterReplied: (letter_jobs.tell_letter_replied,),
    letter_events.LetterWithdrawn: (letter_jobs.tell_letter_withdrawn,),
    letter_events.InstructionRegistered: (letter_jobs.tell_instruction_registered,),
    letter_events.InstructionReplied: (letter_jobs.tell_instruction_replied,),
    matter_events.MatterFiled: (matter_jobs.tell_filed,),
    matter_events.MatterDispatched: (matter_jobs.tell_dispatched,),
    matter_events.MatterReturned: (matter_jobs.tell_returned,),
    matter_events.ReturnDecided: (matter_jobs.tell_return_decided,),
    matter_events.ExtensionAsked: (matter_jobs.tell_extension_asked,),
    matter_events.ExtensionDecided: (matter_jobs.tell_extension_decided,),
    matter_events.MatterCompleted: (matter_jobs.tell_completed,),
    matter_events.MatterSentBack: (matter_jobs.tell_sent_back,),
    matter_events.MatterReopened: (matter_jobs.tell_reopened,),
    matter_events.MatterClosed: (matter_jobs.tell_closed,),
    matter_events.MatterPutOnBooks: (matter_jobs.tell_on_books,),
    matter_events.MatterUrged: (matter_jobs.tell_urged,),
    OpinionRoundOpened: (tell_round_opened,),
    EditionIssued: (tell_edition_issued,),
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
