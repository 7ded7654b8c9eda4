"""Agenda, decisions and the watch list: what may be done, what is refused, and what nobody loses."""

from datetime import timedelta

import pytest
from django.db import transaction

from shiyu.audit.models import AuditEntry
from shiyu.lib import clock
from shiyu.lib.errors import Conflict, NotAllowed, NotVisible, UserError
from shiyu.matters.models import Matter
from shiyu.meetings import actions
from shiyu.meetings.actions import Ruled, agenda
from shiyu.meetings.actions.meetings import Came
from shiyu.meetings.events import MeetingPlanned
from shiyu.meetings.jobs import remind
from shiyu.meetings.models import Meeting, WatchEntry
from shiyu.meetings.queries import became_of, decisions_of
from shiyu.meetings.queries.desk import meeting_items_for_desk
from shiyu.meetings.tests.conftest import NOW, Town, file_one, in_days
from shiyu.notices.models import Notice


def decide(
    town: Town, meeting: Meeting, ruling: str, matter: Matter | None = None, by: str = "gc02-head", **more
):  # type: ignore[no-untyped-def]
    return actions.decide_point(
        town.who(by), town.point(meeting, matter).pk, Ruled(ruling, "研究议定", **more)
    )


def watch(town: Town, meeting: Meeting, workdays: int = 10) -> WatchEntry:
    owner = {"lead_unit_id": town.unit("gc02_centre").pk, "post": "主任", "next_measure": "每周回看"}
    return decide(town, meeting, "watch", **owner, due_on=in_days(workdays)).watch_entry  # type: ignore[no-any-return]


def test_the_agenda_is_changed_by_hand_with_a_word_and_fixed_when_held(town: Town) -> None:
    head, meeting = town.who("gc02-head"), town.session(held=False)
    with pytest.raises(UserError), transaction.atomic():
        actions.add_point(head, meeting.pk, word=" ", matter_code=town.low.code)
    point = actions.add_point(head, meeting.pk, word="当事人多次来访", matter_code=town.low.code)
    with pytest.raises(UserError), transaction.atomic():
        actions.add_point(head, meeting.pk, word="再列一次", matter_code=town.low.code)
    actions.take_off_point(head, town.point(meeting).pk, word="已另行研究")
    assert actions.draw_agenda(head, meeting.pk) == 0  # what was done by hand stays
    assert [p.matter for p in meeting.points.filter(taken_off="")] == [town.low]
    actions.hold_meeting(head, meeting.pk)
    with pytest.raises(Conflict), transaction.atomic():
        actions.take_off_point(head, point.pk, word="不研究了")
    with pytest.raises(Conflict), transaction.atomic():
        actions.draw_agenda(head, meeting.pk)


def test_drawing_anew_takes_in_what_came_and_leaves_what_no_rule_wants(town: Town) -> None:
    head, meeting = town.who("gc02-head"), town.session(held=False)
    more = file_one("gc02_centre", "gc02-desk", fields={"people": 40, "scuffle": True})
    Matter.objects.filter(pk=town.high.pk).update(grade="low")
    assert actions.draw_agenda(head, meeting.pk) == 2
    assert [p.matter for p in meeting.points.all()] == [more]


def test_a_town_sees_its_own_meetings_and_those_it_belongs_to(town: Town) -> None:
    meeting = town.session()
    for username, seen in (
        ("gc02-head", True),
        ("gc02-police", True),  # belongs to it
        ("gc-head", True),  # stands directly above
        ("gc03-head", False),
        ("gc03-police", False),
    ):
        assert Meeting.objects.visible_to(town.who(username)).filter(pk=meeting.pk).exists() is seen
    with pytest.raises(NotVisible):
        actions.draw_agenda(town.who("gc03-head"), meeting.pk)
    with pytest.raises(NotAllowed), transaction.atomic():
        actions.hold_meeting(town.who("gc02-police"), meeting.pk)
    with pytest.raises(NotAllowed), transaction.atomic():
        actions.plan_meeting(
            town.who("gc02-head"),
            kind="town_session",
            title="",
            unit_id=town.unit("gc03_centre").pk,
            held_on=clock.today(),
        )
    with pytest.raises(UserError), transaction.atomic():
        actions.plan_meeting(
            town.who("gc02-head"),
            kind="county_session",
            title="",
            unit_id=town.unit("gc02_centre").pk,
            held_on=clock.today(),
        )


def test_decisions_are_refused_before_it_was_held_and_with_something_missing(town: Town) -> None:
    planned = town.session(held=False)
    with pytest.raises(Conflict), transaction.atomic():
        decide(town, planned, "no_action")
    actions.hold_meeting(town.who("gc02-head"), planned.pk)
    police = town.unit("gc02_police").pk
    wrong = (
        ("measure", {"due_on": in_days(3)}, "lead_unit_id"),
        ("measure", {"lead_unit_id": police}, "due_on"),
        ("measure", {"lead_unit_id": police, "due_on": clock.today() - timedelta(days=1)}, "due_on"),
        ("letter", {"letter_kind": "transfer_slip"}, "letter_kind"),
        ("take_in_charge", {"due_on": in_days(3)}, "post"),
        ("lift", {}, "ruling"),
        ("unwatch", {}, "ruling"),
    )
    for ruling, more, field in wrong:
        with pytest.raises(UserError) as refused, transaction.atomic():
            decide(town, planned, ruling, **more)
        assert refused.value.field == field
    assert not planned.decisions.exists()


