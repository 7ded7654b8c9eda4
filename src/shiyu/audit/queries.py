"""Reads over the record (what happened to a thing, is the record whole) and over the background work."""

import shutil
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from procrastinate.contrib.django.models import ProcrastinateJob, ProcrastinateWorker

from shiyu.audit.actions import mac_of
from shiyu.audit.jobs import Head, Periodic, entry_hash, periodic_jobs, seal_of, unsealed_since
from shiyu.audit.models import AuditEntry, AuditSeal, JobRun
from shiyu.lib import clock

LITTLE_SPACE = 500 * 1024 * 1024  # bytes left where files are kept
SILENT = timedelta(seconds=60)  # a worker gives a sign of life every ten seconds


@dataclass(frozen=True)
class Finding:
    """One fault in the record. `fault` is changed, missing or inserted."""

    fault: str
    entry_id: UUID | None
    seal_number: int | None
    detail: str


def verify(heads: Iterable[Head] = ()) -> Iterator[Finding]:
    """Walk seals and entries; yields every entry that was changed, is missing, or was inserted without the key.

    `heads` are seals kept elsewhere: where the record ends before one of them, or has another seal under its number,
    its tail was cut off or everything was sealed anew.
    """
    yield from _verify_heads(heads)
    yield from _verify_seals()
    for entry in AuditEntry.objects.order_by("id").iterator(5000):
        if mac_of(entry) != entry.mac:
            seal = AuditSeal.objects.filter(entry_id=entry.pk).first()
            # A sealed entry whose content no longer fits its seal was already reported as changed.
            if seal is None or seal.entry_hash == entry_hash(entry):
                yield Finding("inserted", entry.pk, None, f"{entry.action}: not written by this system")


def _verify_heads(heads: Iterable[Head]) -> Iterator[Finding]:
    kept = {head.number: head for head in heads}
    seals = dict(AuditSeal.objects.filter(number__in=kept).values_list("number", "seal"))
    for number, head in sorted(kept.items()):
        day = head.at.isoformat(timespec="seconds")
        if number not in seals:
            yield Finding("missing", None, number, f"the head kept elsewhere on {day} is not in the record")
        elif seals[number] != head.seal:
            yield Finding("changed", None, number, f"not the seal that was kept elsewhere on {day}")


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


@dataclass(frozen=True)
class PeriodicState:
    """A periodic job as its page shows it."""

    job: Periodic
    last: JobRun | None
    next_at: datetime
    failed: JobRun | None  # the newest run, where it failed


def periodic_states() -> list[PeriodicState]:
    """Every periodic job with its newest good run, its failure if that is newer, and its next time."""
    now, states = clock.now(), []
    for job in periodic_jobs():
        runs = JobRun.objects.filter(kind=job.name).order_by("-created_at")
        newest, last = runs.first(), runs.filter(state=JobRun.State.DONE).first()
        failed = newest if newest and newest.state == JobRun.State.FAILED else None
        states.append(PeriodicState(job, last, job.slots.after(job.slots.newest(now)), failed))
    return states


def works_of(user_id: UUID) -> QuerySet[JobRun]:
    """The long work a person asked for, newest first."""
    periodic = [job.name for job in periodic_jobs()]
    return JobRun.objects.filter(asked_by_id=user_id).exclude(kind__in=periodic).order_by("-created_at")


@dataclass(frozen=True)
class Part:
    """One part of the installation: its name for machines, its words for people."""

    name: str
    title: Any
    is_well: bool
    words: str = ""


def health_of() -> list[Part]:
    """Database, worker, seals, queue, jobs, disk. Where the database is away nothing that needs it is asked."""
    free = shutil.disk_usage(settings.VAR).free
    disk = Part("disk", _("Space for files"), free > LITTLE_SPACE, f"{free // 1024**2:,} MB")
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        return [Part("database", _("Database"), True), *_of_the_worker(), disk]
    except DatabaseError as error:
        return [Part("database", _("Database"), False, type(error).__name__), disk]


def _of_the_worker() -> list[Part]:
    now = clock.now()
    alive = ProcrastinateWorker.objects.filter(last_heartbeat__gt=now - SILENT).count()
    late = unsealed_since()
    failed = ProcrastinateJob.objects.filter(status="failed").count()
    kinds = [job.name for job in periodic_jobs()]
    newest = JobRun.objects.filter(kind__in=kinds).order_by("kind", "-created_at").distinct("kind")
    broken = [run.kind for run in newest if run.state == JobRun.State.FAILED]
    return [
        Part("worker", _("Worker"), alive > 0, str(alive)),
        Part("seals", _("Entries that wait for their seal"), late == 0, str(late)),
        Part("queue", _("Messages that could not be handed on"), failed == 0, str(failed)),
        Part("jobs", _("Periodic jobs that failed"), not broken, ", ".join(broken) or "0"),
    ]
