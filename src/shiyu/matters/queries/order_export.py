"""Orders in their source's own layout, as Excel or CSV. What people gave is masked, whoever exports."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from uuid import UUID

import xlsxwriter
from django.utils.translation import gettext as _

from shiyu.kernel.actor import Actor
from shiyu.kernel.personal import Personal, masked
from shiyu.kernel.phases import Phase
from shiyu.kernel.spec.orders import PERSON, TIMES, OrderColumn, OrderSource
from shiyu.lib import clock
from shiyu.lib.errors import UserError
from shiyu.matters.models import MatterKey, Party, WorkOrder
from shiyu.matters.queries.orders import reply_lines, reply_values, source_named
from shiyu.packs.queries import current_pack
from shiyu.ui.sheets import CELL_LIMIT, safe_text, sheet_name

AT_ONCE = 2_000
MOST = 1_000_000
"""Rows of one sheet of Excel, less its header."""
Told = Callable[[int, int], None]


@dataclass(frozen=True)
class Made:
    """A file and its name."""

    content: bytes
    name: str


def exported(actor: Actor, code: str, form: str, since: str, until: str, *, told: Told) -> Made:
    """The orders of a source that the person may see, by when they came here (days, ISO; empty: all), in the layout of
    the pack: xlsx or csv. Raises UserError for an unknown source or more than a sheet holds."""
    source = current_pack().order_source.get(code)
    if source is None:
        raise UserError(_("The city has no such source of work orders."), field="source")
    rows = WorkOrder.objects.filter(source=code).visible_to(actor)
    if since:
        rows = rows.filter(matter__received_at__gte=_start(since))
    if until:
        rows = rows.filter(
            matter__received_at__lte=datetime.combine(date.fromisoformat(until), time.max, clock.CITY_ZONE)
        )
    keys = list(rows.order_by("number").values_list("pk", flat=True)[: MOST + 1])
    if len(keys) > MOST:
        raise UserError(_("There are more orders than one sheet holds; choose a shorter time."))
    write = write_xlsx if form == "xlsx" else write_csv
    name = f"{source_named(code)}_{clock.today():%Y%m%d}.{form}"
    return Made(write(source, _rows(source, keys, told)), name)


def _start(day: str) -> datetime:
    return datetime.combine(date.fromisoformat(day), time(), clock.CITY_ZONE)


def _rows(source: OrderSource, keys: Sequence[UUID], told: Told) -> Iterator[list[str]]:
    for at in range(0, len(keys), AT_ONCE):
        together = list(
            WorkOrder.objects.filter(pk__in=keys[at : at + AT_ONCE])
            .select_related("matter__unit")
            .order_by("number")
        )
        yield from cells_of(source, together)
        told(min(at + AT_ONCE, len(keys)), len(keys))


def cells_of(source: OrderSource, orders: Sequence[WorkOrder]) -> Iterator[list[str]]:
    """One row of texts for each order, in the source's columns. Three queries."""
    values, people = reply_values(orders), _masked(orders)
    for order in orders:
        done = not order.matter.is_open or order.matter.phase == Phase.VERIFYING
        reply = {line.head: line.text for line in reply_lines(source, values[order.pk])} if done else {}
        person = people.get(order.party_id, {}) if order.party_id else {}
        yield [_cell(source, head, column, order, reply, person) for head, column in source.columns.items()]


def _cell(
    source: OrderSource,
    head: str,
    column: OrderColumn,
    order: WorkOrder,
    reply: dict[str, str],
    person: dict[str, str],
) -> str:
    if column.to == "drop":
        return ""
    if column.to == "reply":
        return reply.get(head, "")
    if column.to in PERSON:
        return person.get(column.to, "")
    if head in order.given:
        return str(order.given[head])
    return _noted(source, column, order)


def _noted(source: OrderSource, column: OrderColumn, order: WorkOrder) -> str:
    """A cell of an order that was noted by hand and never came in a table."""
    if column.to == "number":
        return order.number
    if column.to in ("title", "text"):
        return str(getattr(order.matter, column.to))
    if column.to in TIMES:
        moment = getattr(order, column.to)
        return clock.local(moment).strftime(source.times[0]) if moment else ""
    return ""


def _masked(orders: Sequence[WorkOrder]) -> dict[UUID, dict[str, str]]:
    """The callers as everybody sees them; nothing of those whose key was destroyed."""
    parties = Party.objects.filter(pk__in=[order.party_id for order in orders if order.party_id])
    keys = {
        key.matter_id: key
        for key in MatterKey.objects.filter(matter_id__in=[order.matter_id for order in orders]).exclude(
            wrapped=""
        )
    }
    return {
        party.pk: {
            part.value: masked(part, text)
            for part in Personal
            if (text := keys[party.matter_id].open(party, part)) is not None
        }
        for party in parties
        if party.matter_id in keys
    }


def write_xlsx(source: OrderSource, rows: Iterator[list[str]]) -> bytes:
    """The header in the first row, all cells as texts."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(
        buffer, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    sheet = book.add_worksheet(sheet_name(source.label.zh))
    head = book.add_format({"bold": True, "bg_color": "#f1f4f8", "border": 1})
    for place, words in enumerate(source.columns):
        sheet.write_string(0, place, words, head)
        sheet.set_column(place, place, 18)
    for number, row in enumerate(rows, start=1):
        for place, words in enumerate(row):
            if words:
                sheet.write_string(number, place, words[:CELL_LIMIT])
    sheet.freeze_panes(1, 0)
    book.close()
    return buffer.getvalue()


def write_csv(source: OrderSource, rows: Iterator[list[str]]) -> bytes:
    """UTF-8 with a byte order mark, as Excel needs it; nothing a spreadsheet would compute."""
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    writer.writerow([safe_text(head) for head in source.columns])
    for row in rows:
        writer.writerow([safe_text(words) for words in row])
    return b"\xef\xbb\xbf" + buffer.getvalue().encode()
