"""`shiyu bench-orders-run`: fills a new database with the city, then takes a table in, step by step."""

from __future__ import annotations

import argparse
import csv
import io
import os
import resource
import sys
import time
from collections.abc import Callable
from functools import partial
from typing import TypeVar

from django.core.management import call_command
from django.utils import translation

from shiyu.bench.orders.table import heads, rows
from shiyu.demo.cast import Cast
from shiyu.kernel.actor import Actor
from shiyu.kernel.spec.orders import OrderSource
from shiyu.lib import clock
from shiyu.matters.actions.orders import ask_to_take_orders, check_orders, hand_in_orders, take_orders
from shiyu.matters.models import Matter, Step, WorkOrder
from shiyu.matters.queries.order_export import exported, write_xlsx
from shiyu.packs.queries import current_pack, one_pack
from shiyu.places.models import Area
from shiyu.seeding import load_city

T = TypeVar("T")
TARGET = 60.0
"""Seconds in which 100,000 orders are to be imported (issue 3, section 7)."""


def run(arguments: argparse.Namespace) -> int:
    """Prints the seconds of each part; 1 where taking the table over takes longer than its share of the target."""
    call_command("migrate", verbosity=0)
    load_city(arguments.folder)
    with translation.override("zh-hans"), one_pack():
        return _measure(arguments.rows, arguments.source)


def _measure(count: int, code: str) -> int:
    pack = current_pack()
    code = code or next(iter(pack.order_source))
    source = pack.order_source[code]
    actor = Cast().office("matter.dispatch", "matter.file", "matter.view_all", "list.export")
    table = [heads(source), *rows(source, _places(), count, clock.now())]
    made = {"csv": _as_csv(table), "xlsx": write_xlsx(source, iter(table[1:]))}
    del table
    _say(f"{count:,} 行 rows：CSV {len(made['csv']) >> 20} MB，Excel {len(made['xlsx']) >> 20} MB\n")
    seconds = _taken(actor, code, source, made["csv"], "csv")
    _again(actor, code, made["xlsx"], "xlsx")
    _exports(actor, code)
    share = TARGET * count / 100_000
    word = "达标 met" if seconds <= share else "未达标 not met"
    _say(f"目标 target {share:.0f} s：{word}\n")
    return 0 if seconds <= share else 1


def _places() -> list[tuple[str, str, str]]:
    """Every village with its town and county."""
    villages = Area.objects.in_force().filter(level="village").select_related("parent__parent")
    return [
        (village.parent.parent.name, village.parent.name, village.name)
        for village in villages
        if village.parent and village.parent.parent
    ]


def _as_csv(table: list[list[str]]) -> bytes:
    out = io.StringIO()
    csv.writer(out).writerows(table)
    return out.getvalue().encode("gb18030")


def _taken(actor: Actor, code: str, source: OrderSource, content: bytes, form: str) -> float:
    """Hand in, check, take over; the seconds of all three."""
    unit_id = next(iter(sorted(actor.units_with("matter.dispatch"))))
    started = time.monotonic()
    batch = _timed(
        "收下并加密 hand in and seal",
        lambda: hand_in_orders(actor, source=code, unit_id=unit_id, name=f"orders.{form}", content=content),
    )
    _timed("检查 check", lambda: check_orders(actor, batch.pk, _quiet))
    ask_to_take_orders(actor, batch.pk, only_good=False)
    _timed("办理接收 take over", lambda: take_orders(actor, batch.pk, _quiet))
    whole = time.monotonic() - started
    counts = [model._default_manager.count() for model in (Matter, Step, WorkOrder)]
    _say(f"导入合计 import in all：{whole:.1f} s；事项、步骤、工单 matters, steps, orders：{counts}\n")
    return whole


def _again(actor: Actor, code: str, content: bytes, form: str) -> None:
    unit_id = next(iter(sorted(actor.units_with("matter.dispatch"))))
    batch = hand_in_orders(actor, source=code, unit_id=unit_id, name=f"orders.{form}", content=content)
    batch = _timed(
        "同样内容再查（Excel） the same again, as Excel", lambda: check_orders(actor, batch.pk, _quiet)
    )
    _say(
        f"  未变 unchanged {batch.unchanged:,}，新增 new {batch.new}，变更 changed {batch.changed}，有误 wrong {batch.wrong}\n"
    )


def _exports(actor: Actor, code: str) -> None:
    for form in ("xlsx", "csv"):
        made = _timed(f"导出 export {form}", partial(exported, actor, code, form, "", "", told=_quiet))
        _again(actor, code, made.content, form)
    _say(f"内存峰值 most memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10} MB\n")


def _timed(what: str, work: Callable[[], T]) -> T:
    started, worked = time.monotonic(), time.process_time()
    found = work()
    used = time.process_time() - worked
    _say(
        f"{what}：{time.monotonic() - started:.1f} s（CPU {used:.1f} s，负载 load {os.getloadavg()[0]:.1f}）\n"
    )
    return found


def _quiet(done: int, total: int) -> None:
    """Nobody looks at the bar."""


def _say(text: str) -> None:
    sys.stdout.write(text)
    sys.stdout.flush()
