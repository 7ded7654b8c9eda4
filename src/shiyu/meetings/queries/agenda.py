"""What comes onto the agenda of a unit's meeting by the pack's rules, each with its reasons."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from django.db.models import Q, QuerySet

from shiyu.kernel.actor import Actor
from shiyu.kernel.spec.meetings import AgendaItem, MeetingKind
from shiyu.kernel.spec.routes import Competent
from shiyu.kernel.words import Label, label
from shiyu.lib import clock
from shiyu.matters.models import Matter
from shiyu.matters.queries.drawn import drawn_from
from shiyu.meetings.models import Decision, WatchEntry
from shiyu.packs.queries import current_calendar, current_pack
from shiyu.people.models import Unit
from shiyu.people.queries import units_of_group
from shiyu.places.models import Area

WATCH_AHEAD = 5
"""A watched matter comes onto the agenda when its review is due within so many workdays."""


@dataclass
class Wanted:
    """A matter for the agenda: why, and the decision of the lower meeting that lifted it."""

    matter: Matter
    why: list[Label] = field(default_factory=list)
    lifted_by: Decision | None = None


def agenda_for(actor: Actor, spec: MeetingKind, kind: str, unit: Unit) -> list[Wanted]:
    """What the pack puts on the agenda now, in the order of the pack; a matter stands where it first comes, with every
    reason. At most four queries."""
    found: dict[object, Wanted] = {}
    sources = {
        AgendaItem.LIFTED: _lifted(kind, unit),
        AgendaItem.WATCH_REVIEWS: _watched(unit),
        AgendaItem.MATTERS: _drawn(actor, spec, unit),
    }
    for item in spec.agenda:
        for matter, why, decision in sources.get(item, ()):
            one = found.setdefault(matter.pk, Wanted(matter))
            one.why.extend(why)
            one.lifted_by = one.lifted_by or decision
    return list(found.values())


Source = Iterator[tuple[Matter, tuple[Label, ...], Decision | None]]


def _lifted(kind: str, unit: Unit) -> Source:
    for decision in lifts_waiting(kind, unit).select_related("matter__area", "meeting__unit"):
        lower = decision.meeting.unit.display_short
        why = label(f"{lower}会议提请会商", f"Lifted by the meeting of {lower}")
        if decision.matter is not None:
            yield decision.matter, (why,), decision


def lifts_waiting(kind: str, unit: Unit) -> QuerySet[Decision]:
    """Decisions of lower meetings that lift a matter to this unit's meeting of a kind, not yet talked about there."""
    lower = [code for code, spec in current_pack().meeting.items() if spec.lifts_to == kind]
    return Decision.objects.filter(
        ruling="lift", lead_unit=unit, done_on=None, meeting__kind__in=lower
    ).order_by("created_at")


def _watched(unit: Unit) -> Source:
    """Watched matters that this unit's meetings put on, with a review due soon, or closed meanwhile."""
    for entry in watched_due([unit]).select_related("matter__area").order_by("review_on", "id"):
        why = label("关注清单：复查到期", "Watch list: review due")
        if not entry.matter.is_open:
            why = label("关注清单：事项已办结，是否移出", "Watch list: closed, may it leave?")
        yield entry.matter, (why,), None


def watched_due(units: Sequence[Unit]) -> QuerySet[WatchEntry]:
    """Watched matters that these units' meetings put on, with a review due soon, or closed meanwhile."""
    until = current_calendar().add_workdays(clock.today(), WATCH_AHEAD)
    rows = WatchEntry.objects.on().filter(put_on__meeting__unit__in=units)
    return rows.filter(Q(review_on__lte=until) | Q(matter__is_open=False))


def _drawn(actor: Actor, spec: MeetingKind, unit: Unit) -> Source:
    for one in drawn_from(matters_of(actor, unit), spec.matters):
        yield one.matter, one.why, None


def matters_of(actor: Actor, unit: Unit) -> QuerySet[Matter]:
    """The open matters of a unit's area that the person sees, without exercises."""
    rows = Matter.objects.open_to(actor).real()
    if unit.area is None:
        return rows.filter(unit=unit)
    return rows.filter(unit__area__path__startswith=unit.area.path)


def units_near(wanted: Competent, area: Area) -> list[Unit]:
    """The units of a group in whose area this one lies: all of the wanted level, else all of the nearest."""
    above = [
        unit
        for unit in units_of_group(wanted.group)
        if unit.area is not None
        and area.path.startswith(unit.area.path)
        and (wanted.level is None or unit.area.level == wanted.level)
    ]
    nearest = max((len(unit.area.path) for unit in above if unit.area), default=0)
    return [unit for unit in above if unit.area and len(unit.area.path) == nearest]
