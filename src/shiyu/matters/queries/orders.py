"""Orders of other systems: those whose result waits to be entered back, a matter's own, and the reply for the source."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Count, Exists, Min, OuterRef, QuerySet, Subquery
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from shiyu.kernel.actor import Actor
from shiyu.kernel.documents import fill
from shiyu.kernel.phases import Outcome, Phase
from shiyu.kernel.spec.orders import REPLY_NAMES, OrderSource
from shiyu.lib import clock
from shiyu.matters.kinds import kind_of, language, named_state, outcome_label
from shiyu.matters.models import Assignment, Matter, OrderBatch, WorkOrder
from shiyu.matters.models.orders import ENTERED
from shiyu.packs.queries import current_pack

GONE = ("returned", "transferred", "withdrawn")
SOLVED = frozenset({Outcome.DONE, Outcome.AGREEMENT, Outcome.ADVISED})
"""Ends that count as solved in a reply."""
SATISFIED = 3
"""The lowest of one to five stars that counts as satisfied in a reply."""
YES, NO = "是", "否"
"""The words of the sources' tables, which are Chinese whatever language the page has."""


def takes_orders() -> bool:
    """Whether the city works on orders of other systems."""
    return bool(current_pack().order_source)


def with_orders(rows: QuerySet[Matter]) -> QuerySet[Matter]:
    """Rows with the number of their (first) order of another system and whether its result stands there, for lists;
    the rows as they are in a city without other systems."""
    if not takes_orders():
        return rows
    first = WorkOrder.objects.filter(matter=OuterRef("pk")).order_by("source", "number")
    waits = WorkOrder.objects.filter(matter=OuterRef("pk")).exclude(ENTERED)
    return rows.annotate(order_number=Subquery(first.values("number")[:1]), order_entered=~Exists(waits))


def source_choices() -> list[tuple[str, str]]:
    """The other systems: code and name, in the pack's order."""
    return [(code, source.label.text(language())) for code, source in current_pack().order_source.items()]


def source_named(code: str) -> str:
    """What a source is called; one that left the pack by its code."""
    source = current_pack().order_source.get(code)
    return source.label.text(language()) if source else code


@dataclass(frozen=True)
class ReplyLine:
    """One thing to enter in the other system, under its own name for it."""

    head: str
    text: str


@dataclass(frozen=True)
class OrderCard:
    """One order on its matter's page. `reply` is empty until there is a result."""

    order: WorkOrder
    source: str
    reply: tuple[ReplyLine, ...]
    given: tuple[tuple[str, str], ...]
    changed: tuple[tuple[datetime, str], ...]
    is_done: bool

    @property
    def whole(self) -> str:
        """The reply as one text, for "copy all"."""
        return "\n".join(f"{line.head}：{line.text}" for line in self.reply)


def orders_of(matter: Matter) -> list[OrderCard]:
    """A matter's orders as its page shows them. Three queries, one without any order."""
    rows = list(matter.orders.prefetch_related("changes"))
    if not rows:
        return []
    for row in rows:
        row.matter = matter
    values = reply_values(rows)
    return [_card(row, matter, values[row.pk]) for row in rows]


def _card(row: WorkOrder, matter: Matter, values: Mapping[str, str]) -> OrderCard:
    source = current_pack().order_source.get(row.source)
    is_done = not matter.is_open or matter.phase == Phase.VERIFYING
    reply = reply_lines(source, values) if source and is_done else ()
    given = tuple((head, words) for head, words in row.given.items() if words and not _is_ours(source, head))
    changed = tuple((c.at, "、".join(c.heads)) for c in sorted(row.changes.all(), key=lambda c: c.at))
    return OrderCard(row, source_named(row.source), tuple(reply), given, changed, is_done)


def _is_ours(source: OrderSource | None, head: str) -> bool:
    """Cells that stand on the page already as the matter's own."""
    column = source.columns.get(head) if source else None
    return column is not None and column.to in (
        "number",
        "title",
        "text",
        "deadline",
        "upper_deadline",
        "handed_at",
    )


