"""Reading a document in, correcting it, taking it over."""

import io
import json
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import Workbook

from shiyu.audit.models import AuditEntry
from shiyu.lib.errors import Conflict, UserError
from shiyu.plans.actions.imports import edit_import, read_document
from shiyu.plans.actions.take_over import AsEdition, AsGuideline, take_over_import, title_and_rest
from shiyu.plans.models import Clause, Duty, Edition, Guideline, Plan, PlanImport, Task, TaskClause
from shiyu.plans.queries.corrections import corrected
from shiyu.plans.tests.conftest import City

TEXT = """示市治理责任分工方案
一、总体要求
坚持问题导向。
二、重点任务
（一）健全体制
1. 完善协调机制，每季度研究一次。（示市公安局牵头，示市司法局、各县（区）配合，2026年6月底前）
2. 开展隐患排查；逐项销号。（市住建委牵头，有关部门配合，长期坚持）
（二）防范风险
3. 加强调解。（示市司法局负责）
"""


@pytest.fixture
def read(city: City) -> PlanImport:
    return read_document(city.actor("clerk"), "粘贴", TEXT)


def state(row: PlanImport):
    row.refresh_from_db()
    return corrected(row.result, row.edits)


def settle_all(city: City, row: PlanImport) -> None:
    for doubt in state(row).open_doubts:
        choice = "adopt" if doubt.suggestion else "seen"
        edit_import(city.actor("clerk"), row.pk, {"op": "settle", "doubt": doubt.id, "choice": choice})


def test_doubts_are_settled_one_by_one_and_can_be_undone(city: City, read: PlanImport) -> None:
    names = {doubt.name for doubt in state(read).open_doubts}
    assert names == {"市住建委", "有关部门"}
    settle_all(city, read)
    now = state(read)
    assert now.items[1].leads == ["示市住房建设局"] and not now.open_doubts
    edit_import(city.actor("clerk"), read.pk, {"op": "undo"})
    assert [doubt.name for doubt in state(read).open_doubts] == ["有关部门"]
    with pytest.raises(Conflict):
        edit_import(city.actor("clerk"), read.pk, {"op": "settle", "doubt": 1, "choice": "seen"})


def test_split_merge_context_and_nothing_is_lost(city: City, read: PlanImport) -> None:
    clerk = city.actor("clerk")
    item = state(read).items[1]
    edit_import(clerk, read.pk, {"op": "split", "item": item.id, "at": 7})
    texts = [one.text for one in state(read).items]
    assert texts[1:3] == ["开展隐患排查；", "逐项销号。"]
    edit_import(clerk, read.pk, {"op": "merge", "item": state(read).items[2].id})
    assert state(read).items[1].text == "开展隐患排查；逐项销号。"
    edit_import(clerk, read.pk, {"op": "context", "item": state(read).items[2].id})
    now = state(read)
    assert len(now.items) == 2 and any("加强调解" in row["text"] for row in now.context)
    with pytest.raises(UserError):
        edit_import(clerk, read.pk, {"op": "merge", "item": now.items[0].id})
    with pytest.raises(UserError):
        edit_import(clerk, read.pk, {"op": "split", "item": now.items[0].id, "at": 0})


def test_take_over_waits_for_the_doubts(city: City, read: PlanImport) -> None:
    with pytest.raises(UserError):
        take_over_import(city.actor("clerk"), read.pk, edition=AsEdition("方案", 2026))
    assert not Plan.objects.exists()


