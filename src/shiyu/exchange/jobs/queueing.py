"""Which deliveries there are and when each is tried.

The event queues the job `hear` in the transaction of its change (wiring.LATER); that job writes a delivery for every
subscription that may know. The worker sends what is due; a failure waits longer each time, and after the last it is
given up and shown."""

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet

from shiyu.exchange.jobs.sending import send
from shiyu.exchange.models import Delivery, Event, KeptAnswer, Subscription, TokenTry
from shiyu.kernel.actor import Actor
from shiyu.letters import events as letter_events
from shiyu.letters.models import Letter
from shiyu.lib import clock
from shiyu.matters import events as matter_events
from shiyu.matters.models import Matter
from shiyu.people.queries import actor_of

Payload = dict[str, Any]
WAITS = tuple(
    timedelta(seconds=seconds) for seconds in (10, 60, 5 * 60, 30 * 60, 2 * 3600, 6 * 3600, 12 * 3600)
)
"""After each failed try, until the next; about 21 hours in all."""
DELIVERIES_KEPT = timedelta(days=90)
ANSWERS_KEPT = timedelta(days=7)
TRIES_KEPT = timedelta(days=1)

EVENTS: dict[type, Event] = {
    matter_events.MatterFiled: Event.MATTER_FILED,
    matter_events.MatterRefused: Event.MATTER_REFUSED,
    matter_events.MatterDispatched: Event.MATTER_DISPATCHED,
    matter_events.MatterAcknowledged: Event.MATTER_ACKNOWLEDGED,
    matter_events.MatterReturned: Event.MATTER_RETURNED,
    matter_events.ReturnDecided: Event.RETURN_DECIDED,
    matter_events.ExtensionAsked: Event.EXTENSION_ASKED,
    matter_events.ExtensionDecided: Event.EXTENSION_DECIDED,
    matter_events.MatterPutOnBooks: Event.MATTER_ON_BOOKS,
    matter_events.MatterTakenOffBooks: Event.MATTER_OFF_BOOKS,
    matter_events.AssignmentCompleted: Event.PART_COMPLETED,
    matter_events.MatterCompleted: Event.MATTER_COMPLETED,
    matter_events.MatterVerified: Event.MATTER_VERIFIED,
    matter_events.MatterSentBack: Event.MATTER_SENT_BACK,
    matter_events.MatterClosed: Event.MATTER_CLOSED,
    matter_events.MatterReopened: Event.MATTER_REOPENED,
    matter_events.MatterUrged: Event.MATTER_URGED,
    matter_events.MatterChanged: Event.MATTER_CHANGED,
    matter_events.OrdersImported: Event.ORDERS_IMPORTED,
    letter_events.LetterIssued: Event.LETTER_ISSUED,
    letter_events.LetterReceived: Event.LETTER_RECEIVED,
    letter_events.LetterReplied: Event.LETTER_REPLIED,
    letter_events.LetterWithdrawn: Event.LETTER_WITHDRAWN,
}
"""What is told, by the event of the house."""


def _hearer(event: Event) -> Callable[[Payload], None]:
    """The LATER handler of an event; a job finds it by its name."""

    def hear(payload: Payload) -> None:
        queue_deliveries(event, payload)

    hear.__name__ = hear.__qualname__ = "tell_" + event.value.replace(".", "_")
    hear.is_wanted = lambda: _wanted(event).exists()  # type: ignore[attr-defined]
    return hear


def _wanted(event: Event) -> QuerySet[Subscription]:
    """The subscriptions of open accounts that go on and ask for the event."""
    return Subscription.objects.filter(ended_at=None, user__is_active=True, events__contains=[event.value])


HEARD: dict[type, Callable[[Payload], None]] = {kind: _hearer(event) for kind, event in EVENTS.items()}
"""For wiring.LATER. `is_wanted` says whether anybody subscribed to it: else no job is queued."""


