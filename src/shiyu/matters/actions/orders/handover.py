"""Tables of work orders that wait in a person's name, when they leave the desk (people.actions.handover)."""

from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from shiyu.lib.errors import UserError
from shiyu.matters.actions.orders.batches import may_import
from shiyu.matters.models import OrderBatch
from shiyu.people.actions.handover import Handover, HandTo, OpenItems
from shiyu.people.models import User
from shiyu.people.queries import Leaving, actor_of


def _waiting(leaving: Leaving) -> QuerySet[OrderBatch]:
    """Checked and not taken over. A table being checked or taken over goes on by itself."""
    rows = OrderBatch.objects.filter(by_id=leaving.user_id, unit_id__in=leaving.unit_ids)
    return rows.filter(state=OrderBatch.State.CHECKED).order_by("created_at")


def _find(leaving: Leaving) -> list[OpenItems]:
    return [OpenItems(_("Table of work orders"), _waiting(leaving).count())]


def _move(leaving: Leaving, to: HandTo) -> list[UUID]:
    rows = list(_waiting(leaving).select_for_update(of=("self",)))
    if not rows:
        return []
    person = User.objects.filter(pk=to.person_id).first() if to.person_id else None
    if person is None:
        raise UserError(
            _("A table of work orders needs somebody who takes it over; choose a person."), field="to"
        )
    receiver = actor_of(person, on=leaving.next_day)
    if not may_import(receiver) or not {row.unit_id for row in rows} <= receiver.units_with(
        "matter.dispatch"
    ):
        raise UserError(
            _("%(name)s has no desk that takes in work orders; choose another person.")
            % {"name": person.name},
            field="to",
        )
    OrderBatch.objects.filter(pk__in=[row.pk for row in rows]).update(
        by_id=person.pk, by_name=person.name[:60]
    )
    return [row.pk for row in rows]


TABLES = Handover("order_tables", _find, _move)
