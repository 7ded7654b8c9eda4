# ruff: noqa: E501 — one mistake a line reads better than six lines each
"""Somebody follows docs/packs.md or docs/packs.zh-CN.md from the top and adds a kind without a line of Python."""

import re
import shutil
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from shiyu.lib import clock
from shiyu.matters.models import Matter
from shiyu.matters.queries.ways import competence_for
from shiyu.packs.check import check_folder
from shiyu.people.models import Unit, User
from shiyu.places.models import Area
from shiyu.seeding import load_city
from tests.conftest import ROOT

CHINESE = ROOT / "docs" / "packs.zh-CN.md"


@pytest.fixture
def mytown(tmp_path: Path) -> Path:
    """The walkthrough's pack, made of the blocks that stand in the page."""
    page = (ROOT / "docs" / "packs.md").read_text(encoding="utf-8")
    kind, competence = re.findall(r"```yaml\n(.*?)```", page.split("## A kind of one's own")[1], re.DOTALL)[
        :2
    ]
    folder = Path(shutil.copytree(ROOT / "packs" / "lijiang", tmp_path / "mytown"))
    rules = folder / "pack.yaml"
    rules.write_text(
        rules.read_text(encoding="utf-8").replace("code: lijiang", "code: mytown"), encoding="utf-8"
    )
    (folder / "kinds" / "tree.yaml").write_text(kind, encoding="utf-8")
    table = folder / "competence.yaml"
    text = table.read_text(encoding="utf-8").replace("competence:\n", f"competence:\n{competence}", 1)
    table.write_text(text, encoding="utf-8")
    return folder


def test_the_walkthrough_passes_the_check_and_without_its_scenario_it_does_not(mytown: Path) -> None:
    assert check_folder(mytown) == []
    kind = mytown / "kinds" / "tree.yaml"
    kind.write_text(kind.read_text(encoding="utf-8").split("\nscenario:")[0] + "\n", encoding="utf-8")
    assert any("tree" in str(error) for error in check_folder(mytown))


def test_the_new_kind_is_chosen_filed_and_listed(mytown: Path, db: None, client: Client) -> None:
    load_city(mytown, password=None)
    centre = Unit.objects.get(code="gc02_centre")
    desk = User.objects.get(appointments__post__code="gc02_desk")
    client.force_login(desk, backend="django.contrib.auth.backends.ModelBackend")
    choice = client.get(reverse("matter_new")).content.decode()
    assert "树木隐患" in choice and "矛盾纠纷" in choice and "信访复核" not in choice
    form = reverse("matter_new") + "?kind=tree"
    given = {"title": "路口老柏树倾斜", "text": "根部外露", "source": "visit", "happened_on": "2026-01-05"}
    place = Area.objects.get(code="530702002901")
    given |= {"unit_id": str(centre.pk), "area_id": str(place.pk)}
    assert client.post(form, given).status_code == 422
    assert Matter.objects.count() == 0
    answer = client.post(form, given | {"f_height": "12"})
    assert answer.status_code == 302, answer.context["form"].errors
    matter = Matter.objects.get()
    assert (matter.kind, matter.code, matter.phase) == ("tree", f"树〔{clock.today().year}〕001号", "filed")
    found = competence_for(matter)
    assert found is not None and found.lead == Unit.objects.get(code="gc02_gov")
    page = client.get(reverse("matter_list")).content.decode()
    assert matter.code in page and "树木隐患" in page


@pytest.fixture
def campus(tmp_path: Path) -> Path:
    """The pack of the Chinese page: its one file put into a copy of a pack of centres."""
    folder = Path(shutil.copytree(ROOT / "packs" / "lijiang", tmp_path / "mytown"))
    rules = folder / "pack.yaml"
    rules.write_text(
        rules.read_text(encoding="utf-8").replace("code: lijiang", "code: mytown"), encoding="utf-8"
    )
    page = CHINESE.read_text(encoding="utf-8")
    (whole,) = re.findall(r"```yaml\n(.*?)```", page, re.DOTALL)
    (folder / "kinds" / "campus.yaml").write_text(whole, encoding="utf-8")
    return folder


def test_the_chinese_page_gives_a_file_that_passes_the_check_as_it_stands(campus: Path) -> None:
    assert check_folder(campus) == []


