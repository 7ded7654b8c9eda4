"""Who may do what with meetings."""

from shiyu.kernel.actor import Actor

_RIGHT = {"view": "plan.view", "run": "meeting.run"}


def can(actor: Actor | None, verb: str, thing: object = None) -> bool:
    """Whether `actor` may `verb` ("view", "run"); everything else is refused."""
    right = _RIGHT.get(verb)
    return actor is not None and right is not None and actor.has(right)