def test_lz1_taken_over_as_guideline_and_draft_edition(city: City, read: PlanImport) -> None:
    settle_all(city, read)
    before = AuditEntry.objects.count()
    taken = take_over_import(
        city.actor("clerk"), read.pk, guideline=AsGuideline("指引", "city"), edition=AsEdition("方案", 2026)
    )
    assert AuditEntry.objects.count() == before + 1
    clauses = list(Clause.objects.order_by("path").values_list("number", "text", "is_requirement"))
    assert clauses == [
        ("一", "总体要求\n坚持问题导向。", False),
        ("二", "重点任务", False),
        ("（一）", "健全体制", False),
        ("1", "完善协调机制，每季度研究一次。", True),
        ("2", "开展隐患排查；逐项销号。", True),
        ("（二）", "防范风险", False),
        ("3", "加强调解。", True),
    ]
    edition = Edition.objects.get(pk=taken.edition_id)
    assert edition.state == "draft" and edition.plan.kind == "responsibility"
    tasks = list(Task.objects.filter(edition=edition).order_by("position"))
    assert [task.block.name for task in tasks] == ["重点任务"] * 3
    assert (tasks[0].due_on.isoformat(), tasks[1].deadline_kind) == ("2026-06-30", "ongoing")
    held = Duty.objects.filter(task=tasks[0]).values_list("unit__code", "role", "via_group")
    assert set(held) == {
        ("police", "lead", ""), ("justice", "supporting", ""),
        ("east", "supporting", "counties"), ("west", "supporting", "counties"),
    }  # fmt: skip
    assert "有关部门" in tasks[1].note
    assert TaskClause.objects.filter(task__in=tasks).count() == 3
    with pytest.raises(Conflict):
        edit_import(city.actor("clerk"), read.pk, {"op": "undo"})


def test_next_edition_of_an_existing_plan_keeps_the_lineage(city: City, issued: Edition) -> None:
    row = read_document(city.actor("clerk"), "粘贴", "方案\n一、体制\n1. 健全领导小组。（示市公安局负责）\n")
    settle_all(city, row)
    taken = take_over_import(city.actor("clerk"), row.pk, edition=AsEdition("", 2027, plan_id=issued.plan_id))
    edition = Edition.objects.get(pk=taken.edition_id)
    assert (edition.number, edition.plan_id) == (2, issued.plan_id)
    assert edition.tasks.get().key == "t1"


def test_refused_files_leave_nothing(city: City) -> None:
    client = city.client("clerk")
    secret = "绝密★1年\n方案\n1. 做事。（示市公安局负责）"
    for data in (
        {"text": secret},
        {"file": SimpleUploadedFile("a.pdf", b"%PDF-1.4 scan")},
        {"file": SimpleUploadedFile("a.docx", b"not a zip")},
        {"file": SimpleUploadedFile("a.docx", b"")},
        {},
    ):
        response = client.post(reverse("plan_import_new"), data)
        assert response.status_code == 400
        assert response.context["form"].errors
    assert not PlanImport.objects.exists() and not AuditEntry.objects.exists()


def test_pages_through_http(city: City) -> None:
    client = city.client("clerk")
    response = client.post(reverse("plan_import_new"), {"text": TEXT})
    assert response.status_code == 302
    row = PlanImport.objects.get()
    url = reverse("plan_import", args=[row.pk])
    page = client.get(url)
    html = page.content.decode()
    assert 'class="dq">市住建委' in html and 'class="ld">示市公安局' in html
    assert "示市住房建设局" in html and reverse("plan_import_take", args=[row.pk]) not in html
    edit = reverse("plan_import_edit", args=[row.pk])
    client.post(edit, {"op": "settle", "doubt": "1", "choice": "adopt", "at": "2"})
    client.post(edit, {"op": "settle", "doubt": "2", "choice": "other", "value": "没有这个单位"})
    assert len(state(row).open_doubts) == 1
    client.post(edit, {"op": "settle", "doubt": "2", "choice": "other", "value": "成员单位"})
    assert state(row).items[1].groups == ["成员单位"]
    item = state(row).items[0]
    form = {"op": "change", "item": item.id, "text": "", "deadline_kind": "none"}
    assert client.post(edit, form).status_code == 400
    form |= {
        "text": "改过的",
        "leads": "示市公安局、示市司法局",
        "deadline_kind": "date",
        "date": "2026-07-01",
    }
    assert client.post(edit, form).status_code == 302
    assert state(row).items[0].leads == ["示市公安局", "示市司法局"]
    assert client.get(f"{url}?item={item.id}").status_code == 200
    assert client.get(f"{url}?show=context").status_code == 200
    done = json.loads(client.get(reverse("plan_import_json", args=[row.pk])).content)
    assert done["items"][0]["text"] == "改过的" and done["doubts"] == []
    take = reverse("plan_import_take", args=[row.pk])
    assert client.get(take).status_code == 200
    assert client.post(take, {"what": "guideline", "level": "city", "year": 2026}).status_code == 400
    data = {"what": "guideline", "guideline_title": "指引", "level": "city", "year": 2026}
    assert client.post(take, data).status_code == 302
    assert Guideline.objects.get().title == "指引"
    assert client.get(url).status_code == 200


