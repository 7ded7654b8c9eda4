"""Work orders of other systems in the Lijiang pack: both real column layouts, taken in and given back (domain.md 1.6)."""

import csv
import io
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from shiyu.demo.cast import Cast
from shiyu.kernel.actor import Actor
from shiyu.lib import clock
from shiyu.matters.actions.orders import ask_to_take_orders, check_orders, hand_in_orders, take_orders
from shiyu.matters.models import Matter, OrderBatch, WorkOrder
from shiyu.matters.queries.order_export import exported
from shiyu.matters.queries.orders import orders_of
from shiyu.packs.check import check_folder
from shiyu.packs.queries import current_pack
from shiyu.seeding import load_city
from tests.test_lijiang import LIJIANG, TODAY

BEIJING = "工单编号,工单类型,问题分类,标签,标题,主要内容,工单状态,来电人,来电人电话/账号,被反映区,被反映街乡镇,办理结果,回复内容,处理受理方式,来电/受理时间,办结时间,企业名称,是否解决,是否满意,工单性质(主办/协办/转办),村/社区,小区点位"
DISTRICT = "工单编号,工单标题,诉求内容,诉求类型,区交办时间,区交办办结期限,诉求渠道,诉求归口,紧急程度,工单状态,求助人员,求助号码,性别,事件发生地,诉求详细地址,是否疑难,是否协办,市交办主办单位,市交办协办单位,市交办时间,市交办办结期限"
"""The heads as domain.md 1.6 found them."""
CITY_ROW = "HL20261101001,求助,道路交通->道路养护->坑洼,热点,村道坑洼,金沙社区入口坑洼积水。,已派单,和某（化名）,13900000001,古城区,大研街道,,,电话,2026-11-01 09:20:00,,,,,主办,金沙社区,金沙社区活动室旁"
DISTRICT_ROW = "QX20261101007,夜间音响扰民,夜里外放音响，无法休息。,投诉,2026/11/01 10:00,2026/11/10 18:00,网站,生态环境,紧急,交办,木某（化名）,13900000002,女,丽江市-古城区-大研街道-金沙社区,金沙社区9号,否,否,市生态环境局,,2026/11/01 08:30,2026/11/15 18:00"


def quiet(done: int, total: int) -> None:
    """Progress that nobody looks at."""


@pytest.fixture
def desk(db: None, settings: Any, tmp_path: Path) -> Iterator[Actor]:
    options = {"location": tmp_path / "files"}
    store = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": options}
    settings.STORAGES = settings.STORAGES | {"default": store}
    with clock.frozen(TODAY):
        load_city(LIJIANG, password=None)
        yield Cast().office("matter.dispatch", "matter.file", "matter.view_all")


def taken(desk: Actor, source: str, *lines: str) -> OrderBatch:
    unit_id = min(desk.units_with("matter.dispatch"))
    content = "\n".join(lines).encode("gb18030")
    batch = hand_in_orders(desk, source=source, unit_id=unit_id, name="工单.csv", content=content)
    batch = check_orders(desk, batch.pk, quiet)
    assert batch.findings["faults"] == []
    if batch.new or batch.changed:
        ask_to_take_orders(desk, batch.pk, only_good=False)
        take_orders(desk, batch.pk, quiet)
    return OrderBatch.objects.get(pk=batch.pk)


def test_both_layouts_are_the_real_ones() -> None:
    pack = yaml.safe_load((LIJIANG / "orders.yaml").read_text(encoding="utf-8"))["order_source"]
    assert ",".join(pack["city_hotline"]["columns"]) == BEIJING
    assert ",".join(pack["county_dispatch"]["columns"]) == DISTRICT


def test_both_layouts_come_in_and_go_out(desk: Actor) -> None:
    taken(desk, "city_hotline", BEIJING, CITY_ROW)
    taken(desk, "county_dispatch", DISTRICT, DISTRICT_ROW)
    _goes_to_the_centre_of_its_town()
    _carries_two_deadlines_and_no_sex()
    Matter.objects.update(
        is_open=False,
        phase="closed",
        state="closed",
        outcome="done",
        progress="已修补。",
        closed_at=clock.now(),
    )
    for source, heads in (("city_hotline", BEIJING), ("county_dispatch", DISTRICT)):
        text = exported(desk, source, "csv", "", "", told=quiet).content.decode("utf-8-sig")
        assert next(iter(csv.reader(io.StringIO(text)))) == heads.split(",")
        assert taken(desk, source, *text.splitlines()).unchanged == 1
        card = orders_of(Matter.objects.get(orders__source=source))[0]
        assert [line.head for line in card.reply] == list(current_pack().order_source[source].reply)
        assert "已修补。" in card.whole


