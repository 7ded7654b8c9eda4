"""How a table of another system must look, what is kept of it and for how long, and tables taken over side by side."""

import io
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from zipfile import ZipFile

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from shiyu.audit.models import JobRun
from shiyu.kernel.actor import SYSTEM
from shiyu.lib import clock
from shiyu.lib.errors import UserError
from shiyu.matters.actions.orders import (
    ask_to_take_orders,
    forget_order_files,
    hand_in_orders,
    take_orders,
)
from shiyu.matters.actions.orders import work as order_work
from shiyu.matters.actions.orders.plan import CHANGED, Planner
from shiyu.matters.forms.matters import place_choices
from shiyu.matters.models import Matter, OrderBatch, OrderChange, WorkOrder
from shiyu.matters.queries.order_layout import layout_of, layouts, template
from shiyu.matters.tests.city import City
from shiyu.matters.tests.conftest import SignIn, text_of
from shiyu.matters.tests.order_city import (
    HEADS,
    ROW,
    OrderCity,
    checked,
    make_order_city,
    quiet,
    table,
    taken,
)
from shiyu.packs.queries import one_pack
from shiyu.places.models import Area
from shiyu.reading.rows import Rows, read_rows

WEEK = timedelta(days=7)


@pytest.fixture
def here(city: City, files_elsewhere: None) -> Iterator[OrderCity]:
    with translation.override("en"):
        yield make_order_city(city)


def test_the_import_page_shows_each_column_and_offers_an_empty_table(
    here: OrderCity, sign_in: SignIn
) -> None:
    client = sign_in(here.clerk)
    page = text_of(client.get(reverse("order_import")))
    assert "下载空表" in page
    assert "只能填：紧急、一般。" in page
    address = reverse("order_template", args=["hotline"])
    answer = client.get(address)
    assert ".xlsx" in answer["Content-Disposition"]
    assert ZipFile(io.BytesIO(answer.content)).testzip() is None
    assert client.get(reverse("order_template", args=["nowhere"])).status_code == 404
    assert sign_in(here.city.water_liaison).get(address).status_code == 403


def test_the_columns_say_what_the_pack_asks(here: OrderCity) -> None:
    [layout] = layouts()
    columns = {column.head: column for column in layout.columns}
    assert list(columns) == HEADS
    assert [head for head, column in columns.items() if not column.is_needed] == ["性别", "渠道", "答复"]
    assert columns["编号"].asks.startswith("Every row fills it in.")
    assert columns["标题"].asks.startswith("Filled in, or taken from “内容”.")
    assert columns["类别"].asks == "Every row fills it in. One of: 路灯、道路."
    assert "2026-11-20 09:30" in columns["期限"].asks
    assert (columns["小区"].holds, columns["小区"].asks) == ("Spot", "")


def test_a_table_filled_in_from_the_empty_one_is_taken(here: OrderCity) -> None:
    layout = layout_of("hotline")
    assert layout is not None
    sheets = read_rows(template(layout), "空表.xlsx")
    assert checked(here, template(layout), "空表.xlsx").rows == 0
    first = sheets[0]
    filled = [Rows(first.sheet, [*first.rows, [ROW[head] for head in HEADS]]), *sheets[1:]]
    plan = Planner(here.clerk, "hotline", here.city.office)
    assert [line.did for lines in plan.lines(filled) for line in lines] == ["new"]


def test_all_missing_columns_are_named_at_once(here: OrderCity) -> None:
    lacking = [head for head in HEADS if head not in ("编号", "期限")]
    with pytest.raises(UserError) as without_number:
        checked(here, table({}, heads=lacking))
    assert "Row 1: columns are missing: 编号、期限." in str(without_number.value)
    with pytest.raises(UserError) as doubled:
        checked(here, table({}, heads=[*(head for head in HEADS if head != "期限"), "标题"]))
    assert "missing: 期限." in str(doubled.value)
    assert "twice: 标题." in str(doubled.value)
    with pytest.raises(UserError) as nothing:
        checked(here, "甲,乙\n1,2\n".encode())
    assert all(head in str(nothing.value) for head in HEADS if head not in ("性别", "渠道", "答复"))


