"""The names documents may use for units and groups, as the reader wants them."""

from uuid import UUID

from shiyu.packs.queries import current_pack
from shiyu.people.models import Unit
from shiyu.people.queries import unit_names
from shiyu.reading.names import NameBook


def group_names() -> dict[str, str]:
    """Every name of every unit group of the pack, in both languages → its code."""
    names: dict[str, str] = {}
    for code, group in current_pack().unit_group.items():
        for name in (group.label.zh, *group.aliases):
            names[name] = code
    return names


def name_book() -> NameBook:
    """All names the reader may resolve: units, aliases, groups."""
    units, aliases = unit_names()
    return NameBook(units=units, aliases=aliases, groups=group_names())


def unit_ids_by_code() -> dict[str, UUID]:
    """Unit code → id."""
    return dict(Unit.objects.values_list("code", "id"))
