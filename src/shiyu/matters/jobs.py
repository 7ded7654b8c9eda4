"""Telling people when a matter moves (wiring.LATER): whoever has to act next, never the one who just acted."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.urls import reverse

from shiyu.notices.actions import notify
from shiyu.people.queries import holders_of_right

Payload = dict[str, Any]


def tell_filed(payload: Payload) -> None:
    """To those who take it in."""
    _tell(payload, "matter.dispatch", "待受理", "To be accepted")


def tell_dispatched(payload: Payload) -> None:
    """To those who handle it."""
    _tell(payload, "matter.handle", "新交办", "New for your unit")


def tell_returned(payload: Payload) -> None:
    """To those who must answer the return."""
    _tell(payload, "matter.dispatch", "申请退回，待答复", "Returned, to be answered")


def tell_return_decided(payload: Payload) -> None:
    """To those who handle it now."""
    _tell(payload, "matter.handle", "退回申请已答复", "The return was answered")


def tell_extension_asked(payload: Payload) -> None:
    """To those who decide on it."""
    _tell(payload, "matter.approve", "申请延期，待审批", "Asks for more time")


def tell_extension_decided(payload: Payload) -> None:
    """To those who asked."""
    _tell(payload, "matter.handle", "延期申请已审批", "The extension was decided")


def tell_completed(payload: Payload) -> None:
    """To those who verify it."""
    _tell(payload, "matter.verify", "已报办结，待核查", "Done, to be verified")


def tell_sent_back(payload: Payload) -> None:
    """To those who handle it again."""
    _tell(payload, "matter.handle", "核查不通过，退回重办", "Sent back after the check")


def tell_reopened(payload: Payload) -> None:
    """To those who handle it again."""
    _tell(payload, "matter.handle", "重新办理", "Reopened")


def tell_closed(payload: Payload) -> None:
    """To those who handled it."""
    _tell(payload, "matter.handle", "已销号", "Closed")


def tell_on_books(payload: Payload) -> None:
    """To those who handle it."""
    _tell(payload, "matter.handle", "已挂账", "Put on the books")


def tell_urged(payload: Payload) -> None:
    """To those who hold it."""
    _tell(payload, "matter.handle", "催办", "Urged")


def _tell(payload: Payload, right: str, zh: str, en: str) -> None:
    subject = UUID(payload["matter_id"])
    notify(
        _people(right, payload["unit_ids"], payload["by_id"]),
        kind="matter",
        zh=f"{zh}：{payload['code']} {payload['title']}",
        en=f"{en}: {payload['code']} {payload['title']}",
        url=reverse("matter_detail", args=[subject]),
        subject_id=subject,
    )


def _people(right: str, units: Iterable[str], but: str | None) -> list[UUID]:
    holders = holders_of_right(right, [UUID(unit) for unit in units])
    return [user.pk for user in holders if str(user.pk) != but]
