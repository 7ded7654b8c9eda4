"""A letter's way: draft, approval, issue; receipt, circulation, replies, urging, withdrawal; what each refuses."""

import datetime as dt
import threading
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.db import connections

from shiyu.documents.actions import store_document
from shiyu.documents.models import Document
from shiyu.kernel.actor import Actor
from shiyu.kernel.spec.pack import Pack
from shiyu.letters import actions, jobs
from shiyu.letters.actions import going_out
from shiyu.letters.events import LetterIssued
from shiyu.letters.models import Letter, Reply
from shiyu.letters.queries import (
    answers_shown,
    counts_of,
    letter_in_pdf,
    letter_package,
    letters_for_desk,
    number_to_come,
    workdays_late,
)
from shiyu.letters.tests.conftest import NOON, THING, Small, both, make_pack, make_small
from shiyu.letters.tests.test_actions import issue
from shiyu.lib import clock
from shiyu.lib.errors import Conflict, NotAllowed, NotVisible, UserError
from shiyu.lib.ids import new_id
from shiyu.notices.models import Notice
from shiyu.packs.models import PackVersion
from shiyu.packs.queries import content_of, current_pack, digest_of, forget_pack_in_force
from shiyu.people.models import Appointment, Post, Unit, User
from shiyu.places.models import Area

pytestmark = pytest.mark.django_db

FORMAL = {
    "warning": {
        "label": both("风险提示函"),
        "number": {"pattern": "{{unit}}提〔{{year}}〕{{n}}号"},
        "reply": {"n": 5},
        "formal": True,
        "orders": True,
        "counts_as": both("一函"),
    },
    "retraction": {
        "label": both("撤回函"),
        "number": {"pattern": "{{unit}}撤〔{{year}}〕{{n}}号"},
        "formal": True,
        "use": "withdrawal",
    },
    "answer": {"label": both("复函"), "number": {"pattern": "{{unit}}复〔{{year}}〕{{n}}号"}, "use": "reply"},
}


@pytest.fixture
def formal(small: Small, files_elsewhere: None) -> Small:
    """The small city, whose pack has kinds that go out for approval."""
    whole = make_pack().model_dump(mode="json", exclude_none=True)
    whole["letter"] |= FORMAL
    content = content_of(Pack.model_validate(whole))
    PackVersion.objects.create(
        code="post", version="2", digest=digest_of(content), content=content, in_force_since=clock.now()
    )
    forget_pack_in_force()
    yield small
    forget_pack_in_force()


def draft(small: Small, **changes: Any) -> Letter:
    given: dict[str, Any] = {
        "kind": "warning",
        "unit_id": small.office.pk,
        "title": "关于防范用电风险的函",
        "body": "请组织核实。",
        "recipients": [small.water.pk],
    }
    return actions.draft_letter(small.head, **(given | changes))


def stamped(small: Small, name: str = "正式文件.pdf", content: bytes = b"%PDF-1.4 stamped") -> Document:
    return store_document(small.head, kind="formal", upload=ContentFile(content, name))  # type: ignore[arg-type]


def out(small: Small, letter: Letter | None = None, **changes: Any) -> Letter:
    """A letter all the way out."""
    made = letter or draft(small)
    actions.submit_letter(small.head, made.pk)
    given: dict[str, Any] = {
        "number": number_to_come(made),
        "issued_on": clock.today(),
        "signer": "主任",
        "formal_document": stamped(small),
    }
    return actions.register_issue(small.head, made.pk, **(given | changes))


def test_a_draft_counts_for_nothing_until_the_formal_file_is_back(formal: Small) -> None:
    letter = draft(formal)
    assert (letter.state, letter.number, letter.number_text) == ("draft", None, "")
    assert not Letter.objects.visible_to(formal.water_liaison).exists()
    assert not letters_for_desk(formal.water_liaison)
    first = dt.date(2026, 1, 1)
    assert counts_of(formal.head, first, clock.today()).by_kind == {}
    with pytest.raises(UserError):
        actions.issue_draft(formal.head, letter.pk)
    with pytest.raises(UserError) as refused:
        issue(formal, kind="warning")
    assert refused.value.field == "kind"
    issued = out(formal, letter)
    assert issued.number_text == "市域办提〔2026〕1号" and issued.signer == "主任"
    assert issued.reply_by == dt.date(2026, 11, 9)
    assert counts_of(formal.head, first, clock.today()).by_kind == {"warning": 1}
    assert [item.why for item in letters_for_desk(formal.water_liaison)]


