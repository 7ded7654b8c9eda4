"""How matters are sorted, graded and sent to who is competent, and what a reporter may say, told step by step."""

import datetime as dt
from dataclasses import replace
from uuid import UUID, uuid4

import pytest
from hypothesis import given as drawn
from hypothesis import strategies as st
from pydantic import ValidationError

from shiyu.kernel.actor import SYSTEM, Actor
from shiyu.kernel.competence import FunctionStanding, against_dispatch, nearest_common, route_of
from shiyu.kernel.facts import AssignmentFacts, Given, MatterFacts, NotAllowed, Standing, Transition
from shiyu.kernel.grading import grade_of
from shiyu.kernel.limits import ZONE, Calendar
from shiyu.kernel.phases import ClockEffect, Need, Outcome, Phase
from shiyu.kernel.spec.calendar import CalendarSpec
from shiyu.kernel.spec.matters import Kind
from shiyu.kernel.spec.routes import CompetenceRow, Grading
from shiyu.kernel.verbs import VERBS
from shiyu.kernel.workflow import decide

CENTRE, TOWN, BUREAU, COUNTY = (uuid4() for _ in range(4))
NOW = dt.datetime(2026, 3, 2, 10, tzinfo=ZONE)
CALENDAR = Calendar(CalendarSpec.model_validate({"hours": [{"start": "09:00", "end": "17:00"}], "years": {}}))
WORDS = {"zh": "词", "en": "word"}


def state(phase: str, owner: str) -> dict[str, object]:
    return {"label": WORDS, "phase": phase, "owner": owner, "limit": {"n": 5}}


def points(least: int, points: int) -> dict[str, object]:
    return {"when": {"people": {"min": least}}, "points": points, "label": WORDS}


GRADING = {
    "factors": {
        "people": {"label": WORDS, "rows": [points(5, 20), points(30, 50)]},
        "injured": {"label": WORDS, "rows": [{"when": {"injured": "true"}, "points": 40, "label": WORDS}]},
    },
    "grades": {
        "high": {"label": WORDS, "least": 60},
        "medium": {"label": WORDS, "least": 20},
        "low": {"label": WORDS, "least": 0},
    },
}
DISPUTE = Kind.model_validate(
    {
        "label": WORDS,
        "number": {"pattern": "{{year}}-{{n}}"},
        "limit": {"n": 30},
        "closing": "verified",
        "outcomes": ["done", "withdrawn", "merged", "advised"],
        "reporter": "optional",
        "sorting": {
            "label": WORDS,
            "classes": {
                "large": {"label": WORDS, "next": ["dispatch", "climb"]},
                "small": {"label": WORDS, "limit": {"n": 7}},
                "private": {"label": WORDS, "next": ["settle"]},
            },
        },
        "grading": GRADING,
        "review": {"kind": "dispute", "within": {"n": 30, "unit": "calendar_days"}},
        "states": {
            "filed": state("filed", "intake"),
            "accepted": state("accepted", "intake"),
            "handling": state("handling", "lead"),
            "verifying": state("verifying", "intake"),
            "held": state("held", "intake"),
            "closed": {"label": WORDS, "phase": "closed"},
            "refused": {"label": WORDS, "phase": "refused"},
        },
        "verbs": {verb: {} for verb in VERBS} | {"dispute_competence": {"limit": {"n": 5}}},
    }
)


def person(unit: UUID, *rights: str) -> Actor:
    return Actor(uuid4(), "somebody", {unit: frozenset(rights)}, home_unit_id=unit)


CLERK = person(CENTRE, "matter.file", "matter.dispatch", "matter.verify", "matter.handle")
OFFICER = person(BUREAU, "matter.handle", "matter.file")
ABOVE = person(COUNTY, "matter.approve", "matter.dispatch", "matter.verify")
FILED = MatterFacts("filed", CENTRE, upper_id=COUNTY)
RESULT = Given(frozenset({Need.RESULT}))
REASON = Given(frozenset({Need.REASON}))
PARTY = uuid4()
REPORTER = Actor(None, "reporter", party_id=PARTY)
CLOSED = MatterFacts("closed", CENTRE, party_ids=frozenset({PARTY}), review_until=NOW + dt.timedelta(days=30))


def handled() -> MatterFacts:
    lead = AssignmentFacts(uuid4(), BUREAU, True, Standing.ACKNOWLEDGED)
    return replace(
        FILED,
        state="handling",
        assignments=(lead,),
        sort_class="small",
        superior_unit_ids=frozenset({COUNTY}),
    )


def do(facts: MatterFacts, actor: Actor, verb: str, given: Given = Given()) -> Transition:  # noqa: B008
    return decide(DISPUTE, facts, actor, verb, given, NOW, CALENDAR)


def why_not(facts: MatterFacts, actor: Actor, verb: str, given: Given = Given()) -> set[str]:  # noqa: B008
    with pytest.raises(NotAllowed) as refusal:
        do(facts, actor, verb, given)
    return {reason.code for reason in refusal.value.reasons}


