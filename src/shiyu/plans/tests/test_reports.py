"""Reports, through the actions: opened by the month, filled by offices and liaisons, reviewed, signed off, returned."""

from datetime import date, datetime
from decimal import Decimal

import pytest
from django.urls import reverse

from shiyu.audit.models import AuditEntry
from shiyu.documents.queries import documents_of
from shiyu.lib.errors import Conflict, NotAllowed, NotVisible, UserError
from shiyu.notices.actions import mark_read
from shiyu.notices.models import Notice
from shiyu.periods.models import Period
from shiyu.plans.actions.report_flow import (
    remind_units,
    return_report,
    review_report,
    send_for_review,
    sign_off_reports,
    take_back_report,
)
from shiyu.plans.actions.report_merging import merge_supporting_texts
from shiyu.plans.actions.report_notices import tell_report_moved
from shiyu.plans.actions.report_offices import make_office_link, office_of_token, revoke_office_link
from shiyu.plans.actions.report_proof import add_proof, remove_proof
from shiyu.plans.actions.reports import (
    EntryInput,
    fill_report,
    open_month,
    report_no_change,
)
from shiyu.plans.models import Edition, Report, ReportEntry
from shiyu.plans.queries.reminders import entry_state
from shiyu.plans.queries.task_facts import ENTRY
from shiyu.plans.tests.conftest import City, duty
from shiyu.plans.tests.reporting import at, entry, fill_all, hold, report_of, submit, with_cycle, written


@pytest.fixture
def month(city: City, issued: Edition) -> City:
    """March 2026 is open; 25 March is a Wednesday."""
    with_cycle(city)
    hold(duty(issued, "t1", city.units["police"]).pk, city.unit("police_room"), datetime(2026, 1, 10))
    with at(3, 2):
        open_month(city.actor("clerk"), "2026-03")
    return city


def test_a_month_opens_one_report_a_unit_and_an_entry_for_each_duty(month: City) -> None:
    period = Period.objects.get(code="2026-03")
    assert (period.starts_on, period.ends_on, period.due_on) == (
        date(2026, 3, 1),
        date(2026, 3, 31),
        date(2026, 3, 25),
    )
    units = dict(period.reports.values_list("unit__code", "state"))
    assert set(units) == {"police", "justice", "housing", "health", "east", "west"}
    assert {e.duty.task.key for e in report_of(month, "justice").entries.all() if e.duty.task} == {"t1", "t2"}
    assert entry(report_of(month, "police"), "t1").office_id == month.unit("police_room")


def test_ongoing_duties_report_in_the_last_month_of_a_quarter_only(city: City, issued: Edition) -> None:
    with_cycle(city)
    with at(2, 2):
        open_month(city.actor("clerk"), "2026-02")
    keys = ReportEntry.objects.values_list("duty__task__key", flat=True)
    assert set(keys) == {"t1"}


def test_a_month_is_opened_once_and_only_by_the_office(month: City) -> None:
    with at(3, 2):
        with pytest.raises(UserError):
            open_month(month.actor("clerk"), "2026-03")
        with pytest.raises(NotAllowed):
            open_month(month.actor("police"), "2026-04")
        with pytest.raises(UserError):
            open_month(month.actor("clerk"), "2026-Q2")
    assert Period.objects.count() == 1


def test_many_entries_are_filled_in_one_action(month: City) -> None:
    before = AuditEntry.objects.filter(action="plans.fill_report").count()
    with at(3, 20):
        report = fill_all(month, "justice")
    assert report.entries.filter(is_filled=True).count() == 2
    assert AuditEntry.objects.filter(action="plans.fill_report").count() == before + 1
    assert report.filled_by.endswith("justice")


def test_filling_is_all_or_nothing_and_says_which_task(month: City) -> None:
    report = report_of(month, "justice")
    good, bad = written(entry(report, "t1")), written(entry(report, "t2"), status="")
    with at(3, 20), pytest.raises(UserError, match="明确职责"):
        fill_report(month.actor("justice"), report.pk, [good, bad])
    assert not report.entries.filter(is_filled=True).exists()


