"""What is done by the clock: graded anew, lifted by rule, told of follow-ups; once, whatever the worker missed."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.loading import LIJIANG, loaded_once

from shiyu.audit.jobs import run_due
from shiyu.audit.models import AuditEntry
from shiyu.kernel.actor import SYSTEM, Actor
from shiyu.kernel.spec.calendar import Holiday
from shiyu.lib import clock
from shiyu.lib.errors import NotAllowed, UserError
from shiyu.lib.ids import new_id
from shiyu.matters import actions, jobs
from shiyu.matters.actions.disputes import lift_dispute
from shiyu.matters.actions.parties import Reporter
from shiyu.matters.actions.recompute import recompute_clocks
from shiyu.matters.actions.recompute_days import recompute_days
from shiyu.matters.events import DisputeLifted
from shiyu.matters.kinds import verb_label
from shiyu.matters.models import CompetenceDispute, Matter, Step
from shiyu.matters.queries.desk_ways import waiting_ways
from shiyu.notices.models import Notice
from shiyu.packs.models import PackVersion
from shiyu.packs.queries import content_of, current_calendar, current_pack, digest_of, forget_pack_in_force
from shiyu.people.models import Unit
from shiyu.people.queries import chain_above
from shiyu.places.models import Area
from shiyu.wiring import LATER

MORNING = dt.datetime(2026, 9, 8, 9, tzinfo=clock.CITY_ZONE)
DAY = dt.timedelta(days=1)


@pytest.fixture(scope="module")
def loaded(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    with loaded_once(django_db_blocker, LIJIANG, MORNING, then=run_due):  # what was due before is done
        yield


@pytest.fixture
def town(loaded: None, db: None) -> None:
    """The pack at nine in the morning; what a test changes is taken back."""


def at(code: str, role: str) -> Actor:
    unit = Unit.objects.get(code=code)
    return Actor(new_id(), role, {unit.pk: frozenset(current_pack().role[role].rights)}, home_unit_id=unit.pk)


def filed(kind: str = "dispute", topic: str = "neighbours", people: int = 12) -> Matter:
    own = {"people": people} | ({"place": "后山", "collapsed": True} if kind == "hazard" else {})
    return actions.file_matter(
        at("gc02_centre", "centre_clerk"),
        kind=kind,
        title="院墙滴水",
        text="两家相邻",
        source="visit",
        unit_id=Unit.objects.get(code="gc02_centre").pk,
        topic=topic,
        area_id=Area.objects.get(code="530702002901").pk,
        fields=own,
    )


def deeds(matter: Matter) -> list[str]:
    rows = Step.objects.filter(matter_id=matter.pk, by_id=None).exclude(verb="")
    return list(rows.order_by("left_at", "id").values_list("verb", flat=True))


def test_a_worker_down_for_three_days_catches_up_once(town: None) -> None:
    old, young = filed(), filed(topic="family")
    with clock.frozen(MORNING + 12 * DAY):
        run_due()
    old.refresh_from_db()
    assert (old.level, old.unit.code, deeds(old)) == (1, "gc_centre", ["climb"])
    later = MORNING + 50 * DAY
    with clock.frozen(later):  # it was down since
        run_due()
        entries, notices = AuditEntry.objects.count(), Notice.objects.count()
        assert run_due() == 0
        for job in (jobs.grade_open, jobs.climb_by_rule):
            assert job(MORNING, later) == 0, "a second run of the same window does nothing"
        assert (AuditEntry.objects.count(), Notice.objects.count()) == (entries, notices)
    old.refresh_from_db()
    young.refresh_from_db()
    assert deeds(old) == ["climb"] == deeds(young), "once for the rule in this stay"
    assert [row.grade for row in old.grades.order_by("at")] == ["low", "medium"]


def test_a_rule_on_facts_lifts_once_and_what_was_lowered_stays(town: None) -> None:
    matter = filed("hazard", "geology", 40)
    assert matter.grade == "high"
    assert jobs.climb_by_rule(MORNING - DAY, MORNING) == 1
    county = at("gc_centre", "centre_head")
    down = Unit.objects.get(code="gc02_centre").pk
    actions.VERB_ACTIONS["lower"](county, matter.pk, unit_id=down, reason="街道可以先行处置")
    assert jobs.climb_by_rule(MORNING - DAY, MORNING) == 0
    matter.refresh_from_db()
    assert (matter.unit.code, matter.level) == ("gc02_centre", 0)


def test_at_the_top_it_comes_under_supervision_instead(town: None) -> None:
    matter = filed()
    for code, role in (("gc02_centre", "centre_head"), ("gc_centre", "centre_head")):
        actions.climb_matter(at(code, role), matter.pk, reason="跨县")
    with clock.frozen(MORNING + 20 * DAY):
        assert jobs.climb_by_rule(MORNING, clock.now()) == 1
        assert jobs.climb_by_rule(MORNING, clock.now()) == 0
    matter.refresh_from_db()
    assert (matter.unit.code, matter.level) == ("city_centre", 2)
    assert matter.supervised_at is not None


def test_a_grade_by_hand_is_left_alone_and_follow_ups_are_told_once(town: None) -> None:
    matter, head = filed(), at("gc02_centre", "centre_head")
    actions.VERB_ACTIONS["grade"](head, matter.pk, grade="high", reason="双方再次争吵")
    actions.VERB_ACTIONS["sort"](head, matter.pk, sort_class="small")
    assert jobs.grade_open(MORNING, MORNING + 60 * DAY) == 0
    actions.VERB_ACTIONS["settle"](head, matter.pk, result="当场说和", outcome="agreement")
    due = matter.follow_ups.order_by("due_at")[0].due_at
    assert due is not None
    assert jobs.tell_follow_ups(due - DAY, due) == 1
    assert jobs.tell_follow_ups(due, due + DAY) == 0
    assert Notice.objects.filter(subject_id=matter.pk, title_zh__startswith="回访到期").exists()


def done(matter: Matter, sort_class: str = "small") -> Matter:
    """Sent to the town's mediators, handled, reported done: it waits to be checked."""
    desk, mediator = at("gc02_centre", "centre_clerk"), at("gc02_mc", "handler")
    actions.accept_matter(desk, matter.pk)
    actions.VERB_ACTIONS["sort"](desk, matter.pk, sort_class=sort_class)
    actions.dispatch_matter(desk, matter.pk, unit_id=Unit.objects.get(code="gc02_mc").pk)
    actions.acknowledge_assignment(mediator, matter.pk)
    return actions.complete_assignment(mediator, matter.pk, result="已说和")


