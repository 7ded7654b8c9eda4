"""Letters and instructions: each action done and refused."""

import datetime as dt
import io
import threading
from typing import Any

import pytest
from django.db import connections
from docx import Document as open_word

from shiyu.audit.models import AuditEntry
from shiyu.letters import actions
from shiyu.letters.models import Instruction, Letter
from shiyu.letters.queries import (
    instructions_of,
    letter_in_word,
    letters_of,
    open_instructions,
    unanswered_letters,
)
from shiyu.letters.tests.conftest import NOON, THING, Small, make_small
from shiyu.lib import clock
from shiyu.lib.errors import Conflict, NotAllowed, NotVisible, UserError
from shiyu.lib.ids import new_id


def issue(small: Small, **changes: Any) -> Letter:
    given: dict[str, Any] = {
        "kind": "opinion",
        "unit_id": small.office.pk,
        "title": "关于征求意见的函",
        "body": "现将方案送你单位。\n请按时反馈。",
        "recipients": [small.water.pk, small.police.pk],
    }
    return actions.issue_letter(small.head, **(given | changes))


def test_numbers_run_by_unit_kind_and_year(small: Small) -> None:
    assert [issue(small).number_text for _ in range(2)] == ["市域办函〔2026〕1号", "市域办函〔2026〕2号"]
    assert issue(small, kind="notice").number_text == "告〔2026〕1号"
    with clock.frozen(NOON.replace(year=2027)):
        assert issue(small).number_text == "市域办函〔2027〕1号"


def test_a_refused_letter_takes_no_number(small: Small) -> None:
    for changes, field in (
        ({"kind": "poem"}, "kind"),
        ({"title": " "}, "title"),
        ({"body": ""}, "body"),
        ({"recipients": []}, "recipients"),
        ({"recipients": [new_id()]}, "recipients"),
        ({"reply_by": dt.date(2026, 10, 1)}, "reply_by"),
    ):
        with pytest.raises(UserError) as refused:
            issue(small, **changes)
        assert refused.value.field == field
    with pytest.raises(NotAllowed):
        actions.issue_letter(
            small.clerk,
            kind="opinion",
            unit_id=small.office.pk,
            title="x",
            body="x",
            recipients=[small.water.pk],
        )
    assert issue(small).number == 1


def test_the_kinds_limit_says_when_to_reply(small: Small) -> None:
    assert issue(small).reply_by == dt.date(2026, 11, 9)
    assert issue(small, reply_by=dt.date(2026, 11, 20)).reply_by == dt.date(2026, 11, 20)
    assert issue(small, kind="notice").reply_by is None


def test_receipt_and_reply_by_each_recipient(small: Small) -> None:
    letter = issue(small)
    assert [row.letter for row in unanswered_letters(small.water_liaison)] == [letter]
    actions.receive_letter(small.water_liaison, letter.pk)
    with pytest.raises(Conflict):
        actions.receive_letter(small.water_liaison, letter.pk)
    with pytest.raises(UserError):
        actions.reply_letter(small.water_liaison, letter.pk, reply=" ")
    first = actions.reply_letter(small.water_liaison, letter.pk, reply="无意见")
    actions.reply_letter(small.water_liaison, letter.pk, reply="再补充一点")
    assert [reply.text for reply in first.replies.order_by("id")] == ["无意见", "再补充一点"]
    row = actions.reply_letter(small.police_liaison, letter.pk, reply="建议修改")
    assert row.received_at is not None and not unanswered_letters(small.water_liaison)
    with pytest.raises(NotAllowed):
        actions.reply_letter(small.head, letter.pk, reply="不是收件单位")
    with pytest.raises(NotVisible):
        actions.receive_letter(small.police_liaison, issue(small, recipients=[small.water.pk]).pk)


