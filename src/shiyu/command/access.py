"""Who may see the wall. What is not named is refused."""

from django.utils.translation import gettext as _

from shiyu.kernel.actor import Actor
from shiyu.lib.errors import NotVisible

_RIGHTS = {"view": ("command.view", "plan.view"), "make_pack": ("meeting.run",)}


def can(actor: Actor | None, verb: str) -> bool:
    """Whether the person may "view" the wall, or have the meeting pack made from it ("make_pack")."""
    return actor is not None and any(actor.has(right) for right in _RIGHTS.get(verb, ()))


def need(actor: Actor | None, verb: str) -> None:
    """Nothing, or `NotVisible` for one who may not."""
    if not can(actor, verb):
        raise NotVisible(_("This page does not exist, or it is not for you to see."))
