"""Who hears what, on one screen.

NOW: invariants between apps, in the same transaction, one level deep.
LATER: jobs, queued in the same transaction as the change, given the event's fields as plain JSON values.
PERIODIC: what is done by the clock, with the window since its last good run. LONG: work a person asks for and leaves.
PANELS: what a later package shows on the page of an earlier one's row, in the order shown.
HANDOVERS: what packages keep in a person's own name, and how it goes on when the person leaves a post.
SUBJECTS: what a letter may be about, and its package's word on who may write one.
"""

from collections.abc import Callable, Iterable
from typing import Any

from django.utils.translation import gettext_lazy as _
from procrastinate import JobContext, RetryStrategy
from procrastinate.contrib.django import app as jobs

from shiyu.audit.jobs import Long, Periodic, Slots, connect_jobs, export_head, hear_once, run_one
from shiyu.audit.jobs import tidy as tidy_audit
from shiyu.desk import jobs as desk_jobs
from shiyu.exchange import jobs as exchange_jobs
from shiyu.exchange.actions.tokens import revoke_all_tokens
from shiyu.letters import events as letter_events
from shiyu.letters import jobs as letter_jobs
from shiyu.letters.access import Check, connect_subjects
from shiyu.lib import events
from shiyu.matters import access as matter_access
from shiyu.matters import events as matter_events
from shiyu.matters import jobs as matter_jobs
from shiyu.matters import panels as matter_panels
from shiyu.matters.actions import letter_effects
from shiyu.matters.actions.keys import destroy_due_keys
from shiyu.matters.actions.orders import work as order_work
from shiyu.matters.actions.orders.handover import TABLES
from shiyu.matters.actions.progress import forget_tries
from shiyu.matters.actions.recompute import recompute_after_loading
from shiyu.matters.actions.versions import keep_kinds_at_work
from shiyu.mediation import events as mediation_events
from shiyu.mediation import jobs as mediation_jobs
from shiyu.mediation import panels as mediation_panels
from shiyu.mediation.actions.closing import refuse_closing_unagreed, refuse_completing_unagreed
from shiyu.meetings import events as meeting_events
from shiyu.meetings import jobs as meeting_jobs
from shiyu.meetings.panels import matter_panel as meetings_of_matter
from shiyu.notices import jobs as notice_jobs
from shiyu.packs.events import PackLoaded
from shiyu.people import events as people_events
from shiyu.people import jobs as people_jobs
from shiyu.people.actions.deputies import STANDING_IN
from shiyu.people.actions.handover import Handover, connect_handovers
from shiyu.periods import access as period_access
from shiyu.plans import access as plan_access
from shiyu.plans import jobs as plan_jobs
from shiyu.plans.actions.decisions import make_decision_duties
from shiyu.plans.actions.handover import DUTIES
from shiyu.plans.actions.plan_notices import tell_edition_issued, tell_edition_submitted, tell_round_opened
from shiyu.plans.actions.report_joining import join_open_reports
from shiyu.plans.actions.report_notices import (
    tell_lines_changed,
    tell_report_moved,
    tell_reports_opened,
    tell_reports_reminded,
)
from shiyu.plans.events import (
    EditionIssued,
    EditionSubmitted,
    OpinionRoundOpened,
    ReportLinesChanged,
    ReportMoved,
    ReportsOpened,
    ReportsReminded,
)
from shiyu.surge import events as surge_events
from shiyu.surge import jobs as surge_jobs
from shiyu.surge import panels as surge_panels
from shiyu.surge.actions.taking_in import take_in_filed, take_in_imported
from shiyu.ui.panels import Maker, connect_panels

Payload = dict[str, Any]

NOW: dict[type, tuple[Callable[[Any], None], ...]] = {
    meeting_events.DecisionRecorded: (make_decision_duties,),
    EditionIssued: (join_open_reports,),
    letter_events.LetterIssued: (letter_effects.letter_issued,),
    letter_events.LetterReplied: (letter_effects.letter_replied,),
    letter_events.LetterWithdrawn: (letter_effects.letter_withdrawn,),
    PackLoaded: (keep_kinds_at_work, recompute_after_loading),
    people_events.PasswordReset: (revoke_all_tokens,),
    matter_events.MatterFiled: (take_in_filed,),
    matter_events.MatterClosed: (refuse_closing_unagreed,),
    matter_events.AssignmentCompleted: (refuse_completing_unagreed,),
    matter_events.MatterCompleted: (refuse_completing_unagreed,),
    matter_events.OrdersImported: (take_in_imported,),
}

