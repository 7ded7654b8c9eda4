"""The desk's two boxes: what was handed over and waits for others, what was asked of a unit in a month."""

import re
from datetime import datetime

import pytest
from django.utils import translation

from shiyu.desk.queries.asked import asked_by_unit, asked_of, counts_of_rows, month_of
from shiyu.desk.queries.waiting import waiting_box, waiting_of
from shiyu.letters.actions import receive_letter
from shiyu.letters.models import Letter
from shiyu.lib import clock
from shiyu.matters.actions import complete_assignment, return_assignment
from shiyu.matters.models import Assignment, Matter
from shiyu.plans.models import Report
from shiyu.ui.values import day_words, short_day
from tests.example_rows import TODAY, Rows, actor, make_rows, unit


@pytest.fixture
def rows(db, files_elsewhere: None) -> Rows:
    return make_rows()


def waits(name: str) -> list[tuple[str, str, str, int | None]]:
    with clock.frozen(TODAY):
        return [(row.kind, row.title, row.whom, row.workdays) for row in waiting_of(actor(name))]


def test_the_office_waits_for_the_result_the_reply_and_the_opinions(rows: Rows) -> None:
    found = waits("clerk")
    assert ("办理", "窗口未公示流程", unit("justice").display_short, 22) in found
    assert ("复函", "整改通知书", unit("justice").display_short, 0) in found
    assert ("批示", "窗口未公示流程", unit("justice").display_short, 1) in found
    days = [row[3] for row in found if row[3] is not None]
    assert days == sorted(days, reverse=True)


def test_what_is_received_or_answered_no_longer_waits(rows: Rows) -> None:
    Letter.objects.filter(pk=rows["letter"]).update(reply_by=None)
    assert ("签收", "整改通知书") in [row[:2] for row in waits("clerk")]
    with clock.frozen(TODAY):
        receive_letter(actor("justice"), rows["letter"], unit_id=unit("justice").pk)
    assert "整改通知书" not in [row[1] for row in waits("clerk")]


def test_the_unit_waits_for_the_check_of_what_it_handed_in(rows: Rows) -> None:
    assert waits("justice") == []
    with clock.frozen(TODAY):
        lead = Assignment.objects.get(matter_id=rows["matter"], active=True)
        complete_assignment(actor("justice"), rows["matter"], assignment_id=lead.pk, result="已公示。")
    assert [row[:3] for row in waits("justice")] == [("核查", "窗口未公示流程", unit("office").display_short)]
    assert "办理" not in [row[0] for row in waits("clerk") if row[1] == "窗口未公示流程"]


def test_the_unit_waits_for_the_answer_to_a_return_and_the_office_does_not_wait_for_it(rows: Rows) -> None:
    with clock.frozen(TODAY):
        return_assignment(actor("justice"), rows["matter"], reason="流程由教育局公示")
    assert [row[:2] for row in waits("justice")] == [("退回", "窗口未公示流程")]
    assert ("办理", "窗口未公示流程") not in [row[:2] for row in waits("clerk")]


def test_a_report_sent_up_waits_for_the_leader(rows: Rows) -> None:
    Report.objects.filter(pk=rows["report"]).update(state=Report.State.IN_REVIEW)
    assert ("审核", "分管领导", None) in [(row[0], row[2], row[3]) for row in waits("justice")]


def test_nobody_elses_business_waits_on_an_administrators_desk(rows: Rows) -> None:
    assert waits("sysadmin") == []


def page(client, address: str) -> str:  # type: ignore[no-untyped-def]
    with clock.frozen(TODAY):
        answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


def test_the_desk_shows_both_boxes_and_their_numbers_open_their_rows(rows: Rows, browser_of) -> None:
    client = browser_of("justice")
    desk = page(client, "/")
    assert "已交出，等待他人" in desk and "本月向本单位要了多少" in desk
    numbers = dict(re.findall(r'<dt>([^<]+)</dt><dd><a class="n" href="(/asked/[^"]+)"[^>]*>', desk))
    assert list(numbers) == ["表", "填报项", "函件", "批示", "交办事项", "会议议定"]
    counts = {
        word: int(n)
        for word, n in re.findall(r'<dt>([^<]+)</dt><dd><a class="n" href="/asked/[^"]+"[^>]*>(\d+)', desk)
    }
    assert counts["表"] == 2 and counts["函件"] == 3 and counts["批示"] == 1 and counts["交办事项"] == 0
    for word in ("表", "函件", "批示"):
        rows_shown = page(client, numbers[word]).count('data-l="要求什么"')
        assert rows_shown == counts[word], word


