"""Reads over who stands in for whom, and over what a person leaves with a post."""

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.db.models import Prefetch, Q, QuerySet

from shiyu.lib import clock
from shiyu.people.models import Absence, Appointment, Unit, User
from shiyu.places.models import in_force, not_ended

OFFICE = "office"


def posts_held(user_id: UUID) -> QuerySet[Appointment, UUID]:
    """The ids of the posts a person holds today, and of those whose holder is away and named the person as deputy."""
    day = clock.today()
    deputy = Q(
        user__absences__deputy=user_id, user__absences__valid_from__lte=day, user__absences__valid_to__gte=day
    )
    rows = Appointment.objects.filter(in_force(day)).filter(Q(user=user_id) | deputy)
    return rows.values_list("post_id", flat=True)


def acting(held: QuerySet[Appointment]) -> QuerySet[User]:
    """Who holds these posts, and who stands in today for those of them who are away."""
    held = held.order_by()
    away = standing_in().filter(user_id__in=held.values("user_id"))
    # A union, not "or": PostgreSQL asks both parts once instead of anew for each account.
    either = held.values("user_id").union(away.values("deputy_id"))
    return User.objects.filter(pk__in=either, is_active=True).order_by("username")


def standing_in() -> QuerySet[Absence]:
    """The absences of today."""
    day = clock.today()
    return Absence.objects.filter(valid_from__lte=day, valid_to__gte=day)


def stood_in_for(user_id: UUID) -> list[Absence]:
    """For whom a person acts today, with the posts that come to them (`user.held_now`): the desk says so."""
    posts = Appointment.objects.filter(in_force(clock.today())).select_related("post__unit")
    held = Prefetch("user__appointments", queryset=posts, to_attr="held_now")
    rows = standing_in().filter(deputy_id=user_id).select_related("user").prefetch_related(held)
    return list(rows.order_by("valid_to", "user__name"))


def colleagues_of(user: User) -> QuerySet[User]:
    """Who may stand in for a person: others of the same units, their departments and offices, today."""
    today = in_force(clock.today())
    own = Unit.objects.filter(posts__appointments__in=user.appointments.filter(today))
    family = (
        Q(pk__in=own.values("pk")) | Q(pk__in=own.values("parent_id")) | Q(parent_id__in=own.values("pk"))
    )
    held = Appointment.objects.filter(today, post__unit__in=Unit.objects.filter(family))
    others = User.objects.filter(
        is_active=True, kind=User.Kind.PERSON, pk__in=held.values("user_id")
    ).exclude(pk=user.pk)
    return others.order_by("name", "username")


def deputies_of(user_id: UUID) -> set[UUID]:
    """Whom a person ever named as deputy."""
    return set(Absence.objects.filter(user_id=user_id).values_list("deputy_id", flat=True))


@dataclass(frozen=True)
class Leaving:
    """A person who leaves a post: the units for which they work no more after it, and the first day on which others
    have their work (not before today)."""

    user_id: UUID
    unit_ids: frozenset[UUID]
    next_day: date


def leaving_of(held: Appointment, last_day: date) -> Leaving:
    """What a person leaves with a post: its unit and, of an office (科室), its department; not where another post keeps
    them."""
    day = max(last_day + timedelta(days=1), clock.today())
    others = Appointment.objects.filter(in_force(day), user_id=held.user_id).exclude(pk=held.pk)
    kept = {unit for one in others.select_related("post__unit") for unit in _bodies(one.post.unit)}
    return Leaving(held.user_id, frozenset(_bodies(held.post.unit)) - kept, day)


def leaving_altogether(user: User) -> Leaving:
    """What a person leaves whose account is closed: the units of all their posts, from today."""
    day = clock.today()
    held = Appointment.objects.filter(not_ended(day), user=user).select_related("post__unit")
    return Leaving(user.pk, frozenset(unit for one in held for unit in _bodies(one.post.unit)), day)


def receivers_of(held: Appointment, leaving: Leaving) -> list[Appointment]:
    """Who may have the work of a person who leaves: who holds a post in the unit, its department or their offices on
    the next day, one appointment a person; the same post's next holder first, then the deputies, then by protocol."""
    bodies = _bodies(held.post.unit)
    family = Unit.objects.filter(Q(pk__in=bodies) | Q(parent__in=bodies))
    rows = (
        Appointment.objects.filter(in_force(leaving.next_day), post__unit__in=family, user__is_active=True)
        .filter(user__kind=User.Kind.PERSON)
        .exclude(user_id=held.user_id)
        .select_related("user", "post__unit")
    )
    deputies = deputies_of(held.user_id)
    found: dict[UUID, Appointment] = {}
    for row in sorted(
        rows,
        key=lambda row: (
            row.post_id != held.post_id,
            row.user_id not in deputies,
            row.post.unit.protocol_order,
            row.post.protocol_order,
            row.user.name,
        ),
    ):
        found.setdefault(row.user_id, row)
    return list(found.values())


def _bodies(unit: Unit) -> list[UUID]:
    """A unit and, of an office, its department."""
    return [unit.pk, *([unit.parent_id] if unit.kind == OFFICE and unit.parent_id else [])]
