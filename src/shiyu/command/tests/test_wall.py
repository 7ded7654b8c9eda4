"""The wall: marks from locked rows, the live month, numbers that open their rows, who may see it."""

import re
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from shiyu.command.queries.columns import Column
from shiyu.command.queries.figures import live_figures, locked_figures
from shiyu.command.queries.wall import Filter, Wall, filtered, tiles_by_level, wall_of
from shiyu.packs.queries import one_pack
from shiyu.people.models import Unit
from shiyu.periods.models import Figure
from shiyu.plans.models import Duty, Edition, Task
from shiyu.plans.tests.conftest import City, duty, task
from shiyu.plans.tests.reporting import at


def by_number(wall: Wall) -> dict[str, Column]:
    return {column.number: column for column in wall.columns}


def test_a_locked_month_shows_what_was_locked(march: City) -> None:
    wall = wall_of()
    columns = by_number(wall)
    assert wall.months.shown is not None and wall.months.shown.code == "2026-03"
    assert {number: column.mark for number, column in columns.items()} == {
        "1": "done",
        "2": "behind",
        "3": "late",
    }
    assert columns["1"].months[2] == "done" and columns["3"].months[2] == "late"
    assert columns["3"].state.workdays_overdue == 7  # 23 to 31 March without the weekend
    assert wall.selected is columns["3"]
    assert wall_of(task="2").selected.number == "2"  # type: ignore[union-attr]


def test_what_happens_after_the_lock_changes_only_the_live_month(march: City, issued: Edition) -> None:
    Duty.objects.filter(task__key="t3", role="lead").update(done_on=date(2026, 4, 8))
    assert by_number(wall_of())["3"].mark == "late"
    live = by_number(wall_of("live"))
    assert live["3"].mark == "done"
    assert live["3"].months[2:4] == ["late", "done"]
    assert live["1"].months[2:4] == ["done", ""]  # done before: the column ends there
    Unit.objects.filter(code="police").update(short_name="改名")
    assert "改名" not in str(wall_of().columns)


def test_an_open_task_points_to_its_planned_month(march: City, issued: Edition) -> None:
    Duty.objects.filter(task__key="t2").update(due_on=date(2026, 6, 30))
    with at(4, 10):
        months = by_number(wall_of("live"))["2"].months
    assert months[4:7] == ["bar", "plan", ""]
    Duty.objects.filter(task__key="t2").update(due_on=date(2027, 6, 30))
    assert by_number(wall_of("live"))["2"].months[4:] == ["bar"] * 8


def test_parts_of_a_split_task_share_one_column(city: City, issued: Edition) -> None:
    parent = task(issued, "t3")
    for at_place, due_on in enumerate((date(2026, 3, 1), date(2026, 9, 1)), start=1):
        part = Task.objects.create(
            edition=issued, key=f"t3-{at_place}", number=f"3.{at_place}", position=900 + at_place, title="分项",
            parent=parent, block=parent.block,
        )  # fmt: skip
        Duty.objects.create(task=part, unit=city.units["housing"], role="lead", due_on=due_on)
    Duty.objects.filter(task=parent).delete()
    with at(4, 10):
        columns = by_number(wall_of("live"))
    assert list(columns) == ["1", "2", "3"]
    assert columns["3"].mark == "late" and columns["3"].due_on == date(2026, 9, 1)
    assert columns["3"].task_id == parent.pk and len(columns["3"].leads) == 1


def test_every_number_opens_as_many_rows(march: City) -> None:
    for code in ("", "live"):
        wall = wall_of(code)
        day = wall.months.day
        for mark, count in wall.counts:
            assert len(filtered(wall.columns, Filter(mark=mark), day)) == count
        for block in wall.blocks:
            for mark, count in block.counts:
                assert len(filtered(wall.columns, Filter(mark=mark, block=block.key), day)) == count
        for tile in wall.units:
            wanted = Filter(unit=str(tile.unit_id), role="supporting")
            assert len(filtered(wall.columns, wanted, day)) == tile.supported
    for line in live_figures(wall, march.actor("clerk")):
        if line.due is not None and "%" not in line.text:
            assert len(filtered(wall.columns, Filter(due=line.due), day)) == int(line.text), line.label


