"""Who may do what with units, posts and accounts."""

from django.utils.translation import gettext as _

from shiyu.kernel.actor import Actor
from shiyu.lib.errors import NotAllowed

# verb → the rights of which it takes one, in any unit
_RIGHT = {
    "view_units": ("plan.view", "matter.handle", "matter.view_all"),
    "manage_people": ("people.manage",),
    "manage_users": ("users.manage",),
    "manage_security": ("security.manage",),
}


def can(actor: Actor | None, verb: str, thing: object = None) -> bool:
    """Whether `actor` may `verb`; everything that is not named is refused."""
    return actor is not None and any(actor.has(right) for right in _RIGHT.get(verb, ()))


def need(actor: Actor | None, verb: str) -> None:
    """Raises `NotAllowed` where the actor may not `verb`."""
    if not can(actor, verb):
        raise NotAllowed(_("Your posts do not include this right."))
