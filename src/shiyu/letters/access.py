"""Who may issue, receive and answer letters, and register and answer instructions."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from django.db.models import F
from django.utils.translation import gettext as _

from shiyu.kernel.actor import Actor
from shiyu.letters.models import OUT, Circulation, Instruction, Letter, Recipient
from shiyu.lib.errors import NotAllowed, NotVisible
from shiyu.people.queries import posts_held

SUBJECT_LETTER = "letters.letter"
SUBJECT_REPLY = "letters.reply"
SUBJECT_INSTRUCTION = "letters.instruction"
ANSWERING = ("matter.handle", "opinion.answer", "report.fill")
"""One of these rights in a unit lets a person receive and answer its letters."""


@dataclass(frozen=True)
class Binding:
    """A letter that is to be about something: the unit that writes it, the subject, the deed on it it goes with."""

    unit_id: UUID
    subject_id: UUID
    occasion_id: UUID | None = None


Check = Callable[[Actor, Binding], None]
"""Raises NotVisible or NotAllowed where the person may not bind a letter so."""

_subjects: dict[str, Check] = {}


def connect_subjects(checks: Mapping[str, Check]) -> None:
    """Install the map of wiring.py: type of a subject → its package's word on who may write a letter about it."""
    _subjects.clear()
    _subjects.update(checks)


def check_binding(actor: Actor, subject_type: str, binding: Binding) -> None:
    """Asks the package the subject belongs to. Raises NotAllowed for a type nobody answers for."""
    check = _subjects.get(subject_type)
    if check is None:
        raise NotAllowed(_("No letter can be written about this."))
    check(actor, binding)


def can(
    actor: Actor, verb: str, thing: Letter | Instruction | None = None, unit_id: UUID | None = None
) -> bool:
    """Whether the person may: issue (for `unit_id`), withdraw, view, register or reply."""
    if verb == "issue":
        return actor.has("letter.issue", unit_id)
    if verb == "register":
        return actor.has("instruction.register")
    if isinstance(thing, Letter):
        if verb == "withdraw":
            return actor.has("letter.issue", thing.unit_id)
        return Letter.objects.visible_to(actor).filter(pk=thing.pk).exists()
    if isinstance(thing, Instruction):
        if verb == "reply":
            return answers_for(actor, thing.unit_id) or actor.has("instruction.register")
        return Instruction.objects.visible_to(actor).filter(pk=thing.pk).exists()
    return False


def answers_for(actor: Actor, unit_id: UUID) -> bool:
    """Whether the person may receive and answer for a unit."""
    return any(actor.has(right, unit_id) for right in ANSWERING)


def reads_answers_of(actor: Actor, letter: Letter, recipients: Iterable[Recipient]) -> frozenset[UUID]:
    """Of the recipients those whose replies the person reads, with their files: all of them in the unit that asked, else
    those of the person's own units only. Nobody else reads them, whatever matters they see."""
    if actor.is_system or letter.unit_id in actor.unit_ids:
        return frozenset(row.pk for row in recipients)
    return frozenset(row.pk for row in recipients if row.unit_id in actor.unit_ids)


def answering_units(actor: Actor) -> frozenset[UUID]:
    """The units for which the person may receive and answer."""
    return frozenset(unit for unit in actor.unit_ids if answers_for(actor, unit))


def visible_letter(actor: Actor, letter_id: UUID, *, lock: bool = False) -> Letter:
    """The letter, if the person may see it; else NotVisible."""
    rows = Letter.objects.visible_to(actor).filter(pk=letter_id)
    found = rows.select_related(
        "unit", "withdrawn_by", "withdraws", "answers__letter", "formal_document__file"
    ).first()
    if found is None:
        raise NotVisible(_("There is no such letter, or it is not for you to see."))
    if not lock:
        return found
    return Letter.objects.select_for_update(of=("self",)).select_related("unit").get(pk=letter_id)


def issued_by(actor: Actor, letter_id: UUID) -> Letter:
    """The letter, if the person issues letters for its unit; NotVisible or NotAllowed else."""
    letter = visible_letter(actor, letter_id)
    if not can(actor, "issue", unit_id=letter.unit_id):
        raise NotAllowed(_("Your post does not issue letters for this unit."))
    return letter


def visible_instruction(actor: Actor, instruction_id: UUID, *, lock: bool = False) -> Instruction:
    """The instruction, if the person may see it; else NotVisible."""
    rows = Instruction.objects.visible_to(actor).filter(pk=instruction_id)
    found = rows.select_related("unit").first()
    if found is None:
        raise NotVisible(_("There is no such instruction, or it is not for you to see."))
    return Instruction.objects.select_for_update().get(pk=instruction_id) if lock else found


def own_recipient(actor: Actor, letter: Letter, unit_id: UUID | None) -> Recipient:
    """The recipient for which the person answers: `unit_id`, or else the first by protocol that owes a reply. Raises
    NotAllowed without one."""
    rows = [
        row
        for row in letter.recipients.select_for_update(of=("self",))
        .select_related("letter")
        .order_by(F("replied_at").asc(nulls_first=True), "is_copy", "unit__protocol_order", "id")
        if answers_for(actor, row.unit_id) and unit_id in (None, row.unit_id)
    ]
    if not rows:
        raise NotAllowed(
            _("This letter is not addressed to your unit, or your post does not answer letters.")
        )
    return rows[0]


def visible_circulation(actor: Actor, circulation_id: UUID) -> Circulation:
    """A circulated letter at a post that the person holds (or holds for somebody away), locked; NotVisible else."""
    held = posts_held(actor.user_id) if actor.user_id else []
    found = (
        Circulation.objects.filter(pk=circulation_id, post_id__in=held, recipient__letter__state__in=OUT)
        .select_for_update(of=("self",))
        .select_related("recipient__letter", "post")
        .first()
    )
    if found is None:
        raise NotVisible(_("There is no such letter, or it is not for you to see."))
    return found
