"""What was asked of a unit in a month: forms, entries to fill in, letters, instructions, matters, decisions, orders.

The rules on relieving the grass roots (2024) ask for this number: it measures those who ask, not those who answer.
A count and the rows behind it are the same rows, seen with the reader's own eyes (`visible_to`).
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from shiyu.kernel.actor import Actor
from shiyu.letters.models import Instruction, Letter, Recipient
from shiyu.lib import clock
from shiyu.matters.models import Assignment, Matter
from shiyu.meetings.models import Decision
from shiyu.people.models import Unit
from shiyu.plans.models import OpinionSlip, Report
from shiyu.surge.models import SurgeOrder
from shiyu.surge.queries.rules import rule_in_force
from shiyu.ui.values import local_date

KINDS = {
    "form": pgettext_lazy("asked", "Forms"),
    "entry": pgettext_lazy("asked", "Entries"),
    "letter": pgettext_lazy("asked", "Letters"),
    "instruction": pgettext_lazy("asked", "Instructions"),
    "matter": pgettext_lazy("asked", "Matters"),
    "decision": pgettext_lazy("asked", "Decisions of meetings"),
    "order": pgettext_lazy("asked", "Emergency orders"),
}
"""What is counted. `entry` counts what the forms asked for line by line; its rows are the forms."""


def kinds_asked() -> dict[str, Any]:
    """What is counted in this city: without emergency response nobody is shown its column."""
    return {kind: label for kind, label in KINDS.items() if kind != "order" or rule_in_force() is not None}


@dataclass(frozen=True)
class Month:
    """A calendar month of the city: `code` is 2026-11; from `start` to before `end`."""

    code: str
    first: date
    start: datetime
    end: datetime


def month_of(code: str) -> Month | None:
    """The month of a code; None for what is no month, or one that has not begun."""
    try:
        first = date.fromisoformat(f"{code}-01")
    except ValueError:
        return None
    if len(code) != 7 or first > clock.today():
        return None
    after = date(first.year + first.month // 12, first.month % 12 + 1, 1)
    start, end = (datetime.combine(day, time(), clock.CITY_ZONE) for day in (first, after))
    return Month(code, first, start, end)


def this_month() -> Month:
    """The month that is now."""
    month = month_of(f"{clock.today():%Y-%m}")
    assert month is not None
    return month


@dataclass(frozen=True)
class Asked:
    """One thing asked of a unit: what, by whom, when, by when; `entries` lines to fill in."""

    unit_id: UUID
    kind: str
    title: str
    by: str
    asked_on: date | None
    due_on: date | None
    entries: int
    url: str

    @property
    def kind_label(self) -> Any:
        """The word for what it is."""
        return ONE[self.kind]


ONE = {
    "form": pgettext_lazy("asked", "Form"),
    "letter": pgettext_lazy("asked", "Letter"),
    "instruction": pgettext_lazy("asked", "Instruction"),
    "matter": pgettext_lazy("asked", "Matter"),
    "decision": pgettext_lazy("asked", "Decision"),
    "order": pgettext_lazy("asked", "Emergency order"),
}


@dataclass(frozen=True)
class UnitAsked:
    """A unit and how much was asked of it in a month, by kind."""

    unit: Unit
    counts: dict[str, int] = field(default_factory=dict)

    @property
    def pk(self) -> UUID:
        """The unit's key, as lists want it."""
        return self.unit.pk


def may_see_asked(actor: Actor, unit_id: UUID) -> bool:
    """One's own units; every unit for who sees all lists."""
    return actor.has("list.view_all") or unit_id in actor.unit_ids


def asked_of(actor: Actor, units: Iterable[UUID], month: Month) -> list[Asked]:
    """What was asked of these units in the month, in the order of days. Seven queries."""
    ids = frozenset(units)
    rows = [
        row
        for source in (_reports, _slips, _letters, _instructions, _matters, _decisions, _orders)
        for row in source(actor, ids, month)
    ]
    return sorted(rows, key=lambda row: (row.asked_on or date.min, row.kind, row.title))


def asked_by_unit(actor: Actor, month: Month) -> list[UnitAsked]:
    """Every member unit and county, town … that was asked for anything in the month, by protocol."""
    ids = frozenset(
        Unit.objects.filter(Q(valid_to=None) | Q(valid_to__gte=month.first)).values_list("pk", flat=True)
    )
    counted: dict[UUID, Counter[str]] = {}
    for row in asked_of(actor, ids, month):
        counted.setdefault(row.unit_id, Counter()).update({row.kind: 1, "entry": row.entries})
    units = Unit.objects.filter(pk__in=counted).by_protocol()
    return [UnitAsked(unit, counts_of(counted[unit.pk])) for unit in units]


def counts_of(counted: Counter[str]) -> dict[str, int]:
    """Each kind's count, nothing left out."""
    return {kind: counted[kind] for kind in kinds_asked()}


