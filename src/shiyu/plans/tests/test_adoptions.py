"""Adopted is not yet written: the office is told before the approval which adopted changes nobody put into the text."""

from datetime import timedelta

import pytest
from django.urls import reverse

from shiyu.lib import clock
from shiyu.lib.errors import Conflict, NotAllowed, UserError
from shiyu.plans.actions.editions import submit_for_approval
from shiyu.plans.actions.opinions import (
    Given,
    answer_slip,
    close_round,
    decide_opinion,
    keep_wording,
    open_round,
)
from shiyu.plans.actions.tasks import Part, Units, edit_task, remove_task, split_task
from shiyu.plans.models import Edition, Opinion, OpinionRound, OpinionSlip
from shiyu.plans.queries.adoptions import unwritten
from shiyu.plans.queries.opinions import summary_rows
from shiyu.plans.tests.conftest import City, task


@pytest.fixture
def wished(city: City, draft: Edition) -> list[Opinion]:
    """Two units want something of the third task; the office adopts both and closes the round."""
    clerk = city.actor("clerk")
    round_ = open_round(clerk, draft.pk, clock.today() + timedelta(days=5))
    items = []
    for code, wanted in (("housing", "增加小区"), ("health", "增加医院")):
        slip = OpinionSlip.objects.get(round=round_, unit__code=code)
        item = slip.opinions.get()
        answer_slip(city.actor(code), slip.pk, {item.pk: Given("change", wanted, "职责所在")})
        items.append(decide_opinion(clerk, item.pk, "adopted"))
    close_round(clerk, round_.pk)
    return items


def test_an_adopted_change_counts_as_open_until_its_item_is_edited(
    city: City, draft: Edition, wished: list[Opinion]
) -> None:
    clerk, t3 = city.actor("clerk"), task(draft, "t3")
    assert [item.pk for item in unwritten(draft)] == [item.pk for item in wished]
    edit_task(clerk, task(draft, "t1").pk, {"measures": "别的任务改了不算。"})
    assert len(unwritten(draft)) == 2
    edit_task(clerk, t3.pk, {"measures": "分行业检查，含小区和医院。"})
    assert unwritten(draft) == []


@pytest.mark.parametrize("how", ["units", "split", "drop"])
def test_units_sub_tasks_and_dropping_count_as_edits(
    city: City, draft: Edition, wished: list[Opinion], how: str
) -> None:
    clerk, t3 = city.actor("clerk"), task(draft, "t3")
    lead = Units(leads=(city.unit("housing"),))
    if how == "units":
        edit_task(clerk, t3.pk, {}, lead)
    elif how == "split":
        split_task(clerk, t3.pk, "", [Part("小区", "", lead), Part("医院", "", lead)])
    else:
        remove_task(clerk, t3.pk, "并入第一项")
    assert unwritten(draft) == []


def test_adopting_after_the_edit_still_asks_for_a_look(city: City, draft: Edition) -> None:
    """What was edited before the decision may be another unit's wish: only the office knows, so it says so."""
    clerk = city.actor("clerk")
    round_ = open_round(clerk, draft.pk, clock.today())
    slip = OpinionSlip.objects.get(round=round_, unit__code="health")
    item = slip.opinions.get()
    answer_slip(city.actor("health"), slip.pk, {item.pk: Given("change", "增加医院", "职责所在")})
    edit_task(clerk, task(draft, "t3").pk, {"measures": "分行业检查，含医院。"})
    decide_opinion(clerk, item.pk, "adopted")
    assert [row.pk for row in unwritten(draft)] == [item.pk]
    keep_wording(clerk, item.pk, "第三项已写明医院")
    assert unwritten(draft) == []
    decide_opinion(clerk, item.pk, "adopted")  # decided anew: looked at anew
    assert [row.pk for row in unwritten(draft)] == [item.pk]


def test_the_approval_waits_for_a_confirmation(city: City, draft: Edition, wished: list[Opinion]) -> None:
    clerk = city.actor("clerk")
    with pytest.raises(UserError, match="3"):
        submit_for_approval(clerk, draft.pk)
    assert Edition.objects.get(pk=draft.pk).state == "draft"
    assert submit_for_approval(clerk, draft.pk, despite_unwritten=True).state == "approval"


