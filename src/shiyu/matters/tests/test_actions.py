"""Every verb, done and refused, with what follows from it."""

import datetime as dt

import pytest
from django.utils import translation

from shiyu.audit.models import AuditEntry
from shiyu.documents.models import Attachment, Document
from shiyu.lib import clock
from shiyu.lib.errors import Conflict, NotAllowed, NotVisible, UserError
from shiyu.matters import actions
from shiyu.matters.models import Assignment, Matter, Return, Step
from shiyu.matters.tests.city import MORNING, City, person


def day(n: int, hour: int = 10) -> dt.datetime:
    return dt.datetime(2026, 11, n, hour)


def prove(matter: Matter) -> None:
    document = Document.objects.create(
        title="整改照片",
        kind="proof",
        link="https://example.org/proof",
        uploaded_by_id=matter.pk,
        uploaded_by_name="联络员",
    )
    Attachment.objects.create(document=document, subject_type="matters.matter", subject_id=matter.pk)


def acknowledged(city: City) -> Matter:
    matter = city.problem()
    actions.acknowledge_assignment(city.water_liaison, matter.pk)
    return actions.acknowledge_assignment(city.police_liaison, matter.pk)


def completed(city: City) -> Matter:
    matter = acknowledged(city)
    prove(matter)
    actions.complete_assignment(city.police_liaison, matter.pk, result="已配合执法")
    return actions.complete_assignment(city.water_liaison, matter.pk, result="已封堵")


def closed(city: City) -> Matter:
    matter = completed(city)
    actions.verify_matter(city.other_clerk, matter.pk, note="现场核查属实")
    return actions.close_matter(city.clerk, matter.pk)


def stays(matter: Matter) -> list[Step]:
    return list(Step.objects.filter(matter_id=matter.pk, within=False).order_by("entered_at", "id"))


def test_the_office_files_and_sends_out_in_one_go(city: City) -> None:
    matter = city.problem()
    assert matter.code == "WT-2026-0001" and (matter.state, matter.phase) == ("rectifying", "handling")
    assert city.problem().code == "WT-2026-0002"
    roles = dict(matter.assignments.values_list("unit__code", "role"))
    assert roles == {"water": "lead", "police": "supporting"}
    assert [s.verb for s in stays(matter)] == ["accept", "dispatch", ""]
    assert clock.local(matter.step_due_at).date() == dt.date(2026, 11, 23)  # 15 workdays after 2 November
    assert AuditEntry.objects.filter(subject_id=matter.pk).count() == 1


def test_a_unit_files_what_it_found_itself(city: City) -> None:
    given = {"kind": "problem", "title": "自查", "text": "", "source": "self", "unit_id": city.office.pk}
    matter = actions.file_matter(city.water_liaison, **given, lead_unit_id=city.water.pk)
    assert matter.state == "filed" and matter.proposed_lead == city.water and matter.filed_unit == city.water
    actions.accept_matter(city.clerk, matter.pk)
    matter = actions.dispatch_matter(city.clerk, matter.pk, unit_id=city.water.pk)
    assert matter.phase == "handling" and matter.proposed_lead is None
    with pytest.raises(NotAllowed):
        actions.file_matter(city.stranger, **given)


def test_what_is_wrong_in_filing_is_said_at_its_field(city: City) -> None:
    for changes, field in (
        ({"title": "  "}, "title"),
        ({"source": "hearsay"}, "source"),
        ({"happened_on": dt.date(2026, 12, 1)}, "happened_on"),
        ({"due_at": dt.date(2026, 10, 1)}, "due_at"),
        ({"kind": "wedding"}, "kind"),
    ):
        with pytest.raises(UserError) as refused:
            city.problem(**changes)
        assert refused.value.field == field
    assert not Matter.objects.exists() and city.problem().code == "WT-2026-0001"  # no number was lost


def test_a_limit_set_by_hand_is_what_the_units_work_to(city: City) -> None:
    matter = city.problem(due_at=dt.date(2026, 11, 13))
    dues = {clock.local(due).date() for due in matter.assignments.values_list("due_at", flat=True)}
    assert dues == {dt.date(2026, 11, 13)} == {clock.local(matter.due_at).date()}


