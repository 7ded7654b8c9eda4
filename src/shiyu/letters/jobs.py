"""Who is told of letters and instructions (wiring.LATER): whoever has to receive, answer or know the answer."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.urls import reverse

from shiyu.kernel.limits import Calendar
from shiyu.letters.access import ANSWERING
from shiyu.letters.models import Letter, Recipient
from shiyu.letters.queries import OWING
from shiyu.lib import clock
from shiyu.notices.actions import notify
from shiyu.packs.queries import current_calendar
from shiyu.people.models import Appointment
from shiyu.people.queries import acting, holders_of_right
from shiyu.places.models import in_force

Payload = dict[str, Any]
DAY = timedelta(days=1)


def tell_letter_issued(payload: Payload) -> None:
    """To those who answer for the recipients."""
    _tell_letter(payload, _answering(payload["unit_ids"]), "收到函件", "New letter")


def tell_letter_urged(payload: Payload) -> None:
    """To those who answer for the units that owe a reply, with the words of who urges."""
    _tell_letter(
        payload, _answering(payload["unit_ids"]), "催办函件回复", "A reply is urged", payload["words"]
    )


def tell_letter_circulated(payload: Payload) -> None:
    """To those who hold the posts it was shown to, and who stands in for them."""
    day = clock.today()
    held = Appointment.objects.filter(in_force(day), post_id__in=_ids(payload["post_ids"]))
    readers = list(acting(held).values_list("pk", flat=True))
    _tell_letter(payload, readers, "传阅函件", "A letter is circulated to you")


def tell_reply_judged(payload: Payload) -> None:
    """To those who answer for the unit whose reply was sent back; an accepted one needs nobody."""
    if payload["verdict"] == "sent_back":
        readers = _answering(payload["unit_ids"])
        _tell_letter(payload, readers, "回复被退回，请补充", "A reply was sent back", payload["reason"])


def tell_due(since: datetime, until: datetime) -> int:
    """To the units that owe a reply, once on the last workday before its day and once on the day after it: where that
    day begins in (since, until]. Returns how many recipients. Two queries, and the notices."""
    first, last = clock.local(since).date(), clock.local(until).date()
    days = current_calendar()
    found: dict[tuple[UUID, str, str], tuple[Letter, list[UUID]]] = {}
    told = 0
    reach = days.add_workdays(last, 1)
    rows = Recipient.objects.filter(OWING, reply_by__gte=first, reply_by__lte=reach)
    for row in rows.select_related("letter").order_by("letter_id", "id"):
        assert row.reply_by is not None  # OWING asks for it
        if first < row.reply_by + DAY <= last:
            words = ("函件逾期未复", "The reply to a letter is overdue")
        elif first < _day_before(row.reply_by, days) <= last:
            words = ("函件即将到期", "The reply to a letter is due")
        else:
            continue
        found.setdefault((row.letter_id, *words), (row.letter, []))[1].append(row.unit_id)
        told += 1
    for (letter_id, zh, en), (letter, units) in found.items():
        payload = {"letter_id": str(letter_id), "number": letter.number_text, "title": letter.title}
        _tell_letter(payload, _answering(map(str, units)), zh, en)
    return told


def _day_before(day: date, days: Calendar) -> date:
    """The last workday before a day."""
    before = day - DAY
    while not days.is_workday(before):
        before -= DAY
    return before


def tell_letter_replied(payload: Payload) -> None:
    """To those who issue letters for the unit that asked."""
    issuers = holders_of_right("letter.issue", _ids(payload["unit_ids"]))
    _tell_letter(payload, [user.pk for user in issuers], "函件已回复", "A letter was answered")


def tell_letter_withdrawn(payload: Payload) -> None:
    """To those who answer for the recipients."""
    _tell_letter(
        payload,
        _answering(payload["unit_ids"]),
        "函件已撤回",
        "A letter was withdrawn",
        f"由{payload['by_number']}撤回" if payload["by_number"] else "",
    )


def tell_instruction_registered(payload: Payload) -> None:
    """To those who answer for the unit."""
    _tell_instruction(
        payload, _answering(payload["unit_ids"]), "领导批示，请承办", "An instruction for your unit"
    )


def tell_instruction_replied(payload: Payload) -> None:
    """To the one who registered it."""
    _tell_instruction(payload, _ids(payload["user_ids"]), "批示已反馈", "An instruction was answered")


def _tell_letter(payload: Payload, users: Iterable[UUID], zh: str, en: str, more: str = "") -> None:
    subject = UUID(payload["letter_id"])
    words = f"{payload['number']} {payload['title']}{f'（{more}）' if more else ''}"
    url = reverse("letter_detail", args=[subject])
    notify(users, kind="letter", zh=f"{zh}：{words}", en=f"{en}: {words}", url=url, subject_id=subject)


def _tell_instruction(payload: Payload, users: Iterable[UUID], zh: str, en: str) -> None:
    subject = UUID(payload["instruction_id"])
    url = reverse("instruction_detail", args=[subject])
    title = payload["title"]
    notify(users, kind="letter", zh=f"{zh}：{title}", en=f"{en}: {title}", url=url, subject_id=subject)


def _ids(texts: Iterable[str]) -> list[UUID]:
    return [UUID(text) for text in texts]


def _answering(units: Iterable[str]) -> list[UUID]:
    ids = _ids(units)
    return list({user.pk: None for right in ANSWERING for user in holders_of_right(right, ids)})
