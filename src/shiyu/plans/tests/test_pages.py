"""Every page of plans through HTTP: who may, what it shows, how many queries it takes."""

import io
import zipfile
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from shiyu.kernel.actor import SYSTEM
from shiyu.kernel.spec.plan_seed import PlanSeed
from shiyu.lib import clock
from shiyu.lib.events import payload_of
from shiyu.notices.models import Notice
from shiyu.people.models import Unit
from shiyu.plans.actions.editions import draft_next_edition
from shiyu.plans.actions.opinions import open_round
from shiyu.plans.actions.plan_notices import tell_edition_issued, tell_round_opened
from shiyu.plans.actions.seed import import_edition
from shiyu.plans.events import EditionIssued, OpinionRoundOpened
from shiyu.plans.models import Duty, DutyHolder, Edition, Guideline, Opinion, OpinionRound, OpinionSlip, Task
from shiyu.plans.queries.desk import duty_items_for_desk, opinion_items_for_desk
from shiyu.plans.tests.conftest import City, duty, plan_data, task


@pytest.fixture
def round_(city: City, draft: Edition) -> OpinionRound:
    return open_round(city.actor("clerk"), draft.pk, clock.today() + timedelta(days=5))


def test_reading_pages_answer_for_those_who_may_see(
    city: City, issued: Edition, guideline: Guideline
) -> None:
    t1 = task(issued, "t1")
    urls = [
        reverse("guideline_list"),
        reverse("guideline_detail", args=[guideline.pk]),
        reverse("guideline_detail", args=[guideline.pk]) + "?show=blind",
        reverse("guideline_detail", args=[guideline.pk]) + "?export=xlsx",
        reverse("plan_list"),
        reverse("plan_detail", args=[issued.plan_id]),
        reverse("edition_detail", args=[issued.pk]),
        reverse("edition_detail", args=[issued.pk]) + f"?unit={city.unit('police')}&role=lead",
        reverse("edition_detail", args=[issued.pk]) + "?export=xlsx",
        reverse("edition_detail", args=[issued.pk]) + "?print=1",
        reverse("edition_circumstances", args=[issued.pk]),
        reverse("blind_spots", args=[issued.pk]),
        reverse("blind_spots", args=[issued.pk]) + "?export=xlsx",
        reverse("task_detail", args=[t1.pk]),
        reverse("duty_detail", args=[duty(issued, "t1", city.units["police"]).pk]),
    ]
    for name in ("clerk", "police", "reader"):
        client = city.client(name)
        for url in urls:
            assert client.get(url).status_code == 200, (name, url)
    for url in urls:
        assert Client().get(url).status_code == 302, url


def test_a_draft_is_not_there_for_units(city: City, draft: Edition) -> None:
    url = reverse("edition_detail", args=[draft.pk])
    assert city.client("clerk").get(url).status_code == 200
    assert city.client("police").get(url).status_code == 404
    assert city.client("police").get(reverse("task_detail", args=[task(draft, "t1").pk])).status_code == 404
    open_round(city.actor("clerk"), draft.pk, clock.today())
    assert city.client("police").get(url).status_code == 200
    assert city.client("reader").get(url).status_code == 404


def test_filters_of_an_edition(city: City, issued: Edition) -> None:
    client = city.client("reader")
    url = reverse("edition_detail", args=[issued.pk])

    def titles(query: str) -> list[str]:
        return [row.task.key for row in client.get(url + query).context["page"].rows]

    assert titles("") == ["t1", "t2", "t3"]
    assert titles("?q=行业") == ["t3"]
    assert titles(f"?block={issued.blocks.get(code='system').pk}") == ["t1", "t2"]
    assert titles(f"?unit={city.unit('justice')}") == ["t1", "t2"]
    assert titles(f"?unit={city.unit('justice')}&role=lead") == ["t2"]
    assert titles(f"?unit={city.unit('justice')}&role=supporting") == ["t1"]


