"""A queued message is done once, though its job comes twice; a failure leaves nothing behind and is done anew."""

from datetime import timedelta
from unittest.mock import patch

import pytest
from procrastinate import JobContext
from procrastinate.jobs import Job

from shiyu.audit.jobs import hear_once, tidy
from shiyu.audit.jobs.heard import JOBS
from shiyu.audit.models import IdempotencyKey
from shiyu.lib import clock
from shiyu.wiring import hear

pytestmark = pytest.mark.django_db


def context(job_id: int) -> JobContext:
    job = Job(id=job_id, queue="events", lock=None, queueing_lock=None, task_name="hear", attempts=0)
    return JobContext(start_timestamp=0, app=hear.blueprint, job=job, abort_reason=lambda: None)  # type: ignore[arg-type]


def test_a_job_that_comes_again_does_nothing() -> None:
    with patch("shiyu.wiring._tell") as told:
        for job in (7, 7, 8, 7):
            hear.func(context(job), handler="x", event="y", payload={})
    assert told.call_count == 2


def test_a_job_that_failed_is_done_anew() -> None:
    done: list[int] = []

    def fail() -> None:
        raise OSError("the mail host is away")

    with pytest.raises(OSError, match="away"):
        hear_once(3, fail)
    assert not IdempotencyKey.objects.exists()
    assert hear_once(3, lambda: done.append(3))
    assert not hear_once(3, lambda: done.append(3))
    assert done == [3]


def test_what_a_killed_worker_may_send_again_is_remembered() -> None:
    hear_once(1, lambda: None)
    long_ago = clock.now() - timedelta(days=30)
    IdempotencyKey.objects.filter(actor_id=JOBS).update(created_at=long_ago)
    with patch("shiyu.audit.jobs.runs.keys_in_use", return_value=["job:1"]):
        tidy(long_ago, clock.now())
    assert IdempotencyKey.objects.filter(key="job:1").exists()
    tidy(long_ago, clock.now())
    assert not IdempotencyKey.objects.filter(key="job:1").exists()
