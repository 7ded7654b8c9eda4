"""Offices and people for the duties: each unit names them in the days after an edition was issued."""

import random
from functools import partial
from uuid import UUID

from shiyu.demo.agenda import Agenda
from shiyu.demo.cast import Cast
from shiyu.people.models import Appointment, Unit
from shiyu.plans.actions.holding import Holding, hold_duties
from shiyu.plans.models import Edition
from shiyu.plans.queries.desk import unassigned

LEFT_OPEN = 0.08
"""Of the units, this share leaves one duty without a person: the blind-spot report shows it."""


class Holders:
    """Who carries what: offices in turn, each with its head; a unit without offices gives its duties to a person."""

    def __init__(self, agenda: Agenda, cast: Cast, dice: random.Random) -> None:
        self.agenda, self.cast, self.dice = agenda, cast, dice
        self.toured = set(
            Appointment.objects.exclude(user__tour_zh="").values_list("post__unit_id", flat=True)
        )
        self.offices: dict[UUID, list[Unit]] = {}
        for office in Unit.objects.filter(kind="office").order_by("protocol_order"):
            if office.parent_id:
                self.offices.setdefault(office.parent_id, []).append(office)
        heads = Appointment.objects.filter(valid_to=None, user__is_active=True).order_by(
            "post__protocol_order"
        )
        self.people: dict[UUID, UUID] = {}
        for unit_id, user_id in heads.values_list("post__unit_id", "user_id"):
            self.people.setdefault(unit_id, user_id)

    def schedule(self) -> None:
        """Within two weeks of each edition's issue, unit by unit."""
        issued = Edition.objects.filter(state=Edition.State.ISSUED, superseded_on=None).order_by("issued_on")
        for edition in issued.exclude(issued_on=None):
            units = edition.tasks.values_list("duties__unit_id", flat=True).distinct()
            order = Unit.objects.filter(pk__in=units).order_by("protocol_order").values_list("pk", flat=True)
            for unit_id in order:
                days, hour = self.dice.randint(2, 10), self.dice.choice((9, 10, 15, 16))
                day = self.agenda.calendar.add_workdays(edition.issued_on, days)  # type: ignore[arg-type]
                deed = partial(self._name, unit_id, edition.pk, self.dice.random() < LEFT_OPEN)
                self.agenda.at(self.agenda.moment(day, hour), deed)

    def _name(self, unit_id: UUID, edition_id: UUID, leave_one: bool) -> None:
        liaison = self.cast.who("duty.assign", unit_id)
        duties = list(
            unassigned("office")
            .filter(unit_id=unit_id, task__edition_id=edition_id)
            .order_by("task__position")
        )
        if liaison is None or not duties:
            return
        offices: list[Unit | None] = [*self.offices.get(unit_id, [])] or [None]
        held: dict[UUID, Holding] = {}
        for number, duty in enumerate(duties):
            office = offices[number % len(offices)]
            person = self.people.get(office.pk) if office else liaison.user_id
            if leave_one and number == len(duties) - 1 and office and unit_id not in self.toured:
                person = None
            if office or person:
                held[duty.pk] = (office.pk if office else None, person)
        if held:
            hold_duties(liaison, unit_id, held)
