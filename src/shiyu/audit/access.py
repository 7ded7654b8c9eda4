"""Who may read the record: the audit administrator, nobody else."""

from shiyu.kernel.actor import Actor


def can(actor: Actor | None, verb: str, thing: object = None) -> bool:
    """Whether `actor` may `verb` ("read"); everything else is refused."""
    return actor is not None and verb == "read" and actor.has("audit.read")
