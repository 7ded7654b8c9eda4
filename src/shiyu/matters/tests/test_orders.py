"""Tables of other systems' work orders: what they do, what they refuse, and that a second time changes nothing."""

import io
from collections.abc import Iterator
from typing import Any

import pytest
import xlsxwriter
from django.core.files.storage import default_storage
from django.utils import translation

from shiyu.audit.models import AuditEntry
from shiyu.kernel.personal import Personal
from shiyu.kernel.spec.pack import Pack
from shiyu.lib import clock
from shiyu.lib.errors import Conflict, NotAllowed, NotVisible, UserError
from shiyu.lib.search_field import rows_with_old_words
from shiyu.matters import actions
from shiyu.matters.actions.orders import ask_to_take_orders, drop_orders, hand_in_orders, take_orders
from shiyu.matters.actions.orders.files import open_file
from shiyu.matters.actions.parties import look_up_phone, open_parties
from shiyu.matters.models import Matter, MatterKey, OrderBatch, OrderChange, Party, Step, WorkOrder
from shiyu.matters.queries.parties import reporters_of
from shiyu.matters.tests.city import City
from shiyu.matters.tests.order_city import (
    HEADS,
    ROW,
    OrderCity,
    both,
    checked,
    make_order_city,
    quiet,
    table,
    taken,
)
from shiyu.matters.tests.test_parties import rows_as_text
from shiyu.packs.models import PackVersion
from shiyu.packs.queries import content_of, current_pack, digest_of, forget_pack_in_force

PLANTED = ("欧阳试例", "13955550123", "试市东街九十九号")


@pytest.fixture
def here(city: City, files_elsewhere: None) -> Iterator[OrderCity]:
    with translation.override("en"):
        yield make_order_city(city)


def test_an_order_becomes_a_matter_where_it_lies(here: OrderCity) -> None:
    batch = taken(here, table({}))
    order = WorkOrder.objects.get(number="A001")
    matter = order.matter
    assert (batch.new, batch.state) == (1, "taken")
    assert (matter.title, matter.topic, matter.source, matter.unit) == (
        "路灯不亮",
        "lamps",
        "visit",
        here.east,
    )
    assert (matter.area, matter.fields) == (here.village, {"spot": "三组", "urgent": False})
    assert matter.code == "WT-2026-0001"
    assert str(order.deadline) == "2026-11-10 15:59:59+00:00"  # the end of that day in the city
    assert str(order.due_at) == str(order.deadline)
    assert order.given["渠道"] == "电话"
    assert Step.objects.get(matter_id=matter.pk).unit_name == "甲镇综治中心"
    assert rows_with_old_words(Matter) == []


def test_who_called_is_sealed_and_found_by_number(here: OrderCity) -> None:
    taken(here, table({}))
    matter = Matter.objects.get()
    everything = rows_as_text()
    assert [planted for planted in PLANTED if planted in everything] == []
    assert "女" not in everything
    assert reporters_of(matter)[0].words == "欧** 139****0123 ******"
    assert look_up_phone(here.centre_clerk, phone="139 5555 0123") == [matter]
    assert open_parties(here.centre_clerk, matter.pk, reason="核实")[0].address == "试市东街九十九号"


def test_the_same_table_again_changes_nothing_and_says_so(here: OrderCity) -> None:
    content = table({}, {"编号": "A002", "来电人": "", "电话": "", "住址": ""})
    taken(here, content)
    before = [Matter.objects.count(), Party.objects.count(), OrderChange.objects.count()]
    again = checked(here, content)
    assert (again.new, again.changed, again.unchanged, again.wrong) == (0, 0, 2, 0)
    with pytest.raises(UserError, match="here already"):
        ask_to_take_orders(here.clerk, again.pk, only_good=False)
    assert [Matter.objects.count(), Party.objects.count(), OrderChange.objects.count()] == before


def test_a_changed_cell_is_named_and_only_what_the_source_owns_is_updated(here: OrderCity) -> None:
    taken(here, table({}))
    matter = Matter.objects.get()
    actions.accept_matter(here.centre_clerk, matter.pk)
    changed = {"标题": "三盏路灯不亮", "镇": "乙镇", "电话": "13955550199", "期限": "2026-11-12"}
    batch = taken(here, table(changed))
    matter.refresh_from_db()
    order = matter.orders.get()
    assert (batch.new, batch.changed) == (0, 1)
    assert order.changes.get().heads == ["标题", "镇", "期限", "电话"]
    assert (matter.title, matter.unit, matter.state) == ("三盏路灯不亮", here.east, "accepted")
    assert matter.area is not None and matter.area.code == "990101002901"
    assert str(order.due_at) == "2026-11-12 15:59:59+00:00"
    party, key = Party.objects.get(), MatterKey.objects.get()
    assert key.open(party, Personal.PHONE) == "13955550199"
    assert look_up_phone(here.centre_clerk, phone="13955550123") == []
    assert rows_with_old_words(Matter) == []
    assert "13955550199" not in str(list(AuditEntry.objects.values_list("changes", flat=True)))


