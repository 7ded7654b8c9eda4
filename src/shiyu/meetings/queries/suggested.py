"""Which meetings the desk suggests: none is planned, the last one lies long enough back, and something may come onto the
agenda. Leaving one out is no fault: nothing counts it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import reduce
from operator import or_
from uuid import UUID

from django.db.models import QuerySet

from shiyu.kernel.actor import Actor
from shiyu.kernel.conditions import holds_any
from shiyu.kernel.spec.meetings import MeetingKind
from shiyu.lib import clock
from shiyu.matters.models import Matter
from shiyu.matters.queries.drawn import gradually, may_hold
from shiyu.meetings.access import kinds_by_unit
from shiyu.meetings.models import Decision, Meeting
from shiyu.meetings.queries.agenda import matters_of, watched_due
from shiyu.packs.queries import current_pack
from shiyu.people.models import Unit

INTERVAL = {"week": timedelta(days=7), "month": timedelta(days=28), "quarter": timedelta(days=84)}
"""After so long the next one is suggested; `once` and `need` are not suggested, but for what was lifted."""


@dataclass(frozen=True)
class Suggested:
    """A kind of meeting a unit may want to hold."""

    unit: Unit
    code: str
    spec: MeetingKind


def meetings_suggested(actor: Actor, units: Sequence[Unit]) -> list[Suggested]:
    """The meetings worth holding by these units (with their areas), however many: three queries, one more for each unit
    group that holds meetings and at most three for the matters of all of them."""
    kinds = kinds_by_unit(units)
    every = [
        Suggested(unit, code, spec) for unit in units for code, spec in kinds[unit.pk].items() if spec.takes
    ]
    if not every:
        return []
    planned, held = _sat(units)
    free = [one for one in every if (one.unit.pk, one.code) not in planned]
    lifted, watched = (
        _lifted_to(units),
        set(watched_due(units).values_list("put_on__meeting__unit_id", flat=True)),
    )
    found: list[Suggested] = []
    asked: list[Suggested] = []
    for one in free:
        key = (one.unit.pk, one.code)
        if key in lifted:
            found.append(one)
        elif one.spec.every in INTERVAL and key not in held:
            (found if one.unit.pk in watched else asked).append(one)
    found += _with_matters(actor, asked)
    return [one for one in every if one in found]


def _sat(units: Sequence[Unit]) -> tuple[set[tuple[UUID, str]], set[tuple[UUID, str]]]:
    """Units and kinds with a meeting that is planned, and with one held within the kind's interval."""
    first, specs = clock.today() - max(INTERVAL.values()), current_pack().meeting
    rows = Meeting.objects.filter(unit__in=units, state=Meeting.State.PLANNED) | Meeting.objects.filter(
        unit__in=units, state=Meeting.State.HELD, held_on__gt=first
    )
    planned, held = set(), set()
    for unit_id, kind, state, day in rows.values_list("unit_id", "kind", "state", "held_on"):
        if state == Meeting.State.PLANNED:
            planned.add((unit_id, kind))
        elif kind in specs and day > clock.today() - INTERVAL.get(specs[kind].every, timedelta()):
            held.add((unit_id, kind))
    return planned, held


def _lifted_to(units: Sequence[Unit]) -> set[tuple[UUID, str]]:
    """Units and kinds of meetings that something from below waits for."""
    specs = current_pack().meeting
    rows = Decision.objects.filter(ruling="lift", lead_unit__in=units, done_on=None)
    pairs = rows.values_list("lead_unit_id", "meeting__kind").distinct()
    return {(unit_id, specs[lower].lifts_to or "") for unit_id, lower in pairs if lower in specs}


def _with_matters(actor: Actor, asked: Sequence[Suggested]) -> list[Suggested]:
    """Those whose rules hold for a matter of their place; at most three queries, until each has its matter."""
    found: list[Suggested] = []
    waiting = [one for one in asked if one.spec.matters]
    if not waiting:
        return found
    for matter, facts in gradually(_candidates(actor, waiting)):
        hit = [
            one
            for one in waiting
            if _is_of(matter, one.unit) and holds_any((rule.when for rule in one.spec.matters), facts)
        ]
        found += hit
        waiting = [one for one in waiting if one not in hit]
        if not waiting:
            break
    return found


def _candidates(actor: Actor, waiting: Sequence[Suggested]) -> QuerySet[Matter]:
    rows = (may_hold(matters_of(actor, one.unit), one.spec.matters) for one in waiting)
    return reduce(or_, rows).select_related("unit__area")


def _is_of(matter: Matter, unit: Unit) -> bool:
    """Whether the matter lies where the unit's meetings look (`matters_of`)."""
    if unit.area is None:
        return matter.unit_id == unit.pk
    return matter.unit.area is not None and matter.unit.area.path.startswith(unit.area.path)
