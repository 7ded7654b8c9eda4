"""One meeting: planned, changed, held; its page."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.forms import BaseForm, Form
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from shiyu.documents.queries import documents_of
from shiyu.documents.serving import file_response
from shiyu.kernel.spec.meetings import MeetingKind
from shiyu.lib import clock
from shiyu.lib.errors import NotAllowed, NotVisible, Refusal, UserError
from shiyu.lib.requests import WorkRequest
from shiyu.matters.kinds import language
from shiyu.meetings import actions, forms
from shiyu.meetings.access import SUBJECT_MEETING, can, kind_of_meeting, kinds_held_by, visible_meeting
from shiyu.meetings.actions.meetings import Came
from shiyu.meetings.models import Attendance, Meeting
from shiyu.meetings.queries import attendances_of, became_of, decisions_of, meeting_before, points_of
from shiyu.meetings.queries.decisions import named_as
from shiyu.meetings.queries.desk import is_session
from shiyu.meetings.queries.left_out import overdue_left_out
from shiyu.meetings.queries.meetings import holders_not_asked
from shiyu.meetings.queries.minutes import minutes_file
from shiyu.people.models import Unit
from shiyu.ui.forms import refuse
from shiyu.ui.sheets import as_download

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

FIELDS = {"lead_unit_id": "lead_unit", "unit_id": "unit"}
"""An action's fields as the forms call them."""


def blame(form: BaseForm, error: UserError) -> None:
    """Puts an action's error beside its field."""
    error.field = FIELDS.get(error.field or "", error.field or "") or None
    refuse(form, error)


