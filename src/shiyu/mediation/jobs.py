"""Notices of mediation: who is asked, what ended, and what a day brings (by the clock, once)."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.urls import reverse

from shiyu.kernel.limits import local_day
from shiyu.kernel.mediation import OUTCOME_LABELS, MediationOutcome
from shiyu.lib import clock
from shiyu.matters.kinds import pack_for
from shiyu.mediation.models import LookBack, Mediation
from shiyu.notices.actions import notify
from shiyu.people.queries import holders_of_right

Payload = dict[str, Any]
MOST_AHEAD = timedelta(days=31)
"""No reminder of a confirmation comes earlier than this before its last day."""


def tell_opened(payload: Payload) -> None:
    """To the people of the body that is asked to mediate."""
    _tell([payload["body_id"]], payload, "请组织调解", "To be mediated", payload["by_id"])


def tell_ended(payload: Payload) -> None:
    """To the unit that dispatched the matter."""
    label = OUTCOME_LABELS[MediationOutcome(payload["outcome"])]
    _tell([payload["unit_id"]], payload, f"调解结束：{label.zh}", f"Mediation: {label.en}", payload["by_id"])


def remind(since: datetime, until: datetime) -> int:
    """To the body, once each when its day begins within (since, until]: the court may be asked for some days more, a
    look-back is due, a mediation takes longer than is usual. Returns how many notices were due."""
    days = [
        local_day(since) + timedelta(days=n) for n in range((local_day(until) - local_day(since)).days + 1)
    ]
    days = [day for day in days if since < _begin(day) <= until]
    if not days:
        return 0
    told = 0
    for row in (
        _rows()
        .filter(confirm_result="", confirm_applied_on=None, confirm_by__gte=days[0])
        .filter(confirm_by__lte=days[-1] + MOST_AHEAD)
    ):
        if _reminder_day(row) in days:
            _tell_body(row, "司法确认期限将满", "The court may be asked a few days more")
            told += 1
    for row in _rows().going().filter(due_on__in=[day - timedelta(days=1) for day in days]):
        _tell_body(row, "调解已满一般期限", "The mediation takes longer than is usual")
        told += 1
    looks = LookBack.objects.filter(done_on=None, due_on__in=days).select_related("mediation__matter")
    for look in looks.order_by("due_on", "id"):
        _tell_body(look.mediation, "协议履行回访到期", "To be asked whether the agreement is performed")
        told += 1
    return told


def _rows() -> Any:
    return Mediation.objects.select_related("matter").order_by("due_on", "id")


def _begin(day: date) -> datetime:
    return datetime.combine(day, time(), clock.CITY_ZONE)


def _reminder_day(row: Mediation) -> date | None:
    rule = pack_for(row.matter).mediation
    if rule is None or row.confirm_by is None:
        return None
    return row.confirm_by - timedelta(days=rule.confirm_reminder.n)


def _tell_body(row: Mediation, zh: str, en: str) -> None:
    names = {"code": row.matter.code, "title": row.matter.title, "mediation_id": str(row.pk)}
    _tell([str(row.body_id)], names, zh, en, None)


def _tell(units: Iterable[str], payload: Payload, zh: str, en: str, but: str | None) -> None:
    people = holders_of_right("mediation.run", [UUID(str(unit)) for unit in units])
    subject = UUID(payload["mediation_id"])
    notify(
        [user.pk for user in people if str(user.pk) != str(but)],
        kind="mediation",
        zh=f"{zh}：{payload['code']} {payload['title']}",
        en=f"{en}: {payload['code']} {payload['title']}",
        url=reverse("mediation_detail", args=[subject]),
        subject_id=subject,
    )
