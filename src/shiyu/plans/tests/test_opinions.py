"""Asking the units, their answers, what the office made of them (LZ4)."""

import io
import re
from datetime import timedelta

import docx
import pytest
from django.urls import reverse

from shiyu.letters.actions import settle_letter
from shiyu.letters.models import Recipient
from shiyu.lib import clock
from shiyu.lib.errors import Conflict, NotAllowed, NotVisible, UserError
from shiyu.plans.actions.opinions import (
    Given,
    answer_no_opinion,
    answer_slip,
    close_round,
    decide_opinion,
    open_round,
)
from shiyu.plans.actions.tasks import edit_task
from shiyu.plans.forms.opinions import given_answers
from shiyu.plans.models import Edition, Opinion, OpinionRound, OpinionSlip
from shiyu.plans.tests.conftest import City, label, load_small_pack, task


@pytest.fixture
def round_(city: City, draft: Edition) -> OpinionRound:
    return open_round(city.actor("clerk"), draft.pk, clock.today() + timedelta(days=5))


def slip(round_: OpinionRound, code: str) -> OpinionSlip:
    return OpinionSlip.objects.get(round=round_, unit__code=code)


def test_lz4_every_unit_gets_an_item_for_every_task_it_holds(city: City, round_: OpinionRound) -> None:
    items = {
        (s.unit.code, tuple(s.opinions.order_by("task_number").values_list("task_key", flat=True)))
        for s in round_.slips.select_related("unit")
    }
    assert items == {
        ("police", ("t1",)), ("justice", ("t1", "t2")), ("housing", ("t3",)), ("health", ("t3",)),
        ("east", ("t1",)), ("west", ("t1",)),
    }  # fmt: skip
    assert Edition.objects.get(pk=round_.edition_id).state == "consulting"
    with pytest.raises(Conflict):
        open_round(city.actor("clerk"), round_.edition_id, clock.today())


def test_lz4_a_unit_answers_and_the_office_decides_with_reasons(city: City, round_: OpinionRound) -> None:
    mine = slip(round_, "justice")
    first, second = mine.opinions.order_by("task_number")
    with pytest.raises(UserError):
        answer_slip(city.actor("justice"), mine.pk, {first.pk: Given("change", "改为每季度", "")})
    with pytest.raises(NotVisible):
        answer_no_opinion(city.actor("police"), mine.pk)
    answer_slip(city.actor("justice"), mine.pk, {first.pk: Given("change", "改为每季度", "与上级一致")})
    answer_no_opinion(city.actor("justice"), mine.pk)
    mine.refresh_from_db()
    assert mine.answered_at is not None and mine.via == "browser"
    clerk = city.actor("clerk")
    with pytest.raises(UserError):
        decide_opinion(clerk, first.pk, "declined")
    with pytest.raises(NotAllowed):
        decide_opinion(city.actor("police"), first.pk, "adopted")
    with pytest.raises(UserError):
        close_round(clerk, round_.pk)
    decide_opinion(clerk, first.pk, "partly", "先按半年，年底再议")
    with pytest.raises(Conflict):
        decide_opinion(clerk, second.pk, "adopted")
    edit_task(clerk, task(round_.edition, "t1").pk, {"measures": "每季度研究一次。"})
    close_round(clerk, round_.pk)
    first.refresh_from_db()
    assert "每半年研究一次" in first.task_text  # the record keeps what was asked
    assert Opinion.objects.filter(slip__round=round_, answer="open").exists()  # silence stays silence
    with pytest.raises(Conflict):
        answer_no_opinion(city.actor("police"), slip(round_, "police").pk)


def test_the_office_enters_paper(city: City, round_: OpinionRound) -> None:
    mine = slip(round_, "east")
    answer_no_opinion(city.actor("clerk"), mine.pk, via="paper")
    mine.refresh_from_db()
    assert mine.via == "paper" and mine.answered_at
    with pytest.raises(NotVisible):
        answer_no_opinion(city.actor("police"), slip(round_, "west").pk, via="paper")
    with pytest.raises(NotAllowed):
        answer_no_opinion(city.actor("police"), slip(round_, "police").pk, via="paper")


def test_typing_a_wish_is_wishing_a_change() -> None:
    items = [Opinion(task_key="a"), Opinion(task_key="b")]
    typed = {
        f"wanted_{items[0].pk}": "改为三个工作日",
        f"reason_{items[0].pk}": "热线时限短",
        f"wanted_{items[1].pk}": " ",
    }
    assert given_answers(typed, items) == {items[0].pk: Given("change", "改为三个工作日", "热线时限短")}


