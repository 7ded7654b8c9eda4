"""What a person may do with a problem, told step by step."""

import datetime as dt
from dataclasses import replace
from uuid import UUID, uuid4

import pytest

from shiyu.kernel.actor import SYSTEM, Actor
from shiyu.kernel.limits import ZONE, Calendar
from shiyu.kernel.reasons import REASONS
from shiyu.kernel.spec.calendar import CalendarSpec
from shiyu.kernel.spec.matters import Closing, Kind, VerbRule
from shiyu.kernel.verbs import VERBS, ClockEffect, Need, Outcome, Phase
from shiyu.kernel.workflow import (
    AssignmentFacts,
    Given,
    MatterFacts,
    NotAllowed,
    Standing,
    Transition,
    decide,
    options,
)

OFFICE, POLICE, SCHOOLS, CITY = (uuid4() for _ in range(4))
NOW = dt.datetime(2026, 3, 2, 10, tzinfo=ZONE)
CALENDAR = Calendar(CalendarSpec.model_validate({"hours": [{"start": "09:00", "end": "17:00"}], "years": {}}))
WORDS = {"zh": "状态", "en": "state"}
LIMIT = {"n": 5}


def state(phase: str, owner: str, **more: object) -> dict[str, object]:
    return {"label": WORDS, "phase": phase, "owner": owner, "limit": LIMIT, **more}


PROBLEM = Kind.model_validate(
    {
        "label": WORDS,
        "number": {"pattern": "{{year}}-{{n}}"},
        "limit": {"n": 30},
        "closing": "verified",
        "outcomes": ["done", "withdrawn", "merged"],
        "states": {
            "filed": state("filed", "intake"),
            "accepted": state("accepted", "intake"),
            "handling": state("handling", "lead"),
            "again": state("handling", "lead", entered_by=["send_back"]),
            "verifying": state("verifying", "intake"),
            "held": state("held", "intake"),
            "closed": {"label": WORDS, "phase": "closed"},
            "refused": {"label": WORDS, "phase": "refused"},
        },
        "verbs": {verb: {} for verb in VERBS}
        | {"extend": {"limit": {"n": 10}}, "complete": {"needs": ["proof"]}},
    }
)


def person(unit: UUID, *rights: str) -> Actor:
    return Actor(uuid4(), "somebody", {unit: frozenset(rights)}, home_unit_id=unit)


CLERK = person(OFFICE, "matter.file", "matter.dispatch", "matter.verify")
HEAD = person(OFFICE, "matter.approve", "matter.close", "matter.verify")
OFFICER = person(POLICE, "matter.handle", "matter.file")
TEACHER = person(SCHOOLS, "matter.handle")


def matter(standing: Standing = Standing.ACKNOWLEDGED, **more: object) -> MatterFacts:
    lead = AssignmentFacts(uuid4(), POLICE, True, standing)
    facts = MatterFacts("handling", OFFICE, POLICE, (lead,), due_at=NOW + dt.timedelta(days=3))
    return replace(facts, **more)


def do(
    facts: MatterFacts | None, actor: Actor, verb: str, given: Given | None = None, kind: Kind = PROBLEM
) -> Transition:
    return decide(kind, facts, actor, verb, given or Given(), NOW, CALENDAR)


def why_not(
    facts: MatterFacts | None, actor: Actor, verb: str, given: Given | None = None, kind: Kind = PROBLEM
) -> set[str]:
    with pytest.raises(NotAllowed) as refusal:
        do(facts, actor, verb, given, kind)
    return {reason.code for reason in refusal.value.reasons}


REASON = Given(frozenset({Need.REASON}))
RESULT = Given(frozenset({Need.RESULT, Need.PROOF}))


def test_anybody_with_the_right_files_a_problem_and_its_clocks_start() -> None:
    went = do(None, OFFICER, "file", Given(unit_id=OFFICE))
    assert (went.to_state, went.clock, went.total_limit.n if went.total_limit else 0) == (
        "filed",
        ClockEffect.START,
        30,
    )
    assert why_not(None, TEACHER, "file") == {"no_right"}


def test_the_taking_in_unit_accepts_and_another_may_not() -> None:
    filed = MatterFacts("filed", OFFICE)
    assert do(filed, CLERK, "accept").to_state == "accepted"
    assert why_not(filed, OFFICER, "accept") == {"not_related"}
    assert why_not(filed, HEAD, "accept") == {"no_right"}


def test_refusing_needs_the_reason_and_the_remedy() -> None:
    filed = MatterFacts("filed", OFFICE)
    assert why_not(filed, CLERK, "refuse") == {"needs_reason", "needs_remedy"}
    assert do(filed, CLERK, "refuse", Given(frozenset({Need.REASON, Need.REMEDY}))).to_phase is Phase.REFUSED