def test_refusing_needs_reason_and_remedy(city: City) -> None:
    matter = city.problem(lead_unit_id=None)
    with pytest.raises(UserError) as missing:
        actions.refuse_matter(city.clerk, matter.pk, reason="不属本办", remedy="")
    assert missing.value.field == "remedy"
    matter = actions.refuse_matter(city.clerk, matter.pk, reason="不属本办", remedy="可向市政府办反映")
    assert matter.phase == "refused" and not matter.is_open and matter.remedy
    with pytest.raises(NotAllowed):
        actions.accept_matter(city.clerk, matter.pk)


def test_only_the_unit_asked_acknowledges(city: City) -> None:
    matter = city.problem()
    with pytest.raises(NotVisible):
        actions.acknowledge_assignment(city.justice_liaison, matter.pk)
    with pytest.raises(NotAllowed):
        actions.acknowledge_assignment(city.clerk, matter.pk)
    actions.acknowledge_assignment(city.water_liaison, matter.pk)
    assert matter.assignments.get(unit=city.water).acknowledged_at is not None
    with pytest.raises(NotAllowed):
        actions.acknowledge_assignment(city.water_liaison, matter.pk)


def test_return_needs_a_reason_and_the_senders_consent(city: City) -> None:
    matter = city.problem()
    with pytest.raises(UserError):
        actions.return_assignment(city.water_liaison, matter.pk, reason="")
    actions.return_assignment(city.water_liaison, matter.pk, reason="属司法局职责")
    asked = Return.objects.get()
    assert clock.local(asked.decide_by).date() == dt.date(2026, 11, 9)
    with pytest.raises(NotAllowed):
        actions.consent_return(city.water_liaison, matter.pk)
    matter = actions.consent_return(city.clerk, matter.pk, unit_id=city.justice.pk)
    assert matter.phase == "handling"
    assert matter.assignments.get(active=True, role="lead").unit == city.justice
    assert matter.assignments.get(unit=city.water).ended == "returned"
    assert matter.assignments.get(unit=city.police).active


def test_consent_without_a_new_unit_waits_for_dispatch(city: City) -> None:
    matter = city.problem()
    actions.return_assignment(city.water_liaison, matter.pk, reason="属公安局职责")
    matter = actions.consent_return(city.clerk, matter.pk)
    assert matter.phase == "accepted"
    matter = actions.dispatch_matter(city.clerk, matter.pk, unit_id=city.police.pk)  # it supported until now
    assert [a.role for a in matter.assignments.filter(active=True)] == ["lead"]


def test_a_return_goes_not_back_to_who_returned_it(city: City) -> None:
    matter = city.problem()
    actions.return_assignment(city.water_liaison, matter.pk, reason="属司法局职责")
    with pytest.raises(UserError) as refused:
        actions.consent_return(city.clerk, matter.pk, unit_id=city.water.pk)
    assert refused.value.field == "unit_id"
    assert Return.objects.get().state == Return.State.ASKED  # nothing of it was kept


def test_declining_a_return_needs_a_reason(city: City) -> None:
    matter = city.problem()
    actions.return_assignment(city.water_liaison, matter.pk, reason="属司法局职责")
    with pytest.raises(UserError):
        actions.decline_return(city.clerk, matter.pk, reason="")
    actions.decline_return(city.chair, matter.pk, reason="三定方案明确由水务局负责")
    assert Return.objects.get().state == Return.State.DECLINED
    assert matter.assignments.get(unit=city.water).acknowledged_at is not None


def test_transfer_and_support(city: City) -> None:
    matter = city.problem()
    with pytest.raises(NotAllowed):
        actions.transfer_matter(city.water_liaison, matter.pk, unit_id=city.justice.pk, reason="x")
    matter = actions.transfer_matter(city.clerk, matter.pk, unit_id=city.justice.pk, reason="职责调整")
    assert matter.assignments.get(active=True, role="lead").unit == city.justice
    with pytest.raises(UserError):
        actions.add_supporting_unit(city.clerk, matter.pk, unit_id=city.police.pk)
    actions.add_supporting_unit(city.clerk, matter.pk, unit_id=city.water.pk)
    assert matter.assignments.filter(active=True, role="supporting").count() == 2


def test_note_and_urge_leave_open_forms_valid(city: City) -> None:
    matter = city.problem()
    seen = matter.version
    assert actions.note_progress(city.water_liaison, matter.pk, note="已进场").progress == "已进场"
    actions.urge_assignment(city.clerk, matter.pk)
    with pytest.raises(NotAllowed):
        actions.urge_assignment(city.water_liaison, matter.pk)
    actions.acknowledge_assignment(city.water_liaison, matter.pk, seen=seen)
    with pytest.raises(NotAllowed):
        actions.note_progress(city.chair, matter.pk, note="x")


