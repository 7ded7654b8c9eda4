"""Lijiang's rows: what the pack makes the product do, and that taking the row's stanza out of the pack undoes it.

As in test_luzhou each row is one function over a loaded pack; it runs on the pack as it is shipped, and on copies from
which a stanza was taken (test_lijiang_without).
"""

from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime, timedelta

import pytest

from shiyu.kernel.actor import Actor
from shiyu.lib import clock
from shiyu.lib.errors import UserError
from shiyu.lib.ids import new_id
from shiyu.matters import actions, jobs
from shiyu.matters.models import CompetenceDispute, FollowUp, Matter
from shiyu.matters.queries.ways import competence_for
from shiyu.packs.queries import current_pack
from shiyu.packs.read import PackFaulty
from shiyu.people.models import Appointment, Post, Unit
from shiyu.places.models import Area
from tests.conftest import ROOT
from tests.loading import loaded_once
from tests.test_luzhou import Cut, without

LIJIANG = ROOT / "packs" / "lijiang"
TODAY = datetime(2026, 9, 8, 9, tzinfo=clock.CITY_ZONE)
VILLAGE, NEXT_TOWN = "530702002901", "530702003000"
FAILS = (AssertionError, UserError, PackFaulty, LookupError)
do = actions.VERB_ACTIONS


def unit(code: str) -> Unit:
    return Unit.objects.get(code=code)


def at(code: str, role: str) -> Actor:
    """A person with a role's rights in a unit."""
    held = unit(code)
    return Actor(new_id(), role, {held.pk: frozenset(current_pack().role[role].rights)}, home_unit_id=held.pk)


def filing(where: str = "gc02_centre") -> dict[str, object]:
    """What is told at a centre's desk of a dispute, as `file_matter` takes it."""
    return {
        "kind": "dispute",
        "title": "院墙滴水引起的纠纷",
        "text": "两家相邻，院墙滴水",
        "source": "visit",
        "unit_id": unit(where).pk,
        "topic": "neighbours",
        "area_id": Area.objects.get(code=VILLAGE).pk,
        "fields": {"people": 6},
    }


def dispute(where: str = "gc02_centre", role: str = "centre_clerk", **more: object) -> Matter:
    return actions.file_matter(at(where, role), **(filing(where) | more))  # type: ignore[arg-type]


def sent(lead: str, *support: str, sort_class: str = "large", **more: object) -> Matter:
    desk, matter = at("gc02_centre", "centre_clerk"), dispute(**more)  # type: ignore[arg-type]
    actions.accept_matter(desk, matter.pk)
    do["sort"](desk, matter.pk, sort_class=sort_class)
    return actions.dispatch_matter(
        desk, matter.pk, unit_id=unit(lead).pk, supporting_unit_ids=[unit(code).pk for code in support]
    )


# --- the rows --------------------------------------------------------------------------------------------------


def lj1() -> None:
    """106 seconded cadres in posts of the centres, every post with its functions; vacancies are seen."""
    posts = Post.objects.filter(unit__kind="centre", unit__area__level="town", name__contains="派驻政法干部")
    held = Appointment.objects.filter(valid_to=None, post__in=posts)
    assert held.count() == 106
    assert posts.filter(functions="").count() == 0
    assert Post.objects.exclude(pk__in=Appointment.objects.filter(valid_to=None).values("post")).exists()


def lj5() -> None:
    """High, medium or low by what has happened, with its reasons and the measures of its grade."""
    hurt = dispute(fields={"people": 32, "injured": True})
    assert hurt.grade == "high"
    assert [row["points"] for row in hurt.grades.get().reasons] == [35, 40]
    assert dispute(fields={"people": 2}).grade == "low"
    grading = current_pack().kind["dispute"].grading
    assert grading is not None and all(grade.measures for grade in grading.grades.values())


def lj8() -> None:
    """Given out, handled jointly, checked by another hand, struck off, followed up twice."""
    matter = sent("gc02_mc", "gc02_justice", topic="family")
    for code in ("gc02_justice", "gc02_mc"):
        officer = at(code, "handler")
        held = matter.assignments.get(unit__code=code)
        actions.acknowledge_assignment(officer, matter.pk, assignment_id=held.pk)
        actions.complete_assignment(officer, matter.pk, result="已调解", assignment_id=held.pk)
    head = at("gc02_centre", "centre_head")
    actions.verify_matter(head, matter.pk)
    assert actions.close_matter(head, matter.pk, outcome="agreement").phase == "closed"
    actions.follow_up_matter(head, matter.pk, result="已履行")
    assert FollowUp.objects.filter(matter=matter).count() == 2


def lj11() -> None:
    """A small matter ends in the village; one that stays overdue there goes up to the town."""
    small = dispute("gc02_v1", "village_worker")
    worker = at("gc02_v1", "village_worker")
    do["sort"](worker, small.pk, sort_class="small")
    assert do["settle"](worker, small.pk, result="当场说和").unit.area.level == "village"
    large = dispute("gc02_v1", "village_worker")
    later = TODAY + timedelta(days=12)
    with clock.frozen(later):
        assert jobs.climb_by_rule(TODAY, later) == 1
    large.refresh_from_db()
    assert (large.unit.code, large.level) == ("gc02_centre", 1)


