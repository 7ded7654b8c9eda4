"""A town's centre at work: sorted, graded, sent to who is competent, disputed, lifted, split, merged, followed up."""

import datetime as dt
import io
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook
from tests.loading import LIJIANG, loaded_once

from shiyu.kernel.actor import SYSTEM, Actor
from shiyu.kernel.conditions import FACTS, holds_any
from shiyu.kernel.spec.meetings import Drawn
from shiyu.lib import clock
from shiyu.lib.errors import NotAllowed, UserError
from shiyu.lib.ids import new_id
from shiyu.matters import actions
from shiyu.matters.actions.grading import grade_again
from shiyu.matters.actions.parties import Reporter
from shiyu.matters.models import CompetenceDispute, FollowUp, Matter, MatterLink, Step
from shiyu.matters.queries import drawn
from shiyu.matters.queries.ways import competence_for, condition_facts, counted
from shiyu.packs.queries import current_pack
from shiyu.people.models import Unit, User
from shiyu.people.queries import standings_of
from shiyu.places.models import Area

MORNING = dt.datetime(2026, 9, 8, 9, 0, tzinfo=dt.UTC)
TOWN = "530702002"


@pytest.fixture(scope="module")
def loaded(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    with loaded_once(django_db_blocker, LIJIANG, MORNING):
        yield


@pytest.fixture
def town(loaded: None, db: None) -> Callable[[str], Unit]:
    """The pack with a town's centre, at nine in the morning; gives units by code, `t_` for the town's own."""
    prefix = Unit.objects.get(kind="centre", area__code=f"{TOWN}000").code.removesuffix("_centre")
    return lambda code: Unit.objects.get(
        code=code.replace("t_", f"{prefix}_", 1) if code.startswith("t_") else code
    )


Units = Callable[[str], Unit]


def at(unit: Unit, role: str) -> Actor:
    """A person with a role's rights in a unit."""
    rights = current_pack().role[role].rights
    return Actor(new_id(), role, {unit.pk: frozenset(rights)}, home_unit_id=unit.pk)


def dispute(town: Units, **more: object) -> Matter:
    desk = at(town("t_centre"), "centre_clerk")
    given: dict[str, object] = {
        "kind": "dispute",
        "title": "院墙滴水引起的纠纷",
        "text": "两家相邻，院墙滴水，多次争执",
        "source": "visit",
        "unit_id": town("t_centre").pk,
        "topic": "neighbours",
        "area_id": Area.objects.get(code=f"{TOWN}901").pk,
        "fields": {"people": 6},
    }
    return actions.file_matter(desk, **(given | more))  # type: ignore[arg-type]


def test_every_fact_a_pack_may_ask_for_is_known_alone_and_among_many(town: Units) -> None:
    first, second = (dispute(town, reporters=[Reporter("欧阳试例", f"1395555012{n}")]) for n in (1, 2))
    desk = at(town("t_centre"), "centre_clerk")
    actions.VERB_ACTIONS["merge"](desk, second.pk, other=first.code, reason="同一院墙")
    first.refresh_from_db()
    facts = condition_facts(first)
    assert set(FACTS["matter"]) <= facts.keys()
    assert facts["reporters"] == 2  # both, though each keeps a receipt of their own
    ((matter, counts),) = counted(Matter.objects.filter(pk=first.pk))
    assert condition_facts(matter, counts=counts) == facts


def test_what_is_filed_is_graded_by_what_has_happened(town: Units) -> None:
    quiet = dispute(town)
    with clock.frozen(MORNING + dt.timedelta(hours=1)):  # the same again in the same place
        hurt = dispute(town, fields={"people": 12, "injured": True})
    assert (quiet.grade, hurt.grade) == ("low", "high")
    given = hurt.grades.get()
    assert given.points == 60 + 15 and [row["points"] for row in given.reasons] == [20, 15, 40]
    head = at(town("t_centre"), "centre_head")
    with pytest.raises(UserError):
        actions.VERB_ACTIONS["grade"](head, quiet.pk, grade="medium", reason="")
    assert (
        actions.VERB_ACTIONS["grade"](head, quiet.pk, grade="medium", reason="一方情况有变").grade == "medium"
    )
    assert grade_again(SYSTEM, quiet.pk).grade == "medium"  # the table only proposes from then on


@pytest.mark.parametrize("few", [1, 2, 20])
def test_whether_anything_is_drawn_is_told_without_drawing_all(
    town: Units, monkeypatch: pytest.MonkeyPatch, few: int
) -> None:
    """However many are looked at first, and wherever among them the one stands for which a rule holds."""
    monkeypatch.setattr(drawn, "FEW", few)
    monkeypatch.setattr(drawn, "MORE", few + 1)
    for people in (2, 3, 12, 4, 5):
        dispute(town, fields={"people": people})
    rows, rules = Matter.objects.open(), {}

    def is_any(rules: list[Drawn]) -> bool:
        asked = drawn.gradually(drawn.may_hold(rows, rules))
        return any(holds_any((rule.when for rule in rules), facts) for _matter, facts in asked)

    for name, when in (
        ("many people", {"people": {"min": 10}}),
        ("none", {"people": {"min": 99}}),
        ("returned", {"returned": {"min": 1}}),
        ("open for days", {"days_open": {"min": 3}}),
    ):
        rules[name] = [Drawn.model_validate({"when": when, "label": {"zh": name, "en": name}})]
        assert is_any(rules[name]) == bool(drawn.drawn_from(rows, rules[name])), name
    assert is_any(rules["many people"]) and not is_any(rules["returned"])
    last = rows.order_by("received_at", "id").last()
    assert last is not None
    Step.objects.filter(matter_id=last.pk).update(verb="consent_return")
    assert is_any(rules["returned"])


def test_days_raise_the_grade_while_it_is_open(town: Units) -> None:
    matter = dispute(town, fields={"people": 12})
    with clock.frozen(MORNING + dt.timedelta(days=46)):
        assert grade_again(SYSTEM, matter.pk).grade == "medium"
    assert [row.grade for row in matter.grades.order_by("at")] == ["low", "medium"]


def test_a_topic_and_a_place_must_exist(town: Units) -> None:
    for wrong in ({"topic": "weather"}, {"topic": ""}, {"area_id": new_id()}):
        with pytest.raises(UserError):
            dispute(town, **wrong)
    assert Matter.objects.count() == 0


def test_small_things_end_on_the_spot_and_nothing_moves_unsorted(town: Units) -> None:
    matter, desk = dispute(town), at(town("t_centre"), "centre_clerk")
    with pytest.raises(NotAllowed):
        actions.VERB_ACTIONS["settle"](desk, matter.pk, result="当场说和")
    before = matter.due_at
    matter = actions.VERB_ACTIONS["sort"](desk, matter.pk, sort_class="small")
    assert matter.due_at is not None and before is not None and matter.due_at < before
    matter = actions.VERB_ACTIONS["settle"](desk, matter.pk, result="当场说和", outcome="agreement")
    assert (matter.phase, matter.outcome, matter.progress) == ("closed", "agreement", "当场说和")
    assert FollowUp.objects.filter(matter=matter, done_at=None).count() == 2


def test_the_table_names_who_is_competent_and_the_lists_hold(town: Units) -> None:
    matter = dispute(town)
    found = competence_for(matter)
    assert found is not None and found.lead == town("t_gov")
    assert town("t_justice") in found.supporting and len(found.supporting) == 2
    polluted = dispute(town, topic="environment")
    found = competence_for(polluted)
    assert found is not None and found.lead == town("gc_environment") and found.informed == [town("t_gov")]
    assert standings_of("pollution", [town("t_gov").pk])[town("t_gov").pk] == "taken_back"
    desk = at(town("t_centre"), "centre_clerk")
    actions.accept_matter(desk, polluted.pk)
    actions.VERB_ACTIONS["sort"](desk, polluted.pk, sort_class="large")
    with pytest.raises(UserError, match="收回"):
        actions.dispatch_matter(desk, polluted.pk, unit_id=town("t_gov").pk)
    with pytest.raises(UserError, match="收回"):
        actions.dispatch_matter(
            desk, polluted.pk, unit_id=town("gc_environment").pk, supporting_unit_ids=[town("t_gov").pk]
        )
    sent = actions.dispatch_matter(desk, polluted.pk, unit_id=town("gc_environment").pk)
    assert sent.phase == "handling"


def sent(town: Units, lead: str = "gc_land") -> Matter:
    matter, desk = dispute(town, topic="land"), at(town("t_centre"), "centre_clerk")
    actions.accept_matter(desk, matter.pk)
    actions.VERB_ACTIONS["sort"](desk, matter.pk, sort_class="hard")
    return actions.dispatch_matter(desk, matter.pk, unit_id=town(lead).pk)


def test_lz11_a_dispute_over_competence_is_decided_above_both(town: Units) -> None:
    matter = sent(town)
    officer, desk = at(town("gc_land"), "handler"), at(town("t_centre"), "centre_clerk")
    actions.VERB_ACTIONS["dispute_competence"](officer, matter.pk, reason="属林地，应由乡镇先行调处")
    row = CompetenceDispute.objects.get()
    assert row.arbiter == town("gc_centre") and row.decide_by is not None
    actions.VERB_ACTIONS["answer_competence"](desk, matter.pk, reason="权属确认属县级")
    outsider = at(town("yl_centre"), "centre_head")
    with pytest.raises(UserError):
        actions.VERB_ACTIONS["decide_competence"](outsider, matter.pk, unit_id=town("t_gov").pk, reason="x")
    county = at(town("gc_centre"), "centre_head")
    matter = actions.VERB_ACTIONS["decide_competence"](
        county, matter.pk, unit_id=town("t_justice").pk, reason="先行调处，权属由县局配合确认"
    )
    row.refresh_from_db()
    assert row.lead == town("t_justice") and row.decision and row.other_reason
    lead = matter.assignments.get(active=True, role="lead")
    assert lead.unit == town("t_justice") and matter.phase == "handling"


def test_a_decision_for_the_unit_that_has_it_changes_nothing_else(town: Units) -> None:
    matter = sent(town)
    actions.VERB_ACTIONS["dispute_competence"](at(town("gc_land"), "handler"), matter.pk, reason="不属本局")
    held = matter.assignments.get(active=True)
    county = at(town("gc_centre"), "centre_head")
    actions.VERB_ACTIONS["decide_competence"](
        county, matter.pk, unit_id=town("gc_land").pk, reason="属本局职责"
    )
    assert matter.assignments.get(active=True) == held


def test_yx11_a_matter_is_lifted_level_by_level_and_lowered_again(town: Units) -> None:
    matter, head = dispute(town), at(town("t_centre"), "centre_head")
    matter = actions.VERB_ACTIONS["climb"](head, matter.pk, reason="跨部门，镇级难以协调")
    assert (matter.unit, matter.level, matter.state) == (town("gc_centre"), 1, "filed")
    with pytest.raises(NotAllowed):
        actions.VERB_ACTIONS["climb"](head, matter.pk, reason="再提")
    county, city = at(town("gc_centre"), "centre_head"), at(town("city_centre"), "city_head")
    matter = actions.VERB_ACTIONS["climb"](county, matter.pk, reason="涉及两县")
    assert (matter.unit, matter.level) == (town("city_centre"), 2)
    with pytest.raises(NotAllowed, match="督办"):
        actions.VERB_ACTIONS["climb"](city, matter.pk, reason="再提")
    with pytest.raises(UserError):
        actions.VERB_ACTIONS["lower"](city, matter.pk, unit_id=town("t_centre").pk, reason="越级")
    lowered = actions.VERB_ACTIONS["lower"](city, matter.pk, unit_id=town("gc_centre").pk, reason="县级可办")
    assert (lowered.unit, lowered.level) == (town("gc_centre"), 1)


def test_yx13_a_matter_lies_in_several_places_with_one_lead(town: Units) -> None:
    lead = Area.objects.get(code=f"{TOWN}901")
    other = Area.objects.filter(level="village", code__startswith="530721").first()
    assert other is not None
    matter = dispute(town, further_area_ids=[other.pk, lead.pk])
    assert matter.area == lead and [row.area for row in matter.further_areas.all()] == [other]


def test_split_link_and_merge_keep_what_belongs_to_whom(town: Units) -> None:
    first, second, desk = dispute(town), dispute(town), at(town("t_centre"), "centre_clerk")
    actions.VERB_ACTIONS["split"](desk, first.pk, text="其中树木补偿部分")
    part = MatterLink.objects.get(sort="split").second
    assert part.kind == "dispute" and part.area == first.area and part.code != first.code
    actions.VERB_ACTIONS["link"](desk, first.pk, other=part.code)
    with pytest.raises(UserError):
        actions.VERB_ACTIONS["link"](desk, first.pk, other="没有这个号")
    merged = actions.VERB_ACTIONS["merge"](desk, second.pk, other=first.code, reason="同一院墙")
    assert (merged.phase, merged.outcome) == ("closed", "merged")
    link = MatterLink.objects.get(sort="merged")
    assert (link.first, link.second) == (first, second)
    assert not FollowUp.objects.filter(matter=second).exists()
    with pytest.raises(UserError):
        actions.VERB_ACTIONS["merge"](desk, first.pk, other=second.code, reason="已办结的不能并入")


def closed(town: Units) -> Matter:
    matter, head = sent(town, "t_mc"), at(town("t_centre"), "centre_head")
    mediator = at(town("t_mc"), "handler")
    actions.acknowledge_assignment(mediator, matter.pk)
    actions.complete_assignment(mediator, matter.pk, result="双方达成协议")
    actions.verify_matter(head, matter.pk)
    return actions.close_matter(head, matter.pk, outcome="agreement")


def test_follow_ups_are_due_and_end_where_somebody_asks_not_to_be_called(town: Units) -> None:
    matter, desk = closed(town), at(town("t_centre"), "centre_clerk")
    due = list(FollowUp.objects.filter(matter=matter).order_by("due_at").values_list("due_at", flat=True))
    assert len(due) == 2 and due[0] < due[1]
    actions.follow_up_matter(desk, matter.pk, result="已履行")
    assert FollowUp.objects.filter(matter=matter, done_at=None).count() == 1
    actions.follow_up_matter(desk, matter.pk, result="不必再打", no_more_calls=True)
    assert not FollowUp.objects.filter(matter=matter, done_at=None).exists()
    with pytest.raises(NotAllowed):
        actions.follow_up_matter(desk, matter.pk, result="再打一次")


def test_not_solved_is_said_by_its_reporter_and_reopens(town: Units) -> None:
    matter = closed(town)
    reporter = at(town("t_centre"), "centre_clerk")  # the desk filed it for a visitor
    matter = actions.VERB_ACTIONS["not_solved"](reporter, matter.pk, reason="对方没有拆除")
    assert matter.said_not_solved_at is not None
    with pytest.raises(UserError):
        actions.VERB_ACTIONS["rate"](reporter, matter.pk, rating=9)
    matter = actions.reopen_matter(at(town("t_centre"), "centre_head"), matter.pk, reason="回访核实未履行")
    assert (matter.said_not_solved_at, matter.phase, matter.reopened) == (None, "handling", 1)
    assert not FollowUp.objects.filter(matter=matter, done_at=None).exists()


OPINION = {
    "request": "请求核实补偿面积",
    "findings": "经核实，补偿面积与登记一致",
    "basis": "依据征收补偿方案第五条，不予支持",
    "conclusion": "not_supported",
}
"""What the lead unit's written opinion says."""


def test_a_petition_is_reviewed_by_the_unit_above_within_thirty_days(town: Units) -> None:
    desk, head = at(town("t_centre"), "centre_clerk"), at(town("t_centre"), "centre_head")
    officer = at(town("t_gov"), "handler")
    matter = actions.file_matter(
        desk,
        kind="petition",
        title="安置补偿诉求",
        text="x",
        source="visit",
        unit_id=town("t_centre").pk,
        reporters=[Reporter("来访人", "13900000001")],
    )
    actions.accept_matter(desk, matter.pk)
    actions.dispatch_matter(desk, matter.pk, unit_id=town("t_gov").pk)
    actions.acknowledge_assignment(officer, matter.pk)
    actions.complete_assignment(officer, matter.pk, result="不予支持，理由见意见书", fields=OPINION)
    actions.verify_matter(head, matter.pk)
    matter = actions.close_matter(head, matter.pk)
    assert matter.review_until is not None
    with clock.frozen(MORNING + dt.timedelta(days=60)), pytest.raises(NotAllowed):
        actions.VERB_ACTIONS["ask_review"](desk, matter.pk, reason="不服")
    actions.VERB_ACTIONS["ask_review"](desk, matter.pk, reason="不服处理意见")
    review = MatterLink.objects.get(sort="review").second
    assert review.kind == "petition_review" and review.unit == town("gc_centre") and review.phase == "filed"
    matter.refresh_from_db()
    with pytest.raises(NotAllowed):
        actions.VERB_ACTIONS["ask_review"](desk, matter.pk, reason="再次申请")


def test_a_leader_takes_it_in_charge_with_a_day_of_review(town: Units) -> None:
    matter, head = dispute(town), at(town("t_centre"), "centre_head")
    matter = actions.VERB_ACTIONS["take_in_charge"](
        head, matter.pk, leader="镇分管领导", until=dt.date(2026, 9, 30)
    )
    assert (matter.in_charge, matter.in_charge_until) == ("镇分管领导", dt.date(2026, 9, 30))
    with pytest.raises(UserError):
        actions.VERB_ACTIONS["take_in_charge"](head, matter.pk, leader="", until=dt.date(2026, 9, 30))


def test_the_page_shows_where_it_leads_and_the_form_sorts(town: Units, client: Client) -> None:
    matter = dispute(town)
    user = User.objects.filter(
        appointments__post__unit=town("t_centre"), appointments__post__roles=["centre_clerk"]
    ).get()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    page = client.get(reverse("matter_detail", args=[matter.pk])).content.decode()
    for words in ("分类、等级和职责", "邻里", "按职责表", "宅基地、邻里纠纷", "小事：村（社区）办理"):
        assert words in page
    answer = client.post(
        reverse("matter_act", args=[matter.pk, "sort"]), {"sort-sort_class": "small", "sort-seen": 0}
    )
    assert answer.status_code == 302
    matter.refresh_from_db()
    assert matter.sort_class == "small"
    form = client.get(reverse("matter_new") + "?kind=dispute").content.decode()
    assert 'name="topic"' in form and 'name="area_id"' in form and 'name="f_people"' in form
    refused = client.post(
        reverse("matter_new") + "?kind=dispute", {"title": "只写标题", "happened_on": "2026-09-08"}
    )
    assert refused.status_code == 422 and "只写标题" in refused.content.decode()


def test_who_only_tells_names_nobody_else_and_finds_the_usual_source_chosen(town: Units) -> None:
    """A partner organisation files with the centre above it; whom it goes to besides a lead is the centre's to say."""
    client = Client()
    client.force_login(
        User.objects.get(username="gc02-volunteer"), backend="django.contrib.auth.backends.ModelBackend"
    )
    address = f"{reverse('matter_new')}?kind=hazard"
    form = client.get(address).context["form"]
    assert not {"supporting_unit_ids", "person"} & set(form.fields) and "lead_unit_id" in form.fields
    assert form["unit_id"].value() == str(town("t_centre").pk)
    village = str(Area.objects.get(code=f"{TOWN}901").pk)
    told = {
        "title": "插线板过载",
        "source": "partner",
        "topic": "fire",
        "happened_on": "2026-09-08",
        "unit_id": str(town("t_centre").pk),
        "area_id": village,
        "f_place": "文化站后院",
    }
    assert client.post(address, told).status_code == 302
    matter = Matter.objects.get(title="插线板过载")
    assert (matter.source, matter.unit, matter.filed_unit) == (
        "partner",
        town("t_centre"),
        town("t_volunteers"),
    )
    assert client.get(address).context["form"]["source"].value() == "partner"
    desk = Client()
    desk.force_login(
        User.objects.get(username="gc02-desk"), backend="django.contrib.auth.backends.ModelBackend"
    )
    form = desk.get(address).context["form"]
    assert {"supporting_unit_ids", "person"} <= set(form.fields) and not form["source"].value()


def test_the_export_of_one_kind_has_the_fields_of_its_form_alone(town: Units) -> None:
    client = Client()
    client.force_login(
        User.objects.get(username="gc02-desk"), backend="django.contrib.auth.backends.ModelBackend"
    )

    def heads(**asked: str) -> set[str]:
        answer = client.get(reverse("matter_list"), {"export": "xlsx", **asked})
        rows = load_workbook(io.BytesIO(b"".join(answer))).worksheets[0].iter_rows(values_only=True)
        return {str(cell) for row in rows for cell in row}

    assert "受影响人数（约）" in heads(kind="hazard") and "风险隐患 · 受影响人数（约）" in heads()
    assert not any(" · " in head for head in heads(kind="hazard"))
