"""What the person's units handed over and now wait for: returns, checks, extensions, matters sent out, letters,
instructions, reports and opinions that somebody else must answer."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Case, Count, Exists, F, OuterRef, Q, QuerySet, When
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from shiyu.kernel.actor import Actor
from shiyu.letters.models import Instruction, Letter, Recipient
from shiyu.lib import clock
from shiyu.lib.any_of import AnyOf
from shiyu.matters.models import Assignment, Matter, Return
from shiyu.packs.queries import current_calendar
from shiyu.plans.models import OpinionRound, Report
from shiyu.ui.values import local_date

Units = frozenset[UUID]
IN_BOX = 3
"""How many of the longest waits stand on the desk; the others on a page of their own."""


@dataclass(frozen=True)
class Waiting:
    """One thing others must answer: what kind of answer, about what, who, since when, how many workdays."""

    kind: str
    title: str
    whom: str
    since: date | None
    workdays: int | None
    url: str


@dataclass(frozen=True)
class _Found:
    kind: str
    title: str
    whom: str
    since: datetime | date | None
    url: str


Some = tuple[list[_Found], int]
"""What a source gives: the longest waits first, and how many there are in all."""


def waiting_of(actor: Actor) -> list[Waiting]:
    """Everything the person's units wait for, the longest wait first. Eight queries."""
    return _waiting(actor, None)[0]


def waiting_box(actor: Actor) -> tuple[list[Waiting], int]:
    """The longest waits for the desk, and how many there are in all: each source gives its longest ones only."""
    rows, total = _waiting(actor, IN_BOX)
    return rows[:IN_BOX], total


def _waiting(actor: Actor, most: int | None) -> tuple[list[Waiting], int]:
    """At least the `most` longest waits (None: all), longest first, and how many there are."""
    units = actor.unit_ids
    if actor.is_system or not units:
        return [], 0
    calendar, today = current_calendar(), clock.today()
    days: dict[date, int] = {}
    rows, total = [], 0
    for source in (_returns, _handed_in, _sent_out, _letters, _instructions, _reports, _rounds):
        found, count = source(actor, units, most)
        total += count
        for row in found:
            since = local_date(row.since)
            if since and since not in days:
                days[since] = calendar.workdays_between(since, today)
            rows.append(
                Waiting(row.kind, row.title, row.whom, since, days[since] if since else None, row.url)
            )
    return sorted(rows, key=lambda row: (row.since or today, row.kind, row.title)), total


def _matter_url(matter_id: UUID) -> str:
    return reverse("matter_detail", args=[matter_id])


def _first(rows: QuerySet[Any], most: int | None) -> tuple[list[Any], int]:
    """The first of the rows in their order, and how many there are."""
    found = list(rows if most is None else rows[:most])
    return found, rows.count() if len(found) == most else len(found)


def _returns(actor: Actor, units: Units, most: int | None) -> Some:
    """Returns these units asked for; whoever sent the matter decides."""
    rows = Return.objects.filter(state=Return.State.ASKED, assignment__unit_id__in=units)
    rows = rows.select_related("assignment__matter__unit").order_by("asked_at")
    found, count = _first(rows, most)
    kind, matters = pgettext("waiting", "Return"), [(row, row.assignment.matter) for row in found]
    return [
        _Found(kind, matter.title, matter.unit.display_short, row.asked_at, _matter_url(matter.pk))
        for row, matter in matters
    ], count


def _handed_in(actor: Actor, units: Units, most: int | None) -> Some:
    """Results handed in that wait for the check or the close, and extensions asked for, where another unit decides."""
    held = Assignment.objects.filter(matter=OuterRef("pk"), unit_id__in=units, role=Assignment.Role.LEAD)
    checked = Q(phase="verifying") & Q(Exists(held.filter(ended="done")))
    asked = Q(extension_asked_until__isnull=False) & Q(Exists(held.filter(active=True)))
    since = Case(When(phase="verifying", then="step_entered_at"))
    # What the units hold of the open ones comes first; else every open matter would be asked who holds it.
    mine = Assignment.objects.filter(unit_id__in=units, role=Assignment.Role.LEAD, of_open=True)
    rows = Matter.objects.open().filter(AnyOf("pk", mine.values("matter_id"))).filter(checked | asked)
    rows = rows.exclude(unit_id__in=units)
    rows = rows.select_related("unit").annotate(waits_since=since)
    matters, count = _first(rows.order_by(F("waits_since").asc(nulls_last=True), "pk"), most)
    words = {True: pgettext("waiting", "Check"), False: pgettext("waiting", "Extension")}
    return [
        _Found(
            words[matter.phase == "verifying"],
            matter.title,
            matter.unit.display_short,
            matter.waits_since,
            _matter_url(matter.pk),
        )
        for matter in matters
    ], count


