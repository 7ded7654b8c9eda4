"""A queued message is done once, however often its job comes: what a killed worker held is queued again (`stalled`),
also where it was killed after doing it and before it could say so."""

from collections.abc import Callable
from uuid import UUID

from django.db import transaction
from procrastinate.contrib.django.models import ProcrastinateJob

from shiyu.audit.models import IdempotencyKey

JOBS = UUID(int=1)
"""Stands for the queue where a key names who sent something."""


def hear_once(job_id: int, work: Callable[[], None]) -> bool:
    """Do `work` and keep that this job did it, in one transaction: both or neither. False where it was done before.

    `work` changes the database only; what it raises undoes its key as well, so that a retry does it anew.
    """
    with transaction.atomic():
        _row, first = IdempotencyKey.objects.get_or_create(actor_id=JOBS, key=_key(job_id))
        if first:
            work()
    return first


def keys_in_use() -> list[str]:
    """The keys of jobs that a worker has in its hands, or had when it was killed: they may come again."""
    return [_key(pk) for pk in ProcrastinateJob.objects.filter(status="doing").values_list("id", flat=True)]


def _key(job_id: int) -> str:
    return f"job:{job_id}"
