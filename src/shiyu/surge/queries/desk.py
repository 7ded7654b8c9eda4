"""What the desk shows of emergency response: orders to carry out; the day's review, an end that is due, a review that
is missing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from shiyu.kernel.actor import Actor
from shiyu.lib import clock
from shiyu.surge.models import Surge, SurgeDay, SurgeOrder
from shiyu.surge.queries.rules import rule_in_force


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


def surge_items_for_desk(actor: Actor) -> list[DeskItem]:
    """What waits for the person; nothing (and no query) in a city without emergency response."""
    if actor.is_system or rule_in_force() is None:
        return []
    return [*_orders(actor), *_rounds(actor)]


def _orders(actor: Actor) -> Iterator[DeskItem]:
    units = actor.units_with("matter.handle")
    if not units:
        return
    rows = SurgeOrder.objects.filter(unit_id__in=units, done_at=None).select_related("surge", "unit")
    for row in rows.order_by("due_at"):
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
    signed = SurgeDay.objects.filter(day=today).values("surge_id")
    for surge in Surge.objects.filter(unit_id__in=opens | runs, closed_at=None).order_by("opened_at"):
        state, url = surge.state(now), reverse("surge_detail", args=[surge.pk])
        if state == "running" and surge.pk not in {key for (key,) in signed.values_list("surge_id")}:
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
