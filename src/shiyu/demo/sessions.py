"""Risk sessions of the last weeks, a matter talked about on three levels, and what stays watched."""

from functools import partial
from itertools import cycle
from typing import Any

from shiyu.demo.centres import AtCentres, Centres, file_row
from shiyu.kernel.actor import Actor
from shiyu.letters.actions import Bound, draft_letter, submit_letter
from shiyu.lib import clock
from shiyu.lib.errors import UserError
from shiyu.matters.access import SUBJECT, can
from shiyu.matters.actions import end_supervision
from shiyu.matters.models import Matter
from shiyu.meetings import actions
from shiyu.meetings.access import kinds_held_by
from shiyu.meetings.actions import Ruled
from shiyu.meetings.actions.meetings import Came
from shiyu.meetings.models import AgendaPoint, Decision, Meeting, WatchEntry
from shiyu.meetings.queries.agenda import agenda_for
from shiyu.meetings.queries.watch import entry_of
from shiyu.people.models import Unit

WEEKS = 3
MOST = 5
"""So many points of an agenda are decided on; the rest wait for the visitor's eye."""


class Sessions(AtCentres):
    """Plays `sessions` and `consultation` of the material; a pack without them has none."""

    def __init__(self, centres: Centres) -> None:
        super().__init__(centres)
        self.words: dict[str, Any] = centres.material.sessions
        self.case: dict[str, Any] = centres.material.consultation
        self.orders = {
            code: cycle((*wanted, "measure"))
            for code, wanted in zip(
                self.words.get("units", ()),
                (
                    ("watch", "measure", "letter", "take_in_charge"),
                    ("measure", "watch", "no_action"),
                    ("supervise", "watch", "letter", "watch"),
                ),
                strict=False,
            )
        }

    def schedule(self) -> None:
        """Each unit's sessions of the last weeks, the last one planned for the coming day, and the consultation."""
        for number, code in enumerate(self.words.get("units", ())):
            for week in range(WEEKS, 0, -1):
                day = self.agenda.workday_before(5 * week - 3 + number % 2)
                self.agenda.at(self.agenda.moment(day, 15, 10 * number), partial(self._hold, code))
        if self.case:
            first = self.agenda.workday_before(12)
            self.agenda.at(self.agenda.moment(first, 9, 20), self._bring)

    def _who(self, right: str, code: str) -> Actor:
        unit = self.cast.units.get(code)
        actor = self.cast.who(right, unit.pk) if unit else None
        if actor is None:
            raise LookupError(f"seed/demo: nobody with {right} in {code}")
        return actor

    def _unit(self, code: str) -> Unit:
        return Unit.objects.select_related("area").get(code=code)

    def _hold(self, code: str) -> None:
        """A session: planned, held on the same afternoon, its points decided, its minutes sent round."""
        unit = self._unit(code)
        kind = next(key for key, spec in kinds_held_by(unit).items() if spec.matters and spec.takes)
        spec, head = kinds_held_by(unit)[kind], self._who("meeting.run", code)
        if not agenda_for(head, spec, kind, unit):
            return  # nothing to talk about: no session, and nobody misses it
        meeting = self._open(head, unit, kind)
        for point in meeting.points.filter(taken_off="").select_related("matter")[:MOST]:
            self._decide(head, unit, point)
        self._close(head, meeting)

    def _open(self, head: Actor, unit: Unit, kind: str, code: str = "") -> Meeting:
        """Planned and held today; the matter of a number comes onto it by hand where no rule put it there."""
        meeting = actions.plan_meeting(
            head,
            kind=kind,
            title="",
            unit_id=unit.pk,
            held_on=clock.today(),
            place=self.words.get("place", ""),
            chair=self.words.get("leader", ""),
        )
        if code and not meeting.points.filter(matter__code=code).exists():
            actions.add_point(head, meeting.pk, word=self.words["by_hand"], matter_code=code)
        return actions.hold_meeting(
            head, meeting.pk, place=meeting.place, chair=meeting.chair, held_on=meeting.held_on
        )

    def _close(self, head: Actor, meeting: Meeting) -> None:
        came = {
            row.pk: Came("absent" if number == 3 else "represented" if number % 3 == 1 else "present")
            for number, row in enumerate(meeting.attendances.all())
        }
        if came:
            actions.record_attendance(head, meeting.pk, came)
        actions.circulate_minutes(head, meeting.pk)

    def _decide(self, head: Actor, unit: Unit, point: AgendaPoint) -> None:
        """The unit's next ruling in turn, where it is possible; else a measure."""
        ruling = next(self.orders[unit.code])
        matter = point.matter
        if matter is None:
            return
        entry = entry_of(matter)
        if entry is not None and not matter.is_open:
            ruling = "unwatch"
        elif ruling == "watch" and entry is not None:
            ruling = "no_action"
        elif ruling in ("supervise", "take_in_charge") and not can(head, ruling, matter):
            ruling = "measure"  # it may not be done as things stand
        lead = self.hands.lead(matter.pk)
        if lead is None and ruling in ("measure", "letter"):
            ruling = "no_action"
        given = self._given(ruling, unit, lead.unit if lead else unit)
        try:
            decision = actions.decide_point(head, point.pk, given)
        except UserError:  # what things do not allow today, the session leaves
            return
        self._follow(head, decision, lead.unit if lead else unit)

    def _given(self, ruling: str, unit: Unit, lead: Unit) -> Ruled:
        words, days = self.words, self.agenda.calendar
        text = words[ruling]
        if isinstance(text, list):
            text = self.centres.dice.choice(text)
        today = clock.today()
        if ruling == "watch":
            late = self.agenda.workday_before(0) if self.centres.dice.random() < 0.3 else None
            review = max(late or today, days.add_workdays(today, 8))
            return Ruled(
                ruling,
                text,
                lead_unit_id=unit.pk,
                post=words["leader"],
                next_measure=words["next_measure"],
                due_on=review,
            )
        if ruling == "take_in_charge":
            return Ruled(ruling, text, post=words["leader"], due_on=days.add_workdays(today, 10))
        if ruling == "measure":
            return Ruled(ruling, text, lead_unit_id=lead.pk, due_on=days.add_workdays(today, 4))
        return Ruled(ruling, text, letter_kind="risk_advisory" if ruling == "letter" else "")

    def _follow(self, head: Actor, decision: Decision, lead: Unit) -> None:
        """What becomes of it: measures are done, mostly in time; letters are drafted and submitted; watched matters are looked at."""
        if decision.ruling == "measure" and self.centres.dice.random() < 0.75:
            self.agenda.after(self.centres.dice.randint(1, 5), partial(self._done, decision))
        elif decision.ruling == "letter" and self.centres.dice.random() < 0.8:
            self.agenda.after(1, partial(self._write, head, decision, lead))
        elif decision.ruling == "watch":
            entry = decision.watch_entry
            self.agenda.after(7, partial(self._review, entry))
        elif decision.ruling == "supervise":
            self.agenda.after(6, partial(self._end_supervision, head, decision))

    def _end_supervision(self, head: Actor, decision: Decision) -> None:
        """Looked into on the spot, where it is still open; the unit that put it under supervision ends it."""
        matter = Matter.objects.get(pk=str(decision.matter_id))
        if can(head, "end_supervision", matter):
            end_supervision(head, matter.pk, reason=self.words["end_supervision"])

    def _done(self, decision: Decision) -> None:
        actor = self.cast.who("matter.handle", decision.lead_unit_id)
        if actor is not None:
            actions.complete_decision(actor, decision.pk, result=self.words["result"])

    def _write(self, head: Actor, decision: Decision, lead: Unit) -> None:
        matter = decision.matter
        if matter is None:
            return
        bound = Bound(subject=(SUBJECT, matter.pk))
        title = f"关于{matter.code}的风险提示函"
        words = {"kind": decision.letter_kind, "unit_id": decision.meeting.unit_id, "title": title}
        try:
            letter = draft_letter(head, bound, **words, body=decision.text, recipients=[lead.pk])
        except UserError:  # a doubt about the addressee: a person looks at it
            return
        submit_letter(head, letter.pk)

    def _review(self, entry: WatchEntry) -> None:
        """Reviewed in time, but for some that are due when the visitor comes."""
        actor = self.cast.who("meeting.run", entry.unit_id)
        if actor is None or entry.review_on >= clock.local(self.agenda.until).date():
            return
        if self.agenda.workday_before(6) <= clock.today():
            return
        actions.review_entry(
            actor,
            entry.pk,
            finding=self.words["finding"],
            next_measure=self.words["again"],
            review_on=self.agenda.calendar.add_workdays(clock.today(), 8),
        )

    def _bring(self) -> None:
        """A hard case comes to the village's station and is talked about there, in the town and in the county."""
        village, row = self._unit(self.case["village"]), self.case["matter"]
        desk = self._who("matter.dispatch", village.code)
        if village.area is None:
            raise LookupError(f"seed/demo: {village.code} lies nowhere")
        matter = file_row(desk, row, village, village.area, [])
        self.hands.do(matter.pk, "accept", "matter.dispatch")
        self.hands.do(matter.pk, "sort", "matter.dispatch", sort_class=row["sort"])
        town, county = (
            village.upper_centre,
            village.upper_centre.upper_centre if village.upper_centre else None,
        )
        if town is None or county is None:
            raise LookupError(f"seed/demo: nothing stands above {village.code}")
        steps = (
            (village, "village_consultation", Ruled("lift", self.case["village_words"])),
            (town, "town_consultation", Ruled("lift", self.case["town_words"])),
        )
        for number, (unit, kind, given) in enumerate(steps):
            self.agenda.after(1 + 2 * number, partial(self._talk, unit, kind, matter.code, (given,)), hour=14)
        land = self._unit(self.case["lead"])
        last = (
            Ruled(
                "measure",
                self.case["county_words"],
                lead_unit_id=land.pk,
                due_on=self.agenda.workday_before(0),
            ),
            Ruled(
                "watch",
                self.case["watch_words"],
                lead_unit_id=county.pk,
                post=self.words["leader"],
                next_measure=self.words["next_measure"],
                due_on=self.agenda.calendar.add_workdays(clock.local(self.agenda.until).date(), 1),
            ),
        )
        self.agenda.after(5, partial(self._talk, county, "county_consultation", matter.code, last), hour=14)
        lead = {"unit_id": land.pk, "supporting_unit_ids": []}
        self.agenda.after(6, partial(self.hands.do, matter.pk, "dispatch", "matter.dispatch", **lead))

    def _talk(self, unit: Unit, kind: str, code: str, rulings: tuple[Ruled, ...]) -> None:
        head = self._who("meeting.run", unit.code)
        meeting = self._open(head, unit, kind, code)
        point = meeting.points.get(matter__code=code)
        actions.note_point(head, point.pk, notes=self.words["notes"][0])
        for given in rulings:
            actions.decide_point(head, point.pk, given)
        self._close(head, meeting)
