"""What a town works with costs by what is open there, not by what was ever closed: rows read, not times."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext

from shiyu.kernel.actor import Actor
from shiyu.lib import clock
from shiyu.lib.ids import new_id
from shiyu.matters import actions
from shiyu.matters.models import Assignment, Matter, Step
from shiyu.matters.queries import matters_for_desk
from shiyu.matters.queries.board import WAITS, counts_of_waits, is_of_open, waits_in_pack
from shiyu.matters.tests.city import City
from shiyu.matters.tests.test_actions import closed
from shiyu.matters.views.columns import closed_parts, matter_rows, matter_spec
from shiyu.ui.lists import ListPage

TOUCHED = "SELECT coalesce(sum(coalesce(seq_tup_read, 0) + coalesce(idx_tup_fetch, 0)), 0) FROM pg_stat_xact_user_tables"
MAY_GROW = 1.2
"""Rows read with four times the closed matters, as a multiple."""


def touched() -> int:
    """Rows read from tables so far in the test's transaction, by the server's own count."""
    with connection.cursor() as cursor:
        cursor.execute(TOUCHED)
        return int(cursor.fetchone()[0])


def cost(work: Callable[[], object]) -> tuple[int, int]:
    """Rows read and queries of one run."""
    work()  # the pack is read once
    before = touched()
    with CaptureQueriesContext(connection) as asked:
        work()
    return touched() - before, len(asked)


def add_closed(city: City, count: int) -> None:
    """So many closed matters of the office, each with a lead and its stays; then the statistics that a plan rests on."""
    now = clock.now()
    common = {"kind": "problem", "unit": city.office, "filed_unit": city.office, "phase": "closed", "state": "closed",
              "is_open": False, "outcome": "done", "source": "visit"}  # fmt: skip
    matters = [
        Matter(code=f"OLD-{new_id()}"[:30], title="旧事", received_at=now - timedelta(days=60), closed_at=now - timedelta(days=n % 50), due_at=now, **common)
        for n in range(count)
    ]  # fmt: skip
    for n, matter in enumerate(matters):
        matter.code = f"OLD-{Matter.objects.count()}-{n}"
    Matter.objects.bulk_create(matters)
    Assignment.objects.bulk_create(
        Assignment(matter=matter, unit=city.water, role="lead", active=False, ended="done", of_open=False)
        for matter in matters
    )
    Step.objects.bulk_create(
        Step(matter_id=matter.pk, unit_id=city.office.pk, state="checking", phase="verifying", entered_at=now, left_at=now, verb="close")
        for matter in matters
    )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE matters_matter, matters_assignment, matters_step")


def open_list(actor: Actor) -> Callable[[], object]:
    return lambda: list(matter_rows(actor, of_open=True).order_by("due_at", "pk")[:51])


@pytest.mark.parametrize("who", ["clerk", "chair", "water_liaison"])
@pytest.mark.parametrize(
    "work",
    [
        open_list,
        lambda actor: lambda: matters_for_desk(actor),
        lambda actor: lambda: counts_of_waits(actor, 1_000),
    ],
    ids=["list", "desk", "board"],
)
def test_four_times_the_closed_matters_cost_open_work_no_more(work, who: str, city: City) -> None:
    for _n in range(3):
        city.problem()
    actor = getattr(city, who)
    add_closed(city, 400)
    rows, queries = cost(work(actor))
    add_closed(city, 1_200)
    more_rows, more_queries = cost(work(actor))
    assert Matter.objects.count() == 1_603
    assert more_queries == queries
    assert more_rows <= max(rows, 50) * MAY_GROW, f"{rows} rows read, then {more_rows}"


def test_the_measure_itself_can_fail(city: City) -> None:
    def everything() -> None:
        list(Matter.objects.filter(title__contains="旧"))

    add_closed(city, 100)
    before = cost(everything)[0]
    add_closed(city, 300)
    assert cost(everything)[0] > before * 3


def test_open_to_shows_what_visible_to_shows_of_the_open(city: City) -> None:
    kept = [city.problem(), closed(city), city.problem(lead_unit_id=city.justice.pk, supporting_unit_ids=[])]
    returned = city.problem()
    actions.return_assignment(city.water_liaison, returned.pk, reason="不属职责")
    actions.consent_return(city.clerk, returned.pk, unit_id=city.justice.pk)
    people = (
        city.clerk,
        city.head,
        city.chair,
        city.water_liaison,
        city.police_liaison,
        city.justice_liaison,
        city.stranger,
    )
    for actor in people:
        seen = set(Matter.objects.visible_to(actor).filter(is_open=True).values_list("pk", flat=True))
        assert set(Matter.objects.open_to(actor).values_list("pk", flat=True)) == seen
    assert set(Matter.objects.open_to(city.water_liaison)) == {
        kept[0],
        returned,
    }  # who gave it back still sees it
    assert set(Matter.objects.visible_to(city.water_liaison)) == {kept[0], kept[1], returned}


def test_the_closed_parts_together_are_what_visible_to_shows_of_the_closed(city: City) -> None:
    closed(city)
    add_closed(city, 3)
    city.problem()
    for actor in (city.clerk, city.head, city.chair, city.water_liaison, city.police_liaison, city.stranger):
        seen = set(Matter.objects.visible_to(actor).filter(is_open=False).values_list("pk", flat=True))
        parts = Matter.objects.all().closed_parts(actor)
        if parts:
            assert {pk for part in parts for pk in part.values_list("pk", flat=True)} == seen
    assert not Matter.objects.all().closed_parts(city.chair)  # who sees all needs one index
    assert len(Matter.objects.all().closed_parts(city.water_liaison)) == 3


def test_the_list_of_closed_ones_pages_through_all_of_them_newest_first(city: City) -> None:
    actor = city.water_liaison
    add_closed(city, 120)

    def shown(**query: str) -> ListPage:
        asked = {"show": "closed", **query}
        parts = closed_parts(actor, asked)
        assert len(parts) == 3
        return ListPage(
            RequestFactory().get("/", asked), matter_spec(of_closed=True), matter_rows(actor), parts=parts
        )

    pages = [shown()]
    while after := pages[-1].pages.get("next", {}).get("after"):
        pages.append(shown(after=after))
    found = [row.pk for page in pages for row in page.rows]
    rows = Matter.objects.visible_to(actor).filter(is_open=False).order_by("-closed_at", "pk")
    assert found == list(rows.values_list("pk", flat=True)) and len(found) == 120
    before = shown(before=pages[-1].pages["previous"]["before"])
    assert [row.pk for row in before.rows] == [row.pk for row in pages[-2].rows]
    assert {page.count_words for page in pages} == {"120"}


def test_assignments_know_whether_their_matter_is_open(city: City) -> None:
    matter = closed(city)
    assert not Assignment.objects.filter(matter=matter, of_open=True).exists()
    actions.reopen_matter(city.other_clerk, matter.pk, reason="复发")
    assert not Assignment.objects.filter(matter=matter, of_open=False).exists()
    assert Matter.objects.open_to(city.water_liaison).filter(pk=matter.pk).exists()


def test_the_board_counts_the_rows_of_its_parts(city: City) -> None:
    city.problem()
    actions.return_assignment(city.water_liaison, city.problem().pk, reason="不属职责")
    closed(city)
    for actor in (city.clerk, city.chair, city.water_liaison):
        counts = counts_of_waits(actor, 1_000)
        for wait in waits_in_pack():
            rows = WAITS[wait](Matter.objects.visible_to(actor).real())
            assert counts[wait] == rows.count(), wait
    assert is_of_open({"show": "open"}) and is_of_open({"wait": "verify", "show": "all"})
    assert not is_of_open({"show": "closed"}) and not is_of_open({"wait": "call"}) and not is_of_open({})
    assert not is_of_open({"show": "open", "entered": "wait"})  # results are entered back of closed ones too
