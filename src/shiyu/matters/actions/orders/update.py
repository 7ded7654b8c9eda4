"""What a later table says otherwise: only what the source owns is updated, and what changed is written down."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from shiyu.kernel.spec.orders import PERSON, OrderSource
from shiyu.lib import clock
from shiyu.lib.ids import new_id
from shiyu.matters.actions.orders.plan import Line, times_of
from shiyu.matters.actions.orders.take import NO_PIN, seal_person
from shiyu.matters.actions.parties import renewed_key
from shiyu.matters.models import Matter, MatterKey, OrderBatch, OrderChange, Party, WorkOrder

SOURCE_OWNS = ("title", "text", "topic", "area", "fields")
AT_ONCE = 500


def update_orders(batch: OrderBatch, source: OrderSource, lines: Sequence[Line]) -> None:
    """The order's cells, times and caller; of its matter, while it is open, title, text, topic, place and form. Who
    handles it, its state and its limits stay ours. The planner holds the matters and read the orders under that lock.
    No record of its own: part of `take_orders`."""
    known = [(line, line.existing) for line in lines if line.existing is not None]
    if not known:
        return
    now, matters = clock.now(), dict[UUID, Matter]()
    for _line, order in known:  # of two orders of one matter the later row counts
        order.matter = matters.setdefault(order.matter_id, order.matter)
    open_ones = [(line, order) for line, order in known if order.matter.is_open]
    _take_callers(source, open_ones)
    for line, order in open_ones:
        _take_content(order.matter, line)
    for line, order in known:
        order.given = order.given | dict(line.order.given)
        order.set_times(times_of(line.order))
    changed = _with_words([matter for matter in matters.values() if matter.is_open])
    Matter.objects.bulk_update(changed, [*SOURCE_OWNS, "search"], batch_size=AT_ONCE)
    times = ["handed_at", "upper_handed_at", "deadline", "upper_deadline", "due_at"]
    orders = [order for _line, order in known]
    WorkOrder.objects.bulk_update(orders, ["given", "party", *times], batch_size=AT_ONCE)
    OrderChange.objects.bulk_create(
        [
            OrderChange(id=new_id(), order=order, batch=batch, row=line.row, heads=list(line.heads), at=now)
            for line, order in known
        ],
        batch_size=AT_ONCE,
    )


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


def _take_callers(source: OrderSource, known: Sequence[tuple[Line, WorkOrder]]) -> None:
    """Callers of whom the row says something else: sealed anew under their matter's key. A caller whose key was destroyed
    stays deleted; one the order did not have is written down, under a new key where the matter has none."""
    heads = {source.head_of(part) for part in PERSON}
    said = [(line, order) for line, order in known if line.order.person and heads & {*line.heads}]
    if not said:
        return
    ids = sorted(order.matter_id for _line, order in said)
    rows = MatterKey.objects.select_for_update().filter(matter_id__in=ids).order_by("matter_id")
    keys = {key.matter_id: key for key in rows}
    parties = Party.objects.in_bulk([order.party_id for _line, order in said if order.party_id])
    new_keys, new, changed = [], [], []
    for line, order in said:
        party, key = parties.get(order.party_id) if order.party_id else None, keys.get(order.matter_id)
        if party is None:
            if key is None or not key.wrapped:
                key = keys[order.matter_id] = renewed_key(order.matter, key)
                new_keys.append(key)
            party = order.party = Party(
                id=new_id(), matter=order.matter, filed_at=clock.now(), pin_hash=NO_PIN
            )
            new.append(party)
        elif key is None or not key.wrapped:
            continue
        else:
            changed.append(party)
        seal_person(key, party, line)
    MatterKey.objects.bulk_create(
        new_keys,
        update_conflicts=True,
        unique_fields=["matter"],
        update_fields=["wrapped", "sealed_by", "made_at", "destroyed_at", "destruction"],
        batch_size=AT_ONCE,
    )
    Party.objects.bulk_create(new, batch_size=AT_ONCE)
    Party.objects.bulk_update(changed, ["name", "phone", "address", "phone_trace"], batch_size=AT_ONCE)
