"""What is done by the clock: graded anew, lifted by rule, told of follow-ups; once, whatever the worker missed."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

from shiyu.audit.jobs import run_due
from shiyu.audit.models import AuditEntry
from shiyu.kernel.actor import Actor
from shiyu.lib import clock
from shiyu.lib.ids import new_id
from shiyu.matters import actions, jobs
from shiyu.matters.models import Matter, Step
from shiyu.notices.models import Notice
from shiyu.packs.queries import current_pack
from shiyu.people.models import Unit
from shiyu.places.models import Area
from shiyu.seeding import load_city

MORNING = dt.datetime(2026, 9, 8, 9, tzinfo=clock.CITY_ZONE)
DAY = dt.timedelta(days=1)


@pytest.fixture
def town(db: None) -> Iterator[None]:
    with clock.frozen(MORNING):
        load_city(Path(settings.PACKS) / "lijiang", password=None)
        run_due()  # what was due before is done
        yield


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