def test_what_came_back_is_checked(formal: Small) -> None:
    letter = draft(formal)
    with pytest.raises(Conflict):
        actions.register_issue(
            formal.head, letter.pk, number=1, issued_on=clock.today(), signer="x", formal_document=None
        )
    actions.submit_letter(formal.head, letter.pk)
    given = {
        "number": 7,
        "issued_on": clock.today(),
        "signer": "主任",
        "formal_document": stamped(formal),
    }
    for changes, field in (
        ({"signer": " "}, "signer"),
        ({"issued_on": clock.today() + dt.timedelta(days=1)}, "issued_on"),
        ({"formal_document": None}, "formal_file"),
    ):
        with pytest.raises(UserError) as refused:
            actions.register_issue(formal.head, letter.pk, **(given | changes))
        assert refused.value.field == field
    assert actions.register_issue(formal.head, letter.pk, **given).number == 7
    assert number_to_come(letter) == 8  # the series goes on above it
    with pytest.raises(UserError) as refused:
        out(formal, number=7)
    assert refused.value.field == "number"


def test_a_marked_formal_file_is_refused_and_nothing_kept(formal: Small) -> None:
    with pytest.raises(UserError):
        stamped(formal, "机密文件.pdf")
    assert not Document.objects.exists()


CHANGES = {
    "edit": lambda small, pk: actions.edit_letter(
        small.head, pk, title="x", body="y", recipients=[small.water.pk]
    ),
    "issue again": lambda small, pk: actions.issue_draft(small.head, pk),
    "submit": lambda small, pk: actions.submit_letter(small.head, pk),
    "take back": lambda small, pk: actions.take_back_letter(small.head, pk, reason="改一改"),
    "drop": lambda small, pk: actions.drop_letter(small.head, pk, reason="不要了"),
    "register": lambda small, pk: actions.register_issue(
        small.head, pk, number=9, issued_on=clock.today(), signer="x", formal_document=stamped(small)
    ),
}


@pytest.mark.parametrize("change", CHANGES)
def test_an_issued_letter_never_changes(change: str, formal: Small) -> None:
    letter = out(formal)
    before = Letter.objects.filter(pk=letter.pk).values().get()
    with pytest.raises(Conflict, match=r"印发|issued|approval"):
        CHANGES[change](formal, letter.pk)
    assert Letter.objects.filter(pk=letter.pk).values().get() == before


def test_out_for_approval_it_is_closed_and_can_be_taken_back(formal: Small) -> None:
    letter = draft(formal)
    actions.submit_letter(formal.head, letter.pk)
    with pytest.raises(Conflict):
        actions.edit_letter(formal.head, letter.pk, title="x", body="y", recipients=[formal.water.pk])
    with pytest.raises(UserError):
        actions.take_back_letter(formal.head, letter.pk, reason=" ")
    actions.take_back_letter(formal.head, letter.pk, reason="称谓不对")
    edited = actions.edit_letter(
        formal.head, letter.pk, title="改题", body="改文", recipients=[formal.police.pk]
    )
    assert edited.title == "改题" and edited.recipients.get().unit == formal.police
    with pytest.raises(NotVisible):
        actions.edit_letter(formal.water_liaison, letter.pk, title="x", body="y", recipients=[])
    actions.drop_letter(formal.head, letter.pk, reason="不再需要")
    assert Letter.objects.get(pk=letter.pk).state == "dropped"


def test_a_deed_has_one_letter_and_a_dropped_draft_makes_room(formal: Small) -> None:
    deed = new_id()
    bound = actions.Bound((THING, new_id()), occasion_id=deed)
    letter = draft(formal, bound=bound)
    with pytest.raises(Conflict):
        draft(formal, bound=bound)
    actions.drop_letter(formal.head, letter.pk, reason="写错对象")
    assert draft(formal, bound=bound).state == "draft"