def lz11() -> None:
    """Who leads, who supports and who only knows; a dispute goes one level up and ends with a reasoned decision."""
    matter = dispute(topic="environment")
    found = competence_for(matter)
    assert found is not None and found.lead == unit("gc_environment") and found.informed == [unit("gc02_gov")]
    with suppress(UserError):
        sent("gc02_gov", topic="environment")
        raise AssertionError("the county has taken the function back")
    matter = sent("gc_land", topic="land")
    do["dispute_competence"](at("gc_land", "handler"), matter.pk, reason="属街道")
    do["answer_competence"](at("gc02_centre", "centre_clerk"), matter.pk, reason="属县局")
    do["decide_competence"](
        at("gc_centre", "centre_head"), matter.pk, unit_id=unit("gc_land").pk, reason="属县局，街道配合"
    )
    row = CompetenceDispute.objects.get(matter=matter)
    assert (row.arbiter, row.lead) == (unit("gc_centre"), unit("gc_land"))
    assert row.reason and row.other_reason and row.decision


def yx11() -> None:
    """Lifted level by level, from the village to the county; called on again after the end."""
    matter = dispute("gc02_v1", "village_worker")
    for below, role, above in (
        ("gc02_v1", "village_worker", "gc02_centre"),
        ("gc02_centre", "centre_head", "gc_centre"),
    ):
        matter = do["climb"](at(below, role), matter.pk, reason="本级协调两次没有结果")
        assert matter.unit == unit(above)
    rule = current_pack().kind["dispute"].follow_up
    assert rule is not None and rule.times >= 2


def yx12() -> None:
    """Committees by place and by industry, and the table leads to them; every town has its committee."""
    with_committee = Unit.objects.filter(kind="committee", area__level="town").values("area")
    assert not Area.objects.filter(level="town").exclude(pk__in=with_committee).exists()
    for topic, committee in (
        ("traffic", "gc_traffic_mc"),
        ("medical", "gc_medical_mc"),
        ("family", "gc02_mc"),
    ):
        found = competence_for(dispute(topic=topic))
        assert found is not None and found.lead == unit(committee)


def yx13() -> None:
    """A dispute between towns lies in both, with one lead place; by the standing plan the county's centre leads it."""
    other = Area.objects.get(code=NEXT_TOWN)
    matter = dispute(further_area_ids=[other.pk])
    assert [row.area for row in matter.further_areas.all()] == [other]
    found = competence_for(matter)
    assert found is not None and found.lead == unit("gc_centre")


# --- on the pack as it is --------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def loaded(django_db_setup: None, django_db_blocker) -> Iterator[None]:  # type: ignore[no-untyped-def]
    """Lijiang in the database, once for the module; everything is rolled back at its end."""
    with loaded_once(django_db_blocker, LIJIANG, TODAY):
        yield


@pytest.fixture
def lijiang(loaded: None, db: None) -> None:
    """The loaded pack; what a test changes is taken back to it (the test's own transaction is a savepoint here)."""


def test_lj1_posts_with_functions_holders_and_vacancies(lijiang: None) -> None:
    lj1()


def test_lj5_graded_by_what_has_happened(lijiang: None) -> None:
    lj5()


def test_lj8_the_loop_with_joint_handling_and_follow_ups(lijiang: None) -> None:
    lj8()


def test_lj11_small_things_end_in_the_village(lijiang: None) -> None:
    lj11()


def test_lz11_competence_and_its_disputes(lijiang: None) -> None:
    lz11()


def test_yx11_lifted_level_by_level(lijiang: None) -> None:
    yx11()


def test_yx12_committees_by_place_and_industry(lijiang: None) -> None:
    yx12()


def test_yx13_one_lead_in_several_areas(lijiang: None) -> None:
    yx13()


def stanza(name: str, key: str, depth: int = 4) -> Cut:
    """Takes a stanza out of a file, with everything that stands deeper than it."""
    margin = " " * depth
    return without(name, rf"^{margin}{key}:.*\n(?:{margin} .*\n)*")


STANZAS = {
    "lj1_functions_of_posts": (lj1, without("seed/posts.csv", r"^(gc02_desk,[^,]*,[^,]*,[^,]*,[^,]*),[^,]*,", r"\1,,")),
    "lj5_grading": (lj5, stanza("kinds/dispute.yaml", "grading")),
    "lj8_follow_up": (lj8, stanza("kinds/dispute.yaml", "follow_up")),
    "lj8_the_check_by_another": (lj8, without("kinds/dispute.yaml", r"^      verify: \{\}\n")),
    "lj11_climb_rules": (lj11, stanza("kinds/dispute.yaml", "climb")),
    "lz11_a_row_of_competence": (lz11, stanza("competence.yaml", "pollution", 2)),
    "lz11_a_function_taken_back": (lz11, without("seed/functions.csv", r"^gc02_gov,pollution,.*\n")),
    "yx11_the_verb": (yx11, without("kinds/dispute.yaml", r"^      climb: \{\}\n")),
    "yx12_an_industry": (yx12, stanza("competence.yaml", "traffic", 2)),
    "yx12_a_committee": (yx12, without("seed/members.csv", r"^medical_committees,gc_.*\n")),
    "yx13_standing_plan": (yx13, stanza("competence.yaml", "cross_town", 2)),
}  # fmt: skip


def test_every_row_is_named_in_both_halves() -> None:
    rows = {name for name in globals() if name.startswith("test_") and name.count("_") > 1}
    tested = {name.split("_")[1] for name in rows} & {row.__name__ for row, _cut in STANZAS.values()}
    assert tested == {name.split("_")[0] for name in STANZAS}
