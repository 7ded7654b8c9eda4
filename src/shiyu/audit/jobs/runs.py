"""Background work and its record.

Periodic jobs are named with their times in `shiyu.wiring`; the worker asks every few seconds which are due. Each job
is given the window (since, until] from its last good run to its newest slot, so that after a stop of three days it
runs once, over the three days, and nothing is done twice. Long work is asked for by a person and queued with that
change; its row tells how far it is.
"""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from shiyu.audit.jobs.heard import JOBS, keys_in_use
from shiyu.audit.models import IdempotencyKey, JobRun
from shiyu.lib import clock
from shiyu.lib.errors import UserError

RETRY_AFTER = timedelta(minutes=10)
"""A periodic job that failed is tried again after this time."""
GONE_AFTER = timedelta(hours=1)
"""A run that has been going for so long was cut off with its worker."""
KEPT = timedelta(days=400)
FILES_KEPT = timedelta(days=7)
KEYS_KEPT = timedelta(days=7)
"""How long a form's key is remembered; a session lives 12 hours at most."""
_log = logging.getLogger("shiyu.jobs")


@dataclass(frozen=True)
class Slots:
    """When a periodic job is due, in the city's time: every hour, every day, or every month on the first."""

    every: str  # hour, day, month
    hour: int = 0
    minute: int = 0

    def newest(self, now: datetime) -> datetime:
        """The newest slot that is not after `now`."""
        now = clock.local(now)
        if self.every == "hour":
            slot = now.replace(minute=self.minute, second=0, microsecond=0)
            return slot if slot <= now else slot - timedelta(hours=1)
        slot = now.replace(hour=self.hour, minute=self.minute, second=0, microsecond=0)
        if self.every == "month":
            slot = slot.replace(day=1)
        return slot if slot <= now else self.before(slot)

    def before(self, slot: datetime) -> datetime:
        """The slot before this one."""
        if self.every == "hour":
            return slot - timedelta(hours=1)
        if self.every == "day":
            return slot - timedelta(days=1)
        return (slot.replace(day=1) - timedelta(days=1)).replace(day=1)

    def after(self, slot: datetime) -> datetime:
        """The slot after this one."""
        if self.every == "hour":
            return slot + timedelta(hours=1)
        if self.every == "day":
            return slot + timedelta(days=1)
        return (slot.replace(day=1) + timedelta(days=32)).replace(day=1)


@dataclass(frozen=True)
class Periodic:
    """A job that is due again and again; `work(since, until)` returns how many things it did."""

    name: str
    title: Any
    slots: Slots
    work: Callable[[datetime, datetime], int]


class Progress:
    """How a long job says how far it is; written at most once for each hundredth."""

    def __init__(self, run: JobRun) -> None:
        self.run = run

    def __call__(self, done: int, total: int) -> None:
        """`done` of `total` pieces are ready."""
        run = self.run
        if total != run.total or done == total or (done - run.done) * 100 >= total:
            run.done, run.total = done, total
            JobRun.objects.filter(pk=run.pk).update(done=done, total=total)


@dataclass(frozen=True)
class Long:
    """Long work a person asks for; `work(run, progress)` returns what came of it ({"url": …} where it leads)."""

    name: str
    title: Any
    work: Callable[[JobRun, Progress], dict[str, Any]]


_periodic: dict[str, Periodic] = {}
_long: dict[str, Long] = {}
_queue: list[Callable[[str], None]] = []


def connect_jobs(periodic: Sequence[Periodic], long: Sequence[Long], queue: Callable[[str], None]) -> None:
    """Install the two lists of `shiyu.wiring`; `queue(run id)` queues a run in the present transaction."""
    _periodic.clear()
    _periodic.update({job.name: job for job in periodic})
    _long.clear()
    _long.update({job.name: job for job in long})
    _queue[:] = [queue]


def periodic_jobs() -> list[Periodic]:
    """The periodic jobs in their order."""
    return list(_periodic.values())


def long_jobs() -> dict[str, Long]:
    """Long work by name."""
    return dict(_long)


def queue_run(run: JobRun) -> None:
    """Queue a waiting run, in the transaction of the change that asks for it."""
    for queue in _queue:
        queue(str(run.pk))


def run_due() -> int:
    """Run the periodic jobs that are due, in their order; returns how many ran. The worker calls it again and again."""
    _give_up_gone()
    ran = 0
    for job in periodic_jobs():
        run = _claim(job, job.slots.newest(clock.now()))
        if run is not None:
            ran += 1
            _carry_out(run, lambda run=run, job=job: _over_window(run, job))  # type: ignore[misc]
    return ran


