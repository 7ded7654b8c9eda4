"""The daily round: the signed review of a day, its bulletin, the orders and what the units make of them."""

import hashlib
from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from django.db.models import Max
from django.utils import translation
from django.utils.translation import gettext as _

from shiyu.audit.actions import action, record
from shiyu.documents.actions import store_document
from shiyu.documents.models import Document
from shiyu.kernel.actor import Actor
from shiyu.kernel.limits import local_day
from shiyu.letters.numbers import take_number
from shiyu.lib import clock
from shiyu.lib.errors import Conflict, UserError
from shiyu.lib.events import emit
from shiyu.matters.actions.file import DRILL
from shiyu.people.models import Unit
from shiyu.surge.access import need, own_order, visible_surge
from shiyu.surge.actions.taking_in import take_in_open
from shiyu.surge.events import OrderIssued
from shiyu.surge.models import Surge, SurgeDay, SurgeOrder
from shiyu.surge.queries.bulletin import bulletin_of
from shiyu.surge.queries.days import frozen, lines_of, orders_of
from shiyu.surge.queries.rules import rule_of


@action("surge.sign_day")
def sign_day(
    actor: Actor, surge_id: UUID, *, day: date, assessment: str, present: Sequence[UUID] = ()
) -> SurgeDay:
    """Signs the review of a day: its matters and figures are frozen as they stand at its end (now, while it lasts), with
    the orders given and the units that sat there. Units only: nobody is counted by person."""
    surge = visible_surge(actor, surge_id, lock=True)
    need(actor, "run", surge)
    if surge.closed_at is not None:
        raise Conflict(_("It is closed; its days cannot be signed any more."))
    if not local_day(surge.opened_at) <= day <= min(clock.today(), local_day(surge.stops_at)):
        raise UserError(_("On this day the emergency response did not run (yet)."), field="day")
    before = surge.days.filter(day=day).first()
    if before is not None:
        raise Conflict(_("This day was signed already, by %(name)s.") % {"name": before.signed_by_name})
    if len(assessment.strip()) < 2:
        raise UserError(_("Write the assessment of the day."), field="assessment")
    units = list(Unit.objects.in_force().filter(pk__in=present).by_protocol())
    if len(units) != len(set(present)):
        raise UserError(_("Choose units from the list."), field="present")
    if surge.is_running(clock.now()) and not surge.drill:
        # What was filed in the moment in which it was opened: neither saw the other.
        take_in_open(surge, since=surge.opened_at)
    with translation.override("zh-hans"):
        lines, orders = frozen(lines_of(surge, day)), orders_of(surge, day)
    signed = SurgeDay.objects.create(
        surge=surge,
        day=day,
        assessment=assessment.strip(),
        rows=lines,
        orders=orders,
        present=[unit.display_short for unit in units],
        signed_by_name=actor.name,
    )
    told = {
        "day": day,
        "matters": len(lines),
        "orders": len(orders),
        "present": [unit.code for unit in units],
    }
    record(signed, told)
    return signed


@action("surge.issue_bulletin")
def issue_bulletin(actor: Actor, surge_id: UUID, *, day: date) -> SurgeDay:
    """Issues the bulletin of a signed day with the next number of its series and keeps its Word file; issued already, the
    kept one is given back. Exercises have a series of their own."""
    surge = visible_surge(actor, surge_id, lock=True)
    need(actor, "run", surge)
    signed = surge.days.select_related("bulletin").filter(day=day).first()
    rule = rule_of(surge)
    if signed is None or rule is None:
        raise UserError(_("Sign the review of the day first; the bulletin is made from it."))
    if signed.bulletin is not None:
        record(signed, {"bulletin": signed.bulletin_number, "made": "before"})
        return signed
    series = f"surge:{DRILL}" if surge.drill else "surge"
    number = take_number(series, rule.bulletin, day)[1]
    number = f"{DRILL}{number}" if surge.drill else number
    content = bulletin_of(signed, number)
    signed.bulletin_number = number
    signed.bulletin_sha256 = hashlib.sha256(content).hexdigest()
    signed.bulletin = store_document(
        actor,
        title=f"{number} {surge.title}",
        kind=Document.Kind.PACKAGE,
        content=content,
        file_name=f"{number} {surge.title}.docx",
        unit_id=surge.unit_id,
        on_date=day,
    )
    signed.save(update_fields=["bulletin", "bulletin_number", "bulletin_sha256"])
    record(signed, {"bulletin": number, "sha256": signed.bulletin_sha256})
    return signed


