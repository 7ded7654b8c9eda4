"""List pages ask the database as often for three times the rows as for the rows: a fixed number, below a ceiling."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from shiyu.lib import clock
from shiyu.matters.models import Matter
from shiyu.people.models import Unit
from shiyu.plans.actions.problems import open_problem
from shiyu.plans.models import Block, Duty, Edition, Task
from tests.example_rows import TODAY, Rows, make_rows

CEILINGS = {
    "/": 60,
    "/lists/?list=responsibility": 40,
    "/lists/?list=problems": 40,
    "/lists/?list=progress": 40,
    "/matters/": 30,
    "/reports/?month=2026-10": 40,
    "/editions/{edition}/": 30,
    "/wall/": 60,
}
"""Address → most queries of one page, signing in and all."""


@pytest.fixture
def rows(db, files_elsewhere: None) -> Rows:
    return make_rows()


def add_rows(rows: Rows, person, times: int) -> None:  # type: ignore[no-untyped-def]
    """So many more tasks with duties, and problems against them, in the edition in force."""
    edition = Edition.objects.get(pk=rows["edition"])
    block = Block.objects.filter(edition=edition)[0]
    units = list(Unit.objects.filter(code__in=["justice", "education", "safety"]))
    first = Task.objects.filter(edition=edition).count()
    for at in range(first, first + times):
        task = Task.objects.create(
            edition=edition, block=block, key=f"more{at}", number=str(at + 10), position=at + 10, title=f"任务{at}",
            measures="逐项落实。", deadline_kind="date", due_on=date(2026, 12, 31),
        )  # fmt: skip
        duties = [
            Duty.objects.create(task=task, unit=unit, role="supporting" if i else "lead")
            for i, unit in enumerate(units)
        ]
        open_problem(person("clerk"), duties[0].pk, title=f"问题{at}", text="待整改。", source="visit")


def count(client, address: str) -> int:  # type: ignore[no-untyped-def]
    client.get(address)  # what a process learns once (content types, the pack) is no cost of the page
    with CaptureQueriesContext(connection) as asked:
        answer = client.get(address)
    assert answer.status_code == 200, address
    return len(asked)


@pytest.mark.parametrize("address", CEILINGS)
def test_three_times_the_rows_cost_no_more_queries(address, rows, person, browser_of) -> None:
    page = address.format(edition=rows["edition"])
    with clock.frozen(TODAY):
        client = browser_of("clerk")
        add_rows(rows, person, 6)
        before, tasks, matters = count(client, page), Task.objects.count(), Matter.objects.count()
        add_rows(rows, person, 12)
        after = count(client, page)
    assert Task.objects.count() > tasks
    assert Matter.objects.count() == matters + 12
    assert after == before, f"{before} queries, and {after} with three times the rows"
    assert after <= CEILINGS[address]
