"""What a letter about a matter does to it (heard from letters, in the same transaction): supervision, a limit, and a
line in its history."""

from datetime import date
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _

from shiyu.audit.actions import action, record
from shiyu.kernel.actor import SYSTEM, Actor
from shiyu.kernel.limits import end_of
from shiyu.kernel.spec.documents import LetterEffect
from shiyu.letters.events import LetterEvent, LetterIssued, LetterReplied, LetterWithdrawn
from shiyu.letters.models import Letter
from shiyu.lib import clock
from shiyu.lib.errors import UserError
from shiyu.matters.access import SUBJECT
from shiyu.matters.actions.verbs import end_supervision, supervise_matter
from shiyu.matters.kinds import LETTER
from shiyu.matters.models import Matter, Step
from shiyu.packs.queries import current_pack
from shiyu.people.models import Unit


def letter_issued(event: LetterIssued) -> None:
    """NOW handler: what the kind of the letter says, and a line in the history of the matter."""
    matter = _matter_of(event)
    if matter is None:
        return
    said = _("%(number)s issued: %(title)s") % {"number": event.number, "title": event.title}
    if event.effect == LetterEffect.SUPERVISE:
        try:
            supervise_matter(
                SYSTEM, matter.pk, reason=said, letter_id=event.letter_id, writer_id=event.unit_id
            )
            return
        except UserError:  # under supervision already, or closed: only the line in its history
            pass
    if event.effect == LetterEffect.LIMIT and event.reply_by is not None and matter.is_open:
        start_limit(SYSTEM, matter.pk, event.unit_ids, event.reply_by)
        said = _("%(said)s; to be done by %(day)s") % {"said": said, "day": event.reply_by.isoformat()}
    _tell_history(matter, event, event.unit_id, said)


def letter_replied(event: LetterReplied) -> None:
    """NOW handler: the matter's history says who answered which letter."""
    matter = _matter_of(event)
    if matter is not None:
        said = _("%(number)s answered: %(title)s") % {"number": event.number, "title": event.title}
        _tell_history(matter, event, event.from_unit_id, said)


def letter_withdrawn(event: LetterWithdrawn) -> None:
    """NOW handler: the history says that a letter no longer holds. A supervision it began ends with it, unless another
    notice holds; a limit it set stays: whoever leads decides that."""
    matter = _matter_of(event)
    if matter is None:
        return
    words = {"number": event.number, "by": event.by_number}
    said = _("%(number)s withdrawn by %(by)s") % words if event.by_number else event.number
    began = matter.supervised_at is not None and matter.supervised_letter_id == event.letter_id
    if began and not _goes_on_by_another(matter, event.letter_id):
        try:
            end_supervision(SYSTEM, matter.pk, reason=said)
            return
        except UserError:  # closed meanwhile, or its kind asks for more than a letter: a person ends it
            pass
    if event.effect == LetterEffect.SUPERVISE and matter.supervised_at is not None:
        said = _("%(said)s; the matter stays under supervision") % {"said": said}
    _tell_history(matter, event, None, said)


def _goes_on_by_another(matter: Matter, withdrawn_id: UUID) -> bool:
    """Whether another notice about the matter that is in force holds it under supervision; it does so from now on."""
    kinds = [code for code, spec in current_pack().letter.items() if spec.effect == LetterEffect.SUPERVISE]
    letters = Letter.objects.filter(subject_type=SUBJECT, subject_id=matter.pk, state=Letter.State.ISSUED)
    other = letters.filter(kind__in=kinds).exclude(pk=withdrawn_id).order_by("number").first()
    if other is not None:
        matter.supervised_letter_id, matter.supervised_by_id = other.pk, other.unit_id
        matter.save(update_fields=["supervised_letter_id", "supervised_by"])
    return other is not None


@action("matters.start_limit")
def start_limit(actor: Actor, matter_id: UUID, unit_ids: tuple[UUID, ...], day: date) -> int:
    """The units that hold the matter and were sent a rectification notice have until the end of `day`, but never longer
    than the matter itself. Returns for how many it is so."""
    matter = Matter.objects.get(pk=matter_id)
    end = end_of(day)
    if matter.due_at is not None:
        end = min(end, matter.due_at)
    held = matter.assignments.filter(Q(unit_id__in=unit_ids), active=True)
    changed = held.update(due_at=end)
    record(matter, {"assignments": changed, "due_at": end})
    return changed


def _matter_of(event: LetterEvent) -> Matter | None:
    """The matter a letter is about, locked; None for letters about anything else."""
    if event.subject_type != SUBJECT or event.subject_id is None:
        return None
    return Matter.objects.select_for_update().filter(pk=event.subject_id).first()


def _tell_history(matter: Matter, event: LetterEvent, unit_id: UUID | None, said: str) -> None:
    unit = Unit.objects.filter(pk=unit_id).first() if unit_id else None
    now = clock.now()
    Step.objects.create(
        matter_id=matter.pk,
        unit_id=unit_id,
        unit_name=unit.display_short if unit else "",
        state=matter.state,
        phase=matter.phase,
        entered_at=now,
        left_at=now,
        verb=LETTER,
        by_name=event.by_name,
        note=said,
        used_minutes=0,
        within=True,
    )
