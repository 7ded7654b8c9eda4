"""Taking a table over, set-based: what `file_matter` does for each, in a few statements for thousands.

`tests/test_orders_same.py` holds it against filing them one by one. It all stands in one transaction: numbers are
without gaps and nothing is half taken. While it writes, others who file the same kind wait for their number.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from operator import attrgetter
from typing import Any, TypeVar
from uuid import UUID

from django.db import models
from django.db.models import Count

from shiyu.kernel.actor import Actor
from shiyu.kernel.grading import grade_of
from shiyu.kernel.personal import Personal
from shiyu.kernel.phases import Relation
from shiyu.letters.numbers import take_numbers
from shiyu.lib import clock
from shiyu.lib.copying import copy_rows
from shiyu.lib.ids import new_id
from shiyu.lib.search_field import sources_of
from shiyu.lib.search_text import index_literal
from shiyu.lib.vault import the_vault
from shiyu.matters.actions.file import beginning_of, start_clocks
from shiyu.matters.actions.grading import reasons_kept
from shiyu.matters.actions.orders.plan import Line, Planner, times_of
from shiyu.matters.actions.parties import phone_trace
from shiyu.matters.kinds import version_in_force
from shiyu.matters.models import GradeSet, Matter, MatterKey, OrderBatch, Party, Step, WorkOrder
from shiyu.matters.queries.ways import REPEAT_TIME, Counts, condition_facts
from shiyu.people.models import Unit

NO_PIN = "!"
"""In place of a PIN's hash: no PIN fits until the desk gives one."""


