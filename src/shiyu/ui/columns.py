"""What a list page declares: its columns, views, bulk actions (see `lists`)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from shiyu.ui import values


@dataclass(frozen=True)
class Column:
    """One column. `value` reads a row: an attribute path or a function; default is the key itself.

    What `value` gives decides how it shows: text, number, date, list (unit names), Number, Due, Link; None
    is "—". `sort`: field paths or expressions ("-x" turns one round); for TablePage a function row → sort
    key, or True for the value itself. `width` px (0 takes what is left); `frozen` stays put when scrolled
    sideways; `template` draws the cell (`row`, `value`, `column`); `link` gives the address; `short`: two
    such a line on a phone, `phone=False`: not on a phone's card.
    """

    key: str
    label: Any
    hint: Any = ""
    value: str | Callable[[Any], Any] = ""
    sort: Any = None
    width: int = 0
    frozen: bool = False
    template: str = ""
    link: Callable[[Any], str | None] | None = None
    align: str = ""
    clamp: bool = False
    short: bool = False
    phone: bool = True
    screen: bool = True
    export: bool = True
    export_value: Callable[[Any], Any] | None = None
    export_width: int = 0

    def read(self, row: Any) -> Any:
        """The value of this column in a row."""
        return self.value(row) if callable(self.value) else values.attribute(self.value or self.key)(row)

    def exported(self, row: Any) -> Any:
        """The value as it goes into a sheet."""
        return values.plain(self.export_value(row) if self.export_value else self.read(row))


@dataclass(frozen=True)
class View:
    """A named filter: built in, or saved by the person (then with the address that removes it)."""

    label: Any
    query: str
    remove_url: str | None = None


@dataclass(frozen=True)
class BulkAction:
    """Something to do with the chosen rows: posts their keys as `chosen` to `url`; `confirm` asks first."""

    label: Any
    url: str
    confirm: Any = ""


@dataclass(frozen=True)
class ListSpec:
    """What a list shows. `defaults`: filters that hold until the person chooses (open rows, this year)."""

    key: str
    title: Any
    columns: Sequence[Column]
    default_sort: str
    filterset: Any = None
    defaults: dict[str, str] = field(default_factory=dict)
    views: Sequence[View] = ()
    page_size: int = 50
    empty: Any = ""
    paper: str = "A3"

    def column(self, key: str) -> Column | None:
        """The column of that key, if it can be sorted by."""
        return next((c for c in self.columns if c.key == key and c.sort), None)
