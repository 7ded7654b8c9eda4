"""Who may do what with meetings."""

from shiyu.kernel.actor import Actor

_RIGHT = {"view": ("plan.view", "meeting.run"), "run": ("meeting.run",)}


def can(actor: Actor | None, verb: str, thing: object = None) -> bool:
    """Whether `actor` may `verb` ("view", "run"); everything else is refused."""
    return actor is not None and any(actor.has(right) for right in _RIGHT.get(verb, ()))
