"""Handing a matter to a body, its sides, and whether each is willing (art. 17)."""

from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from shiyu.audit.actions import action, record
from shiyu.kernel.actor import Actor
from shiyu.kernel.limits import local_day
from shiyu.kernel.mediation import MOST_PARTIES, MediationOutcome
from shiyu.kernel.personal import Personal, written
from shiyu.lib import clock
from shiyu.lib.errors import UserError
from shiyu.lib.events import emit
from shiyu.matters.access import can as can_with_matter
from shiyu.matters.access import visible_matter
from shiyu.matters.actions import acknowledge_assignment, add_supporting_unit, dispatch_matter
from shiyu.matters.actions.parties import forget_phone, key_of, note_phone, wrong_in_texts
from shiyu.matters.actions.sealing import other_side_of
from shiyu.matters.kinds import calendar, pack_for
from shiyu.matters.models import Matter, MatterKey, Party
from shiyu.mediation.access import need_open, need_view
from shiyu.mediation.actions.ending import end_mediation, going
from shiyu.mediation.actions.texts import check_names, take_names_out
from shiyu.mediation.events import MediationOpened
from shiyu.mediation.models import Mediation, Side
from shiyu.mediation.queries.bodies import way_of
from shiyu.mediation.queries.names import living_key
from shiyu.mediation.queries.words import party_label, rule_for
from shiyu.people.models import Unit


@dataclass(frozen=True)
class SideGiven:
    """What a party gives of themselves; shown nowhere by itself."""

    name: str = field(default="", repr=False)
    phone: str = field(default="", repr=False)
    address: str = field(default="", repr=False)

    def given(self) -> dict[Personal, str]:
        """What was given, as it is kept."""
        texts = {Personal.NAME: self.name, Personal.PHONE: self.phone, Personal.ADDRESS: self.address}
        return {part: written(text) for part, text in texts.items() if written(text)}


@action("mediation.open_mediation")
def open_mediation(
    actor: Actor, matter_id: UUID, *, body_id: UUID, source: str, source_number: str = ""
) -> Mediation:
    """Hands a matter to a body that mediates; where it does not hold the matter yet, it is dispatched to it or asked to
    support in the same change, under the matter's own rules. Those who reported the matter by name become its first
    sides, whom it was filed against the next. Raises NotVisible, NotAllowed, UserError (also for what the matter's rules refuse)."""
    need_view(actor)
    matter = visible_matter(actor, matter_id, lock=True)
    need_open(actor, matter)
    rule = rule_for(matter)
    body = Unit.objects.in_force().filter(pk=body_id).first()
    way = way_of(rule, body) if body else None
    if body is None or way is None:
        raise UserError(_("Choose a body that mediates."), field="body")
    if source not in _sources(matter):
        raise UserError(_("Say how it began."), field="source")
    _see_that_it_holds(actor, matter, body)
    due = local_day(calendar().add(clock.now(), rule.limit))
    mediation = Mediation(
        matter=matter, body=body, way=way, source=source, source_number=source_number.strip()
    )
    mediation.due_on, mediation.opened_by_id, mediation.opened_by_name = due, actor.user_id, actor.name
    try:
        with transaction.atomic():
            mediation.save(force_insert=True)
    except IntegrityError:
        raise UserError(_("This body mediates the matter already."), field="body") from None
    _enter_known_sides(mediation)
    record(mediation, {"matter": matter.code, "body": body.name, "source": source, "due_on": due})
    emit(MediationOpened(mediation.pk, body.pk, matter.code, matter.title, actor.user_id))
    return mediation


def _enter_known_sides(mediation: Mediation) -> None:
    """Who reported the matter, then whom it was filed against; who acts for a reporter is no party."""
    named = Party.objects.filter(matter=mediation.matter, anonymous=False, acts_for=None)[:MOST_PARTIES]
    rows = [Side(mediation=mediation, number=n, reporter=row) for n, row in enumerate(named, start=1)]
    key = living_key(mediation)
    given = other_side_of(mediation.matter, key) if key else {}
    if key is not None and given and len(rows) < MOST_PARTIES:
        row = Side(mediation=mediation, number=len(rows) + 1)
        _seal(row, key, given)
        rows.append(row)
    Side.objects.bulk_create(rows)


