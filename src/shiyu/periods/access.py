"""Who may open, lock and unlock periods, and read their figures. What is not named is refused."""

from django.utils.translation import gettext as _

from shiyu.kernel.actor import Actor
from shiyu.letters.access import Binding
from shiyu.lib.errors import NotAllowed, NotVisible

# verb → the rights of which one is needed: who signs reports off also opens the month they are written in
_RIGHTS = {
    "view": ("plan.view",),
    "open": ("period.lock", "report.sign_off"),
    "lock": ("period.lock",),
    "unlock": ("period.unlock",),
}


def can(actor: Actor | None, verb: str) -> bool:
    """Whether the person may view, open, lock or unlock periods."""
    return actor is not None and any(actor.has(right) for right in _RIGHTS.get(verb, ()))


def need(actor: Actor | None, verb: str) -> None:
    """Nothing, or `NotVisible` for one who may not see periods at all, or `NotAllowed`."""
    if can(actor, verb):
        return
    if not can(actor, "view"):
        raise NotVisible(_("This page does not exist, or it is not for you to see."))
    raise NotAllowed(_("Your posts do not include the right to open, lock or unlock periods."))


def may_write_about(actor: Actor, binding: Binding) -> None:
    """A letter about a month (wiring.SUBJECTS): by who sees its figures."""
    need(actor, "view")
