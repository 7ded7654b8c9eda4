"""Pages of letters and leaders' instructions."""

from shiyu.letters.views.answering import (
    circulation_read,
    letter_answer,
    letter_circulate,
    letter_receive,
    letter_reply,
    letter_urge,
    letter_withdraw,
    reply_judge,
)
from shiyu.letters.views.counts import (
    letter_answers,
    letter_counts,
)
from shiyu.letters.views.drafting import (
    letter_drop,
    letter_edit,
    letter_issue,
    letter_new,
    letter_submit,
    letter_take_back,
)
from shiyu.letters.views.instructions import (
    instruction_detail,
    instruction_file,
    instruction_list,
    instruction_register,
    instruction_reply,
)
from shiyu.letters.views.letters import (
    letter_approval_package,
    letter_detail,
    letter_file,
    letter_formal_file,
    letter_list,
    letter_pdf,
    letter_word,
)

__all__ = [
    "circulation_read",
    "instruction_detail",
    "instruction_file",
    "instruction_list",
    "instruction_register",
    "instruction_reply",
    "letter_answer",
    "letter_answers",
    "letter_approval_package",
    "letter_circulate",
    "letter_counts",
    "letter_detail",
    "letter_drop",
    "letter_edit",
    "letter_file",
    "letter_formal_file",
    "letter_issue",
    "letter_list",
    "letter_new",
    "letter_pdf",
    "letter_receive",
    "letter_reply",
    "letter_submit",
    "letter_take_back",
    "letter_urge",
    "letter_withdraw",
    "letter_word",
    "reply_judge",
]