LATER: dict[type, tuple[Callable[[Payload], None], ...]] = {
    letter_events.LetterIssued: (letter_jobs.tell_letter_issued,),
    letter_events.LetterReplied: (letter_jobs.tell_letter_replied,),
    letter_events.LetterCirculated: (letter_jobs.tell_letter_circulated,),
    letter_events.LetterUrged: (letter_jobs.tell_letter_urged,),
    letter_events.ReplyJudged: (letter_jobs.tell_reply_judged,),
    letter_events.LetterWithdrawn: (letter_jobs.tell_letter_withdrawn,),
    letter_events.InstructionRegistered: (letter_jobs.tell_instruction_registered,),
    letter_events.InstructionReplied: (letter_jobs.tell_instruction_replied,),
    matter_events.MatterFiled: (matter_jobs.tell_filed,),
    matter_events.OrdersImported: (matter_jobs.tell_orders_imported,),
    matter_events.MatterDispatched: (matter_jobs.settle_filed, matter_jobs.tell_dispatched),
    matter_events.MatterRefused: (matter_jobs.settle_filed,),
    matter_events.MatterReturned: (matter_jobs.tell_returned,),
    matter_events.ReturnDecided: (matter_jobs.tell_return_decided,),
    matter_events.ExtensionAsked: (matter_jobs.tell_extension_asked,),
    matter_events.ExtensionDecided: (matter_jobs.tell_extension_decided,),
    matter_events.MatterCompleted: (matter_jobs.tell_completed,),
    matter_events.MatterSentBack: (matter_jobs.tell_sent_back,),
    matter_events.MatterReopened: (matter_jobs.tell_reopened,),
    matter_events.MatterClosed: (matter_jobs.settle_filed, matter_jobs.tell_closed),
    matter_events.MatterPutOnBooks: (matter_jobs.tell_on_books,),
    matter_events.MatterUrged: (matter_jobs.tell_urged,),
    matter_events.DisputeLifted: (matter_jobs.tell_dispute_lifted,),
    mediation_events.MediationOpened: (mediation_jobs.tell_opened,),
    mediation_events.MediationEnded: (mediation_jobs.tell_ended,),
    meeting_events.MeetingPlanned: (meeting_jobs.tell_planned,),
    meeting_events.MeetingCalledOff: (meeting_jobs.tell_called_off,),
    meeting_events.MeasureDecided: (meeting_jobs.tell_measure,),
    meeting_events.MatterLifted: (meeting_jobs.tell_lifted,),
    meeting_events.MatterWatched: (meeting_jobs.tell_watched,),
    meeting_events.DecisionCompleted: (meeting_jobs.tell_completed,),
    meeting_events.MinutesCirculated: (meeting_jobs.tell_minutes,),
    people_events.PostHandedOver: (notice_jobs.tell_handed_over,),
    OpinionRoundOpened: (tell_round_opened,),
    EditionSubmitted: (tell_edition_submitted,),
    EditionIssued: (tell_edition_issued,),
    ReportsOpened: (tell_reports_opened,),
    ReportLinesChanged: (tell_lines_changed,),
    ReportsReminded: (tell_reports_reminded,),
    ReportMoved: (tell_report_moved,),
    surge_events.SurgeOpened: (surge_jobs.tell_surge,),
    surge_events.OrderIssued: (surge_jobs.tell_orders,),
    surge_events.MatterTakenOut: (surge_jobs.tell_taken_out,),
}

# Other systems are told of these events, too, each by a handler of its own (exchange.jobs).
for _event, _tell_systems in exchange_jobs.HEARD.items():
    LATER[_event] = (*LATER.get(_event, ()), _tell_systems)

