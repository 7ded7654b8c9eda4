"""The page before the approval, the package that goes out, and who hears of it."""

import io
from datetime import date, timedelta
from decimal import Decimal

import docx
from django.urls import reverse
from django.utils import translation

from shiyu.lib import clock
from shiyu.notices.models import Notice
from shiyu.people.models import Appointment, Post, User
from shiyu.plans.actions.editions import draft_next_edition, submit_for_approval
from shiyu.plans.actions.opinions import Given, answer_slip, close_round, decide_opinion, open_round
from shiyu.plans.actions.plan_notices import tell_edition_submitted
from shiyu.plans.actions.tasks import Units, edit_task
from shiyu.plans.models import Edition, OpinionSlip
from shiyu.plans.queries.approval import approval_package
from shiyu.plans.tests.conftest import City, label, load_small_pack, task


def test_the_page_before_the_approval_names_what_to_look_at(city: City, draft: Edition) -> None:
    clerk, url = city.actor("clerk"), reverse("edition_submit", args=[draft.pk])
    round_ = open_round(clerk, draft.pk, clock.today() + timedelta(days=5))
    for slip in OpinionSlip.objects.exclude(unit__code="health"):
        answer_slip(city.actor("clerk"), slip.pk, {}, via="paper", rest_none=True)
    close_round(clerk, round_.pk)
    edit_task(
        clerk,
        task(draft, "t1").pk,
        {
            "measures": "调解成功率达到75%。",
            "target_kind": "number",
            "target_value": Decimal(80),
            "target_unit": "%",
        },
        Units(leads=(city.unit("police"), city.unit("justice"))),
    )
    edit_task(
        clerk, task(draft, "t2").pk, {"deadline_kind": "none", "deadline_text": "", "target_text": "已确认"}
    )
    found = city.client("clerk").get(url)
    with translation.override("en"):
        looks = {str(look.label): [one.key for one in look.tasks] for look in found.context["looks"]}
    assert looks == {
        "Without a deadline": ["t2"],
        "Without a target": ["t3"],
        "With more than one lead unit": ["t1"],
        "Another number in the measures than in the target": ["t1"],
    }
    page = found.content.decode()
    assert "示市卫生健康委" in page and "没有待处理事项" not in page
    edit_task(clerk, task(draft, "t1").pk, {"measures": "调解成功率达到80%。"})
    with translation.override("en"):
        labels = [str(look.label) for look in city.client("clerk").get(url).context["looks"]]
    assert "Another number in the measures than in the target" not in labels
    assert submit_for_approval(clerk, draft.pk).state == "approval", "none of it stops the approval"


def _printed(content: bytes) -> str:
    word = docx.Document(io.BytesIO(content))
    cells = (cell.text for table in word.tables for row in table.rows for cell in row.cells)
    return "\n".join([*(paragraph.text for paragraph in word.paragraphs), *cells])


def test_the_note_says_who_was_asked_and_names_only_what_lies_in_the_package(
    city: City, issued: Edition
) -> None:
    load_small_pack(
        template={
            "note": {
                "label": label("送审说明"), "document": "approval_package", "title": "送审说明",
                "body": ["{{consultation}}。", "送审件包括：{{files}}。"], "addressee": "", "closing": "{{office}}",
            }
        }
    )  # fmt: skip
    first = _printed(approval_package(issued)["0-送审说明.docx"])
    assert "本稿未征求意见。" in first and "送审件包括：方案（送审稿）、责任清单。" in first
    clerk = city.actor("clerk")
    draft = draft_next_edition(clerk, issued.plan_id, 2026)
    open_round(clerk, draft.pk, clock.today() + timedelta(days=5))
    slip = OpinionSlip.objects.get(unit__code="justice")
    item = slip.opinions.order_by("task_number")[0]
    answer_slip(city.actor("justice"), slip.pk, {item.pk: Given("change", "改", "理由")}, rest_none=True)
    decide_opinion(clerk, item.pk, "declined", "不宜改")
    files = approval_package(draft)
    note = _printed(files["0-送审说明.docx"])
    assert "征求意见6家，反馈1家，未反馈5家；提出修改意见1条，采纳0条、部分采纳0条、不采纳1条。" in note
    assert "送审件包括：方案（送审稿）、责任清单、征求意见汇总表、与上一版差异对照。" in note
    plan = _printed(files["1-方案（送审稿）.docx"])
    assert "不采纳" in plan and "未采纳" not in plan
    assert plan.count("》征求意见汇总表") == 0, "the annex says its name once"


def test_who_registers_the_issue_hears_that_it_is_out(city: City, draft: Edition) -> None:
    head = User.objects.create(username="u_head", name="主任")
    post = Post.objects.create(code="p_head", unit=city.units["office"], name="主任", roles=["office"])
    Appointment.objects.create(post=post, user=head, valid_from=date(2020, 1, 1))
    submit_for_approval(city.actor("clerk"), draft.pk)
    tell_edition_submitted({"edition_id": str(draft.pk), "by": str(city.users["clerk"].pk)})
    told = Notice.objects.filter(kind="edition_submitted")
    assert [(one.user_id, "已送审" in one.title_zh) for one in told] == [(head.pk, True)]
