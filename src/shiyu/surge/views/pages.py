"""The list of emergency responses, one of them, its log."""

from typing import Any
from uuid import UUID

import django_filters
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy
from django.views.decorators.http import require_GET

from shiyu.kernel.actor import Actor
from shiyu.letters.views.pages import actor_of, page
from shiyu.lib import clock
from shiyu.surge.access import answers_order, can, need, visible_surge
from shiyu.surge.forms import DoneForm
from shiyu.surge.models import Surge, SurgeOrder
from shiyu.surge.queries.days import COUNTS, DayFacts, count_label, days_of
from shiyu.surge.queries.log import SORTS, log_in_word, log_of
from shiyu.surge.queries.pages import (
    entries_shown,
    opening_units,
    surges_listed,
    taken_from,
    taken_out,
)
from shiyu.surge.queries.rules import kind_labels, occasion_label, rule_in_force, rule_of
from shiyu.ui.lists import Column, ListPage, ListSpec, respond_list
from shiyu.ui.sheets import as_download
from shiyu.ui.values import Number

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
STATES = {
    "running": ("on", pgettext_lazy("surge", "Running")),
    "expired": ("late", gettext_lazy("Last day over")),
    "ended": ("clock", gettext_lazy("Ended, review missing")),
    "closed": ("done", pgettext_lazy("surge", "Closed")),
}


class SurgeFilter(django_filters.FilterSet):
    """Which ones: by state, exercises or not."""

    show = django_filters.ChoiceFilter(
        label=pgettext_lazy("filter", "Show"),
        method="by_show",
        choices=[("going", gettext_lazy("Not closed")), ("closed", pgettext_lazy("surge", "Closed"))],
    )
    drill = django_filters.ChoiceFilter(
        label=pgettext_lazy("surge", "Exercise"),
        method="by_drill",
        choices=[("no", gettext_lazy("No exercises")), ("yes", gettext_lazy("Exercises only"))],
    )

    class Meta:
        model = Surge
        fields: list[str] = []

    def by_show(self, rows: QuerySet[Surge], name: str, value: str) -> QuerySet[Surge]:
        return rows.filter(Q(closed_at=None) if value == "going" else Q(closed_at__isnull=False))

    def by_drill(self, rows: QuerySet[Surge], name: str, value: str) -> QuerySet[Surge]:
        return rows.filter(drill=value == "yes")


def state_words(surge: Surge) -> str:
    """What its state is called."""
    return str(STATES[surge.state(clock.now())][1])


def _spec() -> ListSpec:
    rule = rule_in_force()
    return ListSpec(
        key="surge_list",
        title=_("Emergency responses"),
        columns=(
            Column("title", pgettext("surge", "Event"), value=_name, sort="title", width=300, frozen=True, link=_url),
            Column("occasion", pgettext("surge", "Occasion"), value=lambda r: occasion_label(r.occasion, rule), width=120),
            Column("state", pgettext("surge", "State"), value=state_words, width=140, short=True),
            Column("places", _("Places"), value=lambda r: [row.area.name for row in r.areas.all()], width=180),
            Column("unit", _("Run by"), value="unit.display_short", sort="unit__protocol_order", width=160),
            Column("opened_at", _("Opened on"), value=lambda r: clock.local(r.opened_at).date(), sort="opened_at", width=110, short=True),
            Column("ends_on", pgettext("surge", "Last day"), sort="ends_on", width=110, short=True),
            Column("matter_count", _("Matters"), sort="matter_count", width=90, align="r", short=True),
        ),
        default_sort="-opened_at",
        filterset=SurgeFilter,
        empty=_("There has been no emergency response."),
        paper="A4",
    )  # fmt: skip


def _name(row: Surge) -> str:
    return f"【{pgettext('surge', 'Exercise')}】{row.title}" if row.drill else row.title


def _url(row: Surge) -> str:
    return reverse("surge_detail", args=[row.pk])


@require_GET
@page
def surge_list(request: HttpRequest) -> HttpResponse:
    """Responses the person may see, newest first."""
    actor = actor_of(request)
    need(actor, "list")
    shown = ListPage(request, _spec(), surges_listed(actor))
    return respond_list(request, shown, "surge/surge_list.html", {"may_open": bool(opening_units(actor))})


