"""Forms of letters and instructions, and the filters of their lists."""

from shiyu.letters.forms.filters import (
    OUTCOME_WORDS,
    AnswerFilter,
    InstructionFilter,
    LetterFilter,
    state_choices,
)
from shiyu.letters.forms.writing import (
    CirculateForm,
    InstructionForm,
    IssueForm,
    JudgeForm,
    LetterForm,
    LetterReplyForm,
    ReadForm,
    ReplyForm,
    UrgeForm,
    WithdrawForm,
    letter_kinds,
    unit_choices,
    words_of,
)

__all__ = [
    "OUTCOME_WORDS",
    "AnswerFilter",
    "CirculateForm",
    "InstructionFilter",
    "InstructionForm",
    "IssueForm",
    "JudgeForm",
    "LetterFilter",
    "LetterForm",
    "LetterReplyForm",
    "ReadForm",
    "ReplyForm",
    "UrgeForm",
    "WithdrawForm",
    "letter_kinds",
    "state_choices",
    "unit_choices",
    "words_of",
]
