"""A newcomer's month: which duties are asked and when the others are, where a line goes once its office is named, what
saving says, from which day the month can be locked."""

from datetime import date

from django.urls import reverse

from shiyu.meetings.actions import record_decision
from shiyu.meetings.models import Meeting
from shiyu.plans.actions.duties import hold_duty
from shiyu.plans.actions.holding import hold_duties
from shiyu.plans.actions.report_flow import send_for_review
from shiyu.plans.actions.reports import open_month
from shiyu.plans.models import Duty, Edition, ReportEntry, Task
from shiyu.plans.queries.desk import decision_items_for_desk
from shiyu.plans.queries.report_desk import report_box
from shiyu.plans.queries.reports import offices_of, open_without_office
from shiyu.plans.tests.conftest import City, duty
from shiyu.plans.tests.reporting import at, entry, fill_all, report_of, with_cycle


def asked_in(city: City, code: str, month: int) -> set[str]:
    with at(month, 2):
        open_month(city.actor("clerk"), code)
    keys = ReportEntry.objects.filter(report__period__code=code).values_list("duty__task__key", flat=True)
    return {key for key in keys if key}


def test_monthly_tasks_and_those_without_a_deadline_are_asked_every_month(
    city: City, issued: Edition
) -> None:
    with_cycle(city)
    Task.objects.filter(edition=issued, key="t2").update(deadline_kind=Task.Deadline.NONE)
    Task.objects.filter(edition=issued, key="t3").update(every="month")
    assert asked_in(city, "2026-02", 2) == {"t1", "t2", "t3"}


def test_the_page_says_when_the_others_are_asked_next(city: City, issued: Edition) -> None:
    with_cycle(city)
    assert asked_in(city, "2026-02", 2) == {"t1"}
    with at(2, 10):
        page = city.client("justice").get(reverse("report_detail", args=["2026-02", city.unit("justice")]))
        text = page.content.decode()
    assert "本月不需填报的1项" in text and "按季填报，下次2026年3月" in text and "明确职责" in text
    with at(3, 2):
        open_month(city.actor("clerk"), "2026-03")
        page = city.client("justice").get(reverse("report_detail", args=["2026-03", city.unit("justice")]))
    assert "本月不需填报" not in page.content.decode()


def test_a_line_goes_to_the_office_that_is_named(city: City, issued: Edition) -> None:
    with_cycle(city)
    with at(3, 2):
        open_month(city.actor("clerk"), "2026-03")
        report = report_of(city, "justice")
        one, two = (duty(issued, key, city.units["justice"]) for key in ("t1", "t2"))
        box = report_box(city.actor("justice"))
        assert box and (box.open, box.offices, box.without_office) == (2, [], 2)
        hold_duty(city.actor("justice"), one.pk, city.unit("justice_room"), None)
        assert entry(report, "t1").office_id == city.unit("justice_room")
        box = report_box(city.actor("justice"))
        assert box and box.open == sum(office["open"] for office in box.offices) + box.without_office == 2
        page = city.client("justice").get("/").content.decode()
        assert "未分科室" in page
        person = city.actor("justice_room").user_id
        assert person
        hold_duties(city.actor("justice"), city.unit("justice"), {two.pk: (None, person)})
    assert entry(report, "t2").office_id == city.unit("justice_room")
    assert (open_without_office(report), offices_of(report)[0]["open"]) == (0, 2)


def test_a_line_that_is_written_or_sent_stays_where_it_was(city: City, issued: Edition) -> None:
    with_cycle(city)
    with at(3, 2):
        open_month(city.actor("clerk"), "2026-03")
        report = fill_all(city, "justice")
        held = duty(issued, "t1", city.units["justice"])
        hold_duty(city.actor("justice"), held.pk, city.unit("justice_room"), None)
        assert entry(report, "t1").office_id is None
        send_for_review(city.actor("justice"), report.pk)
        ReportEntry.objects.filter(pk=entry(report, "t2").pk).update(is_filled=False)
        other = duty(issued, "t2", city.units["justice"])
        hold_duty(city.actor("justice"), other.pk, city.unit("justice_room"), None)
    assert entry(report, "t2").office_id is None


def test_saving_says_how_many_are_left_and_that_a_first_report_has_no_no_change(
    city: City, issued: Edition
) -> None:
    with_cycle(city)
    with at(3, 2):
        open_month(city.actor("clerk"), "2026-03")
    report = report_of(city, "justice")
    url = reverse("report_detail", args=["2026-03", city.unit("justice")])
    with at(3, 20):
        client = city.client("justice")
        page = client.post(url, {"no_change_all": "1"}, follow=True).content.decode()
        assert "已全部保存" not in page
        assert "已保存，还有2条待填。" in page and "其中2条为首次填报" in page
        data = {}
        for key in ("t1", "t2"):
            pk = entry(report, key).pk
            data |= {f"{pk}-progress": "已开展", f"{pk}-status": "on_track"}
        page = client.post(url, data, follow=True).content.decode()
    assert "还有" not in page and report.entries.filter(is_filled=True).count() == 2


def test_locking_is_offered_from_the_last_day_on_and_says_so_before(city: City, issued: Edition) -> None:
    with_cycle(city)
    with at(3, 2):
        open_month(city.actor("clerk"), "2026-03")
    report = report_of(city, "justice")
    lock = reverse("period_lock", args=[report.period_id])
    with at(3, 20):
        page = city.client("clerk").get(reverse("report_overview")).content.decode()
    assert lock not in page and "锁定本月（3月31日 周二起可锁定）" in page
    with at(3, 31):
        page = city.client("clerk").get(reverse("report_overview")).content.decode()
    assert lock in page and "起可锁定" not in page


def test_a_decision_is_on_its_units_desk_from_the_day_it_is_entered(city: City, issued: Edition) -> None:
    with_cycle(city)
    with at(3, 2):
        clerk = city.actor("clerk")
        meeting = Meeting.objects.create(
            kind="monthly", title="2月例会", unit=city.units["office"], held_on=date(2026, 2, 28)
        )
        record_decision(
            clerk,
            meeting.pk,
            text="清理校门周边摊点",
            lead_unit_id=city.unit("justice"),
            due_on=date(2026, 3, 20),
        )
        items = decision_items_for_desk(city.actor("justice"))
        assert [(row.title, row.due_on) for row in items] == [("清理校门周边摊点", date(2026, 3, 20))]
        assert decision_items_for_desk(city.actor("police")) == []
        assert "清理校门周边摊点" in city.client("justice").get("/").content.decode()
        Duty.objects.exclude(decision=None).update(done_on=date(2026, 3, 2))
        assert decision_items_for_desk(city.actor("justice")) == []
