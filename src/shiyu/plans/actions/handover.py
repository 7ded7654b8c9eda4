"""The duties a person carries by name, when they leave the unit (people.actions.handover)."""

from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import pgettext

from shiyu.people.actions.handover import Handover, HandTo, OpenItems
from shiyu.people.queries import Leaving
from shiyu.plans.actions.duties import check_belongs, succeed_all
from shiyu.plans.models import DutyHolder
from shiyu.plans.queries.desk import holding_now


def _carried(leaving: Leaving) -> QuerySet[DutyHolder]:
    rows = DutyHolder.objects.filter(
        holding_now(), person_id=leaving.user_id, duty__unit_id__in=leaving.unit_ids
    )
    return rows.select_related("duty__unit", "duty__task", "duty__decision").order_by(
        "duty__task__position", "pk"
    )


def _open(rows: QuerySet[DutyHolder]) -> list[DutyHolder]:
    return [row for row in rows if row.duty.done_on is None]


def _find(leaving: Leaving) -> list[OpenItems]:
    return [OpenItems(pgettext("open item", "Duty"), len(_open(_carried(leaving))))]


def _move(leaving: Leaving, to: HandTo) -> list[UUID]:
    """The receiver carries them from the next day on; handed to the unit, they stay with its office where one is named."""
    rows = _open(_carried(leaving).select_for_update(of=("self",)))
    if to.person_id is not None:
        for duty in {row.duty.unit_id: row.duty for row in rows}.values():
            check_belongs(duty, None, to.person_id, on=leaving.next_day)
    succeed_all(rows, to.person_id, leaving.next_day, to.reason)
    return [row.duty_id for row in rows]


DUTIES = Handover("duties", _find, _move)
