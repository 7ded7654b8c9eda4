"""The catalogue of verbs: everything that can be done to a matter, the same for every kind and city.

A verb has phases it starts from, the phase it leads to (None: it stays), what it does to the clock, the right
its doer needs, the relations to the matter through which a doer may come, and its least needs. A pack
switches
a verb on, narrows who may, and adds needs; it cannot take away what stands here.
"""

from __future__ import annotations

from dataclasses import dataclass

from shiyu.kernel.phases import (
    NEED_LABELS,
    OUTCOME_LABELS,
    PHASE_LABELS,
    RELATION_LABELS,
    ClockEffect,
    Need,
    Outcome,
    Phase,
    Relation,
)
from shiyu.kernel.words import Label, label

__all__ = [
    "ClockEffect",
    "NEED_LABELS",
    "Need",
    "OUTCOME_LABELS",
    "Outcome",
    "PHASE_LABELS",
    "Phase",
    "RELATION_LABELS",
    "Relation",
    "VERBS",
    "Verb",
]


@dataclass(frozen=True)
class Verb:
    """One row of the catalogue."""

    code: str
    label: Label
    from_phases: frozenset[Phase]
    to_phase: Phase | None
    clock: ClockEffect
    right: str
    who: tuple[Relation, ...]
    needs: tuple[Need, ...] = ()


_P, _R, _N, _C = Phase, Relation, Need, ClockEffect
_OPEN = (_P.FILED, _P.ACCEPTED, _P.HANDLING, _P.VERIFYING, _P.HELD)


def _verb(
    code: str,
    zh: str,
    en: str,
    start: tuple[Phase, ...],
    to: Phase | None,
    clock: ClockEffect,
    right: str,
    who: tuple[Relation, ...],
    *needs: Need,
) -> Verb:
    return Verb(code, label(zh, en), frozenset(start), to, clock, f"matter.{right}", who, needs)


