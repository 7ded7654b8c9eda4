"""The one button that stands out on a matter's page: for the demo city's kinds, in each of their states, by person."""

from typing import Any
from uuid import uuid4

import pytest

from shiyu.kernel import workflow
from shiyu.kernel.actor import Actor
from shiyu.kernel.facts import AssignmentFacts, MatterFacts, Standing
from shiyu.kernel.next_steps import LIKELY_MOST, Arranged, arranged
from shiyu.kernel.spec.pack import Pack
from shiyu.packs.read.folder import read_folder
from tests.loading import LIJIANG

CENTRE, A, COUNTY = uuid4(), uuid4(), uuid4()
PEOPLE = {
    "desk": ("centre_clerk", CENTRE),
    "head": ("centre_head", CENTRE),
    "officer": ("handler", A),
    "county": ("centre_head", COUNTY),
}


@pytest.fixture(scope="module")
def pack() -> Pack:
    found = read_folder(LIJIANG).pack
    assert found is not None
    return found


def held(standing: str) -> AssignmentFacts:
    return AssignmentFacts(uuid4(), A, True, Standing(standing))


def steps(pack: Pack, kind: str, who: str, state: str, *, reported: bool = True, **facts: Any) -> Arranged:
    role, unit = PEOPLE[who]
    actor = Actor(uuid4(), who, {unit: frozenset(pack.role[role].rights)}, home_unit_id=unit)
    if isinstance(facts.get("assignments"), str):
        facts["assignments"] = (held(facts["assignments"]),)
    rules = pack.kind[kind]
    found = MatterFacts(
        state, CENTRE, CENTRE, superior_unit_ids=frozenset({COUNTY}), upper_id=COUNTY, **facts
    )
    return arranged(rules, found, workflow.options(rules, found, actor), reported=reported)


ASKED = {"assignments": "asked"}
AT_WORK = {"assignments": "acknowledged"}
DONE = {"assignments": "done"}
TABLE: list[tuple[str, str, str, dict[str, Any], str | None]] = [
    ("dispute", "desk", "filed", {}, "accept"),
    ("petition", "desk", "filed", {"is_settled_for_good": True}, "refuse"),
    ("dispute", "desk", "accepted", {}, "sort"),
    ("dispute", "desk", "accepted", {"sort_class": "small"}, "dispatch"),
    ("dispute", "desk", "accepted", {"sort_class": "large"}, "dispatch"),
    ("dispute", "desk", "accepted", {"sort_class": "hard"}, "climb"),
    ("dispute", "desk", "accepted", {"sort_class": "hard", "level": 1}, "dispatch"),
    ("request", "desk", "accepted", {"sort_class": "question"}, "settle"),
    ("request", "desk", "accepted", {"sort_class": "complaint"}, "dispatch"),
    ("hazard", "desk", "accepted", {}, "dispatch"),
    ("finding", "desk", "accepted", {}, "dispatch"),
    ("petition", "desk", "accepted", {}, "dispatch"),
    ("whistle", "desk", "accepted", {}, "dispatch"),
    ("dispute", "desk", "handling", {"sort_class": "large", **ASKED}, None),  # not to be urged at once
    ("dispute", "desk", "handling", {"sort_class": "large", "is_overdue": True, **AT_WORK}, "urge"),
    ("dispute", "desk", "handling", {"assignments": "returning"}, "consent_return"),
    ("dispute", "head", "handling", {"extension_pending": True, **AT_WORK}, "approve_extension"),
    ("dispute", "desk", "handling", {"competence_disputed": True, "arbiter_id": COUNTY, **AT_WORK}, "answer_competence"),
    ("dispute", "county", "handling", {"competence_disputed": True, "arbiter_id": COUNTY, **AT_WORK}, "decide_competence"),
    ("dispute", "officer", "handling", ASKED, "acknowledge"),
    ("dispute", "officer", "handling", AT_WORK, "complete"),
    ("dispute", "officer", "verifying", DONE, None),
    ("dispute", "head", "verifying", DONE, "verify"),
    ("dispute", "head", "verifying", {"is_verified": True, **DONE}, "close"),
    ("dispute", "desk", "verifying", {"is_verified": True, **DONE}, None),  # the head closes
    ("request", "head", "verifying", DONE, "close"),
    ("whistle", "desk", "verifying", DONE, "confirm"),
    ("whistle", "head", "verifying", {"is_confirmed": True, **DONE}, "close"),
    ("dispute", "head", "on_books", AT_WORK, "review_books"),
    ("dispute", "desk", "closed", DONE, None),
    ("dispute", "desk", "closed", {"is_follow_up_due": True, **DONE}, "follow_up"),
    ("dispute", "desk", "closed", {"said_not_solved": True, "is_follow_up_due": True, **DONE}, "reopen"),
    ("dispute", "head", "refused", {}, None),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "who", "state", "facts", "expected"), TABLE)
def test_the_step_that_stands_out(
    pack: Pack, kind: str, who: str, state: str, facts: dict[str, Any], expected: str | None
) -> None:
    first = steps(pack, kind, who, state, reported=kind not in ("whistle", "finding"), **facts).first
    assert (first.verb if first else None) == expected


def test_every_open_state_of_every_kind_has_a_next_step_for_somebody(pack: Pack) -> None:
    standings = (None, "asked", "acknowledged", "done")
    for code, rules in pack.kind.items():
        sort_class = next(iter(rules.sorting.classes)) if rules.sorting else None
        for state, row in rules.states.items():
            if row.phase.is_open:
                found = {
                    first.verb
                    for who in PEOPLE
                    for standing in standings
                    for sorted_as in {None, sort_class}
                    if (first := steps(
                        pack, code, who, state, reported=False, sort_class=sorted_as,
                        assignments=standing or (),
                    ).first)
                }  # fmt: skip
                assert found, (code, state)


def test_few_are_likely_and_nothing_is_lost_or_shown_twice(pack: Pack) -> None:
    found = steps(pack, "dispute", "head", "handling", sort_class="large", assignments="acknowledged")
    shown = [option.verb for option in found.shown]
    assert len(shown) == len(set(shown)) and len(found.likely) <= LIKELY_MOST
    assert {"transfer", "supervise", "put_on_books"} <= {option.verb for option in found.more}


def test_what_only_the_reporter_says_stands_apart_for_the_desk(pack: Pack) -> None:
    found = steps(pack, "dispute", "desk", "closed", assignments="done")
    assert {option.verb for option in found.for_reporter} == {"rate", "not_solved"}
    assert not {"rate", "not_solved"} & {option.verb for option in (*found.likely, *found.more)}
    own = steps(pack, "dispute", "desk", "closed", assignments="done", reported=False)  # it found it itself
    assert own.for_reporter == [] and {"rate", "not_solved"} <= {option.verb for option in own.shown}
