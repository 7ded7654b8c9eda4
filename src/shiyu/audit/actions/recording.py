"""The shape of every change, and the record of it.

`@action("plans.issue_edition")` opens the transaction and sees to it that the action records exactly one audit
entry of its own. An action that calls another action has its entry and the other has its own.
"""

import hashlib
import hmac
import json
from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from django.conf import settings
from django.db import models, transaction

from shiyu.audit.actions.once import keep_key
from shiyu.audit.models import AuditEntry
from shiyu.kernel.actor import Actor

P = ParamSpec("P")
R = TypeVar("R")


@dataclass
class _Running:
    name: str
    actor: Actor
    entries: int = 0


_running: ContextVar[tuple[_Running, ...]] = ContextVar("shiyu_running_actions", default=())
# How many actions this process has completed; the demo compares it with the number of entries.
completed: dict[str, int] = {}


def action(name: str) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Mark a function `f(actor, …)` as the action `name` ("app.verb_noun").

    The function runs in one transaction and must call `record` once; else `RuntimeError` and nothing is kept.
    """

    def decorate(function: Callable[P, R]) -> Callable[P, R]:
        @wraps(function)
        def run(*args: P.args, **kwargs: P.kwargs) -> R:
            actor: Any = args[0] if args else kwargs["actor"]
            running, outermost = _Running(name, actor), not _running.get()
            with transaction.atomic():
                if outermost:
                    keep_key()
                token = _running.set((*_running.get(), running))
                try:
                    result = function(*args, **kwargs)
                finally:
                    _running.reset(token)
                if running.entries != 1:
                    raise RuntimeError(f"action {name} recorded {running.entries} audit entries, not one")
            completed[name] = completed.get(name, 0) + 1
            return result

        run.action_name = name  # type: ignore[attr-defined]
        return run

    return decorate


def record(subject: models.Model | None, changes: dict[str, Any] | None = None, *, reason: str = "") -> None:
    """Write the audit entry of the running action about `subject`.

    `changes` are named fields with plain values; of a personal field only the word "changed". Raises
    `RuntimeError` outside an action.
    """
    stack = _running.get()
    if not stack:
        raise RuntimeError("record() is called inside an action only")
    running = stack[-1]
    running.entries += 1
    actor = running.actor
    if actor.via:
        changes = {**(changes or {}), "via": actor.via}
    entry = AuditEntry(
        actor_id=actor.user_id,
        actor_name=actor.name,
        unit_id=actor.home_unit_id,
        action=running.name,
        subject_type=subject._meta.label_lower if subject is not None else "",
        subject_id=subject.pk if subject is not None else None,
        changes=json.loads(json.dumps(changes or {}, default=str)),
        reason=reason,
    )
    entry.mac = mac_of(entry)
    entry.save(force_insert=True)


def canonical(entry: AuditEntry) -> bytes:
    """The bytes that stand for an entry's content, the same whenever it is read."""
    content = [
        str(entry.id),
        int(entry.at.timestamp() * 1_000_000),
        str(entry.actor_id),
        entry.actor_name,
        str(entry.unit_id),
        entry.action,
        entry.subject_type,
        str(entry.subject_id),
        entry.changes,
        entry.reason,
    ]
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def mac_of(entry: AuditEntry) -> str:
    """The keyed hash (HMAC-SHA-256, hex) of an entry's content."""
    return hmac.new(settings.AUDIT_KEY, canonical(entry), hashlib.sha256).hexdigest()
