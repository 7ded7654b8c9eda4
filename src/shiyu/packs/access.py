"""Who may load packs and see what was loaded."""

from __future__ import annotations

from shiyu.kernel.actor import Actor


def can(actor: Actor, verb: str) -> bool:
    """`view` and `load` need the right pack.load; everything else is denied."""
    return verb in ("view", "load") and actor.has("pack.load")