def test_locked_figures_name_the_figure_behind_them(march: City) -> None:
    shown = wall_of().months.shown
    assert shown is not None
    lines = {line.figure_id: line for line in locked_figures(shown)}
    due = Figure.objects.get(revision=shown.locked_revision, unit=None, measure="tasks_due")
    assert lines[due.pk].text == "2"
    assert all(line.figure_id or line.text == "—" for line in lines.values())


def test_units_stand_by_protocol_with_those_below_folded_in(march: City, issued: Edition) -> None:
    room = march.units["police_room"]
    Duty.objects.create(task=task(issued, "t2"), unit=room, role="supporting")
    tiles = wall_of("live").units
    assert [tile.order for tile in tiles] == sorted(tile.order for tile in tiles)
    own, below = tiles_by_level(tiles)
    assert [tile.unit_id for tile in below] == [room.pk]
    assert len(own) + 1 == len(tiles)
    police = next(tile for tile in own if tile.unit_id == march.unit("police"))
    assert [column.number for column in police.led] == ["1"] and police.supported == 0


@pytest.mark.parametrize("code", ["", "live"])
def test_queries_do_not_grow_with_the_plan(march: City, issued: Edition, code: str) -> None:
    def count() -> int:
        with one_pack(), CaptureQueriesContext(connection) as captured:
            wall = wall_of(code)
            tiles_by_level(wall.units)
            if wall.months.shown:
                locked_figures(wall.months.shown)
            else:
                live_figures(wall, actor)
        return len(captured)

    actor = march.actor("clerk")
    assert actor.has("plan.view")
    few = count()
    first = duty(issued, "t2", march.units["justice"])
    for at_place in range(40):
        row = Task.objects.create(
            edition=issued, key=f"x{at_place}", number=str(at_place + 4), position=1000 + at_place, title="更多",
            block=first.task.block,
        )  # fmt: skip
        Duty.objects.create(task=row, unit=first.unit, role="lead")
    assert few == count() <= 13
    assert len(wall_of("live").columns) == 43


def test_the_page_shows_marks_strips_and_units(march: City) -> None:
    page = march.client("clerk").get("/wall/").content.decode()
    assert page.count("data-detail-of=") == 3 and page.count('<div class="selb" data-detail-of="3">') == 1
    assert len(re.findall(r'data-task="2"', page)) == 13  # twelve months and the line of the month's end
    assert "style=" not in page and "<script>" not in page
    assert "/make/" in page  # the meeting pack, from a locked month
    live = march.client("clerk").get("/wall/?month=live").content.decode()
    assert "/make/" not in live
    assert "/make/" not in march.client("reader").get("/wall/").content.decode()


def test_the_table_and_the_paper_show_the_same_month(march: City) -> None:
    client = march.client("clerk")
    late = client.get("/wall/?view=table&mark=late")
    assert [column.number for column in late.context["rows"]] == ["3"]
    nothing = client.get("/wall/?view=table&unit=nonsense")
    assert nothing.status_code == 200 and nothing.context["rows"] == []
    paper = client.get("/wall/?print=1").content.decode()
    assert 'class="print"' in paper and "2026" in paper and "data-wall" not in paper


def test_who_may_see_it(march: City) -> None:
    assert march.client("reader").get("/wall/").status_code == 200
    march.users["reader"].appointments.all().delete()
    assert march.client("reader").get("/wall/").status_code == 404


def test_signed_out_people_are_sent_to_sign_in(client) -> None:  # type: ignore[no-untyped-def]
    assert client.get("/wall/").status_code == 302


def test_without_a_plan_it_says_so(city: City) -> None:
    for query in ("", "?view=table", "?print=1", "?month=2031-01"):
        page = city.client("clerk").get(f"/wall/{query}")
        assert page.status_code == 200 and page.context["wall"].columns == []
        assert 'class="mx' not in page.content.decode()