def test_what_nobody_checks_in_time_climbs_and_the_unit_above_checks_it(town: None) -> None:
    matter = done(filed())
    assert matter.phase == "verifying"
    with clock.frozen(MORNING + 40 * DAY):
        assert jobs.climb_by_rule(MORNING, clock.now()) == 1
        assert jobs.climb_by_rule(MORNING, clock.now()) == 0
        county = at("gc_centre", "centre_head")
        actions.verify_matter(county, matter.pk)
        assert actions.close_matter(county, matter.pk).unit.code == "gc_centre"
    assert deeds(matter) == ["climb"]


def test_a_class_that_people_do_not_lift_is_lifted_by_the_rule(town: None) -> None:
    matter = actions.file_matter(
        at("gc02_centre", "centre_clerk"),
        kind="request",
        title="咨询低保申请材料",
        text="问需要哪些材料",
        source="visit",
        unit_id=Unit.objects.get(code="gc02_centre").pk,
        topic=next(iter(current_pack().codes[current_pack().kind["request"].topics or ""].values)),
        area_id=Area.objects.get(code="530702002901").pk,
        reporters=[Reporter("来电人", "13900000001")],
    )
    head = at("gc02_centre", "centre_head")
    actions.accept_matter(head, matter.pk)
    actions.VERB_ACTIONS["sort"](head, matter.pk, sort_class="question")
    with pytest.raises(NotAllowed):
        actions.climb_matter(head, matter.pk, reason="不想办")
    with clock.frozen(MORNING + 20 * DAY):
        assert jobs.climb_by_rule(MORNING, clock.now()) == 1
    assert deeds(matter) == ["climb"]


