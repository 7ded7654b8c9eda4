"""What the page of a matter shows beside its own loop: its orders of other systems."""

from typing import Any

from shiyu.kernel.actor import Actor
from shiyu.matters.actions.orders import may_enter
from shiyu.matters.queries.orders import orders_of, takes_orders
from shiyu.ui.panels import Panel


def orders_panel(actor: Actor, matter: Any) -> Panel | None:
    """The matter's orders with the reply to enter back; nothing in a city without other systems, and nothing to do for
    whoever keeps no desk."""
    if not takes_orders():
        return None
    cards, may = orders_of(matter), may_enter(actor, matter)
    if not cards and not may:
        return None
    return Panel("matters/_matter_orders.html", {"cards": cards, "may": may, "matter": matter})
