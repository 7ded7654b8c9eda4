"""One thing measured: how long it takes as the application does it and by hand, how often it asks, what is read."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction

from shiyu.bench.run import counted
from shiyu.packs.queries import one_pack

PATIENCE = 2.0
"""Seconds after which one thing is not measured again."""
TOUCHED = "SELECT coalesce(sum(coalesce(seq_tup_read, 0) + coalesce(idx_tup_fetch, 0)), 0) FROM pg_stat_xact_user_tables"


@dataclass(frozen=True)
class Case:
    """Something to measure. `ours` and `hand` do it once; the first of a page checks the answer as well.

    `aim`: "page" (p95 and growth have targets), "action" (the ratio has one), "rates", or "" (shown only).
    """

    name: str
    ours: Callable[[], Any]
    hand: Callable[[], Any]
    aim: str = ""


def measured(case: Case, times: int) -> dict[str, Any]:
    """Milliseconds of each run, ours and by hand in turn after one unmeasured; queries, rows given and rows that the
    database read from its tables for one run."""
    ours: list[float] = []
    hand: list[float] = []
    _timed(case.ours)
    _timed(case.hand)
    began = time.perf_counter()
    while len(ours) < times and (len(ours) < 3 or time.perf_counter() - began < PATIENCE):
        ours.append(_timed(case.ours))
        hand.append(_timed(case.hand))
    return {
        "ours": ours,
        "hand": hand,
        **_counts(case.ours),
        **{f"hand_{k}": v for k, v in _counts(case.hand).items()},
    }


def _timed(work: Callable[[], Any]) -> float:
    gc.collect()
    gc.disable()
    try:
        with one_pack():
            began = time.perf_counter()
            work()
            return (time.perf_counter() - began) * 1000
    finally:
        gc.enable()


def _counts(work: Callable[[], Any]) -> dict[str, int]:
    """Queries and rows of one run, and the rows that were read from tables for it: in one transaction, so that the
    server's own counters tell of nothing else."""
    with transaction.atomic(), one_pack():
        before = _touched()
        with counted() as counter:
            work()
        touched = _touched() - before
    return {"queries": counter.queries, "rows": counter.rows, "touched": touched}


def _touched() -> int:
    with connection.cursor() as cursor:
        cursor.execute(TOUCHED)
        return int(cursor.fetchone()[0])