def test_another_unit_cannot_see_or_fill_a_report(month: City) -> None:
    report = report_of(month, "justice")
    with pytest.raises(NotVisible):
        fill_report(month.actor("police"), report.pk, [written(entry(report, "t1"))])


def test_an_office_fills_its_own_part_only(month: City) -> None:
    report = report_of(month, "police")
    with at(3, 20):
        fill_report(month.actor("police_room"), report.pk, [written(entry(report, "t1"))])
        other = report_of(month, "justice")
        with pytest.raises((NotAllowed, NotVisible)):
            fill_report(month.actor("police_room"), other.pk, [written(entry(other, "t1"))])


def test_an_offices_link_opens_its_part_without_an_account(month: City) -> None:
    report = report_of(month, "police")
    with at(3, 20):
        link, token = make_office_link(month.actor("police"), report.pk, month.unit("police_room"))
        assert token not in link.token_hash
        found, actor = office_of_token(token)
        assert found.report_id == report.pk and actor.user_id is None
        fill_report(actor, report.pk, [written(entry(report, "t1"))])
        assert entry(report, "t1").changed_by == "示市公安局一科"
        revoke_office_link(month.actor("police"), link.pk)
        with pytest.raises(NotVisible):
            office_of_token(token)
    with at(3, 2):
        _link, late = make_office_link(month.actor("police"), report.pk, month.unit("police_room"))
    with at(3, 20), pytest.raises(NotVisible):
        office_of_token(late)


def test_the_chain_runs_from_the_liaison_over_the_leader_to_the_office(month: City) -> None:
    report = report_of(month, "police")
    with at(3, 24):
        with pytest.raises(UserError, match="健全领导小组"):
            send_for_review(month.actor("police"), report.pk)
        fill_all(month, "police")
        assert send_for_review(month.actor("police"), report.pk).state == Report.State.IN_REVIEW
        with pytest.raises(Conflict):
            fill_all(month, "police")
        with pytest.raises(NotAllowed):
            review_report(month.actor("police"), report.pk, True)
        with pytest.raises(UserError):
            review_report(month.actor("police_leader"), report.pk, False)
        assert review_report(month.actor("police_leader"), report.pk, False, "缺少数据").state == "returned"
        send_for_review(month.actor("police"), report.pk)
        done = review_report(month.actor("police_leader"), report.pk, True)
        assert done.state == Report.State.SUBMITTED and done.reviewed_by.endswith("police_leader")
        with pytest.raises(NotAllowed):
            sign_off_reports(month.actor("police"), [report.pk])
        returned = return_report(month.actor("clerk"), report.pk, "请补充次数")
        assert returned.state == "returned" and returned.first_submitted_at
        assert take_back_after_sending(month, report).state == Report.State.FILLING


def take_back_after_sending(city: City, report: Report) -> Report:
    send_for_review(city.actor("police"), report.pk)
    return take_back_report(city.actor("police"), report.pk)


def test_without_a_review_step_sending_submits_at_once(city: City, issued: Edition) -> None:
    with_cycle(city, review=False)
    with at(3, 2):
        open_month(city.actor("clerk"), "2026-03")
        report = fill_all(city, "police")
        assert send_for_review(city.actor("police"), report.pk).state == Report.State.SUBMITTED


def test_signing_off_many_is_one_entry_and_marks_dated_duties_done(month: City, issued: Edition) -> None:
    with at(3, 24):
        reports = [submit(month, "police", status="done"), submit(month, "justice", status="done")]
        sign_off_reports(month.actor("clerk"), [report.pk for report in reports])
    assert AuditEntry.objects.filter(action="plans.sign_off_reports").count() == 1
    assert duty(issued, "t1", month.units["police"]).done_on == date(2026, 3, 24)
    assert duty(issued, "t2", month.units["justice"]).done_on is None  # ongoing: never done for good
    with at(4, 1):
        open_month(month.actor("clerk"), "2026-04")
    assert not Report.objects.filter(period__code="2026-04", unit=month.units["police"]).exists()


