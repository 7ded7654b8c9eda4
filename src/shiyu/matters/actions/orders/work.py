"""The long work of orders (wiring.LONG): check a table, take it over, export; and what is done by the clock."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection, transaction
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from shiyu.audit.actions.once import NOBODY
from shiyu.audit.jobs import Progress, note_done
from shiyu.audit.models import JobRun
from shiyu.kernel.actor import SYSTEM, Actor
from shiyu.lib.errors import NotAllowed
from shiyu.matters.actions.orders.batches import (
    KEPT,
    MarkedSecret,
    batch_of,
    check_orders,
    drop_orders,
    forget_order_files,
    release_orders,
    take_orders,
)
from shiyu.matters.models import OrderBatch
from shiyu.matters.queries.order_export import exported
from shiyu.packs.queries import one_pack
from shiyu.people.models import User
from shiyu.people.queries import actor_of


@contextmanager
def _asker(run: JobRun) -> Iterator[Actor]:
    """Whoever asked, with the rights they have now, in their language."""
    with translation.override(run.arguments["language"]), one_pack():
        yield actor_of(User.objects.get(pk=run.asked_by_id or NOBODY, is_active=True))


@contextmanager
def _seen_at_once(progress: Progress) -> Iterator[Callable[[int, int], None]]:
    """Progress told over a connection of its own: the work itself is one transaction, whose writes nobody sees before
    its end."""
    with ThreadPoolExecutor(1) as aside:
        try:

            def tell(done: int, total: int) -> None:
                aside.submit(progress, done, total)

            yield tell
        finally:
            aside.submit(connection.close)


def check(run: JobRun, progress: Progress) -> dict[str, Any]:
    """What a table would do; one that carries a mark of secrecy is dropped at once."""
    batch_id = UUID(run.arguments["batch"])
    with _asker(run) as actor:
        try:
            with _seen_at_once(progress) as tell:
                check_orders(actor, batch_id, tell)
        except MarkedSecret:
            drop_orders(actor, batch_id)
            raise
    return {"url": reverse("order_batch", args=[batch_id])}


def take(run: JobRun, progress: Progress) -> dict[str, Any]:
    """Takes a table over; where that fails it can be asked for again. That it is done is kept with what it did, and a
    table that was taken over already is not called failed."""
    batch_id = UUID(run.arguments["batch"])
    result = {"url": reverse("order_batch", args=[batch_id])}
    with _asker(run) as actor:
        if batch_of(actor, batch_id).state == OrderBatch.State.TAKEN:
            return result
        try:
            with transaction.atomic():
                with _seen_at_once(progress) as tell:
                    take_orders(actor, batch_id, tell)
                note_done(run, result)
        except Exception:
            release_orders(actor, batch_id)
            raise
    return result


def export(run: JobRun, progress: Progress) -> dict[str, Any]:
    """All orders of a source that the person may see, in its own layout."""
    given = run.arguments
    with _asker(run) as actor:
        if not actor.has("list.export"):
            raise NotAllowed(_("Your posts do not include exporting lists."))
        made = exported(actor, given["source"], given["form"], given["since"], given["until"], told=progress)
        stored = default_storage.save(f"work/{run.pk}.{given['form']}", ContentFile(made.content))
    return {"file": stored, "name": made.name}


def forget_files(since: datetime, until: datetime) -> int:
    """The daily job: files of tables that nobody took over within seven days are deleted, and what was shown of those
    taken over longer ago. Its window changes nothing."""
    return forget_order_files(SYSTEM, until - KEPT)
