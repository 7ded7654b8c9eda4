"""What a later table says otherwise: only what the source owns is updated, and what changed is written down."""

from __future__ import annotations

from collections.abc import Sequence

from shiyu.lib import clock
from shiyu.lib.ids import new_id
from shiyu.matters.actions.orders.plan import Line, times_of
from shiyu.matters.actions.orders.take import NO_PIN, seal_person
from shiyu.matters.actions.parties import keep_reporters
from shiyu.matters.models import Matter, MatterKey, OrderBatch, OrderChange, Party, WorkOrder

SOURCE_OWNS = ("title", "text", "topic", "area_id", "fields")


def update_orders(batch: OrderBatch, lines: Sequence[Line]) -> None:
    """The order's cells, times and caller; of its matter, while it is open, title, text, topic, place and form. Who
    handles it, its state and its limits stay ours. No record of its own: part of `take_orders`."""
    known = [line for line in lines if line.existing is not None]
    if not known:
        return
    ids = sorted(line.existing.matter_id for line in known if line.existing)
    matters = {
        row.pk: row
        for row in Matter.objects.select_for_update(of=("self",)).filter(pk__in=ids).order_by("pk")
    }
    orders, open_ones, changes = [], [], []
    for line in known:
        order = line.existing
        if order is None:
            continue
        matter = matters[order.matter_id]
        if matter.is_open:
            _take_content(matter, line)
            _take_person(matter, order, line)
            open_ones.append(matter)
        order.given = order.given | dict(line.order.given)
        order.set_times(times_of(line.order))
        orders.append(order)
        changes.append(
            OrderChange(
                id=new_id(), order=order, batch=batch, row=line.row, heads=list(line.heads), at=clock.now()
            )
        )
    names = [name.removesuffix("_id") for name in SOURCE_OWNS]
    Matter.objects.bulk_update(_with_words(open_ones), [*names, "search"], batch_size=500)
    times = ["handed_at", "upper_handed_at", "deadline", "upper_deadline", "due_at"]
    WorkOrder.objects.bulk_update(orders, ["given", "party", *times], batch_size=500)
    OrderChange.objects.bulk_create(changes, batch_size=1000)


def _take_content(matter: Matter, line: Line) -> None:
    """A caller's word that the place is another one moves the place, never the unit that has the matter."""
    matter.title, matter.text, matter.topic = line.order.title, line.order.text, line.order.topic
    matter.fields = matter.fields | line.fields
    if line.area_id is not None:
        matter.area_id = line.area_id


def _with_words(matters: list[Matter]) -> list[Matter]:
    field = Matter._meta.get_field("search")
    for matter in matters:
        matter.search = field.pre_save(matter, False)  # type: ignore[attr-defined]
    return matters


def _take_person(matter: Matter, order: WorkOrder, line: Line) -> None:
    if not line.order.person:
        return
    key = MatterKey.objects.select_for_update().filter(matter=matter).first()
    party = Party.objects.filter(pk=order.party_id).first() if order.party_id else None
    if party is None:
        made = keep_reporters(matter, line.reporters)[0]
        Party.objects.filter(pk=made.pk).update(pin_hash=NO_PIN)
        order.party = made
    elif key is not None and key.wrapped:
        seal_person(key, party, line)
        party.save(update_fields=["name", "phone", "address", "phone_trace"])
