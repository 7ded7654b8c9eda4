"""Where an order lies, by the names in its row, and which unit takes it in there."""

from __future__ import annotations

from uuid import UUID

from django.utils.translation import gettext as _

from shiyu.kernel.spec.orders import OrderSource
from shiyu.matters.kinds import language
from shiyu.people.models import Unit
from shiyu.people.queries import nearest_of, units_of_group
from shiyu.places.models import Area

Names = tuple[tuple[str, str], ...]
"""(head of the column, name), from the largest place to the smallest."""


class Unknown(Exception):  # noqa: N818 - an answer, not a failure
    """A place that the city does not have; `head` names the column."""

    def __init__(self, head: str, words: str) -> None:
        super().__init__(words)
        self.head, self.words = head, words


class Places:
    """All places in force, by name; each combination of names and each unit is looked up once."""

    def __init__(self, source: OrderSource, otherwise: Unit) -> None:
        self.source, self.otherwise = source, otherwise
        self.areas = {area.pk: area for area in Area.objects.in_force()}
        self.by_name: dict[str, list[Area]] = {}
        for area in self.areas.values():
            self.by_name.setdefault(area.name, []).append(area)
        self.intake = units_of_group(source.intake.group)
        self.units: dict[UUID, UUID] = {}
        self.found: dict[Names, UUID | None | Unknown] = {}

    def area_of(self, names: Names) -> UUID | None:
        """The smallest place named; None where nothing is. A village or the tail of a path that is not known counts
        as the place above it. Raises Unknown."""
        if names not in self.found:
            try:
                self.found[names] = self._walk(names)
            except Unknown as unknown:
                self.found[names] = unknown
        answer = self.found[names]
        if isinstance(answer, Unknown):
            raise answer
        return answer

    def _walk(self, names: Names) -> UUID | None:
        here: Area | None = None
        for head, name in names:
            inside = [
                area for area in self.by_name.get(name, ()) if here is None or area.path.startswith(here.path)
            ]
            if here is not None and here in inside:
                continue
            if len(inside) == 1:
                here = inside[0]
            elif not self._may_be_unknown(head, here):
                raise Unknown(head, self._words(inside))
        return here.pk if here else None

    def _may_be_unknown(self, head: str, here: Area | None) -> bool:
        return here is not None and self.source.columns[head].to in ("village", "place")

    @staticmethod
    def _words(inside: list[Area]) -> str:
        if inside:
            return _("Several places of the city are called so; name the county and town as well.")
        return _("The city has no such place; write its name as in the list of places.")

    def unit_of(self, area_id: UUID | None) -> UUID:
        """Who takes in what lies there; where nobody does, or no place is named, the unit chosen with the file."""
        if area_id is None:
            return self.otherwise.pk
        if area_id not in self.units:
            found = nearest_of(self.intake, self.source.intake, self.areas[area_id])
            self.units[area_id] = (found or self.otherwise).pk
        return self.units[area_id]


def source_label(source: OrderSource) -> str:
    """What people call the system."""
    return source.label.text(language())
