"""The net of mediation (YX12): which places and industries have a body, who mediates there, and what is missing."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from uuid import UUID

from django.utils.translation import gettext as _

from shiyu.kernel.spec.mediation import MediationBody, MediationRule
from shiyu.lib import clock
from shiyu.matters.kinds import language
from shiyu.mediation.models import RoleHolder
from shiyu.mediation.queries.words import current_rule
from shiyu.people.models import Unit
from shiyu.people.queries import units_of_group
from shiyu.places.models import Area


@dataclass(frozen=True)
class CoverageLine:
    """A place and a sort of body it is to have."""

    sort: str
    sort_label: str
    level: str
    area: Area
    county: str
    bodies: list[Unit]
    full_time: int = 0
    part_time: int = 0
    advisers: int | None = None  # None: a legal adviser is not asked for here
    gaps: list[str] = field(default_factory=list)


def coverage() -> list[CoverageLine]:
    """Every place that is to have a body, sort by sort as the pack lists them, towns before their villages. A city
    without mediation has none. Queries: three, and two for each sort of body."""
    rule = current_rule()
    if rule is None:
        return []
    sorts = {code: row for code, row in rule.bodies.items() if row.covers}
    levels = {str(row.covers) for row in sorts.values()}
    areas = list(Area.objects.in_force().filter(level__in=levels).order_by("path"))
    names = dict(Area.objects.filter(level="county").values_list("path", "name"))
    people = _people()
    lines = []
    for code, row in sorts.items():
        bodies = _bodies_by_area(units_of_group(row.group))
        own = [area for area in areas if area.level == row.covers]
        lines += [_line(rule, code, row, area, names, bodies[area.pk], people) for area in own]
    return lines


def _people() -> dict[UUID, list[RoleHolder]]:
    found: dict[UUID, list[RoleHolder]] = defaultdict(list)
    for holder in RoleHolder.objects.in_force(clock.today()):
        found[holder.unit_id].append(holder)
    return found


def _bodies_by_area(units: Iterable[Unit]) -> dict[UUID, list[Unit]]:
    found: dict[UUID, list[Unit]] = defaultdict(list)
    for unit in units:
        if unit.area_id is not None:
            found[unit.area_id].append(unit)
    return found


def _line(
    rule: MediationRule,
    code: str,
    row: MediationBody,
    area: Area,
    counties: dict[str, str],
    bodies: list[Unit],
    people: dict[UUID, list[RoleHolder]],
) -> CoverageLine:
    holders = [holder for unit in bodies for holder in people[unit.pk]]
    mediators = [holder for holder in holders if holder.role in rule.mediators]
    full = sum(holder.full_time for holder in mediators)
    asks_adviser = rule.adviser is not None and row.covers == "village"
    advisers = sum(holder.role == rule.adviser for holder in holders) if asks_adviser else None
    gaps = []
    if not bodies:
        gaps.append(_("no committee"))
    elif not mediators:
        gaps.append(_("no mediator"))
    if advisers == 0:
        gaps.append(_("no legal adviser"))
    return CoverageLine(
        sort=code,
        sort_label=row.label.text(language()),
        level=area.level,
        area=area,
        county=next((name for path, name in counties.items() if area.path.startswith(path)), ""),
        bodies=bodies,
        full_time=full,
        part_time=len(mediators) - full,
        advisers=advisers,
        gaps=gaps,
    )