@require_http_methods(["GET", "POST"])
@login_required
def meeting_new(request: WorkRequest) -> HttpResponse:
    """Plan a meeting; `?kind=` and `?unit=` fill it in, as the desk's suggestion does."""
    actor = request.actor
    if not can(actor, "run"):
        raise NotAllowed(_("Your posts do not include this right."))
    units = list(
        Unit.objects.filter(pk__in=actor.units_with("meeting.run")).select_related("area").by_protocol()
    )
    kinds = {code: kind for unit in units for code, kind in kinds_held_by(unit).items()}
    given = {"held_on": clock.today(), "kind": request.GET.get("kind"), "unit": request.GET.get("unit")}
    initial = {name: value for name, value in given.items() if value}
    data = request.POST if request.method == "POST" else None
    form = forms.MeetingForm(data, units=units, kinds=kinds, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            meeting = actions.plan_meeting(actor, **form.given())
            return redirect("meeting_detail", meeting_id=meeting.pk)
        except Refusal:
            raise
        except UserError as error:
            blame(form, error)
    context = {"form": form, "title": _("Plan a meeting"), "cancel_url": reverse("meeting_list")}
    return render(request, "ui/form.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@login_required
def meeting_detail(request: WorkRequest, meeting_id: UUID) -> HttpResponse:
    """One meeting: what became of the last one's decisions, its agenda, its own decisions, who came, its minutes."""
    meeting = visible_meeting(request.actor, meeting_id)
    if request.method == "POST":
        return _change(request, meeting, "minutes" if "minutes" in request.POST else "decide")
    return show(request, meeting)


@require_POST
@login_required
def meeting_change(request: WorkRequest, meeting_id: UUID, change: str) -> HttpResponse:
    """Changes a meeting: what is missing is said beside its field, on the same page."""
    return _change(request, visible_meeting(request.actor, meeting_id), change)


def _change(request: WorkRequest, meeting: Meeting, change: str) -> HttpResponse:
    if change not in CHANGES:
        raise Http404
    if not can(request.actor, "run", meeting):
        raise NotAllowed(_("Only the unit that holds a meeting changes it."))
    make, do, done = CHANGES[change]
    form = make(request, meeting)
    if form is None or form.is_valid():
        try:
            do(request, meeting, form)
        except Refusal:
            raise
        except UserError as error:
            if form is None or isinstance(form, _Attendances):
                messages.error(request, str(error))
                return redirect("meeting_detail", meeting_id=meeting.pk)
            blame(form, error)
        else:
            messages.success(request, str(done()))
            return redirect("meeting_detail", meeting_id=meeting.pk)
    return show(request, meeting, {change: form}, 422)


def show(
    request: WorkRequest, meeting: Meeting, bound: dict[str, Any] | None = None, status: int = 200
) -> HttpResponse:
    """The page of a meeting; `bound` holds a form that was refused, with what was typed."""
    kind = kind_of_meeting(meeting)
    may_run = can(request.actor, "run", meeting)
    context = {
        "meeting": meeting,
        "kind_label": kind.label.text(language()) if kind else "",
        "today": clock.today(),
        "may_run": may_run,
        "before": meeting_before(meeting),
        "before_decisions": became_of(meeting),
        "decisions": decisions_of(meeting.pk),
        "files": documents_of(SUBJECT_MEETING, [meeting.pk]).get(meeting.pk, []),
        **_forms(request, meeting, may_run, bound or {}),
    }
    if not is_session(kind):
        return render(request, "meetings/meeting_detail.html", context, status=status)
    points = points_of(request.actor, meeting, all_=True)
    attended = attendances_of(meeting)
    names = {point.row.matter_id: point.title for point in points if point.row.matter_id}
    context |= {
        "decisions": named_as(context["decisions"], names),
        "before_decisions": named_as(context["before_decisions"], names),
        **_left_out(request, meeting, kind),
        "points": [point for point in points if not point.row.taken_off],
        "taken_off": [point for point in points if point.row.taken_off],
        "attended": attended,
        "rows": _attendance_rows(attended, (bound or {}).get("attendance")),
        "holders": holders_not_asked(meeting) if may_run and meeting.state == "planned" else [],
        "has_come": meeting.held_on <= clock.today(),
    }
    return render(request, "meetings/session_detail.html", context, status=status)


def _left_out(request: WorkRequest, meeting: Meeting, kind: MeetingKind | None) -> dict[str, Any]:
    """Overdue matters that are not on a planned agenda, each with the reason."""
    if kind is None or meeting.state != Meeting.State.PLANNED:
        return {}
    rows, count = overdue_left_out(request.actor, meeting, kind)
    return {"left_out": rows, "left_out_count": count}


def _forms(request: WorkRequest, meeting: Meeting, may_run: bool, bound: dict[str, Any]) -> dict[str, Any]:
    """The forms of the page for who runs the meeting."""
    if not may_run:
        return {}
    held = {"held_on": meeting.held_on, "place": meeting.place, "chair": meeting.chair}
    asked = meeting.attendances.filter(is_standing=False).values_list("unit_id", flat=True)
    fresh: dict[str, dict[str, Any]] = {
        "minutes": {"initial": {**held, "minutes": meeting.minutes}},
        "decide": {},
        "hold": {"initial": held},
        "move": {"initial": held},
        "circulate": {},
        "add": {},
        "invite": {"initial": {"units": [str(key) for key in asked]}},
        "call-off": {},
    }
    made = {name: bound.get(name) or _form(name, **more) for name, more in fresh.items()}
    return {f"{name.replace('-', '_')}_form": form for name, form in made.items()}


FORMS: dict[str, type[Form]] = {
    "minutes": forms.MinutesForm,
    "decide": forms.DecisionForm,
    "hold": forms.HeldForm,
    "move": forms.HeldForm,
    "circulate": forms.CirculateForm,
    "add": forms.PointForm,
    "invite": forms.InviteForm,
    "call-off": forms.ReasonForm,
}
"""The form of each change that asks for something."""


def _form(change: str, *data: Any, **more: Any) -> Form:
    """A change's form; several stand on one page, so their fields' ids begin with the change."""
    return FORMS[change](*data, **{"auto_id": f"{change}_%s", **more})


def _posted(change: str) -> Callable[[WorkRequest, Meeting], Form]:
    return lambda request, meeting: _form(change, request.POST, request.FILES)


def _attendance_rows(attended: list[Attendance], refused: Any = None) -> list[tuple[Attendance, Any]]:
    """Each unit with its own little form."""
    return [
        (row, (refused.forms.get(str(row.pk)) if refused else None) or _attendance_form(row))
        for row in attended
    ]


def _attendance_form(row: Attendance, data: Any = None) -> forms.AttendanceForm:
    return forms.AttendanceForm(data, prefix=str(row.pk), initial={"came": row.came, "post": row.post})


class _Attendances:
    """The forms of all units as one."""

    def __init__(self, request: WorkRequest, meeting: Meeting) -> None:
        rows = [row for row in meeting.attendances.all() if f"{row.pk}-came" in request.POST]
        self.forms = {str(row.pk): _attendance_form(row, request.POST) for row in rows}
        self.fields: dict[str, Any] = {}

    def is_valid(self) -> bool:
        """Whether every row is."""
        checked = [
            form.is_valid() for form in self.forms.values()
        ]  # every one, so that each shows its errors
        return all(checked)

    def given(self) -> dict[UUID, Came]:
        """Attendance → how."""
        return {UUID(key): Came(**form.cleaned_data) for key, form in self.forms.items()}


def _decide(request: WorkRequest, meeting: Meeting, form: Any) -> None:
    given = form.cleaned_data
    actions.record_decision(
        request.actor,
        meeting.pk,
        text=given["text"],
        lead_unit_id=given["lead_unit"].pk,
        supporting_unit_ids=[unit.pk for unit in given["supporting_units"]],
        due_on=given["due_on"],
    )


def _invite(request: WorkRequest, meeting: Meeting, form: Any) -> None:
    actions.invite_units(request.actor, meeting.pk, [UUID(unit) for unit in form.cleaned_data["units"]])


def _ask_holders(request: WorkRequest, meeting: Meeting, form: Any) -> None:
    asked = list(meeting.attendances.filter(is_standing=False).values_list("unit_id", flat=True))
    actions.invite_units(
        request.actor, meeting.pk, [*asked, *(unit.pk for unit in holders_not_asked(meeting))]
    )


Change = tuple[
    Callable[[WorkRequest, Meeting], Any], Callable[[WorkRequest, Meeting, Any], Any], Callable[[], str]
]

CHANGES: dict[str, Change] = {
    "minutes": (
        _posted("minutes"),
        lambda r, m, f: actions.hold_meeting(r.actor, m.pk, **f.cleaned_data),
        lambda: _("The minutes are entered."),
    ),
    "decide": (
        _posted("decide"),
        _decide,
        lambda: _("The decision is entered; it comes back at the next meeting."),
    ),
    "hold": (
        _posted("hold"),
        lambda r, m, f: actions.hold_meeting(r.actor, m.pk, **f.cleaned_data),
        lambda: _("It is entered as held; the agenda is fixed. Now enter who came and what was decided."),
    ),
    "move": (
        _posted("move"),
        lambda r, m, f: actions.move_meeting(r.actor, m.pk, **f.cleaned_data),
        lambda: _("Day, place and chair are kept."),
    ),
    "draw": (
        lambda r, m: None,
        lambda r, m, f: actions.draw_agenda(r.actor, m.pk),
        lambda: _("The agenda is drawn anew."),
    ),
    "add": (
        _posted("add"),
        lambda r, m, f: actions.add_point(r.actor, m.pk, **f.cleaned_data),
        lambda: _("It is on the agenda."),
    ),
    "invite": (
        _posted("invite"),
        _invite,
        lambda: _("The units asked to come are kept."),
    ),
    "ask-holders": (lambda r, m: None, _ask_holders, lambda: _("The units asked to come are kept.")),
    "attendance": (
        _Attendances,
        lambda r, m, f: actions.record_attendance(r.actor, m.pk, f.given()),
        lambda: _("Attendance is entered."),
    ),
    "circulate": (
        _posted("circulate"),
        lambda r, m, f: actions.circulate_minutes(r.actor, m.pk, upload=f.cleaned_data["edited"]),
        lambda: _("The minutes went round."),
    ),
    "call-off": (
        _posted("call-off"),
        lambda r, m, f: actions.call_off_meeting(r.actor, m.pk, **f.cleaned_data),
        lambda: _("The meeting is called off; its units are told."),
    ),
}
"""Change of the address → the form it takes (None: a button alone), what it does, what is said then."""


@require_GET
@login_required
def meeting_minutes(request: WorkRequest, meeting_id: UUID) -> HttpResponse:
    """The minutes in Word, once the meeting was held."""
    meeting = visible_meeting(request.actor, meeting_id)
    if not meeting.is_held:
        raise Http404
    name, content = minutes_file(meeting)
    return as_download(content, name, WORD)


@require_GET
@login_required
def meeting_file(request: WorkRequest, meeting_id: UUID, document_id: UUID) -> HttpResponseBase:
    """Minutes that went round, for whoever sees the meeting."""
    meeting = visible_meeting(request.actor, meeting_id)
    found = documents_of(SUBJECT_MEETING, [meeting.pk]).get(meeting.pk, [])
    document = next((one for one in found if one.pk == document_id), None)
    if document is None:
        raise NotVisible(_("There is no such file."))
    return file_response(document)