def test_a_withdrawal_goes_the_same_way_and_the_first_holds_until_it_is_out(formal: Small) -> None:
    letter = out(formal)
    made = actions.withdraw_letter(formal.head, letter.pk, reason="对象有误")
    letter.refresh_from_db()
    assert (made.state, made.kind, letter.state) == ("draft", "retraction", "issued")
    with pytest.raises(Conflict):
        actions.withdraw_letter(formal.head, letter.pk, reason="再撤")
    out(formal, made)
    letter.refresh_from_db()
    made.refresh_from_db()
    assert (letter.state, letter.withdrawn_by, letter.withdrawal_reason) == ("withdrawn", made, "对象有误")
    assert made.number_text == "市域办撤〔2026〕1号" and made.reply_by is None
    with pytest.raises(Conflict):
        actions.reply_letter(formal.water_liaison, letter.pk, reply="迟了")
    assert {row.outcome for row in answers_shown(formal.head)} == {"ended", "none"}


def test_a_reply_is_sent_back_and_then_accepted(small: Small) -> None:
    letter = issue(small, recipients=[small.water.pk])
    actions.reply_letter(small.water_liaison, letter.pk, reply="已阅")
    (reply,) = Reply.objects.all()
    for changes in ({"verdict": "sent_back"}, {"verdict": "odd"}):
        with pytest.raises(UserError):
            actions.judge_reply(small.head, reply.pk, **changes)
    with pytest.raises(NotAllowed):
        actions.judge_reply(small.water_liaison, reply.pk, verdict="accepted")
    with pytest.raises(NotVisible):
        actions.judge_reply(small.head, new_id(), verdict="accepted")
    day = dt.date(2026, 11, 13)
    actions.judge_reply(small.head, reply.pk, verdict="sent_back", reason="没有写措施", reply_by=day)
    row = letter.recipients.get()
    assert (row.replied_at, row.reply_by) == (None, day)
    with pytest.raises(Conflict):
        actions.judge_reply(small.head, reply.pk, verdict="accepted")
    actions.reply_letter(small.water_liaison, letter.pk, reply="已更换线路四十米")
    again = Reply.objects.get(verdict="")
    assert again.reply_by == day
    actions.judge_reply(small.head, again.pk, verdict="accepted")
    assert letter.recipients.get().replied_at is not None and not letters_for_desk(small.head)


def test_a_late_reply_says_by_how_many_workdays(small: Small) -> None:
    letter = issue(small, recipients=[small.water.pk])  # by Monday 9 November
    assert [row.outcome for row in answers_shown(small.head)] == ["open"]
    with clock.frozen(NOON.replace(day=12)):
        assert [row.outcome for row in answers_shown(small.head)] == ["late"]
        actions.reply_letter(small.water_liaison, letter.pk, reply="迟复")
        assert [row.outcome for row in answers_shown(small.head)] == ["answered_late"]
    reply = Reply.objects.get()
    assert workdays_late(reply.reply_by, reply.replied_at) == 3
    assert (
        workdays_late(dt.date(2026, 11, 13), clock.now().replace(day=14)) == 1
    )  # a Saturday: late all the same
    assert workdays_late(dt.date(2026, 11, 13), clock.now().replace(day=13)) == 0


def test_one_copied_in_receives_and_owes_nothing(small: Small) -> None:
    letter = issue(small, recipients=[small.water.pk], copies=[small.police.pk])
    actions.receive_letter(small.police_liaison, letter.pk)
    assert not letters_for_desk(small.police_liaison)
    with pytest.raises(NotAllowed):
        actions.reply_letter(small.police_liaison, letter.pk, reply="也答一下")
    assert [row.unit for row in answers_shown(small.head)] == [small.water]


def holder(unit: Unit, name: str) -> tuple[Post, Actor]:
    """A post of a unit and the person in it."""
    post = Post.objects.create(code=f"post_{name}", unit=unit, name=name)
    user = User.objects.create(username=f"user-{name}", name=name)
    Appointment.objects.create(post=post, user=user, valid_from=dt.date(2026, 1, 1))
    return post, Actor(user.pk, name, {unit.pk: frozenset()}, home_unit_id=unit.pk)