def test_nothing_is_settled_or_dispatched_before_it_was_sorted() -> None:
    assert why_not(FILED, CLERK, "settle", RESULT) == {"not_sorted"}
    accepted = replace(FILED, state="accepted")
    assert why_not(accepted, CLERK, "dispatch", Given(unit_id=BUREAU)) == {"not_sorted"}
    went = do(FILED, CLERK, "sort", Given(sort_class="small"))
    assert (went.moved, went.clock, went.total_limit and went.total_limit.n) == (False, ClockEffect.LIMIT, 7)


def test_a_class_without_a_limit_leaves_the_kinds() -> None:
    sorted_anew = replace(FILED, sort_class="small")
    assert do(sorted_anew, CLERK, "sort", Given(sort_class="large")).total_limit == DISPUTE.limit
    assert why_not(FILED, CLERK, "sort") == {"needs_sort_class"}
    assert why_not(FILED, CLERK, "sort", Given(sort_class="huge")) == {"unknown_choice"}


def test_a_reopened_matter_has_the_limit_of_its_class() -> None:
    closed = replace(CLOSED, sort_class="small", assignments=handled().assignments)
    went = do(closed, CLERK, "reopen", REASON)
    assert (went.clock, went.total_limit and went.total_limit.n) == (ClockEffect.START, 7)
    assert (
        do(replace(closed, sort_class="large"), CLERK, "reopen", REASON).total_limit or 0
    ) == DISPUTE.limit


def test_the_class_says_what_may_follow() -> None:
    private = replace(FILED, state="accepted", sort_class="private")
    assert why_not(private, CLERK, "dispatch", Given(unit_id=BUREAU)) == {"wrong_class"}
    advised = do(private, CLERK, "settle", replace(RESULT, outcome=Outcome.ADVISED))
    assert (advised.to_phase, advised.outcome) == (Phase.CLOSED, Outcome.ADVISED)
    assert why_not(replace(FILED, sort_class="large"), CLERK, "settle", RESULT) == {"wrong_class"}


def test_a_small_thing_is_settled_on_the_spot_with_its_result() -> None:
    small = replace(FILED, sort_class="small")
    assert why_not(small, CLERK, "settle") == {"needs_result"}
    went = do(small, CLERK, "settle", RESULT)
    assert (went.to_phase, went.clock, went.ends_assignments) == (Phase.CLOSED, ClockEffect.STOP, True)


def test_merging_names_the_other_matter_and_ends_as_merged() -> None:
    assert why_not(FILED, CLERK, "merge", REASON) == {"needs_matter"}
    assert do(FILED, CLERK, "merge", replace(REASON, matter_id=uuid4())).outcome is Outcome.MERGED


def test_the_grade_follows_from_what_has_happened_and_shows_its_reasons() -> None:
    grading = Grading.model_validate(GRADING)
    graded = grade_of(grading, {"people": 31, "injured": True})
    assert (graded.grade, graded.points, [r.factor for r in graded.reasons]) == (
        "high",
        90,
        ["people", "injured"],
    )
    assert grade_of(grading, {"people": 6}).grade == "medium"
    assert grade_of(grading, {}).reasons == ()


@drawn(st.one_of(st.none(), st.integers(0, 100)), st.one_of(st.none(), st.booleans()))
def test_the_grade_is_what_adding_up_by_hand_gives(people: int | None, injured: bool | None) -> None:
    by_hand = (50 if (people or 0) >= 30 else 20 if (people or 0) >= 5 else 0) + (40 if injured else 0)
    graded = grade_of(Grading.model_validate(GRADING), {"people": people, "injured": injured})
    assert graded.points == by_hand
    assert graded.grade == ("high" if by_hand >= 60 else "medium" if by_hand >= 20 else "low")


def test_grades_fall_to_zero() -> None:
    wrong = GRADING | {
        "grades": {"low": {"label": WORDS, "least": 10}, "high": {"label": WORDS, "least": 60}}
    }
    with pytest.raises(ValidationError):
        Grading.model_validate(wrong)


def test_another_grade_is_set_by_hand_only_with_a_reason() -> None:
    assert why_not(FILED, CLERK, "grade", Given(grade="high")) == {"needs_reason"}
    assert do(FILED, CLERK, "grade", replace(REASON, grade="high")).clock is ClockEffect.NONE
    assert why_not(FILED, CLERK, "grade", replace(REASON, grade="red")) == {"unknown_choice"}


def test_what_the_county_took_back_cannot_go_to_the_town() -> None:
    accepted = replace(FILED, state="accepted", sort_class="small")
    taken = Given(unit_id=TOWN, standings={TOWN: FunctionStanding.TAKEN_BACK})
    assert why_not(accepted, CLERK, "dispatch", taken) == {"function_taken_back"}
    as_support = Given(unit_id=BUREAU, supporting_unit_ids=(TOWN,), standings=taken.standings)
    assert why_not(accepted, CLERK, "dispatch", as_support) == {"function_taken_back"}


