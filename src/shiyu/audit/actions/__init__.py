"""How changes are made: in one transaction, recorded once, and once only however often a request is sent."""

from shiyu.audit.actions.once import (
    AlreadyDone,
    Sent,
    answered,
    earlier_answer,
    once,
    waited_for,
)
from shiyu.audit.actions.recording import action, canonical, completed, mac_of, record  # isort: split

from shiyu.audit.actions.background import retry_messages, run_job, start_work

__all__ = [
    "AlreadyDone",
    "Sent",
    "action",
    "answered",
    "canonical",
    "completed",
    "earlier_answer",
    "mac_of",
    "once",
    "record",
    "retry_messages",
    "run_job",
    "start_work",
    "waited_for",
]
