"""One order at a time: noted at the desk, its result ticked as entered in the other system."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.utils.translation import gettext as _

from shiyu.audit.actions import action, record
from shiyu.kernel.actor import Actor
from shiyu.kernel.limits import end_of
from shiyu.kernel.orders import LONGEST_NUMBER
from shiyu.lib import clock
from shiyu.lib.errors import NotAllowed, NotVisible, UserError
from shiyu.matters.access import visible_matter
from shiyu.matters.actions.orders.plan import order_source
from shiyu.matters.models import Matter, WorkOrder


def may_enter(actor: Actor, matter: Matter) -> bool:
    """Whether the person keeps the matter's orders: the desk of the unit that has it."""
    return actor.has("matter.dispatch", matter.unit_id)


def _need(actor: Actor, matter: Matter) -> None:
    if not may_enter(actor, matter):
        raise NotAllowed(
            _("The orders of other systems are kept by the desk of the unit that has the matter.")
        )


@action("matters.note_order")
def note_order(
    actor: Actor,
    matter_id: UUID,
    *,
    source: str,
    number: str,
    deadline: date | None = None,
    upper_deadline: date | None = None,
) -> WorkOrder:
    """Writes down that a matter is another system's order too: its system, number and deadlines (days; they end with
    that day). Raises UserError where the order belongs to a matter already."""
    matter = visible_matter(actor, matter_id, lock=True)
    _need(actor, matter)
    order_source(source)
    number = number.strip()
    if not number or len(number) > LONGEST_NUMBER:
        raise UserError(_("Give the order's number in the other system."), field="number")
    known = WorkOrder.objects.filter(source=source, number=number).select_related("matter").first()
    if known is not None:
        words = (
            _("This order belongs to %(code)s already.")
            if known.matter_id != matter.pk
            else _("It is noted already.")
        )
        raise UserError(words % {"code": _code(actor, known)}, field="number")
    row = WorkOrder(matter=matter, source=source, number=number, handed_at=None)
    row.set_times(
        {
            "handed_at": None,
            "deadline": end_of(deadline) if deadline else None,
            "upper_deadline": end_of(upper_deadline) if upper_deadline else None,
        }
    )
    row.save(force_insert=True)
    record(matter, {"order": number, "source": source})
    return row


def _code(actor: Actor, order: WorkOrder) -> str:
    """The other matter's number, for whoever may see it."""
    seen = Matter.objects.visible_to(actor).filter(pk=order.matter_id).exists()
    return order.matter.code if seen else _("another matter")


@action("matters.enter_order")
def enter_order(actor: Actor, order_id: UUID, *, entered: bool = True) -> WorkOrder:
    """Ticks that the clerk entered the result in the other system, or takes the tick back. Raises UserError while the
    matter is still being handled."""
    found = (
        WorkOrder.objects.visible_to(actor).filter(pk=order_id).values_list("matter_id", flat=True).first()
    )
    if found is None:
        raise NotVisible(_("There is no such order, or it is not for you to see."))
    matter = visible_matter(actor, found, lock=True)
    row = WorkOrder.objects.select_for_update().get(pk=order_id)
    row.matter = matter
    _need(actor, matter)
    if entered and matter.is_open and matter.phase != "verifying":
        raise UserError(_("The matter is still being handled; there is no result to enter yet."))
    if entered == row.is_entered:
        raise UserError(_("This is so already.") if entered else _("It was not ticked."))
    row.entered_at = clock.now() if entered else None
    row.entered_by_id, row.entered_by_name = (actor.user_id, actor.name) if entered else (None, "")
    row.entered_reopened = matter.reopened
    row.save(update_fields=["entered_at", "entered_by_id", "entered_by_name", "entered_reopened"])
    record(matter, {"order": row.number, "entered": entered})
    return row
