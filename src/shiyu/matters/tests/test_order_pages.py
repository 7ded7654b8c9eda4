"""Pages of other systems' orders through HTTP: the way of a table, results entered back, replies, exports."""

import csv
import io
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import translation

from shiyu.audit.jobs import run_one
from shiyu.audit.models import JobRun
from shiyu.kernel.orders import read_moment
from shiyu.lib.errors import NotAllowed, UserError
from shiyu.matters import actions
from shiyu.matters.actions.orders import enter_order, note_order
from shiyu.matters.actions.orders import work as order_work
from shiyu.matters.jobs import tell_orders_imported
from shiyu.matters.models import Matter, OrderBatch, WorkOrder
from shiyu.matters.queries.order_export import exported
from shiyu.matters.queries.orders import enter_back_for_desk, orders_of
from shiyu.matters.tests.city import City
from shiyu.matters.tests.conftest import SignIn, text_of
from shiyu.matters.tests.order_city import OrderCity, checked, make_order_city, quiet, table, taken
from shiyu.notices.models import Notice
from shiyu.people.models import User

PLANTED = ("欧阳试例", "13955550123", "试市东街九十九号")


@pytest.fixture
def here(city: City, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch) -> Iterator[OrderCity]:
    place = make_order_city(city)
    actors = {place.clerk.user_id: place.clerk, place.centre_clerk.user_id: place.centre_clerk}
    monkeypatch.setattr(order_work, "actor_of", lambda user: actors[user.pk])
    yield place


def run_jobs() -> list[JobRun]:
    """What the worker would do now."""
    for run in JobRun.objects.filter(state="waiting").order_by("pk"):
        run_one(str(run.pk))
    return list(JobRun.objects.order_by("pk"))


def handled(here: OrderCity, matter: Matter) -> None:
    """Accepted, sent to the water board, done there."""
    actions.accept_matter(here.centre_clerk, matter.pk)
    actions.dispatch_matter(here.centre_clerk, matter.pk, unit_id=here.city.water.pk)
    actions.acknowledge_assignment(here.city.water_liaison, matter.pk)
    Matter.objects.filter(pk=matter.pk).update(phase="verifying", state="checking")
    matter.assignments.update(result="已更换灯泡。", active=False, ended="done", done_at="2026-11-03T02:00Z")


def test_a_table_from_the_form_to_the_matters(here: OrderCity, sign_in: SignIn) -> None:
    client = sign_in(here.centre_clerk)
    content = table({}, {"编号": "A002", "镇": "乙镇"})
    file = SimpleUploadedFile("十一月.csv", content)
    form = {"source": "hotline", "file": file, "unit_id": str(here.east.pk)}
    answer = client.post(reverse("order_import"), form, follow=True)
    assert "检查中" in text_of(answer)
    assert [job.state for job in run_jobs()] == ["done"]
    batch = OrderBatch.objects.get()
    page = text_of(client.get(reverse("order_batch", args=[batch.pk])))
    assert "导入2行" in page
    assert "A002" in page
    assert Matter.objects.count() == 0
    client.post(reverse("order_batch_do", args=[batch.pk, "take"]))
    assert [job.state for job in run_jobs()] == ["done", "done"]
    page = text_of(client.get(reverse("order_batch", args=[batch.pk])))
    assert "上传的文件已删除" in page
    assert Matter.objects.count() == 2
    assert "十一月.csv" in text_of(client.get(reverse("order_import")))


def test_nothing_is_kept_of_a_table_whose_check_finds_a_mark_of_secrecy(
    here: OrderCity, sign_in: SignIn, django_capture_on_commit_callbacks: Any
) -> None:
    client = sign_in(here.centre_clerk)
    file = SimpleUploadedFile("工单.csv", "机密★1年\n".encode() + table({}))
    form = {"source": "hotline", "file": file, "unit_id": str(here.east.pk)}
    with django_capture_on_commit_callbacks(execute=True):
        client.post(reverse("order_import"), form)
    with django_capture_on_commit_callbacks(execute=True):
        assert [job.state for job in run_jobs()] == ["failed"]
    batch = OrderBatch.objects.get()
    assert (batch.state, batch.stored, batch.wrapped) == ("dropped", "", "")
    assert default_storage.listdir("orders")[1] == []
    page = text_of(client.get(reverse("order_batch", args=[batch.pk])))
    assert "密级" in page


def test_a_wrong_table_offers_only_its_good_rows(here: OrderCity, sign_in: SignIn) -> None:
    client = sign_in(here.clerk)
    batch = checked(here, table({}, {"编号": "A002", "电话": "不详啊"}))
    page = text_of(client.get(reverse("order_batch", args=[batch.pk])))
    assert "只导入无误的1行" in page
    assert "不详啊" not in page
    answer = client.post(reverse("order_batch_do", args=[batch.pk, "take"]), follow=True)
    assert "部分行有误" in text_of(answer)
    client.post(reverse("order_batch_do", args=[batch.pk, "good"]))
    run_jobs()
    assert list(WorkOrder.objects.values_list("number", flat=True)) == ["A001"]