def run_one(run_id: str) -> None:
    """Carry out a queued run: long work, or a periodic job that somebody asked for now."""
    waiting = JobRun.objects.filter(pk=UUID(run_id), state=JobRun.State.WAITING)
    # Its hour (GONE_AFTER) begins now: it may have waited long for a worker.
    if not waiting.update(state=JobRun.State.RUNNING, created_at=clock.now()):
        return  # queued twice, or taken by another worker
    run = JobRun.objects.get(pk=run_id)
    if run.kind in _periodic:
        job = _periodic[run.kind]
        _carry_out(run, lambda: _over_window(run, job))
    elif run.kind in _long:
        # Not one transaction: its progress must be seen while it runs; its own actions open theirs.
        _carry_out(run, lambda: _long[run.kind].work(run, Progress(run)), whole=False)
    else:
        _fail(run, _("This kind of work is no longer known."))


def _claim(job: Periodic, slot: datetime) -> JobRun | None:
    """This worker's run of a slot; None where it is done, in other hands, or failed a moment ago."""
    runs = JobRun.objects.filter(kind=job.name)
    if runs.filter(slot=slot, state=JobRun.State.DONE).exists():
        return None
    if runs.filter(state=JobRun.State.RUNNING).exists():
        return None
    now = clock.now()
    failed = runs.filter(slot=slot, state=JobRun.State.FAILED, finished_at__lt=now - RETRY_AFTER)
    if failed.update(state=JobRun.State.RUNNING, created_at=now, finished_at=None, error=""):
        return runs.get(slot=slot)
    try:
        with transaction.atomic():
            return JobRun.objects.create(kind=job.name, slot=slot, state=JobRun.State.RUNNING)
    except IntegrityError:  # another worker was first, or it failed a moment ago
        return None


def _over_window(run: JobRun, job: Periodic) -> dict[str, Any]:
    until = run.slot or run.created_at
    done = JobRun.objects.filter(kind=job.name, state=JobRun.State.DONE).exclude(result={})
    ends = done.order_by("-created_at").values_list("result__until", flat=True)[:20]
    last = max((datetime.fromisoformat(end) for end in ends if end), default=None)
    since = min(last, until) if last else job.slots.before(job.slots.newest(until))
    return {"count": job.work(since, until), "since": since.isoformat(), "until": until.isoformat()}


def _carry_out(run: JobRun, work: Callable[[], dict[str, Any]], *, whole: bool = True) -> None:
    """Run and write down how it ended: the effects of a periodic job and its "done" are kept together or not at all."""
    try:
        if whole:
            with transaction.atomic():
                run.result = work()
                _finish(run)
        else:
            run.result = work()
            _finish(run)
    except UserError as error:
        _fail(run, str(error))
    except Exception:
        # What a fault says may quote data or name the server's files: the page tells where to read it, no more.
        _log.exception("run %s of %s failed", run.pk, run.kind)
        _fail(
            run,
            _("The software failed here. The particulars are in the worker's log under %(id)s.")
            % {"id": run.pk},
        )


def note_done(run: JobRun, result: dict[str, Any]) -> None:
    """Writes down that long work is done, in the transaction of its effect: where the worker is killed right after it,
    the work is not called failed."""
    run.result = result
    _finish(run)


def _finish(run: JobRun) -> None:
    run.state, run.finished_at = JobRun.State.DONE, clock.now()
    run.save(update_fields=["state", "result", "finished_at"])


def _fail(run: JobRun, error: str) -> None:
    state = {"state": JobRun.State.FAILED, "error": error, "finished_at": clock.now(), "result": {}}
    JobRun.objects.filter(pk=run.pk).exclude(state=JobRun.State.DONE).update(**state)


def _give_up_gone() -> None:
    """Runs whose worker was stopped in the middle say so, and can be started again."""
    gone = JobRun.objects.filter(state=JobRun.State.RUNNING, created_at__lt=clock.now() - GONE_AFTER)
    gone.update(
        state=JobRun.State.FAILED,
        finished_at=clock.now(),
        error=_("The worker was stopped in the middle of this; start it again."),
    )


def drop_old_files() -> int:
    """Drop the files of long work after `FILES_KEPT`; who wants one then asks again. Returns how many."""
    old = JobRun.objects.filter(result__has_key="file", created_at__lt=clock.now() - FILES_KEPT)
    for run in old:
        default_storage.delete(run.result["file"])
        JobRun.objects.filter(pk=run.pk).update(result={})
    return len(old)


def drop_old_runs() -> int:
    """Forget runs older than `KEPT`, but each job's newest; returns how many. A daily job."""
    newest = [
        run.pk
        for name in _periodic
        if (run := JobRun.objects.filter(kind=name, state=JobRun.State.DONE).order_by("-created_at").first())
    ]
    old = JobRun.objects.filter(created_at__lt=clock.now() - KEPT).exclude(pk__in=newest)
    return old.delete()[0]


def tidy(since: datetime, until: datetime) -> int:
    """Forget old form keys and old runs; returns how many rows. A daily job; its window changes nothing."""
    old = IdempotencyKey.objects.filter(created_at__lt=clock.now() - KEYS_KEPT)
    keys = old.exclude(actor_id=JOBS, key__in=keys_in_use()).delete()[0]
    return keys + drop_old_files() + drop_old_runs()
