"""Lists: paging by key, filters, bounded counts, exports without live formulas."""

import io
from dataclasses import dataclass, replace
from datetime import date

import django_filters
import openpyxl
import pytest
from django import forms
from django.contrib.auth.models import Group
from django.db.models import Case, F, IntegerField, Value, When
from django.db.models.functions import Length, Mod
from django.http import HttpRequest
from django.test import RequestFactory, override_settings
from django.utils import translation

from shiyu.ui import keyset, lists, sheets
from shiyu.ui.lists import BulkAction, Column, ListPage, ListSpec, TablePage, View, respond_list
from shiyu.ui.values import Number, due_in


class GroupFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(field_name="name", lookup_expr="icontains", label="Contains")

    class Meta:
        model = Group
        fields: list[str] = []


# Every third has no bucket: NULLs must come last in both directions and be paged through like the rest.
BUCKET = Case(
    When(id__in=[], then=Value(0)),
    When(name__endswith="0", then=None),
    default=Mod(Length("name") + F("id"), Value(3)),
    output_field=IntegerField(),
)
SPEC = ListSpec(
    "groups",
    "单位",
    (Column("name", "名称", sort="name"), Column("bucket", "组", value="pk", sort=(BUCKET, "name"))),
    "name",
    filterset=GroupFilter,
    page_size=7,
)


def get(query: str = "", actor: object = None) -> HttpRequest:
    request = RequestFactory().get(f"/groups/?{query}")
    request.actor = actor  # type: ignore[attr-defined]
    return request


@pytest.fixture
def groups(db: None) -> list[Group]:
    return Group.objects.bulk_create([Group(name=f"g{i:02}") for i in range(40)])


@pytest.mark.parametrize("sort", ["name", "-name", "bucket", "-bucket"])
def test_pages_by_key_meet_every_row_once_there_and_back(groups: list[Group], sort: str) -> None:
    whole = [g.pk for g in ListPage(get(f"sort={sort}"), SPEC, Group.objects.all()).all_rows(1000)]
    assert len(whole) == 40
    page = ListPage(get(f"sort={sort}"), SPEC, Group.objects.all())
    forward, firsts = [], []
    while True:
        forward.append([g.pk for g in page.rows])
        firsts.append(page.first)
        if "next" not in page.pages:
            break
        page = ListPage(get(f"sort={sort}&after={page.pages['next']['after']}"), SPEC, Group.objects.all())
    assert [pk for part in forward for pk in part] == whole
    assert firsts == [1, 8, 15, 22, 29, 36]
    back = [forward[-1]]
    while "previous" in page.pages:
        before = page.pages["previous"]["before"]
        page = ListPage(get(f"sort={sort}&before={before}"), SPEC, Group.objects.all())
        back.append([g.pk for g in page.rows])
    assert back[::-1] == forward


@pytest.mark.parametrize("bad", ["x", "W10", "WzEsMV0", "%00", "eyJhIjoxfQ", "W3t9LDEsMl0", "9" * 500])
def test_a_damaged_token_shows_the_first_page(groups: list[Group], bad: str) -> None:
    page = ListPage(get(f"after={bad}"), SPEC, Group.objects.all())
    assert [g.name for g in page.rows] == [f"g{i:02}" for i in range(7)]


def test_a_token_of_a_wrong_type_shows_the_first_page(groups: list[Group]) -> None:
    class Row:
        k0, pk = "word", "no number"

    page = ListPage(get(f"sort=bucket&after={keyset.token(Row(), 2 - 1, 7)}"), SPEC, Group.objects.all())
    assert page.first == 1


def test_a_page_costs_two_queries(groups: list[Group], django_assert_num_queries) -> None:
    page = ListPage(get(), SPEC, Group.objects.all())
    with django_assert_num_queries(2):
        assert (len(page.rows), page.count, page.count_words) == (7, 40, "40")


def test_counts_stop(groups: list[Group], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lists, "COUNT_STOP", 20)
    assert ListPage(get(), SPEC, Group.objects.all()).count_words == "20+"


def test_filters_come_from_the_url_and_defaults_hold_until_chosen(groups: list[Group]) -> None:
    spec = ListSpec("g", "x", SPEC.columns, "name", filterset=GroupFilter, defaults={"q": "g1"})
    assert ListPage(get(), spec, Group.objects.all()).count == 10
    assert ListPage(get("q=g2"), spec, Group.objects.all()).count == 10
    assert ListPage(get("q="), spec, Group.objects.all()).count == 40
    assert ListPage(get("q=g2"), spec, Group.objects.all()).clear_url == "/groups/"
    assert ListPage(get(), spec, Group.objects.all()).clear_url == "/groups/?q="


@override_settings(ROOT_URLCONF="shiyu.ui.tests.urls")
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_page_renders_and_pages_on(groups: list[Group], language: str) -> None:
    with translation.override(language):
        html = respond_list(
            get("sort=-name"), ListPage(get("sort=-name"), SPEC, Group.objects.all())
        ).content.decode()
    assert 'aria-sort="descending"' in html
    assert "after=" in html
    assert " style=" not in html and "<script>" not in html and "onclick" not in html
    assert "g39" in html and "g32" not in html


