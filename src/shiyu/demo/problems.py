"""Problems of the simulated year: found, sent out, put right, checked, struck off; some come back, some drag on."""

import random
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.core.files.base import ContentFile

from shiyu.demo.agenda import Agenda
from shiyu.demo.cast import Cast
from shiyu.demo.material import Material
from shiyu.kernel.actor import Actor
from shiyu.lib import clock
from shiyu.matters import actions as matters
from shiyu.matters.actions.proof import keep_proof
from shiyu.matters.models import Assignment, Matter
from shiyu.plans.actions.problems import open_problem
from shiyu.plans.models import Duty


class Problems:
    """Plays the loop for each problem; what each one meets is decided by the dice when it is filed."""

    def __init__(self, agenda: Agenda, cast: Cast, material: Material, dice: random.Random) -> None:
        self.agenda, self.cast, self.material, self.dice = agenda, cast, material, dice
        self.clerk = cast.office("matter.dispatch", "matter.verify", "matter.file", rather="plan.import")
        self.head = cast.office("matter.close", "matter.approve")

    def schedule(self, first: date, last: date, count: int) -> None:
        """Spread `count` problems over the days from `first` to `last`, and what is under way when the demo opens."""
        chosen = [row for row in self.material.problems if "then" not in row]
        self.dice.shuffle(chosen)
        span = max((last - first).days, 1)
        for row in chosen[:count]:
            day = self.agenda.calendar.next_workday(first + timedelta(days=self.dice.randrange(span)))
            self.agenda.at(self.agenda.moment(day, self.dice.choice((9, 10, 14, 15))), self._find(row))
        for row in self.material.problems:
            if "then" in row:
                day = self.agenda.workday_before(int(row["found"]))
                self.agenda.at(self.agenda.moment(day, 9), self._find(row))

    def _find(self, row: dict[str, Any]) -> Callable[[], None]:
        def deed() -> None:
            who = {"unit__code": row["unit"]} if "unit" in row else {"role": "lead"}
            in_force = {"task__edition__superseded_on": None, "task__edition__state": "issued"}
            duty = (
                Duty.objects.filter(task__key=row["task"], **in_force, **who).select_related("unit").first()
            )
            if duty is None:
                return
            link = open_problem(
                self.clerk,
                duty.pk,
                title=row["title"],
                text=row["text"],
                source=row["source"],
                goal=row.get("aim", ""),
                measures=row.get("measures", ""),
                happened_on=clock.today() - timedelta(days=self.dice.randrange(4)),
            )
            self._send_on(link.matter_id, row)

        return deed

    def _send_on(self, matter_id: UUID, row: dict[str, Any]) -> None:
        """What follows filing: the kind may want acceptance and dispatch first."""
        matter = Matter.objects.get(pk=matter_id)
        if matter.phase == "filed":
            matters.accept_matter(self.clerk, matter_id)
            matter.refresh_from_db()
        lead = matter.assignments.filter(active=True, role="lead").select_related("unit").first()
        if lead is None:
            return
        fate = self.dice.random()
        if "then" in row:
            self._under_way(matter_id, row)
        else:
            self.agenda.after(1, lambda: self._acknowledge(matter_id, row, fate))

    def _under_way(self, matter_id: UUID, row: dict[str, Any]) -> None:
        """A problem of the last weeks, brought to where somebody has to do something about it (`then`)."""
        after = max(int(row["found"]) - 2, 1)  # workdays from when it was found to the eve of today
        lead = matters_lead(matter_id)
        then: dict[str, Callable[[], None]] = {
            "asks for time": lambda: self._ask_time(matter_id, row, decided=False),
            "gives it back": lambda: self._give_back(matter_id),
            "to be checked": lambda: self._complete(matter_id, row),
            "to be closed": lambda: self._check_only(matter_id),
        }
        if row["then"] == "new" or lead is None:
            return
        self.agenda.after(1, lambda: self._take(matter_id, lead))
        if row["then"] == "to be closed":
            self.agenda.after(after - 1, lambda: self._complete(matter_id, row | {"then": "to be checked"}))
        if row["then"] == "on the books":  # the day to look at it again comes tomorrow
            self.agenda.after(3, lambda: self._to_books(matter_id, row, int(row["found"]) - 2))
        elif row["then"] in then:
            self.agenda.after(after, then[row["then"]], hour=14)

    def _take(self, matter_id: UUID, assignment_id: UUID) -> None:
        found = self._handler(matter_id)
        if found is not None:
            matters.acknowledge_assignment(found[0], matter_id, assignment_id=assignment_id)

    def _give_back(self, matter_id: UUID) -> None:
        found = self._handler(matter_id)
        if found is not None:
            reason = self.material.say(self.dice, "return_reasons", "不属本单位职责。")
            matters.return_assignment(found[0], matter_id, reason=reason, assignment_id=found[1].pk)

    def _check_only(self, matter_id: UUID) -> None:
        note = self.material.say(self.dice, "verify_notes", "现场核查属实。")
        matters.verify_matter(self.clerk, matter_id, note=note)

    def _handler(self, matter_id: UUID) -> tuple[Actor, Assignment] | None:
        lead = Assignment.objects.filter(matter_id=matter_id, active=True, role="lead").first()
        actor = self.cast.who("matter.handle", lead.unit_id, besides=self.clerk) if lead else None
        return (actor, lead) if actor and lead else None

    def _acknowledge(self, matter_id: UUID, row: dict[str, Any], fate: float) -> None:
        found = self._handler(matter_id)
        if found is None:
            return
        actor, lead = found
        matters.acknowledge_assignment(actor, matter_id, assignment_id=lead.pk)
        if fate < 0.06:
            reason = self.material.say(self.dice, "return_reasons", "不属本单位职责。")
            matters.return_assignment(actor, matter_id, reason=reason, assignment_id=lead.pk)
            self.agenda.after(2, lambda: self._answer_return(matter_id, lead.pk, row))
        elif fate < 0.16:
            self.agenda.after(15, lambda: self._ask_time(matter_id, row))
        elif fate < 0.22:
            self.agenda.after(18, lambda: self._to_books(matter_id, row))
        elif fate < 0.30:
            self.agenda.after(self.dice.randint(21, 26), lambda: self._complete(matter_id, row))
        else:
            self.agenda.after(self.dice.randint(5, 18), lambda: self._complete(matter_id, row))

    def _answer_return(self, matter_id: UUID, assignment_id: UUID, row: dict[str, Any]) -> None:
        reason = self.material.say(self.dice, "decline_return_reasons", "按职责分工由该单位牵头。")
        matters.decline_return(self.clerk, matter_id, reason=reason, assignment_id=assignment_id)
        self.agenda.after(self.dice.randint(6, 14), lambda: self._complete(matter_id, row))

    def _ask_time(self, matter_id: UUID, row: dict[str, Any], decided: bool = True) -> None:
        found = self._handler(matter_id)
        if found is None:
            return
        due = Matter.objects.get(pk=matter_id).due_at
        until = self.agenda.calendar.add_workdays(clock.local(due).date() if due else clock.today(), 10)
        reason = self.material.say(self.dice, "extension_reasons", "检测报告尚未出具。")
        matters.ask_extension(found[0], matter_id, until=until, reason=reason)
        if not decided:
            return
        self.agenda.after(1, lambda: self._decide(matter_id, row))

    def _decide(self, matter_id: UUID, row: dict[str, Any]) -> None:
        matters.decide_extension(self.head, matter_id, approve=True)
        self.agenda.after(self.dice.randint(10, 20), lambda: self._complete(matter_id, row))

    def _to_books(self, matter_id: UUID, row: dict[str, Any], workdays: int = 40) -> None:
        until = self.agenda.calendar.add_workdays(clock.today(), workdays)
        reason = self.material.say(self.dice, "on_books_reasons", "资金列入下年度预算。")
        matters.put_on_books(self.head, matter_id, until=until, reason=reason)
        if "then" not in row:
            self.agenda.after(workdays - 2, lambda: self._off_books(matter_id, row))

    def _off_books(self, matter_id: UUID, row: dict[str, Any]) -> None:
        matters.take_off_books(self.head, matter_id, reason="所列条件已经具备，恢复整改。")
        self.agenda.after(self.dice.randint(6, 12), lambda: self._complete(matter_id, row))

    def _complete(self, matter_id: UUID, row: dict[str, Any]) -> None:
        found = self._handler(matter_id)
        if found is None:
            return
        actor, lead = found
        matter = Matter.objects.get(pk=matter_id)
        text = f"{matter.code} 整改情况\n{row.get('done', '')}\n"
        file = ContentFile(text.encode(), name=f"整改情况-{matter.code[-8:]}.txt")
        keep_proof(actor, matter, [file])
        result = row.get("done") or "已整改到位。"
        matters.complete_assignment(actor, matter_id, result=result, assignment_id=lead.pk)
        if row.get("then") != "to be checked":
            self.agenda.after(self.dice.randint(1, 4), lambda: self._check(matter_id, row), hour=11)

    def _check(self, matter_id: UUID, row: dict[str, Any]) -> None:
        matter = Matter.objects.get(pk=matter_id)
        if matter.phase != "verifying":
            return
        if not matter.reworked and self.dice.random() < 0.12:
            reason = self.material.say(self.dice, "send_back_reasons", "现场核查仍有缺项。")
            matters.send_back_matter(self.clerk, matter_id, reason=reason)
            self.agenda.after(self.dice.randint(3, 6), lambda: self._complete(matter_id, row))
            return
        note = self.material.say(self.dice, "verify_notes", "现场核查属实。")
        matters.verify_matter(self.clerk, matter_id, note=note)
        self.agenda.after(1, lambda: self._close(matter_id), hour=16)

    def _close(self, matter_id: UUID) -> None:
        if Matter.objects.get(pk=matter_id).phase == "verifying":
            matters.close_matter(self.head, matter_id)


def matters_lead(matter_id: UUID) -> UUID | None:
    """The key of the assignment that leads a matter."""
    rows = Assignment.objects.filter(matter_id=matter_id, active=True, role="lead")
    return rows.values_list("pk", flat=True).first()
