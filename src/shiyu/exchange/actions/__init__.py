"""Changes of what other systems hold: tokens, system accounts, subscriptions, deliveries."""

from shiyu.exchange.actions.tokens import make_system_account, make_token, revoke_token
from shiyu.exchange.actions.webhooks import (
    add_secret,
    end_secret,
    end_subscription,
    retry_delivery,
    subscribe,
    wrap_secrets_anew,
)

__all__ = [
    "add_secret",
    "end_secret",
    "end_subscription",
    "make_system_account",
    "make_token",
    "retry_delivery",
    "revoke_token",
    "subscribe",
    "wrap_secrets_anew",
]
