"""Reads over the record: what happened to a thing, and whether the record itself is whole."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from uuid import UUID

from django.db.models import QuerySet

from shiyu.audit.actions import mac_of
from shiyu.audit.jobs import entry_hash, seal_of
from shiyu.audit.models import AuditEntry, AuditSeal
from shiyu.lib import clock


def entries_about(subject_id: UUID) -> QuerySet[AuditEntry]:
    """The entries about one row, oldest first."""
    return AuditEntry.objects.filter(subject_id=subject_id).order_by("at", "id")


@dataclass(frozen=True)
class Finding:
    """One fault in the record. `fault` is changed, missing or inserted."""

    fault: str
    entry_id: UUID | None
    seal_number: int | None
    detail: str


def verify() -> Iterator[Finding]:
    """Walk seals and entries; yields every entry that was changed, is missing, or was inserted without the key."""
    yield from _verify_seals()
    for entry in AuditEntry.objects.order_by("id").iterator(5000):
        if mac_of(entry) != entry.mac:
            seal = AuditSeal.objects.filter(entry_id=entry.pk).first()
            # A sealed entry whose content no longer fits its seal was already reported as changed.
            if seal is None or seal.entry_hash == entry_hash(entry):
                yield Finding("inserted", entry.pk, None, f"{entry.action}: not written by this system")


def _verify_seals() -> Iterator[Finding]:
    previous, expected = "", None
    seals = AuditSeal.objects.order_by("number")
    for chunk in _chunks(seals.iterator(2000), 2000):
        entries = AuditEntry.objects.in_bulk([seal.entry_id for seal in chunk])
        for seal in chunk:
            if expected is not None and seal.number != expected:
                detail = f"seals {expected} to {seal.number - 1} are missing"
                yield Finding("missing", None, seal.number, detail)
            if seal_of(previous, seal.entry_hash) != seal.seal:
                yield Finding(
                    "changed", seal.entry_id, seal.number, "the seal does not follow from the one before"
                )
            previous, expected = seal.seal, seal.number + 1
            entry = entries.get(seal.entry_id)
            if entry is None:
                yield Finding("missing", seal.entry_id, seal.number, "the entry of this seal is gone")
            elif entry_hash(entry) != seal.entry_hash:
                yield Finding("changed", entry.pk, seal.number, f"{entry.action} at {entry.at.isoformat()}")


def _chunks(rows: Iterator[AuditSeal], size: int) -> Iterator[list[AuditSeal]]:
    while chunk := list(islice(rows, size)):
        yield chunk


def entries_listed(*, action: str, person: str, day: str) -> QuerySet[AuditEntry]:
    """Entries newest first; `day` is YYYY-MM-DD in the city's time, anything else is ignored."""
    rows = AuditEntry.objects.order_by("-at", "-id")
    if action:
        rows = rows.filter(action__startswith=action)
    if person:
        rows = rows.filter(actor_name__contains=person)
    try:
        first = datetime.fromisoformat(day).replace(hour=0, minute=0, tzinfo=clock.CITY_ZONE)
    except ValueError:
        return rows
    return rows.filter(at__gte=first, at__lt=first + timedelta(days=1))


def seal_state() -> dict[str, object]:
    """How many entries there are, how many are sealed, and the newest seal: the head to keep elsewhere."""
    head = AuditSeal.objects.order_by("-number").first()
    return {"entries": AuditEntry.objects.count(), "sealed": head.number if head else 0, "head": head}