def _sent_out(actor: Actor, units: Units, most: int | None) -> Some:
    """Matters these units sent out to others who handle them now."""
    rows = Assignment.objects.filter(
        active=True, of_open=True, role=Assignment.Role.LEAD, matter__unit_id__in=units, matter__is_open=True,
        matter__phase="handling",
    ).exclude(unit_id__in=units).exclude(returns__state=Return.State.ASKED)  # fmt: skip
    found, count = _first(rows.select_related("matter", "unit").order_by("asked_at"), most)
    words = {True: pgettext("waiting", "Result"), False: pgettext("waiting", "Receipt")}
    return [
        _Found(
            words[row.acknowledged_at is not None],
            row.matter.title,
            row.unit.display_short,
            row.asked_at,
            _matter_url(row.matter_id),
        )
        for row in found
    ], count


def _letters(actor: Actor, units: Units, most: int | None) -> Some:
    """Letters of these units that somebody has not received, or not answered though a reply is asked for."""
    missing = Recipient.objects.filter(
        Q(received_at=None) | Q(replied_at=None, is_copy=False, letter__reply_by__isnull=False)
    )
    rows = Letter.objects.filter(
        Exists(missing.filter(letter=OuterRef("pk"))), unit_id__in=units, state=Letter.State.ISSUED
    )
    letters, count = _first(rows.order_by("issued_on"), most)
    silent: dict[UUID, list[str]] = {}
    for row in (
        missing.filter(letter__in=letters).select_related("unit").order_by("unit__protocol_order")
        if letters
        else ()
    ):
        silent.setdefault(row.letter_id, []).append(row.unit.display_short)
    return [
        _Found(
            pgettext("waiting", "Reply") if letter.reply_by else pgettext("waiting", "Receipt"),
            letter.title,
            _units_in_words(silent[letter.pk]),
            letter.issued_on,
            reverse("letter_detail", args=[letter.pk]),
        )
        for letter in letters
    ], count


def _instructions(actor: Actor, units: Units, most: int | None) -> Some:
    """Instructions another unit has not answered: all for who registers them, else those about the own matters."""
    rows = Instruction.objects.filter(state=Instruction.State.OPEN)
    if not actor.has("instruction.register"):
        rows = rows.filter(subject_id__in=Matter.objects.filter(unit_id__in=units).values("id"))
    rows = rows.exclude(unit_id__in=units).select_related("unit").order_by("instructed_on")
    found, count = _first(rows, most)
    kind = pgettext("waiting", "Instruction")
    return [
        _Found(
            kind,
            row.subject_title,
            row.unit.display_short,
            row.instructed_on,
            reverse("instruction_detail", args=[row.pk]),
        )
        for row in found
    ], count


def _reports(actor: Actor, units: Units, most: int | None) -> Some:
    """Reports of these units that wait for the leader in charge or for the office."""
    waiting = (Report.State.IN_REVIEW, Report.State.SUBMITTED)
    rows = Report.objects.filter(unit_id__in=units, state__in=waiting, period__locked_revision=None)
    found, count = _first(rows.select_related("period").order_by("submitted_at"), most)
    return [_report(row) for row in found], count


def _report(row: Report) -> _Found:
    at_leader = row.state == Report.State.IN_REVIEW
    return _Found(
        pgettext("waiting", "Review") if at_leader else pgettext("waiting", "Sign-off"),
        _("Report for %(code)s") % {"code": row.period.code},
        pgettext("waiting", "Leader in charge") if at_leader else pgettext("waiting", "The office"),
        None if at_leader else row.submitted_at,
        reverse("report_detail", args=[row.period.code, row.unit_id]),
    )


def _rounds(actor: Actor, units: Units, most: int | None) -> Some:
    """Rounds of opinions the plan's own unit runs, while somebody has not answered."""
    silent = Count("slips", filter=Q(slips__answered_at=None))
    rows = OpinionRound.objects.filter(closed_at=None, edition__plan__unit_id__in=units)
    rows = rows.select_related("edition__plan").annotate(silent=silent).filter(silent__gt=0)
    found, count = _first(rows.order_by("opened_at"), most)
    return [
        _Found(
            pgettext("waiting", "Opinions"),
            row.edition.plan.title,
            ngettext("%(n)s unit", "%(n)s units", row.silent) % {"n": row.silent},
            row.opened_at,
            reverse("opinion_round", args=[row.pk]),
        )
        for row in found
    ], count


def _units_in_words(names: list[str]) -> str:
    """The first two names, and how many more."""
    shown = "、".join(names[:2])
    more = len(names) - 2
    return shown if more <= 0 else _("%(names)s and %(n)s more") % {"names": shown, "n": more}
