"""The people in public roles: the list, a new one, the end of a role."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_safe

from shiyu.kernel.actor import Actor
from shiyu.letters.views.pages import actor_of, page
from shiyu.lib.errors import NotAllowed, NotVisible, Refusal, UserError
from shiyu.mediation.access import can, need_view
from shiyu.mediation.actions import add_holder, end_holder
from shiyu.mediation.forms.lists import EndHolderForm, HolderFilter, HolderForm
from shiyu.mediation.models import RoleHolder
from shiyu.mediation.queries.pool import holders_listed
from shiyu.mediation.queries.words import kind_choices, role_choices
from shiyu.people.models import Unit
from shiyu.ui.forms import refuse
from shiyu.ui.lists import Column, ListPage, ListSpec, respond_list
from shiyu.ui.values import Link


def own_bodies(actor: Actor) -> list[Unit]:
    """The units whose pool the person keeps: their own, and those right below."""
    units = actor.units_with("mediation.run")
    rows = Unit.objects.in_force().exclude(kind="office")
    below = rows.filter(upper_centre_id__in=units)
    return list((rows.filter(pk__in=units) | below).distinct().by_protocol())


def holder_spec(actor: Actor) -> ListSpec:
    """Columns, orders and filters; no loads, no results: those are not shown of persons."""
    roles, topics = dict(role_choices()), dict(kind_choices())
    own = {unit.pk for unit in own_bodies(actor)}

    def end(row: RoleHolder) -> Any:
        if row.valid_to is not None or row.unit_id not in own:
            return None
        return Link(_("End the role"), reverse("holder_end", args=[row.pk]))

    return ListSpec(
        key="holder_list",
        title=_("Mediators and helpers"),
        columns=(
            Column("name", pgettext("mediation", "Name in the role"), sort=("name", "id"), width=190),
            Column("role", _("Role in mediation"), value=lambda row: roles.get(row.role, row.role), sort="role", width=130, short=True),
            Column("unit", _("Body"), value="unit.display_short", sort=("unit__protocol_order", "name"), width=190),
            Column("topics", _("Kinds taken"), value=lambda row: "、".join(topics.get(t, t) for t in row.topics) or _("Every kind"), width=240),
            Column("full_time", _("Full-time"), value=lambda row: _("Full-time") if row.full_time else _("Part-time"), width=80, short=True),
            Column("valid_from", _("In the role since"), width=110, short=True),
            Column("valid_to", _("Last day in the role"), width=110, short=True),
            Column("end", pgettext("mediation", "Change"), value=end, width=110, export=False),
        ),
        default_sort="unit",
        filterset=HolderFilter,
        defaults={"show": "now"},
        empty=_("Nobody stands in this pool yet."),
        paper="A4",
    )  # fmt: skip


@require_safe
@page
def holder_list(request: HttpRequest) -> HttpResponse:
    """Who mediates and helps in the city."""
    actor = actor_of(request)
    need_view(actor)
    shown = ListPage(request, holder_spec(actor), holders_listed())
    return respond_list(request, shown, "mediation/holder_list.html", {"may_add": bool(own_bodies(actor))})


@require_http_methods(["GET", "POST"])
@page
def holder_new(request: HttpRequest) -> HttpResponse:
    """Somebody takes up a public role."""
    actor = actor_of(request)
    need_view(actor)
    units = own_bodies(actor)
    if not units:
        raise NotAllowed(_("A body, or the centre above it, keeps its own pool."))
    form = HolderForm(request.POST if request.method == "POST" else None, units=units)
    if request.method == "POST" and form.is_valid():
        given = dict(form.cleaned_data)
        try:
            row = add_holder(actor, unit_id=UUID(given.pop("unit")), **given)
        except Refusal:
            raise
        except UserError as error:
            refuse(form, error)
        else:
            messages.success(request, _("%(name)s stands in the pool.") % {"name": row.name})
            return redirect("holder_list")
    context = {
        "form": form,
        "title": _("Add somebody to a pool"),
        "note": _("Only people in a public role; nothing is kept of how they work."),
        "cancel_url": reverse("holder_list"),
    }
    return render(request, "mediation/holder_form.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@page
def holder_end(request: HttpRequest, holder_id: UUID) -> HttpResponse:
    """The last day in a role."""
    actor = actor_of(request)
    need_view(actor)
    row = RoleHolder.objects.select_related("unit").filter(pk=holder_id).first()
    if row is None:
        raise NotVisible(_("There is no such person in a public role."))
    if not can(actor, "run", row.unit):
        raise NotAllowed(_("A body, or the centre above it, keeps its own pool."))
    form = EndHolderForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            end_holder(actor, holder_id, on=form.cleaned_data["on"])
        except Refusal:
            raise
        except UserError as error:
            refuse(form, error)
        else:
            messages.success(request, _("The role of %(name)s ends.") % {"name": row.name})
            return redirect("holder_list")
    context = {
        "form": form,
        "title": _("End a role"),
        "note": f"{row.name} · {row.unit.display_short}",
        "cancel_url": reverse("holder_list"),
    }
    return render(request, "mediation/holder_form.html", context, status=422 if form.errors else 200)
