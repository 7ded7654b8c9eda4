"""The same thing told twice: one matter is merged into the other, two that belong together are linked."""

from functools import partial
from typing import Any
from uuid import UUID

from shiyu.demo.centres import AtCentres, file_row
from shiyu.matters.models import Matter
from shiyu.people.models import Unit

DAYS = (45, 31, 17, 6)
"""Workdays before the end on which something is told for the second time; the last pair is linked, not merged."""


class Doubles(AtCentres):
    """Plays them at the toured centres."""

    def schedule(self) -> None:
        """Each pair on its days. A city without toured centres or disputes has none."""
        rows = [row for row in self.centres.material.matters if row["kind"] == "dispute"]
        for number, days in enumerate(DAYS):
            if rows and self.centres.toured:
                row, town = rows[number % len(rows)], self.centres.toured[number % len(self.centres.toured)]
                merged = number < len(DAYS) - 1
                moment = self.agenda.moment(self.agenda.workday_before(days), 9, 40)
                self.agenda.at(moment, partial(self._first, row, town, merged))

    def _first(self, row: dict[str, Any], town: Unit, merged: bool) -> None:
        first = self._told(row, town)
        if first is not None:
            self.agenda.after(1, partial(self._again, first.pk, row, town, merged))
            self.agenda.after(2, partial(self.centres.take_in, first.pk, row))

    def _again(self, first_id: UUID, row: dict[str, Any], town: Unit, merged: bool) -> None:
        """A neighbour comes with the same: it joins the first one, keeping its own number and receipt."""
        second = self._told({**row, "title": f"再次反映：{row['title']}"[:120]}, town)
        if second is None:
            return
        first = Matter.objects.get(pk=first_id)
        if merged:
            reason = "同一地点、同一事由，另一方当事人先行反映"
            self.hands.do(second.pk, "merge", "matter.dispatch", other=first.code, reason=reason)
        else:
            self.hands.do(second.pk, "link", "matter.dispatch", other=first.code)
            self.centres.played[second.pk] = row
            self.agenda.after(1, partial(self.centres.take_in, second.pk, row))

    def _told(self, row: dict[str, Any], town: Unit) -> Matter | None:
        actor = self.cast.who("matter.dispatch", town.pk)
        place = (
            Unit.objects.filter(kind="centre", upper_centre=town, area__isnull=False).by_protocol().first()
        )
        if actor is None or place is None or place.area is None:
            return None
        matter = file_row(actor, row, town, place.area, [])
        self.centres.played.setdefault(matter.pk, row)
        return matter
