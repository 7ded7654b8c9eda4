"""Units and areas over HTTP: what the ids of all else stand for."""

from uuid import UUID

from django.utils.translation import gettext as _
from ninja import Router

from shiyu.exchange.api.auth import ApiRequest, Bearer
from shiyu.exchange.api.paging import cut
from shiyu.exchange.api.shapes import AreaLine, AreaPage, UnitLine, UnitPage
from shiyu.exchange.forms import AreaFilter, UnitFilter
from shiyu.exchange.models import Scope
from shiyu.lib.errors import NotVisible
from shiyu.people.access import need
from shiyu.people.models import Unit
from shiyu.places.models import Area
from shiyu.ui.columns import Column, ListSpec

router = Router(tags=["units and areas"])


def unit_spec() -> ListSpec:
    """Orders and filters of units; by protocol unless asked otherwise."""
    columns = (Column("protocol", "", sort=("protocol_order", "code")), Column("code", "", sort="code"))
    return ListSpec("api_units", "", columns, "protocol", UnitFilter)


def area_spec() -> ListSpec:
    """Orders and filters of areas; from the top down unless asked otherwise."""
    columns = (Column("path", "", sort="path"), Column("code", "", sort="code"))
    return ListSpec("api_areas", "", columns, "path", AreaFilter)


@router.get("/units", response=UnitPage, auth=Bearer(Scope.UNITS_READ), url_name="api_units")
def units(request: ApiRequest) -> UnitPage:
    """The units in force, offices of departments too."""
    need(request.actor, "view_units")
    page = cut(request, unit_spec(), Unit.objects.in_force())
    return UnitPage.of(page, [UnitLine.of(row) for row in page.rows])


@router.get("/units/{uuid:unit_id}", response=UnitLine, auth=Bearer(Scope.UNITS_READ), url_name="api_unit")
def unit(request: ApiRequest, unit_id: UUID) -> UnitLine:
    """One unit, also one that is no longer in force."""
    need(request.actor, "view_units")
    row = Unit.objects.filter(pk=unit_id).first()
    if row is None:
        raise NotVisible(_("There is no such unit."))
    return UnitLine.of(row)


@router.get("/areas", response=AreaPage, auth=Bearer(Scope.UNITS_READ), url_name="api_areas")
def areas(request: ApiRequest) -> AreaPage:
    """The places in force."""
    page = cut(request, area_spec(), Area.objects.in_force())
    return AreaPage.of(page, [AreaLine.of(row) for row in page.rows])


@router.get("/areas/{uuid:area_id}", response=AreaLine, auth=Bearer(Scope.UNITS_READ), url_name="api_area")
def area(request: ApiRequest, area_id: UUID) -> AreaLine:
    """One place, also one that is no longer in force."""
    row = Area.objects.filter(pk=area_id).first()
    if row is None:
        raise NotVisible(_("There is no such place."))
    return AreaLine.of(row)


units.spec = unit_spec  # type: ignore[attr-defined]
areas.spec = area_spec  # type: ignore[attr-defined]
