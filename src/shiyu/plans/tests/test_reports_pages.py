"""Reports, lists and figures over HTTP: done, refused, and nothing typed is lost."""

import io
from datetime import date, datetime
from zipfile import ZipFile

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from lxml import html

from shiyu.documents.models import Attachment
from shiyu.lib.errors import NotVisible
from shiyu.periods.models import Figure, Period
from shiyu.plans.actions.locking import lock_month
from shiyu.plans.actions.report_flow import return_report, sign_off_reports
from shiyu.plans.actions.report_offices import make_office_link, office_of_token, revoke_office_link
from shiyu.plans.actions.report_proof import add_proof
from shiyu.plans.actions.reports import fill_report, open_month
from shiyu.plans.models import Duty, Edition, Report, ReportEntry
from shiyu.plans.queries.report_desk import report_box, report_items_for_desk
from shiyu.plans.tests.conftest import City, duty
from shiyu.plans.tests.reporting import at, entry, fill_all, hold, report_of, submit, with_cycle, written


@pytest.fixture
def month(city: City, issued: Edition) -> City:
    with_cycle(city)
    hold(duty(issued, "t1", city.units["police"]).pk, city.unit("police_room"), datetime(2026, 1, 10))
    with at(3, 2):
        open_month(city.actor("clerk"), "2026-03")
    return city


def url_of(city: City, unit: str = "police", code: str = "2026-03") -> str:
    return reverse("report_detail", args=[code, city.unit(unit)])


def test_the_page_saves_many_entries_and_keeps_what_was_typed(month: City) -> None:
    report = report_of(month, "justice")
    one, two = entry(report, "t1").pk, entry(report, "t2").pk
    with at(3, 20):
        client = month.client("justice")
        data = {f"{one}-progress": "完成第一项", f"{one}-status": "on_track", f"{two}-progress": "只写了进展"}
        answer = client.post(url_of(month, "justice"), data)
        assert answer.status_code == 400
        page = answer.content.decode()
        assert "完成第一项" in page and "只写了进展" in page and "data-errors" in page
        assert not report.entries.filter(is_filled=True).exists()
        data[f"{two}-status"] = "done"
        assert client.post(url_of(month, "justice"), data).status_code == 302
    assert report.entries.filter(is_filled=True).count() == 2


def test_who_may_open_a_report(month: City) -> None:
    with at(3, 20):
        expected = {
            "police": 200,
            "police_room": 200,
            "police_leader": 200,
            "clerk": 200,
            "justice": 404,
            "reader": 404,
        }
        for name, code in expected.items():
            assert month.client(name).get(url_of(month)).status_code == code, name


def test_no_change_in_one_click_saves_the_rest_too(month: City) -> None:
    with at(3, 24):
        fill_all(month, "justice", total="累计三次。")
    with at(4, 2):
        open_month(month.actor("clerk"), "2026-04")
        report = report_of(month, "justice", "2026-04")
        row = entry(report, "t1")
        answer = month.client("justice").post(url_of(month, "justice", "2026-04"), {"no_change": str(row.pk)})
        assert answer.status_code == 302
    row.refresh_from_db()
    assert row.no_change and row.total == "累计三次。"


def test_the_workbook_goes_down_and_comes_up_all_or_nothing(month: City) -> None:
    with at(3, 20):
        client = month.client("justice")
        down = client.get(reverse("report_sheet", args=["2026-03", month.unit("justice")]))
        assert down.status_code == 200
        book = openpyxl.load_workbook(io.BytesIO(down.content))
        sheet = book.active
        heads = {cell.value: cell.column for cell in sheet[2]}
        status, progress = heads["进度状态"], heads["本月进展"]
        for row in (3, 4):
            sheet.cell(row, progress).value = f"=第{row}行进展"
            sheet.cell(row, status).value = "序时推进"
        sheet.cell(4, status).value = "不知道"
        wrong = upload(month, book)
        assert wrong.status_code == 400 and "不知道" in wrong.content.decode()
        assert not report_of(month, "justice").entries.filter(is_filled=True).exists()
        sheet.cell(4, status).value = "滞后"
        for row in (3, 4):
            sheet.cell(row, progress).value = f"第{row}行进展"
        assert upload(month, book).status_code == 302
    found = (
        report_of(month, "justice").entries.order_by("duty__task__position").values_list("status", "progress")
    )
    assert list(found) == [("on_track", "第3行进展"), ("behind", "第4行进展")]


def upload(city: City, book: openpyxl.Workbook, unit: str = "justice", code: str = "2026-03") -> HttpResponse:
    buffer = io.BytesIO()
    book.save(buffer)
    file = SimpleUploadedFile("filled.xlsx", buffer.getvalue())
    url = reverse("report_sheet", args=[code, city.unit(unit)])
    return city.client(unit).post(url, {"file": file})


