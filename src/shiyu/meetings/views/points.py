"""One point of an agenda: what is known of the matter, what was said, what is decided."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from shiyu.kernel.actor import Actor
from shiyu.letters.forms import unit_choices
from shiyu.lib.errors import Conflict, NotAllowed, NotVisible, Refusal, UserError
from shiyu.lib.requests import WorkRequest
from shiyu.matters.access import can as can_matter
from shiyu.matters.access import options_of
from shiyu.matters.kinds import kind_label, kind_of, language, state_label
from shiyu.matters.models import Matter
from shiyu.matters.queries.letters import writing_unit
from shiyu.meetings import actions, forms
from shiyu.meetings.access import can, kind_of_meeting, visible_meeting
from shiyu.meetings.models import AgendaPoint, Meeting
from shiyu.meetings.queries import decisions_on_matter, points_of
from shiyu.meetings.queries.meetings import Point
from shiyu.meetings.queries.watch import entry_of, watch_rule
from shiyu.meetings.views.meetings import blame
from shiyu.packs.queries import current_pack

VERBS = {"climb": "climb", "supervise": "supervise", "take_in_charge": "take_in_charge"}
"""Rulings that are a deed of the matter: its kernel says whether the person may do it now."""


def _point(actor: Actor, point_id: UUID) -> tuple[Meeting, Point]:
    row = AgendaPoint.objects.filter(pk=point_id).first()
    if row is None:
        raise NotVisible(_("There is no such point of an agenda."))
    meeting = visible_meeting(actor, row.meeting_id)
    point = next(one for one in points_of(actor, meeting, all_=True) if one.row.pk == point_id)
    return meeting, point


@require_http_methods(["GET", "POST"])
@login_required
def meeting_point(request: WorkRequest, point_id: UUID) -> HttpResponse:
    """A point with its notes and rulings; a POST names what it enters in `do`: the notes, or a ruling."""
    actor = request.actor
    meeting, point = _point(actor, point_id)
    if request.method != "POST":
        return _show(request, meeting, point)
    if not can(actor, "run", meeting):
        raise NotAllowed(_("Only the unit that holds a meeting changes it."))
    do = request.POST.get("do", "")
    form = forms.NotesForm(request.POST) if do == "notes" else _ruling_form(meeting, point, do, request.POST)
    if form is None:
        raise Http404
    if form.is_valid():
        try:
            if isinstance(form, forms.RulingForm):
                decision = actions.decide_point(actor, point_id, form.given())
                said = _("Decision %(n)s is entered.") % {"n": decision.number}
            else:
                actions.note_point(actor, point_id, notes=form.cleaned_data["notes"])
                said = _("What was said is kept.")
        except Refusal:
            raise
        except UserError as error:
            blame(form, error)
        else:
            messages.success(request, said)
            return redirect("meeting_point", point_id)
    return _show(request, meeting, point, {do: form}, 422)


@require_POST
@login_required
def point_off(request: WorkRequest, point_id: UUID) -> HttpResponse:
    """Takes a point off the agenda, with a word why."""
    meeting, _found = _point(request.actor, point_id)
    try:
        actions.take_off_point(request.actor, point_id, word=request.POST.get("word", ""))
    except Conflict as error:
        messages.error(request, str(error))
    except Refusal:
        raise
    except UserError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("It is off the agenda; the word for it stays to be read."))
    return redirect("meeting_detail", meeting.pk)


def _show(
    request: WorkRequest,
    meeting: Meeting,
    point: Point,
    bound: dict[str, Any] | None = None,
    status: int = 200,
) -> HttpResponse:
    actor, matter, given = request.actor, point.row.matter, bound or {}
    may_enter = can(actor, "run", meeting) and meeting.is_held and not point.row.taken_off
    known = decisions_on_matter(matter) if matter else []
    context: dict[str, Any] = {
        "meeting": meeting,
        "point": point,
        "may_enter": may_enter,
        "may_run": can(actor, "run", meeting),
        "notes_form": given.get("notes") or forms.NotesForm(initial={"notes": point.row.notes}),
        "decisions": [one for one in known if one.row.point_id == point.row.pk],
    }
    if matter is not None:
        entry = entry_of(matter)
        context |= {
            "matter": matter,
            "kind_label": kind_label(matter.kind),
            "state_label": state_label(matter),
            "grade": _grade(matter),
            "entry": entry,
            "earlier": [one for one in known if one.row.meeting_id != meeting.pk],
        }
        if may_enter:
            context |= _rulings(actor, meeting, point, entry is not None, given)
    return render(request, "meetings/point_detail.html", context, status=status)


def _grade(matter: Matter) -> str:
    grading = kind_of(matter).grading
    grade = grading.grades.get(matter.grade) if grading else None
    return grade.label.text(language()) if grade else ""


def _rulings(
    actor: Actor, meeting: Meeting, point: Point, is_watched: bool, given: dict[str, Any]
) -> dict[str, Any]:
    """The rulings this kind of meeting takes, each with its form, and those that are not possible now with the
    reason."""
    spec, matter = kind_of_meeting(meeting), point.row.matter
    possible, refused = [], []
    for ruling in spec.takes if spec else ():
        why = given.get(ruling.value) is None and _why_not(actor, matter, ruling.value, is_watched)
        if why:
            refused.append((forms.RULINGS[ruling.value], why))
        else:
            form = given.get(ruling.value) or _ruling_form(meeting, point, ruling.value)
            possible.append((ruling.value, forms.RULINGS[ruling.value], form))
    return {"possible": possible, "refused": refused}


def _why_not(actor: Actor, matter: Matter | None, ruling: str, is_watched: bool) -> str:
    """Why a ruling is not possible now; empty where it is."""
    if matter is None:
        return ""
    if ruling == "watch":
        rule = watch_rule()
        if rule is None or matter.kind not in rule.kinds:
            return _("Matters of this kind do not go onto the watch list.")
        if is_watched:
            return _("This matter is on the watch list already.")
        return "" if matter.is_open else _("A closed matter does not go onto the watch list.")
    if ruling == "unwatch":
        return "" if is_watched else _("This matter is not on the watch list.")
    if ruling == "letter" and writing_unit(actor, matter) is None:
        return _("The matter lies with another unit, which alone may do this.")
    if ruling in VERBS:
        if not can_matter(actor, "view", matter):
            return _("The matter lies with another unit, which alone may do this.")
        option = next((one for one in options_of(matter, actor) if one.verb == VERBS[ruling]), None)
        if option is None:
            return _("Matters of this kind do not know it.")
        if any(reason.code == "not_related" for reason in option.reasons):
            return _("The matter lies with another unit, which alone may do this.")
        return "" if option.allowed else " ".join(reason.text(language()) for reason in option.reasons)
    return ""


def _ruling_form(meeting: Meeting, point: Point, ruling: str, data: Any = None) -> forms.RulingForm | None:
    spec = kind_of_meeting(meeting)
    if spec is None or point.row.matter is None or ruling not in {one.value for one in spec.takes}:
        return None
    kinds = current_pack().letter
    letters = [(code, kinds[code].label.text(language())) for code in spec.letters]
    needs_units = "lead_unit" in forms.RulingForm.FIELDS.get(ruling, ())
    lead = (
        point.row.matter.assignments.filter(active=True, role="lead").first() if ruling == "measure" else None
    )
    owner = str(lead.unit_id if lead else meeting.unit_id if ruling == "watch" else "")
    return forms.RulingForm(
        data, ruling=ruling, letters=letters, units=unit_choices() if needs_units else [], owner=owner
    )
