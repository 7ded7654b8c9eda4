"""Who stands in for whom goes on when the deputy leaves: an absence never falls to somebody who is gone."""

from datetime import timedelta
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from shiyu.lib.errors import UserError
from shiyu.people.actions.handover import Handover, HandTo, OpenItems
from shiyu.people.actions.posts import keep_administrators_apart
from shiyu.people.models import Absence, User
from shiyu.people.queries import Leaving
from shiyu.places.models import in_force


def _absences(leaving: Leaving) -> QuerySet[Absence]:
    """Those of colleagues in the units left, that go on after the last day."""
    body = Q(user__appointments__post__unit__in=leaving.unit_ids)
    office = Q(user__appointments__post__unit__parent__in=leaving.unit_ids)
    held = in_force(leaving.next_day, "user__appointments__")
    rows = Absence.objects.filter(
        (body | office) & held, deputy=leaving.user_id, valid_to__gte=leaving.next_day
    )
    return Absence.objects.filter(pk__in=rows.values("pk")).select_related("user").order_by("valid_from")


def _find(leaving: Leaving) -> list[OpenItems]:
    return [
        OpenItems(
            _("Stands in for %(name)s, %(first)s to %(last)s")
            % {"name": row.user.name, "first": row.valid_from.isoformat(), "last": row.valid_to.isoformat()},
            1,
        )
        for row in _absences(leaving)
    ]


def _move(leaving: Leaving, to: HandTo) -> list[UUID]:
    """From the next day on the receiver stands in; what went before stays as it was."""
    rows = list(_absences(leaving).select_for_update(of=("self",)))
    if not rows:
        return []
    deputy = User.objects.select_for_update().filter(pk=to.person_id).first() if to.person_id else None
    for row in rows:
        if deputy is None:
            raise UserError(
                _("Somebody must stand in for %(name)s; choose a person.") % {"name": row.user.name},
                field="to",
            )
        if deputy.pk == row.user_id:
            raise UserError(
                _("%(name)s is away then; choose another person.") % {"name": row.user.name}, field="to"
            )
        held = row.user.appointments.filter(in_force(leaving.next_day)).select_related("post")
        keep_administrators_apart(deputy, [role for one in held for role in one.post.roles])
        if row.valid_from < leaving.next_day:
            last, row.valid_to = row.valid_to, leaving.next_day - timedelta(days=1)
            row.save(update_fields=["valid_to"])
            row = Absence(user=row.user, valid_from=leaving.next_day, valid_to=last)
        row.deputy = deputy
        row.save()
    return [row.pk for row in rows]


STANDING_IN = Handover("absences", _find, _move)
