"""News from one app to another.

An action calls `emit(MatterClosed(...))`. Who hears it stands in `shiyu.wiring`, in two maps on one screen:
`NOW` (same transaction, one level deep: an invariant between apps) and `LATER` (a job queued in the same
transaction). Events are frozen dataclasses of ids, dates and short texts, so that they can be written as JSON.
"""

from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import fields
from datetime import date, datetime
from typing import Any
from uuid import UUID

Handler = Callable[[Any], None]

_now: dict[type, tuple[Handler, ...]] = {}
_later: dict[type, tuple[str, ...]] = {}
Defer = Callable[[tuple[str, ...], str, dict[str, Any]], None]
_defer: list[Defer] = []
_handling: ContextVar[bool] = ContextVar("shiyu_handling_event", default=False)


def connect(
    now: dict[type, tuple[Handler, ...]],
    later: dict[type, tuple[str, ...]],
    defer: Defer,
) -> None:
    """Install the two maps of `shiyu.wiring`; `defer(handler names, event name, payload)` queues a job for each."""
    _now.clear()
    _now.update(now)
    _later.clear()
    _later.update(later)
    _defer[:] = [defer]


def emit(event: object) -> None:
    """Tell `event` to its handlers.

    Raises `RuntimeError` when a NOW handler emits an event that has NOW handlers itself: invariants are one
    level deep, so that a transaction can be read from one screen.
    """
    handlers = _now.get(type(event), ())
    if handlers and _handling.get():
        raise RuntimeError(f"{type(event).__name__} was emitted while another event was being handled")
    token = _handling.set(True)
    try:
        for handler in handlers:
            handler(event)
    finally:
        _handling.reset(token)
    names = _later.get(type(event), ())
    for defer in _defer if names else ():
        defer(names, type(event).__name__, payload_of(event))


def payload_of(event: object) -> dict[str, Any]:
    """The event's fields as JSON values."""
    return {field.name: _plain(getattr(event, field.name)) for field in fields(event)}  # type: ignore[arg-type]


def _plain(value: Any) -> Any:
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    if isinstance(value, (list, tuple, set, frozenset)):
        return [_plain(item) for item in value]
    return value
