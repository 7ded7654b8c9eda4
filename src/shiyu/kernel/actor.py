"""Who is acting: all that a package below `people` may know of a person."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from uuid import UUID

from shiyu.kernel.rights import ADMINISTRATION, RIGHTS

_NOTHING: frozenset[str] = frozenset()
_ADMINISTERING = frozenset({*ADMINISTRATION.values(), "people.manage", "pack.load"})


@dataclass(frozen=True)
class Actor:
    """A person at work, as `people` builds it for one request, or the system itself.

    `grants` maps each unit the person holds a post in to the rights held there; rights do not carry over
    from one unit to another. `area_paths` are the materialised paths of the areas whose rows the person
    may see.
    """

    user_id: UUID | None
    name: str
    grants: Mapping[UUID, frozenset[str]] = field(default_factory=dict)
    area_paths: tuple[str, ...] = ()
    post_titles: tuple[str, ...] = ()
    home_unit_id: UUID | None = None
    is_system: bool = False
    party_id: UUID | None = None
    """Set when a person follows the matter they reported, by its code and PIN: the party they are."""
    via: str = ""
    """What the account works through where that is not a browser: the name of its API token. The audit keeps it."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "grants", MappingProxyType(dict(self.grants)))

    def __hash__(self) -> int:
        return hash((self.user_id, self.name, self.is_system))

    @property
    def unit_ids(self) -> frozenset[UUID]:
        """The units the person works for. An administrator's post gives none: it opens no unit's business."""
        return frozenset(
            unit for unit, rights in self.grants.items() if not rights or rights - _ADMINISTERING
        )

    @property
    def rights(self) -> frozenset[str]:
        """All rights held in any unit; for the system every right."""
        return frozenset(RIGHTS) if self.is_system else _NOTHING.union(*self.grants.values())

    @property
    def is_administrator(self) -> bool:
        """True for the system, security and audit administrators."""
        return not self.is_system and bool(self.rights & set(ADMINISTRATION.values()))

    def has(self, right: str, unit_id: UUID | None = None) -> bool:
        """Whether the right is held: in that unit, or without one in any. A right that is not in the
        catalogue raises KeyError, so that a slip of the pen never grants or refuses silently."""
        if right not in RIGHTS:
            raise KeyError(f"no such right: {right}")
        if self.is_system:
            return True
        if unit_id is None:
            return any(right in rights for rights in self.grants.values())
        return right in self.grants.get(unit_id, _NOTHING)

    def units_with(self, right: str) -> frozenset[UUID]:
        """The units in which the right is held."""
        return frozenset(unit for unit in self.grants if self.has(right, unit))


SYSTEM = Actor(user_id=None, name="system", is_system=True)
"""Jobs act as this one; it has every right and is nobody's hand."""