def _goes_to_the_centre_of_its_town() -> None:
    order = WorkOrder.objects.get(source="city_hotline")
    matter = order.matter
    assert (matter.kind, matter.topic, matter.source) == ("request", "roads", "hotline")
    assert matter.unit.area is not None
    assert matter.area is not None
    assert (matter.title, matter.unit.area.name, matter.area.name) == ("村道坑洼", "大研街道", "金沙社区")
    assert order.given["标签"] == "热点"


def _carries_two_deadlines_and_no_sex() -> None:
    order = WorkOrder.objects.get(source="county_dispatch")
    days = [
        clock.local(m).date().isoformat() for m in (order.deadline, order.upper_deadline, order.due_at) if m
    ]
    assert days == ["2026-11-10", "2026-11-15", "2026-11-10"]
    assert order.matter.fields == {"urgent": True}
    assert "性别" not in order.given
    assert "女" not in str(order.given)


SHAPE = [
    ("{{outcome}}", "{{wish}}", "a reply knows no {{wish}}"),
    ('"%Y/%m/%d %H:%M", "%Y-%m-%d %H:%M:%S"', '"%H:%M"', "needs %Y, %m and %d"),
    ("{to: drop}", "{to: shred}", "to cannot be shred (there are number,"),
]
MEANING = [
    ("group: town_centres", "group: nobody", "there is no unit_group nobody"),
    ("source: hotline", "source: pigeon", "one of the list matter_source"),
    ("道路交通: roads", "道路交通: rods", "there is no rods in its list"),
    ("field: place", "field: spot", "no field spot"),
    ("标题: {to: title}", "标题: {to: keep}", "no column holds the title"),
    ("标签: {to: keep}", "标签: {to: number}", "stands in one column only"),
    ('办结时间: "{{finished_at}}"', '完成时间: "{{finished_at}}"', "does not say what goes into 办结时间"),
    (
        "kind: request\n    source: forwarded",
        "kind: complaint\n    source: forwarded",
        "there is no kind complaint",
    ),
]


@pytest.mark.parametrize("changes", [SHAPE, MEANING])
def test_a_wrong_layout_is_named_with_file_and_line(
    tmp_path: Path, changes: list[tuple[str, str, str]]
) -> None:
    folder = Path(shutil.copytree(LIJIANG, tmp_path / "lijiang"))
    text = (folder / "orders.yaml").read_text(encoding="utf-8")
    for old, new, _said in changes:
        assert old in text
        text = text.replace(old, new, 1)
    (folder / "orders.yaml").write_text(text, encoding="utf-8")
    errors = [error.text("en") for error in check_folder(folder)]
    for _old, _new, said in changes:
        assert any(said in error and re.match(r"orders.yaml:\d+:", error) for error in errors), (said, errors)
    assert all(int(error.split(":")[1]) > 1 for error in errors if error.startswith("orders.yaml:"))


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (
            "    reporter: optional",
            "    reporter: optional\n    personal: true",
            "whole account of request is sealed",
        ),
        (
            "place: {",
            "place: {personal: true, ",
            "the field place is sealed (personal); a table cannot fill it",
        ),
    ],
)
def test_a_table_is_no_way_in_for_what_is_sealed(tmp_path: Path, old: str, new: str, said: str) -> None:
    folder = Path(shutil.copytree(LIJIANG, tmp_path / "lijiang"))
    file = folder / "kinds" / "request.yaml"
    text = file.read_text(encoding="utf-8")
    assert text.count(old) == 1
    file.write_text(text.replace(old, new), encoding="utf-8")
    errors = [error.text("en") for error in check_folder(folder)]
    assert any(said in error and error.startswith("orders.yaml:") for error in errors), errors


def test_without_its_source_no_order_comes_in(db: None, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(LIJIANG, tmp_path / "lijiang"))
    (folder / "orders.yaml").unlink()
    assert check_folder(folder) == []
    with clock.frozen(TODAY):
        load_city(folder, password=None)
        desk = Cast().office("matter.dispatch", "matter.file", "matter.view_all")
        with pytest.raises(Exception, match="工单来源系统"):
            taken(desk, "city_hotline", BEIJING, CITY_ROW)
