"""The one source of "now", so that tests and the demo's simulated year can set it.

Everything that asks for the time calls `now()` or `today()`; nothing calls `datetime.now()`.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

CITY_ZONE = ZoneInfo("Asia/Shanghai")

_frozen: ContextVar[datetime | None] = ContextVar("shiyu_clock", default=None)


def now() -> datetime:
    """The present moment, aware, in Asia/Shanghai."""
    frozen = _frozen.get()
    return frozen if frozen is not None else datetime.now(UTC).astimezone(CITY_ZONE)


def today() -> date:
    """The present day in Asia/Shanghai."""
    return now().date()


def local(moment: datetime) -> datetime:
    """`moment` (aware) as the city's own time."""
    return moment.astimezone(CITY_ZONE)


@contextmanager
def frozen(moment: datetime) -> Iterator[None]:
    """Within the block `now()` is `moment` (aware; a naive one is taken as the city's own time)."""
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=CITY_ZONE)
    token = _frozen.set(moment.astimezone(CITY_ZONE))
    try:
        yield
    finally:
        _frozen.reset(token)
