"""What stands in a person's own name when they leave a post, and how it goes on.

Work belongs to units and posts: a matter, a letter, a report or a post's circulation needs no handover, whoever holds
the post next finds it on the desk. A few things name a person. The packages that keep such things say so here
(`wiring.HANDOVERS`): what is open in a person's name in the units they leave, and how it is moved.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from shiyu.people.queries import Leaving


@dataclass(frozen=True)
class OpenItems:
    """How many things of a kind are open in the person's name. Only this: who ends an appointment administers the
    system and does not see the units' business."""

    kind: Any
    count: int


@dataclass(frozen=True)
class HandTo:
    """Who has it from now on: a person of the unit, or (None) the unit, which names somebody when it likes; and why."""

    person_id: UUID | None
    reason: str


@dataclass(frozen=True)
class Handover:
    """A package's word on what it keeps in people's names.

    `find` counts the open items by kind; `move` gives them to another and returns their ids. It runs within the action that ends
    the appointment, whose one entry names what moved; it raises UserError where the receiver cannot have them.
    """

    name: str
    find: Callable[[Leaving], list[OpenItems]]
    move: Callable[[Leaving, HandTo], list[UUID]]


_handovers: list[Handover] = []


def connect_handovers(handovers: Iterable[Handover]) -> None:
    """Install the list of wiring.py, in the order shown."""
    _handovers[:] = handovers


def open_items(leaving: Leaving) -> list[OpenItems]:
    """All that stands in the name of who leaves, in the units they leave, by kind."""
    return [items for one in _handovers for items in one.find(leaving) if items.count]


def move_items(leaving: Leaving, to: HandTo) -> dict[str, list[UUID]]:
    """Gives all of it to another, by package: the ids of what moved."""
    moved = {one.name: one.move(leaving, to) for one in _handovers}
    return {name: ids for name, ids in moved.items() if ids}