def test_every_reason_against_is_given_at_once() -> None:
    assert why_not(matter(), TEACHER, "close") == {"wrong_phase", "not_related"}


def test_completing_needs_what_the_kind_adds_and_proof_on_file_counts() -> None:
    given = Given(frozenset({Need.RESULT}))
    assert why_not(matter(), OFFICER, "complete", given) == {"needs_proof"}
    assert do(matter(has_proof=True), OFFICER, "complete", given).to_phase is Phase.VERIFYING


def test_the_matter_moves_on_only_when_the_last_unit_is_done() -> None:
    support = AssignmentFacts(uuid4(), SCHOOLS, False, Standing.ACKNOWLEDGED)
    both = matter()
    both = replace(both, assignments=(*both.assignments, support))
    first = do(both, OFFICER, "complete", RESULT)
    assert (first.moved, first.standing, first.clock) == (False, Standing.DONE, ClockEffect.NONE)
    lead_done = replace(both.assignments[0], standing=Standing.DONE)
    last = do(replace(both, assignments=(lead_done, support)), TEACHER, "complete", RESULT)
    assert (last.moved, last.to_state) == (True, "verifying")


def test_nobody_checks_their_own_work() -> None:
    checking = matter(Standing.DONE, state="verifying", handled_by=frozenset({CLERK.user_id}))
    assert why_not(checking, CLERK, "verify") == {"other_hand"}
    assert do(checking, HEAD, "verify").to_state == "verifying"


def test_a_job_is_nobodys_other_hand() -> None:
    assert why_not(matter(Standing.DONE, state="verifying"), SYSTEM, "verify") == {"other_hand"}


def test_closing_waits_for_the_check() -> None:
    checking = matter(Standing.DONE, state="verifying")
    assert why_not(checking, HEAD, "close") == {"not_verified"}
    went = do(replace(checking, is_verified=True), HEAD, "close")
    assert (went.to_phase, went.outcome, went.clock, went.ends_assignments) == (
        Phase.CLOSED,
        Outcome.DONE,
        ClockEffect.STOP,
        True,
    )


def test_a_kind_open_to_sampling_closes_on_the_spot() -> None:
    small = PROBLEM.model_copy(update={"closing": Closing.SAMPLING})
    assert do(matter(), HEAD, "close", kind=small).to_phase is Phase.CLOSED


def test_a_kind_may_wait_for_its_reporter_instead() -> None:
    confirmed = PROBLEM.model_copy(update={"closing": Closing.CONFIRMED})
    checking = matter(Standing.DONE, state="verifying", is_verified=True)
    assert why_not(checking, HEAD, "close", kind=confirmed) == {"not_confirmed"}
    assert do(replace(checking, is_confirmed=True), HEAD, "close", kind=confirmed).to_phase is Phase.CLOSED


def test_an_outcome_the_kind_does_not_have_is_refused() -> None:
    checking = matter(Standing.DONE, state="verifying", is_verified=True)
    assert why_not(checking, HEAD, "close", Given(outcome=Outcome.AGREEMENT)) == {"outcome"}


def test_what_ends_in_failure_shows_the_remedy() -> None:
    kind = PROBLEM.model_copy(update={"outcomes": frozenset({Outcome.DONE, Outcome.FAILED_WITH_REMEDY})})
    checked = matter(state="verifying", is_verified=True)
    failed = Given(outcome=Outcome.FAILED_WITH_REMEDY)
    assert why_not(checked, HEAD, "close", failed, kind) == {"needs_remedy"}
    told = replace(failed, needs=frozenset({Need.REMEDY}))
    assert do(checked, HEAD, "close", told, kind).outcome is Outcome.FAILED_WITH_REMEDY


def test_closing_does_not_pass_for_withdrawing_or_merging() -> None:
    checked = matter(state="verifying", is_verified=True)
    assert why_not(checked, HEAD, "close", Given(outcome=Outcome.WITHDRAWN)) == {"outcome"}


def test_a_failed_check_sends_it_back_to_its_own_state_and_clears_the_check() -> None:
    went = do(matter(Standing.DONE, state="verifying", is_verified=True), CLERK, "send_back", REASON)
    assert (went.to_state, went.standing, went.clears_checks) == ("again", Standing.ACKNOWLEDGED, True)