def test_one_extension_with_reason_and_another_hand(city: City) -> None:
    matter = acknowledged(city)
    until = clock.local(matter.due_at).date() + dt.timedelta(days=9)
    with pytest.raises(UserError):
        actions.ask_extension(city.water_liaison, matter.pk, until=dt.date(2026, 11, 4), reason="雨季")
    actions.ask_extension(city.water_liaison, matter.pk, until=until, reason="雨季")
    with pytest.raises(NotAllowed):
        actions.decide_extension(city.clerk, matter.pk, approve=True)  # no right to approve
    matter = actions.decide_extension(city.head, matter.pk, approve=True)
    assert clock.local(matter.due_at).date() == until and matter.extensions == 1 and matter.extended_days > 0
    assert {clock.local(a.due_at).date() for a in matter.assignments.filter(active=True)} == {until}
    with pytest.raises(NotAllowed):
        actions.ask_extension(
            city.water_liaison, matter.pk, until=until + dt.timedelta(days=3), reason="再延"
        )


def test_a_declined_extension_says_why(city: City) -> None:
    matter = acknowledged(city)
    until = clock.local(matter.due_at).date() + dt.timedelta(days=9)
    actions.ask_extension(city.water_liaison, matter.pk, until=until, reason="雨季")
    with pytest.raises(UserError):
        actions.decide_extension(city.head, matter.pk, approve=False)
    matter = actions.decide_extension(city.head, matter.pk, approve=False, reason="工期充足")
    assert matter.extension_asked_until is None and matter.extensions == 0


def test_suspension_moves_the_limits_by_the_days_it_lasted(city: City) -> None:
    matter = acknowledged(city)
    due = matter.due_at
    actions.suspend_matter(city.head, matter.pk, until=dt.date(2026, 11, 20), reason="等待鉴定")
    with pytest.raises(NotAllowed):
        actions.suspend_matter(city.head, matter.pk, until=dt.date(2026, 11, 20), reason="again")
    with clock.frozen(day(9)):
        matter = actions.resume_matter(city.head, matter.pk)
    assert (clock.local(matter.due_at).date() - clock.local(due).date()).days == 7  # five workdays
    with pytest.raises(NotAllowed):
        actions.resume_matter(city.head, matter.pk)


def test_a_stopped_clock_runs_on_by_itself_when_its_day_is_over(city: City) -> None:
    matter = acknowledged(city)
    prove(matter)
    actions.suspend_matter(city.head, matter.pk, until=dt.date(2026, 11, 20), reason="等待鉴定")
    matter.refresh_from_db()
    # 14 workdays stopped: at once on the lists, for the matter, its step, its units and its stay.
    assert clock.local(matter.step_due_at).date() == dt.date(2026, 12, 11)
    assert {clock.local(d).date() for d in matter.assignments.values_list("due_at", flat=True)} == {
        dt.date(2026, 12, 11)
    }
    assert stays(matter)[-1].due_at == matter.step_due_at
    with clock.frozen(day(20)), pytest.raises(NotAllowed):
        actions.complete_assignment(city.water_liaison, matter.pk, result="已封堵")
    with clock.frozen(day(23)):  # the day is over; nobody resumed it
        with pytest.raises(NotAllowed):
            actions.resume_matter(city.head, matter.pk)
        actions.complete_assignment(city.police_liaison, matter.pk, result="已配合")
        matter = actions.complete_assignment(city.water_liaison, matter.pk, result="已封堵")
    assert matter.phase == "verifying" and matter.suspended_at is None and matter.due_before_stop is None
    worked = next(s for s in stays(matter) if s.verb == "complete").used_minutes
    assert worked == 60  # from nine to ten on the 23rd: it was stopped as soon as it began


def test_stopping_the_clock_hides_nothing_that_was_overdue(city: City) -> None:
    matter = city.problem(due_at=dt.date(2026, 11, 6))
    with clock.frozen(day(10)):
        matter = actions.suspend_matter(city.head, matter.pk, until=dt.date(2026, 11, 30), reason="等待鉴定")
        assert clock.local(matter.due_at).date() == dt.date(2026, 11, 6)
        matter = actions.resume_matter(city.head, matter.pk)
    assert clock.local(matter.due_at).date() == dt.date(2026, 11, 6)