def test_circulated_to_posts_of_the_own_unit_and_ticked(small: Small) -> None:
    letter = issue(small, recipients=[small.water.pk])
    post, deputy = holder(small.water, "副局长")
    other, stranger = holder(small.police, "别的局")
    with pytest.raises(Conflict):
        actions.circulate_letter(small.water_liaison, letter.pk, post_ids=[post.pk])  # not received yet
    actions.receive_letter(small.water_liaison, letter.pk)
    for wrong in ([], [other.pk], [new_id()]):
        with pytest.raises(UserError):
            actions.circulate_letter(small.water_liaison, letter.pk, post_ids=wrong)
    (row,) = actions.circulate_letter(small.water_liaison, letter.pk, post_ids=[post.pk], note="请阅示")
    with pytest.raises(UserError):
        actions.circulate_letter(small.water_liaison, letter.pk, post_ids=[post.pk])
    assert [item.title for item in letters_for_desk(deputy)] == [letter.title]
    with pytest.raises(NotVisible):
        actions.read_circulated(stranger, row.pk)
    assert actions.read_circulated(deputy, row.pk, word="请供水科办").word == "请供水科办"
    with pytest.raises(Conflict):
        actions.read_circulated(deputy, row.pk)
    assert not letters_for_desk(deputy)


def test_urged_by_hand_and_by_the_clock(small: Small, django_capture_on_commit_callbacks: Any) -> None:
    user = User.objects.create(username="w", name="水务联络员")
    post = Post.objects.create(code="w1", unit=small.water, name="联络员", roles=["clerk"])
    Appointment.objects.create(post=post, user=user, valid_from=dt.date(2026, 1, 1))
    letter = issue(small, recipients=[small.water.pk])  # reply by 9 November, a Monday
    with pytest.raises(UserError):
        actions.urge_letter(small.head, letter.pk, words=" ")
    with pytest.raises(NotAllowed):
        actions.urge_letter(small.water_liaison, letter.pk, words="快")
    actions.urge_letter(small.head, letter.pk, words="请抓紧反馈")
    assert letter.recipients.get().urged_times == 1
    hours = dt.timedelta(hours=1)

    def told(day: int) -> int:
        until = dt.datetime(2026, 11, day, 8, tzinfo=clock.CITY_ZONE)
        with clock.frozen(until):
            return jobs.tell_due(until - 24 * hours, until)

    assert [told(day) for day in range(3, 14)] == [
        0,
        0,
        0,
        1,
        0,
        0,
        0,
        1,
        0,
        0,
        0,
    ]  # Friday before, Tuesday after
    with clock.frozen(dt.datetime(2026, 11, 13, 8)):
        assert jobs.tell_due(clock.now() - 240 * hours, clock.now()) == 1  # after a stop: once
    actions.reply_letter(small.water_liaison, letter.pk, reply="已复")
    with pytest.raises(Conflict):
        actions.urge_letter(small.head, letter.pk, words="再催")


def test_answered_by_a_letter_of_its_own(formal: Small) -> None:
    letter = issue(formal, recipients=[formal.water.pk])
    writer = Actor(new_id(), "水务办", {formal.water.pk: frozenset({"matter.handle", "letter.issue"})})
    given = {"kind": "answer", "title": "复函", "body": "已经办妥。", "recipients": [formal.office.pk]}
    bound = actions.Bound(answers_id=letter.recipients.get().pk)
    with pytest.raises(NotAllowed):
        actions.draft_letter(formal.head, bound, unit_id=formal.office.pk, **given)
    made = actions.draft_letter(writer, bound, unit_id=formal.water.pk, **given)
    assert not Reply.objects.exists()
    actions.issue_draft(writer, made.pk)
    reply = Reply.objects.get()
    assert reply.letter == made and reply.recipient.replied_at is not None


