"""Half a year at the governance centres: what came to the desks, from the first word to the last call.

What each matter meets is decided by the dice when it is filed. Where things have moved by themselves meanwhile (a rule
lifted it, its unit has nobody), a deed that is not allowed any more is left out, as a person would leave it out.
"""

import random
from collections.abc import Callable
from datetime import date, timedelta
from functools import partial
from typing import Any
from uuid import UUID

from shiyu.demo.agenda import Agenda
from shiyu.demo.cast import Cast
from shiyu.demo.hands import Hands
from shiyu.demo.material import Material
from shiyu.kernel.actor import Actor
from shiyu.lib import clock
from shiyu.matters import jobs
from shiyu.matters.actions import file_matter
from shiyu.matters.actions.parties import Reporter
from shiyu.matters.kinds import kind_named, kind_of
from shiyu.matters.models import FollowUp, Matter, MatterLink
from shiyu.people.models import Appointment, Unit
from shiyu.places.models import Area

STATION_SHARE = 0.5
"""Of what a village can settle, so much is filed with its own station (LJ11)."""

LAIN = 4
"""Days after which a centre looks again at what nobody handles."""
DEMO_PIN = "20260101"
"""Of every receipt in the demo."""


class Centres:
    """Plays the loop of every kind that the centres work on."""

    def __init__(self, agenda: Agenda, cast: Cast, material: Material, dice: random.Random) -> None:
        self.agenda, self.cast, self.material, self.dice = agenda, cast, material, dice
        self.hands = Hands(cast)
        self.played: dict[UUID, dict[str, Any]] = {}
        self.towns = [
            unit
            for unit in Unit.objects.filter(kind="centre", area__level="town")
            .select_related("area")
            .by_protocol()
            if all(cast.who(right, unit.pk) for right in ("matter.dispatch", "matter.close"))
        ]
        toured = Appointment.objects.exclude(user__tour_zh="").values_list("post__unit_id", flat=True)
        self.toured = [unit for unit in self.towns if unit.pk in set(toured)]

    def schedule(self, first: date, last: date, count: int) -> None:
        """Spread `count` matters over the days from `first` to `last`, and the daily jobs up to the end."""
        span = max((last - first).days, 1)
        rows = list(self.material.matters)
        self.dice.shuffle(rows)
        for number in range(count):
            row = rows[number % len(rows)]
            day = self.agenda.calendar.next_workday(first + timedelta(days=self.dice.randrange(span)))
            town = self.dice.choice(self.toured if number % 9 == 0 and self.toured else self.towns)
            moment = self.agenda.moment(day, self.dice.choice((9, 10, 14, 15)), self.dice.randrange(60))
            self.agenda.at(moment, partial(self._file, row, town))
        day = first
        while self.agenda.moment(day, 7, 35) <= self.agenda.until:
            self.agenda.at(self.agenda.moment(day, 7, 35), self._morning)
            day += timedelta(days=1)

    def _morning(self) -> None:
        """What the worker does each day at this hour."""
        until = clock.now()
        since = until - timedelta(days=1)
        self._look_again()
        for job in (jobs.grade_open, jobs.climb_by_rule, jobs.tell_follow_ups, jobs.tell_due):
            job(since, until)

    def _look_again(self) -> None:
        """What has lain at a centre for some days is taken up: reopened, lifted, split off."""
        lain = clock.now() - timedelta(days=LAIN)
        rows = Matter.objects.filter(phase__in=("filed", "accepted"), step_entered_at__lt=lain)
        for matter_id in rows.order_by("step_entered_at").values_list("pk", flat=True):
            if matter_id in self.played:
                self.agenda.after(0, partial(self.take_in, matter_id, self.played[matter_id]), hour=10)

    def say(self, what: str) -> str:
        """One of the material's phrases."""
        return self.material.say(self.dice, what, "已核实。")

    def later(self, low: int, high: int, deed: Callable[[], Any]) -> None:
        """Do a deed after some workdays, at some hour."""
        self.agenda.after(self.dice.randint(low, high), deed, hour=self.dice.choice((9, 10, 11, 14, 15, 16)))

    def _file(self, row: dict[str, Any], town: Unit) -> None:
        villages = list(Unit.objects.filter(kind="centre", upper_centre=town).select_related("area"))
        station = self.dice.choice(villages) if villages else None
        place = station.area if station and station.area else town.area
        intake, actor = self._taken_in(row, town, station)
        if actor is None or place is None:
            return
        further = self.beside(town) if row.get("further") else []
        matter = file_row(actor, row, intake, place, further)
        self.played[matter.pk] = row
        if intake == station:
            self._at_the_station(matter, row)
        else:
            self.later(0, 1, partial(self.take_in, matter.pk, row))

    def beside(self, town: Unit) -> list[UUID]:
        """The place of another town of the same county, for what lies in two (YX13)."""
        others = [u for u in self.towns if u.upper_centre_id == town.upper_centre_id and u.pk != town.pk]
        return [unit.area_id for unit in others if unit.area_id][:1]

    def _taken_in(self, row: dict[str, Any], town: Unit, station: Unit | None) -> tuple[Unit, Actor | None]:
        """The unit that takes it in and who files it there: a village's station, the town's centre, or, for a call
        to the departments, the county's."""
        worker = self.cast.who("matter.file", station.pk) if station else None
        if worker and station and row.get("sort") == "small" and self.dice.random() < STATION_SHARE:
            return station, worker
        if worker and row["source"] == "cell":
            return town, worker
        if row["kind"] == "whistle":
            town_office = Unit.objects.filter(kind="government", area=town.area).first()
            above = town.upper_centre
            if town_office and above:
                return above, self.cast.who("matter.file", town_office.pk)
        return town, self.cast.who("matter.dispatch", town.pk)

    def _at_the_station(self, matter: Matter, row: dict[str, Any]) -> None:
        """Small things end in the village; what does not goes up to the town."""
        if kind_of(matter).sorting:
            self.hands.do(matter.pk, "sort", "matter.dispatch", sort_class=row["sort"])
        if self.dice.random() < 0.8:
            self.later(0, 2, partial(self.settle, matter.pk, row))
        else:
            reason = self.say("climb_words")
            self.later(1, 2, lambda: self.hands.do(matter.pk, "climb", "matter.dispatch", reason=reason))
            self.agenda.after(3, partial(self.take_in, matter.pk, row))

    def settle(self, matter_id: UUID, row: dict[str, Any]) -> None:
        """Done on the spot, by one form."""
        outcome = {"outcome": "agreement"} if row["kind"] == "dispute" else {}
        if self.hands.do(matter_id, "settle", "matter.handle", result=row["result"], **outcome):
            self._call_back(matter_id, row)

    def take_in(self, matter_id: UUID, row: dict[str, Any]) -> None:
        """Accept, sort, and settle or send out."""
        matter = Matter.objects.get(pk=matter_id)
        self.hands.do(matter_id, "accept", "matter.dispatch")
        if kind_of(matter).sorting and not matter.sort_class:
            self.hands.do(matter_id, "sort", "matter.dispatch", sort_class=row.get("sort", ""))
        if row.get("spot") and self.dice.random() < 0.8:
            self.later(0, 1, partial(self.settle, matter_id, row))
        else:
            self.later(0, 1, partial(self.send, matter_id, row))

    def send(self, matter_id: UUID, row: dict[str, Any]) -> None:
        """To whoever is competent, with those who support; then its units go to work."""
        matter = Matter.objects.select_related("unit", "area").get(pk=matter_id)
        leads, support = self.hands.competent(matter)
        if not leads:
            return
        lead = leads[0]
        with_them = [unit.pk for unit in support if unit != lead][:2] if self.dice.random() < 0.4 else []
        if self.hands.do(
            matter_id, "dispatch", "matter.dispatch", unit_id=lead.pk, supporting_unit_ids=with_them
        ):
            self.later(0, 1, partial(self.work, matter_id, row))

    def work(self, matter_id: UUID, row: dict[str, Any]) -> None:
        """The lead takes it; then one of the turns a matter may take."""
        self.hands.handle(matter_id, "acknowledge")
        turns: tuple[tuple[float, Callable[[UUID, dict[str, Any]], None]], ...] = (
            (0.08, self._returned),
            (0.05, self._disputed),
            (0.08, self._more_time),
            (0.05, self._books),
            (0.07, self._drags),
            (0.05, self._lifted),
            (0.03, self._in_parts),
        )
        thrown = self.dice.random()
        for share, turn in turns:
            thrown -= share
            if thrown < 0:
                turn(matter_id, row)
                return
        if self.dice.random() < 0.35:
            note = self.say("notes")
            self.later(1, 2, lambda: self.hands.handle(matter_id, "note", note=note))
        self.later(3, 9, partial(self.finish, matter_id, row))

    def _returned(self, matter_id: UUID, row: dict[str, Any]) -> None:
        """Not ours, says the unit; the centre consents and sends it on, or declines with a reason."""
        if not self.hands.handle(matter_id, "return", reason=self.say("return_words")):
            self.later(3, 6, partial(self.finish, matter_id, row))
            return
        left = self.hands.lead(matter_id)
        leads = self.hands.competent(left.matter)[0] if left else []
        others = [unit for unit in leads if left and unit.pk != left.unit_id]

        def answer() -> None:
            if others and self.dice.random() < 0.7:
                self.hands.do(matter_id, "consent_return", "matter.dispatch", unit_id=others[0].pk)
            else:
                self.hands.do(
                    matter_id, "decline_return", "matter.dispatch", reason=self.say("decline_words")
                )

        self.later(1, 3, answer)
        self.later(7, 12, partial(self.finish, matter_id, row))

    def _disputed(self, matter_id: UUID, row: dict[str, Any]) -> None:
        """Who is competent is decided above both, with both reasons."""
        if self.hands.handle(matter_id, "dispute_competence", reason=self.say("dispute_words")):
            self.later(1, 1, lambda: self.answer_dispute(matter_id, self.say("answer_words")))
            self.later(2, 4, partial(self._decide, matter_id))
        self.later(8, 14, partial(self.finish, matter_id, row))

    def answer_dispute(self, matter_id: UUID, reason: str) -> None:
        """The sender states its side."""
        self.hands.do(matter_id, "answer_competence", "matter.dispatch", reason=reason)

    def _decide(self, matter_id: UUID) -> None:
        dispute = Matter.objects.get(pk=matter_id).disputes.filter(decided_at=None).first()
        arbiter = self.cast.who("matter.approve", dispute.arbiter_id) if dispute else None
        if dispute is not None:
            self.hands.by(
                arbiter,
                dispute.matter,
                "decide_competence",
                unit_id=dispute.unit_id,
                reason=self.say("arbiter_words"),
            )

    def _more_time(self, matter_id: UUID, row: dict[str, Any]) -> None:
        self.later(2, 5, partial(self.ask_time, matter_id))
        self.later(6, 7, lambda: self.hands.do(matter_id, "approve_extension", "matter.approve"))
        self.later(14, 22, partial(self.finish, matter_id, row))

    def ask_time(self, matter_id: UUID) -> None:
        """The lead asks for ten days more."""
        due = Matter.objects.get(pk=matter_id).due_at
        day = max(clock.local(due).date() if due else clock.today(), clock.today())
        until = self.agenda.calendar.next_workday(day + timedelta(days=10))
        self.hands.handle(matter_id, "extend", until=until, reason=self.say("time_words"))

    def _books(self, matter_id: UUID, row: dict[str, Any]) -> None:
        """It cannot be solved for now; it is looked at again and taken off."""
        until = self.agenda.calendar.add_workdays(clock.today(), 40)
        put = partial(
            self.hands.do,
            matter_id,
            "put_on_books",
            "matter.approve",
            until=until,
            reason=self.say("to_books"),
        )
        self.later(2, 4, put)
        off = partial(
            self.hands.do,
            matter_id,
            "take_off_books",
            "matter.approve",
            reason="所列条件已经具备，恢复办理。",
        )
        self.later(30, 38, off)
        self.later(42, 48, partial(self.finish, matter_id, row))

    def _drags(self, matter_id: UUID, row: dict[str, Any]) -> None:
        """It takes longer than its limit: it is urged, some are taken in charge by a leader."""
        self.later(16, 20, lambda: self.hands.do(matter_id, "urge", "matter.dispatch"))
        self.later(24, 36, partial(self.finish, matter_id, row))

    def _lifted(self, matter_id: UUID, row: dict[str, Any]) -> None:
        reason = self.say("climb_words")
        self.later(2, 5, lambda: self.hands.do(matter_id, "climb", "matter.dispatch", reason=reason))
        self.later(9, 15, partial(self.finish, matter_id, row))

    def _in_parts(self, matter_id: UUID, row: dict[str, Any]) -> None:
        """Part of it becomes a matter of its own."""
        text = f"{row['title']}：其中费用分担部分另行办理"

        def split() -> None:
            if self.hands.do(matter_id, "split", "matter.dispatch", text=text):
                part = MatterLink.objects.get(first_id=matter_id, sort=MatterLink.Sort.SPLIT).second_id
                self.played[part] = row
                self.later(0, 1, partial(self.take_in, part, row))

        self.later(1, 2, split)
        self.later(4, 9, partial(self.finish, matter_id, row))

    def finish(self, matter_id: UUID, row: dict[str, Any]) -> None:
        """Every unit reports; then another hand looks."""
        said = row.get("result") or "已办理完毕，当事人认可。"
        self.hands.complete_all(matter_id, said, row.get("opinion"))
        self.later(1, 3, partial(self.check, matter_id, row))

    def check(self, matter_id: UUID, row: dict[str, Any]) -> None:
        """Verified and closed, or sent back once."""
        matter = Matter.objects.get(pk=matter_id)
        if matter.phase != "verifying":
            return
        fails = not matter.reworked and self.dice.random() < 0.08
        reason = self.say("send_back_words")
        if fails and self.hands.check(matter_id, "send_back", "matter.verify", reason=reason):
            self.later(3, 6, partial(self.finish, matter_id, row))
            return
        kind = kind_of(matter)
        if kind.closing == "confirmed" and matter.filed_unit_id:
            self.hands.by(self.cast.who("matter.file", matter.filed_unit_id), matter, "confirm")
        elif kind.rule("verify"):
            self.hands.check(matter_id, "verify", "matter.verify", note=self.say("check_words"))
        self.later(0, 1, partial(self.close, matter_id, row))

    def close(self, matter_id: UUID, row: dict[str, Any]) -> None:
        """Off the list, with its outcome."""
        outcome = "agreement" if row["kind"] == "dispute" else "done"
        if self.hands.check(matter_id, "close", "matter.close", outcome=outcome):
            self._call_back(matter_id, row)

    def _call_back(self, matter_id: UUID, row: dict[str, Any]) -> None:
        """The reporter is called when it is due; a few say that it is not solved."""
        calls = FollowUp.objects.filter(matter_id=matter_id, done_at=None).order_by("due_at")
        for number, row_due in enumerate(calls):
            if row_due.due_at is None or self.dice.random() < 0.06:
                continue
            day = self.agenda.calendar.next_workday(clock.local(row_due.due_at).date())
            unsolved = number == 0 and self.dice.random() < 0.05
            deed = partial(self._unsolved if unsolved else self._called, matter_id, row)
            self.agenda.at(self.agenda.moment(day, 15), deed)

    def _called(self, matter_id: UUID, row: dict[str, Any]) -> None:
        enough = self.dice.random() < 0.1
        self.hands.do(
            matter_id, "follow_up", "matter.verify", result=self.say("follow_words"), no_more_calls=enough
        )
        if self.dice.random() < 0.4:
            self.reported(matter_id, "rate", rating=self.dice.choice((5, 5, 4, 4, 3)))

    def _unsolved(self, matter_id: UUID, row: dict[str, Any]) -> None:
        if self.reported(matter_id, "not_solved", reason=self.say("unsolved_words")):
            again = partial(
                self.hands.do, matter_id, "reopen", "matter.verify", reason=self.say("again_words")
            )
            self.later(1, 2, again)
            self.later(5, 9, partial(self.finish, matter_id, row))

    def reported(self, matter_id: UUID, verb: str, **data: Any) -> bool:
        """What its reporter says, by the unit that filed it for them."""
        matter = Matter.objects.get(pk=matter_id)
        actor = self.cast.who("matter.file", matter.filed_unit_id) if matter.filed_unit_id else None
        return self.hands.by(actor, matter, verb, **data)


class AtCentres:
    """Something more that is played at the centres, by the same people on the same days."""

    def __init__(self, centres: Centres) -> None:
        self.centres, self.agenda = centres, centres.agenda
        self.hands, self.cast = centres.hands, centres.cast


def file_row(actor: Actor, row: dict[str, Any], intake: Unit, place: Area, further: list[UUID]) -> Matter:
    """Files a row of the material with the unit that takes it in, for a place."""
    asks = kind_named(row["kind"]).reporter == "required" or "reporter" in row
    who = Reporter(name=row.get("reporter", "来件人（化名）"), address=place.name, pin=DEMO_PIN)
    fields = {
        key: value.replace("{place}", place.name) if isinstance(value, str) else value
        for key, value in row.get("fields", {}).items()
    }
    return file_matter(
        actor,
        kind=row["kind"],
        source=row["source"],
        topic=row.get("topic", ""),
        unit_id=intake.pk,
        area_id=place.pk,
        further_area_ids=further,
        happened_on=clock.today(),
        fields=fields,
        reporters=[who] if asks else [],
        title=row["title"].replace("{place}", place.name),
        text=row["text"].replace("{place}", place.name),
    )