_ROWS = (
    _verb("file", "登记", "File", (), _P.FILED, _C.START, "file", (_R.ANY,)),
    _verb("accept", "受理", "Accept", (_P.FILED,), _P.ACCEPTED, _C.STEP, "dispatch", (_R.INTAKE,)),
    _verb(
        "refuse",
        "不予受理",
        "Refuse",
        (_P.FILED,),
        _P.REFUSED,
        _C.STOP,
        "dispatch",
        (_R.INTAKE,),
        _N.REASON,
        _N.REMEDY,
    ),
    _verb(
        "withdraw",
        "撤回",
        "Withdraw",
        (_P.FILED, _P.ACCEPTED),
        _P.CLOSED,
        _C.STOP,
        "file",
        (_R.REPORTER,),
        _N.REASON,
    ),
    _verb(
        "dispatch",
        "交办",
        "Dispatch",
        (_P.ACCEPTED,),
        _P.HANDLING,
        _C.STEP,
        "dispatch",
        (_R.INTAKE,),
        _N.UNIT,
    ),
    _verb(
        "acknowledge",
        "签收",
        "Acknowledge",
        (_P.HANDLING,),
        None,
        _C.NONE,
        "handle",
        (_R.LEAD, _R.SUPPORTING),
    ),
    _verb(
        "return",
        "退回",
        "Return",
        (_P.HANDLING,),
        None,
        _C.NONE,
        "handle",
        (_R.LEAD, _R.SUPPORTING),
        _N.REASON,
    ),
    _verb(
        "consent_return",
        "同意退回",
        "Consent to the return",
        (_P.HANDLING,),
        None,
        _C.STEP,
        "dispatch",
        (_R.INTAKE, _R.SUPERIOR),
    ),
    _verb(
        "decline_return",
        "不同意退回",
        "Decline the return",
        (_P.HANDLING,),
        None,
        _C.NONE,
        "dispatch",
        (_R.INTAKE, _R.SUPERIOR),
        _N.REASON,
    ),
    _verb(
        "transfer",
        "转办",
        "Transfer",
        (_P.HANDLING,),
        _P.HANDLING,
        _C.STEP,
        "dispatch",
        (_R.INTAKE,),
        _N.UNIT,
        _N.REASON,
    ),
    _verb(
        "add_support",
        "增加配合单位",
        "Add a supporting unit",
        (_P.HANDLING,),
        None,
        _C.NONE,
        "dispatch",
        (_R.INTAKE,),
        _N.UNIT,
    ),
    _verb(
        "note",
        "记录进展",
        "Note progress",
        (_P.ACCEPTED, _P.HANDLING, _P.VERIFYING, _P.HELD),
        None,
        _C.NONE,
        "handle",
        (_R.LEAD, _R.SUPPORTING, _R.INTAKE),
    ),
    _verb(
        "extend",
        "申请延期",
        "Ask for an extension",
        (_P.HANDLING,),
        None,
        _C.NONE,
        "handle",
        (_R.LEAD,),
        _N.REASON,
        _N.DUE_DATE,
    ),
    _verb(
        "approve_extension",
        "批准延期",
        "Approve the extension",
        (_P.HANDLING,),
        None,
        _C.EXTEND,
        "approve",
        (_R.INTAKE, _R.SUPERIOR),
        _N.OTHER_HAND,
    ),
    _verb(
        "decline_extension",
        "不批准延期",
        "Decline the extension",
        (_P.HANDLING,),
        None,
        _C.NONE,
        "approve",
        (_R.INTAKE, _R.SUPERIOR),
        _N.REASON,
    ),
    _verb(
        "suspend",
        "中止计时",
        "Suspend the clock",
        (_P.HANDLING,),
        None,
        _C.PAUSE,
        "approve",
        (_R.INTAKE, _R.SUPERIOR),
        _N.REASON,
        _N.END_DATE,
    ),
    _verb(
        "resume",
        "恢复计时",
        "Resume the clock",
        (_P.HANDLING,),
        None,
        _C.RESUME,
        "approve",
        (_R.INTAKE, _R.SUPERIOR),
    ),
    _verb(
        "put_on_books",
        "挂账",
        "Put on the books",
        (_P.HANDLING,),
        _P.HELD,
        _C.STEP,
        "approve",
        (_R.INTAKE, _R.SUPERIOR),
        _N.REASON,
        _N.REVIEW_DATE,
        _N.OTHER_HAND,
    ),
    _verb(
        "review_books",
        "挂账复查",
        "Review what is on the books",
        (_P.HELD,),
        None,
        _C.STEP,
        "approve",
        (_R.INTAKE, _R.SUPERIOR),
        _N.REASON,
        _N.REVIEW_DATE,
    ),
    _verb(
        "take_off_books",
        "取消挂账",
        "Take off the books",
        (_P.HELD,),
        _P.HANDLING,
        _C.STEP,
        "approve",
        (_R.INTAKE, _R.SUPERIOR),
        _N.REASON,
    ),
    _verb(
        "complete",
        "办结",
        "Complete",
        (_P.HANDLING,),
        _P.VERIFYING,
        _C.STEP,
        "handle",
        (_R.LEAD, _R.SUPPORTING),
        _N.RESULT,
    ),
    _verb(
        "verify",
        "核查通过",
        "Verify",
        (_P.VERIFYING,),
        None,
        _C.NONE,
        "verify",
        (_R.INTAKE, _R.SUPERIOR),
        _N.OTHER_HAND,
    ),
    _verb(
        "confirm",
        "确认解决",
        "Confirm that it is solved",
        (_P.VERIFYING,),
        None,
        _C.NONE,
        "file",
        (_R.REPORTER,),
        _N.OTHER_HAND,
    ),
    _verb(
        "send_back",
        "核查不通过，退回重办",
        "Send back",
        (_P.VERIFYING,),
        _P.HANDLING,
        _C.STEP,
        "verify",
        (_R.INTAKE, _R.SUPERIOR),
        _N.REASON,
    ),
    _verb(
        "close",
        "销号",
        "Close",
        (_P.HANDLING, _P.VERIFYING),
        _P.CLOSED,
        _C.STOP,
        "close",
        (_R.INTAKE, _R.SUPERIOR),
    ),
    _verb(
        "follow_up",
        "回访",
        "Follow up",
        (_P.CLOSED,),
        None,
        _C.NONE,
        "verify",
        (_R.INTAKE, _R.SUPERIOR),
        _N.RESULT,
    ),
    _verb(
        "reopen",
        "重新办理",
        "Reopen",
        (_P.CLOSED,),
        _P.HANDLING,
        _C.START,
        "verify",
        (_R.INTAKE, _R.SUPERIOR),
        _N.REASON,
    ),
    _verb(
        "urge",
        "催办",
        "Urge",
        (_P.ACCEPTED, _P.HANDLING, _P.VERIFYING, _P.HELD),
        None,
        _C.NONE,
        "dispatch",
        (_R.INTAKE, _R.SUPERIOR),
    ),
    _verb(
        "supervise", "督办", "Supervise", _OPEN, None, _C.NONE, "approve", (_R.INTAKE, _R.SUPERIOR), _N.REASON
    ),
)

VERBS: dict[str, Verb] = {row.code: row for row in _ROWS}
"""Every verb by its code, in the order in which pages show them."""
