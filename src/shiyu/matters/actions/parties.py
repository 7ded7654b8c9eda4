"""Who reported a matter: written with it, added, read with a reason, given a new PIN; and the keys that seal them."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from django.contrib.auth.hashers import make_password
from django.utils.translation import gettext as _

from shiyu.audit.actions import action, record
from shiyu.kernel.actor import Actor
from shiyu.kernel.personal import LABELS, LONGEST, Personal, is_phone, is_reachable, phone_digits, written
from shiyu.kernel.spec.matters import Kind
from shiyu.lib import clock
from shiyu.lib.errors import UserError
from shiyu.lib.ids import new_id
from shiyu.lib.vault import the_vault
from shiyu.matters.access import can_open_parties, openable_matter
from shiyu.matters.actions.sealing import OpenText, opened_texts
from shiyu.matters.kinds import kind_of, language
from shiyu.matters.models import Matter, MatterKey, Party, PartyOpening, PhoneTrace

PIN_DIGITS = 8


def new_pin() -> str:
    """A PIN of eight random digits."""
    return f"{secrets.randbelow(10**PIN_DIGITS):0{PIN_DIGITS}d}"


@dataclass(frozen=True)
class Reporter:
    """A person who reports a matter, as given at the desk, with the PIN for the receipt. Never shown by itself: a log
    or an error says nothing of what it holds."""

    name: str = field(default="", repr=False)
    phone: str = field(default="", repr=False)
    address: str = field(default="", repr=False)
    anonymous: bool = False
    pin: str = field(default_factory=new_pin, repr=False)

    def given(self) -> dict[Personal, str]:
        """What was given, as it is kept."""
        texts = {Personal.NAME: self.name, Personal.PHONE: self.phone, Personal.ADDRESS: self.address}
        return {part: written(text) for part, text in texts.items() if written(text)}


def check_reporters(
    rules: Kind, reporters: Sequence[Reporter], *, carried: bool = False, handed_over: bool = False
) -> None:
    """Raises the first error of `wrong_in_reporters`."""
    for error in wrong_in_reporters(rules, reporters, carried=carried, handed_over=handed_over):
        raise error


def wrong_in_reporters(
    rules: Kind, reporters: Sequence[Reporter], *, carried: bool = False, handed_over: bool = False
) -> list[UserError]:
    """All that is wrong, each naming its field: the kind takes none, needs one (unless they are `carried` over from
    another matter), or what was given of one cannot be kept. Of a number `handed_over` by another system only that
    it is one is asked."""
    if rules.reporter == "none" and reporters:
        return [UserError(_("This kind of matter has no reporter."), field="reporter")]
    nobody = not reporters and not carried
    if rules.reporter == "required" and (nobody or any(row.anonymous for row in reporters)):
        return [UserError(_("This kind of matter needs the name of who reports it."), field="reporter_name")]
    return [error for row in reporters for error in wrong_in_reporter(row, handed_over=handed_over)]


def check_reporter(reporter: Reporter) -> None:
    """Raises the first error of `wrong_in_reporter`."""
    for error in wrong_in_reporter(reporter):
        raise error


def wrong_in_reporter(reporter: Reporter, *, handed_over: bool = False) -> list[UserError]:
    """Why what was given of a person cannot be kept, each error naming its field."""
    given = reporter.given()
    if reporter.anonymous:
        words = _("An anonymous report keeps no name, phone or address. Empty these fields.")
        return [UserError(words, field="reporter")] if given else []
    wrong = wrong_in_texts(given, "reporter_", handed_over=handed_over)
    if Personal.NAME not in given:
        wrong.append(UserError(_("Give the name of who reports it."), field="reporter_name"))
    if Personal.PHONE not in given and Personal.ADDRESS not in given:
        words = _("Give a phone number or an address, so that an answer arrives.")
        wrong.append(UserError(words, field="reporter_phone"))
    return wrong


def wrong_in_texts(
    given: Mapping[Personal, str], prefix: str, *, handed_over: bool = False
) -> list[UserError]:
    """What of a person's name, number and address cannot be kept; the fields are called `prefix` and the part."""
    wrong = []
    for part, text in given.items():
        if len(text) > LONGEST[part]:
            told = {"label": LABELS[part].text(language()), "n": LONGEST[part]}
            words = _("%(label)s is longer than %(n)s characters.") % told
            wrong.append(UserError(words, field=f"{prefix}{part}"))
    phone = given.get(Personal.PHONE, "")
    if phone and not is_phone(phone):
        wrong.append(UserError(_("This is not a phone number."), field=f"{prefix}phone"))
    elif phone and not handed_over and not is_reachable(phone):
        words = _("Give a mobile number of 11 digits, or a fixed line with its area code.")
        wrong.append(UserError(words, field=f"{prefix}phone"))
    return wrong


