"""Reads over matters, for the pages here and for other apps."""

from shiyu.matters.queries.desk import DeskItem, matters_for_desk
from shiyu.matters.queries.problems import (
    Movement,
    ProblemFilter,
    ProblemRow,
    problem_movement,
    problem_rows,
)

__all__ = [
    "DeskItem",
    "Movement",
    "ProblemFilter",
    "ProblemRow",
    "matters_for_desk",
    "problem_movement",
    "problem_rows",
]
