"""Every reason for which a verb may be refused. Scenarios in packs name them by code."""

from __future__ import annotations

from shiyu.kernel.competence import AGAINST
from shiyu.kernel.phases import NEED_LABELS, Need
from shiyu.kernel.words import Reason

_ROWS = (
    ("off", "本类事项不使用这一操作。", "This kind of matter does not use this."),
    ("wrong_phase", "事项目前的状态不能进行这一操作。", "The matter is not in a state that allows this."),
    ("no_right", "您的岗位没有这一权限。", "Your post does not have the right to do this."),
    (
        "not_related",
        "应由与该事项有关的单位办理，您不在其中。",
        "This is for a unit the matter concerns; yours is not one.",
    ),
    ("other_hand", "应由承办人以外的人办理。", "Somebody other than the person who handled it must do this."),
    ("other_unit", "应由承办单位以外的单位办理。", "A unit other than the handling ones must do this."),
    ("acknowledge_first", "请先签收。", "Acknowledge it first."),
    ("already_acknowledged", "已经签收。", "It has been acknowledged already."),
    ("part_done", "您的单位承办的部分已经办结。", "Your unit's part is done already."),
    (
        "no_assignment",
        "您的单位没有可以这样处理的承办任务。",
        "Your unit has no assignment to which this applies.",
    ),
    (
        "which_assignment",
        "有多项承办任务，请先选定一项。",
        "There are several assignments; choose one first.",
    ),
    ("returning", "退回申请正在等待答复。", "A return is waiting for its answer."),
    ("nothing_returning", "没有等待答复的退回申请。", "No return is waiting for an answer."),
    ("extension_used", "延期次数已用完。", "The matter has had its extension already."),
    (
        "overdue",
        "时限已过，不能再延期；解决不了的可以挂账，逾期照计。",
        "Its limit has passed, so it cannot be extended; it may be put on the books and still counts as overdue.",
    ),
    ("extension_pending", "延期申请正在等待审批。", "An extension is waiting for its decision."),
    ("no_extension_pending", "没有等待审批的延期申请。", "No extension is waiting for a decision."),
    ("suspended", "计时已中止，请先恢复。", "The clock is suspended; resume it first."),
    ("not_suspended", "计时没有中止。", "The clock is not suspended."),
    (
        "not_verified",
        "尚未经他人核查通过，不能结案。",
        "Nobody else has verified it yet, so it cannot be closed.",
    ),
    (
        "not_confirmed",
        "提出人尚未确认解决，不能结案。",
        "Its reporter has not confirmed it, so it cannot be closed.",
    ),
    ("already_verified", "已经核查通过。", "It has been verified already."),
    ("already_confirmed", "已经确认解决。", "It has been confirmed already."),
    ("already_supervised", "已经在督办中。", "It is under supervision already."),
    ("not_supervised", "事项没有在督办中。", "It is not under supervision."),
    (
        "not_supervisor",
        "由挂牌督办的单位或其上级单位摘牌。",
        "The unit that put it under supervision, or one above that, ends it.",
    ),
    (
        "competence_disputed",
        "职责争议正在等待裁定。",
        "A dispute over competence is waiting for its decision.",
    ),
    ("nothing_disputed", "没有等待裁定的职责争议。", "No dispute over competence is waiting."),
    (
        "competence_answered",
        "已经说明过意见，正在等待裁定。",
        "The other side has been stated; wait for the decision.",
    ),
    (
        "not_sorted",
        "请先分类，再办理或交办。",
        "Sort it first; then it can be settled or dispatched.",
    ),
    ("wrong_class", "按所分类别，不能这样处理。", "Its class does not allow this."),
    ("no_sorting", "本类事项不分类。", "Matters of this kind are not sorted."),
    ("no_grading", "本类事项不定级。", "Matters of this kind are not graded."),
    ("at_top", "已在最上一级，不能再提级，可以督办。", "Nothing stands above; supervise it instead."),
    ("already_rated", "已经评价过。", "It has been rated already."),
    ("already_said", "已经反映过未解决，正在处理。", "That was said already and is being looked at."),
    ("no_more_calls", "来件人要求不再回访。", "The reporter asked not to be called again."),
    (
        "review_over",
        "不能申请复查，或已超过申请期限。",
        "There is no review, or the time for asking is over.",
    ),
    (
        "return_over",
        "提出异议的期限已过，不能再退回；认为不属本单位职责的，可以提出职责争议。",
        "The time for giving it back is over; the competence can still be disputed.",
    ),
    (
        "settled_for_good",
        "关联的事项已经复核终结，同一事实和理由不再受理；请作出不予受理并写明理由。",
        "The matter it repeats ended with its last review and is not accepted again; refuse it with the reason.",
    ),
    (
        "wrong_ground",
        "请从规定的中止事由中选择。",
        "Choose one of the grounds for which the clock may stand still.",
    ),
    ("unknown_choice", "没有这一选项。", "There is no such choice."),
    ("unit_on_it", "该单位已在承办。", "That unit is handling it already."),
    ("outcome", "本类事项不能以这种方式办结。", "A matter of this kind cannot end that way."),
    ("date_past", "日期应晚于现在。", "The date must lie in the future."),
    ("date_before_due", "新时限应晚于原时限。", "The new limit must be later than the old one."),
    ("date_too_late", "日期超过了规定的最长期限。", "The date is later than the rules allow."),
)

REASONS: dict[str, Reason] = (
    {code: Reason(code, zh, en) for code, zh, en in _ROWS}
    | {reason.code: reason for reason in AGAINST.values()}
    | {
        f"needs_{need.value}": Reason(
            f"needs_{need.value}",
            f"还需要：{NEED_LABELS[need].zh}。",
            f"Still needed: {NEED_LABELS[need].en}.",
        )
        for need in Need
        if need.is_given
    }
)
"""Every reason by its code."""
