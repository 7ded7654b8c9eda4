"""Who is told of letters and instructions (wiring.LATER): whoever has to receive, answer or know the answer."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.urls import reverse

from shiyu.letters.access import ANSWERING
from shiyu.notices.actions import notify
from shiyu.people.queries import holders_of_right

Payload = dict[str, Any]


def tell_letter_issued(payload: Payload) -> None:
    """To those who answer for the recipients."""
    _tell_letter(payload, _answering(payload["unit_ids"]), "收到函件", "New letter")


def tell_letter_replied(payload: Payload) -> None:
    """To those who issue letters for the unit that asked."""
    issuers = holders_of_right("letter.issue", _ids(payload["unit_ids"]))
    _tell_letter(payload, [user.pk for user in issuers], "函件已回复", "A letter was answered")


def tell_letter_withdrawn(payload: Payload) -> None:
    """To those who answer for the recipients."""
    _tell_letter(payload, _answering(payload["unit_ids"]), "函件已撤回", "A letter was withdrawn")


def tell_instruction_registered(payload: Payload) -> None:
    """To those who answer for the unit."""
    _tell_instruction(
        payload, _answering(payload["unit_ids"]), "领导批示，请承办", "An instruction for your unit"
    )


def tell_instruction_replied(payload: Payload) -> None:
    """To the one who registered it."""
    _tell_instruction(payload, _ids(payload["user_ids"]), "批示已反馈", "An instruction was answered")


def _tell_letter(payload: Payload, users: Iterable[UUID], zh: str, en: str) -> None:
    subject = UUID(payload["letter_id"])
    words = f"{payload['number']} {payload['title']}"
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
