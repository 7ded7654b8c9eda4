"""What was asked of a unit in a month, and of all units: every number opens its rows."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from shiyu.desk.queries.asked import (
    KINDS,
    ONE,
    Asked,
    Month,
    UnitAsked,
    asked_by_unit,
    asked_of,
    counts_of_rows,
    kinds_asked,
    may_see_asked,
    month_of,
    this_month,
)
from shiyu.lib import clock
from shiyu.lib.errors import NotAllowed, NotVisible
from shiyu.lib.requests import WorkRequest
from shiyu.people.models import Unit
from shiyu.ui.lists import Column, ListSpec, TablePage, respond_list
from shiyu.ui.values import Number, month_words

MONTHS = 12
"""How far back the choice of months goes."""


class MonthFilter(forms.Form):
    """Which month, and on a unit's page which kind."""

    month = forms.ChoiceField(label=gettext_lazy("Month"), required=False)
    kind = forms.ChoiceField(label=gettext_lazy("Kind"), required=False)

    def __init__(self, data: Any, month: Month | None = None) -> None:
        super().__init__(data)
        if month is None:
            del self.fields["kind"]
            self.fields["month"].choices = [(code, month_words(code)) for code in _codes()]  # type: ignore[attr-defined]
        else:
            del self.fields["month"]
            every = [
                ("", _("All")),
                *((kind, str(label)) for kind, label in ONE.items() if kind in kinds_asked()),
            ]
            self.fields["kind"].choices = every  # type: ignore[attr-defined]


def _codes() -> list[str]:
    today = clock.today()
    ordinal = today.year * 12 + today.month - 1
    return [f"{(ordinal - n) // 12}-{(ordinal - n) % 12 + 1:02d}" for n in range(MONTHS)]


@login_required
def asked_overview(request: WorkRequest) -> HttpResponse:
    """All units side by side, by protocol, for who sees all lists. `?month=2026-11`."""
    if not request.actor.has("list.view_all"):
        raise NotAllowed(_("Only those who see all units' lists see what was asked of all units."))
    code = request.GET.get("month")
    month = month_of(code) if code else this_month()
    if month is None:
        raise Http404
    rows = asked_by_unit(request.actor, month)
    spec = ListSpec(
        key="asked",
        title=_("What was asked of the units in %(month)s") % {"month": month_words(month.code)},
        columns=_overview_columns(month),
        default_sort="protocol",
        defaults={"month": month.code},
        page_size=100,
        empty=_("Nothing was asked of any unit in this month."),
        paper="A4",
    )
    foot = [
        Number(sum(row.counts[kind] for row in rows), label=label)
        for kind, label in kinds_asked().items()
        if rows
    ]
    page = TablePage(request, spec, rows, form=MonthFilter(request.GET or {"month": month.code}), foot=foot)
    return respond_list(request, page, "desk/asked.html", {"overview": True})


def _overview_columns(month: Month) -> list[Column]:
    def counted(kind: str) -> Any:
        return lambda row: Number(row.counts[kind], _unit_url(month, row, kind)) if row.counts[kind] else 0

    def key(kind: str) -> Any:
        return lambda row: row.counts[kind]

    return [
        Column(
            "protocol",
            pgettext_lazy("list", "Unit"),
            value=lambda row: row.unit.display_short,
            sort=lambda row: (row.unit.protocol_order, row.unit.code),
            link=lambda row: _unit_url(month, row),
        ),
        *(
            Column(kind, label, value=counted(kind), sort=key(kind), width=110, align="r", short=True)
            for kind, label in kinds_asked().items()
        ),
    ]


def _unit_url(month: Month, row: UnitAsked, kind: str = "") -> str:
    url = reverse("asked_unit", args=[month.code, row.unit.pk])
    shown = "form" if kind == "entry" else kind
    return f"{url}?kind={shown}" if shown else url


@login_required
def asked_unit(request: WorkRequest, code: str, unit_id: UUID) -> HttpResponse:
    """One unit's month, row by row. `?kind=letter`."""
    month, unit = month_of(code), Unit.objects.filter(pk=unit_id).first()
    if month is None or unit is None or not may_see_asked(request.actor, unit_id):
        raise NotVisible(_("There is no such page."))
    rows = asked_of(request.actor, [unit_id], month)
    words = {"month": month_words(month.code), "unit": unit.display_short}
    spec = ListSpec(
        key="asked_unit",
        title=_("Asked of %(unit)s in %(month)s") % words,
        columns=COLUMNS,
        default_sort="asked_on",
        page_size=100,
        empty=_("Nothing was asked of this unit in this month."),
        paper="A4",
    )
    base = reverse("asked_unit", args=[month.code, unit_id])
    foot = [
        Number(count, f"{base}?kind={'form' if kind == 'entry' else kind}", label=KINDS[kind])
        for kind, count in counts_of_rows(rows).items()
    ]
    page = TablePage(request, spec, rows, form=MonthFilter(request.GET, month), keep=_keep, foot=foot)
    more = {"overview": False, "may_compare": request.actor.has("list.view_all"), "month": month}
    return respond_list(request, page, "desk/asked.html", more)


def _keep(rows: Any, data: dict[str, Any]) -> list[Asked]:
    return [row for row in rows if not data.get("kind") or row.kind == data["kind"]]


COLUMNS = (
    Column("asked_on", pgettext_lazy("asked", "Asked on"), width=100, sort=True, short=True),
    Column("kind", pgettext_lazy("list", "Kind"), value="kind_label", width=90, sort=lambda row: row.kind, short=True),
    Column("title", pgettext_lazy("asked", "What was asked"), link=lambda row: row.url),
    Column("by", pgettext_lazy("asked", "By whom"), width=200, sort=True),
    Column(
        "entries", pgettext_lazy("asked", "Entries"), value=lambda row: row.entries or None, width=90, align="r", short=True
    ),
    Column("due_on", pgettext_lazy("list", "Deadline"), width=100, sort=lambda row: str(row.due_on or "9"), short=True),
)  # fmt: skip