def test_no_change_copies_status_total_and_value(month: City) -> None:
    with at(3, 24):
        with pytest.raises(UserError, match="健全领导小组"):
            report_no_change(
                month.actor("police"),
                report_of(month, "police").pk,
                [entry(report_of(month, "police"), "t1").pk],
            )
        fill_all(month, "police", value=Decimal("1"), status="behind")
    with at(4, 2):
        open_month(month.actor("clerk"), "2026-04")
        april = report_of(month, "police", "2026-04")
        report_no_change(month.actor("police"), april.pk, [row.pk for row in april.entries.all()])
    row = entry(april, "t1")
    assert (row.no_change, row.status, row.total, row.value) == (True, "behind", "累计一次。", Decimal("1"))


def test_the_lead_takes_in_the_supporting_units_texts_once(month: City) -> None:
    with at(3, 20):
        fill_all(month, "justice", progress="开展法治宣传。", issues="经费不足")
        fill_all(month, "police")
        report = report_of(month, "police")
        merge_supporting_texts(month.actor("police"), report.pk)
        merge_supporting_texts(month.actor("police"), report.pk)
    row = entry(report, "t1")
    assert row.progress == "召开会议一次。\n示市司法局：开展法治宣传。"
    assert row.issues == "示市司法局：经费不足" and row.merged_at


def test_only_units_that_are_late_are_reminded(month: City) -> None:
    with at(3, 24):
        submit(month, "police")
        units = remind_units(month.actor("clerk"), Period.objects.get().pk)
        assert month.unit("police") not in units and len(units) == 5
        with pytest.raises(NotAllowed):
            remind_units(month.actor("police"), Period.objects.get().pk)


def test_an_empty_input_changes_nothing(month: City) -> None:
    report = report_of(month, "justice")
    with at(3, 20):
        fill_report(month.actor("justice"), report.pk, [EntryInput(row.pk) for row in report.entries.all()])
    assert not report.entries.filter(is_filled=True).exists()


def test_a_returned_report_opens_again_what_it_had_made_done(month: City) -> None:
    with at(3, 20):
        report = submit(month, "justice", status="done")
        sign_off_reports(month.actor("clerk"), [report.pk])
        held = [
            row.duty for row in report.entries.select_related("duty") if row.duty.due_on or row.duty.done_on
        ]
        assert any(duty.done_on for duty in held)
        return_report(month.actor("clerk"), report.pk, "佐证不足以证明完成。")
    for duty_done in held:
        duty_done.refresh_from_db()
        assert duty_done.done_on is None


def test_a_report_taken_back_and_not_sent_again_is_missing(month: City) -> None:
    with at(3, 20):
        report = submit(month, "justice")
        assert entry_state(report, report.period) == (False, False)
        report = take_back_report(month.actor("justice"), report.pk)
    assert entry_state(report, report.period) == (False, True)


def test_merging_takes_a_unit_in_whose_name_ends_anothers(month: City) -> None:
    unit = month.units["justice"]
    supporting = (
        ReportEntry.objects.filter(report__unit=unit, duty__role="supporting").select_related("duty").first()
    )
    assert supporting is not None
    lead = ReportEntry.objects.get(
        duty__task_id=supporting.duty.task_id, duty__role="lead", report__period__code="2026-03"
    )
    with at(3, 20):
        fill_report(month.actor("justice"), supporting.report_id, [written(supporting, progress="已会签。")])
        code = next(code for code, row in month.units.items() if row.pk == lead.report.unit_id)
        fill_report(
            month.actor(code), lead.report_id, [written(lead, progress=f"县{unit.display_short}：另有一事。")]
        )
        merge_supporting_texts(month.actor(code), lead.report_id, [lead.pk])
    lead.refresh_from_db()
    assert f"{unit.display_short}：已会签。" in lead.progress.splitlines()


def _merged(city: City, own: str, theirs: str) -> tuple[ReportEntry, ReportEntry]:
    """The lead wrote `own`, the supporting unit `theirs`, and the lead took it in: (lead's entry, theirs)."""
    fill_all(city, "justice", progress=theirs)
    fill_all(city, "police", progress=own)
    merge_supporting_texts(city.actor("police"), report_of(city, "police").pk)
    return entry(report_of(city, "police"), "t1"), entry(report_of(city, "justice"), "t1")


