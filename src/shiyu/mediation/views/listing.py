"""The list of mediations."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from shiyu.letters.views.pages import actor_of, left_until, page
from shiyu.mediation.access import need_view
from shiyu.mediation.forms.lists import MediationFilter
from shiyu.mediation.models import Mediation
from shiyu.mediation.queries.steps import next_of, state_words, with_parts
from shiyu.mediation.queries.words import kind_choices, outcome_label, source_choices, way_label
from shiyu.ui.lists import Column, ListPage, ListSpec, View, respond_list


def mediation_spec() -> ListSpec:
    """Columns, orders and filters of the mediations."""
    topics, sources = dict(kind_choices()), dict(source_choices())
    return ListSpec(
        key="mediation_list",
        title=_("Mediation"),
        columns=(
            Column(
                "code",
                pgettext("matter", "Number"),
                value="matter.code",
                sort="matter__code",
                width=132,
                frozen=True,
                link=_page,
            ),
            Column("title", _("Dispute"), value="matter.title", width=260, frozen=True, clamp=True, link=_page),
            Column("topic", _("Sort of dispute"), value=lambda r: topics.get(r.matter.topic), width=104, short=True),
            Column(
                "body",
                _("Body"),
                value="body.display_short",
                sort=("body__protocol_order", "matter__code"),
                width=150,
            ),
            Column("way", _("Way of mediation"), value=lambda r: way_label(r.way), width=110, short=True),
            Column("source", _("How it began"), value=lambda r: sources.get(r.source), width=110, short=True),
            Column("state", _("State"), value=lambda r: outcome_label(r.outcome) or state_words(r), width=120, short=True),
            Column("next", _("Next step"), value=_next, width=170),
            Column("due_on", _("As a rule by"), value=lambda r: left_until(r.due_on, not r.is_going), sort="due_on", width=130),
            Column("opened_on", pgettext("mediation", "Begun"), sort="opened_on", width=100, short=True),
            Column("ended_on", pgettext("mediation", "Ended on"), sort="ended_on", width=100, short=True),
            Column("people", _("Number of parties"), screen=False),
            Column("amount", _("Money concerned (10,000 yuan)"), screen=False),
            Column("difficult", _("Difficult"), value=lambda r: _("Yes") if r.difficult else "", screen=False),
        ),
        default_sort="due_on",
        filterset=MediationFilter,
        defaults={"show": "going"},
        views=(View(_("Agreed in writing"), "show=ended&outcome=written"), View(_("No agreement"), "show=ended&outcome=not_reached")),
        empty=_("No mediation is going on. One begins on the page of a dispute."),
    )  # fmt: skip


def _page(row: Mediation) -> str:
    return reverse("mediation_detail", args=[row.pk])


def _next(row: Mediation) -> Any:
    step = next_of(row)
    return step.words if step else None


@require_safe
@page
def mediation_list(request: HttpRequest) -> HttpResponse:
    """Mediations the person sees; those going on unless asked otherwise. Behind a number of the figures, its rows."""
    actor = actor_of(request)
    need_view(actor)
    shown = ListPage(request, mediation_spec(), with_parts(Mediation.objects.visible_to(actor)))
    return respond_list(request, shown, "mediation/mediation_list.html")
