"""Meetings: the list, one meeting, entering decisions."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from shiyu.lib import clock
from shiyu.lib.errors import NotAllowed, NotVisible, Refusal, UserError
from shiyu.lib.requests import WorkRequest
from shiyu.meetings import actions, queries
from shiyu.meetings.access import can
from shiyu.meetings.forms import DecisionForm, MeetingForm, MinutesForm
from shiyu.meetings.models import Meeting


@login_required
def meeting_list(request: WorkRequest) -> HttpResponse:
    """Meetings, newest first."""
    _need(request, "view")
    page = Paginator(queries.meetings_listed(), 50).get_page(request.GET.get("page"))
    return render(request, "meetings/meeting_list.html", {"page": page, "may_run": can(request.actor, "run")})


@login_required
def meeting_new(request: WorkRequest) -> HttpResponse:
    """Plan a meeting."""
    _need(request, "run")
    form = MeetingForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = dict(form.cleaned_data)
        period = given.pop("period")
        unit_id = next(iter(request.actor.units_with("meeting.run")))
        try:
            meeting = actions.plan_meeting(
                request.actor, unit_id=unit_id, period_id=period.pk if period else None, **given
            )
            return redirect("meeting_detail", meeting_id=meeting.pk)
        except Refusal:
            raise
        except UserError as error:
            _blame(form, error)
    return render(request, "ui/form.html", {"form": form, "title": _("Plan a meeting")})


@login_required
def meeting_detail(request: WorkRequest, meeting_id: UUID) -> HttpResponse:
    """One meeting: what became of the last one's decisions, its own, minutes; forms for those who run it."""
    _need(request, "view")
    meeting = Meeting.objects.select_related("unit", "period").filter(pk=meeting_id).first()
    if meeting is None:
        raise NotVisible(_("There is no such meeting."))
    minutes = MinutesForm(initial={"held_on": meeting.held_on, "minutes": meeting.minutes})
    decision = DecisionForm()
    if request.method == "POST":
        if "minutes" in request.POST:
            minutes = MinutesForm(request.POST)
            done = _hold(request, meeting, minutes)
        else:
            decision = DecisionForm(request.POST)
            done = _decide(request, meeting, decision)
        if done:
            return redirect("meeting_detail", meeting_id=meeting.pk)
    before = queries.meeting_before(meeting)
    context = {
        "meeting": meeting,
        "today": clock.today(),
        "decisions": queries.decisions_of(meeting.pk),
        "before": before,
        "before_decisions": queries.decisions_of(before.pk) if before else [],
        "may_run": can(request.actor, "run"),
        "minutes_form": minutes,
        "decision_form": decision,
    }
    return render(request, "meetings/meeting_detail.html", context)


def _hold(request: WorkRequest, meeting: Meeting, form: MinutesForm) -> bool:
    if not form.is_valid():
        return False
    try:
        actions.hold_meeting(request.actor, meeting.pk, **form.cleaned_data)
    except Refusal:
        raise
    except UserError as error:
        _blame(form, error)
        return False
    messages.success(request, _("The minutes are entered."))
    return True


def _decide(request: WorkRequest, meeting: Meeting, form: DecisionForm) -> bool:
    if not form.is_valid():
        return False
    given = form.cleaned_data
    try:
        actions.record_decision(
            request.actor,
            meeting.pk,
            text=given["text"],
            lead_unit_id=given["lead_unit"].pk,
            supporting_unit_ids=[unit.pk for unit in given["supporting_units"]],
            due_on=given["due_on"],
        )
    except Refusal:
        raise
    except UserError as error:
        _blame(form, error)
        return False
    messages.success(request, _("The decision is entered and is now a duty of its units."))
    return True


def _blame(form: Form, error: UserError) -> None:
    field = {"lead_unit_id": "lead_unit"}.get(error.field or "", error.field)
    form.add_error(field if field in form.fields else None, str(error))


def _need(request: WorkRequest, verb: str) -> None:
    if not can(request.actor, verb):
        raise NotAllowed(_("Your posts do not include this right."))
