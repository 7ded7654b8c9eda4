"""A wrong letter is withdrawn by another one with a number of its own; both stay, and lead to each other."""

from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from shiyu.audit.actions import action, record
from shiyu.kernel.actor import Actor
from shiyu.kernel.spec.documents import LetterUse
from shiyu.letters.access import can
from shiyu.letters.actions.answering import in_force
from shiyu.letters.actions.writing import Bound, draft_letter, issue_letter
from shiyu.letters.models import Letter
from shiyu.lib.errors import NotAllowed, UserError
from shiyu.packs.queries import current_pack


@action("letters.withdraw_letter")
def withdraw_letter(actor: Actor, letter_id: UUID, *, reason: str) -> Letter:
    """Writes the letter that withdraws another, to the same units, and gives it back.

    Where its kind needs no formal file it is issued at once and the first no longer holds; else it is a draft, and the
    first holds until the withdrawal is issued. Raises Conflict where a withdrawal is under way.
    """
    letter = in_force(actor, letter_id)
    if not can(actor, "withdraw", letter):
        raise NotAllowed(_("Only the unit that issued a letter may withdraw it."))
    if not reason.strip():
        raise UserError(_("Say why the letter is withdrawn."), field="reason")
    pack = current_pack()
    kind = next((code for code, one in pack.letter.items() if one.use is LetterUse.WITHDRAWAL), letter.kind)
    words, why = _words(letter, kind, reason.strip()), reason.strip()
    if pack.letter[kind].formal:
        made = draft_letter(actor, Bound(withdraws_id=letter.pk, why=why, no_reply=True), **words)
    else:
        made = issue_letter(actor, withdraws_id=letter.pk, why=why, no_reply=True, **words)
    record(letter, {"withdrawn_by": made.pk}, reason=reason)
    return made


def _words(letter: Letter, kind: str, reason: str) -> dict[str, Any]:
    """The withdrawal's text: it names the first by number, day and title."""
    rows = list(letter.recipients.all())
    day = letter.issued_on
    written = f"{day.year}年{day.month}月{day.day}日" if day else ""
    title = f"关于撤回{letter.number_text}的函"
    body = (
        f"我单位{written}印发的《{letter.title}》（{letter.number_text}）予以撤回，自本函印发之日起不再执行，"
        f"不再要求反馈。\n撤回原因：{reason}"
    )
    return {
        "kind": kind,
        "unit_id": letter.unit_id,
        "title": title[:200],
        "body": body,
        "contact": letter.contact,
        "recipients": [row.unit_id for row in rows if not row.is_copy],
        "copies": [row.unit_id for row in rows if row.is_copy],
        "despite": "撤回函，内容为撤回原函。",
    }
