"""A task's page and forms: proof behind its permission, clauses that name their guideline, suggested targets."""

import io
from decimal import Decimal
from uuid import UUID

import openpyxl
import pytest
from django.urls import reverse

from shiyu.kernel.actor import SYSTEM
from shiyu.kernel.spec.plan_seed import GuidelineSeed
from shiyu.plans.actions.report_proof import add_proof
from shiyu.plans.actions.reports import open_month
from shiyu.plans.actions.seed import import_guideline
from shiyu.plans.actions.tasks import Part, Units, edit_task, link_clauses, split_task
from shiyu.plans.models import Clause, Edition, TaskClause
from shiyu.plans.queries.editions import task_rows
from shiyu.plans.queries.lists import ListScope, cut_lists, source_of_lists
from shiyu.plans.queries.targets import target_of
from shiyu.plans.tests.conftest import GUIDELINE, City, duty, task
from shiyu.plans.tests.reporting import at, entry, fill_all, report_of, submit, with_cycle
from shiyu.plans.views import guidelines


def test_proof_opens_for_whoever_may_see_the_report_and_stands_there_for_others(
    city: City, issued: Edition
) -> None:
    with_cycle(city)
    with at(3, 2):
        open_month(city.actor("clerk"), "2026-03")
        fill_all(city, "police")
        mine = entry(report_of(city, "police"), "t1")
        (proof,) = add_proof(city.actor("police"), mine.pk, link="https://example.org/a", title="会议记录")
        submit(city, "police")
        page, file = reverse("task_detail", args=[task(issued, "t1").pk]), [mine.pk, proof.pk]
        address = reverse("report_proof_file", args=file)
        for name in ("clerk", "police"):
            assert f'href="{address}">会议记录</a>' in city.client(name).get(page).content.decode(), name
        html = city.client("reader").get(page).content.decode()
        assert "会议记录" in html and address not in html
        assert city.client("reader").get(address).status_code == 404


def second_guideline(level: str, year: int) -> dict[str, Clause]:
    data = {**GUIDELINE, "code": f"{level}{year}", "title": f"{level}{year}", "level": level, "year": year}
    made = import_guideline(SYSTEM, GuidelineSeed.model_validate(data))
    return {clause.number: clause for clause in made.clauses.all()}


def names(edition: Edition, key: str) -> list[str]:
    return next(row.clauses for row in task_rows(edition) if row.task.key == key)


def test_a_clause_names_its_guideline_once_there_are_two(city: City, issued: Edition, draft: Edition) -> None:
    clerk, t1 = city.actor("clerk"), task(draft, "t1")
    assert names(draft, "t1") == ["1.1"]
    own = list(t1.clause_links.values_list("clause_id", flat=True))
    link_clauses(clerk, t1.pk, [*own, second_guideline("provincial", 2024)["2.1"].pk])
    assert names(draft, "t1") == ["国家1.1", "省2.1"]
    assert names(draft, "t2") == ["国家1.2"]
    assert names(issued, "t1") == ["1.1"]
    assert names(draft, "t3") == ["国家2.1"]
    own = list(t1.clause_links.values_list("clause_id", flat=True))
    link_clauses(clerk, t1.pk, [*own, second_guideline("provincial", 2025)["1.2"].pk])
    assert names(draft, "t1") == ["国家1.1", "省2024·2.1", "省2025·1.2"]
    both = Clause.objects.filter(guideline__level="national", number__in=["1.1", "1.2"]).values_list(
        "pk", flat=True
    )
    link_clauses(clerk, task(draft, "t2").pk, both)
    assert names(draft, "t2") == ["国家1.1", "1.2"]  # the guideline is named once
    shown = city.client("clerk").get(reverse("edition_detail", args=[draft.pk])).content.decode()
    assert "省2024·2.1" in shown
    form = city.client("clerk").get(reverse("task_clauses", args=[t1.pk])).content.decode()
    assert '<optgroup label="示范指引">' in form and '<optgroup label="provincial2024">' in form


