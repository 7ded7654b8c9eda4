"""The watch list and one entry of it."""

from collections.abc import Iterator
from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET, require_http_methods

from shiyu.kernel.limits import local_day
from shiyu.lib import clock
from shiyu.lib.errors import NotAllowed, Refusal, UserError
from shiyu.lib.requests import WorkRequest
from shiyu.matters.access import can as can_matter
from shiyu.matters.kinds import kind_label, language, state_label, topic_choices
from shiyu.matters.models import Matter
from shiyu.meetings import actions
from shiyu.meetings.access import can, visible_entry
from shiyu.meetings.forms import ReviewForm, WatchFilter
from shiyu.meetings.models import WatchEntry
from shiyu.meetings.queries.watch import entries_listed, reviews_of, watch_rule
from shiyu.meetings.views.meetings import blame
from shiyu.packs.queries import current_calendar
from shiyu.ui.lists import Column, ListPage, ListSpec, View, respond_list
from shiyu.ui.values import Due, due_in


@require_GET
@login_required
def watch_list(request: WorkRequest) -> HttpResponse:
    """The watch list: matters by their number, never a person."""
    rule = watch_rule()
    if rule is None:
        raise Http404
    if not can(request.actor, "view"):
        raise NotAllowed(_("Your posts do not include this right."))
    page = ListPage(request, watch_spec(rule.label.text(language())), entries_listed(request.actor))
    return respond_list(request, page)


def watch_spec(title: str) -> ListSpec:
    """Columns, orders and filters of the watch list. No column tells more of a matter than its number, kind, topic and
    place."""
    due, overdue = pgettext("watch", "Review due"), pgettext("watch", "The matter is overdue")
    return ListSpec(
        key="watch_list",
        title=title,
        columns=(*_of_the_matter(), *_of_the_entry()),
        default_sort="review_on",
        filterset=WatchFilter,
        defaults={"show": "on"},
        views=(View(due, "due=due"), View(overdue, "due=overdue")),
        empty=_("No matter is watched. A meeting puts one on the list by a decision."),
        paper="A3",
    )


def _of_the_matter() -> Iterator[Column]:
    yield Column(
        "code",
        pgettext("matter", "Number"),
        value="matter.code",
        sort="matter__code",
        width=150,
        frozen=True,
        link=_page,
    )
    yield Column("kind", pgettext("matter", "Kind"), value=_kind, sort="matter__kind", width=96, short=True)
    yield Column("topic", pgettext("matter", "Topic"), value=_topic, width=110, short=True)
    yield Column("area", _("Place"), value=_area, width=110, short=True)
    yield Column("due", pgettext("matter", "Time limit"), value=_matter_due, sort="matter__due_at", width=130)


def _of_the_entry() -> Iterator[Column]:
    yield Column("review_on", _("Review"), value=_review_due, sort="review_on", width=130)
    yield Column("owner", _("Owner"), value=_owner, sort="unit__protocol_order", width=190)
    yield Column("next_measure", _("Next measure"), width=240, clamp=True)
    yield Column("why", _("Why it is watched"), width=220, clamp=True)
    yield Column(
        "put_on_at", pgettext("watch", "Since"), value=_since, sort="put_on_at", width=100, short=True
    )
    yield Column("put_on", _("Put on by"), value="put_on.meeting.title", width=200, clamp=True)
    yield Column("taken_off_on", _("Left on"), screen=False)
    yield Column("left_why", _("Why it left"), value=_left_why, screen=False)


def _area(row: WatchEntry) -> str:
    return row.matter.area.name if row.matter.area else ""


def _since(row: WatchEntry) -> date:
    return clock.local(row.put_on_at).date()


def _left_why(row: WatchEntry) -> str:
    return row.taken_off.text if row.taken_off else ""


def _page(row: WatchEntry) -> str:
    return reverse("watch_detail", args=[row.pk])


def _kind(row: WatchEntry) -> str:
    return kind_label(row.matter.kind)


def _topic(row: WatchEntry) -> str:
    return dict(topic_choices(row.matter.kind)).get(row.matter.topic, "")


def _owner(row: WatchEntry) -> str:
    return f"{row.unit.display_short} · {row.post}"


def _review_due(row: WatchEntry) -> Due | None:
    return Due("none", "", row.review_on) if row.taken_off_id else _left(row.review_on)


def _matter_due(row: WatchEntry) -> Due | None:
    """The matter's own limit: being watched never hides that it is overdue."""
    due = row.matter.due_at
    if due is None:
        return None
    return _left(local_day(due)) if row.matter.is_open else Due("none", _("closed"), due)


def _left(day: Any) -> Due:
    return due_in(current_calendar().workdays_left(clock.now(), day), day)


@require_http_methods(["GET", "POST"])
@login_required
def watch_detail(request: WorkRequest, entry_id: UUID) -> HttpResponse:
    """One entry with its reviews; its owner enters the next one here."""
    actor = request.actor
    entry = visible_entry(actor, entry_id)
    is_sent = request.method == "POST"
    if is_sent and not can(actor, "review", entry):
        raise NotAllowed(_("Only the unit that keeps an eye on it reviews it."))
    form = ReviewForm(request.POST if is_sent else None, initial={"next_measure": entry.next_measure})
    if is_sent and form.is_valid():
        try:
            actions.review_entry(actor, entry_id, **form.cleaned_data)
        except Refusal:
            raise
        except UserError as error:
            blame(form, error)
        else:
            messages.success(request, _("The review is entered."))
            return redirect("watch_detail", entry_id)
    rule, matter = watch_rule(), entry.matter
    context = {
        "entry": entry,
        "matter": matter,
        "list_label": rule.label.text(language()) if rule else _("Watch list"),
        "kind_label": kind_label(matter.kind),
        "topic": _topic(entry),
        "state": state_label(matter),
        "due": _matter_due(entry),
        "review_due": _review_due(entry),
        "reviews": reviews_of(entry),
        "may_open": _may_open(request, matter),
        "may_review": entry.taken_off_id is None and can(actor, "review", entry),
        "may_see_meeting": can(actor, "view", entry.put_on.meeting),
        "form": form,
    }
    return render(request, "meetings/watch_detail.html", context, status=422 if form.errors else 200)


def _may_open(request: WorkRequest, matter: Matter) -> bool:
    return can_matter(request.actor, "view", matter)
