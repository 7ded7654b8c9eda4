"""Which bodies mediate: proposals for a matter with their reasons, and the way of each."""

from dataclasses import dataclass

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from shiyu.kernel.spec.mediation import MediationBody, MediationRule
from shiyu.lib import clock
from shiyu.matters.kinds import language, topic_choices
from shiyu.matters.models import Matter
from shiyu.mediation.models import Mediation
from shiyu.mediation.queries.words import rule_for
from shiyu.people.models import Membership, Unit
from shiyu.people.queries import unit_for, units_of_group
from shiyu.places.models import in_force


@dataclass(frozen=True)
class Proposal:
    """A body that could mediate a matter, why, and how many mediations it has now."""

    unit: Unit
    way: str
    reason: str
    going: int = 0


def bodies_for(matter: Matter) -> list[Proposal]:
    """Who could mediate the matter, the most fitting first: by its industry, then by its place as the pack lists them. A
    person decides. None where the matter's place is not known."""
    rule, area = rule_for(matter), matter.area
    if area is None:
        return []
    topic = dict(topic_choices(matter.kind)).get(matter.topic, "")
    found: dict[Unit, Proposal] = {}
    rows = [row for row in rule.bodies.values() if not row.topics or matter.topic in row.topics]
    for row in sorted(rows, key=lambda row: (not row.topics, row.way != "peoples")):
        unit = unit_for(row, area)
        if unit is not None and unit not in found:
            found[unit] = Proposal(unit, row.way, _reason(row, topic, unit))
    counts = dict(
        Mediation.objects.going()
        .filter(body__in=found)
        .values_list("body")
        .annotate(n=Count("id"))
        .order_by()
    )
    return [Proposal(p.unit, p.way, p.reason, counts.get(p.unit.pk, 0)) for p in found.values()]


def _reason(row: MediationBody, topic: str, unit: Unit) -> str:
    words = {"body": row.label.text(language()), "topic": topic, "place": unit.area.name if unit.area else ""}
    if row.topics:
        return _("%(body)s: takes disputes of the kind “%(topic)s”, for %(place)s") % words
    return _("%(body)s: takes every kind, for %(place)s") % words


def way_of(rule: MediationRule, unit: Unit) -> str | None:
    """Whose mediation it is when this unit mediates; None for a unit that is no body of the pack's."""
    groups = {row.group: row.way for row in rule.bodies.values()}
    own = Membership.objects.filter(in_force(clock.today()), unit=unit, group__in=groups)
    named = own.values_list("group", flat=True).first()
    if named is None:
        named = next((g for g in groups if unit in _by_facts(g)), None)
    return groups[named].value if named else None


def _by_facts(group: str) -> list[Unit]:
    """The units of a group that names its members by facts."""
    return units_of_group(group) if not Membership.objects.filter(group=group).exists() else []


def all_bodies(rule: MediationRule) -> list[Unit]:
    """Every unit that mediates, by protocol."""
    groups = [row.group for row in rule.bodies.values()]
    listed = Membership.objects.filter(in_force(clock.today()), group__in=groups).values("unit_id")
    by_facts = {unit.pk for group in groups for unit in _by_facts(group)}
    units = Unit.objects.in_force().filter(Q(pk__in=listed) | Q(pk__in=by_facts))
    return list(units.select_related("area").by_protocol())
