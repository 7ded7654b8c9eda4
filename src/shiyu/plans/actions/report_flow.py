"""A report's way: the unit sends it, its leader reviews, the office signs off or returns it; reminding."""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from django.utils.translation import gettext as _

from shiyu.audit.actions import action, record
from shiyu.kernel.actor import Actor
from shiyu.lib import clock
from shiyu.lib.errors import Conflict, NotAllowed, UserError
from shiyu.lib.events import emit
from shiyu.meetings.models import Decision
from shiyu.periods.actions import cycle_of, share_period
from shiyu.periods.models import Period
from shiyu.plans.access import can_fill
from shiyu.plans.actions.reports import fillable_report, held_report, task_words
from shiyu.plans.events import ReportMoved, ReportsReminded
from shiyu.plans.models import Duty, Edition, Report, ReportEntry
from shiyu.plans.queries.cycle_fields import labels_missing
from shiyu.plans.queries.task_facts import editions_on

State = Report.State


def has_review() -> bool:
    """Whether the pack's cycle has a review inside the unit before a report leaves it."""
    cycle = cycle_of(Period.Kind.MONTH)
    return cycle is not None and any(step.code == "review" for step in cycle.sign_off)


@action("plans.send_for_review")
def send_for_review(actor: Actor, report_id: UUID) -> Report:
    """The liaison sends the filled report to the leader in charge; without a review step it is submitted at once.

    Raises UserError naming the entries that are still open.
    """
    report = fillable_report(actor, report_id)
    if not can_fill(actor, report.unit_id):
        raise NotAllowed(_("Sending the report is the liaison's; your office fills in its own part."))
    empty = [
        task_words(row)
        for row in report.entries.filter(is_filled=False, dropped_on=None).select_related(
            "duty__task", "duty__decision"
        )
    ]
    if empty:
        raise UserError(
            _("%(n)s entries are still open: %(tasks)s. Fill them in or mark “no change”.")
            % {"n": len(empty), "tasks": "；".join(empty[:8])}
        )
    _refuse_missing(report)
    report.filled_by, report.filled_by_id = actor.name[:60], actor.user_id
    report.return_reason = ""
    if has_review():
        report.state = State.IN_REVIEW
    else:
        _submit(report)
    report.save()
    record(report, {"period": report.period.code, "state": report.state})
    _tell(report)
    return report


def _refuse_missing(report: Report) -> None:
    """Raises UserError naming entry and field where the pack's cycle requires a field that is empty."""
    rows = report.entries.filter(dropped_on=None).select_related("duty__task", "duty__decision")
    missing = {task_words(row): labels for row in rows if (labels := labels_missing(row))}
    if missing:
        tasks = "；".join(f"{task}（{'、'.join(labels)}）" for task, labels in list(missing.items())[:8])
        raise UserError(
            _("%(n)s entries lack what must be filled in before sending: %(tasks)s.")
            % {"n": len(missing), "tasks": tasks}
        )


@action("plans.take_back_report")
def take_back_report(actor: Actor, report_id: UUID) -> Report:
    """The liaison takes the report back from review, or from the office before it was signed off."""
    report = held_report(actor, report_id)
    if not can_fill(actor, report.unit_id):
        raise NotAllowed(_("Your posts do not include this right."))
    if report.period.is_locked or report.state not in (State.IN_REVIEW, State.SUBMITTED):
        raise Conflict(_("Only a report in review or waiting for the office can be taken back."))
    report.state = State.FILLING
    report.save(update_fields=["state"])
    record(report, {"period": report.period.code, "state": report.state})
    return report


@action("plans.review_report")
def review_report(actor: Actor, report_id: UUID, approve: bool, reason: str = "") -> Report:
    """The unit's leader in charge lets the report leave, or gives it back to the liaison with a reason."""
    report = held_report(actor, report_id)
    if not actor.has("report.review", report.unit_id):
        raise NotAllowed(_("Only the leader in charge inside the unit reviews its report."))
    _must_be(report, State.IN_REVIEW)
    report.reviewed_by, report.reviewed_by_id = actor.name[:60], actor.user_id
    if approve:
        _submit(report)
    else:
        _give_back(report, reason)
    report.save()
    record(report, {"period": report.period.code, "state": report.state}, reason=reason.strip())
    _tell(report)
    return report


@action("plans.return_report")
def return_report(actor: Actor, report_id: UUID, reason: str) -> Report:
    """The office returns a report with a reason; the unit puts it right and sends it again."""
    report = held_report(actor, report_id)
    _need_sign_off(actor)
    _must_be(report, State.SUBMITTED, State.SIGNED_OFF)
    if report.state == State.SIGNED_OFF:
        _unmark_done(report)
    _give_back(report, reason)
    report.signed_off_at = report.signed_off_by_id = None
    report.save()
    record(report, {"period": report.period.code, "state": report.state}, reason=reason.strip())
    _tell(report)
    return report


@action("plans.sign_off_reports")
def sign_off_reports(actor: Actor, report_ids: Iterable[UUID]) -> list[Report]:
    """The office signs off submitted reports, all or none; what was reported as done is done from then on."""
    _need_sign_off(actor)
    wanted = list(dict.fromkeys(report_ids))
    months = Report.objects.filter(pk__in=wanted).order_by("period_id").values_list("period_id", flat=True)
    periods = {key: share_period(key) for key in months.distinct()}
    rows = Report.objects.select_for_update(of=("self",)).select_related("unit").filter(pk__in=wanted)
    reports = list(rows.order_by("unit__protocol_order"))
    if not reports:
        raise UserError(_("Choose at least one report."))
    for report in reports:
        report.period = periods[report.period_id]
        _must_be(report, State.SUBMITTED)
        report.state, report.signed_off_at, report.signed_off_by_id = (
            State.SIGNED_OFF,
            clock.now(),
            actor.user_id,
        )
    Report.objects.bulk_update(reports, ["state", "signed_off_at", "signed_off_by_id"])
    done = _mark_done(reports)
    changes = {
        "reports": [str(report.pk) for report in reports],
        "units": [report.unit.name for report in reports],
    }
    record(reports[0], {"period": reports[0].period.code, **changes, "duties_done": done})
    for report in reports:
        _tell(report)
    return reports