def test_what_the_kernel_refuses_is_an_error_beside_the_choice_and_leaves_nothing(town: Town) -> None:
    meeting = town.session()
    decide(town, meeting, "climb")
    before = AuditEntry.objects.count()
    with pytest.raises(UserError) as refused, transaction.atomic():
        decide(town, meeting, "climb")  # it lies with the county now
    assert refused.value.field == "ruling"
    assert not isinstance(refused.value, NotAllowed)
    assert (meeting.decisions.count(), AuditEntry.objects.count()) == (1, before)


def test_deeds_are_done_with_the_decision_as_their_reason(town: Town) -> None:
    meeting = town.session()
    decide(town, meeting, "take_in_charge", post="街道办事处主任", due_on=in_days(10))
    supervised = decide(town, meeting, "supervise")
    town.high.refresh_from_db()
    assert town.high.in_charge == "街道办事处主任" and town.high.supervised_at is not None
    assert supervised.done_on == clock.today()
    assert f"{meeting.title}议定事项2" in AuditEntry.objects.filter(reason__contains="议定事项2").get().reason


def test_a_measure_is_on_its_units_desk_and_done_once_with_a_word(town: Town) -> None:
    meeting, police = town.session(), town.unit("gc02_police")
    decision = decide(town, meeting, "measure", lead_unit_id=police.pk, due_on=in_days(2))
    officer = town.who("gc02-police")
    assert [item.due_on for item in meeting_items_for_desk(officer)] == [in_days(2)]
    with pytest.raises(UserError), transaction.atomic():
        actions.complete_decision(officer, decision.pk, result=" ")
    with pytest.raises(NotAllowed), transaction.atomic():
        actions.complete_decision(town.who("gc02-justice"), decision.pk, result="替他们填")
    with pytest.raises(NotVisible), transaction.atomic():
        actions.complete_decision(town.who("gc03-police"), decision.pk, result="不相干")
    assert actions.complete_decision(officer, decision.pk, result="已上门").done_on == clock.today()
    with pytest.raises(Conflict), transaction.atomic():
        actions.complete_decision(officer, decision.pk, result="再填一次")
    assert meeting_items_for_desk(officer) == []


def test_the_next_meeting_opens_with_what_became_of_all_that_is_open(town: Town) -> None:
    first = town.session()
    late = decide(town, first, "measure", lead_unit_id=town.unit("gc02_police").pk, due_on=in_days(1))
    nothing = decide(town, first, "no_action")
    assert {one.row.pk: one.state for one in decisions_of(first.pk)} == {late.pk: "open", nothing.pk: "done"}
    with clock.frozen(NOW + timedelta(days=7)):
        town.session()
    with clock.frozen(NOW + timedelta(days=14)):
        third = town.session()
        assert [(one.row.pk, one.state) for one in became_of(third)] == [(late.pk, "late")]


def test_the_watch_list_is_left_only_by_a_decision_and_holds_a_matter_once(town: Town) -> None:
    meeting = town.session()
    entry = watch(town, meeting)
    with pytest.raises(UserError), transaction.atomic():
        watch(town, meeting)
    other = town.who("gc02-police")
    with pytest.raises((NotVisible, NotAllowed)), transaction.atomic():
        actions.review_entry(other, entry.pk, finding="好", next_measure="无", review_on=in_days(3))
    for day in (clock.today(), in_days(40)):
        with pytest.raises(UserError) as wrong, transaction.atomic():
            actions.review_entry(
                town.who("gc02-head"), entry.pk, finding="好", next_measure="看", review_on=day
            )
        assert wrong.value.field == "review_on"
    Matter.objects.filter(pk=town.high.pk).update(is_open=False, closed_at=clock.now())
    assert WatchEntry.objects.on().filter(pk=entry.pk).exists()  # closing the matter does not take it off
    decide(town, meeting, "unwatch")
    with pytest.raises(Conflict), transaction.atomic():
        actions.review_entry(
            town.who("gc02-head"), entry.pk, finding="好", next_measure="看", review_on=in_days(3)
        )


