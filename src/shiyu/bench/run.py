"""One size, measured: fills the database chosen by `shiyu.bench.start`, opens the pages, runs the jobs."""

import argparse
import importlib
import importlib.util
import json
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlencode

from django.core.management import call_command
from django.db import connection, transaction
from django.test import Client
from django.urls import NoReverseMatch, reverse

from shiyu.bench.fill import fill, size
from shiyu.briefs.queries import meeting_pack_files
from shiyu.demo.cast import Cast
from shiyu.kernel.actor import Actor
from shiyu.matters.models import Matter
from shiyu.people.models import User
from shiyu.periods.models import Period
from shiyu.plans.actions.locking import lock_month
from shiyu.plans.models import Edition, Guideline, Report
from shiyu.reading import NameBook, read_plan

TIMES = 5
PATIENCE = 5.0
"""Seconds after which a page or job is not measured again: the slowest are seen once, without a warm-up."""
PAGE_MS, READING_MS, LOCK_MS, PACK_MS = 200, 2_000, 5_000, 5_000
Values = dict[str, Any]
# The maker of the large file stands with the tests, which an installed wheel leaves out.
FACTORIES = "shiyu.reading.tests"
factories = importlib.import_module(f"{FACTORIES}.factories") if importlib.util.find_spec(FACTORIES) else None


class Counter:
    """Queries run and rows they gave back."""

    def __init__(self) -> None:
        self.queries = self.rows = 0

    def __call__(self, execute: Callable[..., Any], sql: str, given: Any, many: bool, context: Values) -> Any:
        result = execute(sql, given, many, context)
        self.queries += 1
        self.rows += max(context["cursor"].rowcount, 0)
        return result


@contextmanager
def counted() -> Iterator[Counter]:
    """Counts what reaches the database within the block."""
    counter = Counter()
    with connection.execute_wrapper(counter):
        yield counter


def run(arguments: argparse.Namespace) -> int:
    """Fill, measure, and write {size, things} to `arguments.out`."""
    call_command("migrate", verbosity=0)
    began = time.perf_counter()
    period = fill(arguments.folder, arguments.scale)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    filled = time.perf_counter() - began
    sys.stdout.write(f"{arguments.scale}×：建数据 filled in {filled:.0f} s，")
    sys.stdout.flush()
    began = time.perf_counter()
    things = measured(period)
    sys.stdout.write(f"\n测量 measured in {time.perf_counter() - began:.0f} s\n")
    found = {"size": size(), "things": things}
    arguments.out.write_text(json.dumps(found, ensure_ascii=False), encoding="utf-8")
    return 0


def measured(period: Period) -> dict[str, Values]:
    """Every page and job by name: pages first, with the month still open; then the jobs, which lock it."""
    cast = Cast()
    clerk = cast.office("report.sign_off", "plan.import")
    liaison, report = _liaison(cast, period)
    found = {"page.desk_clerk": page(clerk, "desk"), "page.desk_liaison": page(liaison, "desk")}
    unit = {"unit": str(report.unit_id)}
    for tab in ("responsibility", "problems", "progress"):
        found[f"page.lists_{tab}_all"] = page(clerk, "three_lists", query={"tab": tab})
        found[f"page.lists_{tab}_unit"] = page(clerk, "three_lists", query={"tab": tab, **unit})
    matter = Matter.objects.order_by("code").values_list("pk", flat=True)[0]
    edition = Edition.objects.filter(
        state=Edition.State.ISSUED, superseded_on=None, plan__parent=None
    ).order_by("-issued_on")[0]
    guideline = Guideline.objects.order_by("year", "title")[0]
    found |= {
        "page.matter_list": page(clerk, "matter_list"),
        "page.matter_detail": page(clerk, "matter_detail", [matter]),
        "page.report_overview": page(clerk, "report_overview", query={"month": period.code}),
        "page.report_detail": page(clerk, "report_detail", [period.code, report.unit_id]),
        "page.plan_list": page(clerk, "plan_list"),
        "page.edition_detail": page(clerk, "edition_detail", [edition.pk]),
        "page.guideline_detail": page(clerk, "guideline_detail", [guideline.pk]),
        "page.readiness": page(clerk, "readiness", query={"guideline": str(guideline.pk)}),
        "page.search": page(clerk, "search", query={"q": "台账"}),
        "page.wall": page(clerk, "wall", query={"month": "live"}),
    }
    return found | _jobs(cast, clerk, period)