def keep_reporters(
    matter: Matter, reporters: Sequence[Reporter], *, acts_for: Party | None = None, relation: str = ""
) -> list[Party]:
    """Seals and writes checked reporters, or who `acts_for` one, under the matter's key, which is made with the first. No
    record of its own: part of the actions that file a matter or add a person."""
    if not reporters:
        return []
    key, rows = key_of(matter), []
    for reporter in reporters:
        row = Party(id=new_id(), matter=matter, anonymous=reporter.anonymous, filed_at=clock.now())
        row.pin_hash, row.acts_for, row.relation = make_password(reporter.pin), acts_for, relation
        seal_parts(key, row, reporter.given())
        rows.append(row)
    return Party.objects.bulk_create(rows)


def seal_parts(key: MatterKey, row: Party, given: Mapping[Personal, str]) -> None:
    """Seals what a person gave for their row, and renews the hash under which the number is found. Not saved."""
    for part, text in given.items():
        setattr(row, part.value, key.seal(row, part, text))
        if part is Personal.PHONE:
            row.phone_trace = phone_trace(text)


def carry_reporters(old: Matter, new: Matter) -> list[Party]:
    """The same persons, with the same PINs, in a matter split from theirs or reviewing it: sealed anew under its own
    key. No record of its own."""
    parties = list(Party.objects.filter(matter=old))
    if not parties:
        return []
    opened = {line.party_id: line for line in _opened(old, parties)}
    rows = keep_reporters(new, [_again(row, opened[row.pk]) for row in parties])
    for row, before in zip(rows, parties, strict=True):
        row.pin_hash, row.came_from = before.pin_hash, before
    again = dict(zip((before.pk for before in parties), rows, strict=True))
    for row, before in zip(rows, parties, strict=True):
        if before.acts_for_id:
            row.acts_for, row.relation = again[before.acts_for_id], before.relation
    Party.objects.bulk_update(rows, ["pin_hash", "came_from", "acts_for", "relation"])
    return rows


@dataclass(frozen=True)
class OpenParty:
    """The whole of what one reporter gave; `gone` once the key was destroyed."""

    party_id: UUID
    anonymous: bool
    gone: bool
    name: str = field(default="", repr=False)
    phone: str = field(default="", repr=False)
    address: str = field(default="", repr=False)
    relation: str = ""


def _again(row: Party, opened: OpenParty) -> Reporter:
    return Reporter(opened.name, opened.phone, opened.address, anonymous=row.anonymous)


@action("matters.add_reporter")
def add_reporter(actor: Actor, matter_id: UUID, *, reporter: Reporter) -> Party:
    """Another person who reported the same. Raises UserError where the matter has ended or its kind has none."""
    matter = openable_matter(actor, matter_id, lock=True)
    if not matter.is_open:
        raise UserError(_("The matter has ended; file a new one for this person."))
    check_reporters(kind_of(matter), [reporter])
    row = keep_reporters(matter, [reporter])[0]
    record(matter, {"reporters": "changed"})
    return row


def open_parties(actor: Actor, matter_id: UUID, *, reason: str) -> list[OpenParty]:
    """The reporters of `open_sealed`."""
    return open_sealed(actor, matter_id, reason=reason)[0]


