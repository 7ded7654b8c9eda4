"""What a letter belongs to: who may bind it so, and what becomes of answers and withdrawals that are on their way."""

from typing import Any

import pytest

from shiyu.kernel.actor import Actor
from shiyu.letters import actions
from shiyu.letters.access import Binding, connect_subjects
from shiyu.letters.models import Letter, Reply
from shiyu.letters.queries import letters_of
from shiyu.letters.tests.conftest import THING, Small, person
from shiyu.letters.tests.test_actions import issue
from shiyu.letters.tests.test_ways import draft, formal, out  # noqa: F401 - formal is a fixture
from shiyu.lib.errors import Conflict, NotAllowed, NotVisible
from shiyu.lib.ids import new_id

pytestmark = pytest.mark.django_db


def test_the_subjects_package_is_asked_and_its_refusal_stands(small: Small) -> None:
    asked: list[tuple[Actor, Binding]] = []

    def refuse(actor: Actor, binding: Binding) -> None:
        asked.append((actor, binding))
        raise NotVisible("not yours")

    connect_subjects({THING: refuse})
    thing, deed = new_id(), new_id()
    for write in (issue, draft_notice):
        with pytest.raises(NotVisible):
            write(small, subject=(THING, thing), occasion_id=deed)
    assert asked == [(small.head, Binding(small.office.pk, thing, deed))] * 2
    assert not letters_of(thing) and not Letter.objects.exists()


def draft_notice(small: Small, *, subject: tuple[str, Any], occasion_id: Any = None) -> Letter:
    bound = actions.Bound(subject, occasion_id)
    words = {"kind": "notice", "unit_id": small.office.pk, "title": "函", "body": "函。"}
    return actions.draft_letter(small.head, bound, **words, recipients=[small.water.pk])


def test_what_nobody_answers_for_is_refused(small: Small) -> None:
    with pytest.raises(NotAllowed):
        issue(small, subject=("plans.unheard_of", new_id()))
    with pytest.raises(NotAllowed):
        issue(
            small, occasion_id=new_id()
        )  # a deed without what it was done to would keep the deed's own letter out
    assert not Letter.objects.exists()


def test_nobody_withdraws_anothers_letter_by_a_letter_of_their_own(small: Small) -> None:
    letter = issue(small)
    water = person("水务办", small.water, "letter.issue")
    words = {"kind": "notice", "unit_id": small.water.pk, "title": "撤回", "body": "撤回。"}
    with pytest.raises(NotAllowed):
        actions.issue_letter(water, **words, recipients=[small.police.pk], withdraws_id=letter.pk)
    letter.refresh_from_db()
    assert letter.state == "issued"
    actions.withdraw_letter(small.head, letter.pk, reason="有误")
    with pytest.raises(Conflict):
        given = {**words, "unit_id": small.office.pk}
        actions.issue_letter(small.head, **given, recipients=[small.police.pk], withdraws_id=letter.pk)


def test_a_withdrawal_keeps_what_the_first_was_about(small: Small) -> None:
    """Also where the writer may no longer write about it: a matter that has climbed since."""
    thing = new_id()
    letter = issue(small, subject=(THING, thing))

    def refuse(actor: Actor, binding: Binding) -> None:
        raise NotAllowed("climbed since")

    connect_subjects({THING: refuse})
    made = actions.withdraw_letter(small.head, letter.pk, reason="附件有误")
    assert (made.subject_type, made.subject_id) == (THING, thing)


def test_the_reason_of_a_withdrawal_stands_with_it_until_it_is_out(formal: Small) -> None:  # noqa: F811
    letter = out(formal)
    made = actions.withdraw_letter(formal.head, letter.pk, reason="对象有误")
    letter.refresh_from_db()
    assert (letter.state, letter.withdrawal_reason) == ("issued", "")
    assert made.withdrawal_reason == "对象有误"
    actions.drop_letter(formal.head, made.pk, reason="不撤了")
    letter.refresh_from_db()
    assert letter.withdrawal_reason == ""  # nothing of it stays on a letter that holds
    again = actions.withdraw_letter(formal.head, letter.pk, reason="附件有误")
    out(formal, again)
    letter.refresh_from_db()
    assert (letter.state, letter.withdrawal_reason) == ("withdrawn", "附件有误")


def test_an_answer_drafted_before_the_withdrawal_counts_no_reply(formal: Small) -> None:  # noqa: F811
    letter = out(formal)
    water = person("水务办", formal.water, "matter.handle", "letter.issue")
    bound = actions.Bound(answers_id=letter.recipients.get().pk)
    words = {"kind": "answer", "unit_id": formal.water.pk, "title": "复函", "body": "已核实。"}
    made = actions.draft_letter(water, bound, **words, recipients=[formal.office.pk])
    out(formal, actions.withdraw_letter(formal.head, letter.pk, reason="对象有误"))
    made = actions.issue_draft(water, made.pk)
    assert made.state == "issued" and made.number == 1  # the letter itself goes out
    assert not Reply.objects.exists() and letter.recipients.get().replied_at is None