def sheet_down(city: City, unit: str, code: str = "2026-03") -> openpyxl.Workbook:
    """The unit's form of the month as it is downloaded."""
    answer = city.client(unit).get(reverse("report_sheet", args=[code, city.unit(unit)]))
    return openpyxl.load_workbook(io.BytesIO(answer.content))


def test_a_workbook_of_another_month_or_unit_is_refused_with_a_sentence(month: City) -> None:
    with at(3, 24):
        other = sheet_down(month, "police")
        march = sheet_down(month, "justice")
    with at(4, 2):
        open_month(month.actor("clerk"), "2026-04")
        for book, named in ((other, "示市公安局 2026-03"), (march, "示市司法局 2026-03")):
            answer = upload(month, book, code="2026-04")
            page = answer.content.decode()
            assert answer.status_code == 400 and named in page and "示市司法局 2026-04" in page
    assert not ReportEntry.objects.filter(is_filled=True).exists()


def test_a_changed_locked_cell_of_the_workbook_is_named(month: City) -> None:
    with at(3, 24):
        book = sheet_down(month, "justice")
        book.active["B3"] = "改了任务名称"
        answer = upload(month, book)
        page = answer.content.decode()
        assert answer.status_code == 400 and "B3" in page and "健全领导小组" in page
    assert not ReportEntry.objects.filter(is_filled=True).exists()


def test_an_offices_link_needs_no_account_and_shows_only_its_rows(month: City, client: object) -> None:
    url = reverse("report_office_link", args=["2026-03", month.unit("police"), month.unit("police_room")])
    with at(3, 20):
        page = month.client("police").post(url).content.decode()
        token = page.split("/reports/office/")[1].split("/")[0]
        office = reverse("report_office", args=[token])
        shown = client.get(office)  # type: ignore[attr-defined]
        assert shown.status_code == 200 and "健全领导小组" in shown.content.decode()
        row = entry(report_of(month, "police"), "t1")
        data = {f"{row.pk}-progress": "科室填写", f"{row.pk}-status": "on_track"}
        assert client.post(office, data).status_code == 302  # type: ignore[attr-defined]
        assert client.get(reverse("report_office", args=["wrong"])).status_code == 404  # type: ignore[attr-defined]
        assert client.get(url_of(month)).status_code == 302  # type: ignore[attr-defined]
    row.refresh_from_db()
    assert row.progress == "科室填写"


def test_the_chain_over_http_ends_in_bulk_sign_off(month: City) -> None:
    with at(3, 24):
        fill_all(month, "police")
        assert month.client("police").post(url_of(month), {"send": "1"}).status_code == 302
        act = reverse("report_act", args=["2026-03", month.unit("police"), "approve"])
        assert month.client("police").post(act).status_code == 403
        assert month.client("police_leader").post(act).status_code == 302
        submit(month, "justice")
        page = month.client("clerk").get(reverse("report_overview"))
        assert page.status_code == 200 and "示市公安局" in page.content.decode()
        keys = [str(key) for key in Report.objects.filter(state="submitted").values_list("pk", flat=True)]
        assert len(keys) == 2
        assert month.client("police").post(reverse("report_sign_off"), {"chosen": keys}).status_code == 403
        assert month.client("clerk").post(reverse("report_sign_off"), {"chosen": keys}).status_code == 302
    assert Report.objects.filter(state="signed_off").count() == 2


def test_the_reminder_list_names_who_is_missing(month: City) -> None:
    with at(3, 27):
        submit(month, "police")
        answer = month.client("clerk").get(reverse("report_reminders", args=["2026-03"]))
        sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active
        units = [row[1].value for row in sheet.iter_rows(min_row=3) if row[1].value]
        assert units[0] == "示市公安局" and len(units) == 6  # late, and five missing
        assert month.client("clerk").post(reverse("report_remind", args=["2026-03"])).status_code == 302
        assert month.client("police").post(reverse("report_remind", args=["2026-03"])).status_code == 403