def test_an_answer_does_nothing_to_what_the_letter_is_about(
    formal: Small, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever answers writes for their own unit: a kind that starts supervision or a limit is theirs to choose, but
    not theirs to order."""
    whole = current_pack().model_dump(mode="json", exclude_none=True)
    whole["letter"]["answer"]["effect"] = "supervise"
    content = content_of(Pack.model_validate(whole))
    PackVersion.objects.create(
        code="post", version="3", digest=digest_of(content), content=content, in_force_since=clock.now()
    )
    forget_pack_in_force()
    letter = issue(formal, recipients=[formal.water.pk], subject=(THING, new_id()))
    writer = Actor(new_id(), "水务办", {formal.water.pk: frozenset({"matter.handle", "letter.issue"})})
    given = {"kind": "answer", "title": "复函", "body": "已经办妥。", "recipients": [formal.office.pk]}
    heard: list[Any] = []
    monkeypatch.setattr(going_out, "emit", heard.append)
    bound = actions.Bound(answers_id=letter.recipients.get().pk)
    made = actions.draft_letter(writer, bound, unit_id=formal.water.pk, **given)
    actions.issue_draft(writer, made.pk)
    assert [event.effect for event in heard if isinstance(event, LetterIssued)] == [""]


@pytest.mark.parametrize("kind", ["notice", "warning"])
def test_a_day_to_reply_by_that_passed_while_it_was_a_draft_is_refused(kind: str, formal: Small) -> None:
    letter = draft(formal, kind=kind, reply_by=clock.today())
    with clock.frozen(NOON + dt.timedelta(days=2)), pytest.raises(UserError) as refused:
        if kind == "warning":
            out(formal, letter)
        else:
            actions.issue_draft(formal.head, letter.pk)
    assert refused.value.field == "reply_by"
    letter.refresh_from_db()
    assert letter.number is None


def lower(small: Small) -> Unit:
    """A government below the office's area."""
    city = Area.objects.create(code="990100000000", name="试市", level="city", path="99.9901")
    town = Area.objects.create(code="990101001000", name="试镇", level="town", path="99.9901.01", parent=city)
    Unit.objects.filter(pk=small.office.pk).update(area=city)
    return Unit.objects.create(
        code="town", name="试镇人民政府", kind="government", area=town, protocol_order=9
    )


def test_a_doubt_is_answered_or_mended_and_stays_on_record(formal: Small) -> None:
    town = lower(formal)
    cases = (
        ({"recipients": [town.pk]}, "order_from_coordinating_body"),
        ({"body": "字" * 4001}, "too_long"),
        ({"body": "请于月底前书面报送贯彻落实情况。"}, "report_on_implementation"),
        ({"body": "请联系来访人13912345678核实。"}, "number_of_a_person"),
    )
    for changes, code in cases:
        with pytest.raises(UserError) as refused:
            draft(formal, **changes)
        assert refused.value.field == "despite"
        made = draft(formal, despite="经主任同意", **changes)
        assert (made.doubts, made.despite) == ([code], "经主任同意")
    assert draft(formal, despite="没有疑点时不留").despite == ""
    # Told as a reminder of the competent department it raises no doubt.
    assert draft(formal, kind="notice", recipients=[town.pk]).doubts == []


def test_on_paper_before_and_after(formal: Small) -> None:
    letter = draft(formal, contact="联系人：办公室，电话：0000-1234567", copies=[formal.police.pk])
    assert letter_in_pdf(letter)[:5] == b"%PDF-" and letter_in_pdf(letter) == letter_in_pdf(letter)
    assert letter_package(letter)[:2] == b"PK"


@pytest.mark.django_db(transaction=True)
def test_two_letters_for_one_deed_at_the_same_moment() -> None:
    with clock.frozen(NOON):
        small = make_small()
    deed, gate = new_id(), threading.Barrier(2)
    ended: list[str] = []

    def run() -> None:
        try:
            gate.wait(timeout=10)
            with clock.frozen(NOON):
                issue(small, subject=(THING, deed), occasion_id=deed)
            ended.append("issued")
        except Conflict:
            ended.append("refused")
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert sorted(ended) == ["issued", "refused"]
    assert Letter.objects.filter(occasion_id=deed).count() == 1 and Letter.objects.get().number == 1


def test_notices_reach_who_must_act(small: Small) -> None:
    user = User.objects.create(username="p", name="公安联络员")
    post = Post.objects.create(code="p1", unit=small.police, name="联络员")
    Appointment.objects.create(post=post, user=user, valid_from=dt.date(2026, 1, 1))
    letter = issue(small, recipients=[small.police.pk])
    payload = {"letter_id": str(letter.pk), "number": letter.number_text, "title": letter.title}
    jobs.tell_letter_circulated(payload | {"post_ids": [str(post.pk)]})
    assert Notice.objects.get(user=user).subject_id == letter.pk
