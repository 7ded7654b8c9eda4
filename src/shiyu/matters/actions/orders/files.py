"""The file of a batch: it holds names and numbers of people, so it lies sealed under a key of its own and is deleted,
key and all, as soon as it was taken over or dropped."""

from __future__ import annotations

import base64
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import partial

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.translation import gettext as _

from shiyu.lib.errors import UserError
from shiyu.lib.vault import the_vault
from shiyu.matters.models import OrderBatch

FOLDER, FIELD = "orders", "file"


def _about(batch: OrderBatch) -> str:
    return f"orders/{batch.pk}"


@contextmanager
def kept_file(batch: OrderBatch, content: bytes) -> Iterator[None]:
    """Seals the file and stores it; the batch's fields are set, not saved. Where what follows fails the file goes
    again; one whose transaction failed later, or whose process was killed, is found by `lost_files`."""
    vault = the_vault()
    batch.wrapped = vault.new_key(_about(batch))
    packed = base64.b64encode(zlib.compress(content, 1)).decode()
    sealed = vault.seal(batch.wrapped, packed, _about(batch), FIELD)
    batch.stored = default_storage.save(f"{FOLDER}/{batch.pk}.sealed", ContentFile(sealed))
    try:
        yield
    except BaseException:
        default_storage.delete(batch.stored)
        raise


def open_file(batch: OrderBatch) -> bytes:
    """The file again. Raises UserError where it is kept no longer."""
    if not batch.wrapped or not default_storage.exists(batch.stored):
        raise UserError(_("This table is no longer kept; hand it in again."))
    with default_storage.open(batch.stored) as file:
        sealed = file.read()
    packed = the_vault().open(batch.wrapped, sealed, _about(batch), FIELD)
    return zlib.decompress(base64.b64decode(packed))


def forget_file(batch: OrderBatch) -> None:
    """Deletes the file with the end of the transaction, and its key; the batch's fields are set, not saved."""
    if batch.stored:
        transaction.on_commit(partial(default_storage.delete, batch.stored))
    batch.stored, batch.wrapped = "", ""


def lost_files(before: datetime) -> list[str]:
    """Files stored before a moment that no batch names."""
    try:
        names = default_storage.listdir(FOLDER)[1]
    except FileNotFoundError:  # nothing was ever stored
        return []
    known = set(OrderBatch.objects.exclude(stored="").values_list("stored", flat=True))
    stored = [f"{FOLDER}/{name}" for name in names]
    return [name for name in stored if name not in known and default_storage.get_modified_time(name) < before]
