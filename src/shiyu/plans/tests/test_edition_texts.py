"""What a document says around its tasks, and the order of its leads: kept from the import to the printed plan."""

import io

import docx
from django.urls import reverse

from shiyu.lib import clock
from shiyu.plans.actions.imports import read_document
from shiyu.plans.actions.take_over import AsEdition, take_over_import
from shiyu.plans.actions.tasks import remove_task
from shiyu.plans.models import Edition, Task
from shiyu.plans.queries.approval import plan_in_word
from shiyu.plans.queries.corrections import corrected
from shiyu.plans.queries.editions import task_rows
from shiyu.plans.queries.fact_reading import task_facts
from shiyu.plans.tests.conftest import City
from shiyu.plans.tests.test_imports import TEXT, settle_all


def test_the_text_around_the_tasks_is_kept_shown_and_printed(city: City) -> None:
    clerk = city.actor("clerk")
    row = read_document(
        clerk,
        "粘贴",
        TEXT.replace("一、总体", "为进一步压实责任，制定本方案。\n一、总体")
        + "三、工作要求\n各单位要加强协同。\n",
    )
    settle_all(city, row)
    row = take_over_import(clerk, row.pk, edition=AsEdition("示市方案", 2026))
    edition = Edition.objects.get(pk=row.edition_id)

    def printed(of: Edition) -> str:
        word = docx.Document(io.BytesIO(plan_in_word(of, task_rows(of))))
        return "\n".join(paragraph.text for paragraph in word.paragraphs)

    def in_order(text: str) -> bool:
        pieces = (
            "示市方案", "为进一步压实责任", "一、总体要求", "坚持问题导向", "二、重点任务", "（一）健全体制",
            "1.完善协调机制", "2.开展隐患排查", "（二）防范风险", "3.加强调解", "三、工作要求", "各单位要加强协同",
        )  # fmt: skip
        places = [text.find(piece) for piece in pieces]
        assert -1 not in places, dict(zip(pieces, places, strict=True))
        return places == sorted(places)

    assert in_order(printed(edition))
    assert printed(edition).count("健全体制") == 1, "a heading of the document stands for its block"
    page = city.client("clerk").get(reverse("edition_detail", args=[edition.pk])).content.decode()
    assert "各单位要加强协同" in page and "各单位要加强协同" not in (
        city.client("reader").get(reverse("edition_detail", args=[edition.pk])).content.decode()
    )
    third = Task.objects.get(edition=edition, title="加强调解")
    remove_task(clerk, third.pk, "并入其他")
    assert printed(edition).find("（二）防范风险") < printed(edition).find("三、工作要求")


def test_leads_stand_as_the_document_writes_them(city: City) -> None:
    clerk = city.actor("clerk")
    row = read_document(
        clerk,
        "粘贴",
        "方案\n1. 甲事。（示市司法局、示市公安局牵头，示市卫生健康委、示市住房建设局配合）\n2. 乙事。（示市公安局牵头）\n",
    )
    settle_all(city, row)
    row = take_over_import(clerk, row.pk, edition=AsEdition("示市方案", 2026))
    edition = Edition.objects.get(pk=row.edition_id)

    def order() -> tuple[list[str], list[str]]:
        one = task_rows(edition)[0]
        return one.leads, one.supporting

    assert order() == (["示市司法局", "示市公安局"], ["示市住房建设局", "示市卫生健康委"])
    task = Task.objects.get(edition=edition, number="1")
    client, url = city.client("clerk"), reverse("task_edit", args=[task.pk])
    form = client.get(url).context["form"]
    assert form["lead_order"].value() == "示市司法局、示市公安局"
    data = {name: form[name].value() for name in form.fields if form[name].value() is not None}
    assert client.post(url, {**data, "note": "说明"}).status_code == 302
    assert order()[0] == ["示市司法局", "示市公安局"], "keeping the form keeps the order"
    wrong = client.post(url, {**data, "lead_order": "示市公安局、示市统计局"})
    assert wrong.status_code == 400 and "示市统计局" in wrong.content.decode()
    assert client.post(url, {**data, "lead_order": "示市公安局、示市司法局"}).status_code == 302
    assert order()[0] == ["示市公安局", "示市司法局"]
    Edition.objects.filter(pk=edition.pk).update(state="issued", issued_on=clock.today(), document_number="x")
    facts = task_facts(clock.today(), None)[0].leads
    assert [one.short for one in facts] == ["示市公安局", "示市司法局"], "in the responsibility list too"


def test_a_body_outside_the_list_is_kept_by_its_name(city: City) -> None:
    clerk = city.actor("clerk")
    row = read_document(
        clerk, "粘贴", "方案\n1. 甲事。（示市公安局牵头，示市燃气协会配合）\n2. 乙事。（示市公安局牵头）\n"
    )
    found = [doubt for doubt in corrected(row.result, row.edits).open_doubts if doubt.is_about_name]
    assert [doubt.name for doubt in found] == ["示市燃气协会"]
    page = city.client("clerk").get(reverse("plan_import", args=[row.pk])).content.decode()
    assert 'value="keep"' in page
    url = reverse("plan_import_edit", args=[row.pk])
    sent = city.client("clerk").post(url, {"op": "settle", "doubt": found[0].id, "choice": "keep"})
    assert sent.status_code == 302
    row.refresh_from_db()
    settle_all(city, row)
    row = take_over_import(clerk, row.pk, edition=AsEdition("示市方案", 2026))
    task = Task.objects.get(edition_id=row.edition_id, number="1")
    assert task.note == "库外单位：示市燃气协会（配合）"
    assert [duty.unit.code for duty in task.duties.all()] == ["police"]
    word = plan_in_word(task.edition, task_rows(task.edition))
    whole = docx.Document(io.BytesIO(word))
    body = "\n".join(one.text for one in whole.paragraphs)
    assert "示市燃气协会" in body, "the plan's text names it too"
