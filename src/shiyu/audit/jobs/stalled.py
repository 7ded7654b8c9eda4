"""What a killed worker held in its hands is queued again, so that nothing that was queued is lost.

Where the worker was killed between doing it and saying so it comes a second time, and `heard` knows that it was done.
"""

from asgiref.sync import async_to_sync
from procrastinate.contrib.django import app as jobs

from shiyu.lib import clock

SILENT = 60.0
"""Seconds without a sign of life after which a worker counts as gone; it gives one every ten."""


def take_up_again() -> int:
    """Queue the jobs of workers that are gone; returns how many. The worker calls it again and again."""
    return async_to_sync(_take_up_again)()


async def _take_up_again() -> int:
    manager = jobs.job_manager
    stalled = list(await manager.get_stalled_jobs(seconds_since_heartbeat=SILENT))
    for job in stalled:
        await manager.retry_job(job, retry_at=clock.now())
    return len(stalled)
