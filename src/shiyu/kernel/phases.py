"""The closed words of the loop: phases, outcomes, relations, needs and effects on the clock."""

from __future__ import annotations

from enum import StrEnum

from shiyu.kernel.words import Label, label


class Phase(StrEnum):
    """The only thing generic code knows of a state."""

    FILED = "filed"
    ACCEPTED = "accepted"
    HANDLING = "handling"
    VERIFYING = "verifying"
    HELD = "held"
    CLOSED = "closed"
    REFUSED = "refused"

    @property
    def is_open(self) -> bool:
        return self not in (Phase.CLOSED, Phase.REFUSED)


class Outcome(StrEnum):
    """How a closed matter ended."""

    DONE = "done"
    AGREEMENT = "agreement"
    WITHDRAWN = "withdrawn"
    MERGED = "merged"
    TRANSFERRED_OUT = "transferred_out"
    FAILED_WITH_REMEDY = "failed_with_remedy"
    ADVISED = "advised"


class Relation(StrEnum):
    """How a person's unit stands to a matter."""

    REPORTER = "reporter"
    INTAKE = "intake"
    LEAD = "lead"
    SUPPORTING = "supporting"
    SUPERIOR = "superior"
    ANY = "any"


class Need(StrEnum):
    """What a verb asks for: something given with it, or a fact that must hold."""

    REASON = "reason"
    REMEDY = "remedy"
    PROOF = "proof"
    RESULT = "result"
    UNIT = "unit"
    DUE_DATE = "due_date"
    REVIEW_DATE = "review_date"
    END_DATE = "end_date"
    OUTCOME = "outcome"
    SORT_CLASS = "sort_class"
    GRADE = "grade"
    MATTER = "matter"
    WORDS = "words"
    RATING = "rating"
    LEADER = "leader"
    OTHER_HAND = "other_hand"
    OTHER_UNIT = "other_unit"

    @property
    def is_given(self) -> bool:
        """True if the doer supplies it with the verb; False if it is a fact about the doer."""
        return self not in (Need.OTHER_HAND, Need.OTHER_UNIT)


class ClockEffect(StrEnum):
    """What a verb does to the clocks of a matter."""

    NONE = "none"
    START = "start"
    STEP = "step"
    PAUSE = "pause"
    RESUME = "resume"
    EXTEND = "extend"
    LIMIT = "limit"
    STOP = "stop"


PHASE_LABELS: dict[Phase, Label] = {
    Phase.FILED: label("已登记", "Filed"),
    Phase.ACCEPTED: label("已受理", "Accepted"),
    Phase.HANDLING: label("办理中", "In handling"),
    Phase.VERIFYING: label("待核查", "To be verified"),
    Phase.HELD: label("挂账", "On the books"),
    Phase.CLOSED: label("已结案", "Closed"),
    Phase.REFUSED: label("不予受理", "Refused"),
}

OUTCOME_LABELS: dict[Outcome, Label] = {
    Outcome.DONE: label("办结", "Done"),
    Outcome.AGREEMENT: label("达成协议", "Agreement reached"),
    Outcome.WITHDRAWN: label("撤回", "Withdrawn"),
    Outcome.MERGED: label("并案", "Merged"),
    Outcome.TRANSFERRED_OUT: label("移送", "Transferred out"),
    Outcome.FAILED_WITH_REMEDY: label("未能解决，已告知救济途径", "Not solved, remedy shown"),
    Outcome.ADVISED: label("告知自行处理途径", "Advised how to settle it oneself"),
}

RELATION_LABELS: dict[Relation, Label] = {
    Relation.REPORTER: label("提出人（提出单位）", "the person or unit that reported it"),
    Relation.INTAKE: label("受理单位", "the unit that took it in"),
    Relation.LEAD: label("牵头承办单位", "the lead unit"),
    Relation.SUPPORTING: label("配合承办单位", "a supporting unit"),
    Relation.SUPERIOR: label("上级单位", "the unit above"),
    Relation.ANY: label("有此权限的任何单位", "any unit with the right"),
}

NEED_LABELS: dict[Need, Label] = {
    Need.REASON: label("理由", "a reason"),
    Need.REMEDY: label("救济途径", "the remedy"),
    Need.PROOF: label("佐证材料", "proof"),
    Need.RESULT: label("办理结果", "the result"),
    Need.UNIT: label("承办单位", "a unit"),
    Need.DUE_DATE: label("新时限", "the new time limit"),
    Need.REVIEW_DATE: label("复查日期", "a review date"),
    Need.END_DATE: label("中止截止日期", "the end of the suspension"),
    Need.OUTCOME: label("办结方式", "the outcome"),
    Need.SORT_CLASS: label("分类", "the class"),
    Need.GRADE: label("等级", "the grade"),
    Need.MATTER: label("另一事项", "the other matter"),
    Need.WORDS: label("内容", "the words"),
    Need.RATING: label("评价", "the rating"),
    Need.LEADER: label("包案领导", "the leader"),
    Need.OTHER_HAND: label("由承办人以外的人办理", "somebody other than the handler"),
    Need.OTHER_UNIT: label("由承办单位以外的单位办理", "a unit other than the handling ones"),
}