def test_an_ended_matter_keeps_its_words_and_its_callers_data(here: OrderCity) -> None:
    taken(here, table({}))
    Matter.objects.update(is_open=False, phase="closed", state="closed", closed_at="2026-11-02T02:00Z")
    batch = taken(here, table({"标题": "另一件事", "电话": "13955550199", "渠道": "网站"}))
    matter = Matter.objects.get()
    assert (batch.changed, matter.title, matter.orders.get().given["渠道"]) == (1, "路灯不亮", "网站")
    assert MatterKey.objects.get().open(Party.objects.get(), Personal.PHONE) == "13955550123"
    assert checked(here, table({"标题": "另一件事", "电话": "13955550199", "渠道": "网站"})).unchanged == 1


WRONG: list[tuple[dict[str, str], str, str]] = [
    ({"编号": ""}, "编号", "no number"),
    ({"标题": "", "内容": ""}, "标题", "title"),
    ({"类别": "其他->未知"}, "类别", "not known"),
    ({"电话": "无此号"}, "电话", "not a phone number"),
    ({"区": "西区"}, "区", "no such place"),
    ({"镇": "丙镇"}, "镇", "no such place"),
    ({"紧急": "马上"}, "紧急", "not known"),
    ({"小区": "很" * 31}, "小区", "longer than 30"),
    ({"期限": "下周"}, "期限", "not a time"),
    ({"编号": "B" * 81}, "编号", "longer than 80"),
    ({"来电人": "名" * 61}, "来电人", "longer than 60"),
]


@pytest.mark.parametrize(("cells", "head", "words"), WRONG)
def test_a_wrong_cell_is_refused_with_row_and_column(
    here: OrderCity, cells: dict[str, str], head: str, words: str
) -> None:
    batch = checked(here, table({"编号": "A000"}, cells))
    assert (batch.new, batch.wrong) == (1, 1)
    sheet, row, column, said = batch.findings["faults"][0]
    assert (sheet, row, column) == ("", 3, head)
    assert words in said
    assert not any(value and value in said for value in cells.values() if value not in ("很", "B"))
    with pytest.raises(UserError, match="Some rows are wrong"):
        ask_to_take_orders(here.clerk, batch.pk, only_good=False)
    assert Matter.objects.count() == 0


def test_the_good_rows_alone_only_where_somebody_says_so(here: OrderCity) -> None:
    content = table({"编号": "A000"}, {"编号": "A001", "镇": "丙镇"})
    batch = taken(here, content, only_good=True)
    assert (batch.new, batch.wrong) == (1, 1)
    assert list(WorkOrder.objects.values_list("number", flat=True)) == ["A000"]


def test_a_number_twice_in_one_table_is_wrong(here: OrderCity) -> None:
    batch = checked(here, table({}, {"标题": "又一次"}))
    assert batch.findings["faults"][0][:3] == ["", 3, "编号"]
    assert "row 2" in batch.findings["faults"][0][3]


def test_columns_missing_or_no_header_say_which(here: OrderCity) -> None:
    with pytest.raises(UserError, match="期限"):
        checked(here, table({}, heads=[head for head in HEADS if head != "期限"]))
    with pytest.raises(UserError, match="编号"):
        checked(here, "甲,乙\n1,2\n".encode())
    assert (
        checked(here, table({}, heads=[head for head in HEADS if head not in ("渠道", "答复", "性别")])).new
        == 1
    )


def test_what_became_wrong_after_the_check_is_refused_whole(here: OrderCity) -> None:
    batch = checked(here, table({"编号": "A000"}, {}))
    ask_to_take_orders(here.clerk, batch.pk, only_good=False)
    here.village.delete()
    here.east.area.__class__.objects.filter(name="甲镇").update(valid_to="2026-11-01")
    with pytest.raises(UserError, match="Row 2 became wrong"):
        take_orders(here.clerk, batch.pk, quiet)
    assert (Matter.objects.count(), WorkOrder.objects.count()) == (0, 0)


