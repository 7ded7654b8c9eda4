"""What came up and must be closed: the matter, who holds it, who reported it, its stays, and where else it leads."""

from shiyu.matters.models.matter import (
    Assignment,
    Matter,
    MatterQuerySet,
    Return,
    Step,
    directly_above,
    units_below,
)
from shiyu.matters.models.orders import OrderBatch, OrderChange, WorkOrder
from shiyu.matters.models.parties import (
    Destruction,
    MatterKey,
    Party,
    PartyOpening,
    PhoneTrace,
    PinTry,
    SealedText,
)
from shiyu.matters.models.ways import CompetenceDispute, FollowUp, GradeSet, MatterArea, MatterLink

__all__ = [
    "Assignment",
    "CompetenceDispute",
    "Destruction",
    "FollowUp",
    "GradeSet",
    "Matter",
    "MatterArea",
    "MatterKey",
    "MatterLink",
    "MatterQuerySet",
    "OrderBatch",
    "OrderChange",
    "Party",
    "PartyOpening",
    "PhoneTrace",
    "PinTry",
    "Return",
    "SealedText",
    "Step",
    "WorkOrder",
    "directly_above",
    "units_below",
]
