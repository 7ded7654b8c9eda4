"""What a table would do, row by row: each row becomes a new matter, changes an order, changes nothing, or is wrong.

The same for the check before and for taking over: the checks are those of filing a matter one by one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from shiyu.kernel.actor import Actor
from shiyu.kernel.facts import Transition
from shiyu.kernel.fields import Stored, read_values
from shiyu.kernel.orders import Header, ReadOrder, find_header, is_header, missing_heads, read_order
from shiyu.kernel.personal import Personal
from shiyu.kernel.spec.matters import Kind
from shiyu.kernel.spec.orders import TIMES, OrderSource
from shiyu.lib.errors import UserError
from shiyu.matters.actions.act import Deed
from shiyu.matters.actions.file import check_filing, decided_filing
from shiyu.matters.actions.orders.places import Places, Unknown
from shiyu.matters.actions.parties import Reporter, check_reporters
from shiyu.matters.kinds import kind_named, language
from shiyu.matters.models import Matter, MatterKey, Party, WorkOrder
from shiyu.packs.queries import current_pack
from shiyu.people.models import Unit
from shiyu.reading.rows import Rows

AT_ONCE = 2_000
"""Rows looked at together: a few queries for all of them."""
Wrong = Callable[[str | None, str], None]
NEW, CHANGED, UNCHANGED, ELSEWHERE, WRONG = "new", "changed", "unchanged", "elsewhere", "wrong"


@dataclass(frozen=True)
class Found:
    """One thing wrong: where, and what to do. The cell's value is not kept: it may be somebody's name."""

    sheet: str
    row: int
    head: str
    words: str


@dataclass(frozen=True)
class Line:
    """One row and what it would do."""

    sheet: str
    row: int
    did: str
    order: ReadOrder
    fields: dict[str, Stored] = field(default_factory=dict)
    area_id: UUID | None = None
    unit_id: UUID | None = None
    existing: WorkOrder | None = None
    heads: tuple[str, ...] = ()
    faults: tuple[Found, ...] = ()


def reporters_in(order: ReadOrder) -> list[Reporter]:
    """The caller as filing checks them, if anything of them can be read. They get no PIN: they asked elsewhere."""
    said = order.person
    if not said:
        return []
    name, phone, address = (said.get(part, "") for part in (Personal.NAME, Personal.PHONE, Personal.ADDRESS))
    return [Reporter(name, phone, address, pin="")]


def order_source(code: str) -> OrderSource:
    """A source of the pack in force. Raises UserError for one it does not have."""
    source = current_pack().order_source.get(code)
    if source is None:
        raise UserError(_("The city has no such source of work orders."), field="source")
    return source


class Planner:
    """Reads the sheets of one table against what is here already. With `locks` the matters of the orders that it would
    change are held from before they are compared until the end of the transaction."""

    def __init__(self, actor: Actor, code: str, unit: Unit, *, locks: bool = False) -> None:
        self.actor, self.code, self.source, self.locks = actor, code, order_source(code), locks
        self.rules: Kind = kind_named(self.source.kind)
        self.places = Places(self.source, unit)
        self.seen: dict[str, int] = {}
        self.filing: dict[tuple[bool, str], UserError | None] = {}
        self.decided: dict[tuple[UUID, bool], Transition | str] = {}
        self.is_known_here = "matter.view_all" in actor.rights

    def lines(self, sheets: Sequence[Rows]) -> Iterator[list[Line]]:
        """The rows of every sheet that has the layout's header, some at a time. Raises UserError where no sheet has
        it or columns are missing."""
        for sheet, header in self._headed(sheets):
            yield from self._sheet(sheet, header)

    def count(self, sheets: Sequence[Rows]) -> int:
        """How many rows there are at most, for the progress bar."""
        return sum(len(sheet.rows) for sheet in sheets)

    def _headed(self, sheets: Sequence[Rows]) -> list[tuple[Rows, Header]]:
        """The sheets with the layout's header; where none has it whole, those with part of it. Whatever is amiss in any
        of them is said at once."""
        found = [(sheet, at) for sheet in sheets if (at := find_header(self.source, sheet.rows)) is not None]
        whole = [(sheet, at) for sheet, at in found if {*self._marks()} <= {*at.heads}]
        if not found:
            heads = "、".join(missing_heads(self.source, ()))
            raise UserError(
                _("No sheet has the header of this system. It needs the columns: %(heads)s.")
                % {"heads": heads},
                field="file",
            )
        faults = [words for sheet, at in whole or found for words in _amiss(sheet.sheet, at)]
        if faults:
            raise UserError("\n".join(faults), field="file")
        return whole

    def _marks(self) -> tuple[str | None, str | None]:
        """The heads that tell the header from other rows."""
        return self.source.head_of("number"), self.source.head_of("title")

    def _sheet(self, sheet: Rows, header: Header) -> Iterator[list[Line]]:
        taken = [(place, head) for place, head in enumerate(header.heads) if head in self.source.columns]
        together: list[tuple[int, ReadOrder, list[Found]]] = []
        for number, row in enumerate(sheet.rows[header.row + 1 :], start=header.row + 2):
            cells = {head: row[place] if place < len(row) else None for place, head in taken}
            if not any(cell not in (None, "") for cell in cells.values()):
                continue
            order, faults = read_order(self.source, cells)  # type: ignore[arg-type]
            if is_header(self.source, order):
                continue
            found = [
                Found(sheet.sheet, number, fault.head, fault.reason.text(language())) for fault in faults
            ]
            together.append((number, order, found))
            if len(together) == AT_ONCE:
                yield self._together(sheet.sheet, together)
                together = []
        if together:
            yield self._together(sheet.sheet, together)

    def _together(self, sheet: str, rows: list[tuple[int, ReadOrder, list[Found]]]) -> list[Line]:
        """What the rows do. Whatever changes under a lock is compared again once the lock is held."""
        lines, held = self._compared(sheet, rows), set[UUID]()
        while self.locks and (new := _to_change(lines) - held):
            held |= new
            list(Matter.objects.select_for_update().filter(pk__in=held).order_by("pk").values_list("pk"))
            lines = self._compared(sheet, rows)
        return lines

    def _compared(self, sheet: str, rows: list[tuple[int, ReadOrder, list[Found]]]) -> list[Line]:
        numbers = [order.number for _row, order, _found in rows if order.number]
        known = {
            row.number: row
            for row in WorkOrder.objects.filter(source=self.code, number__in=numbers).select_related("matter")
        }
        mine = self._mine(known)
        parties = _parties([known[number] for number in numbers if number in known])
        return [
            self._line(sheet, row, order, found, known.get(order.number), mine, parties)
            for row, order, found in rows
        ]

    def _mine(self, known: dict[str, WorkOrder]) -> set[UUID]:
        ids = {row.matter_id for row in known.values()}
        if self.is_known_here or not ids:
            return ids
        rows = Matter.objects.visible_to(self.actor).filter(pk__in=ids)
        return set(rows.values_list("pk", flat=True))

    def _line(
        self,
        sheet: str,
        row: int,
        order: ReadOrder,
        found: list[Found],
        existing: WorkOrder | None,
        mine: set[UUID],
        parties: dict[UUID, tuple[Party, MatterKey]],
    ) -> Line:
        first = self.seen.setdefault(order.number, row) if order.number else row
        if first != row:
            words = _("This number stands in row %(row)s already; remove one of them.") % {"row": first}
            found = [*found, Found(sheet, row, self.source.head_of("number") or "", words)]
        elif existing is not None and existing.matter_id not in mine:
            return Line(sheet, row, ELSEWHERE, order)
        heads = self._changed(order, existing, parties) if existing is not None else ()
        if existing is not None and not heads and not found:
            return Line(sheet, row, UNCHANGED, order, existing=existing)
        return self._checked(sheet, row, order, found, existing, heads)

    def _changed(
        self, order: ReadOrder, existing: WorkOrder, parties: dict[UUID, tuple[Party, MatterKey]]
    ) -> tuple[str, ...]:
        """The heads of the cells that say otherwise than what is kept. After the matter's end, or once a caller's data
        were destroyed, nothing more is taken of the caller."""
        heads = [head for head, words in order.given.items() if existing.given.get(head, "") != words]
        if not existing.matter.is_open:
            return tuple(heads)
        held = parties.get(existing.party_id) if existing.party_id else None
        if order.person and existing.party_id is None:
            return (*heads, *self._person_heads(order, list(order.person)))
        if held is not None:
            party, key = held
            other = [part for part, text in order.person.items() if (key.open(party, part) or "") != text]
            heads += self._person_heads(order, other)
        return tuple(heads)

    def _person_heads(self, order: ReadOrder, parts: list[Personal]) -> list[str]:
        return [head for part in parts if (head := self.source.head_of(part.value)) is not None]

    def _checked(
        self,
        sheet: str,
        row: int,
        order: ReadOrder,
        found: list[Found],
        existing: WorkOrder | None,
        heads: tuple[str, ...],
    ) -> Line:
        faults = list(found)

        def wrong(head: str | None, words: str) -> None:
            if not any(fault.head == (head or "") for fault in faults):
                faults.append(Found(sheet, row, head or "", words))

        area_id, unit_id = None, self.places.otherwise.pk
        try:
            area_id = self.places.area_of(order.places)
            unit_id = self.places.unit_of(area_id)
        except Unknown as unknown:
            wrong(unknown.head, unknown.words)
        fields = self._same_as_filing(order, unit_id, wrong)
        did = WRONG if faults else CHANGED if existing is not None else NEW
        return Line(sheet, row, did, order, fields, area_id, unit_id, existing, heads, tuple(faults))

    def _same_as_filing(self, order: ReadOrder, unit_id: UUID, wrong: Wrong) -> dict[str, Stored]:
        """The checks of `file_matter`, each fault at its column."""
        source = self.source
        refused = self._filing(order)
        if refused is not None:
            wrong(source.head_of(refused.field or ""), str(refused))
        try:
            check_reporters(self.rules, reporters_in(order), handed_over=True)
        except UserError as error:
            wrong(source.head_of((error.field or "").removeprefix("reporter_")), str(error))
        answer = self._decided(unit_id, bool(order.text.strip()), order.text)
        if isinstance(answer, str):
            wrong("", answer)
        kept, faults = read_values(self.rules.fields_with(None), order.fields, current_pack().codes)
        for fault in faults:
            wrong(self._head_of_field(fault.field), fault.reason.text(language()))
        return kept

    def _filing(self, order: ReadOrder) -> UserError | None:
        """What `check_filing` says: the same for every order with a title and of one topic."""
        asked = (bool(order.title), order.topic)
        if asked not in self.filing:
            self.filing[asked] = None
            try:
                source = self.source
                check_filing(source.kind, source.source or "", None, None, order.title, order.topic)
            except UserError as error:
                self.filing[asked] = error
        return self.filing[asked]

    def _decided(self, unit_id: UUID, has_text: bool, text: str) -> Transition | str:
        """The kernel's answer, the same for all with or without a text in one unit: what follows, or why not."""
        if (unit_id, has_text) not in self.decided:
            try:
                self.decided[unit_id, has_text] = decided_filing(
                    self.actor, self.rules, Deed(unit_id=unit_id, reason=text)
                )
            except UserError as error:
                self.decided[unit_id, has_text] = str(error)
        return self.decided[unit_id, has_text]

    def transition(self, line: Line) -> Transition:
        """What filing the line does; only for a line that is not wrong."""
        answer = self._decided(line.unit_id or self.places.otherwise.pk, bool(line.order.text.strip()), "")
        if isinstance(answer, str):
            raise UserError(answer)
        return answer

    def _head_of_field(self, name: str) -> str | None:
        return next((head for head, column in self.source.columns.items() if column.field == name), None)


