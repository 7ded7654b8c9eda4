"""What came up and must be closed: the matter, who holds it, its stays, and where else it leads."""

from shiyu.matters.models.matter import Assignment, Matter, MatterQuerySet, Return, Step, directly_above
from shiyu.matters.models.ways import CompetenceDispute, FollowUp, GradeSet, MatterArea, MatterLink

__all__ = [
    "Assignment",
    "CompetenceDispute",
    "FollowUp",
    "GradeSet",
    "Matter",
    "MatterArea",
    "MatterLink",
    "MatterQuerySet",
    "Return",
    "Step",
    "directly_above",
]
