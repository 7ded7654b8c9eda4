"""Reads for the pages of emergency response."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from shiyu.kernel.actor import Actor
from shiyu.lib import clock
from shiyu.matters.models import Matter
from shiyu.people.models import Unit
from shiyu.places.models import Area
from shiyu.surge.models import Surge
from shiyu.surge.queries.limits import Entry, entries_of
from shiyu.surge.queries.rules import rule_in_force


def surges_listed(actor: Actor) -> QuerySet[Surge]:
    """Those the person may see, newest first, with how many matters came under them."""
    rows = Surge.objects.visible_to(actor).select_related("unit").prefetch_related("areas__area")
    return rows.annotate(matter_count=Count("matters", distinct=True)).order_by("-opened_at", "-id")


def running_for(actor: Actor) -> list[Surge]:
    """Those that run now and concern the person: whose pages say so. One query, none in a city without."""
    if rule_in_force() is None:
        return []
    rows = Surge.objects.running(clock.now()).concerning(actor)
    return list(rows.order_by("drill", "opened_at"))


def entries_shown(actor: Actor, surge: Surge) -> list[tuple[Entry, bool]]:
    """The matters of a response as they stand (at its end, once it is over), each with whether the person may open it."""
    entries = entries_of(surge, min(clock.now(), surge.stops_at))
    seen = visible_ids(actor, [entry.matter.pk for entry in entries])
    return [(entry, entry.matter.pk in seen) for entry in entries]


def still_counting(actor: Actor, surge: Surge) -> list[tuple[Entry, bool]]:
    """Those of its matters that are not handled yet, each with whether the person may open it."""
    return [(entry, seen) for entry, seen in entries_shown(actor, surge) if entry.handle.done is None]


def visible_ids(actor: Actor, ids: list[UUID]) -> set[UUID]:
    """Those of the matters that the person may open."""
    return set(Matter.objects.visible_to(actor).filter(pk__in=ids).values_list("pk", flat=True))


def units_near(surge: Surge) -> list[tuple[str, str]]:
    """The units of the place that runs it and of those above, by protocol; offices of departments left out."""
    rows = Unit.objects.in_force().exclude(kind="office").by_protocol()
    area = surge.unit.area
    if area is not None:
        above = [area.path[: at + 1] for at, letter in enumerate(area.path) if letter == "/"]
        rows = rows.filter(Q(area__path__startswith=area.path) | Q(area__path__in=above))
    return [(str(pk), name) for pk, name in rows.values_list("id", "name")]


def opening_units(actor: Actor) -> list[Unit]:
    """The units in which the person may enter the decision that opens one, by protocol."""
    rule = rule_in_force()
    levels = [level.value for level in rule.levels] if rule else []
    rows = Unit.objects.in_force().filter(pk__in=actor.units_with("surge.open"), area__level__in=levels)
    return list(rows.select_related("area").by_protocol())


def places_of(units: list[Unit]) -> list[tuple[str, Any]]:
    """The places within the units' own, down to the towns, as choices."""
    found: list[tuple[str, Any]] = []
    for unit in units:
        if unit.area is None:
            continue
        rows = Area.objects.in_force().filter(
            path__startswith=unit.area.path, level__in=("city", "county", "town", "village")
        )
        found += [(str(pk), name) for pk, name in rows.order_by("path").values_list("id", "name")]
    return list(dict(found).items())
