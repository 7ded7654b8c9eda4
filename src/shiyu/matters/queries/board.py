"""The parts of the board: which matters wait at which stage."""

from collections.abc import Callable, Mapping

from django.db.models import Count, Q, QuerySet

from shiyu.kernel.actor import Actor
from shiyu.lib import clock
from shiyu.matters.models import CompetenceDispute, FollowUp, Matter, Return, WorkOrder
from shiyu.packs.queries import current_pack

Rows = QuerySet[Matter]


def _sorted_kinds() -> list[str]:
    return [code for code, kind in current_pack().kind.items() if kind.sorting]


def _unsorted() -> Q:
    return Q(phase__in=("filed", "accepted"), sort_class="", kind__in=_sorted_kinds())


def _returned() -> Q:
    return Q(pk__in=Return.objects.filter(state=Return.State.ASKED).values("assignment__matter_id"))


def _disputed() -> Q:
    return Q(pk__in=CompetenceDispute.objects.filter(decided_at=None).values("matter_id"))


def _overdue() -> Q:
    now = clock.now()
    return Q(due_at__lt=now) | Q(step_due_at__lt=now)


def _to_call(rows: Rows) -> Rows:
    due = FollowUp.objects.filter(done_at=None, due_at__lte=clock.now())
    return rows.filter(is_open=False, pk__in=due.values("matter_id"))


def _to_enter_back(rows: Rows) -> Rows:
    return rows.filter(pk__in=WorkOrder.objects.to_enter().values("matter_id"))


OPEN_WAITS: dict[str, Callable[[], Q]] = {
    "sort": _unsorted,
    "dispatch": lambda: ~_unsorted() & Q(phase__in=("filed", "accepted")),
    "returned": _returned,
    "disputed": _disputed,
    "handling": lambda: Q(phase="handling"),
    "overdue": _overdue,
    "verify": lambda: Q(phase="verifying"),
}
"""What of the open matters stands in each part."""


def _open(wait: str) -> Callable[[Rows], Rows]:
    return lambda rows: rows.filter(OPEN_WAITS[wait](), is_open=True)


WAITS: dict[str, Callable[[Rows], Rows]] = {
    **{wait: _open(wait) for wait in OPEN_WAITS},
    "call": _to_call,
    "enter_back": _to_enter_back,
}
"""The rows of each part. `call` are closed ones whose follow-up is due."""

_VERB = {"sort": "sort", "returned": "return", "disputed": "dispute_competence", "call": "follow_up"}


def waits_in_pack() -> list[str]:
    """The parts that the city's kinds know."""
    verbs = {verb for kind in current_pack().kind.values() for verb in kind.verbs}
    has_orders = bool(current_pack().order_source)
    known = [wait for wait in WAITS if _VERB.get(wait) is None or _VERB[wait] in verbs]
    return [wait for wait in known if wait != "enter_back" or has_orders]


def has_board() -> bool:
    """Whether the city's matters are sent out by a table of competence or sorted when they come in."""
    return bool(current_pack().competence or _sorted_kinds())


def counts_of_waits(actor: Actor, stop: int) -> dict[str, int]:
    """How many matters the person sees in each part of the board; counting stops one past `stop`.

    Who sees all is answered part by part, each from an index and no further than to the stop. Anybody else's open matters
    are looked at once for all parts."""
    waits = waits_in_pack()
    found: dict[str, int] = {}
    at_once = [wait for wait in waits if wait in OPEN_WAITS and "matter.view_all" not in actor.rights]
    if at_once:
        parts = {wait: Count("pk", filter=OPEN_WAITS[wait]()) for wait in at_once}
        found = Matter.objects.open_to(actor).real().aggregate(**parts)
    for wait in waits:
        if wait not in found:
            rows = WAITS[wait](Matter.objects.visible_to(actor).real())
            found[wait] = rows.order_by().values("pk")[: stop + 1].count()
    return found


def is_of_open(query: Mapping[str, str]) -> bool:
    """Whether the filters of the list (`wait`, `entered`, `show`) leave open matters only."""
    wait = query.get("wait", "")
    if query.get("entered"):
        return False
    return wait in OPEN_WAITS if wait else query.get("show") == "open"


def is_of_closed(query: Mapping[str, str]) -> bool:
    """Whether the filters of the list leave closed matters only."""
    return query.get("show") == "closed" and not query.get("wait") and not query.get("entered")
