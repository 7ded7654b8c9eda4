"""What the person's units handed over and now wait for: returns, checks, extensions, matters sent out, letters,
instructions, reports and opinions that somebody else must answer."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from shiyu.kernel.actor import Actor
from shiyu.letters.models import Instruction, Letter, Recipient
from shiyu.lib import clock
from shiyu.matters.models import Assignment, Matter, Return
from shiyu.packs.queries import current_calendar
from shiyu.plans.models import OpinionRound, Report
from shiyu.ui.values import local_date

Units = frozenset[UUID]


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


def waiting_of(actor: Actor) -> list[Waiting]:
    """Everything the person's units wait for, the longest wait first. Seven queries."""
    units = actor.unit_ids
    if actor.is_system or not units:
        return []
    calendar, today = current_calendar(), clock.today()
    sources = (_returns, _handed_in, _sent_out, _letters, _instructions, _reports, _rounds)
    rows = []
    for source in sources:
        for row in source(actor, units):
            since = local_date(row.since)
            days = calendar.workdays_between(since, today) if since else None
            rows.append(Waiting(row.kind, row.title, row.whom, since, days, row.url))
    return sorted(rows, key=lambda row: (row.since or today, row.kind, row.title))


def _matter_url(matter_id: UUID) -> str:
    return reverse("matter_detail", args=[matter_id])


def _returns(actor: Actor, units: Units) -> Iterable[_Found]:
    """Returns these units asked for; whoever sent the matter decides."""
    rows = Return.objects.filter(state=Return.State.ASKED, assignment__unit_id__in=units)
    for row in rows.select_related("assignment__matter__unit"):
        matter = row.assignment.matter
        whom = matter.unit.display_short
        yield _Found(pgettext("waiting", "Return"), matter.title, whom, row.asked_at, _matter_url(matter.pk))


def _handed_in(actor: Actor, units: Units) -> Iterable[_Found]:
    """Results handed in that wait for the check or the close, and extensions asked for, where another unit decides."""
    checked = Q(matter__phase="verifying", ended="done")
    asked = Q(matter__extension_asked_until__isnull=False, active=True)
    rows = Assignment.objects.filter(
        checked | asked, unit_id__in=units, role=Assignment.Role.LEAD, matter__is_open=True
    ).exclude(matter__unit_id__in=units)
    newest = {row.matter_id: row for row in rows.select_related("matter__unit").order_by("asked_at")}
    for matter in (row.matter for row in newest.values()):
        is_check = matter.phase == "verifying"
        kind = pgettext("waiting", "Check") if is_check else pgettext("waiting", "Extension")
        since = matter.step_entered_at if is_check else None
        yield _Found(kind, matter.title, matter.unit.display_short, since, _matter_url(matter.pk))


def _sent_out(actor: Actor, units: Units) -> Iterable[_Found]:
    """Matters these units sent out to others who handle them now."""
    rows = Assignment.objects.filter(
        active=True, role=Assignment.Role.LEAD, matter__unit_id__in=units, matter__is_open=True,
        matter__phase="handling",
    ).exclude(unit_id__in=units).exclude(returns__state=Return.State.ASKED)  # fmt: skip
    for row in rows.select_related("matter", "unit"):
        kind = pgettext("waiting", "Result") if row.acknowledged_at else pgettext("waiting", "Receipt")
        yield _Found(kind, row.matter.title, row.unit.display_short, row.asked_at, _matter_url(row.matter_id))


def _letters(actor: Actor, units: Units) -> Iterable[_Found]:
    """Letters of these units that somebody has not received, or not answered though a reply is asked for."""
    missing = Q(received_at=None) | Q(replied_at=None, letter__reply_by__isnull=False)
    rows = Recipient.objects.filter(
        missing, letter__unit_id__in=units, letter__state=Letter.State.ISSUED
    ).order_by("unit__protocol_order")
    found: dict[UUID, list[Recipient]] = {}
    for row in rows.select_related("letter", "unit"):
        found.setdefault(row.letter_id, []).append(row)
    for recipients in found.values():
        letter = recipients[0].letter
        kind = pgettext("waiting", "Reply") if letter.reply_by else pgettext("waiting", "Receipt")
        whom = _units_in_words([row.unit.display_short for row in recipients])
        yield _Found(kind, letter.title, whom, letter.issued_on, reverse("letter_detail", args=[letter.pk]))


def _instructions(actor: Actor, units: Units) -> Iterable[_Found]:
    """Instructions another unit has not answered: all for who registers them, else those about the own matters."""
    rows = Instruction.objects.filter(state=Instruction.State.OPEN)
    if not actor.has("instruction.register"):
        rows = rows.filter(subject_id__in=Matter.objects.filter(unit_id__in=units).values("id"))
    for row in rows.exclude(unit_id__in=units).select_related("unit"):
        url = reverse("instruction_detail", args=[row.pk])
        yield _Found(
            pgettext("waiting", "Instruction"),
            row.subject_title,
            row.unit.display_short,
            row.instructed_on,
            url,
        )


def _reports(actor: Actor, units: Units) -> Iterable[_Found]:
    """Reports of these units that wait for the leader in charge or for the office."""
    waiting = (Report.State.IN_REVIEW, Report.State.SUBMITTED)
    rows = Report.objects.filter(unit_id__in=units, state__in=waiting, period__locked_revision=None)
    for row in rows.select_related("period", "unit"):
        at_leader = row.state == Report.State.IN_REVIEW
        yield _Found(
            pgettext("waiting", "Review") if at_leader else pgettext("waiting", "Sign-off"),
            _("Report for %(code)s") % {"code": row.period.code},
            pgettext("waiting", "Leader in charge") if at_leader else pgettext("waiting", "The office"),
            None if at_leader else row.submitted_at,
            reverse("report_detail", args=[row.period.code, row.unit_id]),
        )


def _rounds(actor: Actor, units: Units) -> Iterable[_Found]:
    """Rounds of opinions the plan's own unit runs, while somebody has not answered."""
    silent = Count("slips", filter=Q(slips__answered_at=None))
    rows = OpinionRound.objects.filter(closed_at=None, edition__plan__unit_id__in=units)
    for row in rows.select_related("edition__plan").annotate(silent=silent).filter(silent__gt=0):
        n: Any = row.silent
        yield _Found(
            pgettext("waiting", "Opinions"),
            row.edition.plan.title,
            ngettext("%(n)s unit", "%(n)s units", n) % {"n": n},
            row.opened_at,
            reverse("opinion_round", args=[row.pk]),
        )


def _units_in_words(names: list[str]) -> str:
    """The first two names, and how many more."""
    shown = "、".join(names[:2])
    more = len(names) - 2
    return shown if more <= 0 else _("%(names)s and %(n)s more") % {"names": shown, "n": more}
