"""The pages of the exchange: one's own tokens, other systems, subscriptions, the API's description."""

from shiyu.exchange.views.docs import api_docs, api_docs_schema
from shiyu.exchange.views.subscriptions import (
    delivery_retry,
    secret_end,
    subscription_detail,
    subscription_end,
    subscription_new,
    subscription_rotate,
)
from shiyu.exchange.views.systems import system_detail, system_list, system_new
from shiyu.exchange.views.tokens import token_list, token_revoke

__all__ = [
    "api_docs",
    "api_docs_schema",
    "delivery_retry",
    "secret_end",
    "subscription_detail",
    "subscription_end",
    "subscription_new",
    "subscription_rotate",
    "system_detail",
    "system_list",
    "system_new",
    "token_list",
    "token_revoke",
]
