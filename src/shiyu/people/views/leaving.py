"""Leaving a post: the last day, and what stands in the person's own name handed over."""

from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from shiyu.lib import clock
from shiyu.lib.errors import NotVisible, Refusal, UserError
from shiyu.lib.requests import WorkRequest
from shiyu.people import actions, queries
from shiyu.people.access import can, need
from shiyu.people.actions.handover import open_items
from shiyu.people.actions.posts import verb_for
from shiyu.people.forms import HandOverForm, LastDayForm
from shiyu.people.models import Appointment
from shiyu.ui.forms import refuse

UNIT = "unit"


@require_POST
@login_required
def appointment_end(request: WorkRequest, appointment_id: UUID) -> HttpResponse:
    """A person's last day in a post; leads back to the account or, for the security administrator, to the post. Where
    something stands in the person's own name, it leads to the handover first."""
    held = _held(request, appointment_id)
    form = LastDayForm(request.POST)
    try:
        if not form.is_valid():
            raise UserError(_("Give the last day."))
        last_day = form.cleaned_data["last_day"]
        if last_day >= held.valid_from and open_items(queries.leaving_of(held, last_day)):
            address = reverse("appointment_handover", args=[held.pk])
            return redirect(f"{address}?last_day={last_day.isoformat()}")
        actions.end_appointment(request.actor, held.pk, last_day=last_day)
        messages.success(request, _("The last day in this post is entered."))
    except Refusal:
        raise
    except UserError as error:
        messages.error(request, str(error))
    return redirect(_back(request, held))


@login_required
def appointment_handover(request: WorkRequest, appointment_id: UUID) -> HttpResponse:
    """What stands in the name of who leaves a post, and to whom it goes; ends the appointment."""
    held = _held(request, appointment_id)
    last_day = _day(request.POST.get("last_day") or request.GET.get("last_day", ""))
    leaving = queries.leaving_of(held, last_day)
    items = open_items(leaving)
    given = request.POST if request.method == "POST" else None
    form = (
        HandOverForm(given, receivers=_receivers(held, leaving), initial={"last_day": last_day})
        if items
        else LastDayForm(given, initial={"last_day": last_day})
    )
    if form.is_valid():
        try:
            actions.end_appointment(request.actor, held.pk, **_given(form.cleaned_data))
            messages.success(request, _("The last day in this post is entered."))
            return redirect(_back(request, held))
        except Refusal:
            raise
        except UserError as error:
            refuse(form, error)
    context = {"held": held, "items": items, "form": form, "cancel_url": _back(request, held)}
    return render(request, "people/appointment_handover.html", context, status=422 if form.errors else 200)


def _given(data: dict[str, Any]) -> dict[str, Any]:
    """The action's words for what the form says: the last day and, where something is open, to whom it goes."""
    if "to" not in data:
        return {"last_day": data["last_day"]}
    person_id = None if data["to"] == UNIT else UUID(data["to"])
    return {"last_day": data["last_day"], "hand_to": actions.HandTo(person_id, data["reason"])}


def _held(request: WorkRequest, appointment_id: UUID) -> Appointment:
    """The appointment, for who gives and takes its post. Raises NotAllowed, NotVisible."""
    if not can(request.actor, "manage_security"):
        need(request.actor, "manage_people")
    held = queries.appointment(appointment_id)
    if held is None:
        raise NotVisible(_("There is no such appointment."))
    need(request.actor, verb_for(held.post))
    return held


def _receivers(held: Appointment, leaving: queries.Leaving) -> list[tuple[str, str]]:
    """Who may have it, the next holder of the post first, and the unit itself."""
    deputies = queries.deputies_of(held.user_id)
    found = []
    for row in queries.receivers_of(held, leaving):
        words = (
            row.post.name
            if row.post.unit_id == held.post.unit_id
            else f"{row.post.unit.name} {row.post.name}"
        )
        if row.post_id == held.post_id:
            words = _("%(post)s, holds the same post") % {"post": words}
        elif row.user_id in deputies:
            words = _("%(post)s, deputy") % {"post": words}
        found.append((str(row.user_id), f"{row.user.name} · {words}"))
    unit = _("%(unit)s itself: it names somebody later") % {"unit": held.post.unit.name}
    return [("", "—"), *found, (UNIT, unit)]


def _back(request: WorkRequest, held: Appointment) -> str:
    """The account's page or, for the security administrator, the post's."""
    if can(request.actor, "manage_users"):
        return reverse("user_detail", args=[held.user_id])
    return reverse("post_roles", args=[held.post_id])


def _day(text: str) -> date:
    """The last day asked for; today where none, or none that is a date, is given."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return clock.today()