@pytest.mark.parametrize(
    ("what", "there", "gone"),
    [
        ("guideline", {"guideline_title", "level", "issuer"}, {"target", "plan_title", "guideline"}),
        ("edition", {"target", "plan_title", "guideline"}, {"guideline_title", "level", "issuer"}),
        ("both", {"guideline_title", "target"}, {"guideline"}),
        ("", {"target"}, {"guideline_title"}),  # units lead in it: taken for a plan
    ],
)
def test_the_page_asks_what_first_and_shows_only_its_fields(
    city: City, read: PlanImport, what: str, there: set[str], gone: set[str]
) -> None:
    settle_all(city, read)
    page = city.client("clerk").get(reverse("plan_import_take", args=[read.pk]), {"what": what})
    fields = set(page.context["form"].fields)
    assert there <= fields and not gone & fields
    assert page.content.decode().count('<a href="?what=') == 3


def test_a_new_plan_needs_its_title_and_both_trace_to_their_own_clauses(city: City, read: PlanImport) -> None:
    settle_all(city, read)
    client, take = city.client("clerk"), reverse("plan_import_take", args=[read.pk])
    data = {"what": "both", "guideline_title": "指引", "level": "city", "year": 2026, "target": "new"}
    refused = client.post(take, data)
    assert refused.status_code == 400 and "plan_title" in refused.context["form"].errors
    assert not Guideline.objects.exists()
    assert client.post(take, {**data, "plan_title": "方案"}).status_code == 302
    assert TaskClause.objects.filter(task__edition__plan__title="方案").count() == 3


@pytest.mark.parametrize(
    ("text", "title", "rest"),
    [
        ("开展隐患排查；逐项销号。", "开展隐患排查", "逐项销号。"),
        ("加强调解。", "加强调解", ""),
        ("完善机制。\n逐季研究。", "完善机制", "逐季研究。"),
        ("建立健全机制，" + "逐项推进落实" * 12, "建立健全机制", "逐项推进落实" * 12),
        ("逐项推进落实" * 12, "逐项推进落实" * 9 + "逐项推进落…", "逐项推进落实" * 12),
    ],
)
def test_measures_do_not_repeat_the_title(text: str, title: str, rest: str) -> None:
    assert title_and_rest(text) == (title, rest)


def test_targets_in_the_text_are_taken_over(city: City) -> None:
    text = (
        "方案\n1. 完善驿站布局，新建驿站20个。（示市公安局牵头）\n"
        "2. 改造小区，新建车棚30个、安装探头40个。（示市司法局牵头）\n3. 完善台账，2026年底前完成。（示市司法局负责）\n"
    )
    row = read_document(city.actor("clerk"), "粘贴", text)
    settle_all(city, row)
    taken = take_over_import(city.actor("clerk"), row.pk, edition=AsEdition("方案", 2026))
    tasks = Task.objects.filter(edition_id=taken.edition_id).order_by("position")
    rows = list(tasks.values_list("target_kind", "target_value", "target_unit", "target_text"))
    assert rows == [
        ("number", 20, "个", "新建驿站20个"),
        ("", None, "", "新建车棚30个、安装探头40个"),
        ("", None, "", ""),
    ]


def test_who_may_import(city: City, read: PlanImport) -> None:
    for name, status in (("clerk", 200), ("police", 403), ("reader", 403)):
        for url in (reverse("plan_import_new"), reverse("plan_import", args=[read.pk])):
            assert city.client(name).get(url).status_code == status
    assert city.client("clerk").get(reverse("plan_import", args=[UUID(int=1)])).status_code == 404


def test_a_table_is_read_and_taken_over(city: City) -> None:
    book = Workbook()
    sheet = book.active
    sheet.append(["序号", "工作任务", "牵头单位", "配合单位", "完成时限"])
    sheet.append([1, "建立台账", "示市公安局", "示市司法局、各县区", "2026年9月底前"])
    sheet.append([2, "逐项销号", "市住建局", "", "长期坚持"])
    buffer = io.BytesIO()
    book.save(buffer)
    row = read_document(city.actor("clerk"), "任务.xlsx", buffer.getvalue())
    settle_all(city, row)
    taken = take_over_import(city.actor("clerk"), row.pk, edition=AsEdition("表格方案", 2026))
    tasks = Task.objects.filter(edition_id=taken.edition_id).order_by("position")
    assert [task.title for task in tasks] == ["建立台账", "逐项销号"]
    assert tasks[1].duties.get().unit.code == "housing"


