"""Card forms: one task a table, the label in a cell and its value in the next one."""

from __future__ import annotations

from shiyu.reading.draft import Draft
from shiyu.reading.grid import Columns, Table, row_text
from shiyu.reading.headers import RESPONSIBILITY, TASK_ROLES, header_role
from shiyu.reading.result import Source
from shiyu.reading.tables import TableReader

_LEAST = 3  # different labels one above the other make a card; a header row has them side by side

Pair = tuple[int, str, str, str]
"""Row, role, label and value."""


def find_cards(table: Table) -> list[list[Pair]]:
    """The cards of a table, each as its pairs of label and value; [] when the table is no card form."""
    if is_sideways(table):
        return []
    pairs, rows = _pairs(table)
    below = {role for row, role, _label, _value in pairs if row in rows}
    roles = {role for _row, role, _label, _value in pairs}
    if len(below) < _LEAST or not roles & set(TASK_ROLES) or not roles & RESPONSIBILITY:
        return []
    task = next(role for role in TASK_ROLES if role in roles)
    cards: list[list[Pair]] = []
    for pair in pairs:
        # a label said again begins the next card; its number may stand before the task
        begins = pair[1] == task or (pair[1] == "number" and cards and _has(cards[-1], task))
        if not cards or (begins and _has(cards[-1], pair[1])):
            cards.append([])
        cards[-1].append(pair)
    return [card for card in cards if _has(card, task)]


def is_sideways(table: Table) -> bool:
    """Whether labels stand below each other with several values beside each: a table turned on its side."""
    rows = [
        [text.strip() for column, text in enumerate(row) if (index, column) not in table.inherited]
        for index, row in enumerate(table.rows)
    ]
    wide = [
        row
        for row in rows
        if len([text for text in row if text]) > 2 and not any(header_role(text) for text in row[1:])
    ]
    roles = {role for row in wide if (role := header_role(row[0]))}
    return len(roles) >= _LEAST and bool(roles & set(TASK_ROLES)) and bool(roles & RESPONSIBILITY)


def _has(card: list[Pair], role: str) -> bool:
    return any(pair[1] == role for pair in card)


def _pairs(table: Table) -> tuple[list[Pair], set[int]]:
    """Labels with their values, and the rows that begin with a label and have a value beside it."""
    pairs: list[Pair] = []
    begins: set[int] = set()
    for index, row in enumerate(table.rows):
        own = [
            column
            for column, text in enumerate(row)
            if (index, column) not in table.inherited and (text.strip() or column)
        ]
        at = 0
        while at + 1 < len(own):
            label, value = row[own[at]].strip(), row[own[at + 1]].strip()
            role = header_role(label)
            if role and not header_role(value):
                pairs.append((index, role, label, value))
                if at == 0:
                    begins.add(index)
                at += 2
            elif role and at == 0 and value:
                return pairs, set()  # labels side by side: a header row
            else:
                at += 1
    return pairs, begins


def read_cards(table: Table, cards: list[list[Pair]], draft: Draft) -> None:
    """Each card becomes an item standing at its task's row; every row of the table is kept as well."""
    taken: set[int] = set()
    items = []
    for card in cards:
        rows: dict[str, list[str]] = {}
        for _row, role, _label, value in card:
            rows.setdefault(role, []).append(value)
        at = next(row for row, role, *_rest in card if role in TASK_ROLES)
        taken.add(at)
        items.append((at, [*rows], ["\n".join(filter(None, values)) for values in rows.values()]))
    for index, row in enumerate(table.rows):
        if any(text.strip() for text in row):
            source = Source(sheet=table.name, row=table.first_row + index)
            draft.paragraph(source, row_text(table, index))
            if index not in taken:
                draft.context(source, row_text(table, index), [])
    for at, roles, values in items:
        one = Table(table.name, [values], first_row=table.first_row + at)
        TableReader(one, Columns(0, 0, roles), draft, is_copy=True).read()
