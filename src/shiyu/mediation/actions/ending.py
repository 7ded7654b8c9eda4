"""What is agreed, and how a mediation ends; its matter follows in the same change."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from shiyu.audit.actions import action, record
from shiyu.kernel.actor import Actor
from shiyu.kernel.limits import end_of, local_day
from shiyu.kernel.mediation import (
    CONFIRM_WITHIN,
    SAID_LABELS,
    MediationOutcome,
    Said,
    missing,
)
from shiyu.lib import clock
from shiyu.lib.errors import UserError
from shiyu.lib.events import emit
from shiyu.matters.access import can as can_with_matter
from shiyu.matters.actions import acknowledge_assignment, complete_assignment, note_progress
from shiyu.matters.kinds import calendar, language, pack_for
from shiyu.mediation.access import workable
from shiyu.mediation.actions.texts import check_names
from shiyu.mediation.events import MediationEnded
from shiyu.mediation.models import LookBack, Mediation, Side
from shiyu.mediation.queries.words import labels_of, outcome_label, party_label, remedy_choices, rule_for

TEXTS = (Said.FACTS, Said.ISSUES, Said.RESPONSIBILITY, Said.TERMS, Said.PERFORMANCE, Said.REASON)
MOST = Decimal("999999999")


def going(actor: Actor, mediation_id: UUID, verb: str = "run") -> Mediation:
    """The mediation, locked, if the person may work on it and it has not ended."""
    mediation = workable(actor, mediation_id, verb)
    if not mediation.is_going:
        raise UserError(
            _("This mediation has ended: %(outcome)s.") % {"outcome": outcome_label(mediation.outcome)}
        )
    return mediation


def willing(mediation: Mediation) -> None:
    """Raises UserError unless there are two sides at least and every one has said that it wants to be mediated."""
    sides = list(mediation.sides.all())
    if len(sides) < 2:
        raise UserError(_("Enter both parties first."))
    open_ = [party_label(side.number) for side in sides if side.consent != Side.Consent.AGREED]
    if open_:
        raise UserError(
            _("Ask first whether they want to be mediated: %(parties)s.") % {"parties": "、".join(open_)}
        )


@action("mediation.write_terms")
def write_terms(
    actor: Actor,
    mediation_id: UUID,
    *,
    facts: str = "",
    issues: str = "",
    responsibility: str = "",
    terms: str = "",
    performance: str = "",
    perform_by: date | None = None,
    amount: Decimal | None = None,
) -> Mediation:
    """What was found and what is agreed, before it is signed; may be written again until it is. Raises UserError for
    what a written agreement needs (art. 29) and is not there, a day of performance that is over, and a party's name in
    it: names are sealed, the texts say 甲, 乙."""
    mediation = going(actor, mediation_id)
    willing(mediation)
    texts = {
        "facts": facts,
        "issues": issues,
        "responsibility": responsibility,
        "terms": terms,
        "performance": performance,
    }
    check_names(mediation, texts)
    _check_whole(texts | {"perform_by": perform_by})
    if perform_by is not None and perform_by < clock.today():
        raise UserError(
            _("It cannot be performed before it is agreed: choose today or a later day."), field="perform_by"
        )
    if amount is not None and not 0 <= amount <= MOST:
        raise UserError(_("Give the amount in units of 10,000 yuan, not less than nothing."), field="amount")
    for name, text in texts.items():
        setattr(mediation, name, text.strip())
    mediation.perform_by, mediation.amount = perform_by, amount
    mediation.version += 1
    mediation.save(update_fields=[*texts, "perform_by", "amount", "version"])
    record(mediation, {"terms": "changed", "perform_by": perform_by, "amount": amount})
    return mediation


WHOLE = (Said.FACTS, Said.RESPONSIBILITY, Said.TERMS, Said.PERFORMANCE, Said.PERFORM_BY)
"""Without these there is nothing to sign; what else the law and the pack ask is asked when it is concluded."""


def _check_whole(given: dict[str, Any]) -> None:
    lacking = [need for need in WHOLE if not str(given[need.value] or "").strip()]
    if lacking:
        names = "、".join(SAID_LABELS[need].text(language()) for need in lacking)
        raise UserError(_("Still missing: %(names)s.") % {"names": names}, field=lacking[0].value)


def _check_day(mediation: Mediation, on: date) -> None:
    if on > clock.today() or on < mediation.opened_on:
        raise UserError(_("The day lies between the beginning and today."), field="on")
    if mediation.perform_by is not None and mediation.perform_by < on:
        raise UserError(
            _("By the text it is performed by %(day)s, before it was agreed: change one of the two days.")
            % {"day": mediation.perform_by.isoformat()},
            field="on",
        )


@action("mediation.conclude_agreement")
def conclude_agreement(
    actor: Actor,
    mediation_id: UUID,
    *,
    form: str,
    on: date,
    people: int | None = None,
    difficult: bool = False,
    terms: str = "",
) -> Mediation:
    """The agreement holds: a written one from the day on which everybody signed it and the committee's seal was set (art.
    29), an oral one from the day it was written down (art. 28, `terms`). Its body's part of the matter is complete in
    the same change; the court may be asked within thirty days; look-backs are set. Raises UserError for what the law or
    the pack still asks, and for what the matter's rules refuse."""
    mediation = going(actor, mediation_id)
    willing(mediation)
    if form not in (MediationOutcome.WRITTEN, MediationOutcome.ORAL):
        raise UserError(_("Choose whether it is written or oral."), field="form")
    outcome = MediationOutcome(form)
    if not mediation.chosen.filter(holder__role__in=rule_for(mediation.matter).mediators).exists():
        raise UserError(_("Choose the mediator first."))
    _check_day(mediation, on)
    if terms.strip():
        check_names(mediation, {"terms": terms})
        mediation.terms = terms.strip()
    mediation.people = people or mediation.sides.count()
    mediation.difficult = difficult
    if outcome is MediationOutcome.WRITTEN:
        last = calendar().add(end_of(on), CONFIRM_WITHIN)
        mediation.confirm_by = local_day(last)
    record(mediation, {"outcome": form, "on": on, "people": mediation.people, "difficult": difficult})
    _end(actor, mediation, outcome, on)
    _set_look_backs(mediation, on)
    _complete(actor, mediation, outcome)
    return mediation


