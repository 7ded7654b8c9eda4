"""Pages of letters and leaders' instructions."""

from shiyu.letters.views.instructions import (
    instruction_detail,
    instruction_file,
    instruction_list,
    instruction_register,
    instruction_reply,
)
from shiyu.letters.views.letters import (
    letter_detail,
    letter_list,
    letter_new,
    letter_receive,
    letter_reply,
    letter_withdraw,
    letter_word,
)

__all__ = [
    "instruction_detail",
    "instruction_file",
    "instruction_list",
    "instruction_register",
    "instruction_reply",
    "letter_detail",
    "letter_list",
    "letter_new",
    "letter_receive",
    "letter_reply",
    "letter_withdraw",
    "letter_word",
]
