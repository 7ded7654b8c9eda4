"""What the desk shows of emergency response: orders to carry out; the day's review, an end that is due, a review that
is missing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from shiyu.kernel.actor import Actor
from shiyu.lib import clock
from shiyu.surge.models import Surge, SurgeDay, SurgeOrder
from shiyu.surge.queries.rules import rule_in_force
from shiyu.ui.values import Number


@dataclass(frozen=True)
class DeskItem:
    """One line of the desk: what it is, what to do, by when, where."""

    kind: str
    title: str
    sub: str
    why: str
    due_on: date | None
    action: str
    url: str


MOST = 100
"""So many orders and so many responses stand on a desk; the pages of the responses have the rest."""


def surge_items_for_desk(actor: Actor) -> list[DeskItem]:
    """What waits for the person, of each sort the first `MOST`; nothing (and no query) in a city without emergency
    response."""
    if actor.is_system or rule_in_force() is None:
        return []
    return [*_orders(actor), *_rounds(actor)]


def surge_orders_beyond(actor: Actor, shown: int) -> list[Number]:
    """How many open orders of each response wait beyond the `shown` ones, with its page; asked only where they fill
    their part of the desk."""
    if shown < MOST:
        return []
    rest = _open_orders(actor).values_list("surge_id", flat=True)[shown:]
    return [
        Number(n, reverse("surge_detail", args=[surge_id]) + "#orders", label=_("emergency orders"))
        for surge_id, n in Counter(rest).items()
    ]


def _open_orders(actor: Actor) -> QuerySet[SurgeOrder]:
    rows = SurgeOrder.objects.filter(unit_id__in=actor.units_with("matter.handle"), done_at=None)
    return rows.order_by("due_at", "id")


def _orders(actor: Actor) -> Iterator[DeskItem]:
    for row in _open_orders(actor).select_related("surge", "unit")[:MOST]:
        due = clock.local(row.due_at)
        yield DeskItem(
            kind=_("Exercise order") if row.surge.drill else _("Emergency order"),
            title=row.text,
            sub=f"{row.surge.title} · {row.unit.display_short}",
            why=_("To be done by %(time)s") % {"time": due.strftime("%m-%d %H:%M")},
            due_on=due.date(),
            action=_("Report it done") if row.received_at else _("Receive"),
            url=reverse("surge_detail", args=[row.surge_id]) + f"#order-{row.number}",
        )


def _rounds(actor: Actor) -> Iterator[DeskItem]:
    opens, runs = actor.units_with("surge.open"), actor.units_with("surge.run")
    if not opens | runs:
        return
    now, today = clock.now(), clock.today()
    signed = SurgeDay.objects.filter(surge=OuterRef("pk"), day=today)
    going = Surge.objects.filter(unit_id__in=opens | runs, closed_at=None).select_related("unit")
    for surge in going.annotate(is_signed=Exists(signed)).order_by("opened_at", "id")[:MOST]:
        state, url = surge.state(now), reverse("surge_detail", args=[surge.pk])
        if state == "running" and not surge.is_signed:
            day = reverse("surge_day", args=[surge.pk, today.isoformat()])
            yield _item(surge, _("The day's review is not signed yet"), today, _("Review the day"), day)
        elif state == "expired" and surge.unit_id in opens:
            why = _("Its last day is over: its limits apply no longer. End it or extend it by a decision")
            yield _item(surge, why, surge.ends_on, pgettext("surge", "Decide"), url)
        elif state == "ended" and surge.unit_id in opens:
            why = _("It has ended; its review is missing")
            yield _item(surge, why, None, _("Write the review"), reverse("surge_close", args=[surge.pk]))


def _item(surge: Surge, why: str, due: date | None, action: str, url: str) -> DeskItem:
    kind = _("Emergency exercise") if surge.drill else _("Emergency response")
    return DeskItem(kind, surge.title, surge.unit.display_short, why, due, action, url)
