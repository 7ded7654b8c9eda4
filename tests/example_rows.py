"""A few rows of every kind in the example city, made through the actions that people use."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction

from shiyu.briefs.actions import make_pack
from shiyu.documents.actions import attach_document, create_box, file_in_box, store_document
from shiyu.documents.models import Attachment, Document
from shiyu.kernel.actor import Actor
from shiyu.letters.actions import (
    circulate_letter,
    issue_letter,
    receive_letter,
    register_instruction,
    reply_letter,
)
from shiyu.lib import clock
from shiyu.matters.actions import acknowledge_assignment
from shiyu.matters.models import Matter
from shiyu.meetings.actions import add_point, hold_meeting, plan_meeting, record_decision
from shiyu.people.models import Appointment, Unit, User
from shiyu.people.queries import actor_of
from shiyu.plans.actions.duties import hold_duty
from shiyu.plans.actions.editions import draft_next_edition
from shiyu.plans.actions.imports import read_document
from shiyu.plans.actions.locking import lock_month
from shiyu.plans.actions.opinions import Given, answer_slip, open_round
from shiyu.plans.actions.problems import open_problem
from shiyu.plans.actions.report_offices import make_office_link, office_of_token
from shiyu.plans.actions.report_proof import add_proof
from shiyu.plans.actions.reports import open_month
from shiyu.plans.models import Duty, Edition, Plan, Report, ReportEntry, Task
from shiyu.seeding import load_city
from tests.conftest import ROOT

TODAY = datetime(2026, 10, 9, 10)
TEXT = "示市补充方案\n一、重点任务\n1. 建好治理中心。（市司法局牵头，市教育局配合，2026年12月底前）\n"


def actor(username: str) -> Actor:
    return actor_of(User.objects.get(username=username))


def unit(code: str) -> Unit:
    return Unit.objects.get(code=code)


def proof(who: Actor, name: str) -> Document:
    return store_document(who, upload=SimpleUploadedFile(name, name.encode()))


@dataclass
class Rows:
    """Ids by name, for addresses."""

    ids: dict[str, Any] = field(default_factory=dict)

    def __getitem__(self, name: str) -> Any:
        return self.ids[name]


@contextmanager
def rolled_back() -> Iterator[None]:
    """A transaction around a whole module, undone at its end."""
    outer = transaction.atomic()
    outer.__enter__()
    try:
        yield
    finally:
        transaction.set_rollback(True)
        outer.__exit__(None, None, None)


@contextmanager
def taken_back() -> Iterator[None]:
    """What happens inside is undone, so that a POST that succeeds leaves the rows as they are."""
    mark = transaction.savepoint()
    try:
        yield
    finally:
        transaction.savepoint_rollback(mark)


def make_rows() -> Rows:
    """The example city on 9 October 2026: September locked with its meeting pack, October open."""
    rows = Rows()
    with clock.frozen(datetime(2026, 7, 20, 10)):
        load_city(ROOT / "packs" / "example")
        _hold()
    with clock.frozen(datetime(2026, 9, 2, 10)):
        rows.ids["locked"] = open_month(actor("head"), "2026-09").pk
        _meeting(rows)
        _problem(rows)
    with clock.frozen(datetime(2026, 10, 8, 10)):
        lock_month(actor("head"), rows["locked"])
        rows.ids["pack"] = make_pack(actor("clerk"), rows["locked"]).pk
    with clock.frozen(TODAY):
        rows.ids["period"] = open_month(actor("head"), "2026-10").pk
        for make in (_plan, _report, _letters, _archive, _people):
            make(rows)
    return rows


def _duty() -> Duty:
    return Duty.objects.get(
        task__key="centres", task__edition__superseded_on=None, unit__code="justice", role="lead"
    )


def _hold() -> None:
    """A division of the bureau carries one duty, so that it has a report of its own to fill in."""
    hold_duty(actor("justice"), _duty().pk, unit("justice_grassroots").pk, None)


def _meeting(rows: Rows) -> None:
    clerk = actor("clerk")
    day = date(2026, 9, 2)
    meeting = plan_meeting(clerk, kind="monthly", title="8月例会", unit_id=unit("office").pk, held_on=day)
    hold_meeting(clerk, meeting.pk, held_on=day, minutes="研究校园安全。")
    lead = unit("education").pk
    decision = record_decision(
        clerk, meeting.pk, text="清理校门摊点", lead_unit_id=lead, due_on=date(2026, 10, 20)
    )
    coming = plan_meeting(
        clerk, kind="monthly", title="9月例会", unit_id=unit("office").pk, held_on=date(2026, 10, 20)
    )
    point = add_point(clerk, coming.pk, topic="校园周边整治", word="上次会议要求")
    rows.ids |= {"meeting": meeting.pk, "decision": decision.pk, "point": point.pk}


def _problem(rows: Rows) -> None:
    duty = _duty()
    matter = open_problem(
        actor("clerk"), duty.pk, title="窗口未公示流程", text="未公示。", source="visit"
    ).matter
    justice = actor("justice")
    acknowledge_assignment(justice, matter.pk)
    document = proof(justice, "公示照片.pdf")
    attach_document(justice, document.pk, subject_type="matters.matter", subject_id=matter.pk)
    rows.ids |= {"matter": matter.pk, "matter_document": document.pk, "duty": duty.pk, "task": duty.task_id}


def _plan(rows: Rows) -> None:
    clerk = actor("clerk")
    plan = Plan.objects.get()
    issued = Edition.objects.get(plan=plan, superseded_on=None)
    draft = draft_next_edition(clerk, plan.pk, 2027)
    round_ = open_round(clerk, draft.pk, date(2026, 10, 16))
    slip = round_.slips.get(unit__code="justice")
    item = slip.opinions.order_by("task_number")[0]
    answer_slip(actor("justice"), slip.pk, {item.pk: Given("change", "改为每季度", "与上级一致")})
    clause = issued.tasks.get(key="centres").clause_links.get().clause
    rows.ids |= {
        "plan": plan.pk, "edition": issued.pk, "draft": draft.pk, "round": round_.pk, "slip": slip.pk,
        "opinion": item.pk, "guideline": clause.guideline_id, "import": read_document(clerk, "粘贴", TEXT).pk,
        "draft_task": Task.objects.get(edition=draft, key="centres").pk,
    }  # fmt: skip


def _report(rows: Rows) -> None:
    justice = actor("justice")
    report = Report.objects.get(period_id=rows["period"], unit__code="justice")
    office = unit("justice_grassroots")
    entry = ReportEntry.objects.get(report=report, office=office)
    (document,) = add_proof(justice, entry.pk, files=[SimpleUploadedFile("进展.pdf", b"progress")])
    link, token = make_office_link(justice, report.pk, office.pk)
    _link, by_link = office_of_token(token)
    file = SimpleUploadedFile("科室佐证.pdf", b"office proof")
    (filed,) = add_proof(by_link, entry.pk, files=[file], by_link=link)
    rows.ids |= {"report": report.pk, "entry": entry.pk, "report_document": document.pk, "token": token,
                 "office_document": filed.pk}  # fmt: skip


def _letters(rows: Rows) -> None:
    clerk = actor("clerk")
    matter = Matter.objects.get(pk=rows["matter"])
    letter = issue_letter(
        clerk, kind="rectification", unit_id=unit("office").pk, title="整改通知书", body="请整改。",
        recipients=[unit("justice").pk], subject=("matters.matter", matter.pk),
    )  # fmt: skip
    instruction = register_instruction(
        clerk, subject=("matters.matter", matter.pk, matter.title), leader_post="分管副市长", text="请抓紧。",
        instructed_on=date(2026, 10, 8), unit_id=unit("justice").pk,
    )  # fmt: skip
    scan = proof(clerk, "批示扫描.pdf")
    attach_document(clerk, scan.pk, subject_type="letters.instruction", subject_id=instruction.pk)
    rows.ids |= {"letter": letter.pk, "instruction": instruction.pk, "scan": scan.pk}
    _answered_letter(rows)


def _answered_letter(rows: Rows) -> None:
    """A letter that was received, circulated and answered with a file."""
    clerk, justice = actor("clerk"), actor("justice")
    letter = issue_letter(
        clerk, kind="rectification", unit_id=unit("office").pk, title="已回复的通知", body="请整改。",
        recipients=[unit("justice").pk],
    )  # fmt: skip
    receive_letter(justice, letter.pk)
    post = Appointment.objects.get(user_id=justice.user_id).post_id
    (shown,) = circulate_letter(justice, letter.pk, post_ids=[post])
    row = reply_letter(justice, letter.pk, reply="已整改。", files=[ContentFile(b"%PDF-1.4 x", "回复.pdf")])
    reply = row.replies.get()
    document = Attachment.objects.get(subject_id=reply.pk).document_id
    rows.ids |= {
        "answered": letter.pk,
        "reply": reply.pk,
        "reply_document": document,
        "circulation": shown.pk,
    }


def _archive(rows: Rows) -> None:
    clerk = actor("clerk")
    document = proof(clerk, "责任清单.pdf")
    box = create_box(clerk, class_code="zr", name="责任落实", year=2026)
    file_in_box(clerk, box.pk, [document.pk])
    rows.ids |= {"document": document.pk, "box": box.code}


def _people(rows: Rows) -> None:
    head = User.objects.get(username="head")
    rows.ids |= {
        "unit": unit("justice").pk,
        "office": unit("justice_grassroots").pk,
        "user": head.pk,
        "area": unit("justice").area_id,
    }
