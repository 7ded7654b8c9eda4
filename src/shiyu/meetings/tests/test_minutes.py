"""The minutes say who has what; they are never emptied; the desk's suggestions; why overdue matters are on no agenda."""

from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from shiyu.kernel.actor import Actor
from shiyu.lib import clock
from shiyu.lib.errors import UserError
from shiyu.lib.ids import new_id
from shiyu.matters.models import Matter
from shiyu.meetings import actions
from shiyu.meetings.models import Meeting
from shiyu.meetings.queries.left_out import overdue_left_out
from shiyu.meetings.queries.minutes import minutes_of
from shiyu.meetings.queries.suggested import meetings_suggested
from shiyu.meetings.tests.conftest import NOW, Town, file_one, in_days
from shiyu.meetings.tests.test_rules import decide, watch
from shiyu.packs.queries import current_pack
from shiyu.people.models import Unit
from shiyu.people.queries import units_of_group


def said(meeting: Meeting) -> str:
    return "\n".join(
        str(getattr(part, "text", part)) + str(getattr(part, "lead", ""))
        for part in minutes_of(meeting).paragraphs
    )


def test_written_minutes_are_kept_and_never_emptied(town: Town) -> None:
    head, meeting = town.who("gc02-head"), town.session()
    actions.hold_meeting(head, meeting.pk, minutes="听取了排查情况。")
    with pytest.raises(UserError) as refused, transaction.atomic():
        actions.hold_meeting(head, meeting.pk, minutes="  ")
    assert refused.value.field == "minutes"
    browser = town.browser("gc02-head")
    held = {"held_on": clock.today().isoformat(), "place": "会议室"}
    # What a hand-made address can send: the form of a session, which has no minutes of its own, and an empty text.
    assert browser.post(reverse("meeting_change", args=[meeting.pk, "hold"]), held).status_code == 302
    empty = browser.post(reverse("meeting_detail", args=[meeting.pk]), {**held, "minutes": ""})
    assert empty.status_code == 422
    assert Meeting.objects.get(pk=meeting.pk).minutes == "听取了排查情况。"
    assert Meeting.objects.get(pk=meeting.pk).place == "会议室"
    actions.hold_meeting(head, meeting.pk, minutes="听取了排查和化解情况。")
    assert Meeting.objects.get(pk=meeting.pk).minutes == "听取了排查和化解情况。"


def test_the_minutes_say_letter_units_leader_and_next_measure(town: Town) -> None:
    meeting = town.session()
    police, court = town.unit("gc02_police"), town.unit("gc02_justice")
    decide(town, meeting, "letter", letter_kind="risk_advisory")
    decide(
        town, meeting, "measure", lead_unit_id=police.pk, supporting_unit_ids=(court.pk,), due_on=in_days(3)
    )
    decide(town, meeting, "take_in_charge", post="街道办事处主任", due_on=in_days(10))
    entry = watch(town, meeting)
    text = said(meeting)
    label = current_pack().letter["risk_advisory"].label.zh
    for words in (
        f"（发函：{label}）",
        f"配合单位：{court.name}",
        "包案领导：街道办事处主任",
        "下步措施：每周回看。",
        f"跟进单位：{town.unit('gc02_centre').name}（主任）",
    ):
        assert words in text, words
    page = reverse("decision_detail", args=[entry.put_on_id])
    assert "每周回看" in town.browser("gc02-head").get(page).content.decode()
    # What is changed later is not what was decided.
    owner = {"finding": "平稳", "next_measure": "每月回看", "review_on": in_days(5)}
    actions.review_entry(town.who("gc02-head"), entry.pk, **owner)
    assert "每月回看" not in said(meeting) and "下步措施：每周回看。" in said(meeting)


def suggestions(actor: Actor, units: list[Unit]) -> tuple[set[tuple[str, str]], int]:
    with CaptureQueriesContext(connection) as seen:
        found = {(one.unit.code, one.code) for one in meetings_suggested(actor, units)}
    return found, len(seen)


def test_meetings_are_suggested_with_the_same_queries_for_a_few_units_and_for_all(town: Town) -> None:
    centres = units_of_group("town_centres")
    rights = frozenset({"meeting.run", "matter.view_all"})
    actor = Actor(new_id(), "督查", dict.fromkeys((unit.pk for unit in centres), rights))
    own = [unit for unit in centres if unit.code == "gc02_centre"]
    other = next(unit for unit in centres if unit not in own)
    alone, least = suggestions(actor, own)
    two, few = suggestions(actor, [*own, other])
    everywhere, many = suggestions(actor, centres)
    assert len(centres) > 5 and alone == two == everywhere == {("gc02_centre", "town_session")}
    assert many == few <= least + 2  # alone it stops as soon as it has its matter
    meeting = town.session(held=False)
    assert suggestions(actor, centres)[0] == set()  # planned
    actions.hold_meeting(town.who("gc02-head"), meeting.pk)
    assert suggestions(actor, centres)[0] == set()  # held within the week
    with clock.frozen(NOW + timedelta(days=8)):
        assert suggestions(actor, centres)[0] == {("gc02_centre", "town_session")}


def late(town: Town, **more: object) -> Matter:
    """A matter whose step and limit passed six weeks ago."""
    matter = file_one("gc02_centre", "gc02-desk", fields={"people": 2})
    before = clock.now() - timedelta(days=42)
    Matter.objects.filter(pk=matter.pk).update(**{"due_at": before, "step_due_at": before, **more})
    return matter


def reasons(town: Town, meeting: Meeting, by: str) -> dict[str, str]:
    rows, _count = overdue_left_out(town.who(by), meeting, current_pack().meeting[meeting.kind])
    return {one.matter.code: " ".join(one.why) for one in rows}


def test_overdue_matters_off_the_agenda_say_why(town: Town) -> None:
    later = clock.now() + timedelta(days=5)
    whole = late(town, step_due_at=later)  # its limit passed, but its present step is in time
    drawn = late(town)
    meeting = town.session(held=False)
    since = late(town)  # overdue since the agenda was drawn
    found = reasons(town, meeting, "gc02-head")
    assert set(found) == {whole.code, since.code} and meeting.points.filter(matter=drawn).exists()
    assert "总时限已过，但当前环节未逾期" in found[whole.code] and "本环节已逾期" in found[whole.code]
    assert "按规则重新列入" in found[since.code]
    shown = town.browser("gc02-head").get(reverse("meeting_detail", args=[meeting.pk])).content.decode()
    assert "另有2件逾期事项未列入议程" in shown and whole.code in shown
    actions.draw_agenda(town.who("gc02-head"), meeting.pk)
    assert set(reasons(town, meeting, "gc02-head")) == {whole.code}
    actions.take_off_point(town.who("gc02-head"), town.point(meeting, since).pk, word="另行研究")
    assert since.code not in reasons(town, meeting, "gc02-head")  # it stands there with its word


def test_a_rule_that_begins_later_says_from_when(town: Town) -> None:
    recent = late(town, step_due_at=clock.now() - timedelta(days=1), due_at=None)
    meeting = town.session(held=False, kind="county_session", code="gc_centre")
    words = reasons(town, meeting, "gc-head")[recent.code]
    assert "逾期1个工作日，满10个工作日才列入" in words and "其他条件不符" in words
    town.session(held=False)
    assert "已列入" in reasons(town, meeting, "gc-head")[recent.code]  # on the town's agenda