@action("matters.open_parties")
def open_sealed(actor: Actor, matter_id: UUID, *, reason: str) -> tuple[list[OpenParty], list[OpenText]]:
    """Reads the whole of what a matter's reporters gave and of its sealed texts, once; the opening and its reason stay
    on record. Raises NotAllowed for whoever does not handle it, UserError without a reason."""
    matter = openable_matter(actor, matter_id)
    if len(reason.strip()) < 2 or actor.user_id is None:
        raise UserError(_("Say why you need to see it."), field="reason")
    parties = list(Party.objects.filter(matter=matter))
    PartyOpening.objects.create(
        matter=matter,
        by_id=actor.user_id,
        by_name=actor.name,
        unit_id=actor.home_unit_id,
        reason=reason.strip(),
    )
    record(matter, {"reporters": "opened"}, reason=reason.strip())
    return _opened(matter, parties), opened_texts(matter)


def _opened(matter: Matter, parties: list[Party]) -> list[OpenParty]:
    key = MatterKey.objects.filter(matter=matter).exclude(wrapped="").first()
    if key is None:
        return [OpenParty(row.pk, row.anonymous, gone=True, relation=row.relation) for row in parties]
    found = []
    for row in parties:
        texts = {part.value: key.open(row, part) or "" for part in Personal}
        found.append(OpenParty(row.pk, row.anonymous, gone=False, relation=row.relation, **texts))
    return found


def opened_party(matter: Matter, party: Party) -> OpenParty:
    """The whole of what one person gave. Part of the action that puts the opening on record."""
    return _opened(matter, [party])[0]


@action("matters.reset_pin")
def reset_pin(actor: Actor, matter_id: UUID, *, party_id: UUID, reason: str) -> str:
    """A new PIN at the desk for a reporter who lost theirs; the old one ends. Returns it: it is shown once. Raises
    UserError without a reason or for somebody who did not report this matter."""
    matter = openable_matter(actor, matter_id, lock=True)
    if len(reason.strip()) < 2:
        raise UserError(_("Say how you know that it is this person."), field="reason")
    pin = new_pin()
    if not Party.objects.filter(pk=party_id, matter=matter).update(pin_hash=make_password(pin)):
        raise UserError(_("This person did not report the matter."))
    record(matter, {"pin": "changed", "party": party_id}, reason=reason.strip())
    return pin


@action("matters.look_up_phone")
def look_up_phone(actor: Actor, *, phone: str) -> list[Matter]:
    """The matters somebody with this number reported or is another party to, newest first, at most 50: of those the
    person handles only. That somebody looked is on record, the number is not. Raises UserError for what is no number."""
    if not is_phone(phone):
        raise UserError(_("This is not a phone number."), field="phone")
    trace = phone_trace(phone)
    named = Party.objects.filter(phone_trace=trace).values("matter_id")
    others = PhoneTrace.objects.filter(trace=trace).values("matter_id")
    mine = Matter.objects.visible_to(actor).filter(pk__in=named.union(others))
    rows = mine.select_related("unit").order_by("-received_at")[:50]
    found = [matter for matter in rows if can_open_parties(actor, matter)]
    record(None, {"found": len(found)})
    return found


def phone_trace(text: str) -> str:
    """The keyed hash under which a phone number is found again, however it was written."""
    return the_vault().trace(phone_digits(text), "phone")


def note_phone(matter: Matter, about_id: UUID, phone: str) -> None:
    """Keeps the trace of a number that stands sealed in another package's row. No record of its own."""
    PhoneTrace.objects.update_or_create(
        about_id=about_id, defaults={"matter": matter, "trace": phone_trace(phone)}
    )


def forget_phone(about_id: UUID) -> None:
    """The row went, and its number with it. No record of its own."""
    PhoneTrace.objects.filter(about_id=about_id).delete()


def key_of(matter: Matter) -> MatterKey:
    """The matter's key, locked; made where there is none or the old one was destroyed. No record of its own."""
    key = MatterKey.objects.select_for_update().filter(matter=matter).first()
    if key is not None and key.wrapped:
        return key
    key = renewed_key(matter, key)
    key.save()
    return key


def renewed_key(matter: Matter, old: MatterKey | None) -> MatterKey:
    """A fresh key for a matter that has none, or in place of one that was destroyed. Not saved."""
    vault, key = the_vault(), old or MatterKey(matter=matter)
    key.wrapped, key.sealed_by = vault.new_key(key.about), vault.newest
    key.made_at, key.destroyed_at, key.destruction = clock.now(), None, None
    return key