def test_an_extension_is_asked_for_before_the_limit_has_passed(city: City) -> None:
    matter = city.problem(due_at=dt.date(2026, 11, 6))
    with clock.frozen(day(10)), pytest.raises(NotAllowed, match="时限已过|limit has passed"):
        actions.ask_extension(city.water_liaison, matter.pk, until=dt.date(2026, 11, 20), reason="雨季")


def test_who_stands_above_the_sender_alone_decides_for_it(city: City) -> None:
    matter = acknowledged(city)
    city.water.parent = city.justice  # above the handling unit only
    city.water.save()
    boss = person("上级", city.justice, ["matter.approve", "matter.view_all"])
    actions.ask_extension(
        city.water_liaison,
        matter.pk,
        until=clock.local(matter.due_at).date() + dt.timedelta(9),
        reason="雨季",
    )
    with pytest.raises(NotAllowed):
        actions.decide_extension(boss, matter.pk, approve=True)
    assert actions.decide_extension(city.chair, matter.pk, approve=True).extensions == 1


def test_on_the_books_never_hides_overdue(city: City) -> None:
    matter = acknowledged(city)
    due = matter.due_at
    with pytest.raises(UserError):
        actions.put_on_books(city.head, matter.pk, until=dt.date(2026, 12, 31), reason="")
    with pytest.raises(NotAllowed):
        actions.put_on_books(city.clerk, matter.pk, until=dt.date(2026, 12, 31), reason="资金未到位")
    matter = actions.put_on_books(city.head, matter.pk, until=dt.date(2026, 12, 31), reason="资金未到位")
    assert matter.on_books and matter.phase == "held" and matter.due_at == due
    matter = actions.review_books(city.head, matter.pk, until=dt.date(2027, 1, 29), reason="资金仍未到位")
    assert matter.books_review_on == dt.date(2027, 1, 29)
    with pytest.raises(UserError):
        actions.take_off_books(city.head, matter.pk, reason="")
    matter = actions.take_off_books(city.head, matter.pk, reason="资金已到位")
    assert not matter.on_books and matter.phase == "handling"
    with pytest.raises(NotAllowed):
        actions.review_books(city.head, matter.pk, until=dt.date(2027, 1, 29), reason="x")


def test_completion_needs_result_proof_and_every_unit(city: City) -> None:
    matter = acknowledged(city)
    with pytest.raises(UserError) as missing:
        actions.complete_assignment(city.water_liaison, matter.pk, result="已封堵")
    assert missing.value.field == "files"
    prove(matter)
    with pytest.raises(UserError):
        actions.complete_assignment(city.water_liaison, matter.pk, result="")
    matter = actions.complete_assignment(city.water_liaison, matter.pk, result="已封堵")
    assert matter.phase == "handling"
    matter = actions.complete_assignment(city.police_liaison, matter.pk, result="已配合")
    assert matter.phase == "verifying" and matter.completed_by_id == city.police_liaison.user_id


def test_another_hand_verifies_before_it_is_closed(city: City) -> None:
    matter = completed(city)
    with pytest.raises(NotAllowed):
        actions.close_matter(city.clerk, matter.pk)
    with pytest.raises(NotAllowed):
        actions.verify_matter(city.water_liaison, matter.pk)
    matter = actions.verify_matter(city.other_clerk, matter.pk)
    assert matter.verified_by_name == "办公室督查岗"
    with pytest.raises(UserError) as wrong:
        actions.close_matter(city.clerk, matter.pk, outcome="merged")
    assert wrong.value.field == "outcome"
    matter = actions.close_matter(city.clerk, matter.pk)
    assert matter.outcome == "done" and matter.closed_at and not matter.is_open
    assert not Step.objects.filter(matter_id=matter.pk, left_at=None).exists()


def test_sent_back_is_handled_again_by_the_lead(city: City) -> None:
    matter = completed(city)
    actions.verify_matter(city.other_clerk, matter.pk)
    with pytest.raises(UserError):
        actions.send_back_matter(city.other_clerk, matter.pk, reason="")
    matter = actions.send_back_matter(city.other_clerk, matter.pk, reason="仍有渗漏")
    assert matter.phase == "handling" and matter.reworked == 1 and matter.verified_by_id is None
    assert [a.unit for a in matter.assignments.filter(active=True)] == [city.water]
    with pytest.raises(NotAllowed):
        actions.send_back_matter(city.other_clerk, matter.pk, reason="again")


