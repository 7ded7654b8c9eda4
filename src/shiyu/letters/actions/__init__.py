"""Changes of letters and instructions. An issued letter never changes; what is wrong in one is withdrawn by another."""

from shiyu.letters.actions.answering import (
    circulate_letter,
    judge_reply,
    read_circulated,
    receive_letter,
    reply_letter,
    settle_letter,
    unanswered,
    urge_letter,
)
from shiyu.letters.actions.files import keep_files
from shiyu.letters.actions.instructions import register_instruction, reply_instruction
from shiyu.letters.actions.withdrawing import withdraw_letter
from shiyu.letters.actions.writing import (
    Bound,
    draft_letter,
    drop_letter,
    edit_letter,
    issue_draft,
    issue_letter,
    register_issue,
    submit_letter,
    take_back_letter,
)

__all__ = [
    "Bound",
    "circulate_letter",
    "draft_letter",
    "drop_letter",
    "edit_letter",
    "issue_draft",
    "issue_letter",
    "judge_reply",
    "keep_files",
    "read_circulated",
    "receive_letter",
    "register_instruction",
    "register_issue",
    "reply_instruction",
    "reply_letter",
    "settle_letter",
    "submit_letter",
    "take_back_letter",
    "unanswered",
    "urge_letter",
    "withdraw_letter",
]
