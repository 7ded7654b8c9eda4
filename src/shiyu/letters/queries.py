"""Reads over letters and instructions, for pages here and for other apps."""

from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from shiyu.documents.models import Attachment, Document
from shiyu.documents.word import OfficialDocument, render_document
from shiyu.kernel.actor import Actor
from shiyu.letters.access import answering_units
from shiyu.letters.models import Instruction, Letter, Recipient
from shiyu.lib import clock
from shiyu.lib.errors import NotVisible


def letters_shown(actor: Actor) -> QuerySet[Letter]:
    """The letters a person may see, with how many were received and answered."""
    return (
        Letter.objects.visible_to(actor)
        .select_related("unit")
        .annotate(
            sent=Count("recipients", distinct=True),
            received=Count("recipients", filter=Q(recipients__received_at__isnull=False), distinct=True),
            replied=Count("recipients", filter=Q(recipients__replied_at__isnull=False), distinct=True),
        )
    )


def letters_of(subject_id: UUID) -> list[Letter]:
    """The letters about a subject, oldest first, with their recipients."""
    rows = Letter.objects.filter(subject_id=subject_id).exclude(state=Letter.State.DRAFT)
    return list(rows.select_related("unit").prefetch_related("recipients__unit").order_by("issued_on", "id"))


def instructions_of(subject_id: UUID, actor: Actor | None = None) -> list[Instruction]:
    """The instructions on a subject (that the actor may see), oldest first."""
    rows = Instruction.objects.filter(subject_id=subject_id)
    if actor is not None:
        rows = rows.visible_to(actor)
    return list(rows.select_related("unit").order_by("instructed_on", "id"))


def unanswered_letters(actor: Actor) -> list[Recipient]:
    """Letters the person's units have not received, or not answered though a reply is asked for; by due day."""
    waiting = Q(received_at=None) | Q(replied_at=None, letter__reply_by__isnull=False)
    rows = Recipient.objects.filter(
        waiting, unit_id__in=answering_units(actor), letter__state=Letter.State.ISSUED
    )
    return list(rows.select_related("letter__unit", "unit").order_by("letter__reply_by", "letter__issued_on"))


def open_instructions(actor: Actor) -> list[Instruction]:
    """Instructions the person's units must answer, by due day."""
    rows = Instruction.objects.filter(unit_id__in=answering_units(actor), state=Instruction.State.OPEN)
    return list(rows.select_related("unit").order_by("reply_by", "instructed_on"))


def instructions_of_month(first: date, last: date) -> list[Instruction]:
    """Instructions given or answered from the first to the last day, and those given before and not answered by the
    last; units by protocol, then by day."""
    end = datetime.combine(last + timedelta(days=1), time(), clock.CITY_ZONE)
    begin = datetime.combine(first, time(), clock.CITY_ZONE)
    spoken = Q(instructed_on__gte=first) | Q(replied_at=None) | Q(replied_at__gte=begin)
    rows = Instruction.objects.filter(spoken, instructed_on__lte=last, registered_at__lt=end)
    return list(
        rows.select_related("unit").order_by("unit__protocol_order", "unit__code", "instructed_on", "pk")
    )


def is_late(day: object, done: object) -> bool:
    """Whether a day to reply by has passed without a reply."""
    return day is not None and done is None and day < clock.today()  # type: ignore[operator]


def text_for(actor: Actor, letter: Letter) -> tuple[str, list[str]]:
    """The letter's text and its addressees as the person gets them: one unit's own text for who answers for it
    alone, else the common one to all."""
    rows = list(letter.recipients.select_related("unit").order_by("unit__protocol_order", "unit__code"))
    own = [row for row in rows if row.unit_id in answering_units(actor) and row.body]
    if len(own) == 1 and letter.unit_id not in actor.unit_ids:
        return own[0].body, [own[0].unit.name]
    return letter.body, [row.unit.name for row in rows]


def letter_in_word(letter: Letter, actor: Actor | None = None) -> bytes:
    """The letter, as the person gets it (`text_for`), as an office expects it (GB/T 9704, letter format): editable, the same bytes each time. The
    place of the seal is left free."""
    rows = letter.recipients.select_related("unit").order_by("unit__protocol_order")
    body, names = text_for(actor, letter) if actor else (letter.body, [row.unit.name for row in rows])
    document = OfficialDocument(
        title=letter.title,
        paragraphs=[line.strip() for line in body.splitlines() if line.strip()],
        number=letter.number_text,
        addressees=names,
        organ=letter.unit.name,
        signer=letter.unit.name,
        date=letter.issued_on,
        layout="letter",
    )
    return render_document(document)


def attached_document(subject: tuple[str, UUID], document_id: UUID) -> Document:
    """The document, if it hangs on the subject (type, id); else NotVisible. The caller has checked that the person
    may see the subject."""
    rows = Attachment.objects.filter(subject_type=subject[0], subject_id=subject[1], document_id=document_id)
    found = rows.select_related("document__file").first()
    if found is None:
        raise NotVisible(_("There is no such file here."))
    return found.document
