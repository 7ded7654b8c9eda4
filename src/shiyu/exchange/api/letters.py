"""Letters over HTTP."""

from uuid import UUID

from django.utils.translation import gettext as _
from ninja import Router

from shiyu.exchange.api.auth import ApiRequest, Bearer
from shiyu.exchange.api.paging import cut, words_of
from shiyu.exchange.api.shapes import LetterLine, LetterPage, LetterWhole
from shiyu.exchange.models import Scope
from shiyu.letters.access import reads_answers_of
from shiyu.letters.queries import letters_shown, text_for
from shiyu.letters.views.letters import letter_spec
from shiyu.lib.errors import NotVisible

router = Router(tags=["letters"])


@router.get("", response=LetterPage, auth=Bearer(Scope.LETTERS_READ), url_name="api_letters")
def letters(request: ApiRequest) -> LetterPage:
    """The letters the account may see; filters and orders of the page."""
    spec = letter_spec()
    page = cut(request, spec, letters_shown(request.actor))
    items = [LetterLine(**LetterLine.given(row, words_of(spec.columns, row))) for row in page.rows]
    return LetterPage.of(page, items)


letters.spec = letter_spec  # type: ignore[attr-defined]


@router.get("/{uuid:letter_id}", response=LetterWhole, auth=Bearer(Scope.LETTERS_READ), url_name="api_letter")
def letter(request: ApiRequest, letter_id: UUID) -> LetterWhole:
    """One letter with its text, as the account's units get it, and every unit's receipt; the replies of all for the
    unit that asked, else those of the account's own units."""
    row = letters_shown(request.actor).filter(pk=letter_id).first()
    if row is None:
        raise NotVisible(_("There is no such letter, or it is not for you to see."))
    rows = row.recipients.select_related("unit").prefetch_related("replies")
    recipients = list(rows.order_by("unit__protocol_order", "unit__code"))
    words, body = words_of(letter_spec().columns, row), text_for(request.actor, row)[0]
    return LetterWhole.of(row, words, body, recipients, reads_answers_of(request.actor, row, recipients))