def test_what_is_missing_is_said_of_every_sheet(here: OrderCity) -> None:
    sheets = [
        Rows(name, [[head for head in HEADS if head != lacks]])
        for name, lacks in (("一", "期限"), ("二", "区"))
    ]
    with pytest.raises(UserError) as error:
        list(Planner(here.clerk, "hotline", here.city.office).lines([*sheets, Rows("说明", [["随便"]])]))
    assert "Sheet “一”, row 1: columns are missing: 期限." in str(error.value)
    assert "Sheet “二”, row 1: columns are missing: 区." in str(error.value)
    assert "说明" not in str(error.value)


def test_a_header_far_down_is_found_and_one_that_comes_again_is_no_order(here: OrderCity) -> None:
    preamble = "说明\n" * 40
    twice = preamble.encode() + table({}) + table({"编号": "A002"})
    batch = checked(here, twice)
    assert (batch.new, batch.wrong, batch.rows) == (2, 0, 2)
    assert [row for _sheet, row, *_rest in batch.findings["new"]] == [42, 44]


def test_a_mark_of_secrecy_far_down_is_found(here: OrderCity) -> None:
    rows = [{"编号": f"A{number:03d}"} for number in range(40)]
    with pytest.raises(UserError, match="Row 42 of the table carries a mark of secrecy"):
        checked(here, table(*rows) + "机密★1年\n".encode())


def test_what_was_shown_of_a_table_goes_after_seven_days(here: OrderCity) -> None:
    batch = taken(here, table({}, {"编号": "A002", "镇": "丙镇"}), only_good=True)
    assert "new" not in batch.findings  # they are matters now
    assert len(batch.findings["faults"]) == 1
    assert forget_order_files(SYSTEM, clock.now() - WEEK) == 0
    assert forget_order_files(SYSTEM, clock.now() + timedelta(hours=1)) == 1
    batch.refresh_from_db()
    assert (batch.findings, batch.state, batch.new, batch.wrong) == ({}, "taken", 1, 1)


def test_a_file_whose_hand_in_failed_does_not_stay(here: OrderCity, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*given: Any, **more: Any) -> None:
        raise OSError("the queue is away")

    monkeypatch.setattr("shiyu.matters.actions.orders.batches.start_work", broken)
    with pytest.raises(OSError, match="queue"):
        hand_in_orders(
            here.clerk, source="hotline", unit_id=here.city.office.pk, name="a.csv", content=table({})
        )
    assert OrderBatch.objects.count() == 0
    assert default_storage.listdir("orders")[1] == []


def test_a_file_that_belongs_to_no_table_is_swept_away(
    here: OrderCity, django_capture_on_commit_callbacks: Any
) -> None:
    assert forget_order_files(SYSTEM, clock.now()) == 0  # no folder yet
    kept = checked(here, table({}))
    OrderBatch.objects.filter(pk=kept.pk).update(created_at=clock.now() + timedelta(days=9999))
    lost = default_storage.save("orders/lost.sealed", ContentFile(b"x"))
    stored = default_storage.get_modified_time(lost)
    assert forget_order_files(SYSTEM, stored - timedelta(minutes=1)) == 0  # somebody may be handing it in
    with django_capture_on_commit_callbacks(execute=True):
        assert forget_order_files(SYSTEM, stored + timedelta(minutes=1)) == 1
    assert not default_storage.exists(lost)
    assert default_storage.exists(kept.stored)