def counts_of_rows(rows: Iterable[Asked]) -> dict[str, int]:
    """How many of each kind among the rows."""
    counted: Counter[str] = Counter()
    for row in rows:
        counted.update({row.kind: 1, "entry": row.entries})
    return counts_of(counted)


OFFICE = pgettext_lazy("waiting", "The office")


def _reports(actor: Actor, units: frozenset[UUID], month: Month) -> Iterable[Asked]:
    rows = Report.objects.filter(unit_id__in=units, opened_at__gte=month.start, opened_at__lt=month.end)
    for row in rows.select_related("period").annotate(n=Count("entries")):
        n: Any = row.n
        yield Asked(
            row.unit_id, "form", _("Report for %(code)s") % {"code": row.period.code}, str(OFFICE),
            local_date(row.opened_at), row.period.due_on, n,
            reverse("report_detail", args=[row.period.code, row.unit_id]),
        )  # fmt: skip


def _slips(actor: Actor, units: frozenset[UUID], month: Month) -> Iterable[Asked]:
    rows = OpinionSlip.objects.filter(
        unit_id__in=units, round__opened_at__gte=month.start, round__opened_at__lt=month.end
    )
    for row in rows.select_related("round__edition__plan__unit").annotate(n=Count("opinions")):
        n: Any = row.n
        plan = row.round.edition.plan
        yield Asked(
            row.unit_id, "form", _("Opinions on “%(plan)s”") % {"plan": plan.title},
            plan.unit.display_short if plan.unit else str(OFFICE), local_date(row.round.opened_at),
            row.round.reply_by, n, reverse("opinion_slip", args=[row.pk]),
        )  # fmt: skip


def _letters(actor: Actor, units: frozenset[UUID], month: Month) -> Iterable[Asked]:
    rows = Recipient.objects.filter(
        unit_id__in=units, letter__issued_on__gte=month.first, letter__issued_on__lt=month.end.date(),
        letter__in=Letter.objects.visible_to(actor).values("id"),
    ).exclude(letter__state=Letter.State.DRAFT)  # fmt: skip
    for row in rows.select_related("letter__unit"):
        letter = row.letter
        yield Asked(
            row.unit_id, "letter", letter.title, letter.unit.display_short, letter.issued_on, letter.reply_by, 0,
            reverse("letter_detail", args=[letter.pk]),
        )  # fmt: skip


def _instructions(actor: Actor, units: frozenset[UUID], month: Month) -> Iterable[Asked]:
    rows = Instruction.objects.visible_to(actor).filter(
        unit_id__in=units, instructed_on__gte=month.first, instructed_on__lt=month.end.date()
    )
    for row in rows:
        yield Asked(
            row.unit_id, "instruction", row.subject_title, row.leader_post, row.instructed_on, row.reply_by, 0,
            reverse("instruction_detail", args=[row.pk]),
        )  # fmt: skip


def _matters(actor: Actor, units: frozenset[UUID], month: Month) -> Iterable[Asked]:
    """Assignments; what a unit files for itself nobody asked of it."""
    rows = Assignment.objects.filter(
        unit_id__in=units, asked_at__gte=month.start, asked_at__lt=month.end,
        matter__in=Matter.objects.visible_to(actor).real().values("id"),
    )  # fmt: skip
    for row in rows.select_related("matter__unit"):
        matter = row.matter
        if matter.unit_id == row.unit_id:
            continue
        yield Asked(
            row.unit_id, "matter", f"{matter.code} {matter.title}", matter.unit.display_short,
            local_date(row.asked_at), local_date(row.due_at or matter.due_at), 0,
            reverse("matter_detail", args=[matter.pk]),
        )  # fmt: skip


def _decisions(actor: Actor, units: frozenset[UUID], month: Month) -> Iterable[Asked]:
    rows = (
        Decision.objects.filter(meeting__held_on__gte=month.first, meeting__held_on__lt=month.end.date())
        .filter(Q(lead_unit_id__in=units) | Q(supporting_units__in=units), ruling="measure")
        .distinct()
    )
    for row in rows.select_related("meeting").prefetch_related("supporting_units"):
        held = {row.lead_unit_id, *(unit.pk for unit in row.supporting_units.all())} & units
        for unit_id in held:
            yield Asked(
                unit_id, "decision", row.text, row.meeting.title, row.meeting.held_on, row.due_on, 0,
                reverse("decision_detail", args=[row.pk]),
            )  # fmt: skip


def _orders(actor: Actor, units: frozenset[UUID], month: Month) -> Iterable[Asked]:
    """Orders of emergency responses and measures of their reviews; those of an exercise are none."""
    if rule_in_force() is None:
        return
    rows = SurgeOrder.objects.filter(
        unit_id__in=units, issued_at__gte=month.start, issued_at__lt=month.end, surge__drill=False
    )
    for row in rows.select_related("surge__unit"):
        yield Asked(
            row.unit_id, "order", row.text, row.surge.unit.display_short, local_date(row.issued_at),
            local_date(row.due_at), 0, reverse("surge_detail", args=[row.surge_id]) + f"#order-{row.number}",
        )  # fmt: skip
