"""What is on the desks when the demo of the centres opens: each scene of the material, brought to where it stands."""

from collections.abc import Callable
from functools import partial
from typing import Any
from uuid import UUID

from shiyu.demo.centres import AtCentres, file_row
from shiyu.matters.kinds import kind_of
from shiyu.matters.models import Matter


class Scenes(AtCentres):
    """Plays the scenes in the last workdays before the end, so that each visitor finds the work of the tour."""

    def schedule(self) -> None:
        """Each scene on its day (`found` workdays before the end)."""
        for number, row in enumerate(self.centres.material.scenes):
            day = self.agenda.workday_before(int(row["found"]))
            self.agenda.at(self.agenda.moment(day, 8, 5 + 2 * number), partial(self._open, row))

    def _open(self, row: dict[str, Any]) -> None:
        intake, village = self.cast.unit(row["unit"]), self.cast.unit(row["village"])
        if "files" in row:
            actor = self.cast.at(self.cast.unit(row["files"]), "matter.file")
        else:
            actor = self.cast.at(intake, "matter.dispatch")
        if village.area is None:
            raise LookupError(f"seed/demo: {village.code} has no place")
        further = self.centres.beside(intake) if row.get("further") else []
        matter = file_row(actor, row, intake, village.area, further)
        if row["then"] == "filed":
            return
        self.hands.do(matter.pk, "accept", "matter.dispatch")
        if row["then"] != "accepted":
            self._go_on(matter, row)

    def _go_on(self, matter: Matter, row: dict[str, Any]) -> None:
        if kind_of(matter).sorting:
            self.hands.do(matter.pk, "sort", "matter.dispatch", sort_class=row["sort"])
        if row["then"] == "sorted":
            return
        supporting = [self.cast.unit(code).pk for code in row.get("support", [])]
        lead = self.cast.unit(row["lead"]).pk
        self.hands.do(matter.pk, "dispatch", "matter.dispatch", unit_id=lead, supporting_unit_ids=supporting)
        if row["then"] == "new":
            return
        self.hands.handle(matter.pk, "acknowledge")
        last = int(row["found"]) - 1
        then: dict[str, tuple[int, Callable[[UUID, dict[str, Any]], None]]] = {
            "to be checked": (last - 1, self._done),
            "asks for time": (last - 1, self._asks),
            "returned": (1, self._returns),
            "disputed": (last - 2, self._disputes),
            "climbed": (last // 2, self._climbs),
            "on the books": (last // 2, self._books),
            "follow up due": (3, self._closes),
            "not solved": (3, self._closes),
        }
        if row["then"] in then:
            wait, deed = then[row["then"]]
            self.agenda.after(max(wait, 0), partial(deed, matter.pk, row), hour=11)

    def _done(self, matter_id: UUID, row: dict[str, Any]) -> None:
        self.hands.complete_all(matter_id, row["result"], row.get("opinion"))

    def _asks(self, matter_id: UUID, row: dict[str, Any]) -> None:
        self.centres.ask_time(matter_id)

    def _returns(self, matter_id: UUID, row: dict[str, Any]) -> None:
        self.hands.handle(matter_id, "return", reason=row["reason"])

    def _disputes(self, matter_id: UUID, row: dict[str, Any]) -> None:
        self.hands.handle(matter_id, "dispute_competence", reason=row["reason"])
        self.agenda.after(1, partial(self.centres.answer_dispute, matter_id, row["answer"]), hour=15)

    def _climbs(self, matter_id: UUID, row: dict[str, Any]) -> None:
        self.hands.do(matter_id, "climb", "matter.dispatch", reason=row["reason"])

    def _books(self, matter_id: UUID, row: dict[str, Any]) -> None:
        until = self.agenda.calendar.add_workdays(self.agenda.until.date(), 3)
        self.hands.do(matter_id, "put_on_books", "matter.approve", until=until, reason=row["reason"])

    def _closes(self, matter_id: UUID, row: dict[str, Any]) -> None:
        """Done, checked and closed on the following days; then the call is due, or its reporter objects."""
        self.hands.complete_all(matter_id, row["result"], row.get("opinion"))
        note = self.centres.say("check_words")
        self.agenda.after(1, lambda: self.hands.check(matter_id, "verify", "matter.verify", note=note))
        outcome = row.get("outcome", "done")
        self.agenda.after(
            1, lambda: self.hands.check(matter_id, "close", "matter.close", outcome=outcome), hour=16
        )
        if row["then"] == "not solved":
            reason = self.centres.say("unsolved_words")
            wait = max(int(row["found"]) - 6, 1)
            self.agenda.after(wait, lambda: self.centres.reported(matter_id, "not_solved", reason=reason))