def _seal(row: Side, key: MatterKey, given: dict[Personal, str]) -> None:
    for part, text in given.items():
        setattr(row, part.value, key.seal(row, part, text))  # type: ignore[arg-type]


def _sources(matter: Matter) -> set[str]:
    from_pack = rule_for(matter).sources
    return set(pack_for(matter).codes[from_pack].values)


def _see_that_it_holds(actor: Actor, matter: Matter, body: Unit) -> None:
    """The body takes part in the matter by the matter's own rules, so that its limits and history stay whole."""
    held = matter.assignments.filter(unit=body, active=True).first()
    if held is None and body.pk != matter.unit_id:
        has_lead = matter.assignments.filter(active=True, role="lead").exists()
        send = add_supporting_unit if has_lead else dispatch_matter
        send(actor, matter.pk, unit_id=body.pk)
        return
    is_own = actor.has("matter.handle", body.pk)
    if held and held.acknowledged_at is None and is_own and can_with_matter(actor, "acknowledge", matter):
        acknowledge_assignment(actor, matter.pk, assignment_id=held.pk)


@action("mediation.add_side")
def add_side(actor: Actor, mediation_id: UUID, *, side: SideGiven) -> Side:
    """Another party, sealed under the matter's data key, found by its number like those who reported the matter. Where
    its name stands in a text written before, its label takes the place. Raises UserError for what cannot be kept."""
    mediation = going(actor, mediation_id)
    given = side.given()
    if Personal.NAME not in given:
        raise UserError(_("Give the party's name."), field="name")
    for error in wrong_in_texts(given, ""):
        raise error
    number = (mediation.sides.aggregate(last=Max("number"))["last"] or 0) + 1
    if number > MOST_PARTIES:
        raise UserError(_("There are ten parties already; enter those who speak for several people."))
    row, key = Side(mediation=mediation, number=number), key_of(mediation.matter)
    _seal(row, key, given)
    row.save(force_insert=True)
    if Personal.PHONE in given:
        note_phone(mediation.matter, row.pk, given[Personal.PHONE])
    texts = take_names_out(mediation, number, given)
    record(mediation, {"sides": "changed", "number": number, **({"texts": "changed"} if texts else {})})
    return row


@action("mediation.remove_side")
def remove_side(actor: Actor, mediation_id: UUID, *, side_id: UUID) -> None:
    """Takes a party out that was entered by mistake, while it has not answered and nobody came after it. Raises
    UserError else."""
    mediation = going(actor, mediation_id)
    side = _side(mediation, side_id)
    last = mediation.sides.aggregate(last=Max("number"))["last"]
    if side.consent != Side.Consent.ASKED or side.number != last:
        raise UserError(_("Only the last party can be taken out, as long as it has not answered."))
    forget_phone(side.pk)
    side.delete()
    record(mediation, {"sides": "changed", "removed": side.number})


@action("mediation.record_consent")
def record_consent(
    actor: Actor, mediation_id: UUID, *, side_id: UUID, agrees: bool, on: date | None = None, note: str = ""
) -> Side:
    """What a party answered when it was asked whether it wants to be mediated. A clear refusal ends the mediation, and
    every other way is to be shown (art. 17, 26)."""
    mediation = going(actor, mediation_id)
    side, day = _side(mediation, side_id), on or clock.today()
    if day > clock.today() or day < mediation.opened_on:
        raise UserError(_("The day lies between the beginning and today."), field="on")
    check_names(mediation, {"note": note})
    side.consent = Side.Consent.AGREED if agrees else Side.Consent.REFUSED
    side.answered_on, side.note = day, note.strip()[:200]
    side.save(update_fields=["consent", "answered_on", "note"])
    record(mediation, {"side": side.number, "consent": side.consent})
    if not agrees:
        reason = _("%(party)s does not want to be mediated.") % {"party": party_label(side.number)}
        end_mediation(
            actor,
            mediation,
            MediationOutcome.REFUSED,
            reason=f"{reason} {side.note}".strip(),
            remedies=list(pack_for(mediation.matter).codes[rule_for(mediation.matter).ways_after].values),
        )
    return side


def _side(mediation: Mediation, side_id: UUID) -> Side:
    found = mediation.sides.filter(pk=side_id).first()
    if found is None:
        raise UserError(_("This mediation has no such party."), field="side")
    return found
