"""The three passes over a pack's folder: shape, meaning, scenarios."""

from __future__ import annotations

from pathlib import Path

from shiyu.packs.check.competence import check_competence
from shiyu.packs.check.forms import check_forms
from shiyu.packs.check.kinds import check_kinds
from shiyu.packs.check.letters import check_letters
from shiyu.packs.check.limits import check_limits
from shiyu.packs.check.mediation import check_mediation
from shiyu.packs.check.meetings import check_meetings
from shiyu.packs.check.orders import check_orders
from shiyu.packs.check.references import check_references
from shiyu.packs.check.rules import check_rules
from shiyu.packs.check.seeds import check_seeds
from shiyu.packs.check.surge import check_surge
from shiyu.packs.check.walks import check_walks
from shiyu.packs.check.ways import check_ways
from shiyu.packs.read import PackError, PackFaulty, PackFolder, read_folder

__all__ = ["check_folder", "read_checked"]


def check_folder(folder: Path | str) -> list[PackError]:
    """Everything that is wrong in a pack, in order of file and line; empty for a good one."""
    return _checked(folder).errors


def read_checked(folder: Path | str) -> PackFolder:
    """A pack that passed every check, with its seed rows. Raises PackFaulty with all errors."""
    found = _checked(folder)
    if found.errors:
        raise PackFaulty(found.errors)
    return found


def _checked(folder: Path | str) -> PackFolder:
    found = read_folder(folder)
    if found.pack is not None:
        check_references(found, found.pack)
        check_rules(found, found.pack)
        check_kinds(found, found.pack)
        check_limits(found, found.pack)
        check_ways(found, found.pack)
        check_competence(found, found.pack)
        check_letters(found, found.pack)
        check_meetings(found, found.pack)
        check_surge(found, found.pack)
        check_forms(found, found.pack)
        check_orders(found, found.pack)
        check_mediation(found, found.pack)
        check_seeds(found, found.pack)
        if not any(_is_of_rules(error) for error in found.errors):
            check_walks(found, found.pack)
    found.errors = sorted(set(found.errors))
    return found


def _is_of_rules(error: PackError) -> bool:
    """Walks run only through kinds that are right; errors in seed files do not matter to them."""
    return not error.file.startswith("seed/")
