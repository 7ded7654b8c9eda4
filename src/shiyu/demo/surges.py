"""Emergency responses of the simulated half year: one that is over, with its bulletins and review, and an exercise."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

from shiyu.demo.centres import Centres
from shiyu.kernel.actor import Actor
from shiyu.lib import clock
from shiyu.matters.actions import file_matter
from shiyu.people.models import Unit
from shiyu.places.models import Area
from shiyu.surge import actions
from shiyu.surge.actions import Decision
from shiyu.surge.models import Surge, SurgeOrder

Row = dict[str, Any]


class Surges:
    """Plays each row of the material's `surges` from its opening to where it stands today."""

    def __init__(self, centres: Centres) -> None:
        self.agenda, self.hands, self.cast = centres.agenda, centres.hands, centres.cast
        self.rows: list[Row] = centres.material.surges

    def schedule(self) -> None:
        """Each on its day, so many calendar days before the end."""
        for row in self.rows:
            first = clock.local(self.agenda.until).date() - timedelta(days=int(row["began"]))
            self._at(first, row["hour"], 0, partial(self._open, row, first))

    def _at(self, first: date, hour: int, day: int, deed: Callable[[], Any], minute: int = 0) -> None:
        self.agenda.at(self.agenda.moment(first + timedelta(days=day), hour, minute), deed)

    def _unit(self, code: str) -> Unit:
        if code not in self.cast.units:
            raise LookupError(f"seed/demo: no unit {code}")
        return self.cast.units[code]

    def _who(self, right: str, code: str) -> Actor:
        actor = self.cast.who(right, self._unit(code).pk)
        if actor is None:
            raise LookupError(f"seed/demo: nobody with {right} in {code}")
        return actor

    def _decision(self, row: Row, number: str, reason: str) -> Decision:
        text = number.replace("{year}", str(clock.today().year))
        return Decision(row["decided_by"], text, clock.today(), reason)

    def _open(self, row: Row, first: date) -> None:
        head = self._who("surge.open", row["unit"])
        surge = actions.open_surge(
            head,
            title=row["title"],
            occasion=row["occasion"],
            decision=self._decision(row, row["number"], row["reason"]),
            area_ids=list(Area.objects.in_force().filter(code__in=row["areas"]).values_list("id", flat=True)),
            kinds=row["kinds"],
            ends_on=first + timedelta(days=int(row["days"])),
            unit_id=self._unit(row["unit"]).pk,
            drill=bool(row.get("drill")),
        )
        for matter in row["matters"]:
            self._at(first, matter["hour"], matter["day"], partial(self._file, row, matter), minute=15)
        for order in row["orders"]:
            self._at(first, order["hour"], order["day"], partial(self._order, row, surge, order), minute=20)
        for number, words in enumerate(row["assessments"]):
            # The evening's sitting; on the last day before it is ended.
            deed = partial(self._sign, row, surge, first + timedelta(days=number), words)
            self._at(first, 17 if number else max(18, row["hour"] + 2), number, deed, minute=50)
        if "ended" in row:
            self._at(first, 18, int(row["days"]), partial(self._end, row, surge), minute=30)

    def _file(self, row: Row, matter: Row) -> None:
        place, intake = self._unit(matter["village"]).area, self._unit(matter["unit"])
        right = "matter.file" if "files" in matter else "matter.dispatch"
        filed = file_matter(
            self._who(right, str(matter.get("files") or matter["unit"])),
            kind=matter["kind"],
            topic=matter["topic"],
            source=matter["source"],
            unit_id=intake.pk,
            area_id=place.pk if place else None,
            happened_on=clock.today(),
            fields=matter["fields"],
            title=matter["title"],
            text=matter["text"].replace("{place}", place.name if place else ""),
            drill=bool(row.get("drill")),
        )
        self.hands.do(filed.pk, "accept", "matter.dispatch")
        self.hands.do(filed.pk, "dispatch", "matter.dispatch", unit_id=self._unit(matter["lead"]).pk)
        self._in_hours(0.7, lambda: self.hands.handle(filed.pk, "acknowledge"))
        if "after" in matter:
            self._in_hours(matter["after"], partial(self._handled, filed.pk, matter["result"]))

    def _in_hours(self, hours: float, deed: Callable[[], Any]) -> None:
        self.agenda.at(clock.now() + timedelta(hours=hours), deed)

    def _handled(self, matter_id: UUID, result: str) -> None:
        self.hands.complete_all(matter_id, result)
        self._in_hours(
            14, lambda: self.hands.check(matter_id, "verify", "matter.verify", note="现场核查属实。")
        )
        self._in_hours(15, lambda: self.hands.check(matter_id, "close", "matter.close", outcome="done"))

    def _order(self, row: Row, surge: Surge, order: Row, measure: bool = False) -> None:
        due: datetime = clock.now() + (
            timedelta(days=order["days"]) if measure else timedelta(hours=order["within"])
        )
        given = actions.issue_orders(
            self._who("surge.open", row["unit"]),
            surge.pk,
            text=order["text"],
            unit_ids=[self._unit(code).pk for code in order["units"]],
            due_at=due,
            measure=measure,
        )
        results = order.get("results") or ([order["result"]] if "result" in order else [])
        by_unit = dict(zip(order["units"], results, strict=False))
        wait = 24.0 * 20 if measure else order["within"] * 0.7
        for one in given:
            unit = next(code for code in order["units"] if self._unit(code).pk == one.unit_id)
            self._in_hours(0.3, partial(self._receive, one, unit))
            if unit in by_unit:
                self._in_hours(wait, partial(self._done, one, unit, by_unit[unit]))

    def _receive(self, order: SurgeOrder, unit: str) -> None:
        actions.receive_order(self._who("matter.handle", unit), order.pk)

    def _done(self, order: SurgeOrder, unit: str, result: str) -> None:
        actions.finish_order(self._who("matter.handle", unit), order.pk, result=result)

    def _sign(self, row: Row, surge: Surge, day: date, words: str) -> None:
        runs = self._who("surge.run", row["unit"])
        present = [self._unit(code).pk for code in row["present"]]
        actions.sign_day(runs, surge.pk, day=day, assessment=words, present=present)
        actions.issue_bulletin(runs, surge.pk, day=day)

    def _end(self, row: Row, surge: Surge) -> None:
        head, ended = self._who("surge.open", row["unit"]), row["ended"]
        actions.end_surge(head, surge.pk, decision=self._decision(row, ended["number"], ended["reason"]))
        for measure in row["measures"]:
            self._in_hours(40, partial(self._order, row, surge, measure, measure=True))
        words = {"happened": row["happened"], "improve": row["improve"]}
        self._in_hours(41, lambda: actions.close_surge(head, surge.pk, **words))