@action("surge.issue_orders")
def issue_orders(
    actor: Actor,
    surge_id: UUID,
    *,
    text: str,
    unit_ids: Sequence[UUID],
    due_at: datetime,
    measure: bool = False,
) -> list[SurgeOrder]:
    """Tells units what to do by when: an order while it runs, or with `measure` what its review decided once it has ended.
    One row a unit; what must go the way of a matter is filed as one instead."""
    surge, now = visible_surge(actor, surge_id, lock=True), clock.now()
    need(actor, "open" if measure else "run", surge)
    _check_time(surge, now, measure)
    if len(text.strip()) < 2:
        raise UserError(_("Write what is to be done."), field="text")
    if due_at <= now:
        raise UserError(_("The time by which it is to be done must lie ahead."), field="due_at")
    units = list(Unit.objects.in_force().filter(pk__in=unit_ids).by_protocol())
    if not units or len(units) != len(set(unit_ids)):
        raise UserError(_("Choose units from the list."), field="units")
    last = surge.orders.aggregate(last=Max("number"))["last"] or 0
    orders = SurgeOrder.objects.bulk_create(
        SurgeOrder(
            surge=surge,
            sort=SurgeOrder.Sort.MEASURE if measure else SurgeOrder.Sort.ORDER,
            number=last + at,
            unit=unit,
            text=text.strip(),
            due_at=due_at,
            by_name=actor.name,
        )
        for at, unit in enumerate(units, start=1)
    )
    told = {"orders": [order.number for order in orders], "units": [unit.code for unit in units]}
    record(surge, told | {"due_at": due_at, "measure": measure})
    keys = tuple(unit.pk for unit in units)
    emit(OrderIssued(surge.pk, surge.title, keys, text.strip()[:80], due_at, surge.drill, actor.user_id))
    return orders


def _check_time(surge: Surge, now: datetime, measure: bool) -> None:
    if measure and (surge.ended_at is None or surge.closed_at is not None):
        raise UserError(_("Measures are decided after its end, before its review is entered."))
    if not measure and not surge.is_running(now):
        raise UserError(_("It does not run any more; no orders can be given."))


@action("surge.receive_order")
def receive_order(actor: Actor, order_id: UUID) -> SurgeOrder:
    """The unit has received its order; again it changes nothing."""
    order = own_order(actor, order_id)
    if order.received_at is None:
        order.received_at = clock.now()
        order.save(update_fields=["received_at"])
    record(order, {"received_at": order.received_at})
    return order


@action("surge.finish_order")
def finish_order(actor: Actor, order_id: UUID, *, result: str) -> SurgeOrder:
    """The unit has done it, with what came of it; not received before, it is now."""
    order = own_order(actor, order_id)
    if order.done_at is not None:
        raise Conflict(
            _("This order was reported done already, at %(when)s.") % {"when": _short(order.done_at)}
        )
    if len(result.strip()) < 2:
        raise UserError(_("Write what was done."), field="result")
    order.done_at, order.result = clock.now(), result.strip()
    order.received_at = order.received_at or order.done_at
    order.save(update_fields=["done_at", "received_at", "result"])
    record(order, {"done_at": order.done_at})
    return order


def _short(moment: datetime) -> str:
    return clock.local(moment).strftime("%Y-%m-%d %H:%M")
