"""Everything that happened in a response, in order: decisions, matters, orders, days, its review."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from shiyu.documents.tables import Column, TableSpec
from shiyu.documents.word import render_tables
from shiyu.kernel.actor import Actor
from shiyu.lib import clock
from shiyu.matters.models import Matter
from shiyu.surge.models import Surge, SurgeDecision, SurgeOrder
from shiyu.surge.queries.limits import entries_of


@dataclass(frozen=True)
class Event:
    """One line of the log: when, what, in which words, by whom (unit or post), and where it leads."""

    at: datetime
    what: str
    text: str
    by: str
    url: str = ""


def log_of(actor: Actor, surge: Surge) -> list[Event]:
    """The whole log in order of time. A matter the person may not see is named by its number alone. Six queries."""
    found = [*_decisions(surge), *_matters(actor, surge), *_orders(surge), *_days(surge)]
    if surge.closed_at is not None:
        found.append(
            Event(surge.closed_at, pgettext("surge", "Review"), surge.happened, surge.unit.display_short)
        )
    return sorted(found, key=lambda event: event.at)


SORTS = {
    SurgeDecision.Sort.OPEN: lambda: pgettext("surge", "Opened"),
    SurgeDecision.Sort.EXTEND: lambda: pgettext("surge", "Extended"),
    SurgeDecision.Sort.END: lambda: pgettext("surge", "Ended"),
}


def _decisions(surge: Surge) -> list[Event]:
    return [
        Event(
            row.at,
            SORTS[SurgeDecision.Sort(row.sort)](),
            f"{row.document_number} {row.reason}",
            row.decided_by,
        )
        for row in surge.decisions.order_by("at")
    ]


def _matters(actor: Actor, surge: Surge) -> list[Event]:
    found = []
    entries = entries_of(surge, min(clock.now(), surge.stops_at), with_left=True)
    seen = set(Matter.objects.visible_to(actor).filter(surges__surge=surge).values_list("pk", flat=True))
    for entry in entries:
        matter, unit = entry.matter, entry.unit.display_short
        shown = matter.pk in seen
        name = f"{matter.code} {matter.title}" if shown else matter.code
        url = reverse("matter_detail", args=[matter.pk]) if shown else ""
        taken = _("Found open, taken in") if entry.row.found else _("Filed, taken in")
        found.append(Event(entry.row.entered_at, taken, name, matter.unit.display_short, url))
        if entry.first.done is not None and entry.first.done >= entry.row.entered_at:
            found.append(Event(entry.first.done, _("First response"), name, unit, url))
        if entry.handle.done is not None:
            found.append(Event(entry.handle.done, pgettext("surge", "Handled"), name, unit, url))
        if entry.row.left_at is not None:
            words = f"{name}：{entry.row.left_reason}" if shown else name
            by = surge.unit.display_short
            found.append(Event(entry.row.left_at, pgettext("surge", "Taken out"), words, by, url))
    return found


def _orders(surge: Surge) -> list[Event]:
    found = []
    for row in surge.orders.select_related("unit").order_by("number"):
        word = (
            pgettext("surge", "Measure")
            if row.sort == SurgeOrder.Sort.MEASURE
            else pgettext("surge", "Order")
        )
        unit, name = row.unit.display_short, f"{word} {row.number}"
        found.append(
            Event(
                row.issued_at,
                _("%(name)s given") % {"name": name},
                f"{unit}：{row.text}",
                surge.unit.display_short,
            )
        )
        if row.received_at is not None:
            found.append(Event(row.received_at, _("%(name)s received") % {"name": name}, "", unit))
        if row.done_at is not None:
            found.append(Event(row.done_at, _("%(name)s done") % {"name": name}, row.result, unit))
    return found


def _days(surge: Surge) -> list[Event]:
    found = []
    for row in surge.days.order_by("day"):
        url = reverse("surge_day", args=[surge.pk, row.day.isoformat()])
        name = _("Review of %(day)s signed") % {"day": row.day.isoformat()}
        bulletin = f" {row.bulletin_number}" if row.bulletin_number else ""
        found.append(Event(row.signed_at, name, f"{row.assessment}{bulletin}", surge.unit.display_short, url))
    return found


def log_in_word(actor: Actor, surge: Surge) -> bytes:
    """The log as a table for the file."""
    columns = (
        Column("时间", 32, "center"),
        Column("事项", 38),
        Column("内容", 130),
        Column("单位（岗位）", 46),
    )
    rows = [
        (clock.local(event.at).strftime("%Y-%m-%d %H:%M"), event.what, event.text, event.by)
        for event in log_of(actor, surge)
    ]
    title = f"{surge.title}应急响应工作日志"
    spec = TableSpec(f"【演练】{title}" if surge.drill else title, columns, rows, footer_left=surge.title)
    return render_tables([spec], created=clock.local(surge.opened_at).date())