def test_the_lists_tell_the_clauses_of_two_guidelines_apart(city: City, issued: Edition) -> None:
    def clauses(**scope: UUID) -> dict[str, tuple[str, ...]]:
        lists = cut_lists(source_of_lists(city.actor("clerk")), ListScope(**scope))  # type: ignore[arg-type]
        return {row.number: row.clauses for row in lists.responsibility}

    assert clauses()["1"] == ("1.1",)
    second = second_guideline("provincial", 2025)
    for number in ("2.1", "1.1"):
        TaskClause.objects.create(task=task(issued, "t1"), clause=second[number])
    assert clauses()["1"] == ("国家1.1", "省1.1", "2.1")
    assert clauses()["2"] == ("国家1.2",)
    # A unit that has none of the tasks meeting the second guideline reads the same words.
    assert clauses(unit_id=city.unit("housing")) == {"3": ("国家2.1",)}
    client = city.client("clerk")
    assert "国家1.1、省1.1、2.1" in client.get(reverse("three_lists")).content.decode()


def test_a_sub_task_has_the_target_its_text_states(city: City, draft: Edition) -> None:
    lead = Units(leads=(city.unit("police"),))
    parts = [Part("校园", "新建护学岗12个。", lead), Part("医院", "急诊通道畅通。", lead)]
    first, second = split_task(city.actor("clerk"), task(draft, "t3").pk, "", parts)
    assert (first.target_kind, first.target_value, first.target_unit) == ("number", 12, "个")
    assert (second.target_kind, second.target_text) == ("", "")


def test_the_form_suggests_a_target_only_where_there_is_none(city: City, draft: Edition) -> None:
    client, t2 = city.client("clerk"), task(draft, "t2")
    draft.tasks.filter(key="t2").update(measures="开展培训6次。", target_text="", target_kind="kept")
    form = client.get(reverse("task_edit", args=[t2.pk])).context["form"]
    assert (form["target_value"].value(), form["target_text"].value()) == (6, "开展培训6次")
    assert "请核对" in str(form["target_text"].help_text)
    draft.tasks.filter(key="t2").update(target_text="全年保持")
    form = client.get(reverse("task_edit", args=[t2.pk])).context["form"]
    assert (form["target_kind"].value(), form["target_text"].value()) == ("kept", "全年保持")
    assert duty(draft, "t2", city.units["justice"])  # nothing was written by looking
    t2.refresh_from_db()
    assert t2.target_value is None


def test_a_clause_met_by_many_tasks_shows_the_first_and_opens_the_others(
    city: City, issued: Edition, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(guidelines, "TASKS_SHOWN", 1)
    clause = Clause.objects.get(number="1.1")
    url, client = reverse("guideline_detail", args=[clause.guideline_id]), city.client("clerk")
    assert "另有" not in client.get(url).content.decode()
    for key in ("t2", "t3"):
        TaskClause.objects.create(task=task(issued, key), clause=clause)

    def titles(query: str) -> list[bool]:
        row = client.get(url + query).content.decode().split(f'id="c{clause.pk}"')[1].split("</tr>")[0]
        return [words in row for words in ("健全领导小组", "明确职责", "行业安全", "另有2项")]

    assert titles("") == [True, False, False, True]
    assert titles(f"?clause={clause.pk}") == [True, True, True, False]
    assert titles("?clause=nonsense") == [True, False, False, True]
    export = openpyxl.load_workbook(io.BytesIO(client.get(url + "?export=xlsx").content)).active
    cells = [str(cell.value) for row in export.iter_rows() for cell in row]
    assert any("健全领导小组" in text and "行业安全" in text for text in cells), "the file leaves nothing out"


def test_a_number_the_words_name_is_not_shown_twice(city: City, draft: Edition) -> None:
    row = task(draft, "t1")
    url = reverse("task_detail", args=[row.pk])
    wanted = {"target_kind": "number", "target_value": Decimal(80), "target_unit": "%"}
    edit_task(city.actor("clerk"), row.pk, {**wanted, "target_text": "80%"})
    assert "80 %" not in city.client("clerk").get(url).content.decode()
    edit_task(city.actor("clerk"), row.pk, {**wanted, "target_text": "稳步提高"})
    assert "80 %" in city.client("clerk").get(url).content.decode()


def test_kept_all_year_only_where_the_text_says_so() -> None:
    assert target_of("2026年3月底前完成台账。") == {}
    assert target_of("重特大事故全年保持零发生。") == {"target_kind": "kept"}