def disputed() -> CompetenceDispute:
    """The county's land bureau disputes its competence with the town's centre."""
    matter, desk = filed(topic="land"), at("gc02_centre", "centre_clerk")
    actions.accept_matter(desk, matter.pk)
    actions.VERB_ACTIONS["sort"](desk, matter.pk, sort_class="hard")
    actions.dispatch_matter(desk, matter.pk, unit_id=Unit.objects.get(code="gc_land").pk)
    actions.VERB_ACTIONS["dispute_competence"](at("gc_land", "handler"), matter.pk, reason="属林地")
    return CompetenceDispute.objects.select_related("arbiter", "matter").get(matter=matter)


def test_silence_over_competence_goes_to_the_unit_above_once(town: None) -> None:
    row = disputed()
    due = row.decide_by
    assert row.arbiter.code == "gc_centre" and due is not None
    city = at("city_centre", "city_head")
    with pytest.raises(UserError):
        actions.VERB_ACTIONS["decide_competence"](city, row.matter_id, unit_id=row.unit_id, reason="未到期")
    later = due + 20 * DAY  # the worker was down for all that time
    with clock.frozen(later):
        assert jobs.lift_disputes(MORNING, later) == 1
        assert jobs.lift_disputes(MORNING, later) == 0, "the unit above has its own limit, from now"
        row = CompetenceDispute.objects.select_related("arbiter").get()
        assert row.arbiter.code == "city_centre" and row.decide_by is not None and row.decide_by > later
        step = Step.objects.get(matter_id=row.matter_id, verb="lift_dispute")
        assert step.within and step.unit_name and verb_label(step.verb) != step.verb
        entry = AuditEntry.objects.get(action="matters.lift_dispute")
        assert entry.changes["decide_by"][0].startswith(f"{clock.local(due):%Y-%m-%d}")
        with pytest.raises(UserError):  # the one that kept silent decides no more
            actions.VERB_ACTIONS["decide_competence"](
                at("gc_centre", "centre_head"), row.matter_id, unit_id=row.unit_id, reason="迟到"
            )
        assert Matter.objects.visible_to(city).filter(pk=row.matter_id).exists()
        assert [w[2] for w in waiting_ways(city, 100) if w[0] == "dispute"] == ["decide_competence"]
        actions.VERB_ACTIONS["decide_competence"](city, row.matter_id, unit_id=row.unit_id, reason="属县局")
        assert jobs.lift_disputes(MORNING, later + 90 * DAY) == 0


def test_the_matter_is_held_before_its_dispute(town: None) -> None:
    """As every verb does: two that hold the same rows in opposite order would stop each other for good."""
    row = disputed()
    with clock.frozen((row.decide_by or MORNING) + DAY), CaptureQueriesContext(connection) as asked:
        lift_dispute(SYSTEM, row.pk)
    held = [query["sql"] for query in asked.captured_queries if "FOR UPDATE" in query["sql"]]
    assert [sql.split('FROM "')[1].split('"')[0] for sql in held] == [
        "matters_matter",
        "matters_competencedispute",
    ]


def test_a_dispute_nobody_stands_above_comes_under_supervision(town: None) -> None:
    row = disputed()
    for days in (30, 60, 90):
        with clock.frozen(MORNING + days * DAY):
            jobs.lift_disputes(MORNING, clock.now())
            assert jobs.lift_disputes(MORNING, clock.now()) == 0
    row.refresh_from_db()
    row.matter.refresh_from_db()
    assert row.decided_at is None and not chain_above(row.arbiter_id)
    assert row.matter.supervised_at is not None


