"""What the law asks of a mediation's end, and how sides are called."""

import pytest

from shiyu.kernel.mediation import (
    AGREED,
    LETTERS,
    MEDIATED,
    MOST_PARTIES,
    NEEDS,
    MediationOutcome,
    Said,
    missing,
    side_label,
)


def test_every_outcome_says_what_it_needs() -> None:
    assert set(NEEDS) == set(MediationOutcome)
    assert AGREED < MEDIATED < set(MediationOutcome)


@pytest.mark.parametrize("outcome", MediationOutcome)
def test_what_is_said_is_not_missing_and_the_rest_is(outcome: MediationOutcome) -> None:
    assert missing(outcome, set(Said), ()) == []
    assert missing(outcome, set(), ()) == list(NEEDS[outcome])


def test_a_pack_asks_more_never_less() -> None:
    assert missing(MediationOutcome.ORAL, {Said.TERMS}, (Said.AMOUNT, Said.TERMS)) == [Said.AMOUNT]


def test_sides_are_called_by_letters() -> None:
    assert [side_label(1), side_label(2, english=True)] == ["当事人甲", "Party B"]
    labels = {side_label(number) for number in range(1, MOST_PARTIES + 1)}
    assert len(labels) == len(LETTERS) == 10