def test_a_return_needs_a_reason_and_the_consent_of_the_sender() -> None:
    assert why_not(matter(), OFFICER, "return") == {"needs_reason"}
    assert do(matter(), OFFICER, "return", REASON).standing is Standing.RETURNING
    returning = matter(Standing.RETURNING)
    assert why_not(matter(), CLERK, "consent_return") == {"nothing_returning"}
    consented = do(returning, CLERK, "consent_return")
    assert (consented.to_phase, consented.standing) == (Phase.ACCEPTED, Standing.LEFT)
    assert do(returning, CLERK, "decline_return", REASON).standing is Standing.ACKNOWLEDGED


def test_the_unit_above_may_decide_on_a_return() -> None:
    above = person(CITY, "matter.dispatch")
    assert why_not(matter(Standing.RETURNING), above, "consent_return") == {"not_related"}
    under_it = matter(Standing.RETURNING, superior_unit_ids=frozenset({CITY}))
    assert do(under_it, above, "consent_return").unit_id == CITY


def test_a_supporting_units_return_leaves_the_matter_where_it_is() -> None:
    support = AssignmentFacts(uuid4(), SCHOOLS, False, Standing.RETURNING)
    facts = matter()
    went = do(replace(facts, assignments=(*facts.assignments, support)), CLERK, "consent_return")
    assert (went.moved, went.assignment_id, went.to_state) == (False, support.id, "handling")


def test_the_last_unit_to_leave_moves_the_matter_on_when_the_lead_is_done() -> None:
    support = AssignmentFacts(uuid4(), SCHOOLS, False, Standing.RETURNING)
    facts = matter(Standing.DONE)
    went = do(replace(facts, assignments=(*facts.assignments, support)), CLERK, "consent_return")
    assert (went.moved, went.to_phase, went.clock) == (True, Phase.VERIFYING, ClockEffect.STEP)
    assert not do(
        replace(facts, assignments=(*facts.assignments, support)),
        CLERK,
        "consent_return",
        Given(unit_id=CITY),
    ).moved


def test_one_extension_and_no_second() -> None:
    later = Given(frozenset({Need.REASON}), until=NOW + dt.timedelta(days=8))
    assert do(matter(), OFFICER, "extend", later).clock is ClockEffect.NONE
    assert why_not(matter(extensions=1), OFFICER, "extend", later) == {"extension_used"}
    assert why_not(matter(extension_pending=True), OFFICER, "extend", later) == {"extension_pending"}
    assert do(matter(extension_pending=True), HEAD, "approve_extension").clock is ClockEffect.EXTEND
    assert why_not(matter(), HEAD, "approve_extension") == {"no_extension_pending"}


def test_what_is_overdue_is_not_extended_into_time() -> None:
    later = Given(frozenset({Need.REASON}), until=NOW + dt.timedelta(days=8))
    assert why_not(matter(is_overdue=True), OFFICER, "extend", later) == {"overdue"}


def test_the_clock_is_not_stopped_over_an_open_question() -> None:
    given = Given(frozenset({Need.REASON}), until=NOW + dt.timedelta(days=8))
    assert do(matter(), HEAD, "suspend", given).clock is ClockEffect.PAUSE
    assert why_not(matter(extension_pending=True), HEAD, "suspend", given) == {"extension_pending"}
    assert why_not(matter(Standing.RETURNING), HEAD, "suspend", given) == {"returning"}


def test_a_kind_may_let_only_the_unit_that_takes_in_file() -> None:
    narrow = PROBLEM.model_copy(
        update={"verbs": {**PROBLEM.verbs, "file": VerbRule.model_validate({"who": ["intake"]})}}
    )
    assert do(None, CLERK, "file", Given(unit_id=OFFICE), narrow).to_state == "filed"
    assert why_not(None, OFFICER, "file", Given(unit_id=OFFICE), narrow) == {"not_related"}


def test_whoever_asks_for_an_extension_does_not_approve_it() -> None:
    both = person(OFFICE, "matter.approve", "matter.handle")
    asked = matter(extension_pending=True, handled_by=frozenset({both.user_id}))
    assert why_not(asked, both, "approve_extension") == {"other_hand"}


@pytest.mark.parametrize(("days", "code"), [(-1, "date_past"), (2, "date_before_due"), (60, "date_too_late")])
def test_a_new_limit_lies_after_the_old_one_and_not_too_far(days: int, code: str) -> None:
    given = Given(frozenset({Need.REASON}), until=NOW + dt.timedelta(days=days))
    assert why_not(matter(), OFFICER, "extend", given) == {code}