def test_a_town_that_only_supports_keeps_its_county_lead() -> None:
    accepted = replace(FILED, state="accepted", sort_class="small")
    standings = {TOWN: FunctionStanding.SUPPORTING}
    assert why_not(accepted, CLERK, "dispatch", Given(unit_id=TOWN, standings=standings)) == {
        "function_supporting"
    }
    went = do(
        accepted, CLERK, "dispatch", Given(unit_id=BUREAU, supporting_unit_ids=(TOWN,), standings=standings)
    )
    assert went.to_state == "handling"
    assert against_dispatch(None, as_lead=True) is None


def test_the_first_row_that_holds_names_who_is_competent() -> None:
    row = {"label": WORDS, "lead": {"group": "towns"}}
    table = {
        "land": CompetenceRow.model_validate(row | {"when": [{"topic": "land"}, {"topic": "homestead"}]}),
        "rest": CompetenceRow.model_validate(row | {"when": [{"kind": "dispute"}]}),
    }
    found = route_of(table, {"kind": "dispute", "topic": "homestead"})
    assert found is not None and found.code == "land"
    found = route_of(table, {"kind": "dispute", "topic": None})
    assert found is not None and found.code == "rest"
    assert route_of(table, {"kind": "hazard"}) is None


def test_a_dispute_over_competence_goes_to_the_unit_above_both() -> None:
    assert nearest_common(["town", "county", "city"], ["bureau", "county", "city"]) == "county"
    assert nearest_common(["town"], ["bureau"]) is None
    matter = handled()
    assert why_not(matter, OFFICER, "dispute_competence") == {"needs_reason"}
    asked = do(matter, OFFICER, "dispute_competence", REASON)
    assert asked.answer_limit is not None and asked.answer_limit.n == 5
    disputed = replace(matter, competence_disputed=True, arbiter_id=COUNTY)
    assert do(disputed, CLERK, "answer_competence", REASON).moved is False
    decision = replace(REASON, unit_id=TOWN)
    assert why_not(disputed, CLERK, "decide_competence", decision) == {"not_related"}
    assert why_not(disputed, SYSTEM, "decide_competence", decision) == {"other_hand"}
    went = do(disputed, ABOVE, "decide_competence", decision)
    assert (went.to_phase, went.standing) == (Phase.HANDLING, Standing.LEFT)
    assert do(disputed, ABOVE, "decide_competence", replace(decision, unit_id=BUREAU)).assignment_id is None
    assert why_not(matter, ABOVE, "decide_competence", decision) >= {"nothing_disputed"}


def test_a_matter_climbs_until_it_is_at_the_top() -> None:
    assert do(FILED, CLERK, "climb", REASON).moved is False
    assert why_not(replace(FILED, upper_id=None), CLERK, "climb", REASON) == {"at_top"}


def test_only_its_reporter_rates_it_and_says_that_it_is_not_solved() -> None:
    rating = Given(frozenset({Need.RATING}))
    assert do(CLOSED, REPORTER, "rate", rating).moved is False
    assert why_not(CLOSED, Actor(None, "x", party_id=uuid4()), "rate", rating) == {"not_related"}
    assert why_not(CLOSED, CLERK, "rate", rating) == {"not_related"}
    assert why_not(replace(CLOSED, is_rated=True), REPORTER, "rate", rating) == {"already_rated"}
    assert do(CLOSED, REPORTER, "not_solved", REASON).moved is False
    assert why_not(replace(CLOSED, said_not_solved=True), REPORTER, "not_solved", REASON) == {"already_said"}


def test_who_asked_not_to_be_called_is_not_called() -> None:
    assert do(CLOSED, CLERK, "follow_up", RESULT).moved is False
    assert why_not(replace(CLOSED, no_more_calls=True), CLERK, "follow_up", RESULT) == {"no_more_calls"}


def test_a_review_is_asked_for_in_time() -> None:
    assert do(CLOSED, REPORTER, "ask_review", REASON).moved is False
    late = replace(CLOSED, review_until=NOW - dt.timedelta(seconds=1))
    assert why_not(late, REPORTER, "ask_review", REASON) == {"review_over"}
    assert why_not(replace(CLOSED, review_until=None), REPORTER, "ask_review", REASON) == {"review_over"}


def test_a_reporter_does_nothing_but_what_is_theirs() -> None:
    for facts in (FILED, handled(), CLOSED):
        facts = replace(facts, party_ids=frozenset({PARTY}))
        for verb in set(VERBS) - {"file"}:
            if "reporter" in VERBS[verb].who:
                continue
            assert why_not(facts, REPORTER, verb) & {"not_related", "no_right"}
