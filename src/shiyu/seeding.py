"""A pack into the database: its rules as a PackVersion, its seed through each app's own import.

Seeds are loaded once; what is in the database already stays as it is.
"""

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from shiyu.kernel.actor import SYSTEM, Actor
from shiyu.packs.actions import load_pack
from shiyu.packs.models import PackVersion
from shiyu.packs.queries import current_pack
from shiyu.people.actions import import_people, import_units
from shiyu.places.actions import import_areas
from shiyu.plans.actions.seed import import_edition, import_guideline


def load_city(folder: Path, *, password: str | None = None, actor: Actor = SYSTEM) -> PackVersion:
    """Load a pack and its seed. Raises what the pack's checker raises (all errors together) and keeps nothing then.

    `password` is given to every account of the seed (demo only); without it they cannot sign in until the system
    administrator gives them one.
    """
    version = load_pack(actor, folder)
    seed = current_pack().seed
    import_areas(actor, rows_of(folder, seed.areas))
    import_units(
        actor, rows_of(folder, seed.units), rows_of(folder, seed.aliases), rows_of(folder, seed.members)
    )
    import_people(actor, rows_of(folder, seed.posts), rows_of(folder, seed.people), password)
    for data in texts_of(folder, seed.guidelines):
        import_guideline(actor, data)
    for data in texts_of(folder, seed.plans):
        import_edition(actor, data)
    return version


def rows_of(folder: Path, files: Any) -> list[dict[str, str]]:
    """The rows of a seed's CSV files."""
    rows: list[dict[str, str]] = []
    for name in named(files):
        with (folder / name).open(encoding="utf-8-sig", newline="") as source:
            rows.extend(csv.DictReader(source))
    return rows


def texts_of(folder: Path, files: Any) -> Iterator[dict[str, Any]]:
    """The YAML files of a seed, in the order in which the pack names them."""
    for name in named(files):
        yield yaml.safe_load((folder / name).read_text(encoding="utf-8"))


def named(files: Any) -> tuple[str, ...]:
    """None, one file or several as a tuple."""
    if not files:
        return ()
    return (files,) if isinstance(files, str) else tuple(files)
