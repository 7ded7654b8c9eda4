"""What a kind says of its ways: `sorting`, `grading`, `climb`, `follow_up`, `review`; and the pack's `competence`.

Conditions speak of facts of a matter: those of the code (`conditions.FACTS["matter"]`) and the kind's own form
fields of type number, bool or code. Which units a row of competence means follows from a unit group and the
place of the matter, never from a single unit's name.
"""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from shiyu.kernel.conditions import Condition
from shiyu.kernel.spec.seed import AreaLevel
from shiyu.kernel.words import Code, Label, Limit, Strict, Wrong


class SortClass(Strict):
    """One class of a sorting: `{label: {zh: 小事, en: Small}, limit: {n: 7, unit: workdays}, next: [settle,
    dispatch]}`"""

    label: Label
    """What it is called."""
    help: Label | None = None
    """A sentence that helps to choose it."""
    limit: Limit | None = None
    """Its own limit for the whole matter; left out: the kind's."""
    next: tuple[Literal["settle", "dispatch", "refuse", "climb"], ...] = ()
    """What may follow; empty: everything the kind knows."""


class Sorting(Strict):
    """How matters are sorted when they come in (QJ9 three-way, or any other way). Until a matter is sorted it can
    neither be settled nor dispatched.

    ```yaml
    sorting:
      label: {zh: 三事分流, en: Three-way sorting}
      classes: {large: {…}, small: {…}, private: {…}}
    ```"""

    label: Label
    """What the sorting is called."""
    classes: dict[Code, SortClass] = Field(min_length=2)
    """The classes in the order shown."""


class FactorRow(Strict):
    """`{when: {people: {min: 30}}, points: 30, label: {zh: 三十人以上, en: Thirty people or more}}`"""

    when: Condition
    """Facts that must all hold."""
    points: int = Field(ge=0, le=100)
    """What it counts."""
    label: Label
    """How the reason reads."""


class Factor(Strict):
    """One thing that has happened, measured: the row with the most points among those that hold counts."""

    label: Label
    """What is looked at."""
    rows: tuple[FactorRow, ...] = Field(min_length=1)
    """The rows; “or” is another row."""


class Grade(Strict):
    """`{label: {zh: 高, en: High}, least: 60, agenda: true, measures: [{zh: …, en: …}]}`"""

    label: Label
    """What it is called."""
    least: int = Field(ge=0, le=1000)
    """Points from which it is given."""
    measures: tuple[Label, ...] = ()
    """What is to be done at this grade."""
    agenda: bool = False
    """Whether it goes on the agenda of risk sessions."""


class Grading(Strict):
    """The factor table (LJ5): by what has happened, never by what somebody thinks. Each factor adds its points.

    ```yaml
    grading:
      factors: {people: {label: {…}, rows: [{when: {people: {min: 30}}, points: 30, label: {…}}]}}
      grades: {high: {label: {…}, least: 60}, medium: {label: {…}, least: 30}, low: {label: {…}, least: 0}}
    ```"""

    factors: dict[Code, Factor] = Field(min_length=1)
    """What is looked at, in order."""
    grades: dict[Code, Grade] = Field(min_length=2)
    """The grades from the highest to the lowest; the last one from 0 points."""

    @model_validator(mode="after")
    def _falling(self) -> Grading:
        points = [grade.least for grade in self.grades.values()]
        if points != sorted(set(points), reverse=True) or points[-1] != 0:
            raise Wrong(
                "grades 从高到低排列，分值递减，最后一级从 0 分起",
                "grades go from the highest to the lowest, and the last one begins at 0",
                "grades",
            )
        return self


class ClimbRule(Strict):
    """When a matter goes up to the unit above by itself: `{overdue: {n: 5, unit: workdays}}` or `{when: {grade:
    high}}`; at the top it comes under supervision instead."""

    overdue: Limit | None = None
    """The present step has been overdue for this long."""
    when: Condition = {}
    """Facts that must all hold."""
    label: Label
    """The reason given."""

    @model_validator(mode="after")
    def _says_something(self) -> ClimbRule:
        if self.overdue is None and not self.when:
            raise Wrong("要写 overdue 或 when", "give `overdue` or `when`")
        return self


class FollowUpRule(Strict):
    """`{after: {n: 5, unit: workdays}, times: 1}`: how soon after closing the reporter is asked, and how often."""

    after: Limit
    """The first follow-up is due this long after closing; the next ones as long after the one before."""
    times: int = Field(default=1, ge=1, le=12)
    """How many are due; more may be made."""


class ReviewRule(Strict):
    """`{kind: petition_review, within: {n: 30, unit: calendar_days}}`: the reporter may ask the unit above for a
    review, which is a matter of another kind."""

    kind: Code
    """The kind of matter the review is."""
    within: Limit
    """How long after the end it may be asked for."""


class Competent(Strict):
    """`{group: land_departments, level: county}`: the unit of a group whose place the matter lies in."""

    group: Code
    """A unit group."""
    level: AreaLevel | None = None
    """The level of the unit's area; left out: the nearest above the matter's place."""


class CompetenceRow(Strict):
    """Who is competent for what (LZ11). The first row that holds proposes; a person dispatches.

    ```yaml
    competence:
      homestead:
        label: {zh: 宅基地纠纷, en: Homestead disputes}
        when: [{kind: dispute, topic: homestead}]
        function: homestead                        # of the towns' lists of functions
        lead: {group: town_governments}
        supporting: [{group: land_departments, level: county}]
        informed: [{group: county_centres}]
    ```"""

    label: Label
    """What the row is about."""
    when: tuple[Condition, ...] = Field(min_length=1)
    """Any row; in a row all must hold."""
    function: Code | None = None
    """The function it falls under, in the list named by `functions`."""
    lead: Competent
    """Who leads."""
    supporting: tuple[Competent, ...] = ()
    """Who supports."""
    informed: tuple[Competent, ...] = ()
    """Who only knows."""