def test_proof_is_attached_and_served_to_who_sees_the_report(
    month: City, settings: object, tmp_path: object
) -> None:
    settings.MEDIA_ROOT = tmp_path  # type: ignore[attr-defined]
    row = entry(report_of(month, "police"), "t1")
    url = reverse("report_proof", args=[row.pk])
    with at(3, 20):
        files = [SimpleUploadedFile("会议纪要.docx", b"x1"), SimpleUploadedFile("照片.jpg", b"x2")]
        answer = month.client("police").post(url, {"files": files, "link": "https://example.org/a"})
        assert answer.status_code == 302
        document = Attachment.objects.filter(subject_id=row.pk).order_by("created_at").first().document  # type: ignore[union-attr]
        file = reverse("report_proof_file", args=[row.pk, document.pk])
        assert month.client("police_leader").get(file).status_code == 200
        assert month.client("justice").get(file).status_code == 404
        assert month.client("police").post(url, {}).status_code == 400
        program = SimpleUploadedFile("a.exe", b"x")
        assert month.client("police").post(url, {"files": [program]}).status_code == 400
    assert Attachment.objects.filter(subject_id=row.pk).count() == 3


def test_the_desk_says_what_waits_for_whom(month: City) -> None:
    with at(3, 24):
        assert [item.action for item in report_items_for_desk(month.actor("police"))] == ["填报"]
        box = report_box(month.actor("police"))
        assert box and (box.total, box.filled, box.open) == (1, 0, 1) and box.offices[0]["open"] == 1
        submit(month, "police")
        assert report_items_for_desk(month.actor("police")) == []
        assert [item.action for item in report_items_for_desk(month.actor("clerk"))] == ["审签"]
        assert report_box(month.actor("reader")) is None
        assert month.client("police").get("/").status_code == 200


def test_a_month_is_locked_and_unlocked_over_http(month: City) -> None:
    period = Period.objects.get()
    with at(3, 24):
        submit(month, "police", status="done")
        assert month.client("clerk").get(reverse("figure_overview")).status_code == 200
    with at(4, 1):
        lock = reverse("period_lock", args=[period.pk])
        assert month.client("police").post(lock).status_code == 403
        reports, pack = f"/reports/?month={period.code}", reverse("pack_detail", args=[period.pk])
        assert pack not in month.client("clerk").get(reports).content.decode()
        assert month.client("clerk").post(lock).status_code == 302
        assert pack in month.client("clerk").get(reports).content.decode()
        assert pack not in month.client("police").get(reports).content.decode()
        detail = reverse("period_detail", args=[period.pk])
        page = month.client("police").get(detail)
        assert page.status_code == 200 and "示市公安局" in page.content.decode()
        assert month.client("police").post(detail, {"reason": "改"}).status_code == 403
        for figure in Figure.objects.filter(unit=None):
            rows = month.client("police").get(reverse("figure_rows", args=[figure.pk]))
            assert rows.status_code == 200, figure.measure
        assert month.client("reader").get(reverse("figure_overview")).status_code == 200
        assert month.client("clerk").get(f"{detail}?export=xlsx").status_code == 200
        assert month.client("clerk").post(detail, {"reason": ""}).status_code == 200
        assert month.client("clerk").post(detail, {"reason": "补报"}).status_code == 302
        assert month.client("clerk").get(reverse("period_list")).status_code == 200
    period.refresh_from_db()
    assert not period.is_locked


@pytest.mark.parametrize("tab", ["responsibility", "problems", "progress"])
def test_the_three_lists_on_screen_in_excel_word_and_print(month: City, tab: str) -> None:
    with at(3, 24):
        submit(month, "police", progress="=cmd 研究一次")
        client = month.client("police")
        for more in (
            "",
            "&export=xlsx",
            "&export=docx",
            "&print=1",
            f"&unit={month.unit('police')}",
            "&mark=open&q=领导",
        ):
            assert client.get(f"/lists/?tab={tab}{more}").status_code == 200, more
        assert client.get(f"/lists/?tab={tab}&unit={month.unit('justice')}").status_code == 404
        assert month.client("reader").get(f"/lists/?tab={tab}&export=xlsx").status_code == 403
    with at(4, 1):
        lock_month(month.actor("clerk"), Period.objects.get().pk)
        for more in ("", f"&unit={month.unit('police')}", "&export=docx", "&export=xlsx"):
            page = month.client("clerk").get(f"/lists/?tab={tab}&period=2026-03{more}")
            assert page.status_code == 200
        assert month.client("clerk").get("/lists/?period=2026-13").status_code == 404
        assert month.client("clerk").get("/lists/?tab=nothing").status_code == 404


def test_all_units_lists_come_in_one_archive(month: City) -> None:
    with at(3, 24):
        for form in ("xlsx", "docx"):
            answer = month.client("clerk").get(f"/lists/?export=zip&form={form}")
            names = ZipFile(io.BytesIO(answer.getvalue())).namelist()
            assert len(names) == 6 and all(name.endswith(form) for name in names)
        own = month.client("justice").get("/lists/?export=zip")
        assert len(ZipFile(io.BytesIO(own.getvalue())).namelist()) == 1


