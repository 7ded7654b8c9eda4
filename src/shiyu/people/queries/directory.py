"""Reads over people: who is acting, which units there are, what a name means."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.db.models import Count, F, OuterRef, Prefetch, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from shiyu.kernel.actor import Actor
from shiyu.kernel.competence import FunctionStanding, nearest_common
from shiyu.kernel.conditions import Fact, holds_any
from shiyu.kernel.rights import ADMINISTRATION
from shiyu.kernel.spec.routes import Competent
from shiyu.lib import clock
from shiyu.lib.errors import UserError
from shiyu.packs.queries import current_pack
from shiyu.people.models import (
    Absence,
    Appointment,
    Membership,
    Post,
    TownFunction,
    Unit,
    UnitQuerySet,
    User,
)
from shiyu.people.queries.standing_in import OFFICE, acting
from shiyu.places.models import Area, in_force


def actor_of(user: User, on: date | None = None) -> Actor:
    """The Actor for `user` on a day (today): the posts held, those of absent people deputised for, their rights.

    A person of an office (科室) also sees what its department sees, but acts for the office only.
    """
    day = on or clock.today()
    absent = Absence.objects.filter(deputy=user, valid_from__lte=day, valid_to__gte=day).values("user_id")
    now = Appointment.objects.filter(in_force(day)).order_by()
    # Two indexed parts in a union: with "or" PostgreSQL goes through all appointments, at every request.
    mine = now.filter(user=user).values("pk").union(now.filter(user_id__in=absent).values("pk"))
    held = (
        Appointment.objects.filter(pk__in=mine)
        .select_related("post__unit__area", "post__unit__parent")
        .order_by("post__protocol_order", "post__code")
    )
    rights_of_role = {code: frozenset(role.rights) for code, role in current_pack().role.items()}
    grants: dict[UUID, set[str]] = defaultdict(set)
    paths: list[str] = []
    titles: list[str] = []
    home: UUID | None = None
    for appointment in held:
        unit = appointment.post.unit
        rights: set[str] = set()
        for role in appointment.post.roles:
            rights |= rights_of_role.get(role, frozenset())
        grants[unit.pk] |= rights
        if unit.kind == OFFICE and unit.parent_id:
            grants[unit.parent_id] |= rights & {"plan.view"}
        if unit.area:
            paths.append(unit.area.path)
        body = unit.parent if unit.kind == OFFICE and unit.parent else unit
        name = appointment.post.name
        titles.append(name if name.startswith(body.display_short) else f"{body.display_short} · {name}")
        if home is None and appointment.user_id == user.pk:
            home = unit.pk
    return Actor(
        user_id=user.pk,
        name=user.name,
        grants={key: frozenset(value) for key, value in grants.items()},
        area_paths=tuple(dict.fromkeys(paths)),
        post_titles=tuple(titles),
        home_unit_id=home,
    )


def units_of_group(group: str, on: date | None = None) -> list[Unit]:
    """The units of a group of the pack on a day (today), by protocol.

    A group lists its members with from–to dates (the seed's), or names them by facts: kind and level.
    """
    day = on or clock.today()
    units = Unit.objects.in_force(day).select_related("area", "parent").by_protocol()
    rule = current_pack().unit_group.get(group)
    if rule is not None and rule.when:
        return [unit for unit in units if holds_any(rule.when, facts_of(unit))]
    members = Membership.objects.filter(in_force(day), group=group).values("unit_id")
    return list(units.filter(pk__in=members))


def facts_of(unit: Unit) -> dict[str, Fact]:
    """The facts of a unit that a pack's conditions may ask for (kernel.conditions.FACTS)."""
    return {
        "kind": unit.kind,
        "level": unit.area.level if unit.area else None,
        "area": unit.area.code if unit.area else None,
        "parent": unit.parent.code if unit.parent else None,
        "has_upper_centre": unit.upper_centre_id is not None,
    }


def holders_of_right(right: str, unit_ids: list[UUID] | None = None) -> list[User]:
    """The people who hold `right` today (in one of `unit_ids`), and who stands in for them: whom a notice goes to."""
    roles = [code for code, role in current_pack().role.items() if right in role.rights]
    held = Appointment.objects.filter(in_force(clock.today()))
    if unit_ids is not None:
        held = held.filter(post__unit_id__in=unit_ids)
    wanted = Q(pk__in=[])
    for role in roles:
        wanted |= Q(post__roles__contains=[role])
    return list(acting(held.filter(wanted)))


def unit_names() -> tuple[dict[str, str], dict[str, str]]:
    """Official names and aliases of all units, former ones too: name → unit code, for the plan reader."""
    units = {unit.name: unit.code for unit in Unit.objects.in_force()}
    aliases: dict[str, str] = {}
    rows = Unit.objects.values_list("code", "name", "short_name", "successor__code", "aliases__name")
    for code, name, short, successor, alias in rows:
        target = successor or code
        for other in (name, short, alias):
            if other and other not in units:
                aliases[other] = target
    return units, aliases


def posts_of(user: User) -> list[Appointment]:
    """The posts a person holds and held, newest first, with unit."""
    return list(user.appointments.select_related("post__unit__parent", "given_by").order_by("-valid_from"))


def holders_of_post(post: Post) -> list[Appointment]:
    """Who held and holds a post, newest first, with who gave it."""
    return list(post.appointments.select_related("user", "given_by").order_by("-valid_from"))


def appointment(appointment_id: UUID) -> Appointment | None:
    """One person's hold of a post."""
    return Appointment.objects.select_related("post__unit", "user").filter(pk=appointment_id).first()


def is_administrators(post: Post) -> bool:
    """Whether a post makes its holder one of the three administrators."""
    return bool(rights_of(post.roles) & set(ADMINISTRATION.values()))


def posts_given_by(actor: Actor) -> list[Post]:
    """The posts a person may give to others, by unit: administrators' posts are the security administrator's."""
    posts = Post.objects.select_related("unit").filter(unit__in=Unit.objects.in_force())
    ordered = posts.order_by("unit__protocol_order", "unit__code", "protocol_order", "code")
    return [post for post in ordered if not is_administrators(post)] if actor.has("people.manage") else []


def units_listed(word: str) -> UnitQuerySet:
    """Units in force by protocol, offices (科室) left out unless searched by `word`, with posts and vacancies."""
    units = Unit.objects.in_force().select_related("area", "upper_centre")
    if word:
        found = Q(name__icontains=word) | Q(short_name__icontains=word) | Q(aliases__name__icontains=word)
        units = units.filter(found).distinct()
    else:
        units = units.exclude(kind=OFFICE)
    held = Appointment.objects.filter(in_force(clock.today()), post__unit=OuterRef("pk"))
    return (
        units.annotate(
            post_count=Count("posts", distinct=True),
            held_count=Coalesce(
                Subquery(held.values("post__unit").annotate(n=Count("post", distinct=True)).values("n")), 0
            ),
        )
        .annotate(vacant_count=F("post_count") - F("held_count"))
        .by_protocol()
    )


def unit_facts(unit: Unit) -> dict[str, object]:
    """What the unit page shows: aliases, groups, offices, posts with their holders (none: vacant), who is or will be
    away and who stands in then."""
    today = clock.today()
    away = Absence.objects.filter(valid_to__gte=today).select_related("deputy").order_by("valid_from")
    current = (
        Appointment.objects.filter(in_force(today))
        .select_related("user")
        .prefetch_related(Prefetch("user__absences", queryset=away, to_attr="away"))
        .order_by("valid_from", "pk")
    )
    posts = unit.posts.order_by("protocol_order", "code").prefetch_related(
        Prefetch("appointments", queryset=current, to_attr="current")
    )
    return {
        "aliases": list(unit.aliases.order_by("name")),
        "offices": list(unit.children.in_force(today).filter(kind=OFFICE).by_protocol()),  # type: ignore[attr-defined]
        "posts": list(posts),
        "predecessors": list(unit.predecessors.all()),
    }


def units_with_post(right: str) -> set[UUID]:
    """The units that have a post with a right, held or vacant."""
    roles = [code for code, role in current_pack().role.items() if right in role.rights]
    wanted = Q(pk__in=[])
    for role in roles:
        wanted |= Q(roles__contains=[role])
    return set(Post.objects.filter(wanted).values_list("unit_id", flat=True))


def toured_people() -> QuerySet[User]:
    """The demo's people one is invited to sign in as, those of the highest posts first."""
    first_post = Appointment.objects.filter(user=OuterRef("pk"), valid_to=None).order_by(
        "post__protocol_order"
    )
    order = Subquery(first_post.values("post__protocol_order")[:1])
    return User.objects.exclude(tour_zh="").order_by(order, "username")


def rights_of(roles: Iterable[str]) -> set[str]:
    """The rights that roles of the pack give together."""
    known = current_pack().role
    return {right for code in roles if (role := known.get(code)) for right in role.rights}


def standings_of(function: str | None, unit_ids: Iterable[UUID]) -> dict[UUID, FunctionStanding]:
    """On which of their lists the units have a function; units without it are left out."""
    if function is None:
        return {}
    rows = TownFunction.objects.filter(function=function, unit_id__in=list(unit_ids))
    return {unit: FunctionStanding(standing) for unit, standing in rows.values_list("unit_id", "standing")}


def unit_for(wanted: Competent, area: Area, on: date | None = None) -> Unit | None:
    """The unit of a group in whose place an area lies: of the wanted level, else the nearest above. None without."""
    return units_for([wanted], area, on)[0]


def units_for(wanted: Iterable[Competent], area: Area, on: date | None = None) -> list[Unit | None]:
    """As `unit_for`, for several at once, in two queries: the units in whose places the area lies, and in which listed
    groups they are."""
    day, asked = on or clock.today(), list(wanted)
    rows = Unit.objects.in_force(day).select_related("area", "parent").by_protocol()
    above = list(rows.annotate(place=Value(area.path)).filter(place__startswith=F("area__path")))
    groups = {one.group for one in asked}
    listed = Membership.objects.filter(in_force(day), group__in=groups, unit__in=above)
    members = set(listed.values_list("group", "unit_id"))
    return [
        nearest_of([unit for unit in above if _is_in_group(unit, one.group, members)], one, area)
        for one in asked
    ]


def _is_in_group(unit: Unit, group: str, members: set[tuple[str, UUID]]) -> bool:
    rule = current_pack().unit_group.get(group)
    if rule is not None and rule.when:
        return holds_any(rule.when, facts_of(unit))
    return (group, unit.pk) in members


def nearest_of(units: Iterable[Unit], wanted: Competent, area: Area) -> Unit | None:
    """As `unit_for`, of units already at hand: for many areas at once."""
    above = [
        unit
        for unit in units
        if unit.area is not None
        and area.path.startswith(unit.area.path)
        and (wanted.level is None or unit.area.level == wanted.level)
    ]
    return max(above, key=lambda unit: len(unit.area.path) if unit.area else 0, default=None)


@lru_cache(maxsize=1)
def _levels_above(count: int = 5) -> dict[str, Any]:
    """The units above a row of units as annotations, level by level, so that one query climbs `count` of them."""
    above = Coalesce("upper_centre_id", "parent_id")
    levels: dict[str, Any] = {"above_1": above}
    for n in range(2, count + 1):
        lower = Unit.objects.filter(pk=OuterRef(f"above_{n - 1}")).annotate(above=above)
        levels[f"above_{n}"] = Subquery(lower.values("above"))
    return levels


def chain_above(unit_id: UUID) -> list[UUID]:
    """The units above one: where it climbs to (`upper_centre`, else its parent), that one's, and so on; the nearest
    first."""
    chain: list[UUID] = []
    here: UUID | None = unit_id
    while here is not None:
        levels = _levels_above()
        row = Unit.objects.filter(pk=here).annotate(**levels).values_list(*levels).first()
        here = None
        for above in row or ():
            if above is None or above in chain or above == unit_id:
                return chain
            chain.append(above)
            here = above
    return chain


def arbiter_of(one: UUID, other: UUID) -> UUID:
    """The nearest unit above both, which decides between them. Raises UserError where nothing stands above both."""
    found = nearest_common(chain_above(one), chain_above(other))
    if found is None:
        raise UserError(_("No unit stands above both, so nobody can decide. Ask for a transfer instead."))
    return found
