"""Entering decisions: opening, extending, ending, and the review that closes it."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods

from shiyu.letters.views.pages import actor_of, page
from shiyu.lib.errors import NotAllowed, NotVisible, Refusal, UserError
from shiyu.surge import actions
from shiyu.surge.access import need, visible_surge
from shiyu.surge.forms import CloseForm, EndForm, ExtendForm, OpenForm, TakeOutForm
from shiyu.surge.models import Surge
from shiyu.surge.queries.pages import opening_units, still_counting, visible_ids
from shiyu.ui.forms import refuse


@require_http_methods(["GET", "POST"])
@page
def surge_new(request: HttpRequest) -> HttpResponse:
    """Enters the decision that opens one."""
    actor = actor_of(request)
    if not opening_units(actor):
        raise NotAllowed(_("Your post opens no emergency response."))
    form = OpenForm(request.POST or None, actor=actor)
    return _respond(
        request,
        form,
        lambda: actions.open_surge(actor, **form.given()),
        title=_("Open an emergency response"),
        note=_(
            "For natural disasters, accidents and dangers to public safety only. No statutory limit stops or moves."
        ),
        submit=pgettext("surge", "Enter the decision"),
        done=_("The emergency response is opened."),
        cancel=reverse("surge_list"),
    )


@require_http_methods(["GET", "POST"])
@page
def surge_extend(request: HttpRequest, surge_id: UUID) -> HttpResponse:
    """Enters the decision for a later last day."""
    surge, form = _decided(request, surge_id), ExtendForm(request.POST or None)

    def deed() -> Surge:
        return actions.extend_surge(
            actor_of(request), surge_id, decision=form.decision(), ends_on=form.cleaned_data["ends_on"]
        )

    note = _("Its last day is %(day)s.") % {"day": surge.ends_on.isoformat()}
    title, done = _("Extend: %(event)s") % {"event": surge.title}, _("The new last day is entered.")
    return _respond(request, form, deed, title=title, note=note, submit=pgettext("surge", "Enter the decision"), done=done,
                    cancel=reverse("surge_detail", args=[surge_id]))  # fmt: skip


@require_http_methods(["GET", "POST"])
@page
def surge_end(request: HttpRequest, surge_id: UUID) -> HttpResponse:
    """Enters the decision that ends it."""
    surge, form = _decided(request, surge_id), EndForm(request.POST or None)
    title, done = _("End: %(event)s") % {"event": surge.title}, _("It has ended. Its review comes next.")
    return _respond(
        request,
        form,
        lambda: actions.end_surge(actor_of(request), surge_id, decision=form.decision()),
        title=title,
        note=_("Its own limits apply no longer; the matters go on with theirs."),
        counting=still_counting(actor_of(request), surge),
        submit=pgettext("surge", "Enter the decision"),
        done=done,
        cancel=reverse("surge_detail", args=[surge_id]),
    )


@require_http_methods(["GET", "POST"])
@page
def surge_take_out(request: HttpRequest, surge_id: UUID, matter_id: UUID) -> HttpResponse:
    """Takes one matter out of a response that goes on."""
    actor, form = actor_of(request), TakeOutForm(request.POST or None)
    surge = visible_surge(actor, surge_id)
    need(actor, "run", surge)
    row = surge.matters.select_related("matter").filter(matter_id=matter_id).first()
    if row is None:
        raise NotVisible(_("This matter is not under the response."))

    def deed() -> Surge:
        actions.take_out_matter(actor, surge_id, matter_id, **form.cleaned_data)
        return surge

    seen = visible_ids(actor, [matter_id])
    return _respond(
        request,
        form,
        deed,
        title=_("Take out: %(matter)s") % {"matter": row.matter.title if seen else row.matter.code},
        note=_(
            "Its emergency limits end now; its own limits stand as they always did. It does not come in again."
        ),
        submit=pgettext("surge", "Take out"),
        done=_("The matter is taken out; those who handle it are told."),
        cancel=reverse("surge_detail", args=[surge_id]),
    )


@require_http_methods(["GET", "POST"])
@page
def surge_close(request: HttpRequest, surge_id: UUID) -> HttpResponse:
    """Enters the review; only with it is the response closed."""
    surge, form = _decided(request, surge_id), CloseForm(request.POST or None)
    return _respond(
        request,
        form,
        lambda: actions.close_surge(actor_of(request), surge_id, **form.cleaned_data),
        title=_("Review: %(event)s") % {"event": surge.title},
        note=_("What is to be done better is ordered as a measure first, with its unit and day."),
        submit=_("Enter the review and close"),
        done=_("The review is entered; it is closed."),
        cancel=reverse("surge_detail", args=[surge_id]),
    )


def _decided(request: HttpRequest, surge_id: UUID) -> Surge:
    surge = visible_surge(actor_of(request), surge_id)
    need(actor_of(request), "open", surge)
    return surge


def _respond(
    request: HttpRequest, form: forms.Form, deed: Callable[[], Surge], *, done: str, cancel: str, **words: Any
) -> HttpResponse:
    """The form, or what its action gives: on to the page of the response."""
    if request.method == "POST" and form.is_valid():
        try:
            surge = deed()
        except Refusal:
            raise
        except UserError as error:
            refuse(form, error)
        else:
            messages.success(request, done)
            return redirect("surge_detail", surge.pk)
    context = {"form": form, "cancel_url": cancel, **words}
    return render(request, "surge/surge_form.html", context, status=422 if request.method == "POST" else 200)
