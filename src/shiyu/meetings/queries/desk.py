"""What the desk shows of meetings: what they gave to do, invitations, reviews, and the next one where it is worth it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from shiyu.kernel.actor import Actor
from shiyu.lib import clock
from shiyu.matters.kinds import language
from shiyu.meetings.access import answering_units
from shiyu.meetings.models import Attendance, Decision, Meeting, WatchEntry
from shiyu.meetings.queries.decisions import letters_to_issue
from shiyu.meetings.queries.suggested import meetings_suggested
from shiyu.packs.queries import current_calendar, current_pack
from shiyu.people.models import Unit

REVIEW_AHEAD = 3
"""A review stands on its owner's desk from so many workdays before its day."""


@dataclass(frozen=True)
class DeskItem:
    """One line of the desk: what it is, what to do, by when, where."""

    kind: str
    title: str
    sub: str
    why: str
    due_on: date | None
    action: str
    url: str


def meeting_items_for_desk(actor: Actor) -> list[DeskItem]:
    """What waits for the person; nothing, and no query, in a city whose meetings decide on no matters."""
    if actor.is_system or not any(kind.takes for kind in current_pack().meeting.values()):
        return []
    sources = (_measures, _letters, _reviews, _invitations, _to_enter, _next_ones)
    return [item for source in sources for item in source(actor)]


def _measures(actor: Actor) -> Iterator[DeskItem]:
    rows = Decision.objects.filter(
        ruling="measure", matter__isnull=False, done_on=None, lead_unit_id__in=answering_units(actor)
    )
    for row in rows.select_related("meeting", "matter", "lead_unit").order_by("due_on", "id"):
        yield DeskItem(
            _("Decision"),
            row.text[:120],
            f"{row.matter.code} · {row.lead_unit.display_short}" if row.matter else "",
            _("Decided by %(meeting)s") % {"meeting": row.meeting.title},
            row.due_on,
            _("Say what was done"),
            reverse("decision_detail", args=[row.pk]),
        )


def _letters(actor: Actor) -> Iterator[DeskItem]:
    units = actor.units_with("letter.issue")
    rows = Decision.objects.filter(Q(meeting__unit_id__in=units) | Q(matter__unit_id__in=units))
    for row in letters_to_issue(rows).select_related("meeting", "matter").order_by("due_on", "id"):
        spec = current_pack().letter.get(row.letter_kind)
        if row.matter is None or spec is None:
            continue
        yield DeskItem(
            pgettext("desk", "Letter"),
            f"{spec.label.text(language())}：{row.matter.code}",
            row.meeting.title,
            row.text[:120],
            row.due_on,
            _("Issue the letter"),
            reverse("decision_detail", args=[row.pk]),
        )


def _reviews(actor: Actor) -> Iterator[DeskItem]:
    until = current_calendar().add_workdays(clock.today(), REVIEW_AHEAD)
    rows = WatchEntry.objects.on().filter(unit_id__in=answering_units(actor), review_on__lte=until)
    for row in rows.select_related("matter", "unit").order_by("review_on", "id"):
        yield DeskItem(
            _("Watch list"),
            _("Look again at %(number)s") % {"number": row.matter.code},
            f"{row.unit.display_short} · {row.post}",
            _("Next measure: %(measure)s") % {"measure": row.next_measure[:100]},
            row.review_on,
            _("Review it"),
            reverse("watch_detail", args=[row.pk]),
        )


def _invitations(actor: Actor) -> Iterator[DeskItem]:
    today = clock.today()
    rows = Attendance.objects.filter(
        unit_id__in=answering_units(actor),
        meeting__state=Meeting.State.PLANNED,
        meeting__held_on__gte=today,
    ).exclude(meeting__unit_id__in=actor.units_with("meeting.run"))
    for row in rows.select_related("meeting__unit", "unit").order_by("meeting__held_on", "id"):
        yield DeskItem(
            _("Meeting"),
            row.meeting.title,
            f"{row.unit.display_short} · {row.meeting.place or row.meeting.unit.display_short}",
            _("Your unit belongs to it") if row.is_standing else _("Your unit is asked to come"),
            row.meeting.held_on,
            _("Read the agenda"),
            reverse("meeting_detail", args=[row.meeting_id]),
        )


def _to_enter(actor: Actor) -> Iterator[DeskItem]:
    rows = Meeting.objects.filter(
        unit_id__in=actor.units_with("meeting.run"), state=Meeting.State.PLANNED, kind__in=_session_kinds()
    )
    for row in rows.select_related("unit").order_by("held_on", "id"):
        has_come = row.held_on <= clock.today()
        yield DeskItem(
            _("Meeting"),
            row.title,
            row.place or row.unit.display_short,
            _("Enter attendance and decisions") if has_come else _("Look through its agenda"),
            row.held_on,
            _("Open the meeting"),
            reverse("meeting_detail", args=[row.pk]),
        )


def _next_ones(actor: Actor) -> Iterator[DeskItem]:
    """A suggestion without a day: the next meeting is one click away, and nobody asks why it was left out."""
    runs = actor.units_with("meeting.run")
    units = list(Unit.objects.filter(pk__in=runs).select_related("area").by_protocol()) if runs else []
    for one in meetings_suggested(actor, units):
        query = urlencode({"kind": one.code, "unit": one.unit.pk})
        yield DeskItem(
            _("Meeting"),
            one.spec.label.text(language()),
            one.unit.display_short,
            _("There are matters for its agenda; hold one when you think it right"),
            None,
            _("Plan a meeting"),
            f"{reverse('meeting_new')}?{query}",
        )


def _session_kinds() -> list[str]:
    return [code for code, kind in current_pack().meeting.items() if kind.takes]


def is_session(kind: Any) -> bool:
    """Whether meetings of this kind of the pack decide on matters."""
    return kind is not None and bool(kind.takes)