def test_edition_of_81_tasks_and_500_duties_takes_few_queries(city: City, guideline: Guideline) -> None:
    units = [Unit(code=f"m{n}", name=f"单位{n}", kind="department", protocol_order=n) for n in range(60)]
    Unit.objects.bulk_create(units)
    tasks = [
        {
            "key": f"k{n}", "number": str(n + 1), "block": "system", "title": f"任务{n}",
            "deadline": {"kind": "ongoing"}, "clauses": ["national:1.1"],
            "leads": [f"m{n % 60}"], "supporting": [f"m{(n + step) % 60}" for step in range(1, 7)],
        }
        for n in range(81)
    ]  # fmt: skip
    edition = import_edition(SYSTEM, PlanSeed.model_validate(plan_data(tasks=tasks)))
    assert Duty.objects.filter(task__edition=edition).count() == 567
    client = city.client("clerk")
    url = reverse("edition_detail", args=[edition.pk])
    client.get(url)
    with CaptureQueriesContext(connection) as seen:
        response = client.get(url)
    assert len(response.context["page"].rows) == 81
    assert len(seen) <= 24, "\n".join(query["sql"][:120] for query in seen)


def test_tasks_are_changed_split_and_dropped_through_their_forms(city: City, draft: Edition) -> None:
    client = city.client("clerk")
    t1 = task(draft, "t1")
    form = {
        "title": "健全领导小组机制", "target_kind": "number", "target_value": "4", "target_unit": "次",
        "target_text": "研究4次", "deadline_kind": "date", "due_on": "2026-11-30",
        "leads": [str(city.unit("police"))], "supporting": [str(city.unit("health"))], "groups": ["counties"],
    }  # fmt: skip
    url = reverse("task_edit", args=[t1.pk])
    assert client.get(url).status_code == 200
    assert client.post(url, {**form, "due_on": ""}).status_code == 400
    assert client.post(url, form).status_code == 302
    t1.refresh_from_db()
    assert (t1.title, t1.target_value, t1.due_on.isoformat()) == ("健全领导小组机制", 4, "2026-11-30")
    assert {d.due_on.isoformat() for d in t1.duties.all()} == {"2026-11-30"}
    split = reverse("task_split", args=[task(draft, "t3").pk])
    assert client.get(split).status_code == 200
    assert client.post(split, {"common": "共同"}).status_code == 400
    parts = {"common": "共同", "p0-title": "学校", "p0-lead": str(city.unit("police")), "p1-title": "医院"}
    assert client.post(split, parts).status_code == 302
    assert task(draft, "t3").sub_tasks.count() == 2
    page = client.get(reverse("task_detail", args=[task(draft, "t3").sub_tasks.first().pk]))
    assert "共同" in page.content.decode()
    assert client.get(reverse("task_clauses", args=[t1.pk])).status_code == 200
    assert client.post(reverse("task_clauses", args=[t1.pk]), {"clauses": []}).status_code == 302
    assert not t1.clause_links.exists()
    remove = reverse("task_remove", args=[t1.pk])
    assert client.post(remove, {"reason": ""}).status_code == 400 or Task.objects.filter(pk=t1.pk).exists()
    assert client.post(remove, {"reason": "并入第二项"}).status_code == 302
    assert not Task.objects.filter(pk=t1.pk).exists()
    add = reverse("task_add", args=[draft.pk])
    assert client.get(add).status_code == 200
    new = {**form, "number": "9", "block": str(draft.blocks.first().pk)}
    assert client.post(add, new).status_code == 302
    assert client.post(add, new).status_code == 400  # the number is taken
    circumstances = reverse("edition_circumstances", args=[draft.pk])
    assert (
        client.post(circumstances, {"number": 2, "name": "弄虚作假", "definition": "虚报的。"}).status_code
        == 302
    )
    assert client.post(circumstances, {"number": 3, "name": "", "definition": ""}).status_code == 400
    assert client.post(circumstances, {"remove": "1"}).status_code == 302
    assert list(draft.circumstances.values_list("number", flat=True)) == [2]
    for name in ("task_edit", "task_split", "task_remove", "task_clauses"):
        assert city.client("reader").get(reverse(name, args=[task(draft, "t2").pk])).status_code == 404


