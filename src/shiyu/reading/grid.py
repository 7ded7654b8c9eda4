"""A table as a grid of texts, its header rows and what each column is for."""

from __future__ import annotations

from dataclasses import dataclass, field

from shiyu.reading.headers import RESPONSIBILITY, TASK_ROLES, header_role

_SCAN = 30


@dataclass
class Table:
    """A grid of cell texts with merged cells filled in; `first_row` is the number of its first row in
    the source.

    `inherited` holds the (row, column) places whose text comes from a merged cell further up or left;
    `above` those
    that continue a cell of the row above.
    """

    name: str
    rows: list[list[str]]
    inherited: set[tuple[int, int]] = field(default_factory=set)
    above: set[tuple[int, int]] = field(default_factory=set)
    first_row: int = 1


@dataclass
class Columns:
    """Header rows `start`–`end` (end not included) and the role of each column."""

    start: int
    end: int
    roles: list[str]

    def having(self, role: str) -> list[int]:
        """The columns with a role, left to right."""
        return [index for index, one in enumerate(self.roles) if one == role]

    @property
    def has_task(self) -> bool:
        """Whether some column tells what is to be done."""
        return any(role in TASK_ROLES for role in self.roles)

    @property
    def has_unit(self) -> bool:
        """Whether some column tells who is to do it."""
        return any(role in RESPONSIBILITY for role in self.roles)


def find_columns(table: Table) -> Columns | None:
    """The header of a table.

    The first row with two known headings, joined with further header rows below it.
    """
    for index, row in enumerate(table.rows[:_SCAN]):
        if _known(table, index) < 2 or len({text for text in row if text.strip()}) < 2:
            continue
        start, end = index, index + 1
        while end < len(table.rows) and _continues_header(table, start, end):
            end += 1
        columns = Columns(start, end, _roles(table, start, end))
        if columns.has_task or columns.has_unit:
            return columns
    return None


def _known(table: Table, index: int) -> int:
    return len({role for text in table.rows[index] if (role := header_role(text))})


def _continues_header(table: Table, start: int, index: int) -> bool:
    row, above = table.rows[index], table.rows[index - 1]
    if row == table.rows[start]:
        return False
    filled = [column for column, text in enumerate(row) if text.strip()]
    own = [column for column in filled if not _same_above(table, index, column, above)]
    if not own or (len(own) == len(filled) and _known(table, index) < 2):
        return False
    return all(_divides(table, index, column) for column in own)


def _divides(table: Table, index: int, column: int) -> bool:
    """Whether a heading may stand below the one above it: under a wider, vaguer or empty heading."""
    above = table.rows[index - 1]
    role, upper = header_role(table.rows[index][column]), header_role(above[column])
    if not role:
        return False
    wide = column + 1 < len(above) and (
        not above[column + 1].strip() or (index - 1, column + 1) in table.inherited
    )
    return (
        not upper
        or upper == role
        or wide
        or (index - 1, column) in table.inherited
        or {role, upper} <= RESPONSIBILITY
    )


def _same_above(table: Table, index: int, column: int, above: list[str]) -> bool:
    return (index, column) in table.above or (
        column < len(above) and table.rows[index][column] == above[column]
    )


def _roles(table: Table, start: int, end: int) -> list[str]:
    width = max(len(row) for row in table.rows[start:end])
    roles = []
    for column in range(width):
        words = [row[column] for row in table.rows[start:end] if column < len(row) and row[column].strip()]
        role = next((found for text in reversed(words) if (found := header_role(text))), "")
        if not role and len(words) > 1:
            role = header_role("".join(words))
        roles.append(role)
    for column in range(
        1, width
    ):  # one heading merged over several columns names the first; the rest go along
        if (
            (end - 1, column) in table.inherited
            and (end - 1, column) not in table.above
            and roles[column] == "number"
        ):
            roles[column] = "task" if "task" not in roles else ""
    if (
        "task" not in roles
        and not any(role in TASK_ROLES for role in roles)
        and "category" in roles
        and "target" in roles
    ):
        roles[roles.index("target")] = "task"
    return roles


def row_text(table: Table, index: int) -> str:
    """A row's own cells joined by tabs; text inherited from a merged cell is not repeated."""
    row = table.rows[index]
    own = [
        text.strip()
        for column, text in enumerate(row)
        if text.strip() and (index, column) not in table.inherited
    ]
    return "\t".join(own) or "\t".join(dict.fromkeys(text.strip() for text in row if text.strip()))
