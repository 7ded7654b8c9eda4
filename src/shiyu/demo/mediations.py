"""Disputes that are mediated: each of the material's, brought through the actions to where it stands when the demo opens."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from functools import partial
from typing import Any
from uuid import UUID

from shiyu.demo.centres import AtCentres, file_row
from shiyu.kernel.actor import Actor
from shiyu.lib import clock
from shiyu.matters.models import Matter
from shiyu.mediation import actions
from shiyu.mediation.actions.opening import SideGiven
from shiyu.mediation.models import Mediation
from shiyu.mediation.queries.pool import candidates_for

SIDES = (("和某（化名）", "13900000001"), ("木某（化名）", "13900000002"))


class Mediations(AtCentres):
    """Plays the mediations of the material, at the end of the half year."""

    def schedule(self) -> None:
        """Each on its day (`found` workdays before the end)."""
        for number, row in enumerate(self.centres.material.mediations):
            day = self.agenda.workday_before(int(row["found"]))
            self.agenda.at(self.agenda.moment(day, 9, 5 + 2 * number), partial(self._open, row))

    def _open(self, row: dict[str, Any]) -> None:
        """Filed, sorted and handed to the body; its sides are entered and asked."""
        centre, body, village = (
            self.cast.unit(row["unit"]),
            self.cast.unit(row["body"]),
            self.cast.unit(row["village"]),
        )
        desk, mediator = self.cast.at(centre, "matter.dispatch"), self.cast.at(body, "mediation.run")
        if village.area is None:
            raise LookupError(f"seed/demo: {village.code} lies nowhere")
        fields = {"people": row["people"], **({"amount": row["amount"]} if "amount" in row else {})}
        matter = file_row(
            desk, {**row, "kind": "dispute", "source": "visit", "fields": fields}, centre, village.area, []
        )
        self.hands.do(matter.pk, "accept", "matter.dispatch")
        self.hands.do(matter.pk, "sort", "matter.dispatch", sort_class="large")
        number = row.get("number", "")
        one = actions.open_mediation(
            desk, matter.pk, body_id=body.pk, source=row["source"], source_number=number
        )
        self.hands.handle(matter.pk, "acknowledge")
        sides = [actions.add_side(mediator, one.pk, side=SideGiven(*who, village.area.name)) for who in SIDES]
        actions.record_consent(mediator, one.pk, side_id=sides[0].pk, agrees=True)
        if row["then"] != "asked":
            self._after(1, self._ask, one.pk, mediator, row)

    def _after(self, days: int, deed: Callable[..., object], *given: Any, hour: int = 10) -> None:
        self.agenda.after(days, partial(deed, *given), hour=hour)

    def _ask(self, key: UUID, mediator: Actor, row: dict[str, Any]) -> None:
        """The other side answers; those who are willing are given a mediator."""
        one = Mediation.objects.get(pk=key)
        refuses = row["then"] == "refused"
        other = one.sides.get(number=2)
        note = "要求直接起诉" if refuses else ""
        actions.record_consent(mediator, key, side_id=other.pk, agrees=not refuses, note=note)
        if refuses:
            self._tell_ways(key, mediator, row)
        elif row["then"] == "withdrawn":
            self._after(2, self._end, key, mediator, row)
        elif row["then"] != "willing":
            self._choose(one, mediator, row)

    def _choose(self, one: Mediation, mediator: Actor, row: dict[str, Any]) -> None:
        lines = candidates_for(one)
        chosen = [next(line.holder.pk for line in lines if line.of_the_body)]
        chosen += [line.holder.pk for line in lines if line.holder.role == row.get("helper")][:1]
        actions.choose_holders(
            mediator, one.pk, holder_ids=chosen, by="parties" if "helper" in row else "body"
        )
        last = row["then"] == "planned"
        at = clock.local(self.agenda.until).replace(hour=15, minute=0, second=0, microsecond=0)
        at = at if last else clock.now() + timedelta(days=1)
        actions.plan_sitting(mediator, one.pk, at=at, place=f"{one.body.display_short}调解室")
        if not last:
            self._after(2, self._talk, one.pk, mediator, row, hour=15)

    def _talk(self, key: UUID, mediator: Actor, row: dict[str, Any]) -> None:
        """The sitting is written down; then the agreement, or the end without one."""
        sitting = Mediation.objects.get(pk=key).sittings.get(written_on=None)
        tried, following = self.centres.say("mediation_talks"), row.get("following", "")
        actions.write_sitting(mediator, key, sitting_id=sitting.pk, tried=tried, following=following)
        if "danger" in row:
            self._after(1, partial(actions.record_danger, mediator, key, what=row["danger"]))
        if row["then"] == "failed":
            self._after(2, self._end, key, mediator, row)
        elif row["then"] != "talked":
            self._after(1, self._write, key, mediator, row)

    def _write(self, key: UUID, mediator: Actor, row: dict[str, Any]) -> None:
        term = clock.today() + timedelta(days=int(row.get("perform_in", 5)))
        if row["then"] != "oral":
            actions.write_terms(
                mediator,
                key,
                facts=row["text"] + self.centres.say("mediation_facts"),
                issues=row["title"].removesuffix("争议") + "如何处理。",
                responsibility="按协议内容分担。",
                terms=row["terms"],
                performance="当面或者转账一次办理，调解员见证。",
                perform_by=max(term, clock.today()),
                amount=Decimal(str(row.get("amount", 0))),
            )
        if row["then"] != "terms":
            self._after(1, self._conclude, key, mediator, row)

    def _conclude(self, key: UUID, mediator: Actor, row: dict[str, Any]) -> None:
        oral = row["then"] == "oral"
        terms = row["terms"] if oral else ""
        term = Mediation.objects.get(pk=key).perform_by or clock.today()
        on = min(clock.today(), term)  # signed before it is performed, entered on the next day at work
        actions.conclude_agreement(mediator, key, form=row["then"], on=on, people=row["people"], terms=terms)
        one = Mediation.objects.select_related("matter__unit").get(pk=key)
        if row.get("close"):
            note = self.centres.say("check_words")
            self._after(1, partial(self.hands.check, one.matter_id, "verify", "matter.verify", note=note))
            self._after(
                2, partial(self.hands.check, one.matter_id, "close", "matter.close", outcome="agreement")
            )
        if "confirm" in row:
            waived = row["confirm"] == "waived"
            self._after(2, self._court, key, mediator, "waived" if waived else "applied")
            if row["confirm"] == "confirmed":
                self._after(9, self._court, key, mediator, "confirmed")
        first = one.look_backs.first()
        if first is not None and "look" in row:
            day = self.agenda.calendar.next_workday(first.due_on)
            self.agenda.at(self.agenda.moment(day, 16), partial(self._look, key, mediator, row["look"]))

    def _court(self, key: UUID, mediator: Actor, result: str) -> None:
        actions.record_confirmation(mediator, key, result=result, on=clock.today())

    def _look(self, key: UUID, mediator: Actor, result: str) -> None:
        look = Mediation.objects.get(pk=key).look_backs.filter(done_on=None).first()
        if look is not None:
            note = self.centres.say("mediation_checks")
            actions.record_look_back(mediator, key, look_back_id=look.pk, result=result, note=note)

    def _end(self, key: UUID, mediator: Actor, row: dict[str, Any]) -> None:
        failed = row["then"] == "failed"
        actions.end_without_agreement(
            mediator,
            key,
            outcome="not_reached" if failed else "withdrawn",
            reason=row["reason"],
            remedies=["arbitration", "administrative", "court"] if failed else [],
            people=row["people"],
            difficult=bool(row.get("difficult")),
        )
        if failed:
            self._tell_ways(key, mediator, row)
        else:
            matter = Matter.objects.get(mediations=key)
            self._after(1, partial(self.hands.complete_all, matter.pk, "双方自行和解，经核实已履行。"))

    def _tell_ways(self, key: UUID, mediator: Actor, row: dict[str, Any]) -> None:
        if row.get("told"):
            self._after(1, lambda: actions.tell_remedies(mediator, key, on=clock.today()))