def test_a_unit_answers_in_the_browser_and_by_excel(city: City, round_: OpinionRound) -> None:
    slip = OpinionSlip.objects.get(round=round_, unit__code="justice")
    client, url = city.client("justice"), reverse("opinion_slip", args=[slip.pk])
    page = client.get(url).content.decode()
    assert page.count("<b>牵头</b>") == 1 and page.count('<span class="k">配合</span>') == 1
    assert city.client("police").get(url).status_code == 404
    word = client.get(reverse("opinion_slip_word", args=[slip.pk])).content
    text = zipfile.ZipFile(io.BytesIO(word)).read("word/document.xml").decode()
    assert "牵头" in text and "□无意见" in text and "示市司法局" in text
    assert city.client("police").get(reverse("opinion_slip_word", args=[slip.pk])).status_code == 404
    first, second = slip.opinions.order_by("task_number")
    assert client.post(url, {"none": "x"}).status_code == 400
    both = {f"answer_{first.pk}": "none", f"wanted_{first.pk}": "改", f"reason_{first.pk}": ""}
    assert client.post(url, both).status_code == 400  # a wish typed beside "no opinion" is not thrown away
    wrong = client.post(
        url, {f"answer_{first.pk}": "change", f"wanted_{first.pk}": "改", f"reason_{first.pk}": ""}
    )
    assert wrong.status_code == 400 and ">改</textarea>" in wrong.content.decode()
    assert client.post(url, {"none": str(first.pk)}).status_code == 302
    content = client.get(reverse("opinion_slip_sheet", args=[slip.pk])).content
    book = load_workbook(io.BytesIO(content))
    sheet = book.worksheets[0]
    rows = {row[0].value: row for row in sheet.iter_rows() if row[0].value in ("1", "2", 1, 2)}
    target = rows.get("2") or rows[2]
    assert target[1].value == "牵头"
    target[3].value, target[4].value = "有修改意见", "改为每月"
    buffer = io.BytesIO()
    book.save(buffer)
    refused = client.post(url, {"sheet": "1", "file": SimpleUploadedFile("a.xlsx", buffer.getvalue())})
    assert refused.status_code == 400 and f"{target[0].row}" in refused.context["error"]
    second.refresh_from_db()
    assert second.answer == "open"
    target[5].value = "与上级一致"
    buffer = io.BytesIO()
    book.save(buffer)
    assert (
        client.post(url, {"sheet": "1", "file": SimpleUploadedFile("a.xlsx", buffer.getvalue())}).status_code
        == 302
    )
    second.refresh_from_db()
    slip.refresh_from_db()
    assert (second.answer, second.wanted, slip.via) == ("change", "改为每月", "excel")
    assert slip.answered_at


