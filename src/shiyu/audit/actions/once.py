"""A request sent twice has one effect.

Whoever takes requests (the middleware for forms, later the API) wraps them in `once(...)`. The outermost action
inserts the key in its own transaction, so key and effect are kept or lost together; a second request with the same key
waits at the unique index until the first has ended, and is then told `AlreadyDone`.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext as _

from shiyu.audit.models import IdempotencyKey
from shiyu.lib import clock
from shiyu.lib.errors import Conflict
from shiyu.lib.ids import new_id

NOBODY = UUID(int=0)
"""Stands for the actor of a request by somebody who is not signed in (an office's own link)."""
_PATIENCE, _PAUSE = 3.0, 0.05  # seconds a second request waits for the first one's answer to be written down


class AlreadyDone(Exception):  # noqa: N818 - no error: the wish was fulfilled by the first request
    """The request was carried out before; `row` says how it was answered. No `UserError`, so that no form shows it."""

    def __init__(self, row: IdempotencyKey) -> None:
        super().__init__(row.key)
        self.row = row


@dataclass
class Sent:
    """One request with a key: `body_hash` (SHA-256, hex) is asked for only when it is needed."""

    actor_id: UUID
    key: str
    body_hash: Callable[[], str]
    row_id: UUID = field(default_factory=new_id)
    has_effect: bool = False


_sent: ContextVar[Sent | None] = ContextVar("shiyu_request_sent_once", default=None)


@contextmanager
def once(sent: Sent) -> Iterator[Sent]:
    """Within the block the first action keeps the key with its effect."""
    token = _sent.set(sent)
    try:
        yield sent
    finally:
        _sent.reset(token)


def keep_key() -> None:
    """Insert the running request's key; the outermost action calls this first in its transaction.

    Raises `AlreadyDone` where the same request had its effect, `Conflict` where the key came with another body.
    """
    sent = _sent.get()
    if sent is None:
        return
    # One statement that waits for a parallel insert and says whether it was first: the ORM has none.
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO audit_idempotencykey (id, actor_id, key, body_hash, result, created_at)"
            " VALUES (%s, %s, %s, %s, '', %s) ON CONFLICT (actor_id, key) DO NOTHING",
            [sent.row_id, sent.actor_id, sent.key, sent.body_hash(), clock.now()],
        )
        first = cursor.rowcount == 1
    if not first:
        row = IdempotencyKey.objects.get(actor_id=sent.actor_id, key=sent.key)
        if row.pk != sent.row_id:  # this request's second action finds the key of its first one
            raise AlreadyDone(_same(row, sent))
    sent.has_effect = True


def earlier_answer(sent: Sent) -> IdempotencyKey | None:
    """The row of the same request where it was carried out before, else None. `Conflict`: the same key, another body."""
    row = IdempotencyKey.objects.filter(actor_id=sent.actor_id, key=sent.key).first()
    return _same(row, sent) if row else None


def answered(sent: Sent, status: int, location: str) -> None:
    """Write down how a request that had an effect was answered (HTTP status, address of a redirect)."""
    if sent.has_effect:
        IdempotencyKey.objects.filter(pk=sent.row_id).update(status=status, result=location[:500])


def waited_for(row: IdempotencyKey) -> IdempotencyKey:
    """The row with the first request's answer: of two at the same moment the second waits up to 3 seconds for it."""
    deadline = time.monotonic() + _PATIENCE
    while row.status is None and time.monotonic() < deadline:
        time.sleep(_PAUSE)
        row.refresh_from_db()
    return row


def _same(row: IdempotencyKey, sent: Sent) -> IdempotencyKey:
    if row.body_hash != sent.body_hash():
        raise Conflict(
            _(
                "This form was sent before with other content, and that was carried out. Open the page anew and enter what is missing."
            )
        )
    return row