def test_withdrawn_with_a_reason_by_another_letter(small: Small) -> None:
    letter = issue(small)
    with pytest.raises(NotAllowed):
        actions.withdraw_letter(small.water_liaison, letter.pk, reason="x")
    with pytest.raises(UserError):
        actions.withdraw_letter(small.head, letter.pk, reason="")
    made = actions.withdraw_letter(small.head, letter.pk, reason="附件有误")
    letter.refresh_from_db()
    assert letter.state == "withdrawn" and letter.number == 1 and letter.withdrawn_by == made
    assert (made.number, made.reply_by, made.withdraws_id) == (2, None, letter.pk)
    assert letter.number_text in made.body and letter.title in made.body
    assert set(made.recipients.values_list("unit_id")) == set(letter.recipients.values_list("unit_id"))
    assert not unanswered_letters(small.water_liaison)[1:]  # only the withdrawal itself, to be received
    with pytest.raises(Conflict):
        actions.reply_letter(small.water_liaison, letter.pk, reply="无意见")


def test_word_has_number_addressees_and_the_same_bytes(small: Small) -> None:
    letter = issue(small)
    content = letter_in_word(letter)
    assert content == letter_in_word(letter)
    words = "\n".join(p.text for p in open_word(io.BytesIO(content)).paragraphs)
    for part in ("市域办函〔2026〕1号", "关于征求意见的函", "市水务局、市公安局：", "2026年11月2日"):
        assert part in words


def register(small: Small, **changes: Any) -> Instruction:
    given: dict[str, Any] = {
        "subject": ("plans.task", small.water.pk, "第52项"),
        "leader_post": "分管市领导",
        "instructed_on": dt.date(2026, 11, 1),
        "text": "请水务局抓紧落实。",
        "unit_id": small.water.pk,
        "reply_by": dt.date(2026, 11, 15),
    }
    return actions.register_instruction(small.head, **(given | changes))


def test_instructions_are_registered_answered_and_never_scored(small: Small) -> None:
    row = register(small)
    assert open_instructions(small.water_liaison) == [row] and instructions_of(small.water.pk) == [row]
    with pytest.raises(NotVisible):
        actions.reply_instruction(small.police_liaison, row.pk, reply="x")
    with pytest.raises(UserError):
        actions.reply_instruction(small.water_liaison, row.pk, reply="")
    actions.reply_instruction(small.water_liaison, row.pk, reply="已办结")
    with pytest.raises(Conflict):
        actions.reply_instruction(small.water_liaison, row.pk, reply="再答")
    assert not open_instructions(small.water_liaison)
    assert not [f.name for f in Instruction._meta.get_fields() if "score" in f.name or "grade" in f.name]
    assert AuditEntry.objects.filter(subject_id=row.pk).count() == 2


def test_what_is_wrong_in_an_instruction_is_said_at_its_field(small: Small) -> None:
    for changes, field in (
        ({"leader_post": ""}, "leader_post"),
        ({"instructed_on": dt.date(2026, 12, 1)}, "instructed_on"),
        ({"reply_by": dt.date(2026, 10, 1)}, "reply_by"),
        ({"text": ""}, "text"),
        ({"unit_id": new_id()}, "unit_id"),
    ):
        with pytest.raises(UserError) as refused:
            register(small, **changes)
        assert refused.value.field == field
    with pytest.raises(NotAllowed):
        actions.register_instruction(
            small.clerk,
            subject=("plans.task", small.water.pk, "x"),
            leader_post="x",
            instructed_on=dt.date(2026, 11, 1),
            unit_id=small.water.pk,
            text="x",
        )


def test_letters_of_a_subject(small: Small) -> None:
    letter = issue(small, subject=(THING, small.water.pk))
    assert letters_of(small.water.pk) == [letter]


@pytest.mark.django_db(transaction=True)
def test_letters_issued_at_once_have_numbers_without_a_gap() -> None:
    with clock.frozen(NOON):
        small = make_small()
    numbers: list[int] = []
    gate = threading.Barrier(5)

    def run(title: str) -> None:
        try:
            gate.wait(timeout=10)
            with clock.frozen(NOON):
                numbers.append(issue(small, title=title).number or 0)
        except UserError:
            pass
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(title,)) for title in ("甲", "乙", " ", "丙", "丁")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert sorted(numbers) == [1, 2, 3, 4]