def test_the_office_decides_closes_and_has_the_summary(city: City, round_: OpinionRound) -> None:
    clerk = city.client("clerk")
    url = reverse("opinion_round", args=[round_.pk])
    slip = OpinionSlip.objects.get(round=round_, unit__code="health")
    item = Opinion.objects.get(slip=slip)
    city.client("health").post(
        reverse("opinion_slip", args=[slip.pk]),
        {f"answer_{item.pk}": "change", f"wanted_{item.pk}": "增加医院", f"reason_{item.pk}": "职责所在"},
    )
    assert clerk.post(reverse("opinion_slip", args=[OpinionSlip.objects.get(round=round_, unit__code="east").pk]),
                      {"none_all": "1"}).status_code == 302  # fmt: skip
    html = clerk.get(url).content.decode()
    assert "增加医院" in html and "未反馈" in html and "无意见" in html
    decide = reverse("opinion_decide", args=[round_.pk, item.pk])
    close = reverse("opinion_round_close", args=[round_.pk])
    assert clerk.post(close).status_code == 400
    assert OpinionRound.objects.get(pk=round_.pk).closed_at is None  # a wanted change is still open
    assert clerk.post(decide, {"adoption": "declined", "reason": ""}).status_code == 400
    assert "只改一处" in clerk.post(decide, {"adoption": "x", "reason": "只改一处"}).content.decode()
    for name, code in (("health", 403), ("reader", 404)):
        assert city.client(name).post(decide, {"adoption": "adopted"}).status_code == code
        assert city.client(name).post(close).status_code == code
    assert Opinion.objects.get(pk=item.pk).adoption == "open"
    response = clerk.post(decide, {"adoption": "adopted"})
    assert response["Location"].startswith(reverse("task_edit", args=[item.task_id]))
    rows = list(load_workbook(io.BytesIO(clerk.get(url + "?export=xlsx").content)).worksheets[0].values)
    heads = next(row for row in rows if row[0] == "序号")
    assert heads[:7] == ("序号", "单位", "条目", "原文", "修改意见及理由", "采纳情况", "不采纳理由")
    assert clerk.get(url + "?export=docx").content[:2] == b"PK"
    assert clerk.post(close).status_code == 302
    assert OpinionRound.objects.get(pk=round_.pk).closed_at
    assert clerk.post(decide, {"adoption": "declined", "reason": "不改了"}).status_code == 409
    assert clerk.get(reverse("edition_detail", args=[round_.edition_id])).context["state"] == "草案"
    assert city.client("health").get(url)["Location"] == reverse("opinion_slip", args=[slip.pk])
    assert city.client("reader").get(url).status_code == 404


def test_out_for_approval_and_back_issued(city: City, issued: Edition, draft: Edition) -> None:
    client = city.client("clerk")
    draft.tasks.filter(key="t2").update(measures="逐单位确认，两个月内完成。")
    assert city.client("police").get(reverse("edition_package", args=[draft.pk])).status_code == 404
    client.post(reverse("edition_submit", args=[draft.pk]))
    package = client.get(reverse("edition_package", args=[draft.pk]))
    names = zipfile.ZipFile(io.BytesIO(package.content)).namelist()
    assert names == ["1-方案（送审稿）.docx", "2-责任清单.xlsx", "4-与上一版差异对照.docx"]
    url = reverse("edition_issue", args=[draft.pk])
    form = {
        "document_number": f"示发[{clock.today().year}]8号",
        "issued_on": clock.today().isoformat(),
        "signer": "组长",
    }
    assert client.post(url, {**form, "document_number": "8"}).status_code == 400
    assert client.post(url, {**form, "signer": "other"}).status_code == 400
    assert client.post(url, {**form, "signer": "没有列出的"}).status_code == 400
    facts = client.post(url, form)
    html = facts.content.decode()
    assert facts.status_code == 200 and f"示发〔{clock.today().year}〕8号" in html and "3项任务" in html
    assert (facts.context["facts"].duties, facts.context["facts"].units) == (7, 6)
    assert client.post(url, {**form, "step": "back"}).context["form"]["signer"].value() == "组长"
    assert Edition.objects.get(pk=draft.pk).state == "approval"
    form["step"] = "issue"
    assert client.post(url, form).status_code == 400
    assert client.post(url, {**form, "formal_file": SimpleUploadedFile("a.exe", b"MZ")}).status_code == 400
    done = client.post(url, {**form, "formal_file": SimpleUploadedFile("正式.pdf", b"%PDF-1.7 signed")})
    assert done.status_code == 302
    assert client.get(url).status_code == 409
    draft.refresh_from_db()
    assert draft.state == "issued" and draft.formal_document.file.size == 15
    file = city.client("reader").get(reverse("edition_formal_file", args=[draft.pk]))
    assert (
        b"".join(file.streaming_content) == b"%PDF-1.7 signed" and "attachment" in file["Content-Disposition"]
    )
    difference = reverse("edition_difference", args=[draft.pk])
    page = city.client("justice").get(difference)
    assert [change.key for change, _texts, _units in page.context["changes"]] == ["t2"]
    own = city.client("justice").get(f"{difference}?unit={city.unit('police')}")
    assert own.context["changes"] == []
    assert client.get(difference + "?export=docx").content[:2] == b"PK"
    assert client.get(reverse("edition_difference", args=[issued.pk])).status_code == 404
    client.post(reverse("plan_next_edition", args=[draft.plan_id]))
    assert Edition.objects.filter(plan=draft.plan, number=3, state="draft").exists()


