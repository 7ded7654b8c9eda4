"""Who may do what in emergency response."""

from uuid import UUID

from django.utils.translation import gettext as _

from shiyu.kernel.actor import Actor
from shiyu.lib.errors import NotAllowed, NotVisible
from shiyu.surge.models import Surge, SurgeOrder

RIGHTS = {
    "open": ("surge.open",),
    "run": ("surge.run", "surge.open"),
    "list": ("surge.view", "surge.open", "surge.run", "matter.handle", "matter.file", "matter.view_all"),
}
"""Which rights let a person do it; opening, extending, ending and closing are decisions and ask for `surge.open`."""

SUBJECT = "surge.surge"


def can(actor: Actor, verb: str, surge: Surge | None = None) -> bool:
    """Whether the person may (`open`, `run`) in the unit that runs the surge, or in any; `list`: see the page of all."""
    unit = surge.unit_id if surge is not None else None
    return any(actor.has(right, unit) for right in RIGHTS.get(verb, ()))


def need(actor: Actor, verb: str, surge: Surge | None = None) -> None:
    """Raises NotAllowed where the person may not."""
    if not can(actor, verb, surge):
        raise NotAllowed(_("Your posts do not include this right."))


def visible_surge(actor: Actor, surge_id: UUID, *, lock: bool = False) -> Surge:
    """The surge, if the person may see it; else NotVisible."""
    if not Surge.objects.visible_to(actor).filter(pk=surge_id).exists():
        raise NotVisible(_("There is no such emergency response, or it is not for you to see."))
    rows = Surge.objects.select_for_update(of=("self",)) if lock else Surge.objects.all()
    return rows.select_related("unit__area").get(pk=surge_id)


def answers_order(actor: Actor, order: SurgeOrder) -> bool:
    """Whether the person acts for the unit that has the order."""
    return actor.has("matter.handle", order.unit_id)


def own_order(actor: Actor, order_id: UUID) -> SurgeOrder:
    """The order, held until the end, if the person acts for its unit; NotVisible or NotAllowed else."""
    order = (
        SurgeOrder.objects.select_for_update(of=("self",)).select_related("unit").filter(pk=order_id).first()
    )
    if order is None:
        raise NotVisible(_("There is no such order."))
    visible_surge(actor, order.surge_id)
    if not answers_order(actor, order):
        raise NotAllowed(_("Only the unit that has the order may do this."))
    return order