def test_work_cut_off_after_its_end_is_done(
    here: OrderCity, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The worker is killed between the commit and saying so; later the same work is asked for once more."""
    client, actors = sign_in(here.clerk), {here.clerk.user_id: here.clerk}
    monkeypatch.setattr(order_work, "actor_of", lambda user: actors[user.pk])
    batch = checked(here, table({}))
    ask_to_take_orders(here.clerk, batch.pk, only_good=False)
    run = JobRun.objects.get(pk=OrderBatch.objects.get().run_id)
    JobRun.objects.filter(pk=run.pk).update(state="running")
    result = order_work.take(run, lambda done, total: None)  # type: ignore[arg-type]
    run.refresh_from_db()
    assert (run.state, run.result) == ("done", result)
    assert order_work.take(run, lambda done, total: None) == result  # type: ignore[arg-type]
    assert Matter.objects.count() == 1
    # What an older version left behind as failed.
    JobRun.objects.filter(pk=run.pk).update(state="failed", error="The worker was stopped in the middle")
    page = text_of(client.get(reverse("order_batch", args=[batch.pk])))
    assert "已导入" in page
    assert "stopped in the middle" not in page


def test_an_order_is_compared_again_once_it_is_held(here: OrderCity, monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody closes the matter, and another table changes the order, between reading and locking."""
    taken(here, table({}, {"编号": "A002"}))
    ask_to_take_orders(
        here.clerk, checked(here, table({"标题": "甲"}, {"编号": "A002", "标题": "乙"})).pk, only_good=False
    )
    held = WorkOrder.objects.get(number="A001").matter_id
    read, times = Planner._compared, []

    def late(self: Planner, *given: Any) -> Any:
        lines = read(self, *given)
        times.append([line.did for line in lines])
        if len(times) == 1:
            Matter.objects.filter(pk=held).update(
                is_open=False, phase="closed", state="closed", closed_at=clock.now()
            )
            other = WorkOrder.objects.get(number="A002")
            WorkOrder.objects.filter(pk=other.pk).update(given=other.given | {"标题": "乙"})
        return lines

    monkeypatch.setattr(Planner, "_compared", late)
    take_orders(here.clerk, OrderBatch.objects.get(state="taking").pk, quiet)
    assert times == [[CHANGED, CHANGED], [CHANGED, "unchanged"]]
    assert Matter.objects.get(pk=held).title == "路灯不亮"  # ended: it keeps its words
    assert OrderChange.objects.count() == 1


def test_changes_are_written_in_as_many_statements_for_many_as_for_few(here: OrderCity) -> None:
    def queries(count: int) -> int:
        rows = [{"编号": f"{count}-{number}"} for number in range(count)]
        taken(here, table(*rows))
        changed = [row | {"标题": "改了", "电话": "13955550188"} for row in rows]
        ask_to_take_orders(here.clerk, checked(here, table(*changed)).pk, only_good=False)
        with one_pack(), CaptureQueriesContext(connection) as captured:
            take_orders(here.clerk, OrderBatch.objects.get(state="taking").pk, quiet)
        return len(captured)

    assert queries(2) == queries(20)


def test_a_caller_who_comes_later_is_written_down_with_the_others(here: OrderCity) -> None:
    nobody = {"来电人": "", "电话": "", "住址": ""}
    taken(here, table(nobody, nobody | {"编号": "A002"}))
    assert taken(here, table({}, {"编号": "A002"})).changed == 2
    orders = list(WorkOrder.objects.select_related("party"))
    assert [order.party is not None and order.party.pin_hash for order in orders] == ["!", "!"]
    assert checked(here, table({}, {"编号": "A002"})).unchanged == 2


def test_a_place_whose_end_lies_ahead_is_in_force_until_then(here: OrderCity) -> None:
    here.village.valid_to = clock.today() + timedelta(days=30)
    here.village.save()
    batch = taken(here, table({}))
    assert (batch.new, batch.wrong) == (1, 0)
    assert Matter.objects.get().area == here.village
    assert here.village in Area.objects.in_force()
    assert here.village not in Area.objects.in_force(here.village.valid_to + timedelta(days=1))
    assert str(here.village.pk) in dict(place_choices([here.east.pk]))
