"""Search: words of Chinese without a dictionary, an index that is asked, numbers first, and only what one may see."""

from datetime import date

import pytest
from django.apps import apps
from django.db import connection, models

from shiyu.documents.models import Document
from shiyu.lib import clock
from shiyu.lib.ids import new_id
from shiyu.lib.search_field import Searched, rows_with_old_words, searched, write_words
from shiyu.lib.search_text import excerpt, marked, query_literal, query_terms
from shiyu.matters.models import Matter
from shiyu.people.models import Unit
from shiyu.plans.actions.tasks import Part, split_task
from shiyu.plans.models import Edition, Task
from tests.example_rows import TODAY, Rows, actor, make_rows


@pytest.fixture
def rows(db, files_elsewhere: None) -> Rows:
    return make_rows()


TEXTS = (
    "老旧小区电梯安全隐患清零",
    "安全生产，责任到人",
    "全面排查校园周边",
    "依据GB/T 9704第3条规定",
    "风险函〔2026〕17号",
    "ＡＢＣ全角与半角",
    "乡",
)
ASKED = (
    "安全",
    "安",
    "人",
    "零",
    "电梯安全",
    "安全责任",
    "乡",
    "9704",
    "97",
    "第3条",
    "函〔2026〕17号",
    "abc",
    "全角",
    "镇",
    "全生产",
)


@pytest.mark.parametrize("asked", ASKED)
def test_the_index_finds_what_a_full_scan_finds(db: None, asked: str) -> None:
    made = {
        Document.objects.create(
            title=text,
            kind="proof",
            link="https://proof.invalid/1",
            uploaded_by_id=new_id(),
            uploaded_by_name="某",
        ).pk: text
        for text in TEXTS
    }
    wanted = {text for text in TEXTS if asked.lower() in text.replace("ＡＢＣ", "abc").lower()}
    assert {made[row.pk] for row in searched(Document.objects.all(), asked)} == wanted


def test_several_words_must_all_be_found_and_only_marks_ask_nothing() -> None:
    assert query_terms("电梯　安全 ！ 电梯") == ["电梯", "安全"]
    assert query_literal("电梯 安全生产") == "('电梯') & ('安全' <-> '全生' <-> '生产')"
    assert query_literal("〔〕 ！") == ""
    assert query_literal("' | !") == ""


def test_what_was_asked_is_marked_and_its_surroundings_are_cut_out() -> None:
    assert marked("电梯安全", ["安全"]) == [("电梯", False), ("安全", True)]
    assert marked("电梯", ["安全"]) == [("电梯", False)]
    assert marked("…ＧＢ安全", ["gb"]) == [("…", False), ("ＧＢ", True), ("安全", False)]
    text = "前" * 200 + "安全生产" + "后" * 200
    cut = excerpt(text, ["安全"], 40)
    assert "安全生产" in cut and cut.startswith("…") and cut.endswith("…") and len(cut) == 42
    assert excerpt(text, ["消防"]) == ""


def searched_models() -> list[type[models.Model]]:
    return [model for model in apps.get_models() if issubclass(model, Searched)]


def test_every_action_leaves_the_words_of_its_rows_behind(rows: Rows) -> None:
    assert len(searched_models()) == 6
    for model in searched_models():
        assert model._default_manager.exists(), model
        assert rows_with_old_words(model) == [], model


def test_saving_only_a_source_takes_its_words_along(rows: Rows) -> None:
    with clock.frozen(TODAY):
        task = Task.objects.get(pk=rows["draft_task"])
        split_task(actor("clerk"), task.pk, "共同要求：逐户走访", [Part("先试点"), Part("再推开")])
    assert rows_with_old_words(Task) == []
    assert searched(Task.objects.filter(pk=task.pk), "逐户走访", newest=["-position"]).exists()


def test_rows_changed_behind_the_actions_are_named_and_put_right(rows: Rows) -> None:
    Task.objects.filter(pk=rows["task"]).update(title="另一个题目")
    assert rows_with_old_words(Task) == [rows["task"]]
    assert write_words(Task, at_once=3) == Task.objects.count()
    assert rows_with_old_words(Task) == []


