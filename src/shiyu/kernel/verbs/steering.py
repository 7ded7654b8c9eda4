"""Steered from beside or above, whatever the phase."""

from shiyu.kernel.phases import ClockEffect, Need, Phase, Relation
from shiyu.kernel.verbs.verb import OPEN, verb

_P, _R, _N, _C = Phase, Relation, Need, ClockEffect

ROWS = (
    verb(
        "urge",
        "催办",
        "Urge",
        (_P.ACCEPTED, _P.HANDLING, _P.VERIFYING, _P.HELD),
        None,
        _C.NONE,
        "dispatch",
        (_R.INTAKE, _R.SUPERIOR),
    ),
    verb(
        "supervise", "督办", "Supervise", OPEN, None, _C.NONE, "approve", (_R.INTAKE, _R.SUPERIOR), _N.REASON
    ),
    verb(
        "end_supervision",
        "督办摘牌",
        "End supervision",
        OPEN,
        None,
        _C.NONE,
        "approve",
        (_R.INTAKE, _R.SUPERIOR),
        _N.REASON,
    ),
    verb(
        "take_in_charge",
        "领导包案",
        "Take in charge",
        OPEN,
        None,
        _C.NONE,
        "approve",
        (_R.INTAKE, _R.SUPERIOR),
        _N.LEADER,
        _N.REVIEW_DATE,
    ),
    verb(
        "climb",
        "提级",
        "Climb",
        OPEN,
        None,
        _C.NONE,
        "dispatch",
        (_R.INTAKE,),
        _N.REASON,
    ),
    verb(
        "lower",
        "交下级办理",
        "Lower",
        OPEN,
        None,
        _C.NONE,
        "dispatch",
        (_R.INTAKE,),
        _N.UNIT,
        _N.REASON,
    ),
)
