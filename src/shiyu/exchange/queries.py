"""Reads over tokens, systems and deliveries."""

from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from shiyu.exchange.jobs.sending import FAULTS
from shiyu.exchange.models import Delivery, Subscription, Token
from shiyu.people.models import User


def tokens_of(user: User) -> list[Token]:
    """An account's tokens, newest first."""
    return list(Token.objects.filter(user=user).select_related("made_by").order_by("-made_at")[:100])


def personal_tokens() -> list[Token]:
    """The tokens people made for themselves that are not revoked, newest first, at most 200: for the system
    administrator."""
    rows = Token.objects.filter(user__kind=User.Kind.PERSON, revoked_at=None)
    return list(rows.select_related("user").order_by("-made_at")[:200])


def systems() -> QuerySet[User]:
    """The accounts of other systems, with how many tokens and subscriptions go on."""
    return (
        User.objects.filter(kind=User.Kind.SYSTEM)
        .annotate(
            token_count=Count("tokens", filter=Q(tokens__revoked_at=None), distinct=True),
            subscription_count=Count("subscriptions", filter=Q(subscriptions__ended_at=None), distinct=True),
        )
        .order_by("-is_active", "username")
    )


def deliveries_of(subscription: Subscription, state: str = "") -> QuerySet[Delivery]:
    """A subscription's deliveries, newest first; of one state where it is given."""
    rows = subscription.deliveries.order_by("-made_at", "-pk")
    return rows.filter(state=state) if state in Delivery.State.values else rows


DELIVERIES_SHOWN = 50


def deliveries_before(
    subscription: Subscription, state: str, before: UUID | None
) -> tuple[list[Delivery], UUID | None]:
    """The deliveries of a page: the newest, or those older than one of them; and the one from which the next page goes
    on, None at the end. A delivery that is no longer there begins anew."""
    rows = deliveries_of(subscription, state)
    last = subscription.deliveries.filter(pk=before).first() if before else None
    if last is not None:
        older = Q(made_at__lt=last.made_at) | Q(made_at=last.made_at, pk__lt=last.pk)
        rows = rows.filter(older, made_at__lte=last.made_at)
    found = list(rows[: DELIVERIES_SHOWN + 1])
    shown = found[:DELIVERIES_SHOWN]
    return shown, shown[-1].pk if len(found) > DELIVERIES_SHOWN else None


def fault_words(row: Delivery) -> str:
    """Why the last try failed, in words; "" where it did not."""
    if not row.last_error:
        return ""
    words = str(FAULTS.get(row.last_error, row.last_error))
    return (
        _("%(words)s (HTTP %(status)s)") % {"words": words, "status": row.last_status}
        if row.last_status
        else words
    )