MISTAKES = [
    ("    label: {zh: 校园周边问题,", "    label：{zh: 校园周边问题,", "用了全角冒号“：”"),
    ("{zh: 校园周边问题, en: Problem", "{zh: 校园周边问题，en: Problem", "用了全角逗号“，”"),
    ("type: text,", "type:text,", "冒号后缺空格"),
    ("    closing: verified", "\tclosing: verified", "行首用了 Tab，缩进只能用空格"),
    ('"校边〔{{year}}〕{{n}}号"', "校边〔{{year}}〕{{n}}号", "值里有 {{…}} 要加引号"),
    ("label: {zh: 校园周边问题, en: Problem around a school}", "label: 校园周边问题", "label 应为“键: 值”，写作 label: {zh: …, en: …}"),
    ("{overdue: {n: 2, unit: workdays}", "{overdue: 2", "overdue 应为“键: 值”，写作 overdue: {n: 2, unit: workdays}"),
    ("      school: {", "      学校: {", "代码 学校 的写法不对：只能用小写拉丁字母、数字和下划线，以字母开头"),
    ("needs: [proof]", "needs: [proofs]", "needs 的第1项不能是 proofs，是不是 proof？"),
    ("pupils: {min: 50, max: 199}", "pupils: 50-199", "pupils 是数字，不能写成“50-199”；写范围：pupils: {min: 50, max: 199}"),
    ("      school: {", "      title: {", "每个事项本来就有 title，字段换一个代码"),
    ("      verify: {}\n", "", "closing: verified 需要启用 verify"),
    ("phase: verifying", "phase: handling", "缺少阶段 verifying（待核查）的状态"),
    ("    reply: {n: 3, unit: workdays} ", "    # ", "模板 campus_letter 写了 {{reply_by}}，而函件 campus_letter 没有 reply"),
    ("kind: campus, topic", "kind: finding, topic", "职责表 competence 没有适用于 campus（校园周边问题）的行"),
    ("    limit: {n: 10, unit: workdays}", "    limit: {n: 5, unit: workdays}", "状态 handling 的时限（7个工作日）比 campus 的总时限（5个工作日）还长"),
    ("with: [result, proof]", "with: [result]", "complete 被拒绝（needs_proof）"),
]  # fmt: skip
"""What the Chinese page says goes wrong: what stands in its example, what somebody writes, what the check answers."""


@pytest.mark.parametrize(("old", "new", "said"), MISTAKES)
def test_the_check_answers_as_the_chinese_page_says(campus: Path, old: str, new: str, said: str) -> None:
    table = CHINESE.read_text(encoding="utf-8").split("常见的写法和检查的回答")[1]
    assert f"| {said} |" in table
    file = campus / "kinds" / "campus.yaml"
    text = file.read_text(encoding="utf-8")
    assert old in text
    changed = text.replace(old, new).replace(
        "when: [{kind: campus}]", "when: [{kind: finding}]" if "finding" in new else "when: [{kind: campus}]"
    )
    file.write_text(changed, encoding="utf-8")
    assert any(said in error.message_zh for error in check_folder(campus))


def test_every_answer_on_the_chinese_page_is_tried() -> None:
    table = CHINESE.read_text(encoding="utf-8").split("常见的写法和检查的回答")[1].split("## ")[0]
    answers = re.findall(r"^\| .* \| (.*) \|$", table, re.MULTILINE)[1:]
    assert sorted(answers) == sorted(said for _old, _new, said in MISTAKES)


def test_the_kind_of_the_chinese_page_is_filed_and_proposes_who_is_competent(
    campus: Path, db: None, client: Client
) -> None:
    load_city(campus, password=None)
    desk = User.objects.get(appointments__post__code="gc02_desk")
    client.force_login(desk, backend="django.contrib.auth.backends.ModelBackend")
    given = {"title": "校门口占道摊点", "text": "放学时堵路", "source": "visit", "happened_on": "2026-01-05"}
    given |= {"unit_id": str(Unit.objects.get(code="gc02_centre").pk), "topic": "stalls"}
    given |= {
        "area_id": str(Area.objects.get(code="530702002901").pk),
        "f_school": "某小学",
        "f_pupils": "80",
        "reporter": "nobody",
    }
    answer = client.post(reverse("matter_new") + "?kind=campus", given)
    assert answer.status_code == 302, answer.context["form"].errors
    matter = Matter.objects.get()
    assert (matter.kind, matter.code) == ("campus", f"校边〔{clock.today().year}〕001号")
    found = competence_for(matter)
    assert found is not None and found.lead == Unit.objects.get(code="gc02_gov")
