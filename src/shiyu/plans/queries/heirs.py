"""Which unit stands in another's place, through every merger and renaming."""

from collections.abc import Container
from uuid import UUID

from shiyu.lib import clock
from shiyu.people.models import Unit


def successors() -> dict[UUID, UUID]:
    """Unit → the unit that took its place, one step."""
    return dict(Unit.objects.exclude(successor=None).values_list("pk", "successor_id"))


def heirs_today() -> dict[UUID, UUID]:
    """Ended unit → the unit that stands in its place today, through every merger between."""
    today = clock.today()
    ended = dict(
        Unit.objects.filter(valid_to__lt=today).exclude(successor=None).values_list("pk", "successor_id")
    )
    return {unit: (_line(unit, ended) or [unit])[-1] for unit in ended}


def heir_among(unit: UUID, known: Container[UUID], steps: dict[UUID, UUID]) -> UUID | None:
    """The first of a unit's successors that is in `known`, or None."""
    return next((heir for heir in _line(unit, steps) if heir in known), None)


def _line(unit: UUID, steps: dict[UUID, UUID]) -> list[UUID]:
    """The successors of a unit in order; a circle, which the data should not hold, ends where it closes."""
    line: list[UUID] = []
    heir = steps.get(unit)
    while heir and heir != unit and heir not in line:
        line.append(heir)
        heir = steps.get(heir)
    return line