# In the order in which they run when several are due, as after a stop.
PERIODIC: tuple[Periodic, ...] = (
    Periodic("audit.export_head", _("Keep the newest seal outside the database"), Slots("hour"), export_head),
    Periodic("plans.open_month", _("Open the month's reports"), Slots("month", 7), plan_jobs.open_this_month),
    Periodic("plans.remind", _("Remind of reports before and after their day"), Slots("day", 7, 30), plan_jobs.remind),
    Periodic("matters.grade", _("Grade open matters anew"), Slots("day", 7, 32), matter_jobs.grade_open),
    Periodic("matters.climb", _("Lift matters by their climb rules"), Slots("day", 7, 35), matter_jobs.climb_by_rule),
    Periodic("matters.disputes", _("Pass on disputes over competence nobody decided"), Slots("day", 7, 36), matter_jobs.lift_disputes),
    Periodic("matters.follow_up", _("Tell of follow-ups that are due"), Slots("day", 7, 38), matter_jobs.tell_follow_ups),
    Periodic("matters.remind", _("Tell of matters due soon and overdue"), Slots("day", 7, 40), matter_jobs.tell_due),
    Periodic("surge.remind", _("Tell of emergency responses whose last day is over"), Slots("day", 0, 5), surge_jobs.tell_expired),
    Periodic("mediation.remind", _("Remind of confirmations, look-backs and long mediations"), Slots("day", 7, 42), mediation_jobs.remind),
    Periodic("meetings.remind", _("Tell of decisions and reviews that are due"), Slots("day", 7, 44), meeting_jobs.remind),
    Periodic("letters.remind", _("Tell of replies to letters that are due and overdue"), Slots("day", 7, 50), letter_jobs.tell_due),
    Periodic("notices.tell_head", _("Tell the audit administrators the newest seal"), Slots("day", 8), notice_jobs.tell_head),
    Periodic("matters.destroy_keys", _("Delete personal data whose time is over"), Slots("day", 2, 30), destroy_due_keys),
    Periodic("matters.forget_tries", _("Forget old wrong PINs"), Slots("day", 3, 20), forget_tries),
    Periodic("matters.forget_order_files", _("Delete tables of work orders nobody took over"), Slots("day", 3, 30), order_work.forget_files),
    Periodic("audit.tidy", _("Forget old form keys and job records"), Slots("day", 3), tidy_audit),
    Periodic("exchange.tidy", _("Forget old deliveries and kept answers"), Slots("day", 3, 30), exchange_jobs.tidy),
    Periodic("people.tidy", _("Forget old sessions and wrong sign-ins"), Slots("day", 3, 10), people_jobs.tidy),
)  # fmt: skip

LONG: tuple[Long, ...] = (
    Long("desk.archive_lists", _("Lists of all units in one archive"), desk_jobs.archive_lists),
    Long("matters.check_orders", _("Check a table of work orders"), order_work.check),
    Long("matters.take_orders", _("Take over a table of work orders"), order_work.take),
    Long("matters.export_orders", _("Export work orders"), order_work.export),
)

PANELS: dict[str, tuple[Maker, ...]] = {
    "matters.matter": (
        matter_panels.orders_panel,
        mediation_panels.matter_mediation,
        surge_panels.clock_panel,
        meetings_of_matter,
    ),
    "ui.page": (surge_panels.banner,),
}

HANDOVERS: tuple[Handover, ...] = (STANDING_IN, DUTIES, TABLES)

SUBJECTS: dict[str, Check] = {
    matter_access.SUBJECT: matter_access.may_write_about,
    "plans.opinionround": plan_access.may_ask_by_letter,
    "periods.period": period_access.may_write_about,
}


def connect(*, at_once: bool = False) -> None:
    """Install the maps; called once, when Django is ready.

    `at_once`: LATER handlers run within the emitting transaction instead of as jobs, as the demo's simulated year
    needs it (its notices carry the simulated day).
    """
    named = {kind: tuple(_name(handler) for handler in handlers) for kind, handlers in LATER.items()}
    events.connect(NOW, named, _tell if at_once else _defer)
    connect_jobs(PERIODIC, LONG, run_one if at_once else _queue)
    connect_panels(PANELS)
    connect_handovers(HANDOVERS)
    connect_subjects(SUBJECTS)


def _tell(names: Iterable[str], event: str, payload: Payload) -> None:
    known = {_name(function): function for handlers in LATER.values() for function in handlers}
    for name in names:
        known[name](payload)


def _name(handler: Callable[[Payload], None]) -> str:
    return f"{handler.__module__}.{handler.__name__}"


# Of handlers that may have nobody to tell: asked before a job is queued.
_WANTED: dict[str, Callable[[], bool]] = {
    _name(handler): handler.is_wanted  # type: ignore[attr-defined]
    for handlers in LATER.values()
    for handler in handlers
    if hasattr(handler, "is_wanted")
}


def _defer(names: Iterable[str], event: str, payload: Payload) -> None:
    wanted = (name for name in names if name not in _WANTED or _WANTED[name]())
    given: list[dict[str, Any]] = [{"handler": name, "event": event, "payload": payload} for name in wanted]
    if given:
        hear.batch_defer(*given)


# Seconds at first, then minutes, in all about an hour and a half: a database or a mail host is away for that long at most.
PATIENT = RetryStrategy(max_attempts=6, exponential_wait=4)


@jobs.task(name="hear", queue="events", retry=PATIENT, pass_context=True)
def hear(context: JobContext, handler: str, event: str, payload: Payload) -> None:
    """Job: give an event to one of its LATER handlers, once, even where its worker is killed in the middle."""
    hear_once(context.job.id or 0, lambda: _tell((handler,), event, payload))


def _queue(run_id: str) -> None:
    run.defer(run_id=run_id)


@jobs.task(name="run", queue="long")
def run(run_id: str) -> None:
    """Job: long work, or a periodic job that somebody wants now."""
    run_one(run_id)
