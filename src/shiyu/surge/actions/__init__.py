"""Changes of emergency response: decisions (`surges`), the daily round (`rounds`), matters taken in and out (`taking_in`,
`taking_out`)."""

from shiyu.surge.actions.rounds import finish_order, issue_bulletin, issue_orders, receive_order, sign_day
from shiyu.surge.actions.surges import Decision, close_surge, end_surge, extend_surge, open_surge
from shiyu.surge.actions.taking_out import take_out_matter

__all__ = [
    "Decision",
    "close_surge",
    "end_surge",
    "extend_surge",
    "finish_order",
    "issue_bulletin",
    "issue_orders",
    "open_surge",
    "receive_order",
    "sign_day",
    "take_out_matter",
]
