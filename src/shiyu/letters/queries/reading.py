"""Reads over letters and instructions, for pages here and for other apps."""

from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.db.models import Case, Count, Exists, F, OuterRef, Prefetch, Q, QuerySet, Subquery, When
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from shiyu.documents.models import Attachment, Document
from shiyu.kernel.actor import Actor
from shiyu.letters.access import answering_units
from shiyu.letters.models import BEFORE, OUT, Instruction, Letter, Recipient, Reply
from shiyu.lib import clock
from shiyu.lib.errors import NotVisible
from shiyu.packs.queries import current_calendar

OWING = Q(replied_at=None, is_copy=False, reply_by__isnull=False, letter__state=Letter.State.ISSUED)
"""Recipients that owe a reply."""


def letters_shown(actor: Actor) -> QuerySet[Letter]:
    """The letters a person may see, with how many units they went to, how many received and answered them, and the
    first day by which a reply is still owed (`owed_by`): by the person's own units where they got the letter, by
    anybody where the person's unit wrote it. `day_shown` is that day, or the letter's own."""
    addressed = Q(recipients__is_copy=False)
    return (
        Letter.objects.visible_to(actor)
        .select_related("unit")
        .annotate(
            sent=Count("recipients", filter=addressed, distinct=True),
            received=Count(
                "recipients", filter=addressed & Q(recipients__received_at__isnull=False), distinct=True
            ),
            replied=Count(
                "recipients", filter=addressed & Q(recipients__replied_at__isnull=False), distinct=True
            ),
            owed_by=_owed_by(actor),
        )
        .annotate(day_shown=Coalesce("owed_by", "reply_by"))
    )


def _owed_by(actor: Actor) -> Case:
    units = actor.unit_ids
    owing = Recipient.objects.filter(OWING, letter=OuterRef("pk")).order_by("reply_by").values("reply_by")
    mine = Recipient.objects.filter(letter=OuterRef("pk"), unit_id__in=units, is_copy=False)
    return Case(
        When(~Q(unit_id__in=units) & Exists(mine), then=Subquery(owing.filter(unit_id__in=units)[:1])),
        default=Subquery(owing[:1]),
    )


def letters_of(subject_id: UUID, actor: Actor | None = None) -> list[Letter]:
    """The letters about a subject, oldest first, with their recipients; with `actor` also the drafts of the units for
    which that person issues letters, last."""
    states = Q(state__in=OUT)
    if actor is not None:
        states |= Q(state__in=BEFORE, unit_id__in=actor.units_with("letter.issue"))
    rows = Letter.objects.filter(states, subject_id=subject_id)
    ordered = rows.order_by(F("issued_on").asc(nulls_last=True), "id")
    return list(ordered.select_related("unit").prefetch_related("recipients__unit"))


def instructions_of(subject_id: UUID, actor: Actor | None = None) -> list[Instruction]:
    """The instructions on a subject (that the actor may see), oldest first."""
    rows = Instruction.objects.filter(subject_id=subject_id)
    if actor is not None:
        rows = rows.visible_to(actor)
    return list(rows.select_related("unit").order_by("instructed_on", "id"))


def unanswered(actor: Actor) -> QuerySet[Recipient]:
    """Letters the person's units have not received, or not answered though a reply is asked for."""
    return Recipient.objects.filter(
        Q(received_at=None) | OWING, unit_id__in=answering_units(actor), letter__state=Letter.State.ISSUED
    )


def unanswered_letters(actor: Actor, most: int | None = None) -> list[Recipient]:
    """The first `most` (all) of `unanswered`, by due day."""
    rows = unanswered(actor).select_related("letter__unit", "unit")
    return list(rows.order_by("reply_by", "letter__issued_on", "id")[:most])


def recipients_of(letter: Letter) -> list[Recipient]:
    """Everybody a letter went to, those copied last, by protocol, with every reply (`replies`, oldest first) and who
    has it in circulation."""
    replies = Reply.objects.select_related("letter").order_by("replied_at", "id")
    rows = letter.recipients.select_related("unit").prefetch_related(
        Prefetch("replies", replies), "circulations__post__unit"
    )
    return list(rows.order_by("is_copy", "unit__protocol_order", "unit__code"))


def files_of(subject_type: str, subject_ids: list[UUID]) -> dict[UUID, list[Attachment]]:
    """The files that hang on subjects of a type, by subject, oldest first."""
    rows = Attachment.objects.filter(subject_type=subject_type, subject_id__in=subject_ids)
    found: dict[UUID, list[Attachment]] = {}
    for row in rows.select_related("document__file").order_by("created_at", "id"):
        found.setdefault(row.subject_id, []).append(row)
    return found


def workdays_late(reply_by: date | None, replied_at: datetime | None) -> int:
    """How many workdays after its day a reply came (at least one where it came late at all); 0 in time."""
    if reply_by is None or replied_at is None:
        return 0
    day = clock.local(replied_at).date()
    return max(1, current_calendar().workdays_between(reply_by, day)) if day > reply_by else 0


def instructions_waiting(actor: Actor) -> QuerySet[Instruction]:
    """Instructions the person's units must answer, by due day."""
    rows = Instruction.objects.filter(unit_id__in=answering_units(actor), state=Instruction.State.OPEN)
    return rows.select_related("unit").order_by("reply_by", "instructed_on", "id")


def open_instructions(actor: Actor, most: int | None = None) -> list[Instruction]:
    """The first `most` (all) of the instructions the person's units must answer, by due day."""
    return list(instructions_waiting(actor)[:most])


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


def owes_reply(**more: object) -> Exists:
    """Condition on letters: some recipient owes a reply (with further conditions on it)."""
    return Exists(Recipient.objects.filter(OWING, letter=OuterRef("pk"), **more))


def attached_document(subject: tuple[str, UUID], document_id: UUID) -> Document:
    """The document, if it hangs on the subject (type, id); else NotVisible. The caller has checked that the person
    may see the subject."""
    rows = Attachment.objects.filter(subject_type=subject[0], subject_id=subject[1], document_id=document_id)
    found = rows.select_related("document__file").first()
    if found is None:
        raise NotVisible(_("There is no such file here."))
    return found.document