def _mark_done(reports: list[Report]) -> int:
    """Set `done_on` of dated duties and decisions reported as done: the day the report left the unit, at the latest
    the month's last day. A later edition's duty of the same task and unit is done with it. Returns how many."""
    by_id = {report.pk: report for report in reports}
    entries = ReportEntry.objects.filter(report__in=reports, status=ReportEntry.Status.DONE)
    entries = entries.select_related("duty__task__edition", "duty__decision")
    duties: dict[UUID, Duty] = {}
    decisions: list[Decision] = []
    for entry in entries:
        duty = entry.duty
        if duty.done_on or not (duty.decision or duty.due_on or (duty.task and duty.task.due_on)):
            continue
        duty.done_on = done_day(by_id[entry.report_id])
        duties[duty.pk] = duty
        if duty.decision is not None and duty.role == Duty.Role.LEAD and duty.decision.done_on is None:
            duty.decision.done_on = duty.done_on
            decisions.append(duty.decision)
    for later in _same_in_force([duty for duty in duties.values() if duty.task_id]):
        duties.setdefault(later.pk, later)
    Duty.objects.bulk_update(duties.values(), ["done_on"])
    Decision.objects.bulk_update(decisions, ["done_on"])
    return len(duties)


def _unmark_done(report: Report) -> None:
    """A signed-off report goes back: what it had made done is open again, in later editions too."""
    day = done_day(report)
    rows = report.entries.filter(status=ReportEntry.Status.DONE, duty__done_on=day)
    duties = [row.duty for row in rows.select_related("duty__task__edition", "duty__decision")]
    keys = {(duty.task.edition.plan_id, duty.task.key) for duty in duties if duty.task}
    later = Duty.objects.filter(
        unit_id=report.unit_id, done_on=day, task__key__in=[key for _plan, key in keys]
    )
    same = [
        row
        for row in later.select_related("task__edition")
        if row.task and (row.task.edition.plan_id, row.task.key) in keys
    ]
    Duty.objects.filter(pk__in=[duty.pk for duty in (*duties, *same)]).update(done_on=None)
    led = [duty.decision_id for duty in duties if duty.decision_id and duty.role == Duty.Role.LEAD]
    Decision.objects.filter(pk__in=led, done_on=day).update(done_on=None)


def done_day(report: Report) -> date:
    """The day its texts speak of: when it left the unit, at the latest the month's last day."""
    left = clock.local(report.submitted_at).date() if report.submitted_at else clock.today()
    return min(left, report.period.ends_on)


def _same_in_force(duties: list[Duty]) -> list[Duty]:
    """Open duties of the same task and unit in the editions in force, given the same day."""
    days = {
        (duty.task.edition.plan_id, duty.task.key, duty.unit_id): duty.done_on for duty in duties if duty.task
    }
    keys = {key for _plan, key, _unit in days}
    editions = Edition.objects.filter(editions_on(clock.today())).values("pk")
    rows = Duty.objects.filter(task__key__in=keys, task__edition__in=editions, done_on=None)
    found = []
    for row in rows.select_related("task__edition"):
        day = days.get((row.task.edition.plan_id, row.task.key, row.unit_id)) if row.task else None
        if day:
            row.done_on = day
            found.append(row)
    return found


@action("plans.remind_units")
def remind_units(actor: Actor, period_id: UUID, unit_ids: Iterable[UUID] | None = None) -> list[UUID]:
    """Remind units (those named, else all) whose report has not left them; their liaisons get a notice."""
    _need_sign_off(actor)
    period = Period.objects.filter(pk=period_id).first()
    if period is None or period.is_locked:
        raise UserError(_("Only units of an open month can be reminded."))
    rows = period.reports.filter(state__in=[State.FILLING, State.IN_REVIEW, State.RETURNED])
    if unit_ids is not None:
        rows = rows.filter(unit_id__in=list(unit_ids))
    units = list(rows.order_by("unit__protocol_order").values_list("unit_id", flat=True))
    if not units:
        raise UserError(_("Nobody needs a reminder: every report has left its unit."))
    record(period, {"reminded": [str(key) for key in units]})
    emit(ReportsReminded(period.pk, period.code, tuple(units), period.due_on))
    return units


def _submit(report: Report) -> None:
    now = clock.now()
    report.state, report.submitted_at = State.SUBMITTED, now
    if report.first_submitted_at is None:
        report.first_submitted_at = now


def _give_back(report: Report, reason: str) -> None:
    if len(reason.strip()) < 2:
        raise UserError(_("Say what has to be put right."), field="reason")
    report.state, report.return_reason = State.RETURNED, reason.strip()


def _must_be(report: Report, *states: str) -> None:
    if report.period.is_locked:
        raise Conflict(
            _("%(code)s is locked; its reports can no longer be changed.") % {"code": report.period.code}
        )
    if report.state not in states:
        raise Conflict(_("%(unit)s: the report is not at this step any more.") % {"unit": report.unit.name})


def _need_sign_off(actor: Actor) -> None:
    if not actor.has("report.sign_off"):
        raise NotAllowed(_("Only the office signs reports off."))


def _tell(report: Report) -> None:
    emit(ReportMoved(report.pk, report.unit_id, report.period.code, report.state, report.return_reason[:100]))