def _to_change(lines: list[Line]) -> set[UUID]:
    return {line.existing.matter_id for line in lines if line.did == CHANGED and line.existing is not None}


def _amiss(sheet: str, header: Header) -> list[str]:
    """What is wrong with a header, each thing in a sentence that says where."""
    said = {"sheet": sheet, "row": header.row + 1}
    where = (_("Sheet “%(sheet)s”, row %(row)s") if sheet else _("Row %(row)s")) % said
    faults = [
        (_("%(where)s: columns are missing: %(heads)s."), header.missing),
        (_("%(where)s: columns stand twice: %(heads)s."), header.doubled),
    ]
    return [words % {"where": where, "heads": "、".join(heads)} for words, heads in faults if heads]


def _parties(orders: list[WorkOrder]) -> dict[UUID, tuple[Party, MatterKey]]:
    """The callers of orders with the keys that open them; those whose key was destroyed are left out."""
    ids = [row.party_id for row in orders if row.party_id]
    rows = Party.objects.filter(pk__in=ids).exclude(name=None, phone=None, address=None)
    keys = {
        key.matter_id: key
        for key in MatterKey.objects.filter(matter_id__in=[row.matter_id for row in orders]).exclude(
            wrapped=""
        )
    }
    return {row.pk: (row, keys[row.matter_id]) for row in rows if row.matter_id in keys}


def times_of(order: ReadOrder) -> dict[str, datetime | None]:
    """The source's times that the row gives, by the order's columns; one that became empty is emptied."""
    return {name: order.times.get(name) for name in TIMES}
