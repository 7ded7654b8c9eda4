"""Changes to places: the seed's areas, loaded once and in one go."""

from collections.abc import Mapping, Sequence
from datetime import date

from shiyu.audit.actions import action, record
from shiyu.kernel.actor import Actor
from shiyu.lib import clock
from shiyu.places.models import Area, not_ended

Row = Mapping[str, str]


@action("places.import_areas")
def import_areas(actor: Actor, rows: Sequence[Row]) -> int:
    """Add the areas of a seed (code, name, name_en, level, parent, invented, valid_from, valid_to).

    Rows already there by code are left as they are: the database owns them. Parents stand before their children.
    Returns how many were added.
    """
    known = {area.code: area for area in Area.objects.filter(not_ended(clock.today()))}
    added: list[Area] = []
    for row in rows:
        if row["code"] in known:
            continue
        parent = known.get(row.get("parent") or "")
        area = Area(
            code=row["code"],
            name=row["name"],
            name_en=row.get("name_en") or "",
            level=row["level"],
            parent=parent,
            path=f"{parent.path if parent else ''}{row['code']}/",
            invented=(row.get("invented") or "") in ("yes", "true", "1"),
            valid_from=day_of(row.get("valid_from")),
        )
        known[area.code] = area
        added.append(area)
    Area.objects.bulk_create(added, batch_size=500)
    record(None, {"areas": len(added)})
    return len(added)


def day_of(text: str | None) -> date | None:
    """A date cell (YYYY-MM-DD), None where it is empty."""
    return date.fromisoformat(text) if text else None
