"""`meeting` and `watch`: who sits together about what, what they may decide, and what they keep an eye on.

How often a kind is held is what the city intends: a session that was left out is not missing, and nothing counts it.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Literal

from pydantic import Field, model_validator

from shiyu.kernel.conditions import Condition
from shiyu.kernel.spec.documents import DocumentCode
from shiyu.kernel.spec.routes import Competent
from shiyu.kernel.spec.seed import AreaLevel
from shiyu.kernel.words import Code, Label, Limit, Strict, Wrong


class AgendaItem(StrEnum):
    """What the system can put on an agenda by itself."""

    LAST_DECISIONS = "last_decisions"
    FIGURES = "figures"
    THREE_LISTS = "three_lists"
    PROBLEMS_OVERDUE = "problems_overdue"
    PROBLEMS_ON_BOOKS = "problems_on_books"
    DUE_NEXT = "due_next"
    NEEDS_DECISION = "needs_decision"
    INSTRUCTIONS = "instructions"
    LIFTED = "lifted"
    WATCH_REVIEWS = "watch_reviews"
    MATTERS = "matters"


class Ruling(StrEnum):
    """What a meeting can decide on a matter; a closed list. A measure is given to a unit with a day."""

    MEASURE = "measure"
    LETTER = "letter"
    CLIMB = "climb"
    LIFT = "lift"
    TAKE_IN_CHARGE = "take_in_charge"
    SUPERVISE = "supervise"
    WATCH = "watch"
    UNWATCH = "unwatch"
    NO_ACTION = "no_action"


class Drawn(Strict):
    """`{when: {grade: high}, label: {zh: 定为高级, en: Graded high}}`: puts the open matters on the agenda for which
    the row holds, with the label as the reason."""

    when: Condition
    """Facts of a matter that must all hold."""
    label: Label
    """Why it is on the agenda."""


class MeetingKind(Strict):
    """A kind of meeting: the monthly meeting, a risk session (LJ3), a consultation of one level (YX11).

    ```yaml
    meeting:
      town_session:
        label: {zh: 乡镇风险研判会, en: Risk session of a town}
        level: town
        every: week
        agenda: [last_decisions, lifted, watch_reviews, matters]
        matters: [{when: {grade: high}, label: {zh: 定为高级, en: Graded high}}]
        standing: [{group: police_stations}]
        takes: [measure, letter, climb, watch, no_action]
        letters: [risk_advisory]
        lifts_to: county_consultation
        decisions: record
    ```"""

    label: Label
    """What it is called."""
    level: AreaLevel | None = None
    """The level of the area of the units that hold it; left out: whoever runs meetings."""
    held_by: Code | None = None
    """The unit group that holds it; left out: every unit of the level."""
    cycle: Code | None = None
    """The cycle whose locked period it works from."""
    every: Literal["week", "month", "quarter", "once", "need"] = "month"
    """How often the city means to hold it; `need`: when there is need. Leaving one out is no fault."""
    agenda: tuple[AgendaItem, ...] = Field(min_length=1)
    """What the agenda draws by itself, in order."""
    matters: tuple[Drawn, ...] = ()
    """Which open matters of the unit's area come onto the agenda; any row."""
    standing: tuple[Competent, ...] = ()
    """Units that belong to every one, found by the area of the unit that holds it."""
    invited: tuple[Competent, ...] = ()
    """Units asked to come; the one who plans it may leave them out."""
    takes: tuple[Ruling, ...] = ()
    """What may be decided on a matter."""
    letters: tuple[Code, ...] = ()
    """For `letter`: the kinds of letters that may be decided."""
    lifts_to: Code | None = None
    """For `lift`: the kind of meeting of the unit above that a matter is lifted to."""
    decisions: Literal["duties", "record"] = "duties"
    """duties: decisions become duties with dates and come back at the next meeting; record: they stand with the
    meeting and the matter, with their dates, and come back as well."""
    documents: dict[DocumentCode, Code] = {}
    """Document of the catalogue → template that words it."""

    @model_validator(mode="after")
    def _fits_together(self) -> MeetingKind:
        pairs = (
            (Ruling.LETTER in self.takes, bool(self.letters), "takes: letter", "letters"),
            (Ruling.LIFT in self.takes, self.lifts_to is not None, "takes: lift", "lifts_to"),
            (AgendaItem.MATTERS in self.agenda, bool(self.matters), "agenda: matters", "matters"),
        )
        for named, given, one, other in pairs:
            if named != given:
                raise Wrong(
                    f"{one} 和 {other} 要同时写或同时不写", f"give both {one} and {other}, or neither"
                )
        if self.takes and self.decisions == "duties":
            raise Wrong(
                "对事项作议定的会议（takes）不转为责任清单，decisions 要写 record",
                "a meeting that decides on matters (takes) makes no duties: say decisions: record",
                "decisions",
            )
        return self


class WatchRule(Strict):
    """The watch list (LJ6): matters that stay unresolved, each titled by its number, with an owner and a day of review.
    It never hides that a matter is overdue; leaving it needs a decision of a meeting.

    `watch: {label: {zh: 常态关注清单, en: Watch list}, kinds: [dispute, hazard], review: {n: 10, unit: workdays}}`"""

    label: Label
    """What it is called."""
    kinds: tuple[Code, ...] = Field(min_length=1)
    """The kinds of matters that may be on it."""
    review: Limit
    """The longest time to the next review."""
