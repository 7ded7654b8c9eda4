"""Guideline › clause › plan › edition › task › duty › report, and the opinion rounds on the way."""

from shiyu.plans.models.imports import PlanImport
from shiyu.plans.models.opinions import Opinion, OpinionRound, OpinionSlip
from shiyu.plans.models.plan import (
    Block,
    Circumstance,
    Clause,
    Duty,
    DutyHolder,
    DutyProblem,
    Edition,
    EditionText,
    Guideline,
    Plan,
    Task,
    TaskClause,
)
from shiyu.plans.models.reports import OfficeLink, Report, ReportEntry

__all__ = [
    "Block",
    "Circumstance",
    "Clause",
    "Duty",
    "DutyHolder",
    "DutyProblem",
    "Edition",
    "EditionText",
    "Guideline",
    "OfficeLink",
    "Opinion",
    "OpinionRound",
    "OpinionSlip",
    "Plan",
    "PlanImport",
    "Report",
    "ReportEntry",
    "Task",
    "TaskClause",
]
