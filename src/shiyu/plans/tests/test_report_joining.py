"""An edition issued in the middle of an open month: open reports follow it, handed-in ones from the next month on."""

from datetime import datetime

import pytest
from django.urls import reverse

from shiyu.lib import clock
from shiyu.lib.errors import Conflict
from shiyu.lib.events import payload_of
from shiyu.notices.models import Notice
from shiyu.periods.models import Period
from shiyu.plans.actions.editions import draft_next_edition
from shiyu.plans.actions.locking import lock_month
from shiyu.plans.actions.report_flow import return_report, send_for_review
from shiyu.plans.actions.report_joining import join_open_reports
from shiyu.plans.actions.report_merging import merge_supporting_texts
from shiyu.plans.actions.report_notices import tell_lines_changed
from shiyu.plans.actions.report_proof import add_proof
from shiyu.plans.actions.reports import fill_report, open_month
from shiyu.plans.actions.tasks import Units, add_task, remove_task
from shiyu.plans.events import EditionIssued, ReportLinesChanged
from shiyu.plans.models import Edition, Report, ReportEntry, Task
from shiyu.plans.tests.conftest import City, duty
from shiyu.plans.tests.reporting import at, entry, fill_all, hold, report_of, submit, with_cycle, written
from shiyu.plans.tests.test_editions import issue

DATED = {"deadline_kind": "date", "deadline_text": "年底前", "title": "新任务"}


@pytest.fixture
def month(city: City, issued: Edition) -> City:
    """March is open with edition 1; t1 is led by police (justice supports), t2 by justice, t3 by housing."""
    with_cycle(city)
    hold(duty(issued, "t1", city.units["police"]).pk, city.unit("police_room"), datetime(2026, 1, 10))
    with at(3, 2):
        open_month(city.actor("clerk"), "2026-03")
    return city


def next_edition(city: City, issued: Edition, leads: tuple[str, ...] = (), drop: str = "") -> Edition:
    """Edition 2, issued now: a new task "9" led by `leads`, and one task dropped."""
    clerk = city.actor("clerk")
    draft = draft_next_edition(clerk, issued.plan_id)
    if leads:
        values = {**DATED, "due_on": clock.today().replace(month=12, day=31)}
        add_task(clerk, draft.pk, None, "9", values, Units(leads=tuple(city.unit(code) for code in leads)))
    if drop:
        remove_task(clerk, Task.objects.get(edition=draft, key=drop).pk, "并入其他任务")
    return issue(city, draft)


def keys(report: Report) -> set[str]:
    return {row.duty.task.number for row in report.entries.select_related("duty__task") if row.duty.task}


def test_new_duties_join_reports_that_are_open(month: City, issued: Edition) -> None:
    with at(3, 10):
        edition = next_edition(month, issued, ("justice", "idle"))
        report = report_of(month, "justice")
        assert keys(report) == {"1", "2", "9"}
        new = report.entries.get(duty__task__number="9")
        assert new.joined_on == edition.issued_on and not new.is_filled
        page = month.client("justice").get(reverse("report_detail", args=["2026-03", month.unit("justice")]))
        assert "新增任务：由2026-03-10印发" in page.content.decode()
        fill_all(month, "justice")
        assert send_for_review(month.actor("justice"), report.pk).state == Report.State.IN_REVIEW


def test_what_was_written_moves_with_its_task(month: City, issued: Edition) -> None:
    with at(3, 10):
        report = fill_all(month, "justice", progress="已开展一次。")
        kept = {row.pk: row.progress for row in report.entries.all()}
        edition = next_edition(month, issued, ("police",))
    assert {row.pk: row.progress for row in report.entries.all()} == kept
    assert {row.duty.task.edition_id for row in report.entries.all() if row.duty.task} == {edition.pk}
    row = entry(report_of(month, "police"), "t1")
    assert row.office_id == month.unit("police_room")  # who held it holds it on


def test_a_report_handed_in_gets_the_line_from_next_month(month: City, issued: Edition) -> None:
    with at(3, 10):
        submit(month, "justice")
        next_edition(month, issued, ("justice",))
        report = report_of(month, "justice")
        assert keys(report) == {"1", "2"} and report.state == Report.State.SUBMITTED
        url = reverse("report_detail", args=["2026-03", month.unit("justice")])
        page = month.client("justice").get(url).content.decode()
        assert "下月起填报" in page and "9 新任务" in page
        assert (
            "下月起填报"
            not in month.client("clerk")
            .get(reverse("report_detail", args=["2026-03", month.unit("police")]))
            .content.decode()
        )
        return_report(month.actor("clerk"), report.pk, "请补充数据")
        assert "下月起填报" in month.client("justice").get(url).content.decode()
    with at(4, 2):
        open_month(month.actor("clerk"), "2026-04")
        assert "9" in keys(report_of(month, "justice", "2026-04"))


@pytest.mark.parametrize(("day", "asked"), [(10, True), (27, False)])
def test_a_unit_without_a_report_is_asked_only_until_the_day_reports_are_due(
    month: City, issued: Edition, day: int, asked: bool
) -> None:
    Report.objects.filter(unit=month.units["health"]).delete()
    with at(3, day):
        next_edition(month, issued, ("health",))
    assert Report.objects.filter(unit=month.units["health"]).exists() is asked


