"""The pack in force and the versions that were.

A version is immutable, so a parsed one is kept in memory for good. Which one is in force is one indexed
query, asked each time: another process may have loaded a new pack. `one_pack` asks once for a whole request.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from shiyu.kernel.limits import Calendar
from shiyu.kernel.spec.pack import Pack
from shiyu.lib.errors import UserError
from shiyu.packs.models import PackVersion

_kept: ContextVar[list[UUID] | None] = ContextVar("shiyu_pack_in_force", default=None)


def content_of(pack: Pack) -> str:
    """A pack as JSON text, the same for the same pack whenever it is made; codes keep their order."""
    content: dict[str, Any] = json.loads(pack.model_dump_json(by_alias=True))
    # Sets have no order of their own: give them one, else the same pack had many digests.
    for role in content["role"].values():
        role["rights"].sort()
    for kind in content["kind"].values():
        kind["outcomes"].sort()
    return json.dumps(content, ensure_ascii=False)


def digest_of(content: str) -> str:
    """SHA-256 over the content, hex. The order of codes counts: it is the order in which pages show them."""
    return hashlib.sha256(content.encode()).hexdigest()


def current_version_id() -> UUID | None:
    """The version in force; None before any pack was loaded."""
    kept = _kept.get()
    if kept:
        return kept[0]
    newest = PackVersion.objects.order_by("-in_force_since", "-id").values_list("id", flat=True).first()
    if kept is not None and newest is not None:
        kept.append(newest)
    return newest


def current_pack() -> Pack:
    """The pack in force. Raises UserError if none was loaded."""
    version_id = current_version_id()
    if version_id is None:
        raise UserError(_("No city pack has been loaded yet. Load one with: shiyu load-pack FOLDER"))
    return pack_of(version_id)


def current_calendar() -> Calendar:
    """The calendar of the pack in force: limits always run on the newest one."""
    return Calendar(current_pack().calendar)


@lru_cache(maxsize=64)
def pack_of(version_id: UUID) -> Pack:
    """The pack of a version. Raises PackVersion.DoesNotExist."""
    return Pack.model_validate_json(PackVersion.objects.get(pk=version_id).content)


@contextmanager
def one_pack() -> Iterator[None]:
    """Within the block (a request, a job) the version in force is asked for once."""
    token = _kept.set([])
    try:
        yield
    finally:
        _kept.reset(token)


def forget_pack_in_force() -> None:
    """After loading: the block's kept version is asked for again."""
    kept = _kept.get()
    if kept is not None:
        kept.clear()


def versions_loaded() -> list[PackVersion]:
    """Every version, the one in force first; without its content."""
    return list(PackVersion.objects.defer("content").order_by("-in_force_since", "-id"))


def takes_reports() -> bool:
    """Whether the city has kinds of matters that people report, and follow by code and PIN; not before its pack."""
    try:
        return any(kind.reporter != "none" for kind in current_pack().kind.values())
    except UserError:
        return False
