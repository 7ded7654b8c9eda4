"""Reads for the pages of emergency response."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from shiyu.kernel.actor import Actor
from shiyu.lib import clock
from shiyu.matters.models import Matter
from shiyu.people.models import Unit
from shiyu.places.models import Area
from shiyu.surge.models import Surge, SurgeArea, SurgeMatter
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


def those_around(surges: Sequence[Surge], matter_id: UUID) -> list[Surge]:
    """Those of the responses in whose places and kinds a matter lies, unless it was taken out; three queries."""
    matter = Matter.objects.select_related("area", "unit__area").filter(pk=matter_id).first()
    place = (matter.area or matter.unit.area) if matter else None
    if matter is None or place is None:
        return []
    rows = SurgeArea.objects.filter(surge__in=surges).values_list("surge_id", "path")
    left = set(matter.surges.exclude(left_at=None).values_list("surge_id", flat=True))
    here = {surge_id for surge_id, path in rows if place.path.startswith(path)} - left
    wanted = (surge for surge in surges if surge.pk in here and surge.drill == matter.drill)
    return [surge for surge in wanted if matter.kind in surge.kinds]


def taken_out(actor: Actor, surge: Surge) -> list[tuple[SurgeMatter, bool]]:
    """The matters taken out of a response by hand, the newest first, each with whether the person may open it."""
    rows = list(surge.matters.exclude(left_at=None).select_related("matter").order_by("-left_at", "id"))
    seen = visible_ids(actor, [row.matter_id for row in rows])
    return [(row, row.matter_id in seen) for row in rows]


@dataclass(frozen=True)
class Taken:
    """What a response took in from one unit: open when it was opened, filed since, taken out again."""

    unit: Unit
    found: int
    filed: int
    left: int


def taken_from(surge: Surge) -> list[Taken]:
    """What the response took in, by the unit that takes the matters in, by protocol. Two queries."""
    counts = (
        surge.matters.order_by()
        .values_list("matter__unit_id")
        .annotate(
            found_count=Count("pk", filter=Q(found=True)),
            filed_count=Count("pk", filter=Q(found=False)),
            left_count=Count("pk", filter=Q(left_at__isnull=False)),
        )
    )
    by_unit = {unit_id: counted for unit_id, *counted in counts}
    units = Unit.objects.filter(pk__in=by_unit).by_protocol()
    return [Taken(unit, *by_unit[unit.pk]) for unit in units]


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
