"""At the desk: what is held about a reporter is put right (PIPL art. 46). The old values go; that they changed and why stays."""

from collections.abc import Mapping
from uuid import UUID

from django.utils.translation import gettext as _

from shiyu.audit.actions import action, record
from shiyu.kernel.actor import Actor
from shiyu.kernel.personal import Personal, phone_digits, written
from shiyu.lib.errors import NotVisible, UserError
from shiyu.matters.access import openable_matter
from shiyu.matters.actions.parties import key_of, opened_party, seal_parts, wrong_in_texts
from shiyu.matters.models import Matter, MatterKey, Party


@action("matters.correct_party")
def correct_party(
    actor: Actor, matter_id: UUID, *, party_id: UUID, given: Mapping[Personal, str], reason: str
) -> Party:
    """Puts right a name, number or address; a part not given, or given empty, stays as it is. Ended matters too, while
    their key lives. Raises the first error of `wrong_in_correction`, and what `correctable_party` raises."""
    matter = openable_matter(actor, matter_id, lock=True)
    party = correctable_party(matter, party_id, lock=True)
    for error in wrong_in_correction(party, given, reason):
        raise error
    changed = _changed(party, given)
    seal_parts(key_of(matter), party, changed)
    party.save(update_fields=[*(part.value for part in changed), "phone_trace"])
    told = {part.value: "changed" for part in changed}
    record(matter, {**told, "party": party_id}, reason=reason.strip())
    return party


def correctable_party(matter: Matter, party_id: UUID, *, lock: bool = False) -> Party:
    """A person of the matter whose data can be put right; with `lock` its key lives until the end. Raises NotVisible for
    another matter's, UserError for an anonymous one and once what was given is deleted."""
    party = Party.objects.filter(pk=party_id, matter=matter).first()
    if party is None:
        raise NotVisible(_("This person did not report the matter."))
    if party.anonymous:
        raise UserError(_("Who reported anonymously stays so: no name, number or address is added."))
    keys = MatterKey.objects.filter(matter=matter).exclude(wrapped="")
    key = (keys.select_for_update() if lock else keys).first()
    if key is None or not any(getattr(party, part.value) for part in Personal):
        raise UserError(
            _("What this person gave was deleted as the rules ask; it cannot be corrected any more.")
        )
    return party


def wrong_in_correction(party: Party, given: Mapping[Personal, str], reason: str) -> list[UserError]:
    """Why a correction cannot be kept, each error naming its field: the parts that change are asked what filing asks, and
    the reason, which stays on record, says nothing of what is sealed."""
    changed = _changed(party, given)
    wrong = wrong_in_texts(changed, "reporter_")
    if not changed:
        wrong.append(UserError(_("Nothing is different. Fill in what has to be corrected.")))
    if len(reason.strip()) < 2:
        wrong.append(UserError(_("Say why it is corrected."), field="reason"))
    elif _names(reason, [*given.values(), *_kept(party).values()]):
        words = _("The reason stays on record. Leave name, number and address out of it.")
        wrong.append(UserError(words, field="reason"))
    return wrong


def _kept(party: Party) -> dict[Personal, str]:
    opened = opened_party(party.matter, party)
    return {part: getattr(opened, part.value) for part in Personal}


def _changed(party: Party, given: Mapping[Personal, str]) -> dict[Personal, str]:
    kept, texts = _kept(party), {part: written(text) for part, text in given.items()}
    return {part: text for part, text in texts.items() if text and text != kept[part]}


def _names(reason: str, texts: list[str]) -> bool:
    """Whether a reason holds one of these texts, a number however it is written; single characters do not count."""
    said, digits = written(reason), phone_digits(reason)
    plain = [written(text) for text in texts]
    return any(
        (len(text) > 1 and text in said) or (len(phone_digits(text)) > 4 and phone_digits(text) in digits)
        for text in plain
    )
