"""Asking for background work: a periodic job now, or long work of one's own."""

from typing import Any

from django.utils.translation import gettext as _
from procrastinate.contrib.django import app as jobs
from procrastinate.contrib.django.models import ProcrastinateJob

from shiyu.audit.access import can
from shiyu.audit.actions.recording import action, record
from shiyu.audit.jobs.runs import long_jobs, periodic_jobs, queue_run
from shiyu.audit.models import JobRun
from shiyu.kernel.actor import Actor
from shiyu.lib import clock
from shiyu.lib.errors import NotAllowed, NotVisible, UserError

_GOING = (JobRun.State.WAITING, JobRun.State.RUNNING)


@action("audit.run_job")
def run_job(actor: Actor, name: str) -> JobRun:
    """Run a periodic job now, over the time since its last good run: the system administrator's button."""
    if not can(actor, "operate"):
        raise NotAllowed(_("Only the system administrator runs the background work."))
    if name not in {job.name for job in periodic_jobs()}:
        raise NotVisible(_("There is no such job."))
    if JobRun.objects.filter(kind=name, state__in=_GOING).exists():
        raise UserError(_("This job is running already; wait until it has ended."))
    run = JobRun.objects.create(kind=name, asked_by_id=actor.user_id)
    record(run, {"kind": name})
    queue_run(run)
    return run


@action("audit.retry_messages")
def retry_messages(actor: Actor) -> int:
    """Queue every message that could not be handed on once more: the system administrator's button, once the cause is
    mended. Returns how many."""
    if not can(actor, "operate"):
        raise NotAllowed(_("Only the system administrator runs the background work."))
    failed = list(ProcrastinateJob.objects.filter(status="failed").values_list("id", flat=True))
    for job_id in failed:
        jobs.job_manager.retry_job_by_id(job_id, retry_at=clock.now())
    record(None, {"messages": len(failed)})
    return len(failed)


@action("audit.start_work")
def start_work(actor: Actor, name: str, *, title: str, arguments: dict[str, Any] | None = None) -> JobRun:
    """Queue long work of one's own; who may ask for it was decided by the caller, and its job asks again.

    The same work that is still going is not started a second time: its run is returned.
    """
    if name not in long_jobs():
        raise NotVisible(_("There is no such job."))
    mine = JobRun.objects.filter(kind=name, asked_by_id=actor.user_id, arguments=arguments or {})
    run = mine.filter(state__in=_GOING).first()
    if run is None:
        run = JobRun.objects.create(
            kind=name, title=title[:200], asked_by_id=actor.user_id, arguments=arguments or {}
        )
        queue_run(run)
    record(run, {"kind": name})
    return run