@override_settings(ROOT_URLCONF="shiyu.ui.tests.urls")
def test_an_empty_filtered_list_says_so_and_offers_to_clear(groups: list[Group]) -> None:
    with translation.override("en"):
        page = ListPage(get("q=nothing"), SPEC, Group.objects.all())
        html = respond_list(get("q=nothing"), page).content.decode()
    assert "Nothing matches these filters." in html
    assert 'href="/groups/"' in html


@dataclass
class Row:
    pk: int
    task: str
    block: str | None
    due: object


ROWS = [
    Row(1, "=HYPERLINK(1)", "b", due_in(2, date(2026, 11, 24))),
    Row(2, "+86 10", None, due_in(-3, date(2026, 11, 17))),
    Row(3, "普通", "a", None),
]
TABLE = ListSpec(
    "rows",
    "责任清单",
    (
        Column("task", "任务", width=100, frozen=True),
        Column("block", "板块", width=60, sort=True),
        Column("due", "时限", width=90),
        Column("n", "数", width=40, value=lambda r: Number(r.pk, f"/rows/{r.pk}/", r.pk == 2)),
        Column("pk", "序号", width=40, sort=True),
    ),
    "pk",
    views=(View("板块a", "block=a"),),
    page_size=2,
)


class RowForm(forms.Form):
    block = forms.ChoiceField(required=False, choices=[("", "全部"), ("a", "板块甲")], label="板块")


def keep(rows, chosen):
    return [r for r in rows if not chosen.get("block") or r.block == chosen["block"]]


def test_filters_are_folded_until_one_is_set_and_say_how_many() -> None:
    bare = TablePage(get(), TABLE, ROWS, form=RowForm, keep=keep)
    assert bare.filter_count == 0
    html = respond_list(get(), bare).content.decode()
    assert 'id="show-filters">' in html and 'for="show-filters">' in html
    filtered = TablePage(get("block=a"), TABLE, ROWS, form=RowForm, keep=keep)
    assert filtered.filter_count == 1
    html = respond_list(get("block=a"), filtered).content.decode()
    assert 'id="show-filters" checked>' in html and "(1)</label>" in html
    usual = replace(TABLE, defaults={"block": "a"})
    assert TablePage(get(), usual, ROWS, form=RowForm, keep=keep).filter_count == 0


def test_computed_rows_filter_sort_and_page() -> None:
    assert [r.pk for r in TablePage(get("sort=block"), TABLE, ROWS).filtered] == [3, 1, 2]
    assert [r.pk for r in TablePage(get("sort=-block"), TABLE, ROWS).filtered] == [1, 3, 2]
    assert [r.pk for r in TablePage(get("page=2"), TABLE, ROWS).rows] == [3]
    assert [r.pk for r in TablePage(get("page=99999"), TABLE, ROWS).rows] == [3]
    filtered = TablePage(get("block=a"), TABLE, ROWS, form=RowForm, keep=keep)
    assert [r.pk for r in filtered.rows] == [3]
    assert filtered.views[0][1] is True
    assert "板块甲" in filtered.export_note


def test_excel_writes_texts_never_formulas() -> None:
    response = respond_list(get("export=xlsx"), TablePage(get("export=xlsx"), TABLE, ROWS))
    assert response["Content-Disposition"].startswith("attachment")
    sheet = openpyxl.load_workbook(io.BytesIO(response.content)).active
    cells = {cell.value: cell.data_type for row in sheet.iter_rows() for cell in row}
    assert cells["=HYPERLINK(1)"] == "s"
    assert "f" not in cells.values()
    assert sheet.print_title_rows == "$3:$3"
    assert sheet.page_setup.orientation == "landscape" and sheet.page_setup.paperSize == 8
    assert sheet["E4"].value == 1 and sheet["B5"].value == "—"


@pytest.mark.parametrize(
    ("text", "written"),
    [("=1+1", "'=1+1"), ("@SUM", "'@SUM"), ("-5", "-5"), ("-cmd", "'-cmd"), ("\t=1", "'\t=1"), ("甲", "甲")],
)
def test_csv_has_no_live_formula(text: str, written: str) -> None:
    assert sheets.safe_text(text) == written


@override_settings(ROOT_URLCONF="shiyu.ui.tests.urls")
def test_a_wide_table_shows_numbers_as_links_and_red_only_for_overdue() -> None:
    page = TablePage(get(), TABLE, ROWS, bulk=[BulkAction("提醒", "/remind/")], foot=[Number(0, "/x/", True)])
    with translation.override("zh-hans"):
        html = respond_list(get(), page).content.decode()
    assert '<a class="n" href="/rows/1/">1</a>' in html
    assert '<a class="n late" href="/rows/2/">2</a>' in html
    assert '<a class="n" href="/x/">0</a>' in html, "a count of no overdue rows is not red"
    assert 'width="366"' in html and 'formaction="/remind/"' in html
    assert "逾期3个工作日" in html


@override_settings(ROOT_URLCONF="shiyu.ui.tests.urls")
def test_print_shows_all_rows_of_all_pages() -> None:
    html = respond_list(get("print=1"), TablePage(get("print=1"), TABLE, ROWS)).content.decode()
    assert "普通" in html and "=HYPERLINK(1)" in html


def test_user_text_is_escaped() -> None:
    rows = [Row(1, "<b>x</b>", "<i>", None)]
    with override_settings(ROOT_URLCONF="shiyu.ui.tests.urls"):
        html = respond_list(get(), TablePage(get(), TABLE, rows)).content.decode()
    assert "<b>x</b>" not in html and "&lt;b&gt;" in html