class Taker:
    """Writes the new rows of one batch."""

    def __init__(self, actor: Actor, batch: OrderBatch, plan: Planner) -> None:
        self.actor, self.batch, self.plan, self.now = actor, batch, plan, clock.now()
        self.templates: dict[UUID, Matter] = {}
        self.stays: dict[UUID, Step] = {}
        self.key = MatterKey(sealed_by=the_vault().newest, made_at=self.now)
        self.party = Party(filed_at=self.now, pin_hash=NO_PIN)
        self.order = WorkOrder(source=plan.code, batch_id=batch.pk)
        self.by_unit: Counter[UUID] = Counter()

    def take(self, lines: Sequence[Line]) -> None:
        """New matters with their keys, reporters, first stays, grades and orders."""
        if not lines:
            return
        codes = take_numbers(
            f"matter:{self.plan.source.kind}", self.plan.rules.number, clock.today(), len(lines)
        )
        matters = [self._matter(line, code) for line, code in zip(lines, codes, strict=True)]
        grades = self._graded(lines, matters)
        for matter in matters:
            matter.__dict__["search"] = index_literal(str(getattr(matter, name) or "") for name in _SOURCES)
        self._copy(Matter, matters, ("area_id",))
        self._copy(Step, [self._stay(matter) for matter in matters], ("due_at", "unit_id"))
        GradeSet.objects.bulk_create(grades)
        keys, parties, mine = self._reporters(lines, matters)
        self._copy(MatterKey, keys)
        self._copy(Party, parties, tuple(part.value for part in Personal))
        orders = [
            self._order(line, matter, party) for line, matter, party in zip(lines, matters, mine, strict=True)
        ]
        self._copy(WorkOrder, orders, (*_TIMES, "party_id"))

    def _matter(self, line: Line, code: str) -> Matter:
        """As `file_matter` makes it; what is the same for all of one unit is worked out once."""
        unit_id = line.unit_id or self.plan.places.otherwise.pk
        self.by_unit[unit_id] += 1
        return _twin(
            self._template(unit_id, line),
            code=code,
            title=line.order.title,
            text=line.order.text,
            topic=line.order.topic,
            fields=line.fields,
            area_id=line.area_id,
        )

    def _template(self, unit_id: UUID, line: Line) -> Matter:
        if unit_id not in self.templates:
            source, rules = self.plan.source, self.plan.rules
            made = Matter(
                kind=source.kind,
                pack_version_id=version_in_force(),
                source=source.source or "",
                unit_id=unit_id,
                **beginning_of(self.actor, unit_id, self.plan.transition(line), self.now),
            )
            start_clocks(made, rules, None)
            self.templates[unit_id] = made
        return self.templates[unit_id]

    def _stay(self, matter: Matter) -> Step:
        """The first stay (effects.stays.open_stay): nobody holds the matter yet."""
        owner = self.plan.rules.states[matter.state].owner
        by_filer = owner is Relation.REPORTER and matter.filed_unit_id is not None
        unit_id = matter.filed_unit_id if by_filer and matter.filed_unit_id else matter.unit_id
        if unit_id not in self.stays:
            self.stays[unit_id] = Step(
                unit_id=unit_id,
                unit_name=Unit.objects.get(pk=unit_id).display_short,
                state=matter.state,
                phase=matter.phase,
                entered_at=self.now,
                due_at=matter.step_due_at,
            )
        return _twin(self.stays[unit_id], matter_id=matter.pk)

    def _reporters(
        self, lines: Sequence[Line], matters: Sequence[Matter]
    ) -> tuple[list[MatterKey], list[Party], list[UUID | None]]:
        """Who called, sealed under their matter's new key. Nobody has a PIN: the caller asked elsewhere, and gets one
        at the desk who wants to look in here."""
        vault, keys, parties = the_vault(), [], []
        mine: list[UUID | None] = []
        for line, matter in zip(lines, matters, strict=True):
            if not line.order.person:
                mine.append(None)
                continue
            key = _twin(self.key, id=None, matter_id=matter.pk)
            key.wrapped = vault.new_key(key.about)
            party = _twin(self.party, matter_id=matter.pk)
            seal_person(key, party, line)
            keys.append(key)
            parties.append(party)
            mine.append(party.pk)
        return keys, parties, mine

    def _order(self, line: Line, matter: Matter, party_id: UUID | None) -> WorkOrder:
        row = _twin(
            self.order,
            matter_id=matter.pk,
            number=line.order.number,
            given=line.order.given,
            party_id=party_id,
            row=line.row,
        )
        row.set_times(times_of(line.order))
        return row

    def _graded(self, lines: Sequence[Line], matters: Sequence[Matter]) -> list[GradeSet]:
        """The first grade by the kind's table; matters that come together do not count as each other's repetition."""
        table = self.plan.rules.grading
        if table is None:
            return []
        before, grades = self._before(matters), []
        for line, matter in zip(lines, matters, strict=True):
            matter.area = self.plan.places.areas.get(matter.area_id) if matter.area_id else None
            again = before[matter.topic, matter.area_id] if matter.area_id else 0
            counts = Counts(further=0, reporters=int(bool(line.order.person)), returned=0, repeated=again)
            found = grade_of(table, condition_facts(matter, self.plan.rules, self.now, counts))
            if found.grade != matter.grade:
                matter.grade = found.grade
                kept = reasons_kept(found)
                grades.append(
                    GradeSet(
                        matter_id=matter.pk, grade=found.grade, points=found.points, reasons=kept, at=self.now
                    )
                )
        return grades

    def _before(self, matters: Sequence[Matter]) -> Counter[tuple[str, UUID | None]]:
        """How often each topic came up in each place within the year before."""
        since: datetime = self.now - REPEAT_TIME
        rows = Matter.objects.filter(
            kind=self.plan.source.kind,
            area_id__in={matter.area_id for matter in matters},
            received_at__gte=since,
            received_at__lt=self.now,
        ).exclude(topic="")
        counted = rows.order_by().values_list("topic", "area_id").annotate(n=Count("pk"))
        return Counter({(topic, area): n for topic, area, n in counted})

    @staticmethod
    def _copy(
        model: type[models.Model],
        rows: Sequence[Any],
        optional: Sequence[str] = (),
    ) -> None:
        """Rows by COPY: every field that is never empty, the named ones, and those that the first row fills."""
        if not rows:
            return
        first = rows[0]
        names = [
            f.attname
            for f in model._meta.concrete_fields
            if not f.null or f.attname in optional or getattr(first, f.attname) is not None
        ]
        copy_rows(model, names, map(attrgetter(*names), rows))


R = TypeVar("R", bound=models.Model)
_SOURCES = sources_of(Matter)
_TIMES = ("handed_at", "upper_handed_at", "deadline", "upper_deadline", "due_at")


def _twin(template: R, **values: Any) -> R:
    """Another row like the template, with an id of its own where none is given: a tenth of what making it anew takes."""
    if "id" not in values:
        values["id"] = new_id()
    twin = object.__new__(type(template))
    twin.__dict__ = template.__dict__ | {"_state": models.base.ModelState()} | values
    return twin


def seal_person(key: MatterKey, party: Party, line: Line) -> None:
    """What the row says of the caller, sealed in its fields; parts the row does not say stay."""
    for part, sealed in key.seal_all(party, line.order.person).items():
        setattr(party, part.value, sealed)
    if Personal.PHONE in line.order.person:
        party.phone_trace = phone_trace(line.order.person[Personal.PHONE])