def test_dates_of_the_overview_are_the_citys(month: City) -> None:
    assert Period.objects.get().due_on == date(2026, 3, 25)


def _office_link(city: City, unit: str = "police") -> str:
    """A fresh link of the unit's office; its token."""
    report = report_of(city, unit)
    return make_office_link(city.actor(unit), report.pk, city.unit(f"{unit}_room"))[1]


def test_an_office_files_proof_by_its_link(month: City, settings: object, tmp_path: object) -> None:
    settings.MEDIA_ROOT = tmp_path  # type: ignore[attr-defined]
    row = entry(report_of(month, "police"), "t1")
    with at(3, 20):
        token, client = _office_link(month), Client()
        url = reverse("report_office_proof", args=[token, row.pk])
        assert url in client.get(reverse("report_office", args=[token])).content.decode()
        assert client.get(url).status_code == 200
        files = [SimpleUploadedFile("签到表.xlsx", b"y1"), SimpleUploadedFile("现场.jpg", b"y2")]
        assert client.post(url, {"files": files, "title": ""}).status_code == 302
        documents = [one.document for one in Attachment.objects.filter(subject_id=row.pk)]
        assert {one.uploaded_by_name for one in documents} == {"示市公安局一科"}
        assert {one.uploaded_by_id for one in documents} == {
            month.users["police"].pk
        }  # who made the link answers
        shown = client.get(url)
        assert "签到表" in shown.content.decode() and shown["Referrer-Policy"] == "no-referrer"
        file = reverse("report_office_file", args=[token, row.pk, documents[0].pk])
        assert client.get(file).status_code == 200
        own = reverse("report_proof_file", args=[row.pk, documents[0].pk])
        codes = {name: month.client(name).get(own).status_code for name in ("police", "clerk", "justice")}
        assert codes == {"police": 200, "clerk": 200, "justice": 404}
        removal = {"remove": str(documents[0].pk), "reason": "重复上传"}
        assert client.post(url, removal).status_code == 302
        assert client.get(file).status_code == 404


def test_what_an_offices_link_does_not_open(
    month: City, issued: Edition, settings: object, tmp_path: object
) -> None:
    """Refused: wrong types, other offices' and other units' entries, after sign-off, after revoking."""
    settings.MEDIA_ROOT = tmp_path  # type: ignore[attr-defined]
    hold(duty(issued, "t2", month.units["justice"]).pk, month.unit("justice_room"), datetime(2026, 1, 10))
    police, justice = report_of(month, "police"), report_of(month, "justice")
    row = entry(police, "t1")
    with at(3, 20):
        token, client = _office_link(month), Client()
        url = reverse("report_office_proof", args=[token, row.pk])
        for wrong in (
            SimpleUploadedFile("a.exe", b"x"),
            SimpleUploadedFile("机密.txt", "机密★一年".encode()),
        ):
            assert client.post(url, {"files": [wrong]}).status_code == 400
        settings.UPLOAD_LIMIT = 3  # type: ignore[attr-defined]
        assert client.post(url, {"files": [SimpleUploadedFile("大.pdf", b"four")]}).status_code == 400
        assert client.post(url, {}).status_code == 400
        assert client.post(url, {"remove": "x", "reason": "y"}).status_code == 404
        for other in justice.entries.all():
            address = reverse("report_office_proof", args=[token, other.pk])
            assert client.get(address).status_code == 404
            assert client.post(address, {"link": "https://example.org/a"}).status_code == 404
        with pytest.raises(NotVisible):  # the action itself refuses, too
            link, actor = office_of_token(token)
            add_proof(actor, entry(justice, "t1").pk, link="https://example.org/a", by_link=link)
        assert not Attachment.objects.exists()
        report = submit(month, "police")
        assert client.post(url, {"link": "https://example.org/a"}).status_code == 302  # sent, not signed off
        sign_off_reports(month.actor("clerk"), [report.pk])
        assert client.post(url, {"link": "https://example.org/b"}).status_code == 400
        assert "add_proof" not in client.get(url).content.decode() and Attachment.objects.count() == 1
        return_report(month.actor("clerk"), report.pk, "请补充佐证")
        token = _office_link(month)
        link, _actor = office_of_token(token)
        revoke_office_link(month.actor("police"), link.pk)
        assert client.get(reverse("report_office_proof", args=[token, row.pk])).status_code == 404