def test_the_lift_is_told_to_whoever_decides_now(town: None) -> None:
    row = disputed()
    assert row.decide_by is not None
    with clock.frozen(row.decide_by + DAY):
        lift_dispute(SYSTEM, row.pk)
        row.refresh_from_db()
        jobs.tell_dispute_lifted(
            {
                "unit_ids": [str(row.arbiter_id)],
                "by_id": None,
                "matter_id": str(row.matter_id),
                "code": row.matter.code,
                "title": row.matter.title,
            }
        )
    assert DisputeLifted in LATER
    assert Notice.objects.filter(subject_id=row.matter_id, title_zh__contains="请裁定").exists()


def test_a_new_calendar_moves_disputes_follow_ups_and_reviews(town: None) -> None:
    row, closed = disputed(), done(filed())
    head = at("gc02_centre", "centre_head")
    actions.verify_matter(head, closed.pk)
    closed = actions.close_matter(head, closed.pk, outcome="agreement")
    before = row.decide_by, *closed.follow_ups.order_by("due_at").values_list("due_at", flat=True)
    off = Holiday.model_validate(
        {"name": {"zh": "纪念日", "en": "Day off"}, "first": "2026-09-10", "last": "2026-09-11"}
    )
    pack = current_pack()
    year = pack.calendar.years[2026]
    years = {**pack.calendar.years, 2026: year.model_copy(update={"holidays": (*year.holidays, off)})}
    content = content_of(
        pack.model_copy(update={"calendar": pack.calendar.model_copy(update={"years": years})})
    )
    version = PackVersion.objects.create(
        code=pack.pack.code,
        version="x",
        digest=digest_of(content),
        content=content,
        in_force_since=clock.now(),
    )
    forget_pack_in_force()
    recompute_clocks(SYSTEM, version.pk)
    row.refresh_from_db()
    after = row.decide_by, *closed.follow_ups.order_by("due_at").values_list("due_at", flat=True)
    assert [clock.local(day).date() for day in before if day] == [
        dt.date(2026, 9, 15), dt.date(2026, 9, 21), dt.date(2026, 10, 12)
    ]  # fmt: skip
    assert all(new and old and new > old for old, new in zip(before, after, strict=True))
    entry = AuditEntry.objects.get(action="matters.recompute_clocks", subject_id=version.pk)
    assert list(entry.changes["disputes"]) == [row.matter.code]
    assert [len(pair) for pair in entry.changes["follow_ups"][closed.code]] == [2, 2]
    notes = Step.objects.filter(verb="recompute", matter_id__in=[row.matter_id, closed.pk])
    assert (
        notes.filter(note__startswith="职责裁定时限").exists()
        and notes.filter(note__startswith="回访时间").exists()
    )
    assert recompute_clocks(SYSTEM, version.pk) == 0


def test_a_new_calendar_leaves_reviews_that_have_passed_alone(town: None) -> None:
    """Else every matter that was ever closed would be read, held and given a row of history."""
    clerk, unit = at("gc02_centre", "centre_clerk"), Unit.objects.get(code="gc02_centre")
    made = [
        actions.file_matter(
            clerk,
            kind="petition",
            title="诉求",
            text="x",
            source="visit",
            unit_id=unit.pk,
            reporters=[Reporter("来访人", "13900000001")],
        )
        for _ in range(2)
    ]
    ended = Matter.objects.filter(pk__in=[matter.pk for matter in made])
    ended.update(phase="closed", is_open=False, closed_at=MORNING - 400 * DAY)
    Matter.objects.filter(pk=made[0].pk).update(review_until=MORNING - 360 * DAY)
    Matter.objects.filter(pk=made[1].pk).update(review_until=MORNING + DAY)
    moved = recompute_days(current_calendar(), MORNING)["reviews"]
    assert list(moved) == [made[1].code]  # type: ignore[call-overload]