def test_a_unit_names_who_carries_its_duties(city: City, issued: Edition) -> None:
    client = city.client("police")
    mine = duty(issued, "t1", city.units["police"])
    items = duty_items_for_desk(city.actor("police"))
    assert [item.url for item in items] == [reverse("duty_assign", args=[city.unit("police"), issued.pk])]
    url = items[0].url
    assert client.get(url).status_code == 200
    assert city.client("justice").get(url).status_code == 403
    form = {
        f"office_{mine.pk}": str(city.unit("police_room")),
        f"person_{mine.pk}": str(city.users["police"].pk),
    }
    assert client.post(url, form).status_code == 302
    assert duty_items_for_desk(city.actor("police")) == []
    assert client.post(url, form).status_code == 400
    assert DutyHolder.objects.filter(duty=mine).count() == 1  # nothing changed, nothing written
    draft = draft_next_edition(city.actor("clerk"), issued.plan_id)
    ahead = (
        city.client("clerk")
        .get(reverse("duty_assign", args=[city.unit("police"), draft.pk]))
        .content.decode()
    )
    assert "版本印发后" in ahead and "disabled" in ahead
    hand = reverse("duty_handover", args=[city.unit("police")])
    assert client.get(hand).status_code == 200
    people = {"from_person": str(city.users["police"].pk), "to_person": str(city.users["police_two"].pk)}
    assert client.post(hand, {**people, "on": clock.today().isoformat(), "reason": ""}).status_code == 400
    assert client.post(hand, {**people, "on": clock.today().isoformat(), "reason": "轮岗"}).status_code == 302
    assert mine.holders.get(valid_to=None).person == city.users["police_two"]
    assert city.client("police").get(reverse("duty_detail", args=[mine.pk])).status_code == 200


def test_desk_items_for_opinions(city: City, round_: OpinionRound) -> None:
    assert [item.action for item in opinion_items_for_desk(city.actor("justice"))]
    assert opinion_items_for_desk(city.actor("reader")) == []
    assert opinion_items_for_desk(city.actor("clerk")) == []  # nothing to decide yet
    with clock.frozen(clock.now() + timedelta(days=9)):
        assert len(opinion_items_for_desk(city.actor("clerk"))) == 1


def test_a_round_is_opened_from_its_form(city: City, draft: Edition) -> None:
    client, url = city.client("clerk"), reverse("opinion_round_open", args=[draft.pk])
    assert client.get(url).status_code == 200
    assert city.client("police").get(url).status_code == 404
    assert client.post(url, {"reply_by": "2020-01-01"}).status_code == 400
    assert client.post(url, {"reply_by": clock.today().isoformat()}).status_code == 302
    asked = set(OpinionSlip.objects.values_list("unit__code", flat=True))
    assert asked == {"police", "justice", "housing", "health"}  # counties only stand there as a group


def test_units_are_told_of_a_round_and_of_an_issue(city: City, round_: OpinionRound, issued: Edition) -> None:
    tell_round_opened(payload_of(OpinionRoundOpened(round_.pk, (), round_.reply_by)))
    tell_edition_issued(payload_of(EditionIssued(issued.pk, issued.plan_id, issued.issued_on)))
    told = set(Notice.objects.filter(user=city.users["justice"]).values_list("kind", "url"))
    slip = OpinionSlip.objects.get(round=round_, unit__code="justice")
    assert told == {
        ("opinion_asked", reverse("opinion_slip", args=[slip.pk])),
        ("edition_issued", f"{reverse('edition_detail', args=[issued.pk])}?unit={city.unit('justice')}"),
    }
    assert not Notice.objects.filter(user=city.users["reader"]).exists()