@require_GET
@page
def surge_detail(request: HttpRequest, surge_id: UUID) -> HttpResponse:
    """One response: decisions, how it stands, matters with their clocks, orders, days."""
    actor = actor_of(request)
    return show(request, visible_surge(actor, surge_id))


def show(
    request: HttpRequest, surge: Surge, bound: tuple[UUID, DoneForm] | None = None, status: int = 200
) -> HttpResponse:
    """The page of a response; `bound` is a refused report on an order, shown with what was typed."""
    actor, now = actor_of(request), clock.now()
    state = surge.state(now)
    days = days_of(surge)
    signed = {row.day: row for row in surge.days.all()}
    entries = entries_shown(actor, surge)
    context = {
        "surge": surge,
        "state": state,
        "mark": STATES[state][0],
        "state_words": STATES[state][1],
        "day_number": surge.day_number(min(now, surge.stops_at)),
        "occasion": occasion_label(surge.occasion, rule_of(surge)),
        "kinds": kind_labels(surge),
        "places": [row.area.name for row in surge.areas.select_related("area").order_by("path")],
        "decisions": [(row, SORTS[row.sort]()) for row in surge.decisions.order_by("at")],  # type: ignore[index]
        "entries": entries,
        "taken_out": taken_out(actor, surge),
        "taken_from": taken_from(surge),
        "open_count": sum(entry.handle.done is None for entry, _seen in entries),
        "late_count": sum(entry.is_late for entry, _seen in entries),
        "orders": orders_shown(actor, surge, bound),
        "days": [(day, signed.get(day)) for day in days],
        "today": days[0] if days else None,
        "now": now,
        **_may(actor, surge, state),
    }
    return render(request, "surge/surge_detail.html", context, status=status)


def _may(actor: Actor, surge: Surge, state: str) -> dict[str, bool]:
    decides, runs = can(actor, "open", surge), can(actor, "run", surge)
    return {
        "may_extend": decides and state in ("running", "expired"),
        "may_close": decides and state == "ended",
        "may_order": runs and state == "running",
        "may_take_out": runs and state == "running" and not surge.drill,
        "may_sign": runs and state != "closed",
        "may_file": state == "running" and actor.has("matter.file"),
    }


def orders_shown(
    actor: Actor, surge: Surge, bound: tuple[UUID, DoneForm] | None = None
) -> list[tuple[SurgeOrder, str, DoneForm | None]]:
    """Orders and measures by number, each with its mark and, for its own unit, the form to report it done."""
    found = []
    for row in surge.orders.select_related("unit").order_by("number"):
        late = row.done_at is None and row.due_at < clock.now()
        mark = "done" if row.done_at else "late" if late else "on" if row.received_at else "none"
        form: DoneForm | None = None
        if row.done_at is None and answers_order(actor, row):
            form = bound[1] if bound and bound[0] == row.pk else DoneForm(prefix=f"o{row.number}")
        found.append((row, mark, form))
    return found


def totals(facts: DayFacts) -> list[tuple[str, Number]]:
    """The counts of a day with the rows behind them."""
    url = reverse("surge_rows", args=[facts.surge.pk, facts.day.isoformat()])
    return [
        (count_label(code), Number(facts.total[code], f"{url}?what={code}", late=code == "overdue"))
        for code in COUNTS
    ]


@require_GET
@page
def surge_log(request: HttpRequest, surge_id: UUID) -> HttpResponse:
    """Everything in it in order, to read or to print."""
    actor = actor_of(request)
    surge = visible_surge(actor, surge_id)
    context: dict[str, Any] = {"surge": surge, "events": log_of(actor, surge), "paper": "A4"}
    return render(request, "surge/surge_log.html", context)


@require_GET
@page
def surge_log_word(request: HttpRequest, surge_id: UUID) -> HttpResponse:
    """The log in Word."""
    actor = actor_of(request)
    surge = visible_surge(actor, surge_id)
    return as_download(log_in_word(actor, surge), f"{surge.title}应急响应工作日志.docx", WORD)
