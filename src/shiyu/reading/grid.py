"""A table as a grid of texts, its header rows and what each column is for."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from shiyu.reading.headers import RESPONSIBILITY, TASK_ROLES, header_role

_SCAN = 30
_BARE_NUMBER = re.compile(r"^[（(]?(?:\d{1,3}|[一二三四五六七八九十]{1,3})[）)]?[、.．]?$")


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
    shown: int | None = None
    """How many columns the source has, where more were added to what is read."""

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


def goes_on(table: Table, above: Columns) -> bool:
    """Whether a table without a header may be the rest of the one above: as wide, and numbered like it."""
    width = max((len(row) for row in table.rows), default=0)
    if width != len(above.roles) or width < 2:
        return False
    numbers = above.having("number")
    if not numbers:
        return all(sum(bool(text.strip()) for text in row) > 1 for row in table.rows)
    first = [row[numbers[0]].strip() for row in table.rows]
    return any(first) and all(not text or _BARE_NUMBER.match(text) for text in first)


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
    _find_numbers(table, end, roles)
    for column in range(
        1, width
    ):  # one heading merged over several columns names the first; the rest go along
        if (
            (end - 1, column) in table.inherited
            and (end - 1, column) not in table.above
            and roles[column] == "number"
        ):
            roles[column] = "task" if "task" not in roles else ""
    if not any(role in TASK_ROLES for role in roles) and "target" in roles:
        # "目标" beside "责任单位" says what is to be done
        roles[roles.index("target")] = "task"
    return roles


def _find_numbers(table: Table, end: int, roles: list[str]) -> None:
    """A column headed "项目" that holds nothing but numbers is the number's column."""
    if "number" in roles:
        return
    for column, role in enumerate(roles):
        if role not in ("task", "category"):
            continue
        cells = [row[column].strip() for row in table.rows[end:] if column < len(row) and row[column].strip()]
        plain = [text for text in cells if _BARE_NUMBER.match(text)]
        if len(plain) > 1 and len(plain) * 10 >= len(cells) * 6:
            roles[column] = "number"
            return


def row_text(table: Table, index: int, width: int | None = None) -> str:
    """A row's own cells joined by tabs; text inherited from a merged cell is not repeated.

    `width` leaves out columns the source does not have.
    """
    row = table.rows[index][:width]
    own = [
        text.strip()
        for column, text in enumerate(row)
        if text.strip() and (index, column) not in table.inherited
    ]
    return "\t".join(own) or "\t".join(dict.fromkeys(text.strip() for text in row if text.strip()))
