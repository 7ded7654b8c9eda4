"""How notices leave, and the job that sends what waits.

One interface, an adapter for each way out: e-mail now; SMS and government messengers are adapters behind it. A
failed delivery is tried again up to five times, then shown as failed.
"""

from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from django.conf import settings
from django.core.mail import send_mail
from django.urls import reverse

from shiyu.audit.jobs import heads_exported
from shiyu.lib import clock
from shiyu.notices.actions import notify
from shiyu.notices.models import Delivery, Notice
from shiyu.people.queries import holders_of_right

ATTEMPTS = 5


class Channel(Protocol):
    """A way out. `send` raises where the notice could not be handed over; the job tries again."""

    def address_of(self, notice: Notice) -> str:
        """Where this person is reached; empty where they are not."""
        ...

    def send(self, notice: Notice, address: str, title: str) -> None:
        """Hand the notice over."""
        ...


class Email:
    """E-mail through the server's own mail host."""

    def address_of(self, notice: Notice) -> str:
        return notice.user.email

    def send(self, notice: Notice, address: str, title: str) -> None:
        send_mail(title, f"{title}\n{notice.url}", None, [address])


class Recorder:
    """A stand-in that only remembers, for tests and for trying an installation out."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, str]] = []

    def address_of(self, notice: Notice) -> str:
        return notice.user.username

    def send(self, notice: Notice, address: str, title: str) -> None:
        self.sent.append((address, title))


CHANNELS: dict[str, Channel] = {"email": Email(), "record": Recorder()}


def send_waiting(limit: int = 200) -> int:
    """Send waiting deliveries, oldest first; returns how many left."""
    sent = 0
    waiting = Delivery.objects.filter(state=Delivery.State.WAITING).select_related("notice__user")
    for delivery in waiting.order_by("id")[:limit]:
        sent += _send(delivery)
    return sent


def _send(delivery: Delivery) -> int:
    channel = CHANNELS[delivery.channel]
    notice = delivery.notice
    address = channel.address_of(notice)
    delivery.attempts += 1
    if not address:
        delivery.state, delivery.error = Delivery.State.FAILED, "no address"
    else:
        title = notice.title_en if notice.user.language == "en" else notice.title_zh
        try:
            channel.send(notice, address, title)
            delivery.state, delivery.sent_at, delivery.error = Delivery.State.SENT, clock.now(), ""
        except OSError as error:  # mail host away, time-out: try again later
            delivery.error = str(error)[:300]
            if delivery.attempts >= ATTEMPTS:
                delivery.state = Delivery.State.FAILED
    delivery.save()
    return int(delivery.state == Delivery.State.SENT)


def tell_handed_over(payload: dict[str, Any]) -> None:
    """To who has the open work of somebody who left a post."""
    name, post, n = payload["from_name"], payload["post"], payload["count"]
    notify(
        [UUID(payload["to_id"])],
        kind="handover",
        zh=f"{name}（{post}）名下的 {n} 项未办事项交接给您",
        en=f"{n} open items of {name} ({post}) are handed over to you",
        url=reverse("unit_detail", args=[payload["unit_id"]]),
    )


def tell_head(since: datetime, until: datetime) -> int:
    """Send the audit administrators the newest exported seal, where the installation wants that; returns how many people.

    So a copy lies in their mail, out of reach of whoever runs the database. A daily job.
    """
    heads = heads_exported() if settings.AUDIT_HEAD_NOTICE else []
    if not heads or heads[-1].at <= since:
        return 0
    people = [user.pk for user in holders_of_right("audit.read")]
    url = reverse("audit_verify")
    return notify(people, kind="audit", zh=f"审计封印：{heads[-1]}", en=f"Audit seal: {heads[-1]}", url=url)
