"""The list of meetings."""

from collections.abc import Callable
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET

from shiyu.lib.errors import NotAllowed
from shiyu.lib.requests import WorkRequest
from shiyu.matters.kinds import language
from shiyu.meetings.access import can
from shiyu.meetings.forms import MeetingFilter
from shiyu.meetings.models import Meeting
from shiyu.meetings.queries import meetings_listed
from shiyu.meetings.queries.watch import watch_rule
from shiyu.packs.queries import current_pack
from shiyu.ui.lists import Column, ListPage, ListSpec, View, respond_list


@require_GET
@login_required
def meeting_list(request: WorkRequest) -> HttpResponse:
    """Meetings the person may see, the newest first."""
    if not can(request.actor, "view"):
        raise NotAllowed(_("Your posts do not include this right."))
    page = ListPage(request, meeting_spec(), meetings_listed(request.actor))
    rule = watch_rule()
    context = {
        "may_run": can(request.actor, "run"),
        "watch_label": rule.label.text(language()) if rule else "",
    }
    return respond_list(request, page, "meetings/meeting_list.html", context)


def meeting_spec() -> ListSpec:
    """Columns, orders and filters of the meetings."""
    return ListSpec(
        key="meeting_list",
        title=_("Meetings"),
        columns=(
            Column("held_on", _("Day"), sort=("held_on", "created_at"), width=110),
            Column("title", _("Meeting"), sort="title", width=330, link=_page, clamp=True),
            Column("kind", _("Kind"), value=_kind_reader(), sort="kind", width=130, short=True),
            Column(
                "unit",
                pgettext("meeting", "Held by"),
                value="unit.display_short",
                sort="unit__protocol_order",
                width=150,
            ),
            *_months(),
            Column(
                "state",
                _("State"),
                value=_state,
                sort="state",
                width=100,
                template="meetings/_meeting_state.html",
            ),
            Column("point_count", _("Points"), sort="point_count", width=80, align="r", short=True),
            Column("decision_count", _("Decisions"), sort="decision_count", width=80, align="r", short=True),
            Column("done_count", _("Done"), width=80, align="r", short=True),
        ),
        default_sort="-held_on",
        filterset=MeetingFilter,
        views=(View(pgettext("meeting", "Planned"), "state=planned"),),
        empty=_("No meeting yet."),
        paper="A4",
    )


def _months() -> list[Column]:
    """The month a meeting hears, in a city whose meetings hear months."""
    if not any(kind.cycle for kind in current_pack().meeting.values()):
        return []
    return [
        Column(
            "period",
            _("Month it hears"),
            value=lambda row: row.period.code if row.period else None,
            width=110,
        )
    ]


def _page(row: Meeting) -> str:
    return reverse("meeting_detail", args=[row.pk])


def _kind_reader() -> Callable[[Meeting], str]:
    words = {code: kind.label.text(language()) for code, kind in current_pack().meeting.items()}
    return lambda row: words.get(row.kind, row.kind)


def _state(row: Meeting) -> Any:
    return {
        "planned": pgettext("meeting", "Planned"),
        "held": pgettext("meeting", "Held"),
        "called_off": pgettext("meeting", "Called off"),
    }[row.state]
