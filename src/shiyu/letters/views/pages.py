"""What the pages of letters and instructions share."""

from datetime import date
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse

from shiyu.kernel.actor import Actor
from shiyu.lib import clock
from shiyu.packs.queries import current_calendar
from shiyu.ui.values import Due, due_in

page = login_required
"""A page for people signed in (the middleware asks for the pack in force once a request)."""


def actor_of(request: HttpRequest) -> Actor:
    """The person at work."""
    return request.actor  # type: ignore[attr-defined,no-any-return]


def subject_url(subject_type: str, subject_id: UUID | None) -> str | None:
    """Where the thing a letter or instruction is about is shown."""
    if not subject_type or subject_id is None:
        return None
    try:
        return reverse("subject_detail", args=[subject_type, subject_id])
    except NoReverseMatch:
        return None


def left_until(day: date | None, done: bool) -> Due | None:
    """What is left until a day to reply by; a thing done shows the day alone."""
    if day is None:
        return None
    if done:
        return Due("none", "", day)
    return due_in(current_calendar().workdays_left(clock.now(), day), day)


def subject_of(request: HttpRequest) -> Any:
    """Type, id and words of what it is about, from `?subject=type:id:words`; empty where nothing is named."""
    parts = request.GET.get("subject", "").split(":", 2)
    if len(parts) != 3:
        return ()
    try:
        return parts[0][:60], UUID(parts[1]), parts[2][:200]
    except ValueError:
        return ()