def test_what_was_sent_back_needs_proof_of_its_own(city: City) -> None:
    """The file that was not good enough, or that showed what was found, proves no second time."""
    with clock.frozen(day(2)):
        matter = completed(city)
    with clock.frozen(day(3)):
        actions.send_back_matter(city.other_clerk, matter.pk, reason="照片看不清")
        with pytest.raises(UserError) as refused:
            actions.complete_assignment(city.water_liaison, matter.pk, result="已封堵")
        assert refused.value.field == "files"
    with clock.frozen(day(4)):
        prove(matter)
        assert (
            actions.complete_assignment(city.water_liaison, matter.pk, result="已封堵").phase == "verifying"
        )


def test_reopened_with_a_reason_and_a_new_limit(city: City) -> None:
    with clock.frozen(MORNING):
        matter = closed(city)
    with clock.frozen(day(20)):
        actions.follow_up_matter(city.other_clerk, matter.pk, result="回访发现复发")
        with pytest.raises(UserError):
            actions.reopen_matter(city.other_clerk, matter.pk, reason="")
        matter = actions.reopen_matter(city.other_clerk, matter.pk, reason="复发")
    assert matter.is_open and matter.closed_at is None and matter.reopened == 1 and matter.phase == "handling"
    assert matter.due_at > dt.datetime(2026, 12, 20, tzinfo=clock.CITY_ZONE)
    with pytest.raises(NotAllowed):
        actions.reopen_matter(city.other_clerk, matter.pk, reason="again")


def test_withdraw_and_supervise(city: City) -> None:
    given = {"kind": "problem", "title": "自查", "text": "", "source": "self", "unit_id": city.office.pk}
    matter = actions.file_matter(city.water_liaison, **given)
    with pytest.raises(NotAllowed):
        actions.withdraw_matter(city.clerk, matter.pk, reason="x")
    assert actions.withdraw_matter(city.water_liaison, matter.pk, reason="重复登记").outcome == "withdrawn"
    matter = city.problem()
    with pytest.raises(NotAllowed):
        actions.supervise_matter(city.clerk, matter.pk, reason="x")
    assert actions.supervise_matter(city.head, matter.pk, reason="久拖不决").supervised_at


def test_used_time_counts_working_minutes(city: City) -> None:
    matter = acknowledged(city)
    prove(matter)
    with clock.frozen(day(4, 11)):  # from Monday 9:30 to Wednesday 11:00, seven hours a day
        actions.complete_assignment(city.police_liaison, matter.pk, result="已配合")
        actions.complete_assignment(city.water_liaison, matter.pk, result="已封堵")
    assert stays(matter)[2].used_minutes == (6 * 60 + 30) + 7 * 60 + 2 * 60


def test_a_form_made_from_an_older_state_is_a_conflict(city: City) -> None:
    matter = city.problem()
    actions.transfer_matter(
        city.clerk, matter.pk, unit_id=city.justice.pk, reason="职责调整", seen=matter.version
    )
    with pytest.raises(Conflict) as late, translation.override("en"):
        actions.add_supporting_unit(city.other_clerk, matter.pk, unit_id=city.water.pk, seen=matter.version)
    assert "办公室文员" in str(late.value) and "2026-11-02 09:30" in str(late.value)


def test_each_verb_writes_one_entry_and_one_step(city: City) -> None:
    matter = closed(city)
    entries = list(AuditEntry.objects.filter(subject_id=matter.pk).values_list("action", flat=True))
    assert len(entries) == 7 and "matters.close_matter" in entries
    verbs = Step.objects.filter(matter_id=matter.pk).exclude(verb="").values_list("verb", flat=True)
    assert sorted(verbs) == sorted(
        ["accept", "dispatch", "acknowledge", "acknowledge", "complete", "complete", "verify", "close"]
    )


def test_an_office_of_the_unit_handles_what_it_holds(city: City) -> None:
    from_office = city.water_liaison.__class__(
        user_id=city.stranger.user_id,
        name="治污科",
        grants={city.water_office.pk: frozenset({"matter.handle"}), city.water.pk: frozenset({"plan.view"})},
        home_unit_id=city.water_office.pk,
    )
    matter = city.problem(office_id=city.water_office.pk)
    actions.acknowledge_assignment(from_office, matter.pk)
    assert Assignment.objects.get(matter=matter, unit=city.water).acknowledged_at
    plain = city.problem()
    with pytest.raises(NotAllowed):
        actions.acknowledge_assignment(from_office, plain.pk)
