"""Units and who holds their posts."""

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from shiyu.lib.errors import NotVisible
from shiyu.lib.requests import WorkRequest
from shiyu.people import queries
from shiyu.people.access import need
from shiyu.people.models import Unit


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
    return render(request, "people/unit_detail.html", {"unit": unit, **queries.unit_facts(unit)})
