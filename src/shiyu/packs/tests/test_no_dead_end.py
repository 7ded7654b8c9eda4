"""Whatever people do, a problem can still be closed: every situation the loop can reach is walked."""

from dataclasses import replace
from pathlib import Path

from shiyu.kernel.spec.matters import Scenario, WalkStep
from shiyu.kernel.verbs import Need, Phase
from shiyu.kernel.workflow import MatterFacts, NotAllowed, Standing, decide
from shiyu.packs.check.walks import Walk, made_up
from shiyu.packs.read import read_folder

EXAMPLE = Path(__file__).parents[4] / "packs" / "example"
WITHOUT_EFFECT = {"file", "note", "urge", "supervise", "follow_up"}
BY_THE_WAY_OUT = {"withdraw", "refuse"}
CAST = {
    "clerk": {"role": "office_clerk", "unit": "office"},
    "head": {"role": "office_head", "unit": "office"},
    "liaison": {"role": "liaison", "unit": "a"},
    "helper": {"role": "liaison", "unit": "b"},
}


def walk_of_everything() -> Walk:
    found = read_folder(EXAMPLE)
    assert found.pack is not None
    scenario = Scenario.model_validate(
        {
            "label": {"zh": "全部", "en": "all"},
            "kind": "problem",
            "people": CAST,
            "steps": [{"by": "clerk", "do": "file", "unit": "office", "to": "filed"}],
        }
    )
    return Walk(found, found.pack, "all", scenario)


def steps(walk: Walk) -> list[WalkStep]:
    given = [need.value for need in Need if need.is_given]
    made = []
    for verb in walk.kind.verbs:
        if verb in WITHOUT_EFFECT | BY_THE_WAY_OUT:
            continue
        for by in CAST:
            for unit in ("a", "b") if verb in ("dispatch", "transfer", "add_support") else (None,):
                raw = {"by": by, "do": verb, "with": given, "unit": unit, "to": "anywhere"}
                made.append(WalkStep.model_validate(raw))
    return made


def plain(facts: MatterFacts) -> MatterFacts:
    """Units that left long ago, and who once had a hand, make no new situation."""
    present = [a for a in facts.assignments if a.standing is not Standing.LEFT]
    numbered = (replace(a, id=made_up(f"assignment {n}")) for n, a in enumerate(present))
    return replace(facts, assignments=tuple(numbered), handled_by=frozenset())


def test_from_every_situation_a_problem_can_be_closed() -> None:
    walk = walk_of_everything()
    walk.run()
    assert walk.facts is not None
    start, possible = plain(walk.facts), steps(walk)
    back: dict[MatterFacts, set[MatterFacts]] = {start: set()}
    waiting = [start]
    while waiting:
        here = waiting.pop()
        for step in possible:
            walk.facts = here
            given = walk.given(step)
            try:
                went = decide(walk.kind, here, walk.actor(step), step.do, given, walk.now, walk.calendar)
            except NotAllowed:
                continue
            walk.apply(step, given, went)
            there = plain(walk.facts)
            if there not in back:
                back[there] = set()
                waiting.append(there)
            back[there].add(here)
    ended = {f for f in back if walk.kind.states[f.state].phase in (Phase.CLOSED, Phase.REFUSED)}
    saved, waiting = set(ended), list(ended)
    while waiting:
        for before in back[waiting.pop()] - saved:
            saved.add(before)
            waiting.append(before)
    assert len(back) > 100
    assert [facts for facts in back if facts not in saved] == []