def test_a_dropped_duty_keeps_what_was_written_and_says_so(month: City, issued: Edition) -> None:
    with at(3, 10):
        report = report_of(month, "justice")
        row, other = entry(report, "t2"), entry(report, "t1")
        actor = month.actor("justice")
        fill_report(actor, report.pk, [written(row, progress="已写的内容。")])
        edition = next_edition(month, issued, ("police",), drop="t2")
        row.refresh_from_db()
        assert (row.progress, row.dropped_on) == ("已写的内容。", edition.issued_on)
        url = reverse("report_detail", args=["2026-03", month.unit("justice")])
        page = month.client("justice").get(url).content.decode()
        assert "已不含本单位这项任务" in page and "已写的内容。" in page
        with pytest.raises(Conflict, match="明确职责"):
            fill_report(actor, report.pk, [written(row, progress="再写")])
        fill_report(actor, report.pk, [written(other)])
        assert send_for_review(actor, report.pk).state == Report.State.IN_REVIEW


def test_a_dropped_line_is_neither_due_nor_missing_when_the_month_is_locked(
    month: City, issued: Edition
) -> None:
    with at(3, 10):
        report = report_of(month, "justice")
        gone = entry(report, "t2")
        fill_report(month.actor("justice"), report.pk, [written(gone, progress="已写的内容。")])
        next_edition(month, issued, ("police",), drop="t2")
    with at(4, 1):
        revision = lock_month(month.actor("clerk"), report.period_id)
    rows = revision.rows.filter(data__unit_id=str(month.unit("justice")))
    asked = rows.filter(subject_type="plans.reportentry")
    assert gone.pk not in asked.values_list("subject_id", flat=True) and asked.count() == 1
    assert rows.get(subject_type="plans.report").data["entries"] == 1


def test_nothing_is_taken_into_a_line_that_was_dropped(month: City, issued: Edition) -> None:
    with at(3, 10):
        led, helped = entry(report_of(month, "police"), "t1"), entry(report_of(month, "justice"), "t1")
        for row, code in ((led, "police"), (helped, "justice")):
            fill_report(month.actor(code), row.report_id, [written(row, progress=f"{code}的内容。")])
        next_edition(month, issued, ("police",), drop="t1")
        assert merge_supporting_texts(month.actor("police"), led.report_id) == []
    led.refresh_from_db()
    assert led.dropped_on and led.progress == "police的内容。"


def test_a_dropped_line_nobody_began_goes_and_proof_keeps_it(
    month: City, issued: Edition, settings: object, tmp_path: object
) -> None:
    settings.MEDIA_ROOT = tmp_path  # type: ignore[attr-defined]
    with at(3, 10):
        proven = entry(report_of(month, "housing"), "t3")
        add_proof(month.actor("housing"), proven.pk, link="https://example.org/a")
        bare = entry(report_of(month, "health"), "t3")
        next_edition(month, issued, ("police",), drop="t3")
    assert ReportEntry.objects.get(pk=proven.pk).dropped_on
    assert not ReportEntry.objects.filter(pk=bare.pk).exists()
    assert not Report.objects.filter(unit=month.units["health"]).exists()  # its only line


def test_a_handed_in_or_locked_month_is_left_as_it_is(month: City, issued: Edition) -> None:
    with at(3, 24):
        submit(month, "justice")
    with at(4, 1):
        lock_month(month.actor("clerk"), Period.objects.get().pk)
    before = set(ReportEntry.objects.values_list("pk", "duty_id"))
    with at(4, 2):
        next_edition(month, issued, ("justice", "police"), drop="t3")
    assert set(ReportEntry.objects.values_list("pk", "duty_id")) == before


def test_an_edition_of_april_does_not_change_an_open_march(month: City, issued: Edition) -> None:
    before = set(ReportEntry.objects.values_list("pk", "duty_id"))
    with at(4, 2):
        next_edition(month, issued, ("justice",), drop="t3")
    assert set(ReportEntry.objects.values_list("pk", "duty_id")) == before


def test_text_typed_while_an_edition_took_the_line_away_is_said_back(month: City, issued: Edition) -> None:
    with at(3, 10):
        gone, stays = entry(report_of(month, "justice"), "t2"), entry(report_of(month, "justice"), "t1")
        next_edition(month, issued, ("police",), drop="t2")
        data = {
            f"{gone.pk}-progress": "打了很久的字",
            f"{stays.pk}-progress": "甲",
            f"{stays.pk}-status": "on_track",
        }
        url = reverse("report_detail", args=["2026-03", month.unit("justice")])
        answer = month.client("justice").post(url, data)
        assert answer.status_code == 400 and "打了很久的字" in answer.content.decode()
    stays.refresh_from_db()
    assert stays.progress == "甲"


def test_units_are_told_what_changed(month: City, issued: Edition) -> None:
    with at(3, 10):
        submit(month, "justice")
        edition = next_edition(month, issued, ("justice", "police"), drop="t3")
        changed = ReportLinesChanged(
            Period.objects.get().pk, "2026-03", edition.pk, (month.unit("police"),), (month.unit("housing"),),
            (month.unit("justice"),),
        )  # fmt: skip
        Notice.objects.all().delete()
        tell_lines_changed(payload_of(changed))
    said = {notice.user.username: notice.title_zh for notice in Notice.objects.select_related("user")}
    assert "已加入本月填报" in said["u_police"] and "下月起填报" in said["u_justice"]
    assert "已写内容保留" in said["u_housing"] and "u_health" not in said


def test_following_twice_changes_nothing_more(month: City, issued: Edition) -> None:
    with at(3, 10):
        edition = next_edition(month, issued, ("justice",), drop="t2")
        before = list(ReportEntry.objects.order_by("pk").values())
        join_open_reports(EditionIssued(edition.pk, edition.plan_id, edition.issued_on))  # type: ignore[arg-type]
        assert list(ReportEntry.objects.order_by("pk").values()) == before
