"""Actor, conditions, measures and document texts."""

from uuid import uuid4

import pytest
from pydantic import ValidationError

from shiyu.kernel.actor import SYSTEM, Actor
from shiyu.kernel.conditions import Range, holds, holds_any
from shiyu.kernel.documents import fill, names_in
from shiyu.kernel.measures import MEASURES, MeasureUnit, rate
from shiyu.kernel.rights import RIGHTS
from shiyu.kernel.verbs import VERBS


def test_a_right_holds_in_its_own_unit_only() -> None:
    home, other = uuid4(), uuid4()
    liaison = Actor(uuid4(), "liaison", {home: frozenset({"report.fill"}), other: frozenset()})
    assert liaison.has("report.fill")
    assert liaison.has("report.fill", home)
    assert not liaison.has("report.fill", other)
    assert liaison.units_with("report.fill") == {home}
    assert not liaison.is_administrator


def test_a_right_that_does_not_exist_is_a_mistake_not_a_refusal() -> None:
    with pytest.raises(KeyError):
        SYSTEM.has("report.fil")


def test_the_audit_administrator_is_an_administrator() -> None:
    assert Actor(uuid4(), "auditor", {uuid4(): frozenset({"audit.read"})}).is_administrator


def test_every_verb_asks_for_a_right_that_exists() -> None:
    assert {verb.right for verb in VERBS.values()} <= set(RIGHTS)


def test_all_facts_of_a_row_must_hold_and_or_is_another_row() -> None:
    county = {"kind": "government", "level": "county"}
    assert holds(county, {"kind": "government", "level": "county", "area": "1"})
    assert not holds(county, {"kind": "government", "level": "town"})
    assert holds_any([{"kind": "firm"}, county], {"kind": "government", "level": "county"})
    assert not holds_any([], {"kind": "firm"})


def test_a_list_means_any_of_them_and_a_range_includes_its_ends() -> None:
    assert holds({"level": ("county", "town")}, {"level": "town"})
    assert holds({"days": Range(min=3, max=10)}, {"days": 10})
    assert not holds({"days": Range(min=3)}, {"days": 2})
    assert holds({"has_upper_centre": "true"}, {"has_upper_centre": True})


def test_a_fact_that_is_not_known_never_holds() -> None:
    assert not holds({"level": "town"}, {})
    assert not holds({"days": Range(max=10)}, {"days": None})


def test_a_range_without_ends_is_refused() -> None:
    with pytest.raises(ValidationError):
        Range()


def test_a_rate_without_base_is_no_number() -> None:
    assert rate(0, 0) is None
    assert rate(3, 4) == 0.75


def test_every_rate_is_made_of_measures_that_exist() -> None:
    rates = [measure for measure in MEASURES.values() if measure.unit is MeasureUnit.RATE]
    assert rates
    assert all(measure.part in MEASURES and measure.base in MEASURES for measure in rates)


def test_what_is_put_into_a_template_is_never_read_as_a_template() -> None:
    assert fill("致{{ unit }}：{{n}}", {"unit": "{{n}}", "n": 1}) == "致{{n}}：1"
    assert names_in("{{a}}和{{ b }}") == ["a", "b"]
    with pytest.raises(KeyError):
        fill("{{missing}}", {})