def test_answering_the_round_answers_its_letter(city: City, draft: Edition) -> None:
    number = {"pattern": "示市域〔{{year}}〕{{n}}号"}
    load_small_pack(
        opinion={"limit": {"n": 5}, "letter": "ask"},
        letter={"ask": {"label": label("征求意见函"), "number": number, "reply": {"n": 5}}},
    )
    round_ = open_round(city.actor("clerk"), draft.pk, clock.today() + timedelta(days=5))
    assert round_.letter_id is not None

    def place(code: str) -> Recipient:
        return Recipient.objects.get(letter=round_.letter_id, unit=city.units[code])

    mine = slip(round_, "justice")
    one = mine.opinions.order_by("task_number")[0]
    answer_no_opinion(city.actor("justice"), mine.pk, one.pk)
    assert place("justice").replied_at is None, "one of its two items is still open"
    answer_no_opinion(city.actor("justice"), mine.pk)
    row = place("justice")
    assert (
        row.replied_at
        and row.received_at
        and row.replies.get().text
        and row.replied_by_name == city.users["justice"].name
    )
    answer_no_opinion(city.actor("clerk"), slip(round_, "east").pk, via="paper")
    assert place("east").replied_at and place("police").replied_at is None
    # Answered once more while the round is open: the letter stays as it was answered.
    answer_slip(city.actor("justice"), mine.pk, {one.pk: Given("change", "改为每季度", "与上级一致")})
    assert place("justice").replied_at == row.replied_at
    with pytest.raises(Conflict):
        settle_letter(city.actor("justice"), round_.letter_id, city.unit("justice"), "再答")


def test_no_opinion_on_the_rest_keeps_what_is_written(city: City, round_: OpinionRound) -> None:
    mine = slip(round_, "justice")
    first, second = mine.opinions.order_by("task_number")
    client, url = city.client("justice"), reverse("opinion_slip", args=[mine.pk])
    page = client.get(url).content.decode()
    assert re.search(r'<button[^>]*form="answers"[^>]*name="none_all"', page), (
        "the button sends what is typed"
    )
    typed = {f"wanted_{first.pk}": "改为每季度", f"reason_{first.pk}": ""}
    refused = client.post(url, {**typed, "none_all": "1"})
    assert refused.status_code == 400
    assert re.search(r"<details open>.*?改为每季度", refused.content.decode(), re.S), "it does not fold up"
    assert set(mine.opinions.values_list("answer", flat=True)) == {"open"}
    assert client.post(url, {**typed, "none": str(first.pk)}).status_code == 400
    typed[f"reason_{first.pk}"] = "与上级一致"
    assert client.post(url, {**typed, "none_all": "1"}).status_code == 302
    rows = dict(mine.opinions.values_list("pk", "answer"))
    assert rows == {first.pk: "change", second.pk: "none"}
    first.refresh_from_db()
    assert (first.wanted, first.reason) == ("改为每季度", "与上级一致")


def test_the_letter_tells_each_unit_its_own_number_of_items(city: City, draft: Edition) -> None:
    text = "《{{plan}}》（{{edition}}）有{{items}}项涉及你单位，请于{{reply_by}}前反馈。"
    load_small_pack(
        opinion={"limit": {"n": 5}, "letter": "ask"},
        letter={
            "ask": {
                "label": label("征求意见函"),
                "number": {"pattern": "示市域〔{{year}}〕{{n}}号"},
                "reply": {"n": 5},
                "template": "ask",
            }
        },
        template={
            "ask": {
                "label": label("征求意见函"), "document": "opinion_letter", "title": "征求意见函", "body": [text],
                "addressee": "{{unit}}：", "closing": "{{office}}",
            }
        },
    )  # fmt: skip
    day = clock.today() + timedelta(days=5)
    round_ = open_round(city.actor("clerk"), draft.pk, day)
    url = reverse("letter_detail", args=[round_.letter_id])
    by = f"请于{day.year}年{day.month}月{day.day}日前反馈"
    for who, items in (("justice", "2"), ("police", "1"), ("clerk", "若干")):
        page = city.client(who).get(url).content.decode()
        assert f"（征求意见稿）有{items}项涉及你单位，{by}" in page, who
    word = city.client("justice").get(reverse("letter_word", args=[round_.letter_id]))
    printed = "\n".join(one.text for one in docx.Document(io.BytesIO(word.content)).paragraphs)
    assert "有2项涉及你单位" in printed and "示市公安局" not in printed
