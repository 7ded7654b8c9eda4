"""The grade of a matter, by the pack's factor table: what has happened, in points, each with its reason.

It proposes; a person may set another grade with a reason, and whoever is party to the matter may ask for both."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from shiyu.kernel.conditions import Fact, holds
from shiyu.kernel.spec.routes import Factor, FactorRow, Grading


@dataclass(frozen=True)
class Counted:
    """One factor that counted: which, by which row, how much."""

    factor: str
    row: FactorRow

    @property
    def points(self) -> int:
        return self.row.points


@dataclass(frozen=True)
class Graded:
    """The grade that follows from the facts, its points and its reasons in the order of the table."""

    grade: str
    points: int
    reasons: tuple[Counted, ...]


def grade_of(grading: Grading, facts: Mapping[str, Fact]) -> Graded:
    """The grade for these facts. Of each factor the row with the most points that holds counts; a fact that is not
    known holds nowhere, so it never raises the grade."""
    counted = [
        Counted(code, row) for code, factor in grading.factors.items() if (row := _best(factor, facts))
    ]
    reasons = tuple(reason for reason in counted if reason.points)
    points = sum(reason.points for reason in reasons)
    grade = next(code for code, grade in grading.grades.items() if points >= grade.least)
    return Graded(grade, points, reasons)


def _best(factor: Factor, facts: Mapping[str, Fact]) -> FactorRow | None:
    return max(
        (row for row in factor.rows if holds(row.when, facts)), key=lambda row: row.points, default=None
    )