def test_a_file_that_is_no_table_says_so_on_its_page(here: OrderCity, sign_in: SignIn) -> None:
    client = sign_in(here.clerk)
    file = SimpleUploadedFile("工单.xlsx", b"PK\x03\x04 not a workbook")
    form = {"source": "hotline", "file": file, "unit_id": str(here.city.office.pk)}
    client.post(reverse("order_import"), form)
    assert [job.state for job in run_jobs()] == ["failed"]
    page = text_of(client.get(reverse("order_batch", args=[OrderBatch.objects.get().pk])))
    assert "放弃本表" in page
    assert JobRun.objects.get().error in page


def test_what_failed_in_the_middle_can_be_taken_over_again(
    here: OrderCity, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = sign_in(here.clerk)
    batch = checked(here, table({}))

    def broken(*given: Any) -> None:
        raise OSError("the disk is full")

    with monkeypatch.context() as patched:
        patched.setattr("shiyu.matters.actions.orders.take.Taker.take", broken)
        client.post(reverse("order_batch_do", args=[batch.pk, "take"]))
        assert run_jobs()[-1].state == "failed"
    assert Matter.objects.count() == 0
    client.post(reverse("order_batch_do", args=[batch.pk, "take"]))
    assert run_jobs()[-1].state == "done"
    assert Matter.objects.count() == 1


def test_each_desk_hears_of_a_table_once(here: OrderCity, monkeypatch: pytest.MonkeyPatch) -> None:
    users = {name: User.objects.create(username=name, name=name) for name in ("one", "two")}
    desks = {str(here.east.pk): [users["one"], users["two"]], str(here.west.pk): [users["two"]]}
    monkeypatch.setattr(
        "shiyu.matters.jobs.holders_of_right",
        lambda right, units: [u for unit in units for u in desks[str(unit)]],
    )
    payload = {
        "source": "甲热线",
        "batch_id": str(here.east.pk),
        "by_id": None,
        "units": [[str(here.east.pk), 3], [str(here.west.pk), 2]],
    }
    tell_orders_imported(payload)
    assert dict(Notice.objects.values_list("user__username", "title_zh")) == {
        "one": "甲热线转来3件工单，待受理",
        "two": "甲热线转来5件工单，待受理",
    }


def test_a_result_is_ticked_by_the_desk_that_entered_it(here: OrderCity, sign_in: SignIn) -> None:
    taken(here, table({}))
    order = WorkOrder.objects.get()
    with translation.override("en"), pytest.raises(UserError, match="still being handled"):
        enter_order(here.centre_clerk, order.pk)
    assert enter_back_for_desk(here.centre_clerk) == []
    handled(here, order.matter)
    line = enter_back_for_desk(here.centre_clerk)[0]
    assert (line.sub, str(line.due_on)) == ("甲镇综治中心", "2026-11-10")
    with pytest.raises(NotAllowed):
        enter_order(here.city.water_liaison, order.pk)
    client = sign_in(here.centre_clerk)
    assert "A001" in text_of(client.get(reverse("order_list")))
    page = text_of(client.get(reverse("matter_detail", args=[order.matter_id])))
    assert "经市水务局办理：已更换灯泡。" in page
    client.post(reverse("order_enter", args=[order.pk]), {"next": "/matters/"}, follow=True)
    order.refresh_from_db()
    assert order.is_entered
    assert order.entered_by_name == "甲镇接待员"
    assert "A001" not in text_of(client.get(reverse("order_list")))
    assert enter_back_for_desk(here.centre_clerk) == []
    Matter.objects.update(reopened=1, phase="verifying")
    assert "A001" in text_of(client.get(reverse("order_list")))
    assert "已重新办理，需再次回填" in text_of(client.get(reverse("order_list")))


def test_many_results_are_ticked_at_once(here: OrderCity, sign_in: SignIn) -> None:
    taken(here, table({}, {"编号": "A002"}))
    for order in WorkOrder.objects.all()[:1]:
        handled(here, order.matter)
    client = sign_in(here.centre_clerk)
    chosen = {"chosen": [str(row.pk) for row in WorkOrder.objects.all()]}
    page = text_of(client.post(reverse("order_enter_many"), chosen, follow=True))
    assert "已标记1件" in page
    assert "1件未标记" in page


def test_the_list_of_matters_shows_and_filters_what_is_entered(here: OrderCity, sign_in: SignIn) -> None:
    taken(here, table({}, {"编号": "A002", "标题": "另一盏灯"}))
    order = WorkOrder.objects.get(number="A001")
    handled(here, order.matter)
    client = sign_in(here.clerk)
    page = text_of(client.get(reverse("matter_list"), {"entered": "wait"}))
    assert "路灯不亮" in page
    assert "另一盏灯" not in page
    enter_order(here.centre_clerk, order.pk)
    page = text_of(client.get(reverse("matter_list"), {"entered": "entered"}))
    assert "路灯不亮" in page
    assert "已回填" in page
    assert "路灯不亮" not in text_of(client.get(reverse("matter_list"), {"wait": "enter_back"}))


def test_an_order_is_noted_at_the_desk_once(here: OrderCity, sign_in: SignIn) -> None:
    matter = here.city.problem(topic="lamps", happened_on=None)
    client = sign_in(here.clerk)
    given = {"source": "hotline", "number": "H7", "deadline": "2026-11-09", "upper_deadline": ""}
    client.post(reverse("order_note", args=[matter.pk]), given)
    order = matter.orders.get()
    assert (order.number, str(order.due_at)) == ("H7", "2026-11-09 15:59:59+00:00")
    answer = client.post(reverse("order_note", args=[matter.pk]), given)
    assert answer.status_code == 422
    assert "已登记在本事项上" in text_of(answer)
    other = here.city.problem(topic="lamps", happened_on=None, title="另一件")
    with translation.override("en"), pytest.raises(UserError, match=matter.code):
        note_order(here.clerk, other.pk, source="hotline", number="H7")
    with pytest.raises(NotAllowed):
        note_order(here.city.water_liaison, matter.pk, source="hotline", number="H8")
    assert checked(here, table({"编号": "H7"})).changed == 1


def test_the_reply_is_in_the_sources_order_and_names(here: OrderCity, sign_in: SignIn) -> None:
    taken(here, table({}))
    order = WorkOrder.objects.get()
    client = sign_in(here.centre_clerk)
    assert client.get(reverse("order_reply", args=[order.pk])).status_code == 302
    handled(here, order.matter)
    card = orders_of(Matter.objects.get())[0]
    assert [(line.head, line.text) for line in card.reply] == [
        ("编号", "A001"),
        ("答复", "经市水务局办理：已更换灯泡。"),
        ("解决", ""),
    ]
    text = client.get(reverse("order_reply", args=[order.pk])).content.decode("utf-8-sig")
    assert text.split("\r\n")[1] == "答复：经市水务局办理：已更换灯泡。"
    assert sign_in(here.city.stranger).get(reverse("order_reply", args=[order.pk])).status_code == 404


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_what_is_exported_changes_nothing_when_it_comes_back(here: OrderCity, form: str) -> None:
    taken(
        here,
        table(
            {},
            {
                "编号": "A002",
                "标题": "=HYPERLINK(1)",
                "内容": "两行\n文字",
                "来电人": "",
                "电话": "",
                "住址": "",
            },
        ),
    )
    handled(here, WorkOrder.objects.get(number="A001").matter)
    made = exported(here.clerk, "hotline", form, "", "", told=quiet)
    again = checked(here, made.content, made.name)
    assert (again.unchanged, again.new, again.changed, again.wrong) == (2, 0, 0, 0)


def test_an_export_masks_people_and_computes_nothing(here: OrderCity) -> None:
    taken(here, table({}, {"编号": "A002", "标题": "=1+1", "渠道": "@网站"}))
    handled(here, WorkOrder.objects.get(number="A001").matter)
    text = exported(here.clerk, "hotline", "csv", "", "", told=quiet).content.decode("utf-8-sig")
    assert [planted for planted in (*PLANTED, "女") if planted in text] == []
    rows = list(csv.DictReader(io.StringIO(text)))
    assert (rows[0]["来电人"], rows[0]["电话"], rows[0]["答复"]) == (
        "欧**",
        "139****0123",
        "经市水务局办理：已更换灯泡。",
    )
    assert (rows[1]["标题"], rows[1]["渠道"]) == ("'=1+1", "'@网站")
    assert "A001" not in exported(here.clerk, "hotline", "csv", "2026-11-03", "", told=quiet).content.decode()


def test_an_export_holds_what_the_person_may_see(here: OrderCity, sign_in: SignIn) -> None:
    taken(here, table({}, {"编号": "A002", "镇": "乙镇"}))
    text = exported(here.centre_clerk, "hotline", "csv", "", "", told=quiet).content.decode()
    assert "A001" in text
    assert "A002" not in text
    refused = sign_in(here.centre_clerk).post(reverse("order_export"), {"source": "hotline", "form": "csv"})
    assert refused.status_code == 403  # the small city's clerks do not export


def test_who_has_no_desk_finds_no_import(here: OrderCity, sign_in: SignIn) -> None:
    client = sign_in(here.city.water_liaison)
    assert client.get(reverse("order_import")).status_code == 403
    batch = checked(here, table({}))
    assert client.get(reverse("order_batch", args=[batch.pk])).status_code == 403
    assert sign_in(here.centre_clerk).get(reverse("order_batch", args=[batch.pk])).status_code == 404
    assert "导入工单" not in text_of(client.get(reverse("matter_list")))


@pytest.mark.parametrize(
    ("words", "is_time"),
    [("2026-11-01 09:30", True), ("2026/11/1 9:30", False), ("2026-11-01T09:30:00", True), ("昨天", False)],
)
def test_moments_are_read_as_the_source_writes_them_or_as_iso(words: str, is_time: bool) -> None:
    found = read_moment(words, ("%Y-%m-%d %H:%M",))
    assert (found is not None) == is_time
