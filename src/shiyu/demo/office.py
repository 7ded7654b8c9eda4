"""The office's own work in the simulated year: meetings, instructions, the next edition's opinion round, the archive."""

import random
from datetime import date, timedelta
from functools import partial
from typing import Any
from uuid import UUID

from shiyu.briefs.actions import make_pack
from shiyu.demo.agenda import Agenda
from shiyu.demo.cast import Cast
from shiyu.demo.material import Material, filled
from shiyu.documents.actions import create_box, file_in_box
from shiyu.documents.models import Document
from shiyu.kernel.actor import Actor
from shiyu.letters.actions import issue_letter, register_instruction, reply_instruction
from shiyu.lib import clock
from shiyu.meetings.actions import hold_meeting, plan_meeting, record_decision
from shiyu.notices.actions import mark_read
from shiyu.notices.models import Notice
from shiyu.packs.queries import current_pack
from shiyu.people.models import Appointment
from shiyu.periods.models import Period
from shiyu.plans.actions.editions import draft_next_edition
from shiyu.plans.actions.opinions import Given, answer_no_opinion, answer_slip, decide_opinion, open_round
from shiyu.plans.actions.tasks import edit_task
from shiyu.plans.models import Edition, Opinion, OpinionSlip, Plan, Task


class Office:
    """What the clerk and the head do beside problems and reports."""

    def __init__(self, agenda: Agenda, cast: Cast, material: Material, dice: random.Random) -> None:
        self.agenda, self.cast, self.material, self.dice = agenda, cast, material, dice
        self.clerk = cast.office("meeting.run", "instruction.register", "opinion.run", rather="plan.import")
        self.head = cast.office("period.lock")
        self.decisions = list(material.decisions)
        toured = Appointment.objects.exclude(user__tour_zh="").values_list("post__unit_id", flat=True)
        self.toured = set(toured) - {self.clerk.home_unit_id}

    def schedule(self, first: date) -> None:
        """Instructions through the year, a meeting after each locked month, the archive, the next edition."""
        for number, row in enumerate(self.material.instructions):
            day = self.agenda.calendar.next_workday(first + timedelta(days=20 + number * 24))
            self.agenda.at(self.agenda.moment(day, 15), partial(self._instruct, row))
        month = first.replace(day=1)
        while self.agenda.moment(month) <= self.agenda.until:
            after = (month + timedelta(days=32)).replace(day=1)
            day = self.agenda.calendar.add_workdays(after, 5)
            self.agenda.at(self.agenda.moment(day, 9), partial(self._meet, f"{month:%Y-%m}"))
            month = after
        self.agenda.at(self.agenda.moment(self.agenda.workday_before(14)), self._archive)
        self.agenda.at(self.agenda.moment(self.agenda.workday_before(5)), self._consult)
        self.agenda.at(self.agenda.moment(self.agenda.workday_before(1), 9), self._ask_leader)
        self.agenda.at(self.agenda.moment(self.agenda.workday_before(1), 8), read_notices)

    def _instruct(self, row: dict[str, Any]) -> None:
        unit = self.cast.units.get(row["unit"])
        task = Task.objects.filter(
            key=row["task"], edition__state="issued", edition__superseded_on=None
        ).first()
        if unit is None or task is None:
            return
        instruction = register_instruction(
            self.clerk,
            subject=("plans.task", task.pk, str(task)[:200]),
            leader_post=row["leader"],
            instructed_on=clock.today() - timedelta(days=1),
            unit_id=unit.pk,
            text=row["text"],
            reply_by=self.agenda.calendar.add_workdays(clock.today(), row["reply_workdays"]),
        )
        liaison = self.cast.who("report.fill", unit.pk)
        if liaison is not None:
            wait = max(row["reply_workdays"] - 2, 1)
            self.agenda.after(wait, lambda: self._reply(liaison, instruction.pk))

    def _reply(self, liaison: Actor, instruction_id: UUID) -> None:
        reply = "已按批示要求落实到科室，办理情况和下步安排随月报报送。"
        reply_instruction(liaison, instruction_id, reply=reply)

    def _meet(self, code: str) -> None:
        period = Period.objects.filter(code=code).first()
        if period is None or not period.is_locked:
            return
        kind = next(iter(current_pack().meeting), None)
        if kind is None:
            return
        if self.agenda.until - clock.now() < timedelta(days=45):
            make_pack(self.head, period.pk)
        title = f"{period.ends_on.year}年{period.ends_on.month}月工作例会"
        meeting = plan_meeting(
            self.clerk,
            kind=kind,
            title=title,
            unit_id=self.clerk.home_unit_id,  # type: ignore[arg-type]
            held_on=clock.today(),
            period_id=period.pk,
            chair="分管市领导",
        )
        hold_meeting(self.clerk, meeting.pk, minutes="听取当月通报，研究需要协调的事项，议定事项见下。")
        wanted = 1 if period.ends_on.month <= 4 else 2  # the material lasts through the year
        for row in [self.decisions.pop(0) for _ in range(min(wanted, len(self.decisions)))]:
            lead = self.cast.units.get(row["lead"])
            if lead is not None:
                supporting = [
                    self.cast.units[c].pk for c in row.get("supporting", []) if c in self.cast.units
                ]
                record_decision(
                    self.clerk,
                    meeting.pk,
                    text=row["text"],
                    lead_unit_id=lead.pk,
                    supporting_unit_ids=supporting,
                    due_on=self.agenda.calendar.add_workdays(clock.today(), row["workdays"]),
                )

    def _archive(self) -> None:
        """Three boxes, the year's proof in the first."""
        archive = current_pack().archive
        classes = list(archive.classes.items()) if archive else []
        for position, (code, label) in enumerate(classes[:3]):
            box = create_box(
                self.clerk,
                class_code=code,
                name=label.zh,
                year=clock.today().year,
                place=f"档案柜{position + 1}层",
            )
            proof = list(Document.objects.filter(box=None, kind="proof").values_list("pk", flat=True)[:12])
            if proof:
                file_in_box(self.clerk, box.pk, proof)

    def _consult(self) -> None:
        """Draft the next edition of the city's plan, change some tasks, ask the units; most have answered by today."""
        plan = Plan.objects.filter(kind=Plan.Kind.RESPONSIBILITY).first()
        if plan is None or not plan.editions.filter(state=Edition.State.ISSUED).exists():
            return
        draft = draft_next_edition(self.clerk, plan.pk, year=clock.today().year + 1)
        for task in draft.tasks.order_by("position")[:6]:
            edit_task(self.clerk, task.pk, {"measures": f"{task.measures}每季度公布一次办理结果。"})
        round_ = open_round(self.clerk, draft.pk, self.agenda.calendar.add_workdays(clock.today(), 7))
        wishes = {(row["task"], row["unit"]): row for row in self.material.opinions}
        for slip in round_.slips.select_related("unit").order_by("unit__protocol_order"):
            if slip.unit_id in self.toured or self.dice.random() < 0.1:
                continue  # the visitor's own work; and some take their time
            wait = self.dice.randint(1, 4)
            self.agenda.after(wait, partial(self._answer, slip, wishes), hour=self.dice.choice((9, 11, 15)))

    def _answer(self, slip: OpinionSlip, wishes: dict[tuple[str, str], dict[str, Any]]) -> None:
        liaison = self.cast.who("opinion.answer", slip.unit_id)
        if liaison is None:
            return
        given = {
            item.pk: Given("change", row["change"], row["reason"])
            for item in slip.opinions.all()
            if (row := wishes.get((item.task_key, slip.unit.code)))
        }
        if given:
            answer_slip(liaison, slip.pk, given)
        if slip.opinions.filter(answer="open").exists():
            answer_no_opinion(liaison, slip.pk)
        for opinion in Opinion.objects.filter(pk__in=given):
            row = wishes[(opinion.task_key, slip.unit.code)]
            if self.material.opinions.index(row) % 2:
                continue  # every other one waits for the visitor
            if str(row["adopted"]) in ("yes", "True"):
                self.agenda.after(1, partial(self._decide, opinion.pk, "adopted", ""))
            else:
                reason = row["decline_reason"]
                self.agenda.after(1, partial(self._decide, opinion.pk, "declined", reason))

    def _ask_leader(self) -> None:
        """The leading group's leader is asked in writing about the last month's circular and the coming meeting."""
        asking = self.material.submission
        month = Period.objects.exclude(locked_revision=None).order_by("-code").first()
        unit = self.cast.units.get(asking.get("unit", ""))
        if month is None or unit is None or self.head.home_unit_id is None:
            return
        values = {"year": str(month.ends_on.year), "month": str(month.ends_on.month)}
        issue_letter(
            self.head,
            kind=asking["kind"],
            unit_id=self.head.home_unit_id,
            title=filled(asking["title"], values),
            body=filled(asking["text"], values),
            recipients=[unit.pk],
            reply_by=self.agenda.calendar.add_workdays(clock.today(), 3),
            subject=("periods.period", month.pk),
        )

    def _decide(self, opinion_id: UUID, adoption: str, reason: str) -> None:
        decide_opinion(self.clerk, opinion_id, adoption, reason)


def read_notices() -> None:
    """People have read what came before yesterday morning (reading is no action and leaves no entry)."""
    for user_id in Notice.objects.filter(read_at=None).values_list("user_id", flat=True).distinct():
        mark_read(user_id)
