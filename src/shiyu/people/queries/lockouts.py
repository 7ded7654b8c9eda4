"""Who waits after too many wrong passwords: an account, or an address whatever names it tries."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from axes.models import AccessAttempt
from django.conf import settings
from django.db.models import Max, QuerySet, Sum

from shiyu.lib import clock
from shiyu.lib.requests import client_address


@dataclass(frozen=True)
class Lock:
    """An account or an address from which too many wrong passwords came."""

    username: str
    address: str
    tries: int
    last_at: datetime


def locks() -> list[Lock]:
    """The accounts and addresses that are locked now."""
    names = [Lock(name, "", tries, at) for name, tries, at in _tries("username", settings.AXES_FAILURE_LIMIT)]
    return names + [
        Lock("", key, tries, at) for key, tries, at in _tries("ip_address", settings.ADDRESS_FAILURE_LIMIT)
    ]


def lockout_parameters(request: Any, credentials: Any = None) -> list[str]:
    """What locks a sign-in (AXES_LOCKOUT_PARAMETERS): `AXES_FAILURE_LIMIT` wrong tries with the name, from wherever; and
    the address itself once `ADDRESS_FAILURE_LIMIT` came from it with whatever names, since a whole office may stand behind
    one. `request` is a request or a kept try; behind proxies its address is theirs no more (lib.requests)."""
    if isinstance(request, AccessAttempt):
        address = request.ip_address or ""
    else:
        address = client_address(request)
    return ["username", "ip_address"] if is_address_locked(address) else ["username"]


def is_address_locked(address: str) -> bool:
    """Whether so many wrong passwords came from an address that it must wait, whatever names it tries."""
    return any(key == address for key, *_of in _tries("ip_address", settings.ADDRESS_FAILURE_LIMIT))


def _tries(by: str, limit: int) -> QuerySet[AccessAttempt, tuple[str, int, datetime]]:
    since = clock.now() - timedelta(hours=settings.AXES_COOLOFF_TIME)
    rows = AccessAttempt.objects.filter(attempt_time__gte=since).exclude(**{by: None}).values(by)
    counted = rows.annotate(n=Sum("failures_since_start"), at=Max("attempt_time")).filter(n__gte=limit)
    return counted.order_by(by).values_list(by, "n", "at")