def test_a_text_is_taken_in_even_where_the_lead_names_the_unit_itself(month: City) -> None:
    """The lead's own line begins with the supporting unit's name: its text is not lost for that."""
    with at(3, 20):
        row, _theirs = _merged(month, "示市司法局：参加了会议。", "开展法治宣传3场。")
        assert row.progress.splitlines() == ["示市司法局：参加了会议。", "示市司法局：开展法治宣传3场。"]
        merged = merge_supporting_texts(month.actor("police"), row.report_id)
    assert merged == [] and entry(report_of(month, "police"), "t1").progress.count("宣传") == 1


def test_a_corrected_text_takes_the_place_of_the_one_taken_in(month: City) -> None:
    with at(3, 20):
        row, theirs = _merged(month, "会议一次。", "宣传3场。")
        fill_report(month.actor("justice"), theirs.report_id, [written(theirs, progress="宣传5场。")])
        assert merge_supporting_texts(month.actor("police"), row.report_id) == [row]
        row.refresh_from_db()
        assert row.progress.splitlines() == ["会议一次。", "示市司法局：宣传5场。"]


def test_what_the_lead_put_into_its_own_words_is_left_alone(month: City) -> None:
    with at(3, 20):
        row, _theirs = _merged(month, "会议一次。", "宣传3场。")
        own = "会议一次。\n示市司法局：办了三场宣传。"
        fill_report(month.actor("police"), row.report_id, [written(row, progress=own)])
        assert merge_supporting_texts(month.actor("police"), row.report_id) == []
        row.refresh_from_db()
        assert row.progress == own
        fill_report(month.actor("police"), row.report_id, [written(row, progress="会议一次。")])
        merge_supporting_texts(month.actor("police"), row.report_id)  # taken out, and asked for again
        row.refresh_from_db()
        assert row.progress.endswith("示市司法局：宣传3场。")


def test_after_sign_off_text_and_proof_change_only_once_it_is_returned(
    month: City, settings: object, tmp_path: object
) -> None:
    settings.MEDIA_ROOT = tmp_path  # type: ignore[attr-defined]
    liaison = month.actor("police")
    with at(3, 20):
        report = submit(month, "police")
        row = entry(report, "t1")
        (document,) = add_proof(liaison, row.pk, link="https://example.org/a")  # sent, not yet signed off
        sign_off_reports(month.actor("clerk"), [report.pk])
        with pytest.raises(Conflict, match="退回"):
            remove_proof(liaison, row.pk, document.pk, "上传有误")
        with pytest.raises(Conflict, match="退回"):
            add_proof(liaison, row.pk, link="https://example.org/b")
        with pytest.raises(Conflict):
            fill_report(liaison, report.pk, [written(row)])
        assert documents_of(ENTRY, [row.pk])[row.pk] == [document]
        return_report(month.actor("clerk"), report.pk, "佐证有误")
        remove_proof(liaison, row.pk, document.pk, "上传有误")
    assert documents_of(ENTRY, [row.pk]).get(row.pk, []) == []


def test_the_office_has_one_notice_a_month_that_counts_up(month: City) -> None:
    clerk = month.users["clerk"]

    def told(unit: str) -> None:
        report = report_of(month, unit)
        tell_report_moved(
            {"report_id": str(report.pk), "unit_id": str(report.unit_id), "code": "2026-03",
             "state": report.state, "reason": ""}
        )  # fmt: skip

    with at(3, 20):
        for unit in ("police", "justice"):
            submit(month, unit)
            told(unit)
    notice = Notice.objects.get(user=clerk)
    assert "2026-03 已收到2个单位的填报" in notice.title_zh and "司法局" in notice.title_zh
    assert notice.url == reverse("report_overview") + "?month=2026-03"
    mark_read(clerk.pk)
    with at(3, 21):
        Report.objects.filter(unit=month.units["housing"]).update(state=Report.State.SUBMITTED)
        told("housing")
    notice = Notice.objects.get(user=clerk)
    assert notice.read_at is None and "已收到3个单位" in notice.title_zh, "news after it was read"
    with at(3, 22):
        return_report(month.actor("clerk"), report_of(month, "police").pk, "第一项请补充")
        told("police")
    assert Notice.objects.filter(user=clerk).count() == 1
    assert "被退回" in Notice.objects.get(user=month.users["police"], kind="report_moved").title_zh
