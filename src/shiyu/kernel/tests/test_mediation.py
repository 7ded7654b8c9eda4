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
    says_agreement,
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


@pytest.mark.parametrize(
    "said",
    [
        "已达成书面调解协议",
        "经劝说，调解成功",
        "两家握手言和",
        "对方起初不同意赔偿，后双方达成协议",
        "The sides reached an agreement",
    ],
)
def test_a_text_that_says_agreed(said: str) -> None:
    assert says_agreement(said)


@pytest.mark.parametrize(
    "said",
    [
        "未达成协议",
        "双方未能就赔偿金额达成一致意见",
        "双方始终无法就面积达成一致",
        "双方不愿签订调解协议",
        "一方拒绝签署协议",
        "尚未正式签订协议",
        "未能调解成功",
        "已转诉讼",
        "The sides had not yet reached an agreement",
    ],
)
def test_a_text_that_says_they_did_not_agree(said: str) -> None:
    assert not says_agreement(said)
