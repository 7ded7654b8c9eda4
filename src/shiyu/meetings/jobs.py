"""Telling units of meetings, decisions and reviews (wiring.LATER), and reminding of their days (wiring.PERIODIC)."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.urls import reverse

from shiyu.lib import clock
from shiyu.meetings.access import ANSWERING
from shiyu.meetings.models import Decision, WatchEntry
from shiyu.notices.actions import notify
from shiyu.packs.queries import current_calendar
from shiyu.people.queries import holders_of_right

Payload = dict[str, Any]

WARN = 2
"""Units are reminded so many workdays before a decision's day or a review, and once more when it has passed."""


def tell_planned(payload: Payload) -> None:
    """To the units that belong to the meeting."""
    day, title = payload["held_on"], payload["title"]
    _tell(payload["unit_ids"], f"会议通知：{title}（{day}）", f"Meeting: {title} ({day})", _meeting(payload))


def tell_called_off(payload: Payload) -> None:
    """To the same units, with the reason."""
    title, why = payload["title"], payload["reason"]
    _tell(
        payload["unit_ids"],
        f"会议取消：{title}（{why}）",
        f"Called off: {title} ({why})",
        _meeting(payload),
    )


def tell_measure(payload: Payload) -> None:
    """To the units a measure was given to."""
    text, day = payload["text"][:80], payload["due_on"]
    _tell(
        payload["unit_ids"],
        f"会议议定事项（{day}前）：{text}",
        f"Decided, by {day}: {text}",
        _decision(payload),
    )


def tell_lifted(payload: Payload) -> None:
    """To those who hold the meetings of the unit above."""
    code = payload["matter_code"]
    _tell(
        [payload["unit_id"]],
        f"下级会议提请会商：{code}",
        f"Lifted to your consultation: {code}",
        _decision(payload),
        ("meeting.run",),
    )


def tell_watched(payload: Payload) -> None:
    """To the owner of an entry of the watch list."""
    code, day = payload["matter_code"], payload["review_on"]
    url = reverse("watch_detail", args=[payload["entry_id"]])
    zh, en = f"列入关注清单，{day}前复查：{code}", f"On the watch list, review by {day}: {code}"
    _tell([payload["unit_id"]], zh, en, url)


def tell_completed(payload: Payload) -> None:
    """To those who run the meetings that gave it."""
    text = payload["text"][:80]
    _tell(
        [payload["unit_id"]],
        f"议定事项已办：{text}",
        f"Done as decided: {text}",
        _decision(payload),
        ("meeting.run",),
        but=payload["by_id"],
    )


def tell_minutes(payload: Payload) -> None:
    """To every unit the minutes go to."""
    title = payload["title"]
    _tell(payload["unit_ids"], f"会议纪要：{title}", f"Minutes: {title}", _meeting(payload))


def remind(since: datetime, until: datetime) -> int:
    """Of decisions' days and reviews: once WARN workdays before and once when the day has passed, where that moment
    lies in (since, until]: after a stop each once, none twice. Returns how many."""
    return _remind_decisions(since, until) + _remind_reviews(since, until)


def _remind_decisions(since: datetime, until: datetime) -> int:
    first, last = _days(since, until)
    rows = Decision.objects.filter(
        ruling="measure", matter__isnull=False, done_on=None, due_on__gte=first, due_on__lte=last
    )
    told = 0
    for row in rows.select_related("matter").order_by("due_on", "id"):
        words = _words_on(row.due_on, since, until)
        if words is None:
            continue
        zh, en = words
        url = reverse("decision_detail", args=[row.pk])
        text = row.text[:80]
        _tell([str(row.lead_unit_id)], f"议定事项{zh}：{text}", f"Decision {en}: {text}", url)
        told += 1
    return told


def _remind_reviews(since: datetime, until: datetime) -> int:
    first, last = _days(since, until)
    rows = WatchEntry.objects.on().filter(review_on__gte=first, review_on__lte=last)
    told = 0
    for row in rows.select_related("matter").order_by("review_on", "id"):
        words = _words_on(row.review_on, since, until)
        if words is None:
            continue
        zh, en = words
        url = reverse("watch_detail", args=[row.pk])
        code = row.matter.code
        _tell([str(row.unit_id)], f"关注清单复查{zh}：{code}", f"Review {en}: {code}", url)
        told += 1
    return told


def _days(since: datetime, until: datetime) -> tuple[Any, Any]:
    """The days whose moments may lie in the window, widely."""
    return clock.local(since).date() - timedelta(days=2), clock.local(until).date() + timedelta(
        days=WARN + 14
    )


def _words_on(day: Any, since: datetime, until: datetime) -> tuple[str, str] | None:
    """How a day is reminded of in the window: overdue, due soon, or not at all."""
    calendar = current_calendar()
    warn = day
    for _workday in range(WARN):
        warn = calendar.previous_workday(warn - timedelta(days=1))
    if since < _morning(day + timedelta(days=1)) <= until:
        return "已逾期", "overdue"
    if since < _morning(warn) <= until:
        return f"即将到期（{day}）", f"due soon ({day})"
    return None


def _morning(day: Any) -> datetime:
    """The first moment of a day in the city's time."""
    return datetime(day.year, day.month, day.day, tzinfo=clock.CITY_ZONE)


def _meeting(payload: Payload) -> str:
    return reverse("meeting_detail", args=[payload["meeting_id"]])


def _decision(payload: Payload) -> str:
    return reverse("decision_detail", args=[payload["decision_id"]])


def _tell(
    units: Iterable[str],
    zh: str,
    en: str,
    url: str,
    rights: tuple[str, ...] = ANSWERING,
    but: str | None = None,
) -> None:
    keys = [UUID(str(unit)) for unit in units]
    people = {user.pk for right in rights for user in holders_of_right(right, keys)} if keys else set()
    notify(sorted(key for key in people if str(key) != but), kind="meeting", zh=zh, en=en, url=url)