def test_keeping_the_wording_needs_the_right_a_reason_and_an_adopted_change(
    city: City, draft: Edition, wished: list[Opinion]
) -> None:
    clerk, (first, second) = city.actor("clerk"), wished
    with pytest.raises(NotAllowed):
        keep_wording(city.actor("housing"), first.pk, "已有")
    with pytest.raises(UserError) as refused:
        keep_wording(clerk, first.pk, "  ")
    assert refused.value.field == "reason"
    keep_wording(clerk, first.pk, "第一项已写明")
    assert [item.pk for item in unwritten(draft)] == [second.pk]
    rows = summary_rows(OpinionRound.objects.get())
    assert [row[5] for row in rows[:2]] == ["采纳（文字未改：第一项已写明）", "采纳"]
    Edition.objects.filter(pk=draft.pk).update(state="issued", issued_on=clock.today(), document_number="x",
                                               superseded_on=clock.today())  # fmt: skip
    with pytest.raises(Conflict):
        keep_wording(clerk, second.pk, "已有")


def test_the_pages_list_it_and_lead_on(city: City, draft: Edition, wished: list[Opinion]) -> None:
    clerk, item = city.client("clerk"), wished[0]
    submit = reverse("edition_submit", args=[draft.pk])
    detail = clerk.get(reverse("edition_detail", args=[draft.pk]))
    assert detail.context["unwritten"] == 2 and submit in detail.content.decode()
    page = clerk.get(submit)
    assert page.status_code == 200 and "增加小区" in page.content.decode()
    assert clerk.post(submit).status_code == 400
    keep = reverse("opinion_keep_wording", args=[item.slip.round_id, item.pk])
    assert keep in page.content.decode()
    assert city.client("housing").get(keep).status_code == 403
    assert city.client("reader").get(keep).status_code == 404
    other = reverse("opinion_keep_wording", args=[draft.pk, item.pk])
    assert clerk.get(other).status_code == 404
    assert clerk.get(keep).status_code == 200
    assert clerk.post(keep, {"reason": ""}).status_code == 400
    assert clerk.post(f"{keep}?back=submit", {"reason": "第一项已写明"})["Location"] == submit
    round_page = clerk.get(reverse("opinion_round", args=[item.slip.round_id]))
    assert round_page.context["unwritten"] == 1 and "第一项已写明" in round_page.content.decode()
    assert city.client("reader").post(submit).status_code == 404
    assert (
        city.client("housing").post(submit).status_code == 403
    )  # asked, so the draft is visible, but no more
    assert clerk.post(submit, {"despite_unwritten": "1"}).status_code == 302
    assert clerk.get(submit).status_code == 302
    assert clerk.post(submit).status_code == 409


def test_nothing_is_sent_out_with_a_round_open_or_a_task_without_lead(city: City, draft: Edition) -> None:
    clerk, submit = city.client("clerk"), reverse("edition_submit", args=[draft.pk])
    open_round(city.actor("clerk"), draft.pk, clock.today())
    task(draft, "t3").duties.all().delete()
    page = clerk.get(submit)
    assert page.context["ready"].stops and 'name="despite_unwritten"' not in page.content.decode()
    assert clerk.post(submit).status_code == 400
    assert Edition.objects.get(pk=draft.pk).state == "consulting"


def test_another_day_takes_its_old_words_away_and_leads_back_to_the_round(city: City, draft: Edition) -> None:
    round_ = open_round(city.actor("clerk"), draft.pk, clock.today())
    t1, client = task(draft, "t1"), city.client("clerk")
    url = reverse("task_edit", args=[t1.pk])
    form = client.get(url).context["form"]
    data = {name: form[name].value() for name in form.fields if form[name].value() is not None}
    assert data["deadline_text"] == "年底前"
    sent = client.post(f"{url}?round={round_.pk}", {**data, "due_on": "2026-11-30"})
    assert sent["Location"] == f"{reverse('opinion_round', args=[round_.pk])}#wanted"
    assert task(draft, "t1").deadline_text == ""
    again = {**data, "due_on": "2026-10-31", "deadline_text": "10月底前"}
    assert client.post(f"{url}?round={t1.pk}", again)["Location"] == reverse("task_detail", args=[t1.pk])
    assert task(draft, "t1").deadline_text == "10月底前"
    client.post(url, {**again, "note": "说明"})
    assert task(draft, "t1").deadline_text == "10月底前", "the same day keeps its words"