def get(client, **query):  # type: ignore[no-untyped-def]
    with clock.frozen(TODAY):
        answer = client.get("/search/", query)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_page_finds_every_kind_marks_the_words_and_counts_in_tabs(rows: Rows, browser_of) -> None:
    page = get(browser_of("clerk"), q="公示")
    assert "窗口未<mark>公示</mark>流程" in page and "<mark>公示</mark>照片.pdf" in page
    assert 'href="?q=%E5%85%AC%E7%A4%BA&amp;kind=matter"' in page
    only = get(browser_of("clerk"), q="公示", kind="matter")
    assert "窗口未<mark>公示</mark>流程" in only and "照片.pdf" not in only
    assert "<mark>整改</mark>通知书" in get(browser_of("clerk"), q="整改")
    assert "<mark>责任</mark>落实" in get(browser_of("clerk"), q="责任")


def test_one_character_is_found_too(rows: Rows, browser_of) -> None:
    page = get(browser_of("clerk"), q="窗")
    assert "<mark>窗</mark>口未公示流程" in page


def test_nothing_found_says_what_to_try_and_nothing_asked_says_what_is_searched(
    rows: Rows, browser_of
) -> None:
    page = get(browser_of("clerk"), q="不存在的词")
    assert "没有同时含有这些词的内容" in page and "档号" in page
    assert "多个词用空格隔开" in get(browser_of("clerk"))
    elsewhere = get(browser_of("clerk"), q="通知书", kind="box")
    assert "本类没有" in elsewhere and "看全部类别" in elsewhere


def test_what_one_may_not_see_is_not_found(rows: Rows, browser_of) -> None:
    assert "窗口未" in get(browser_of("justice"), q="公示")
    page = get(browser_of("safety"), q="公示")
    assert "窗口未" not in page and "公示照片" not in page


def test_an_exact_number_comes_first(rows: Rows, browser_of) -> None:
    matter = Matter.objects.get(pk=rows["matter"])
    twin = Matter.objects.get(pk=rows["matter"])
    twin.pk, twin.code, twin.title = new_id(), "ZZ-1", f"{matter.code}的后续"
    twin.received_at = clock.now()
    twin.save(force_insert=True)
    page = get(browser_of("clerk"), q=matter.code.lower(), kind="matter")
    assert page.index(str(matter.pk)) < page.index(str(twin.pk))
    box = get(browser_of("clerk"), q=rows["box"])
    assert "责任落实" in box
    document = Document.objects.select_related("box").get(pk=rows["document"])
    filed = get(browser_of("clerk"), q=document.archive_number, kind="document")
    assert str(document.pk) in filed and filed.count('<div class="h1">') == 1


def test_a_task_is_found_by_its_number_in_words(rows: Rows, browser_of) -> None:
    task = Task.objects.get(pk=rows["task"])
    for asked in (task.number, f"第{task.number}项"):
        page = get(browser_of("clerk"), q=asked, kind="task")
        assert page.index(str(task.pk)) == min(
            page.index(str(t.pk)) for t in Task.objects.all() if str(t.pk) in page
        )


def test_pages_of_one_kind_go_on_and_stop(rows: Rows, browser_of) -> None:
    edition = Edition.objects.get(pk=rows["edition"])
    Task.objects.bulk_create(
        Task(
            edition=edition,
            key=f"s{n}",
            number=str(n),
            position=n,
            title=f"消防巡查{n}",
            due_on=date(2026, 12, 1),
        )
        for n in range(100, 125)
    )
    first = get(browser_of("clerk"), q="消防巡查", kind="task")
    assert first.count('<div class="h1">') == 20 and "page=2" in first
    second = get(browser_of("clerk"), q="消防巡查", kind="task", page="2")
    assert second.count('<div class="h1">') == 5 and "page=3" not in second
    assert get(browser_of("clerk"), q="消防巡查").count('<div class="h1">') == 5
    assert get(browser_of("clerk"), q="消防巡查", kind="nonsense", page="x").count('<div class="h1">') == 5


def test_the_database_asks_the_index(rows: Rows) -> None:
    """With rows enough that reading them all costs more: the plan names the index of the words."""
    unit = Unit.objects.get(code="office")
    Matter.objects.bulk_create(
        (
            Matter(
                code=f"T-{n}", kind="problem", title=f"第{n}个问题", text="逐项核对台账与现场。" * 3, source="visit",
                unit=unit, phase="handling", state="handling",
            )
            for n in range(4000)
        ),
        batch_size=2000,
    )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute("SELECT gin_clean_pending_list('matter_words')")  # as autovacuum does
        cursor.execute("ANALYZE matters_matter")
    found = searched(Matter.objects.visible_to(actor("clerk")), "公示", newest=["-received_at"])
    assert "matter_words" in found.explain()