def test_a_month_counts_what_was_asked_in_it_and_nothing_else(rows: Rows) -> None:
    with clock.frozen(TODAY):
        ids = [unit("justice").pk]
        october, september = month_of("2026-10"), month_of("2026-09")
        assert october and september
        asked = asked_of(actor("clerk"), ids, october)
        assert {row.kind for row in asked} == {"form", "letter", "instruction"}
        lines = Report.objects.get(pk=rows["report"]).entries.count()
        assert counts_of_rows(asked)["entry"] > lines > 0  # the report's lines and the opinion slip's
        assert [row.kind for row in asked_of(actor("clerk"), ids, september)].count("matter") == 1
        assert [row.kind for row in asked_of(actor("clerk"), [unit("education").pk], september)].count(
            "decision"
        ) == 1


def test_what_a_unit_files_for_itself_nobody_asked_of_it(rows: Rows) -> None:
    Matter.objects.filter(pk=rows["matter"]).update(unit=unit("justice"))
    with clock.frozen(TODAY):
        september = month_of("2026-09")
        assert september
        assert "matter" not in {row.kind for row in asked_of(actor("clerk"), [unit("justice").pk], september)}


def test_the_office_sees_all_units_by_protocol_and_a_unit_only_itself(rows: Rows, browser_of) -> None:
    with clock.frozen(TODAY):
        october = month_of("2026-10")
        assert october
        found = asked_by_unit(actor("clerk"), october)
        orders = [row.unit.protocol_order for row in found]
        assert len(found) > 2 and orders == sorted(orders)
    overview = page(browser_of("clerk"), "/asked/?month=2026-10")
    assert (
        "2026年10月向各单位要了多少" in overview
        and f"/asked/2026-10/{unit('justice').pk}/?kind=form" in overview
    )
    with clock.frozen(TODAY):
        assert browser_of("justice").get("/asked/").status_code == 403
        assert browser_of("justice").get(f"/asked/2026-10/{unit('education').pk}/").status_code == 404


@pytest.mark.parametrize("code", ["2026-13", "2026-1", "2026-11", "now", "0000-00"])
def test_a_month_that_is_none_or_has_not_begun_is_not_found(rows: Rows, browser_of, code: str) -> None:
    with clock.frozen(TODAY):
        assert month_of(code) is None
        assert browser_of("clerk").get(f"/asked/{code}/{unit('justice').pk}/").status_code == 404
        assert browser_of("clerk").get("/asked/", {"month": code}).status_code == 404


def test_a_month_ends_with_its_last_moment(rows: Rows) -> None:
    with clock.frozen(datetime(2026, 12, 31, 10)):
        month = month_of("2026-12")
    assert month and month.start.isoformat() == "2026-12-01T00:00:00+08:00"
    assert month.end.isoformat() == "2027-01-01T00:00:00+08:00"


def test_days_of_another_year_show_their_year() -> None:
    with clock.frozen(TODAY), translation.override("zh-hans"):
        assert day_words(datetime(2026, 11, 20).date()) == "11月20日 周五"
        assert day_words(datetime(2027, 1, 8).date()) == "2027年1月8日 周五"
        assert short_day(datetime(2026, 11, 20).date()) == "11-20"
        assert short_day(datetime(2025, 11, 20).date()) == "2025-11-20"


def test_the_walls_live_month_counts_problems_and_each_count_opens_as_many_rows(
    rows: Rows, browser_of
) -> None:
    Matter.objects.filter(pk=rows["matter"]).update(due_at=datetime(2026, 9, 30, 10, tzinfo=clock.CITY_ZONE))
    client = browser_of("clerk")
    wall = page(client, "/wall/?month=live")
    found = re.findall(
        r'<th scope="row"[^>]*>([^<]+)</th><td><a class="[^"]+" href="(/matters/[^"]+)"[^>]*>(\d+)', wall
    )
    assert len(found) == 3 and [int(count) for _word, _url, count in found] == [1, 1, 0]
    for _word, url, count in found:
        listed = page(client, url.replace("&amp;", "&"))
        assert listed.count('data-l="事项"') == int(count)


def test_the_desk_names_the_longest_waits_and_counts_all(rows: Rows) -> None:
    with clock.frozen(TODAY):
        for name in ("clerk", "justice"):
            everything = waiting_of(actor(name))
            found, count = waiting_box(actor(name))
            assert count == len(everything) and found == everything[: len(found)], name
            assert len(found) == min(count, 3)
    assert len(waits("clerk")) > 3, "else nothing was left out"