def queue_deliveries(event: Event, payload: Payload) -> int:
    """Writes a delivery for every subscription that wants the event and whose account may see what it is about; returns
    how many."""
    rows = []
    with transaction.atomic():
        for subscription in _wanted(event).select_related("user"):
            about = _about(actor_of(subscription.user), payload)
            if about is None:
                continue
            row = Delivery(
                subscription=subscription, event=event.value, made_at=clock.now(), next_at=clock.now()
            )
            content = {"id": str(row.pk), "event": event.value, "at": row.made_at.isoformat(), **about}
            row.body = json.dumps(content, separators=(",", ":"))
            row.save(force_insert=True)
            rows.append(row)
    return len(rows)


def _about(actor: Actor, payload: Payload) -> dict[str, Any] | None:
    """Ids and phase of what the event is about, as it stands now; None where the account does not see it."""
    if "batch_id" in payload:
        return _about_table(actor, payload["batch_id"])
    if "matter_id" in payload:
        phase = (
            Matter.objects.visible_to(actor)
            .filter(pk=payload["matter_id"])
            .values_list("phase", flat=True)
            .first()
        )
        return None if phase is None else {"matter_id": payload["matter_id"], "phase": phase}
    seen = (
        Letter.objects.visible_to(actor)
        .filter(pk=payload["letter_id"])
        .values_list("state", flat=True)
        .first()
    )
    return None if seen is None else {"letter_id": payload["letter_id"], "phase": seen}


def _about_table(actor: Actor, batch_id: str) -> dict[str, Any] | None:
    """The table, and the units with which those of its matters lie that the account sees: it asks for their lists."""
    seen = Matter.objects.visible_to(actor).filter(orders__batch_id=UUID(batch_id))
    units = sorted(
        str(unit_id) for unit_id in set(seen.order_by().values_list("unit_id", flat=True).distinct())
    )
    return {"batch_id": batch_id, "unit_ids": units, "phase": "taken"} if units else None


def send_due(most: int = 100) -> int:
    """Tries the deliveries whose time has come, oldest first, each in a transaction of its own; returns how many. The
    worker calls it again and again. A subscription that fails waits for its next turn, so that one dead host does not
    hold the others up."""
    failed: list[UUID] = []
    for done in range(most):
        with transaction.atomic():
            rows = Delivery.objects.select_for_update(of=("self",), skip_locked=True)
            due = rows.filter(state=Delivery.State.WAITING, next_at__lte=clock.now())
            row = (
                due.exclude(subscription__in=failed)
                .select_related("subscription__user")
                .order_by("next_at")
                .first()
            )
            if row is None:
                return done
            _try(row)
            if row.state != Delivery.State.DELIVERED:
                failed.append(row.subscription_id)
    return most


def _try(row: Delivery) -> None:
    """One try of a delivery that is held, and what follows from it. What was queued while its subscription ended, or its
    account was closed, is not sent."""
    if row.subscription.ended_at is not None or not row.subscription.user.is_active:
        row.state, row.next_at, row.last_error = Delivery.State.GIVEN_UP, None, "ended"
        row.save(update_fields=["state", "next_at", "last_error"])
        return
    result = send(row)
    row.tries += 1
    row.last_status, row.last_error = result.status, result.fault
    if not result.fault:
        row.state, row.next_at, row.delivered_at = Delivery.State.DELIVERED, None, clock.now()
    elif row.tries > len(WAITS):
        row.state, row.next_at = Delivery.State.GIVEN_UP, None
    else:
        row.next_at = clock.now() + WAITS[row.tries - 1]
    row.save()


def tidy(since: datetime, until: datetime) -> int:
    """Forgets old deliveries that ended, kept answers and wrong tokens; returns how many. A daily job; its window changes
    nothing."""
    now = clock.now()
    ended = ~Q(state=Delivery.State.WAITING)
    gone = Delivery.objects.filter(ended, made_at__lt=now - DELIVERIES_KEPT).delete()[0]
    gone += KeptAnswer.objects.filter(at__lt=now - ANSWERS_KEPT).delete()[0]
    return gone + TokenTry.objects.filter(at__lt=now - TRIES_KEPT).delete()[0]
