"""Who may do what with units, posts and accounts."""

from django.utils.translation import gettext as _

from shiyu.kernel.actor import Actor
from shiyu.lib.errors import NotAllowed
from shiyu.people.models import Unit

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


def may_set_phone(actor: Actor | None, unit: Unit) -> bool:
    """Whether the person may set the unit's public number: who manages people, and who leads the unit's work on matters."""
    return actor is not None and (actor.has("people.manage") or actor.has("matter.approve", unit.pk))


def need(actor: Actor | None, verb: str) -> None:
    """Raises `NotAllowed` where the actor may not `verb`."""
    if not can(actor, verb):
        raise NotAllowed(_("Your posts do not include this right."))
