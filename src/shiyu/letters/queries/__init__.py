"""Reads over letters and instructions, for pages here and for other apps."""

from shiyu.letters.queries.counts import OUTCOMES, Counts, Line, answers_shown, counts_of
from shiyu.letters.queries.papers import (
    letter_in_pdf,
    letter_in_word,
    letter_on_paper,
    letter_package,
    text_for,
)
from shiyu.letters.queries.posts import posts_to_circulate_to
from shiyu.letters.queries.reading import (
    OWING,
    attached_document,
    files_of,
    instructions_of,
    instructions_of_month,
    instructions_waiting,
    is_late,
    letters_of,
    letters_shown,
    open_instructions,
    owes_reply,
    recipients_of,
    unanswered_letters,
    workdays_late,
)
from shiyu.letters.queries.waiting import MOST, LetterItem, letters_for_desk, letters_waiting
from shiyu.letters.queries.writing import doubts_about, number_parts, number_to_come

__all__ = [
    "MOST",
    "OUTCOMES",
    "OWING",
    "Counts",
    "LetterItem",
    "Line",
    "answers_shown",
    "attached_document",
    "counts_of",
    "doubts_about",
    "files_of",
    "instructions_of",
    "instructions_of_month",
    "instructions_waiting",
    "is_late",
    "letter_in_pdf",
    "letter_in_word",
    "letter_on_paper",
    "letter_package",
    "letters_for_desk",
    "letters_of",
    "letters_shown",
    "letters_waiting",
    "number_parts",
    "number_to_come",
    "open_instructions",
    "owes_reply",
    "posts_to_circulate_to",
    "recipients_of",
    "text_for",
    "unanswered_letters",
    "workdays_late",
]
