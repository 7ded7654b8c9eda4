"""The parts of the board: which matters wait at which stage."""

from collections.abc import Callable

from django.db.models import Q, QuerySet

from shiyu.lib import clock
from shiyu.matters.models import CompetenceDispute, FollowUp, Matter, Return, WorkOrder
from shiyu.packs.queries import current_pack

Rows = QuerySet[Matter]


def _sorted_kinds() -> list[str]:
    return [code for code, kind in current_pack().kind.items() if kind.sorting]


def _unsorted() -> Q:
    return Q(phase__in=("filed", "accepted"), sort_class="", kind__in=_sorted_kinds())


def _returned(rows: Rows) -> Rows:
    asked = Return.objects.filter(state=Return.State.ASKED)
    return rows.filter(is_open=True, pk__in=asked.values("assignment__matter_id"))


def _overdue(rows: Rows) -> Rows:
    now = clock.now()
    return rows.filter(Q(due_at__lt=now) | Q(step_due_at__lt=now), is_open=True)


def _to_call(rows: Rows) -> Rows:
    due = FollowUp.objects.filter(done_at=None, due_at__lte=clock.now())
    return rows.filter(is_open=False, pk__in=due.values("matter_id"))


def _to_enter_back(rows: Rows) -> Rows:
    return rows.filter(pk__in=WorkOrder.objects.to_enter().values("matter_id"))


WAITS: dict[str, Callable[[Rows], Rows]] = {
    "sort": lambda rows: rows.filter(_unsorted(), is_open=True),
    "dispatch": lambda rows: rows.filter(~_unsorted(), is_open=True, phase__in=("filed", "accepted")),
    "returned": _returned,
    "disputed": lambda rows: rows.filter(
        is_open=True, pk__in=CompetenceDispute.objects.filter(decided_at=None).values("matter_id")
    ),
    "handling": lambda rows: rows.filter(is_open=True, phase="handling"),
    "overdue": _overdue,
    "verify": lambda rows: rows.filter(is_open=True, phase="verifying"),
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