def test_a_unit_asked_later_is_told_and_nobody_twice(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[MeetingPlanned] = []
    meeting, head = town.session(held=False), town.who("gc02-head")
    monkeypatch.setattr(agenda, "emit", told.append)
    justice, others = (
        town.unit("gc_justice").pk,
        [row.unit_id for row in meeting.attendances.filter(is_standing=False)],
    )
    assert justice not in others
    actions.invite_units(head, meeting.pk, [*others, justice])
    assert [(event.meeting_id, event.unit_ids) for event in told] == [(meeting.pk, (justice,))]
    actions.invite_units(head, meeting.pk, [*others, justice])
    assert len(told) == 1


def test_attendance_is_by_unit_and_post(town: Town) -> None:
    meeting, head = town.session(), town.who("gc02-head")
    row = meeting.attendances.get(unit__code="gc02_police")
    actions.record_attendance(head, meeting.pk, {row.pk: Came("represented", "副所长")})
    row.refresh_from_db()
    assert (row.came, row.post) == ("represented", "副所长")
    planned = town.session(held=False)
    with pytest.raises(Conflict), transaction.atomic():
        actions.record_attendance(head, planned.pk, {})


def test_minutes_go_round_again_only_after_a_change(town: Town) -> None:
    meeting, head = town.session(), town.who("gc02-head")
    actions.circulate_minutes(head, meeting.pk)
    with pytest.raises(Conflict), transaction.atomic():
        actions.circulate_minutes(head, meeting.pk)
    with clock.frozen(NOW + timedelta(hours=1)):
        decide(town, meeting, "no_action")
        actions.circulate_minutes(head, meeting.pk)


def test_a_meeting_called_off_needs_a_word_and_leaves_no_debt(town: Town) -> None:
    head, meeting = town.who("gc02-head"), town.session(held=False)
    with pytest.raises(UserError), transaction.atomic():
        actions.call_off_meeting(head, meeting.pk, reason=" ")
    actions.call_off_meeting(head, meeting.pk, reason="本周没有需要研究的事项")
    with pytest.raises(Conflict), transaction.atomic():
        actions.hold_meeting(head, meeting.pk)
    again = town.session(held=False)
    assert again.title == meeting.title  # no number is lost


def test_the_desk_suggests_the_next_one_only_where_it_is_worth_it(town: Town) -> None:
    head = town.who("gc02-head")
    assert any("new" in item.url and item.due_on is None for item in meeting_items_for_desk(head))
    town.session()
    assert not any("new" in item.url for item in meeting_items_for_desk(head))
    Matter.objects.update(grade="low")
    with clock.frozen(NOW + timedelta(days=1)):
        Meeting.objects.update(held_on=clock.today() - timedelta(days=30))
        assert not any("new" in item.url for item in meeting_items_for_desk(head))


def test_reminders_come_once_however_often_the_worker_starts(town: Town) -> None:
    meeting = town.session()
    decide(town, meeting, "measure", lead_unit_id=town.unit("gc02_police").pk, due_on=in_days(3))
    watch(town, meeting, 3)
    morning = NOW.replace(hour=7)
    told = [remind(morning + timedelta(days=n), morning + timedelta(days=n + 1)) for n in range(8)]
    assert sum(told) == 4  # each once before its day, once after it
    before = Notice.objects.filter(kind="meeting").count()
    assert remind(morning, morning + timedelta(days=8)) == 2  # after a stop each once, as it stands by then
    assert Notice.objects.filter(kind="meeting").count() > before > 0


def test_a_planned_meeting_moves_and_a_held_one_does_not(town: Town) -> None:
    head, meeting = town.who("gc02-head"), town.session(held=False)
    moved = actions.move_meeting(head, meeting.pk, held_on=in_days(1), place="二楼", chair="主任")
    assert (moved.held_on, moved.place) == (in_days(1), "二楼")
    with pytest.raises(UserError), transaction.atomic():
        actions.hold_meeting(head, meeting.pk)  # its day has not come
    actions.move_meeting(head, meeting.pk, held_on=clock.today())
    actions.hold_meeting(head, meeting.pk)
    with pytest.raises(Conflict), transaction.atomic():
        actions.move_meeting(head, meeting.pk, held_on=in_days(2))


def test_a_measure_needs_no_right_over_the_matter_but_a_letter_does(town: Town) -> None:
    meeting = town.session()
    decide(town, meeting, "climb")
    with pytest.raises(UserError) as refused, transaction.atomic():
        decide(town, meeting, "letter", letter_kind="risk_advisory")
    assert refused.value.field == "ruling"
    decide(town, meeting, "measure", lead_unit_id=town.unit("gc02_police").pk, due_on=in_days(3))


def test_a_matter_waits_only_once_for_the_consultation_above(town: Town) -> None:
    meeting = town.session(held=False, kind="town_consultation")
    actions.add_point(town.who("gc02-head"), meeting.pk, word="街道无法认定", matter_code=town.high.code)
    actions.hold_meeting(town.who("gc02-head"), meeting.pk)
    lifted = decide(town, meeting, "lift")
    town.high.refresh_from_db()
    assert (lifted.lead_unit.code, town.high.level) == ("gc_centre", 1)  # it climbs with it
    with pytest.raises(UserError), transaction.atomic():
        decide(town, meeting, "lift")
    county = town.session(held=False, kind="county_consultation", code="gc_centre")
    assert [point.lifted_by for point in county.points.all()] == [lifted]
