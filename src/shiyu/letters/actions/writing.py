"""A letter's way out: drafted, approved in the office's own document system, issued; from then on it never changes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from shiyu.audit.actions import action, record
from shiyu.documents.models import Document
from shiyu.kernel.actor import Actor
from shiyu.kernel.limits import local_day
from shiyu.kernel.spec.documents import Letter as LetterKind
from shiyu.letters.access import Binding, answers_for, can, check_binding, visible_letter
from shiyu.letters.actions.going_out import went_out
from shiyu.letters.models import Letter, Recipient
from shiyu.letters.numbers import keep_number, take_number
from shiyu.letters.queries.writing import doubts_about
from shiyu.lib import clock
from shiyu.lib.errors import Conflict, NotAllowed, UserError
from shiyu.packs.queries import current_calendar, current_pack
from shiyu.people.models import Unit

State = Letter.State


@dataclass(frozen=True)
class Written:
    """What a person writes: the whole of a letter but its number and day.

    `recipients` and `copies` (抄送) are units; `reply_by` a day (without it the kind's limit runs from the issue);
    `despite` is the reason for sending it in spite of the doubts of `kernel.addressing`.
    """

    kind: str
    unit_id: UUID
    title: str
    body: str
    recipients: Sequence[UUID]
    copies: Sequence[UUID] = ()
    reply_by: date | None = None
    contact: str = ""
    despite: str = ""


@dataclass(frozen=True)
class Bound:
    """What a letter belongs to: a subject (type, id) and the deed on it, or the letter it answers or withdraws, whose
    subject it has then (`why`: the reason of the withdrawal). Who may bind it so is checked in `_bind`."""

    subject: tuple[str, UUID] | None = None
    occasion_id: UUID | None = None
    answers_id: UUID | None = None
    withdraws_id: UUID | None = None
    why: str = ""
    no_reply: bool = False


@action("letters.draft_letter")
def draft_letter(actor: Actor, bound: Bound | None = None, **words: Any) -> Letter:
    """Keeps a draft of a letter (`words` as in Written): it has no number, nobody is told, it counts for nothing.

    Raises NotAllowed without the right letter.issue in the unit, NotVisible or NotAllowed for a subject the person may
    not write about, Conflict where the deed has its letter already, UserError for the form (at `despite` where a doubt
    was not answered).
    """
    letter = _write(actor, Letter(), Written(**words), bound or Bound())
    record(
        letter, {"kind": letter.kind, "state": State.DRAFT, "doubts": letter.doubts}, reason=letter.despite
    )
    return letter


@action("letters.edit_letter")
def edit_letter(actor: Actor, letter_id: UUID, **words: Any) -> Letter:
    """Writes a draft anew; its kind and unit stay. Raises Conflict once it is out for approval or issued."""
    letter = own_letter(actor, letter_id, State.DRAFT)
    written = Written(**{**words, "kind": letter.kind, "unit_id": letter.unit_id})
    _write(actor, letter, written, None)
    record(letter, {"text": "changed", "doubts": letter.doubts}, reason=letter.despite)
    return letter


@action("letters.issue_letter")
def issue_letter(
    actor: Actor,
    *,
    subject: tuple[str, UUID] | None = None,
    occasion_id: UUID | None = None,
    bodies: Mapping[UUID, str] | None = None,
    withdraws_id: UUID | None = None,
    why: str = "",
    no_reply: bool = False,
    **words: Any,
) -> Letter:
    """Issues a letter (`words` as in Written) with the next number of its unit, kind and year.

    `bodies` holds the text of units whose letter differs from `body`. A kind that goes through the office's document
    system is refused: it is drafted (`draft_letter`), and issued when its formal file is back.
    """
    bound = Bound(subject, occasion_id, withdraws_id=withdraws_id, why=why, no_reply=no_reply)
    written = Written(**words)
    kind = kind_of(written.kind)
    if kind.formal:
        raise UserError(_formal_words(kind), field="kind")
    letter = _write(actor, Letter(), written, bound)
    if bodies:
        for row in letter.recipients.all():
            row.body = bodies.get(row.unit_id, "")
            row.save(update_fields=["body"])
    _number(letter, kind)
    _issue(actor, letter, kind, bound.no_reply)
    return letter


@action("letters.issue_draft")
def issue_draft(actor: Actor, letter_id: UUID) -> Letter:
    """Issues a draft of a kind that needs no formal file, with the next number of its series."""
    letter = own_letter(actor, letter_id, State.DRAFT)
    kind = kind_of(letter.kind)
    if kind.formal:
        raise UserError(_formal_words(kind))
    _number(letter, kind)
    _issue(actor, letter, kind, letter.withdraws_id is not None)
    return letter


@action("letters.submit_letter")
def submit_letter(actor: Actor, letter_id: UUID) -> Letter:
    """Closes a draft: its package goes to the office's own document system. It counts for nothing yet."""
    letter = own_letter(actor, letter_id, State.DRAFT)
    if not kind_of(letter.kind).formal:
        raise UserError(_("A letter of this kind needs no approval in the document system: issue it."))
    letter.state = State.APPROVAL
    letter.save(update_fields=["state"])
    record(letter, {"state": [State.DRAFT, State.APPROVAL]})
    return letter


@action("letters.take_back_letter")
def take_back_letter(actor: Actor, letter_id: UUID, *, reason: str) -> Letter:
    """The approval asked for changes: the draft can be written again."""
    letter = own_letter(actor, letter_id, State.APPROVAL)
    if not reason.strip():
        raise UserError(_("Say what the approval asked for."), field="reason")
    letter.state = State.DRAFT
    letter.save(update_fields=["state"])
    record(letter, {"state": [State.APPROVAL, State.DRAFT]}, reason=reason)
    return letter


@action("letters.drop_letter")
def drop_letter(actor: Actor, letter_id: UUID, *, reason: str) -> Letter:
    """Nobody will issue this draft; it stays on record without a number, and its deed may have another letter."""
    letter = own_letter(actor, letter_id, State.DRAFT, State.APPROVAL)
    if not reason.strip():
        raise UserError(_("Say why the draft is dropped."), field="reason")
    before, letter.state = letter.state, State.DROPPED
    letter.save(update_fields=["state"])
    record(letter, {"state": [before, State.DROPPED]}, reason=reason)
    return letter


@action("letters.register_issue")
def register_issue(
    actor: Actor,
    letter_id: UUID,
    *,
    number: int,
    issued_on: date,
    signer: str,
    formal_document: Document | None,
    reply_by: date | None = None,
) -> Letter:
    """Registers what came back from the approval: number, day, signer (by post) and the stamped file. Only now the
    letter is issued and counts.

    `number` is the number in the unit's series of the year of `issued_on`; `reply_by` is the day the formal file names
    where it differs from the draft's. Raises Conflict where the number is taken.
    """
    letter = own_letter(actor, letter_id, State.APPROVAL)
    if issued_on > clock.today():
        raise UserError(_("The day of issue cannot lie in the future."), field="issued_on")
    if not signer.strip():
        raise UserError(_("Say by post who signed it."), field="signer")
    if formal_document is None:
        raise UserError(_("Hand in the formal file that came back from the approval."), field="formal_file")
    kind = kind_of(letter.kind)
    letter.issued_on, letter.signer, letter.formal_document = issued_on, signer.strip(), formal_document
    letter.reply_by = reply_by or letter.reply_by
    _number(letter, kind, number)
    _issue(actor, letter, kind, letter.withdraws_id is not None)
    return letter


def kind_of(code: str) -> LetterKind:
    """The pack's kind of letter. Raises UserError at `kind` for one it does not have."""
    kind = current_pack().letter.get(code)
    if kind is None:
        raise UserError(_("The city has no kind of letter called %(kind)s.") % {"kind": code}, field="kind")
    return kind


def own_letter(actor: Actor, letter_id: UUID, *states: str) -> Letter:
    """A letter of a unit for which the person issues letters, locked, in one of the states.

    Raises NotAllowed for others' letters, Conflict in any other state: what was issued never changes.
    """
    letter = visible_letter(actor, letter_id, lock=True)
    if not can(actor, "issue", unit_id=letter.unit_id):
        raise NotAllowed(_("Your post does not issue letters for this unit."))
    if letter.state in states:
        return letter
    if letter.is_out:
        raise Conflict(_("An issued letter never changes. A wrong one is withdrawn by another."))
    if letter.state == State.APPROVAL:
        raise Conflict(_("The letter is out for approval. Take it back first."))
    if letter.state == State.DROPPED:
        raise Conflict(_("This draft was dropped."))
    raise Conflict(_("The letter is not out for approval yet."))


def _write(actor: Actor, letter: Letter, written: Written, bound: Bound | None) -> Letter:
    """Checks what was written and saves it to the letter and its recipients; `bound` only for a new one."""
    if not can(actor, "issue", unit_id=written.unit_id):
        raise NotAllowed(_("Your post does not issue letters for this unit."))
    kind_of(written.kind)
    if not written.title.strip() or not written.body.strip():
        field = "body" if written.title.strip() else "title"
        raise UserError(_("A letter needs a title and a text."), field=field)
    units, copies = _units(written)
    if written.reply_by is not None and written.reply_by < clock.today():
        raise UserError(_("The day to reply by cannot lie in the past."), field="reply_by")
    if bound is not None:
        _bind(actor, letter, written, bound)
    letter.kind, letter.unit_id = written.kind, written.unit_id
    letter.title, letter.body = written.title.strip(), written.body
    letter.contact, letter.reply_by = written.contact.strip(), written.reply_by
    _answer_doubts(letter, written, units)
    try:
        with transaction.atomic():
            letter.save()
    except IntegrityError:
        raise Conflict(
            _("There is a letter for this already. Open it instead of writing a second one.")
        ) from None
    letter.recipients.all().delete()
    Recipient.objects.bulk_create(
        Recipient(letter=letter, unit=unit, is_copy=unit.pk in copies) for unit in units
    )
    return letter


def _bind(actor: Actor, letter: Letter, written: Written, bound: Bound) -> None:
    """Writes down what a new letter belongs to, as far as the person may bind it so."""
    letter.drafted_by_id, letter.drafted_by_name = actor.user_id, actor.name
    other = _answered(actor, letter, written, bound) or _withdrawn(letter, written, bound)
    if other is not None:
        letter.subject_type, letter.subject_id = other.subject_type, other.subject_id
    elif bound.subject:
        letter.subject_type, letter.subject_id = bound.subject
        letter.occasion_id = bound.occasion_id
        check_binding(actor, bound.subject[0], Binding(written.unit_id, bound.subject[1], bound.occasion_id))
    elif bound.occasion_id is not None:
        raise NotAllowed(_("A letter that goes with a deed names what the deed was done to."))


def _answered(actor: Actor, letter: Letter, written: Written, bound: Bound) -> Letter | None:
    """The letter it answers, which was sent to the writing unit and holds."""
    if bound.answers_id is None:
        return None
    asked = Recipient.objects.select_related("letter").get(pk=bound.answers_id)
    if not answers_for(actor, asked.unit_id) or written.unit_id != asked.unit_id:
        raise NotAllowed(
            _("This letter is not addressed to your unit, or your post does not answer letters.")
        )
    if asked.letter.state != State.ISSUED:
        raise Conflict(_("This letter has been withdrawn."))
    letter.answers = asked
    return asked.letter


def _withdrawn(letter: Letter, written: Written, bound: Bound) -> Letter | None:
    """The letter it withdraws, of the writing unit; it holds until this one is out, and so does its own reason."""
    if bound.withdraws_id is None:
        return None
    old = Letter.objects.get(pk=bound.withdraws_id)
    if old.unit_id != written.unit_id:
        raise NotAllowed(_("Only the unit that issued a letter may withdraw it."))
    if old.state != State.ISSUED:
        raise Conflict(_("This letter has been withdrawn."))
    letter.withdraws, letter.withdrawal_reason = old, bound.why
    return old


def _units(written: Written) -> tuple[list[Unit], frozenset[UUID]]:
    """The addressees and those copied, by protocol, and which of them are copied only."""
    wanted, copies = set(written.recipients), set(written.copies) - set(written.recipients)
    found = Unit.objects.in_force().filter(pk__in=wanted | copies).select_related("area").by_protocol()
    units = list(found)
    if not wanted or len(units) != len(wanted | copies):
        raise UserError(_("Choose the units the letter goes to; each must exist today."), field="recipients")
    return units, frozenset(copies)


def _answer_doubts(letter: Letter, written: Written, units: Sequence[Unit]) -> None:
    """Every doubt is answered with a reason or mended; both stay on record."""
    addressed = [unit for unit in units if unit.pk in set(written.recipients)]
    writer = Unit.objects.select_related("area").get(pk=written.unit_id)
    doubts = doubts_about(written.kind, writer, addressed, written.body)
    if doubts and len(written.despite.strip()) < 2:
        words = " ".join(doubt.words.text(get_language() or "zh-hans") for doubt in doubts)
        asked = _("Change the letter, or say below why it goes out all the same.")
        raise UserError(f"{words} {asked}", field="despite")
    letter.doubts = [doubt.code for doubt in doubts]
    letter.despite = written.despite.strip() if doubts else ""


def _number(letter: Letter, kind: LetterKind, given: int | None = None) -> None:
    """Gives the next number, or keeps the one that the document system gave."""
    letter.issued_on = letter.issued_on or clock.today()
    letter.year = letter.issued_on.year
    key, unit = f"letter:{letter.kind}:{letter.unit_id}", letter.unit.display_short
    if given is None:
        letter.number, letter.number_text = take_number(key, kind.number, letter.issued_on, unit=unit)
        return
    letter.number = given
    letter.number_text = keep_number(key, kind.number, letter.issued_on, given, unit=unit)
    taken = Letter.objects.filter(number_text=letter.number_text).exclude(pk=letter.pk).first()
    if taken is not None:
        raise UserError(
            _("%(number)s is taken by “%(title)s”.") % {"number": taken.number_text, "title": taken.title},
            field="number",
        )


def _issue(actor: Actor, letter: Letter, kind: LetterKind, no_reply: bool) -> None:
    """The moment from which nothing in it changes: state, limits, record, and what follows from it."""
    if letter.reply_by is not None and letter.issued_on is not None and letter.reply_by < letter.issued_on:
        raise UserError(
            _("The day to reply by lies before the day of issue; name a later one."), field="reply_by"
        )
    before, letter.state = letter.state, State.ISSUED
    letter.issued_by_id, letter.issued_by_name = actor.user_id, actor.name
    if letter.reply_by is None and kind.reply is not None and not no_reply:
        letter.reply_by = local_day(current_calendar().add(_begin(letter), kind.reply))
    try:
        with transaction.atomic():
            letter.save()
    except IntegrityError:
        raise Conflict(_("Somebody gave this number at the same moment. Send the form once more.")) from None
    letter.recipients.filter(is_copy=False).update(reply_by=letter.reply_by)
    codes = list(letter.recipients.order_by("unit__protocol_order").values_list("unit__code", flat=True))
    changes = {
        "number": letter.number_text,
        "kind": letter.kind,
        "recipients": codes,
        "state": [before, State.ISSUED],
    }
    if letter.doubts:
        changes["doubts"] = letter.doubts
    record(letter, changes, reason=letter.despite)
    went_out(actor, letter, kind)


def _begin(letter: Letter) -> datetime:
    """From when the limit for a reply runs: now, or the end of the day of issue where that has passed."""
    if letter.issued_on is None or letter.issued_on == clock.today():
        return clock.now()
    return datetime.combine(letter.issued_on, time(17), clock.CITY_ZONE)


def _formal_words(kind: LetterKind) -> str:
    name = kind.label.text(get_language() or "zh-hans")
    return _("“%(kind)s” is issued when its formal file is back: keep a draft and send it for approval.") % {
        "kind": name
    }
