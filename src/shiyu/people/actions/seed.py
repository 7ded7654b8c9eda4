"""The seed's units and people, loaded once; then the database owns them."""

from collections.abc import Mapping, Sequence
from datetime import date

from django.contrib.auth.hashers import make_password

from shiyu.audit.actions import action, record
from shiyu.kernel.actor import Actor
from shiyu.lib import clock
from shiyu.people.models import Appointment, Membership, Post, Unit, UnitAlias, User
from shiyu.places.actions import day_of
from shiyu.places.models import Area, not_ended

Row = Mapping[str, str]


@action("people.import_units")
def import_units(actor: Actor, units: Sequence[Row], aliases: Sequence[Row], members: Sequence[Row]) -> int:
    """Add the units of a seed with their aliases and group memberships; rows known by code stay as they are."""
    areas = {area.code: area for area in Area.objects.filter(not_ended(clock.today()))}
    known = {unit.code: unit for unit in Unit.objects.all()}
    added = [_unit(row, areas) for row in units if row["code"] not in known]
    # Rows refer to each other by code in any order: insert first, then link.
    Unit.objects.bulk_create(added, batch_size=500)
    known.update({unit.code: unit for unit in added})
    new_codes = {unit.code for unit in added}
    for row in units:
        if row["code"] in new_codes:
            unit = known[row["code"]]
            unit.parent = known.get(row.get("parent") or "")
            unit.upper_centre = known.get(row.get("upper_centre") or "")
            unit.successor = known.get(row.get("successor") or "")
    Unit.objects.bulk_update(added, ["parent", "upper_centre", "successor"], batch_size=500)
    _name_and_group(
        known,
        [row for row in aliases if row["unit"] in new_codes],
        [row for row in members if row["unit"] in new_codes],
    )
    record(None, {"units": len(added)})
    return len(added)


def _name_and_group(known: Mapping[str, Unit], aliases: Sequence[Row], members: Sequence[Row]) -> None:
    UnitAlias.objects.bulk_create(
        [
            UnitAlias(
                unit=known[row["unit"]],
                name=row["name"],
                kind=row["kind"],
                valid_to=day_of(row.get("valid_to")),
            )
            for row in aliases
        ],
        batch_size=500,
        ignore_conflicts=True,
    )
    Membership.objects.bulk_create(
        [
            Membership(
                group=row["group"],
                unit=known[row["unit"]],
                valid_from=day_of(row.get("valid_from")),
                valid_to=day_of(row.get("valid_to")),
            )
            for row in members
        ],
        batch_size=500,
    )


def _unit(row: Row, areas: Mapping[str, Area]) -> Unit:
    return Unit(
        code=row["code"],
        name=row["name"],
        name_en=row.get("name_en") or "",
        short_name=row.get("short_name") or "",
        kind=row["kind"],
        area=areas.get(row.get("area") or ""),
        protocol_order=int(row.get("protocol_order") or 9999),
        valid_from=day_of(row.get("valid_from")),
        valid_to=day_of(row.get("valid_to")),
    )


@action("people.import_people")
def import_people(actor: Actor, posts: Sequence[Row], people: Sequence[Row], password: str | None) -> int:
    """Add the posts of a seed and the people who hold them.

    `password` is the demo's one password and counts as chosen; with None accounts cannot sign in until they are given
    one-time passwords. Returns how many accounts were added.
    """
    chosen_at = clock.now() if password else None
    known_posts, new_posts = _posts(posts)
    # One hash for all: argon2 is slow on purpose, and a demo has hundreds of people with one password.
    hashed = make_password(password)
    there = set(User.objects.values_list("username", flat=True))
    added: dict[str, User] = {}
    for row in people:
        name = row["username"]
        if name not in there and name not in added:
            tours = {"tour_zh": row.get("tour_zh") or "", "tour_en": row.get("tour_en") or ""}
            given = {"password": hashed, "password_changed_at": chosen_at}
            added[name] = User(username=name, name=row["name"], **given, **tours)
    User.objects.bulk_create(added.values(), batch_size=500)
    Appointment.objects.bulk_create(
        [
            Appointment(
                post=known_posts[row["post"]],
                user=added[row["username"]],
                valid_from=date.fromisoformat(row["valid_from"]),
                valid_to=day_of(row.get("valid_to")),
            )
            for row in people
            if row["username"] in added
        ],
        batch_size=500,
    )
    record(None, {"posts": new_posts, "users": len(added)})
    return len(added)


def _posts(rows: Sequence[Row]) -> tuple[dict[str, Post], int]:
    """All posts by code after adding those of `rows` that are new, and how many those are."""
    units = {unit.code: unit for unit in Unit.objects.all()}
    known = {post.code: post for post in Post.objects.all()}
    added = [
        Post(
            code=row["code"],
            unit=units[row["unit"]],
            name=row["name"],
            name_en=row.get("name_en") or "",
            roles=[role for role in (row.get("roles") or "").split("|") if role],
            functions=row.get("functions") or "",
            protocol_order=int(row.get("protocol_order") or 9999),
        )
        for row in rows
        if row["code"] not in known
    ]
    Post.objects.bulk_create(added, batch_size=500)
    known.update({post.code: post for post in added})
    return known, len(added)
