"""The one grammar of conditions: `when:` maps a fact to a value, a list or a range.

`{kind: department}` a value; `{level: [county, town]}` any of a list; `{days: {min: 3, max: 10}}` a range
with both
ends included. In one row all must hold; "or" is another row. Facts are names in the code (FACTS)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Annotated

from pydantic import Discriminator, Tag, model_validator

from shiyu.kernel.words import Code, Strict, Wrong

MATTER_NUMBERS = (
    "level",
    "areas",
    "reporters",
    "days_open",
    "overdue_workdays",
    "returned",
    "reworked",
    "reopened",
    "repeated",
)
"""The facts of a matter that are whole numbers."""
MATTER_YES_NO = ("on_books", "supervised")
"""The facts of a matter that are true or false."""

FACTS: dict[str, tuple[str, ...]] = {
    "unit": ("kind", "level", "area", "parent", "has_upper_centre"),
    "matter": (
        "kind",
        "topic",
        "source",
        "sort_class",
        "grade",
        "area_level",
        *MATTER_NUMBERS,
        *MATTER_YES_NO,
        "phase",
        "state",
    ),
}
"""What may stand left of the colon, for each thing a condition speaks of. Of a unit: its kind, the level and code
of its area, the code of the unit it belongs to, and whether it climbs to a centre above (true or false). Of a
matter: its kind, topic, source, class and grade; the level of the place it lies in, how many levels it has
climbed, how many areas and reporters it has; whole calendar days since receipt, workdays its step is overdue; how
often it was returned, sent back and reopened, how often the same came up before in the same place; whether it is
on the books or under supervision; its phase and state. A kind's own form fields of type number, bool and code are
facts as well."""


class Range(Strict):
    """From min to max, both included; one of them may be left out."""

    min: float | None = None
    """Smallest value."""
    max: float | None = None
    """Largest value."""

    @model_validator(mode="after")
    def _in_order(self) -> Range:
        if self.min is None and self.max is None:
            raise Wrong("范围要写 min 或 max", "a range needs min or max")
        if self.min is not None and self.max is not None and self.max < self.min:
            raise Wrong("max 不能小于 min", "max must not be smaller than min")
        return self


def _shape(value: object) -> str:
    """Which of the three a written value is, so that what is wrong in it is told once."""
    if isinstance(value, (dict, Range)):
        return "range"
    return "list" if isinstance(value, (list, tuple)) else "value"


Wanted = Annotated[
    Annotated[str, Tag("value")] | Annotated[tuple[str, ...], Tag("list")] | Annotated[Range, Tag("range")],
    Discriminator(_shape),
]
Condition = dict[Code, Wanted]
"""One row: fact → what it must be."""

Fact = str | int | float | bool | None


def holds(condition: Mapping[str, Wanted], facts: Mapping[str, Fact]) -> bool:
    """True if every fact named by the row is what the row wants. A fact that is missing or None never is."""
    return all(_fits(wanted, facts.get(name)) for name, wanted in condition.items())


def holds_any(rows: Iterable[Mapping[str, Wanted]], facts: Mapping[str, Fact]) -> bool:
    """True if any of the rows holds; no rows, no."""
    return any(holds(row, facts) for row in rows)


def _fits(wanted: Wanted, value: Fact) -> bool:
    if value is None:
        return False
    if isinstance(wanted, Range):
        if isinstance(value, (str, bool)):
            return False
        return (wanted.min is None or value >= wanted.min) and (wanted.max is None or value <= wanted.max)
    written = ("true" if value else "false") if isinstance(value, bool) else str(value)
    return written in wanted if isinstance(wanted, tuple) else written == wanted
