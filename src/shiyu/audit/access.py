"""Who may read the record (the audit administrator, nobody else) and who runs the background work."""

from shiyu.kernel.actor import Actor

# verb → the right that it takes
_RIGHT = {"read": "audit.read", "operate": "users.manage"}


def can(actor: Actor | None, verb: str, thing: object = None) -> bool:
    """Whether `actor` may `verb` ("read" the record, "operate" the background work); everything else is refused."""
    right = _RIGHT.get(verb)
    return actor is not None and right is not None and actor.has(right)
