"""Who may make and see meeting packs. What is not named is refused."""

from uuid import UUID

from django.utils.translation import gettext as _

from shiyu.kernel.actor import Actor
from shiyu.lib.errors import NotAllowed, NotVisible

_RIGHTS = {"view": ("meeting.run", "period.lock", "command.view"), "make": ("meeting.run", "period.lock")}


def can(actor: Actor | None, verb: str) -> bool:
    """Whether `actor` may "view" a meeting pack or "make" it."""
    return actor is not None and any(actor.has(right) for right in _RIGHTS.get(verb, ()))


def need(actor: Actor | None, verb: str) -> None:
    """Nothing, or NotVisible for one who may not see meeting packs at all, or NotAllowed."""
    if can(actor, verb):
        return
    if not can(actor, "view"):
        raise NotVisible(_("This page does not exist, or it is not for you to see."))
    raise NotAllowed(_("Your posts do not include the right to make the meeting pack."))


def unit_for(actor: Actor) -> UUID | None:
    """The unit for which `actor` makes a pack: the first in which a right to do so is held."""
    units = [unit for right in _RIGHTS["make"] for unit in sorted(actor.units_with(right))]
    return units[0] if units else actor.home_unit_id