def test_a_quarter_is_opened_locked_and_unlocked_over_http(month: City) -> None:
    """March is the first month opened here: the first quarter is made from it alone."""
    url, clerk = reverse("period_list"), month.client("clerk")
    with at(4, 1):
        assert "2026-Q1" in clerk.get(url).content.decode()
        assert month.client("police").post(url, {"code": "2026-Q1"}).status_code == 403
        assert clerk.post(url, {"code": "2031"}).status_code == 400
        assert clerk.post(url, {"code": "2026-Q1"}).status_code == 302
        quarter = Period.objects.get(code="2026-Q1")
        detail, lock = reverse("period_detail", args=[quarter.pk]), reverse("span_lock", args=[quarter.pk])
        page = clerk.get(detail).content.decode()
        assert lock not in page and "2026-03" in page and "⊘" in page
        said = clerk.post(lock, follow=True).content.decode()
        assert "尚未锁定的月份：2026-03" in said
        lock_month(month.actor("clerk"), Period.objects.get(code="2026-03").pk)
        assert lock in clerk.get(detail).content.decode()
        assert month.client("police").post(lock).status_code == 403
        assert clerk.post(lock).status_code == 302
        march = Figure.objects.get(revision__period__code="2026-03", measure="tasks_total", unit=None)
        figure = Figure.objects.get(revision__period=quarter, measure="tasks_total", unit=None)
        assert figure.value == march.value == 3
        rows = clerk.get(reverse("figure_rows", args=[figure.pk])).content.decode()
        assert "取最后一个月的数" in rows and "健全领导小组" in rows
        assert clerk.post(detail, {"reason": "三月更正"}).status_code == 302
    quarter.refresh_from_db()
    assert not quarter.is_locked and quarter.revisions.get().unlock_reason == "三月更正"


@pytest.fixture
def april(month: City) -> City:
    """April is open; both of the justice bureau's entries were reported in March."""
    with at(3, 24):
        fill_all(month, "justice", total="累计三次。")
    Duty.objects.filter(task__key="t2").update(due_on=date(2026, 12, 31))  # dated, so that it reports monthly
    with at(4, 2):
        open_month(month.actor("clerk"), "2026-04")
    return month


def test_no_change_in_all_open_ones_does_the_rest_and_names_what_is_only_begun(april: City) -> None:
    report = report_of(april, "justice", "2026-04")
    begun, untouched = entry(report, "t1"), entry(report, "t2")
    data = {f"{begun.pk}-progress": "写了一半", f"{begun.pk}-status": "", f"{untouched.pk}-progress": ""}
    with at(4, 2):
        answer = april.client("justice").post(
            url_of(april, "justice", "2026-04"), {**data, "no_change_all": "1"}
        )
    page = answer.content.decode()
    assert answer.status_code == 400 and "写了一半" in page
    assert "1 健全领导小组：请选择进度状态" in page and "其余条目见下方提示" in page
    begun.refresh_from_db()
    untouched.refresh_from_db()
    assert (untouched.no_change, untouched.total, begun.is_filled) == (True, "累计三次。", False)


def test_plain_saving_is_still_all_or_nothing(april: City) -> None:
    report = report_of(april, "justice", "2026-04")
    begun, whole = entry(report, "t1"), entry(report, "t2")
    data = {
        f"{begun.pk}-progress": "写了一半",
        f"{whole.pk}-progress": "完整",
        f"{whole.pk}-status": "on_track",
    }
    with at(4, 2):
        answer = april.client("justice").post(url_of(april, "justice", "2026-04"), {**data, "save": "1"})
    assert answer.status_code == 400 and "健全领导小组" in answer.content.decode()
    assert not report.entries.filter(is_filled=True).exists()


def test_the_page_leads_from_filling_in_to_sending(month: City) -> None:
    """The one filled button is the next step: save while something is open, then send for review."""
    url, client = url_of(month, "justice"), month.client("justice")
    with at(3, 20):
        tree = html.fromstring(client.get(url).content.decode())
        assert tree.xpath("//div[@class='abar']/button[contains(@class,' p')]/@name") == ["save"]
        assert tree.xpath("//select/option[1]/text()")[0] == "请选择"
        assert [item.action for item in report_items_for_desk(month.actor("justice"))] == ["填报"]
        assert (box := report_box(month.actor("justice"))) and box.button == "开始填报"
        one, *_rest = report_of(month, "justice").entries.all()
        fill_report(month.actor("justice"), one.report_id, [written(one)])
        assert (box := report_box(month.actor("justice"))) and box.button == "继续填报"
        fill_all(month, "justice")
        tree = html.fromstring(client.get(url).content.decode())
        assert tree.xpath("//div[@class='abar']/button[contains(@class,' p')]/@name") == ["send"]
        assert [item.action for item in report_items_for_desk(month.actor("justice"))] == ["送审"]