MANY_DOUBTS = """示市2026年工作分工
一、体制
1. 健全小组。责任单位：示市公安局、示市司法局
2. 健全制度。责任单位：示市公安局、示市司法局
3. 另行安排。
4. 开展排查，8月完成，9月办结。责任单位：示市司法局、示市公安局
5. 推进宣传。责任单位：示市无名局
"""


def post(client, row: PlanImport, **data: str):
    return client.post(reverse("plan_import_edit", args=[row.pk]), data)


def test_doubts_of_one_kind_are_settled_together_and_names_are_not(city: City) -> None:
    row = read_document(city.actor("clerk"), "粘贴", MANY_DOUBTS)
    client = city.client("clerk")
    doubts = state(row).open_doubts
    first = next(doubt for doubt in doubts if doubt.code == "first_leads")
    name = next(doubt for doubt in doubts if doubt.is_about_name)
    page = client.get(reverse("plan_import", args=[row.pk])).content.decode()
    assert "同类3处均无误" in page and "牵头单位 3" in page
    answer = post(
        client, row, op="settle", doubt=str(first.id), choice="alike", at="1", show="doubts", kind="lead"
    )
    assert answer.url.endswith("?show=doubts&kind=lead#item=3")  # the next item that still has a doubt
    left = {doubt.code for doubt in state(row).open_doubts}
    assert "first_leads" not in left and "unknown_unit" in left
    post(client, row, op="settle", doubt=str(name.id), choice="alike")
    assert name.id in {doubt.id for doubt in state(row).open_doubts}
    edit_import(city.actor("clerk"), row.pk, {"op": "undo"})
    assert sum(doubt.code == "first_leads" for doubt in state(row).open_doubts) == 3


def test_the_page_narrows_to_doubts_of_a_kind(city: City) -> None:
    row = read_document(city.actor("clerk"), "粘贴", MANY_DOUBTS)
    client = city.client("clerk")
    address = reverse("plan_import", args=[row.pk])
    names = client.get(address, {"show": "doubts", "kind": "names"}).content.decode()
    assert names.count("data-item=") == 1 and "推进宣传" in names
    assert client.get(address, {"show": "doubts", "kind": "x"}).content.decode().count("data-item=") == 4


def test_context_becomes_a_task_in_its_place_and_back(city: City) -> None:
    row = read_document(city.actor("clerk"), "粘贴", MANY_DOUBTS)
    client = city.client("clerk")
    entry = next(one for one in state(row).context if "另行安排" in one["text"])
    assert (
        "转为任务" in client.get(reverse("plan_import", args=[row.pk]), {"show": "context"}).content.decode()
    )
    answer = post(client, row, op="task", context=entry["id"])
    assert answer.url.endswith(f"?item=c{entry['id']}")
    now = state(row)
    made = now.items[2]
    assert (made.id, made.number, made.text) == (f"c{entry['id']}", "3", "另行安排。")
    assert all("另行安排" not in one["text"] for one in now.context)
    with pytest.raises(Conflict):
        edit_import(city.actor("clerk"), row.pk, {"op": "task", "context": entry["id"]})
    result = client.get(reverse("plan_import_json", args=[row.pk])).json()
    assert len(result["items"]) == 5 and set(result["context"][0]) == {"text", "source", "path"}
    edit_import(city.actor("clerk"), row.pk, {"op": "undo"})
    assert len(state(row).items) == 4


def test_a_document_of_another_year_keeps_its_year_and_one_without_is_doubted(city: City) -> None:
    own = read_document(
        city.actor("clerk"), "粘贴", "示市2024年工作分工\n一、甲。（示市公安局牵头，6月底前完成）"
    )
    assert own.result["items"][0]["deadline"]["date"] == "2024-06-30"
    none = read_document(city.actor("clerk"), "粘贴", "示市工作分工\n一、甲。（示市公安局牵头，6月底前完成）")
    assert [doubt.code for doubt in state(none).doubts] == ["year_assumed"]
