"""Subscriptions of other systems: made, signed anew, ended; and a delivery tried again."""

import secrets
from collections.abc import Sequence
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext as _

from shiyu.audit.actions import action, record
from shiyu.exchange.access import need_manager
from shiyu.exchange.models import Delivery, Event, Secret, Subscription
from shiyu.kernel.actor import Actor
from shiyu.lib import clock
from shiyu.lib.errors import NotVisible, UserError
from shiyu.lib.vault import the_vault
from shiyu.people.models import User

LIVE = 2
"""Secrets of a subscription that hold at once: the old one until the other side knows the new one."""


@action("exchange.subscribe")
def subscribe(actor: Actor, *, user_id: UUID, url: str, events: Sequence[str]) -> tuple[Subscription, str]:
    """Has a system told of events at an address. Returns the subscription with its secret, which is shown once.

    Raises NotAllowed for others than the system administrator, UserError for an address this server does not speak
    to, or without an event."""
    need_manager(actor)
    user = User.objects.filter(pk=user_id, kind=User.Kind.SYSTEM, is_active=True).first()
    if user is None:
        raise NotVisible(_("There is no such account."))
    check_url(url)
    chosen = [code for code in Event.values if code in events]
    if not chosen or set(events) - set(Event.values):
        raise UserError(_("Choose what it is told of."), field="events")
    row = Subscription.objects.create(user=user, url=url, events=chosen)
    secret = _new_secret(row)
    record(row, {"url": url, "events": chosen, "account": user.username})
    return row, secret


@action("exchange.add_secret")
def add_secret(actor: Actor, subscription_id: UUID) -> tuple[Subscription, str]:
    """A second secret beside the first: deliveries are signed with both until the old one is ended. Shown once."""
    row = _held(actor, subscription_id)
    if row.secrets.filter(ended_at=None).count() >= LIVE:
        raise UserError(_("Two secrets hold already; end the old one first."))
    secret = _new_secret(row)
    record(row, {"secrets": "changed"})
    return row, secret


@action("exchange.end_secret")
def end_secret(actor: Actor, secret_id: UUID) -> Subscription:
    """Ends a secret; the last one holds as long as its subscription."""
    found = Secret.objects.filter(pk=secret_id).values_list("subscription_id", flat=True).first()
    row = _held(actor, found)
    live = list(row.secrets.filter(ended_at=None))
    if len(live) < LIVE or secret_id not in {one.pk for one in live}:
        raise UserError(_("This is the only secret that holds; add the new one first."))
    Secret.objects.filter(pk=secret_id).update(ended_at=clock.now())
    record(row, {"secrets": "changed"})
    return row


@action("exchange.end_subscription")
def end_subscription(actor: Actor, subscription_id: UUID) -> Subscription:
    """Tells it nothing more, from now; what still waits is given up."""
    row = _held(actor, subscription_id)
    row.ended_at = clock.now()
    row.save(update_fields=["ended_at"])
    waiting = row.deliveries.filter(state=Delivery.State.WAITING)
    waiting.update(state=Delivery.State.GIVEN_UP, next_at=None, last_error="ended")
    record(row, {"ended": True})
    return row


@action("exchange.retry_delivery")
def retry_delivery(actor: Actor, delivery_id: UUID) -> Delivery:
    """Sends a delivery that was given up, or that waits for its next try, at once."""
    need_manager(actor)
    rows = Delivery.objects.select_for_update(of=("self",)).select_related("subscription")
    row = rows.filter(pk=delivery_id).first()
    if row is None:
        raise NotVisible(_("There is no such delivery."))
    if row.state == Delivery.State.DELIVERED:
        raise UserError(_("This was delivered already."))
    if row.subscription.ended_at is not None:
        raise UserError(_("This subscription has ended."))
    row.state, row.next_at = Delivery.State.WAITING, clock.now()
    row.save(update_fields=["state", "next_at"])
    record(row, {"event": row.event, "tries": row.tries})
    return row


@action("exchange.wrap_secrets_anew")
def wrap_secrets_anew(actor: Actor, *, batch: int = 1000) -> int:
    """Wraps up to `batch` secrets anew under the newest sealing key; returns how many, 0 when none is left. Raises
    Unopenable where a secret's old sealing key is missing from the settings."""
    vault = the_vault()
    old = Secret.objects.exclude(sealed_by=vault.newest)
    rows = list(old.select_for_update(skip_locked=True).order_by("id")[:batch])
    for row in rows:
        row.wrapped, row.sealed_by = vault.wrap_anew(row.wrapped, row.about), vault.newest
    Secret.objects.bulk_update(rows, ["wrapped", "sealed_by"])
    record(None, {"secrets": len(rows), "sealed_by": vault.newest})
    return len(rows)


def check_url(url: str) -> None:
    """Raises UserError for an address this server does not speak to (the settings `WEBHOOK_…`)."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise UserError(_("This is not a web address."), field="url") from None
    schemes = ("https", "http") if settings.WEBHOOK_HTTP else ("https",)
    if parts.scheme not in schemes:
        raise UserError(_("The address must begin with https://."), field="url")
    plain = url.isascii() and url.isprintable() and " " not in url
    if (
        not parts.hostname
        or parts.username is not None
        or parts.password is not None
        or parts.fragment
        or not plain
    ):
        raise UserError(_("Write host and path only: no name, password or “#”."), field="url")
    host = parts.hostname.lower()
    if (host if port is None else f"{host}:{port}") not in settings.WEBHOOK_HOSTS:
        raise UserError(
            _("%(host)s is not in SHIYU_WEBHOOK_HOSTS; whoever runs this server adds it there.")
            % {"host": parts.netloc},
            field="url",
        )


def _held(actor: Actor, subscription_id: UUID | None) -> Subscription:
    """A subscription that goes on, held until the end."""
    need_manager(actor)
    rows = Subscription.objects.select_for_update()
    row = rows.filter(pk=subscription_id).first() if subscription_id else None
    if row is None:
        raise NotVisible(_("There is no such subscription."))
    if row.ended_at is not None:
        raise UserError(_("This subscription has ended."))
    return row


def _new_secret(row: Subscription) -> str:
    text = secrets.token_hex(32)
    secret = Secret(subscription=row)
    secret.keep(text)
    secret.save(force_insert=True)
    return text
