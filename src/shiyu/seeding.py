"""A pack into the database: its rules as a PackVersion, its seed through each app's own import.

Seeds are loaded once; what is in the database already stays as it is.
"""

import csv
from pathlib import Path

from django.db import connection

from shiyu.kernel.actor import SYSTEM, Actor
from shiyu.mediation.actions import import_holders
from shiyu.packs.actions import load_pack
from shiyu.packs.check import read_checked
from shiyu.packs.models import PackVersion
from shiyu.packs.queries import current_pack
from shiyu.people.actions import import_functions, import_people, import_units
from shiyu.places.actions import import_areas
from shiyu.plans.actions.seed import import_edition, import_guideline


def load_city(folder: Path, *, password: str | None = None, actor: Actor = SYSTEM) -> PackVersion:
    """Load a pack and its seed. Raises `UserError` with all errors of a faulty pack, and keeps nothing then.

    `password` is given to every account of the seed (demo only); without it they cannot sign in until the system
    administrator gives them one.
    """
    version = load_pack(actor, folder)
    seed = current_pack().seed
    import_areas(actor, rows_of(folder, seed.areas))
    import_units(
        actor, rows_of(folder, seed.units), rows_of(folder, seed.aliases), rows_of(folder, seed.members)
    )
    if seed.functions:
        import_functions(actor, rows_of(folder, seed.functions))
    if seed.mediators:
        import_holders(actor, rows_of(folder, seed.mediators))
    import_people(actor, rows_of(folder, seed.posts), rows_of(folder, seed.people), password)
    found = read_checked(folder)
    for guideline in found.seeds.guidelines:
        import_guideline(actor, guideline.row)
    for plan in found.seeds.plans:
        import_edition(actor, plan.row)
    _let_the_planner_know()
    return version


def _let_the_planner_know() -> None:
    """Counts the rows anew: until PostgreSQL does so by itself it takes all tables for empty, and plans badly.

    Our own tables only: the catalogue that all databases of a server share would stay locked until the end of this
    transaction.
    """
    with connection.cursor() as cursor:
        names = ", ".join(
            connection.ops.quote_name(name) for name in connection.introspection.table_names(cursor)
        )
        cursor.execute(f"ANALYZE {names}")


def rows_of(folder: Path, name: str | None) -> list[dict[str, str]]:
    """The rows of one of a seed's CSV files; none where the pack names no file."""
    if not name:
        return []
    with (folder / name).open(encoding="utf-8-sig", newline="") as source:
        return list(csv.DictReader(source))
