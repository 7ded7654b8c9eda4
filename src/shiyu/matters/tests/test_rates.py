"""Counts and rates of a month equal what counting by hand gives, and each number opens its rows."""

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from shiyu.kernel.actor import SYSTEM
from shiyu.kernel.rates import RATES
from shiyu.lib import clock
from shiyu.matters import actions
from shiyu.matters.models import Matter
from shiyu.matters.queries import rates
from shiyu.matters.queries.rates import Span, UnitRates, rates_by_unit, rows_behind, solved_by_level
from shiyu.matters.tests.test_ways import MORNING, Units, at, dispute, loaded, sent, town
from shiyu.people.models import Unit, User

__all__ = ["loaded", "town"]
NEXT = dt.datetime(2026, 10, 1, tzinfo=clock.CITY_ZONE)
SEPTEMBER = Span(dt.datetime(2026, 9, 1, tzinfo=clock.CITY_ZONE), NEXT)


def row_of(unit: Unit, span: Span = SEPTEMBER) -> UnitRates:
    return next(row for row in rates_by_unit(SYSTEM, span) if row.unit == unit)


def settled(town: Units, outcome: str = "agreement", **more: object) -> Matter:
    matter, desk = dispute(town, **more), at(town("t_centre"), "centre_clerk")
    actions.VERB_ACTIONS["sort"](desk, matter.pk, sort_class="small")
    return actions.VERB_ACTIONS["settle"](desk, matter.pk, result="说和", outcome=outcome)


def test_counts_are_what_happened_and_merged_ones_say_nothing(town: Units) -> None:
    centre, desk = town("t_centre"), at(town("t_centre"), "centre_clerk")
    first = settled(town)
    actions.VERB_ACTIONS["rate"](desk, first.pk, rating=5)
    open_one, other = dispute(town), dispute(town)
    actions.VERB_ACTIONS["merge"](desk, other.pk, other=open_one.code, reason="同一件事")
    row = row_of(centre)
    assert row.counts == {
        "received": 3,
        "closed": 1,
        "on_time": 1,
        "reworked": 0,
        "reopened": 0,
        "falsely_closed": 0,
        "rated": 1,
        "satisfied": 1,
    }
    assert (row.rate("on_time"), row.rate("misdispatched"), row.rate("received")) == (1.0, None, None)
    assert solved_by_level(SYSTEM, SEPTEMBER) == {"town": 1}
    assert rates_by_unit(SYSTEM, Span(NEXT, NEXT + dt.timedelta(days=31))) == []


def test_what_is_closed_after_its_limit_is_not_on_time(town: Units) -> None:
    matter, desk = dispute(town), at(town("t_centre"), "centre_clerk")
    actions.VERB_ACTIONS["sort"](desk, matter.pk, sort_class="small")
    with clock.frozen(MORNING + dt.timedelta(days=20)):
        actions.VERB_ACTIONS["settle"](desk, matter.pk, result="说和")
    row = row_of(town("t_centre"))
    assert (row.counts["closed"], row.counts["on_time"]) == (1, 0)


def test_a_matter_closed_while_the_counts_are_read_breaks_nothing(
    town: Units, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first one of a unit, closed between the counts and the false closures, and it came up again."""
    asked = rates._false_closure

    def meanwhile(span: Span) -> Any:
        settled(town)
        with clock.frozen(MORNING + dt.timedelta(days=5)):
            dispute(town)
        return asked(span)

    monkeypatch.setattr(rates, "_false_closure", meanwhile)
    assert row_of(town("t_centre")).counts["falsely_closed"] == 1


def test_the_same_again_in_the_same_place_makes_a_false_closure(town: Units) -> None:
    settled(town)
    with clock.frozen(MORNING + dt.timedelta(days=5)):
        dispute(town)
        other_topic = settled(town, topic="family")
    with clock.frozen(MORNING + dt.timedelta(days=90)):
        dispute(town, topic="family")  # after the kind's sixty days
    assert row_of(town("t_centre")).counts["falsely_closed"] == 1
    behind = rows_behind(SYSTEM, SEPTEMBER, town("t_centre").pk, "falsely_closed")
    assert behind.count() == 1 and other_topic not in behind


def test_a_wrong_dispatch_counts_for_the_sender(town: Units) -> None:
    matter, desk = sent(town), at(town("t_centre"), "centre_clerk")
    actions.return_assignment(at(town("gc_land"), "handler"), matter.pk, reason="不属本局职责")
    actions.consent_return(desk, matter.pk)
    actions.dispatch_matter(desk, matter.pk, unit_id=town("t_justice").pk)
    row = row_of(town("t_centre"))
    assert (row.counts["dispatched"], row.counts["misdispatched"], row.rate("misdispatched")) == (2, 1, 0.5)


def test_every_number_is_the_number_of_its_rows(town: Units) -> None:
    settled(town)
    matter = sent(town)
    actions.return_assignment(at(town("gc_land"), "handler"), matter.pk, reason="不属本局职责")
    actions.consent_return(at(town("t_centre"), "centre_clerk"), matter.pk)
    row = row_of(town("t_centre"))
    for code in RATES:
        behind = rows_behind(SYSTEM, SEPTEMBER, row.unit.pk, code)
        assert behind.count() == row.counts.get(code, 0), code


def test_only_what_a_person_sees_is_counted(town: Units) -> None:
    settled(town)
    assert rates_by_unit(at(town("yl_centre"), "centre_head"), SEPTEMBER) == []
    assert [row.unit for row in rates_by_unit(at(town("gc_centre"), "centre_head"), SEPTEMBER)] == [
        town("t_centre")
    ]


def test_the_page_shows_rates_levels_and_rows(town: Units, client: Client) -> None:
    matter = settled(town)
    client.force_login(
        User.objects.get(username="city-head"), backend="django.contrib.auth.backends.ModelBackend"
    )
    page = client.get(reverse("matter_rates") + "?month=2026-09&kind=dispute").content.decode()
    assert "乡镇（街道）化解" in page and "1（100.0%）" in page and town("t_centre").display_short in page
    url = reverse("matter_rate_rows", args=["2026-09", town("t_centre").pk, "closed"])
    assert f"{url}?of=dispute" in page
    assert matter.code in client.get(f"{url}?of=dispute").content.decode()
    assert matter.code not in client.get(f"{url}?of=hazard").content.decode()
    assert client.get(reverse("matter_rates") + "?month=1999-01").status_code == 404
    export = client.get(reverse("matter_rates") + "?month=2026-09&export=xlsx")
    assert export.status_code == 200


@pytest.mark.parametrize("code", ["nothing", "closed-x"])
def test_a_number_that_does_not_exist_is_not_found(town: Units, client: Client, code: str) -> None:
    client.force_login(
        User.objects.get(username="city-head"), backend="django.contrib.auth.backends.ModelBackend"
    )
    url = reverse("matter_rate_rows", args=["2026-09", town("t_centre").pk, code])
    assert client.get(url).status_code == 404
