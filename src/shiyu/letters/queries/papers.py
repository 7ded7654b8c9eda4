"""A letter on paper: Word and PDF after GB/T 9704, and the package for the office's own document system."""

from django.core.files.storage import default_storage

from shiyu.documents.archive import write_archive
from shiyu.documents.pdf import render_pdf
from shiyu.documents.word import OfficialDocument, render_document
from shiyu.kernel.actor import Actor
from shiyu.letters.access import SUBJECT_LETTER, answering_units
from shiyu.letters.models import Letter
from shiyu.letters.queries.reading import files_of
from shiyu.letters.queries.writing import number_parts
from shiyu.lib import clock
from shiyu.packs.queries import current_pack


def text_for(actor: Actor, letter: Letter) -> tuple[str, list[str]]:
    """The letter's text and its addressees as the person gets them: one unit's own text for who answers for it
    alone, else the common one to all."""
    rows = list(letter.recipients.select_related("unit").order_by("unit__protocol_order", "unit__code"))
    own = [row for row in rows if row.unit_id in answering_units(actor) and row.body]
    if len(own) == 1 and letter.unit_id not in actor.unit_ids:
        return own[0].body, [own[0].unit.name]
    return letter.body, [row.unit.name for row in rows if not row.is_copy]


def letter_on_paper(letter: Letter, actor: Actor | None = None) -> OfficialDocument:
    """What stands in the letter, as the person gets it (`text_for`). A draft shows where its number will stand and has
    no day; the place of the seal is left free."""
    rows = letter.recipients.select_related("unit").order_by("unit__protocol_order", "unit__code")
    names = [row.unit.name for row in rows if not row.is_copy]
    body, addressed = text_for(actor, letter) if actor else (letter.body, names)
    enclosed = files_of(SUBJECT_LETTER, [letter.pk]).get(letter.pk, [])
    return OfficialDocument(
        title=letter.title,
        paragraphs=[line.strip() for line in body.splitlines() if line.strip()],
        number=letter.number_text or _number_to_be(letter),
        addressees=addressed,
        organ=letter.unit.name,
        signer=letter.unit.name,
        date=letter.issued_on,
        created=letter.issued_on or clock.local(letter.created_at).date(),
        layout="letter",
        copies=[row.unit.name for row in rows if row.is_copy],
        enclosures=[row.document.title for row in enclosed],
        note=letter.contact,
    )


def letter_in_word(letter: Letter, actor: Actor | None = None) -> bytes:
    """The letter as an office expects it (GB/T 9704, letter format): editable, the same bytes each time."""
    return render_document(letter_on_paper(letter, actor))


def letter_in_pdf(letter: Letter, actor: Actor | None = None) -> bytes:
    """The same letter as PDF, with free fonts in place of 仿宋_GB2312 and 小标宋."""
    return render_pdf(letter_on_paper(letter, actor))


def letter_package(letter: Letter) -> bytes:
    """What goes to the office's own document system, in one archive: the letter in Word and PDF, and what is enclosed."""
    files = {
        f"1-{letter.title}（送审稿）.docx": letter_in_word(letter),
        f"2-{letter.title}（送审稿）.pdf": letter_in_pdf(letter),
    }
    enclosed = files_of(SUBJECT_LETTER, [letter.pk]).get(letter.pk, [])
    for position, row in enumerate(enclosed, start=1):
        document = row.document
        if document.file is not None and default_storage.exists(document.file.storage_name):
            with default_storage.open(document.file.storage_name) as content:
                files[f"附件{position}-{document.file_name}"] = content.read()
    return write_archive(files, clock.local(letter.created_at).date())


def _number_to_be(letter: Letter) -> str:
    """The series with the number left blank: X函〔2026〕　号."""
    return "　".join(number_parts(letter, clock.today())) if letter.kind in current_pack().letter else ""
