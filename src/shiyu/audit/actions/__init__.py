"""How changes are made: in one transaction, recorded once, and once only however often a request is sent."""

from shiyu.audit.actions.once import (
    AlreadyDone,
    Sent,
    answered,
    drop_old_keys,
    earlier_answer,
    once,
    waited_for,
)
from shiyu.audit.actions.recording import action, canonical, completed, mac_of, record

__all__ = [
    "AlreadyDone",
    "Sent",
    "action",
    "answered",
    "canonical",
    "completed",
    "drop_old_keys",
    "earlier_answer",
    "mac_of",
    "once",
    "record",
    "waited_for",
]
