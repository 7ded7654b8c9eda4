"""What accounts leave behind and nobody needs any more."""

from datetime import datetime, timedelta

from axes.models import AccessAttempt
from django.contrib.sessions.models import Session

from shiyu.lib import clock

KEPT = timedelta(days=30)
"""Wrong sign-ins are remembered so long; a lock ends after half an hour in any case."""


def tidy(since: datetime, until: datetime) -> int:
    """Drop sessions that have ended and old wrong sign-ins; returns how many. A daily job; its window changes nothing."""
    now = clock.now()
    sessions = Session.objects.filter(expire_date__lt=now).delete()[0]
    return sessions + AccessAttempt.objects.filter(attempt_time__lt=now - KEPT).delete()[0]
