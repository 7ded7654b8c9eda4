"""Meetings as they are listed and shown: agenda, attendance, titles."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Count, Prefetch, Q, QuerySet

from shiyu.kernel.actor import Actor
from shiyu.kernel.spec.matters import Kind
from shiyu.kernel.spec.meetings import MeetingKind
from shiyu.matters.kinds import kind_of, language
from shiyu.matters.models import Matter
from shiyu.meetings.models import AgendaPoint, Attendance, Decision, Meeting
from shiyu.people.models import Unit


def meetings_listed(actor: Actor) -> QuerySet[Meeting]:
    """The meetings a person may see, with how many points, decisions, and decisions done."""
    return (
        Meeting.objects.visible_to(actor)
        .select_related("unit", "period")
        .annotate(
            point_count=Count("points", filter=Q(points__taken_off=""), distinct=True),
            decision_count=Count("decisions", distinct=True),
            done_count=Count("decisions", filter=~Q(decisions__done_on=None), distinct=True),
        )
    )


def title_for(unit: Unit, spec: MeetingKind, kind: str, day: date) -> str:
    """What the unit's next meeting of a kind is called: unit, year, which one of the year."""
    rows = Meeting.objects.filter(unit=unit, kind=kind, held_on__year=day.year)
    number = rows.exclude(state=Meeting.State.CALLED_OFF).count() + 1
    return f"{unit.display_short}{day.year}年第{number}次{spec.label.zh}"


@dataclass(frozen=True)
class Point:
    """A point of the agenda as a page shows it; `title` as in `matter_words`, `may_open` whether the person sees the
    matter itself."""

    row: AgendaPoint
    title: str
    reasons: tuple[str, ...]
    may_open: bool
    decisions: tuple[Decision, ...]
    lower: Decision | None


def points_of(actor: Actor | None, meeting: Meeting, *, all_: bool = False) -> list[Point]:
    """The agenda in order, without what was taken off unless `all_`. Without an actor (the minutes) no matter is
    opened. Five queries."""
    rows = meeting.points.select_related("matter__area", "lifted_by__meeting__unit", "lifted_by__lead_unit")
    decided = Decision.objects.select_related("lead_unit", "meeting").prefetch_related("supporting_units")
    decided = decided.order_by("number")
    rows = rows.prefetch_related(Prefetch("decisions", queryset=decided)).order_by("number")
    points = [row for row in rows if all_ or not row.taken_off]
    keys = [row.matter_id for row in points if row.matter_id]
    seen: set[UUID] = set()
    if actor is not None:
        seen = set(Matter.objects.visible_to(actor).filter(pk__in=keys).values_list("pk", flat=True))
    return [_point(row, row.matter_id in seen, actor is None or row.matter_id in seen) for row in points]


def _point(row: AgendaPoint, may_open: bool, may_name: bool) -> Point:
    title = matter_words(row.matter, may_name) if row.matter else row.topic
    key = "en" if language().startswith("en") else "zh"
    reasons = [why[key] for why in row.why]
    if row.word:
        reasons.append(row.word)
    return Point(row, title, tuple(reasons), may_open, tuple(row.decisions.all()), row.lifted_by)


def matter_words(matter: Matter, may_name: bool) -> str:
    """How a meeting names a matter: number and title, for a reader who may open it and in the minutes (`may_name`); by
    number alone for others, and where its kind always has a reporter or its whole account is personal."""
    is_bare = not may_name or by_number_alone(kind_of(matter))
    return matter.code if is_bare else f"{matter.code} {matter.title}"


def by_number_alone(kind: Kind) -> bool:
    """Whether matters of a kind are named by their number only."""
    return kind.personal or kind.reporter == "required"


def attendances_of(meeting: Meeting) -> list[Attendance]:
    """The units of a meeting by protocol."""
    rows = meeting.attendances.select_related("unit")
    return list(rows.order_by("unit__protocol_order", "unit__code"))


def holders_not_asked(meeting: Meeting) -> list[Unit]:
    """Units that hold a matter of the agenda and were not asked to the meeting yet."""
    held = Unit.objects.in_force().filter(
        assignments__active=True, assignments__matter__agenda_points__in=meeting.points.filter(taken_off="")
    )
    asked = meeting.attendances.values("unit_id")
    return list(held.exclude(pk__in=asked).exclude(pk=meeting.unit_id).distinct().by_protocol())