def reply_lines(source: OrderSource, values: Mapping[str, str]) -> list[ReplyLine]:
    """The reply in the source's order and names."""
    return [ReplyLine(head, fill(text, values)) for head, text in source.reply.items()]


def reply_values(rows: Sequence[WorkOrder]) -> dict[UUID, dict[str, str]]:
    """What a reply's text may name, for each order (with its matter). One query."""
    leads: dict[UUID, Assignment] = {}
    supporting: dict[UUID, list[str]] = {}
    held = Assignment.objects.filter(matter_id__in={row.matter_id for row in rows}).exclude(ended__in=GONE)
    for part in held.select_related("unit").order_by("asked_at", "id"):
        if part.role == Assignment.Role.LEAD:
            leads[part.matter_id] = part
        else:
            supporting.setdefault(part.matter_id, []).append(part.unit.name)
    with translation.override("zh-hans"):
        return {
            row.pk: _values(row, leads.get(row.matter_id), supporting.get(row.matter_id, [])) for row in rows
        }


def _values(row: WorkOrder, lead: Assignment | None, supporting: Iterable[str]) -> dict[str, str]:
    matter = row.matter
    source = current_pack().order_source.get(row.source)
    writing = source.times[0] if source else "%Y-%m-%d %H:%M"
    finished = matter.closed_at or (lead.done_at if lead else None)
    values = dict.fromkeys(REPLY_NAMES, "")
    ended = outcome_label(matter.outcome) if matter.outcome else ""
    if matter.phase == Phase.REFUSED:
        ended = named_state(kind_of(matter), matter.state)
    return values | {
        "number": row.number,
        "code": matter.code,
        "title": matter.title,
        "lead": lead.unit.name if lead else matter.unit.name,
        "supporting": "、".join(supporting),
        "result": (lead.result if lead else "") or matter.progress,
        "outcome": ended,
        "remedy": matter.remedy,
        "received_at": clock.local(matter.received_at).strftime(writing),
        "finished_at": clock.local(finished).strftime(writing) if finished else "",
        "is_solved": (YES if matter.outcome in SOLVED else NO) if not matter.is_open else "",
        "is_satisfied": "" if matter.rating is None else YES if matter.rating >= SATISFIED else NO,
    }


@dataclass(frozen=True)
class EnterBack:
    """How many results of a unit wait to be entered in the other systems, and the earliest deadline there: one line of
    the desk."""

    kind: str
    title: str
    sub: str
    why: str
    due_on: date | None
    action: str
    url: str


def enter_back_for_desk(actor: Actor) -> list[EnterBack]:
    """One line for each unit whose desk the person keeps. One query, none in a city without orders."""
    units = actor.units_with("matter.dispatch")
    if not units or not takes_orders():
        return []
    rows = WorkOrder.objects.filter(matter__unit_id__in=units).to_enter().order_by()
    counted = rows.values("matter__unit__name", "matter__unit__short_name").annotate(
        n=Count("pk"), first=Min("due_at")
    )
    return [
        EnterBack(
            kind=_("Work orders"),
            title=ngettext("%(n)s result to enter back", "%(n)s results to enter back", row["n"])
            % {"n": row["n"]},
            sub=row["matter__unit__short_name"] or row["matter__unit__name"],
            why=_("Done here; the other system waits for the result"),
            due_on=clock.local(row["first"]).date() if row["first"] else None,
            action=_("Enter"),
            url=reverse("order_list"),
        )
        for row in counted
    ]


def batches_of(actor: Actor) -> list[OrderBatch]:
    """The person's own tables, the newest first, at most 30."""
    return list(
        OrderBatch.objects.filter(by_id=actor.user_id).select_related("unit").order_by("-created_at")[:30]
    )


def batch_words(batch: OrderBatch) -> str:
    """Where a table stands, in words."""
    return {
        OrderBatch.State.CHECKING: _("Being checked"),
        OrderBatch.State.CHECKED: _("Checked, not taken over yet"),
        OrderBatch.State.TAKING: _("Being taken over"),
        OrderBatch.State.TAKEN: _("Taken over"),
        OrderBatch.State.DROPPED: _("Dropped"),
    }[OrderBatch.State(batch.state)]
