"""Telling people: when it is opened, extended or ended; when an order comes; when its last day is over."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.urls import reverse

from shiyu.kernel.limits import end_of, local_day
from shiyu.lib import clock
from shiyu.matters.models import Matter
from shiyu.notices.actions import notify
from shiyu.people.models import Unit
from shiyu.people.queries import holders_of_right
from shiyu.surge.models import Surge

Payload = dict[str, Any]
_DAY = timedelta(days=1)
WORDS = {"open": ("启动", "opened"), "extend": ("延长", "extended"), "end": ("结束", "ended")}


def tell_surge(payload: Payload) -> None:
    """To those who take matters in within its places."""
    surge = Surge.objects.get(pk=payload["surge_id"])
    here = Q(pk__in=[])
    for path in surge.areas.values_list("path", flat=True):
        here |= Q(area__path__startswith=path)
    units = Unit.objects.in_force().filter(here).values_list("id", flat=True)
    zh, en = WORDS[payload["sort"]]
    until = f"，截止日{surge.ends_on.isoformat()}" if payload["sort"] != "end" else ""
    _tell(
        surge,
        "matter.dispatch",
        list(units),
        payload["by_id"],
        f"{_name_zh(surge)}{zh}：{surge.title}{until}",
        f"{_name_en(surge)} {en}: {surge.title}",
    )


def tell_orders(payload: Payload) -> None:
    """To those who handle things in the units that have an order."""
    surge = Surge.objects.get(pk=payload["surge_id"])
    due = clock.local(datetime.fromisoformat(payload["due_at"])).strftime("%m-%d %H:%M")
    _tell(
        surge,
        "matter.handle",
        [UUID(unit) for unit in payload["unit_ids"]],
        payload["by_id"],
        f"{_name_zh(surge)}指令（{due}前）：{payload['text']}",
        f"{_name_en(surge)}, order due {due}: {payload['text']}",
    )


def tell_taken_out(payload: Payload) -> None:
    """To those who handle the matter, in the units that took it in, lead or support."""
    surge, matter = Surge.objects.get(pk=payload["surge_id"]), Matter.objects.get(pk=payload["matter_id"])
    held = matter.assignments.filter(active=True).values_list("unit_id", flat=True)
    words = f"{payload['code']}（{payload['reason']}）"
    _tell(
        surge,
        "matter.handle",
        list(dict.fromkeys([matter.unit_id, *held])),
        payload["by_id"],
        f"事项已移出{_name_zh(surge)}，按原有时限办理：{words}",
        f"Taken out of the {_name_en(surge).lower()}, its own limits apply: {words}",
        reverse("matter_detail", args=[matter.pk]),
    )


def tell_expired(since: datetime, until: datetime) -> int:
    """To those who may decide: its last day was over in (since, until], so its limits stopped by themselves; it must be
    ended or extended by a decision. Returns how many."""
    rows = Surge.objects.filter(
        ended_at=None, ends_on__gte=local_day(since) - _DAY, ends_on__lt=local_day(until)
    )
    told = 0
    for surge in rows.order_by("ends_on", "id"):
        if not since < end_of(surge.ends_on) <= until:
            continue
        _tell(
            surge,
            "surge.open",
            [surge.unit_id],
            None,
            f"{_name_zh(surge)}已到截止日，应急时限停止适用，请登记延长或结束的决定：{surge.title}",
            f"{_name_en(surge)}: the last day is over, decide to extend or end it: {surge.title}",
        )
        told += 1
    return told


def _name_zh(surge: Surge) -> str:
    return "应急演练" if surge.drill else "应急响应"


def _name_en(surge: Surge) -> str:
    return "Emergency exercise" if surge.drill else "Emergency response"


def _tell(
    surge: Surge, right: str, units: list[UUID], but: str | None, zh: str, en: str, url: str = ""
) -> None:
    people = [user.pk for user in holders_of_right(right, units) if str(user.pk) != but]
    page = url or reverse("surge_detail", args=[surge.pk])
    notify(people, kind="surge", zh=zh, en=en, url=page, subject_id=surge.pk)
