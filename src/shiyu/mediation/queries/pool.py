"""The pools of people in public roles: who could mediate a dispute, and the list."""

from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from shiyu.lib import clock
from shiyu.mediation.models import Mediation, RoleHolder
from shiyu.mediation.queries.words import role_choices, rule_for


@dataclass(frozen=True)
class Candidate:
    """Somebody who could take part, with how many mediations they are in now: only for whoever spreads the work, in the
    order of bodies and names, never as a ranking."""

    holder: RoleHolder
    role: str
    going: int
    of_the_body: bool


def candidates_for(mediation: Mediation) -> list[Candidate]:
    """Who may be chosen: the mediators of the body, and helpers of the bodies of its place who take this kind. The body's
    own mediators first, then its others, then by protocol and name. Two queries."""
    matter = mediation.matter
    area = matter.area or mediation.body.area
    rows = RoleHolder.objects.in_force(clock.today()).select_related("unit__area")
    near = Q(unit=mediation.body) | Q(chosen__mediation=mediation)
    if area is not None:
        near |= Q(unit__area__path__in=_above(area.path)) & ~Q(role__in=rule_for(matter).mediators)
    rows = rows.filter(near).distinct()
    rows = rows.filter(Q(topics=[]) | Q(topics__contains=[matter.topic]) | Q(chosen__mediation=mediation))
    found = list(rows.order_by("unit__protocol_order", "unit__code", "name"))
    loads = dict(
        RoleHolder.objects.filter(pk__in=[row.pk for row in found])
        .annotate(n=Count("chosen", filter=Q(chosen__mediation__outcome="")))
        .values_list("pk", "n")
    )
    roles = dict(role_choices())
    lines = [
        Candidate(row, roles.get(row.role, row.role), loads.get(row.pk, 0), row.unit_id == mediation.body_id)
        for row in found
    ]
    mediators = rule_for(matter).mediators
    return sorted(lines, key=lambda line: (not line.of_the_body, line.holder.role not in mediators))


def _above(path: str) -> list[str]:
    """The path of a place and of every place above it."""
    codes = path.strip("/").split("/")
    return ["/".join(codes[: n + 1]) + "/" for n in range(len(codes))]


def holders_listed() -> QuerySet[RoleHolder]:
    """Everybody who holds or held a role, with their body: without loads, which are for assigning only."""
    return RoleHolder.objects.select_related("unit__area")
