"""Whatever is done in whatever order, by whomever: the loop's invariants hold, and two at once never both win."""

import datetime as dt
import threading
from collections.abc import Callable

import pytest
from django.db import connection, connections, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shiyu.documents.models import Attachment
from shiyu.kernel.actor import Actor
from shiyu.lib import clock
from shiyu.lib.errors import Conflict, UserError
from shiyu.matters import actions
from shiyu.matters.access import options_of
from shiyu.matters.models import Matter, Step
from shiyu.matters.tests.city import MORNING, City, make_city
from shiyu.matters.tests.test_actions import prove

PEOPLE = (
    "clerk",
    "other_clerk",
    "head",
    "chair",
    "water_liaison",
    "police_liaison",
    "justice_liaison",
    "stranger",
)
UNITS = ("water", "police", "justice")


def data_for(city: City, verb: str, unit: str, days: int) -> dict[str, object]:
    """What a form of the verb would supply."""
    later = clock.today() + dt.timedelta(days=days)
    texts = {"reason": "理由充分"}
    special: dict[str, dict[str, object]] = {
        "accept": {},
        "refuse": {**texts, "remedy": "可向上级反映"},
        "dispatch": {"unit_id": getattr(city, unit).pk},
        "add_support": {"unit_id": getattr(city, unit).pk},
        "transfer": {**texts, "unit_id": getattr(city, unit).pk},
        "acknowledge": {},
        "consent_return": {"unit_id": getattr(city, unit).pk} if days % 2 else {},
        "note": {"note": "进展"},
        "extend": {**texts, "until": later},
        "suspend": {**texts, "until": later},
        "put_on_books": {**texts, "until": later},
        "review_books": {**texts, "until": later},
        "complete": {"result": "已完成"},
        "follow_up": {"result": "未复发"},
        **{verb: {} for verb in ("verify", "close", "resume", "urge", "confirm", "approve_extension")},
    }
    return special.get(verb, texts)


def check(matter: Matter) -> None:
    """The invariants of a matter at rest."""
    active = list(matter.assignments.filter(active=True))
    assert sum(a.role == "lead" for a in active) <= 1
    assert len({a.unit_id for a in active}) == len(active)
    stays = list(Step.objects.filter(matter_id=matter.pk, within=False).order_by("entered_at", "id"))
    unfinished = [s for s in stays if s.left_at is None]
    assert len(unfinished) == (1 if matter.is_open else 0)
    assert matter.is_open == (matter.phase not in ("closed", "refused")) == (matter.closed_at is None)
    if not matter.is_open:
        assert not active
    else:
        assert stays[-1].left_at is None and stays[-1].state == matter.state
        assert stays[-1].due_at == matter.step_due_at
    if matter.phase == "handling":
        assert active
    if matter.phase == "closed" and matter.outcome == "done":
        assert matter.verified_by_id is not None
    for before, after in zip(stays, stays[1:], strict=False):
        # Only while it was closed (then reopened) is there a time without a stay.
        assert before.left_at == after.entered_at or before.verb in ("close", "withdraw")
    assert matter.on_books == (matter.phase == "held")
    assert matter.extensions <= 1


def close_from_here(city: City, matter: Matter) -> None:
    """From every open state people can bring it to its end, in a few steps."""
    for _step in range(12):
        matter.refresh_from_db()
        if not matter.is_open:
            return
        for verb in (
            "close",
            "verify",
            "complete",
            "acknowledge",
            "take_off_books",
            "resume",
            "decline_return",
            "dispatch",
            "accept",
        ):
            if any(try_verb(city, getattr(city, who), matter, verb) for who in PEOPLE):
                break
        else:
            raise AssertionError(f"nobody can move it on from {matter.state}")
    raise AssertionError("it was not closed in twelve steps")


def try_verb(city: City, actor: Actor, matter: Matter, verb: str) -> bool:
    option = next((o for o in options_of(matter, actor) if o.verb == verb and o.allowed), None)
    if option is None:
        return False
    data = data_for(city, verb, "water", 9)
    if len(option.assignment_ids) > 1:
        data = {**data, "assignment_id": option.assignment_ids[0]}
    if verb == "complete":
        prove(matter)  # what was sent back or reopened needs proof of its own
    actions.act_on_matter(actor, matter.pk, verb, **data)
    return True


@pytest.mark.django_db(transaction=True)
@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.tuples(
            st.sampled_from(PEOPLE),
            st.integers(0, 40),
            st.sampled_from(UNITS),
            st.integers(1, 25),
            st.integers(0, 60),
        ),
        max_size=25,
    )
)
def test_any_sequence_of_verbs_keeps_the_invariants(deeds: list[tuple[str, int, str, int, int]]) -> None:
    now = MORNING
    with transaction.atomic(), clock.frozen(now):
        city = make_city()
        matter = city.problem()
        prove(matter)
        for who, choice, unit, days, hours in deeds:
            now += dt.timedelta(hours=hours)
            actor = getattr(city, who)
            matter.refresh_from_db()
            with clock.frozen(now):
                allowed = [o.verb for o in options_of(matter, actor) if o.allowed] or ["close"]
                verb = allowed[choice % len(allowed)]
                try:
                    with transaction.atomic():
                        actions.act_on_matter(actor, matter.pk, verb, **data_for(city, verb, unit, days))
                except UserError:
                    pass
                matter.refresh_from_db()
                check(matter)
        with clock.frozen(now + dt.timedelta(hours=1)):
            close_from_here(city, matter)
            check(matter)
        transaction.set_rollback(True)


def at_once(*works: Callable[[], object]) -> list[object]:
    """Runs the works in threads that start together; their results or errors."""
    gate, results = threading.Barrier(len(works)), [None] * len(works)

    def run(position: int, work: Callable[[], object]) -> None:
        try:
            gate.wait(timeout=10)
            with clock.frozen(MORNING):
                results[position] = work()
        except Exception as error:
            results[position] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(n, work)) for n, work in enumerate(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    return results


@pytest.mark.django_db(transaction=True)
def test_of_two_officers_at_the_same_moment_one_gets_a_conflict() -> None:
    with clock.frozen(MORNING):
        city = make_city()
        matter = city.problem(lead_unit_id=None, supporting_unit_ids=[])
        seen = matter.version
    results = at_once(
        lambda: actions.accept_matter(city.clerk, matter.pk, seen=seen),
        lambda: actions.refuse_matter(
            city.other_clerk, matter.pk, reason="不属本办", remedy="向上反映", seen=seen
        ),
    )
    assert sorted(type(r).__name__ for r in results) == ["Conflict", "Matter"]
    late = next(r for r in results if isinstance(r, Conflict))
    assert any(name in str(late) for name in ("办公室文员", "办公室督查岗"))


@pytest.mark.django_db(transaction=True)
def test_numbers_filed_at_once_are_given_once_and_without_a_gap() -> None:
    with clock.frozen(MORNING):
        city = make_city()
    results = at_once(*[lambda: city.problem().code for _ in range(6)])
    assert sorted(map(str, results)) == [f"WT-2026-{n:04d}" for n in range(1, 7)]
    assert connection.is_usable() and not Attachment.objects.exists()