def test_the_books_need_reason_review_date_and_an_approver_and_lead_back() -> None:
    assert why_not(matter(), HEAD, "put_on_books") == {"needs_reason", "needs_review_date"}
    assert why_not(matter(), OFFICER, "put_on_books", REASON) == {"not_related", "needs_review_date"}
    given = Given(frozenset({Need.REASON}), until=NOW + dt.timedelta(days=9))
    assert do(matter(), HEAD, "put_on_books", given).to_phase is Phase.HELD
    assert do(matter(state="held"), HEAD, "take_off_books", REASON).to_state == "handling"


def test_a_suspended_clock_stops_completing_until_it_runs_again() -> None:
    assert why_not(matter(is_suspended=True), OFFICER, "complete", RESULT) == {"suspended"}
    assert do(matter(is_suspended=True), HEAD, "resume").clock is ClockEffect.RESUME
    assert why_not(matter(), HEAD, "resume") == {"not_suspended"}


def test_work_begins_with_acknowledging_unless_the_kind_leaves_it_out() -> None:
    asked = matter(Standing.ASKED)
    assert why_not(asked, OFFICER, "complete", RESULT) == {"acknowledge_first"}
    assert why_not(matter(), OFFICER, "acknowledge") == {"already_acknowledged"}
    done = AssignmentFacts(uuid4(), SCHOOLS, False, Standing.DONE)
    facts = matter()
    facts = replace(facts, assignments=(*facts.assignments, done))
    assert why_not(facts, TEACHER, "complete", RESULT) == {"part_done"}
    assert why_not(matter(Standing.RETURNING), OFFICER, "complete", RESULT) == {"returning"}
    without = {verb: rule for verb, rule in PROBLEM.verbs.items() if verb != "acknowledge"}
    quick = PROBLEM.model_copy(update={"verbs": without})
    assert do(asked, OFFICER, "complete", RESULT, quick).moved


def test_a_reopened_matter_starts_its_clocks_again_with_its_lead() -> None:
    went = do(matter(Standing.DONE, state="closed", is_verified=True), CLERK, "reopen", REASON)
    assert (went.to_phase, went.clock, went.standing) == (
        Phase.HANDLING,
        ClockEffect.START,
        Standing.ACKNOWLEDGED,
    )
    assert went.clears_checks


def test_a_matter_without_lead_is_reopened_to_be_dispatched() -> None:
    withdrawn = MatterFacts("closed", OFFICE, POLICE)
    assert do(withdrawn, CLERK, "reopen", REASON).to_phase is Phase.ACCEPTED


def test_a_unit_is_not_asked_twice() -> None:
    assert why_not(matter(), CLERK, "add_support", Given(unit_id=POLICE)) == {"unit_on_it"}
    transfer = Given(frozenset({Need.REASON}), unit_id=POLICE)
    assert why_not(matter(), CLERK, "transfer", transfer) == {"unit_on_it"}


def test_a_verb_the_kind_leaves_out_is_off() -> None:
    bare = PROBLEM.model_copy(update={"verbs": {}})
    assert why_not(matter(), OFFICER, "complete", RESULT, bare) == {"off"}
    assert options(bare, matter(), OFFICER) == []


def test_options_tell_what_may_be_done_and_why_not_the_rest() -> None:
    shown = {option.verb: option for option in options(PROBLEM, matter(), OFFICER)}
    assert set(shown) == set(VERBS) - {"file"}
    assert {verb for verb, option in shown.items() if option.allowed} == {
        "answer",
        "return",
        "dispute_competence",
        "note",
        "ask_reporter",
        "extend",
        "complete",
    }
    assert all(option.reasons for option in shown.values() if not option.allowed)
    assert shown["complete"].needs == (Need.RESULT, Need.PROOF)
    assert shown["complete"].assignment_ids == (matter_lead(shown["complete"].assignment_ids),)


def matter_lead(ids: tuple[UUID, ...]) -> UUID:
    assert len(ids) == 1
    return ids[0]


def test_whatever_options_allow_decide_allows_and_the_rest_it_refuses() -> None:
    everything = Given(
        frozenset(need for need in Need if need.is_given), unit_id=SCHOOLS, until=NOW + dt.timedelta(days=5)
    )
    everything = replace(everything, matter_id=uuid4())
    for facts in (
        matter(),
        matter(Standing.RETURNING),
        matter(Standing.DONE, state="verifying"),
        matter(state="held"),
    ):
        for actor in (CLERK, HEAD, OFFICER, TEACHER):
            for option in options(PROBLEM, facts, actor):
                if option.allowed:
                    assert do(facts, actor, option.verb, everything).verb == option.verb
                else:
                    assert why_not(facts, actor, option.verb, everything) >= {r.code for r in option.reasons}


def test_every_reason_has_both_languages() -> None:
    assert all(reason.text("zh-hans") and reason.text("en") for reason in REASONS.values())
