"""Who may do what with units, posts and accounts."""

from shiyu.kernel.actor import Actor

# verb → the right that it takes, in any unit
_RIGHT = {
    "view_units": "plan.view",
    "manage_people": "people.manage",
    "manage_users": "users.manage",
    "manage_security": "security.manage",
}


def can(actor: Actor | None, verb: str, thing: object = None) -> bool:
    """Whether `actor` may `verb`; everything that is not named is refused."""
    right = _RIGHT.get(verb)
    return actor is not None and right is not None and actor.has(right)