def _liaison(cast: Cast, period: Period) -> tuple[Actor, Report]:
    """Somebody who fills in a unit's report of the month (of the units with a liaison, the first by protocol)."""
    for report in period.reports.select_related("unit").order_by("unit__protocol_order", "unit__code"):
        actor = cast.who("report.fill", report.unit_id)
        if actor is not None:
            return actor, report
    raise LookupError("report.fill")


def page(
    actor: Actor, name: str, args: list[Any] | None = None, query: dict[str, str] | None = None
) -> Values:
    """A page as a person opens it: median milliseconds of up to five after a warm-up, queries, rows read, table rows.

    A page that is not there, or is refused, is said to be missing; nothing is made up for it.
    """
    try:
        address = reverse(name, args=args or [])
    except NoReverseMatch:
        return {"missing": f"没有这个页面 no such page: {name}"}
    if query:
        address = f"{address}?{urlencode(query)}"
    client = Client(raise_request_exception=False)
    client.force_login(User.objects.get(pk=actor.user_id or ""))
    took: list[float] = []
    while not took or (len(took) <= TIMES and sum(took) < PATIENCE):
        with counted() as counter:
            began = time.perf_counter()
            response = client.get(address)
            content = response.getvalue()
            took.append(time.perf_counter() - began)
        if response.status_code != 200:
            return {"missing": f"打不开 answers {response.status_code}: {address}"}
    return _values(took[1:] or took, counter) | {"rows_shown": content.count(b"<tr"), "target": PAGE_MS}


def job(work: Callable[[], Any], times: int, target: int | None = None) -> Values:
    """A job: median milliseconds of up to `times` runs, queries and rows read of the last; `target` in milliseconds."""
    took: list[float] = []
    while not took or (len(took) < times and sum(took) < PATIENCE):
        with counted() as counter:
            began = time.perf_counter()
            work()
            took.append(time.perf_counter() - began)
    return _values(took, counter) | ({"target": target} if target else {})


def _values(took: list[float], counter: Counter) -> Values:
    milliseconds = round(statistics.median(took) * 1000, 1)
    sys.stderr.write(f"{milliseconds:.0f} ")  # slow sizes show that they go on
    return {
        "time": milliseconds,
        "queries": counter.queries,
        "rows_read": counter.rows,
    }


def _jobs(cast: Cast, clerk: Actor, period: Period) -> dict[str, Values]:
    """Reading a file, the archive of all units' lists, locking, the meeting pack of the locked month."""
    head = cast.office("period.lock")

    def lock_and_undo() -> None:
        with transaction.atomic():
            lock_month(head, period.pk)
            transaction.set_rollback(True)

    exported = page(clerk, "three_lists", query={"export": "zip"})
    for name in (
        "rows_shown",
        "target",
    ):  # an archive has no table to look at, and nobody waits at it as at a page
        exported.pop(name, None)
    found = {
        "job.read_300_tasks_900_names": _reading(),
        "job.lists_archive_all_units": exported,
        "job.lock_month": job(lock_and_undo, 3, LOCK_MS),
    }
    lock_month(head, period.pk)
    units = period.reports.count()
    found[f"job.meeting_pack_{units}_units"] = job(lambda: meeting_pack_files(period.code), 3, PACK_MS)
    return found


def _reading() -> Values:
    """A Word file of 300 tasks read against 900 names of units; missing where there is no maker of such files."""
    if factories is None:
        return {"missing": "只在源码目录中测量 measured in a source tree only"}
    known = {name: f"u{at}" for at, name in enumerate(factories.unit_names(900))}
    names, file = NameBook(known, {}, {"各县区": "g"}), factories.large_plan(300, 900)

    def read() -> None:
        found = len(read_plan(file, filename="plan.docx", names=names).items)
        if found != 300:
            raise RuntimeError(f"300 tasks were to be read, {found} were")

    return job(read, 3, READING_MS)