def test_gb18030_a_mark_and_excel_say_the_same(here: OrderCity) -> None:
    plain = table({}, {"编号": "A002", "标题": "=1+1"}).decode()
    assert taken(here, plain.encode("gb18030")).new == 2
    assert checked(here, plain.encode("utf-8-sig")).unchanged == 2
    rows = [dict(ROW), ROW | {"编号": "A002", "标题": "=1+1"}]
    assert checked(here, workbook(rows), "工单.xlsx").unchanged == 2
    assert Matter.objects.filter(title="=1+1").exists()


def workbook(rows: list[dict[str, Any]]) -> bytes:
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"strings_to_formulas": False})
    sheet = book.add_worksheet("导出")
    for place, head in enumerate(HEADS):
        sheet.write_string(0, place, head)
        for number, row in enumerate(rows, start=1):
            sheet.write_string(number, place, row[head])
    book.close()
    return buffer.getvalue()


def test_masked_callers_say_nothing(here: OrderCity) -> None:
    taken(here, table({"来电人": "欧**", "电话": "139****0123", "住址": "******"}))
    assert Party.objects.count() == 0
    taken(here, table({}))
    assert Party.objects.count() == 1
    assert checked(here, table({"来电人": "欧**", "电话": "139****0123", "住址": "******"})).unchanged == 1


def test_another_centres_order_is_left_alone(here: OrderCity) -> None:
    taken(here, table({"镇": "乙镇"}))
    batch = checked(here, table({"标题": "改了"}, {"编号": "A009"}), actor=here.centre_clerk)
    assert (batch.elsewhere, batch.new, batch.changed) == (1, 1, 0)


def test_who_has_no_desk_hands_nothing_in(here: OrderCity) -> None:
    with pytest.raises(NotAllowed):
        hand_in_orders(
            here.city.water_liaison, source="hotline", unit_id=here.east.pk, name="a.csv", content=table({})
        )
    batch = checked(here, table({}))
    with pytest.raises(NotVisible):
        drop_orders(here.centre_clerk, batch.pk)
    with pytest.raises(UserError, match="your own units"):
        hand_in_orders(
            here.centre_clerk, source="hotline", unit_id=here.west.pk, name="a.csv", content=table({})
        )


def test_the_file_is_sealed_and_goes(here: OrderCity, django_capture_on_commit_callbacks: Any) -> None:
    batch = checked(here, table({}))
    with default_storage.open(batch.stored) as file:
        kept = file.read()
    assert not any(planted.encode() in kept for planted in PLANTED)
    assert open_file(batch) == table({})
    with django_capture_on_commit_callbacks(execute=True):
        drop_orders(here.clerk, batch.pk)
    batch.refresh_from_db()
    assert (batch.stored, batch.wrapped, batch.state, batch.findings) == ("", "", "dropped", {})
    assert default_storage.listdir("orders")[1] == []
    with pytest.raises(Conflict):
        ask_to_take_orders(here.clerk, batch.pk, only_good=False)


def test_a_table_is_taken_over_once(here: OrderCity) -> None:
    batch = taken(here, table({}))
    with pytest.raises(Conflict):
        take_orders(here.clerk, batch.pk, quiet)
    with pytest.raises(Conflict):
        ask_to_take_orders(here.clerk, batch.pk, only_good=True)
    assert OrderBatch.objects.get().state == "taken"


def test_what_the_form_asks_with_a_later_verb_is_not_asked_of_a_table(here: OrderCity) -> None:
    """As filing one by one: the lead unit answers it when it reports the matter done."""
    pack = current_pack().model_dump(by_alias=True, mode="json")
    pack["kind"]["problem"]["form"]["opinion"] = {
        "label": both("意见", "Opinion"),
        "type": "long_text",
        "required": True,
        "asked_with": "complete",
    }
    content = content_of(Pack.model_validate(pack))
    PackVersion.objects.create(
        code="probe", version="3", digest=digest_of(content), content=content, in_force_since=clock.now()
    )
    forget_pack_in_force()
    batch = taken(here, table({}))
    assert (batch.new, batch.wrong) == (1, 0)


def test_a_mark_of_secrecy_is_refused(here: OrderCity) -> None:
    with pytest.raises(UserError, match="secrecy"):
        checked(here, table({}), "机密★工单.csv")
    with pytest.raises(UserError, match="secrecy"):
        checked(here, ("机密★1年\n".encode() + table({})))
