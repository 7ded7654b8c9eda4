"""What verbs do to the flags and words of a matter: checks, books, progress, its end."""

from __future__ import annotations

from shiyu.kernel.facts import Transition
from shiyu.kernel.limits import end_of, local_day
from shiyu.matters.effects.stage import Stage, target_of, unchanged
from shiyu.matters.models import Assignment, Matter


def set_flags(stage: Stage, transition: Transition) -> None:
    matter, deed = stage.matter, stage.deed
    if transition.clears_checks:
        matter.verified_by_id, matter.verified_by_name = None, ""
        matter.confirmed_by_id = matter.completed_by_id = None
    if transition.moved or transition.verb == "decline_extension":
        forget_extension(matter)
    _FLAGS.get(transition.verb, unchanged)(stage, transition)
    if transition.to_phase.is_open:
        matter.is_open, matter.closed_at, matter.outcome = True, None, ""
    elif transition.moved:
        matter.is_open, matter.closed_at = False, stage.now
        matter.outcome = transition.outcome.value if transition.outcome else ""
        matter.on_books = False
    if deed.remedy:
        matter.remedy = deed.remedy


def _note(stage: Stage, transition: Transition) -> None:
    stage.matter.progress = stage.deed.words or stage.matter.progress


def forget_extension(matter: Matter) -> None:
    """No extension waits for its decision any more."""
    matter.extension_asked_until, matter.extension_asked_days, matter.extension_asked_reason = None, 0, ""


def _ask_extension(stage: Stage, transition: Transition) -> None:
    matter, until = stage.matter, stage.deed.until
    if until is None:
        return
    start = local_day(matter.due_at or stage.now)
    matter.extension_asked_until = end_of(until)
    matter.extension_asked_days = stage.calendar.workdays_between(start, until)
    matter.extension_asked_reason = stage.deed.reason


def _supervised(stage: Stage, transition: Transition) -> None:
    matter, deed = stage.matter, stage.deed
    matter.supervised_at, matter.supervised_letter_id = stage.now, deed.letter_id
    matter.supervised_by_id = transition.unit_id or deed.writer_id


def _not_supervised(stage: Stage, transition: Transition) -> None:
    stage.matter.supervised_at = stage.matter.supervised_by_id = stage.matter.supervised_letter_id = None


def _on_books(stage: Stage, transition: Transition) -> None:
    matter = stage.matter
    matter.on_books, matter.books_review_on = True, stage.deed.until
    matter.books_reason = stage.deed.reason


def _off_books(stage: Stage, transition: Transition) -> None:
    matter = stage.matter
    matter.on_books, matter.books_review_on, matter.books_reason = False, None, ""


def _done(stage: Stage, transition: Transition) -> None:
    stage.matter.completed_by_id = stage.actor.user_id
    lead = stage.matter.assignments.filter(pk=target_of(transition), role=Assignment.Role.LEAD)
    if lead.exists():  # what a supporting unit did stands with its assignment
        stage.matter.progress = stage.deed.result


def _verified(stage: Stage, transition: Transition) -> None:
    stage.matter.verified_by_id, stage.matter.verified_by_name = stage.actor.user_id, stage.actor.name


def _confirmed(stage: Stage, transition: Transition) -> None:
    stage.matter.confirmed_by_id = stage.actor.user_id


def _again(stage: Stage, transition: Transition) -> None:
    if transition.verb == "reopen":
        stage.matter.reopened += 1
    else:
        stage.matter.reworked += 1


def _settled(stage: Stage, transition: Transition) -> None:
    stage.matter.completed_by_id = stage.actor.user_id
    stage.matter.progress = stage.deed.result


_FLAGS = {
    "settle": _settled,
    "note": _note,
    "extend": _ask_extension,
    "put_on_books": _on_books,
    "review_books": _on_books,
    "take_off_books": _off_books,
    "complete": _done,
    "verify": _verified,
    "confirm": _confirmed,
    "send_back": _again,
    "reopen": _again,
    "supervise": _supervised,
    "end_supervision": _not_supervised,
}