@action("mediation.end_without_agreement")
def end_without_agreement(
    actor: Actor,
    mediation_id: UUID,
    *,
    outcome: str,
    reason: str,
    remedies: Sequence[str] = (),
    people: int | None = None,
    difficult: bool = False,
) -> Mediation:
    """It ended otherwise: no agreement, withdrawn, or referred. The matter goes on, with the other ways on record (art.
    26). Raises UserError for what is missing."""
    mediation = going(actor, mediation_id)
    allowed = (MediationOutcome.NOT_REACHED, MediationOutcome.WITHDRAWN, MediationOutcome.REFERRED)
    if outcome not in allowed:
        raise UserError(_("Choose how it ended."), field="outcome")
    if MediationOutcome(outcome) is MediationOutcome.NOT_REACHED:
        willing(mediation)
    mediation.people = people
    mediation.difficult = difficult
    record(mediation, {"outcome": outcome, "remedies": list(remedies)})
    end_mediation(actor, mediation, MediationOutcome(outcome), reason=reason, remedies=remedies)
    return mediation


def end_mediation(
    actor: Actor, mediation: Mediation, outcome: MediationOutcome, *, reason: str, remedies: Sequence[str]
) -> None:
    """Ends without an agreement and says so in the matter's history. No record of its own: part of an action."""
    known = pack_for(mediation.matter).codes[rule_for(mediation.matter).ways_after].values
    if [code for code in remedies if code not in known]:
        raise UserError(_("Choose the ways from the list."), field="remedies")
    check_names(mediation, {"reason": reason})
    mediation.reason = reason.strip()
    mediation.people = mediation.people or mediation.sides.count() or None
    mediation.remedies = [code for code in known if code in remedies]
    _end(actor, mediation, outcome, clock.today())
    matter = mediation.matter
    if can_with_matter(actor, "note", matter):
        ways = "；".join(labels_of(remedy_choices(), mediation.remedies))
        note = _("Mediation by %(body)s ended: %(outcome)s.") % {
            "body": mediation.body.name,
            "outcome": outcome_label(outcome),
        }
        if ways:
            note += _(" Other ways shown: %(ways)s.") % {"ways": ways}
        note_progress(actor, matter.pk, note=note)


def _end(actor: Actor, mediation: Mediation, outcome: MediationOutcome, on: date) -> None:
    said = {need for need in Said if getattr(mediation, need.value) not in (None, "", [])}
    lacking = missing(outcome, said, rule_for(mediation.matter).needs.get(outcome, ()))
    if lacking:
        names = "、".join(SAID_LABELS[need].text(language()) for need in lacking)
        raise UserError(
            _("Still missing: %(names)s.") % {"names": names},
            field=lacking[0].value if len(lacking) == 1 else None,
        )
    if outcome in (MediationOutcome.WRITTEN, MediationOutcome.ORAL) and _is_untold(mediation):
        raise UserError(_("Tell the police first what was noticed, and enter that they were told."))
    mediation.outcome, mediation.ended_on = outcome.value, on
    mediation.version += 1
    mediation.save()
    mediation.sittings.filter(written_on=None, cancelled="").update(cancelled=outcome_label(outcome))
    matter = mediation.matter
    emit(
        MediationEnded(mediation.pk, matter.unit_id, matter.code, matter.title, outcome.value, actor.user_id)
    )


def _is_untold(mediation: Mediation) -> bool:
    return mediation.dangers.filter(told_at=None).exists()


def _set_look_backs(mediation: Mediation, on: date) -> None:
    """From the day by which it is performed, else from the day it was agreed."""
    rule, day = rule_for(mediation.matter).look_back, max(mediation.perform_by or on, on)
    rows = []
    for _n in range(rule.times):
        day = local_day(calendar().add(end_of(day), rule.after))
        rows.append(LookBack(mediation=mediation, due_on=day))
    LookBack.objects.bulk_create(rows)


def _complete(actor: Actor, mediation: Mediation, outcome: MediationOutcome) -> None:
    """The body's part of the matter is done; what the matter's rules say against it, the person is told."""
    matter = mediation.matter
    held = matter.assignments.filter(unit=mediation.body, active=True).first()
    if held is None:
        return
    if held.acknowledged_at is None:
        acknowledge_assignment(actor, matter.pk, assignment_id=held.pk)
    result = _("%(body)s mediated: %(outcome)s.") % {
        "body": mediation.body.name,
        "outcome": outcome_label(outcome),
    }
    complete_assignment(actor, matter.pk, assignment_id=held.pk, result=result)
