"""Panels: what a later package shows on the page of an earlier one's row, such as a matter's mediation.

A package imports only what stands above it, so the page of a matter cannot ask `mediation`. Instead `wiring.PANELS`
names, per subject, the functions that look at the row and answer with a panel, or with None where they have nothing to
show to this person.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal


@dataclass(frozen=True)
class Panel:
    """One section of a page: its partial, the partial's context (as `panel`), and the column it stands in."""

    template: str
    context: Mapping[str, Any] = field(default_factory=dict)
    where: Literal["main", "aside"] = "main"
    next_step: tuple[str, str] | None = None
    """What this person must do there before the page's own next step: words and address."""
    says: Mapping[str, str] = field(default_factory=dict)
    """What its rows already answer in the page's forms, by field: `{"outcome": "agreement"}`."""


# (actor, row) → panel; the actor is the kernel's, which stands below this package.
Maker = Callable[[Any, Any], Panel | None]

_makers: dict[str, tuple[Maker, ...]] = {}


def connect_panels(makers: Mapping[str, tuple[Maker, ...]]) -> None:
    """Install the map of wiring.py: subject type (`matters.matter` …) → makers, in the order shown."""
    _makers.clear()
    _makers.update(makers)


def panels_of(subject: str, actor: Any, row: Any) -> dict[str, list[Panel]]:
    """The panels of a row for this person, by column (`main`, `aside`); a maker checks rights itself."""
    found = [panel for make in _makers.get(subject, ()) if (panel := make(actor, row)) is not None]
    return {where: [panel for panel in found if panel.where == where] for where in ("main", "aside")}


def next_step_in(panels: Mapping[str, list[Panel]]) -> tuple[str, str] | None:
    """The first next step that a panel asks for."""
    return next((p.next_step for row in panels.values() for p in row if p.next_step), None)


def said_in(panels: Mapping[str, list[Panel]]) -> dict[str, str]:
    """All that the panels' rows already answer."""
    return {name: text for row in panels.values() for p in row for name, text in p.says.items()}
