"""Units and who holds their posts."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from shiyu.lib.errors import NotAllowed, NotVisible, Refusal, UserError
from shiyu.lib.requests import WorkRequest
from shiyu.people import queries
from shiyu.people.access import may_set_phone, need
from shiyu.people.actions.units import set_unit_phone
from shiyu.people.forms import UnitPhoneForm
from shiyu.people.models import Unit
from shiyu.ui.forms import refuse


@login_required
def unit_list(request: WorkRequest) -> HttpResponse:
    """All units by protocol, with their posts' holders counted and vacancies shown."""
    need(request.actor, "view_units")
    word = request.GET.get("q", "").strip()
    page = Paginator(queries.units_listed(word), 100).get_page(request.GET.get("page"))
    return render(request, "people/unit_list.html", {"page": page, "word": word})


@login_required
def unit_detail(request: WorkRequest, unit_id: UUID) -> HttpResponse:
    """One unit: names, groups, offices, posts with who holds them since when."""
    need(request.actor, "view_units")
    unit = (
        Unit.objects.select_related("area", "parent", "upper_centre", "successor").filter(pk=unit_id).first()
    )
    if unit is None:
        raise NotVisible(_("There is no such unit."))
    context = {"unit": unit, "may_set_phone": may_set_phone(request.actor, unit), **queries.unit_facts(unit)}
    return render(request, "people/unit_detail.html", context)


@require_http_methods(["GET", "POST"])
@login_required
def unit_phone(request: WorkRequest, unit_id: UUID) -> HttpResponse:
    """Sets the public number of a unit."""
    need(request.actor, "view_units")
    unit = Unit.objects.filter(pk=unit_id).first()
    if unit is None:
        raise NotVisible(_("There is no such unit."))
    if not may_set_phone(request.actor, unit):
        raise NotAllowed(_("Your posts do not include this right."))
    form = UnitPhoneForm(request.POST or None, initial={"phone": unit.phone})
    if request.method == "POST" and form.is_valid():
        try:
            set_unit_phone(request.actor, unit_id, **form.cleaned_data)
        except Refusal:
            raise
        except UserError as error:
            refuse(form, error)
        else:
            messages.success(request, _("The number is kept."))
            return redirect("unit_detail", unit_id)
    context = {
        "form": form,
        "title": _("Phone for questions"),
        "note": unit.name,
        "cancel_url": reverse("unit_detail", args=[unit.pk]),
    }
    return render(request, "ui/form.html", context, status=422 if form.errors else 200)
