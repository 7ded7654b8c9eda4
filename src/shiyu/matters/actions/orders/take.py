"""Taking a table over, set-based: what `file_matter` does for each, in a few statements for thousands.

`tests/test_orders_same.py` holds it against filing them one by one. It all stands in one transaction: numbers are
without gaps and nothing is half taken. While it writes, others who file the same kind wait for their number.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib.auth.hashers import make_password
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

Made = tuple[UUID, UUID | None]
"""The matter's key and its reporter's."""


class Taker:
    """Writes the new rows of one batch."""

    def __init__(self, actor: Actor, batch: OrderBatch, plan: Planner) -> None:
        self.actor, self.batch, self.plan, self.now = actor, batch, plan, clock.now()
        self.templates: dict[UUID, Matter] = {}
        self.units: dict[UUID, str] = {}
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
        self._copy(Matter, matters, ("area_id",), search=_words)
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
        matter = _twin(self._template(unit_id, line))
        matter.code, matter.title, matter.text = code, line.order.title, line.order.text
        matter.topic, matter.fields, matter.area_id = line.order.topic, line.fields, line.area_id
        return matter

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
        return Step(
            matter_id=matter.pk,
            unit_id=unit_id,
            unit_name=self._name(unit_id),
            state=matter.state,
            phase=matter.phase,
            entered_at=self.now,
            due_at=matter.step_due_at,
        )

    def _name(self, unit_id: UUID) -> str:
        if unit_id not in self.units:
            self.units[unit_id] = Unit.objects.get(pk=unit_id).display_short
        return self.units[unit_id]

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
            key = MatterKey(matter_id=matter.pk, sealed_by=vault.newest, made_at=self.now)
            key.wrapped = vault.new_key(key.about)
            party = Party(id=new_id(), matter_id=matter.pk, filed_at=self.now, pin_hash=make_password(None))
            seal_person(key, party, line)
            keys.append(key)
            parties.append(party)
            mine.append(party.pk)
        return keys, parties, mine

    def _order(self, line: Line, matter: Matter, party_id: UUID | None) -> WorkOrder:
        row = WorkOrder(
            matter_id=matter.pk,
            source=self.plan.code,
            number=line.order.number,
            given=dict(line.order.given),
            party_id=party_id,
            batch_id=self.batch.pk,
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
            counts = Counts(further=0, reporters=len(line.reporters), returned=0, repeated=again)
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
        **made: Callable[[Any], Any],
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
        takers = [made.get(name) or _taking(name) for name in names]
        copy_rows(model, names, ([take(row) for take in takers] for row in rows))


_TIMES = ("handed_at", "upper_handed_at", "deadline", "upper_deadline", "due_at")


def _taking(name: str) -> Callable[[Any], Any]:
    return lambda row: getattr(row, name)


def _twin(template: Matter) -> Matter:
    """Another row like the template, with a key of its own."""
    twin = Matter.__new__(Matter)
    twin.__dict__ = template.__dict__ | {"id": new_id(), "_state": models.base.ModelState()}
    return twin


def _words(matter: Matter) -> str:
    """The words search asks, as `SearchField` writes them."""
    return index_literal(str(getattr(matter, name) or "") for name in sources_of(Matter))


def seal_person(key: MatterKey, party: Party, line: Line) -> None:
    """What the row says of the caller, sealed in its fields; parts the row does not say stay."""
    for part, text in line.order.person.items():
        setattr(party, part.value, key.seal(party, part, text))
        if part is Personal.PHONE:
            party.phone_trace = phone_trace(text)
