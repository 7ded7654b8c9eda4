"""Work orders of other systems: tables taken over set-based, results ticked as entered back."""

from shiyu.matters.actions.orders.batches import (
    ask_to_check_orders,
    ask_to_take_orders,
    check_orders,
    drop_orders,
    forget_order_files,
    hand_in_orders,
    may_import,
    take_orders,
)
from shiyu.matters.actions.orders.entry import enter_order, may_enter, note_order

__all__ = [
    "ask_to_check_orders",
    "ask_to_take_orders",
    "check_orders",
    "drop_orders",
    "enter_order",
    "forget_order_files",
    "hand_in_orders",
    "may_enter",
    "may_import",
    "note_order",
    "take_orders",
]
