"""A month's counts and rates by unit, and the matters behind each number."""

from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_GET

from shiyu.kernel.rates import RATES
from shiyu.lib import clock
from shiyu.lib.errors import NotVisible
from shiyu.matters.forms import kind_choices
from shiyu.matters.kinds import language
from shiyu.matters.queries.rates import Span, UnitRates, rates_by_unit, rows_behind, solved_by_level
from shiyu.matters.views.columns import matter_rows, matter_spec
from shiyu.matters.views.pages import actor_of, page
from shiyu.people.models import Unit
from shiyu.places.models import Area
from shiyu.ui.lists import Column, ListPage, ListSpec, TablePage, respond_list
from shiyu.ui.values import Number, month_words

MONTHS = 24
"""How far back the choice of months goes."""
LEVELS = {
    Area.Level.VILLAGE.value: gettext_lazy("Solved in the village"),
    Area.Level.TOWN.value: gettext_lazy("Solved in the town"),
    Area.Level.COUNTY.value: gettext_lazy("Solved in the county"),
    Area.Level.CITY.value: gettext_lazy("Solved in the city"),
}


class RatesFilter(forms.Form):
    """Which month and which kind of matter."""

    month = forms.ChoiceField(label=gettext_lazy("Month"), required=False)
    kind = forms.ChoiceField(label=pgettext_lazy("matter", "Kind"), required=False)

    def __init__(self, data: Any) -> None:
        super().__init__(data)
        fields: dict[str, Any] = self.fields
        fields["month"].choices = [(code, month_words(code)) for code in _months()]
        fields["kind"].choices = [("", _("All")), *kind_choices()]


def _months() -> list[str]:
    today = clock.today()
    ordinal = today.year * 12 + today.month - 1
    return [f"{(ordinal - n) // 12}-{(ordinal - n) % 12 + 1:02d}" for n in range(MONTHS)]


def span_of(month: str, kind: str) -> Span:
    """The month (2026-10) and kind asked for. Raises Http404 for what is neither."""
    if month not in _months() or (kind and kind not in dict(kind_choices())):
        raise Http404
    year, number = int(month[:4]), int(month[5:])
    start = datetime(year, number, 1, tzinfo=clock.CITY_ZONE)
    end = datetime(year + number // 12, number % 12 + 1, 1, tzinfo=clock.CITY_ZONE)
    return Span(start, end, kind)


@require_GET
@page
def matter_rates(request: HttpRequest) -> HttpResponse:
    """All units the person sees, side by side by protocol. `?month=2026-10&kind=dispute`."""
    actor = actor_of(request)
    month, kind = request.GET.get("month") or _months()[0], request.GET.get("kind", "")
    span = span_of(month, kind)
    rows = rates_by_unit(actor, span)
    spec = ListSpec(
        key="matter_rates",
        title=_("Rates of matters, %(month)s") % {"month": month_words(month)},
        columns=_columns(month, kind),
        default_sort="protocol",
        defaults={"month": month},
        page_size=200,
        empty=_("No matter came in or was closed in this month."),
        paper="A4",
    )
    levels = solved_by_level(actor, span)
    whole = sum(levels.values())
    foot = [
        Number(f"{levels[level]}（{levels[level] / whole:.1%}）", label=label)
        for level, label in LEVELS.items()
        if level in levels
    ]
    shown = TablePage(request, spec, rows, form=RatesFilter(request.GET or {"month": month}), foot=foot)
    words = [(rate.label.text(language()), rate.words.text(language())) for rate in RATES.values()]
    return respond_list(request, shown, "matters/matter_rates.html", {"words": words})


def _columns(month: str, kind: str) -> list[Column]:
    def shown(code: str) -> Any:
        def value(row: UnitRates) -> Any:
            count = row.counts.get(code, 0)
            return Number(count, _behind(month, kind, row, code)) if count else 0

        return value

    def share(code: str) -> Any:
        return lambda row: "—" if (rate := row.rate(code)) is None else f"{rate:.1%}"

    columns = [
        Column(
            "protocol",
            pgettext_lazy("list", "Unit"),
            value=lambda row: row.unit.display_short,
            sort=lambda row: (row.unit.protocol_order, row.unit.code),
        )
    ]
    for code, rate in RATES.items():
        name = rate.label.text(language())
        columns.append(Column(code, name, value=shown(code), width=72, align="r", short=True))
        if rate.base is not None:
            name = _("%(name)s, rate") % {"name": name}
            columns.append(Column(f"{code}_rate", name, value=share(code), width=80, align="r", short=True))
    return columns


def _behind(month: str, kind: str, row: UnitRates, code: str) -> str:
    url = reverse("matter_rate_rows", args=[month, row.unit.pk, code])
    return f"{url}?of={kind}" if kind else url


@require_GET
@page
def matter_rate_rows(request: HttpRequest, month: str, unit_id: UUID, code: str) -> HttpResponse:
    """The matters behind one unit's number. `?of=dispute` for one kind."""
    unit = Unit.objects.filter(pk=unit_id).first()
    if code not in RATES:
        raise Http404
    if unit is None:
        raise NotVisible(_("There is no such page."))
    span = span_of(month, request.GET.get("of", ""))
    actor = actor_of(request)
    behind = rows_behind(actor, span, unit_id, code)
    rows = matter_rows(actor).filter(pk__in=behind.values("pk"))
    name = RATES[code].label.text(language())
    title = f"{unit.display_short} · {month_words(month)} · {name}"
    spec = replace(matter_spec(), key="matter_rate_rows", title=title, filterset=None, defaults={}, views=())
    more = {"words": RATES[code].words.text(language()), "query": f"month={month}&kind={span.kind}"}
    return respond_list(request, ListPage(request, spec, rows), "matters/matter_rate_rows.html", more)
