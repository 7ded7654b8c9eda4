"""The fields a pack's cycle asks beside ours: drawn, checked, in the workbook, carried over, kept when locked."""

from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse

from shiyu.kernel.fields import CYCLE_COLUMNS
from shiyu.lib.errors import UserError
from shiyu.packs.check import read_checked
from shiyu.packs.models import PackVersion
from shiyu.packs.queries import content_of, digest_of
from shiyu.periods.models import LockedRow, Period
from shiyu.plans.actions.locking import lock_month
from shiyu.plans.actions.report_flow import review_report, send_for_review, sign_off_reports
from shiyu.plans.actions.reports import EntryInput, fill_report, open_month, report_no_change
from shiyu.plans.forms.reports import EntryForm
from shiyu.plans.models import Edition, ReportEntry
from shiyu.plans.queries.cycle_fields import labels_missing, own_fields
from shiyu.plans.queries.lists import ListScope, cut_lists, source_of_lists
from shiyu.plans.queries.reports import entry_lines
from shiyu.plans.queries.task_facts import of_json
from shiyu.plans.tests.conftest import City, label, load_small_pack, task
from shiyu.plans.tests.reporting import at, cycle, entry, report_of, with_cycle, written
from shiyu.plans.tests.test_reports_pages import sheet_down, upload, url_of

PACKS = Path(__file__).parents[4] / "packs"
FORM: dict[str, Any] = {
    "people": {"label": label("参加人数"), "type": "number", "required": True},
    "kind": {"label": label("会议类别"), "type": "code", "list": "meetings"},
    "onsite": {"label": label("是否现场核查"), "type": "bool"},
    "problems": {"label": label("存在问题"), "type": "long_text"},
}
CODES = {
    "meetings": {"label": label("会议类别"), "values": {"full": label("全体会"), "topic": label("专题会")}}
}
GIVEN = {"people": "12", "kind": "topic", "onsite": "yes"}
KEPT = {"people": "12", "kind": "topic", "onsite": True}


@pytest.fixture
def month(city: City, issued: Edition) -> City:
    with_cycle(city, form=FORM, codes=CODES)
    with at(3, 2):
        open_month(city.actor("clerk"), "2026-03")
    return city


def first(city: City, code: str = "2026-03") -> ReportEntry:
    return entry(report_of(city, "justice", code), "t1")


def fill(city: City, row: ReportEntry, fields: dict[str, Any] | None = None) -> None:
    fill_report(city.actor("justice"), row.report_id, [written(row, fields=fields)])


def leave(city: City, fields: dict[str, Any]) -> None:
    """Justice fills all in, sends, has it reviewed and signed off."""
    report = report_of(city, "justice")
    rows = [written(row, fields=fields) for row in report.entries.all()]
    fill_report(city.actor("justice"), report.pk, rows)
    send_for_review(city.actor("justice"), report.pk)
    review_report(city.actor("justice_leader"), report.pk, True)
    sign_off_reports(city.actor("clerk"), [report.pk])


def test_the_page_draws_saves_and_shows_them_again(month: City) -> None:
    row = first(month)
    with at(3, 20):
        client, url = month.client("justice"), url_of(month, "justice")
        page = client.get(url).content.decode()
        assert "参加人数" in page and "专题会" in page and f'name="{row.pk}-f_onsite"' in page
        assert f'name="{row.pk}-f_problems"' not in page, "that field is the column we have"
        data = {f"{row.pk}-progress": "开会", f"{row.pk}-status": "on_track"}
        own = {f"{row.pk}-f_{code}": value for code, value in GIVEN.items()}
        assert client.post(url, data | own).status_code == 302
        row.refresh_from_db()
        assert row.fields == KEPT
        page = client.get(url).content.decode()
        assert 'value="12"' in page and '<option value="topic" selected>' in page
        # Emptied again: they are empty.
        assert client.post(url, data | dict.fromkeys(own, "")).status_code == 302
    row.refresh_from_db()
    assert row.fields == {} and row.progress == "开会"


def test_a_wrong_value_names_the_field_and_keeps_what_was_typed(month: City) -> None:
    row = first(month)
    with at(3, 20):
        data = {f"{row.pk}-progress": "开会", f"{row.pk}-status": "on_track", f"{row.pk}-f_people": "十二"}
        answer = month.client("justice").post(url_of(month, "justice"), data)
        page = answer.content.decode()
        assert answer.status_code == 400 and "十二" in page and "参加人数" in page and "开会" in page
        for fields, said in (
            ({"people": "十二"}, "参加人数"),
            ({"kind": "none"}, "会议类别"),
            ({"x": "1"}, "x"),
        ):
            with pytest.raises(UserError, match=f"健全领导小组.*{said}") as caught:
                fill(month, row, fields)
            assert caught.value.field == f"entry_{row.pk}"
    row.refresh_from_db()
    assert not row.is_filled and row.fields == {}


def test_a_required_field_is_asked_for_on_sending_not_before(month: City) -> None:
    report = report_of(month, "justice")
    with at(3, 20):
        for row in report.entries.all():
            fill(month, row, {"people": "3"} if row.duty.task and row.duty.task.key == "t2" else {})
        with pytest.raises(UserError, match="1 健全领导小组（参加人数）") as caught:
            send_for_review(month.actor("justice"), report.pk)
        assert "明确职责" not in str(caught.value)
        fill(month, first(month), {"people": 0})
        assert send_for_review(month.actor("justice"), report.pk).state == "in_review"


def test_a_required_field_that_fills_a_column_is_asked_for_too(city: City, issued: Edition) -> None:
    with_cycle(city, form={"problems": FORM["problems"] | {"required": True}})
    with at(3, 2):
        open_month(city.actor("clerk"), "2026-03")
    row = first(city)
    assert labels_missing(row) == ["存在问题"]
    row.issues = "人手不足。"
    assert labels_missing(row) == []


def test_an_office_fills_them_in_by_its_link(month: City, issued: Edition, client: Any) -> None:
    row = first(month)
    ReportEntry.objects.filter(pk=row.pk).update(office=month.units["justice_room"])
    link = reverse("report_office_link", args=["2026-03", month.unit("justice"), month.unit("justice_room")])
    with at(3, 20):
        page = month.client("justice").post(link).content.decode()
        office = reverse("report_office", args=[page.split("/reports/office/")[1].split("/")[0]])
        assert "会议类别" in client.get(office).content.decode()
        data = {"progress": "开会", "status": "on_track", "f_people": "1,200", "f_onsite": "no"}
        wrong = client.post(
            office, {f"{row.pk}-{key}": value for key, value in (data | {"f_kind": "zz"}).items()}
        )
        assert wrong.status_code == 400 and "会议类别" in wrong.content.decode()
        data["f_people"] = "1200"
        assert client.post(office, {f"{row.pk}-{key}": v for key, v in data.items()}).status_code == 302
    row.refresh_from_db()
    assert row.fields == {"people": "1200", "onsite": False}


def test_the_workbook_takes_them_down_and_up_naming_the_row(month: City) -> None:
    row = first(month)
    with at(3, 20):
        fill(month, row, GIVEN)
        book = sheet_down(month, "justice")
        sheet = book.active
        heads = {cell.value: cell.column for cell in sheet[2]}
        assert [sheet.cell(3, heads[name]).value for name in ("参加人数", "会议类别", "是否现场核查")] == [
            12, "专题会", "是"
        ]  # fmt: skip
        sheet.cell(3, heads["参加人数"]).value = 0.125
        sheet.cell(3, heads["会议类别"]).value = "全体会"
        wrong = upload(month, book)
        page = wrong.content.decode()
        assert wrong.status_code == 400 and "第3行" in page and "参加人数" in page
        row.refresh_from_db()
        assert row.fields == KEPT
        sheet.cell(3, heads["参加人数"]).value = 30
        sheet.cell(3, heads["是否现场核查"]).value = None
        assert upload(month, book).status_code == 302
    row.refresh_from_db()
    assert row.fields == {"people": "30", "kind": "full"}


def test_no_change_carries_them_over(month: City) -> None:
    with at(3, 24):
        leave(month, GIVEN)
    with at(4, 2):
        open_month(month.actor("clerk"), "2026-04")
        row = first(month, "2026-04")
        page = month.client("justice").get(url_of(month, "justice", "2026-04")).content.decode()
        assert "会议类别：专题会" in page, "last time's stand beside"
        report_no_change(month.actor("justice"), row.report_id, [row.pk])
        row.refresh_from_db()
        assert row.fields == KEPT
        again = EntryInput(row.pk, no_change=True, fields={"people": "15", "kind": ""})
        fill_report(month.actor("justice"), row.report_id, [again])
    row.refresh_from_db()
    assert row.fields == KEPT | {"people": "15"}


def test_lists_task_page_and_locked_month_show_them_whatever_the_pack_says_later(
    month: City, issued: Edition
) -> None:
    with at(3, 24):
        leave(month, GIVEN)
        page = (
            month.client("clerk").get(reverse("task_detail", args=[task(issued, "t1").pk])).content.decode()
        )
        assert "参加人数：12" in page and "专题会" in page
        scope = ListScope(unit_id=month.unit("justice"))
        live = cut_lists(source_of_lists(month.actor("clerk")), scope).progress
    with at(3, 31):
        period = Period.objects.get(code="2026-03")
        lock_month(month.actor("clerk"), period.pk)
    said = "召开会议一次。\n参加人数：12\n会议类别：专题会\n是否现场核查：是"
    assert [row.progress for row in live] == [said, said]
    load_small_pack(cycle=cycle(form={"people": FORM["people"] | {"label": label("到会人数")}}))
    assert list(own_fields()) == ["people"]
    period.refresh_from_db()
    locked = cut_lists(source_of_lists(month.actor("clerk"), period), scope).progress
    assert [row.progress for row in locked] == [said, said]
    data = LockedRow.objects.get(subject_type="plans.task", data__key="t1").data
    entries = [one["entry"] for one in data["duties"] if one["entry"]]
    assert entries[0]["own"][0] == ["参加人数", "参加人数", "12", "12"]
    for one in entries:  # a month locked before there were such fields
        one.pop("own")
    assert [duty.entry.own for duty in of_json(data).duties if duty.entry] == [[]]


@pytest.mark.parametrize("name", ["luzhou", "example"])
def test_the_shipped_packs_fill_the_columns_we_have(city: City, issued: Edition, name: str) -> None:
    with_cycle(city)
    with at(3, 2):
        open_month(city.actor("clerk"), "2026-03")
    pack = read_checked(PACKS / name).pack
    assert pack is not None and set(pack.cycle["monthly"].form) == set(CYCLE_COLUMNS)
    text = content_of(pack)
    PackVersion.objects.create(code=name, version="9", digest=digest_of(text), content=text)
    assert own_fields() == {}
    row = first(city)
    with at(3, 20):
        (line,) = [one for one in entry_lines(city.actor("justice"), row.report) if one.pk == row.pk]
        form = EntryForm(line)
        assert form.own == [] and list(form.fields) == [
            name for name in EntryForm.base_fields if name in form.fields
        ]
        fill(city, row, {})
    row.refresh_from_db()
    assert row.is_filled and row.fields == {} and labels_missing(row) == []
