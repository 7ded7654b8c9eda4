"""Who mediates, the sittings, and what must be told to the police at once (art. 19, 25, 27)."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from shiyu.audit.actions import action, record
from shiyu.kernel.actor import Actor
from shiyu.lib import clock
from shiyu.lib.errors import UserError
from shiyu.mediation.access import workable
from shiyu.mediation.actions.ending import going, willing
from shiyu.mediation.actions.texts import check_names
from shiyu.mediation.models import Chosen, Danger, Mediation, RoleHolder, Sitting
from shiyu.mediation.queries.words import rule_for


@action("mediation.choose_holders")
def choose_holders(
    actor: Actor, mediation_id: UUID, *, holder_ids: Sequence[UUID], by: str = Chosen.By.BODY
) -> list[Chosen]:
    """Who mediates and who helps from now on, all of them named by the body or chosen by the parties (art. 19); those
    not named leave it. One of them must be a mediator. Raises UserError for who holds no role now."""
    mediation = going(actor, mediation_id, "assign")
    if by not in Chosen.By.values:
        raise UserError(_("Say who chose them."), field="by")
    holders = list(RoleHolder.objects.in_force(clock.today()).filter(pk__in=list(holder_ids)))
    if len(holders) != len(set(holder_ids)) or not holders:
        raise UserError(_("Choose people who hold their role today."), field="holders")
    if not any(row.role in rule_for(mediation.matter).mediators for row in holders):
        raise UserError(_("One of them must be a mediator."), field="holders")
    mediation.chosen.exclude(holder__in=holders).delete()
    mediation.chosen.update(by=by)
    before = set(mediation.chosen.values_list("holder_id", flat=True))
    Chosen.objects.bulk_create(
        [Chosen(mediation=mediation, holder=row, by=by) for row in holders if row.pk not in before]
    )
    record(mediation, {"chosen": [row.pk for row in holders], "by": by})
    return list(mediation.chosen.select_related("holder"))


@action("mediation.plan_sitting")
def plan_sitting(
    actor: Actor, mediation_id: UUID, *, at: datetime, place: str, holder_ids: Sequence[UUID] = ()
) -> Sitting:
    """A day on which the parties are brought together, with those chosen (all of them, or the ones named). Only with
    parties who have all agreed to be mediated. Raises UserError else."""
    mediation = going(actor, mediation_id)
    willing(mediation)
    chosen = set(mediation.chosen.values_list("holder_id", flat=True))
    wanted = set(holder_ids) or chosen
    if not chosen:
        raise UserError(_("Choose the mediator first."))
    if wanted - chosen:
        raise UserError(_("Choose among those who mediate this dispute."), field="holders")
    if not place.strip():
        raise UserError(_("Say where."), field="place")
    check_names(mediation, {"place": place})
    if clock.local(at).date() < mediation.opened_on:
        raise UserError(_("The day lies before the beginning."), field="at")
    row = Sitting.objects.create(mediation=mediation, at=at, place=place.strip()[:80])
    row.holders.set(RoleHolder.objects.filter(pk__in=wanted))
    record(mediation, {"sitting": row.pk, "at": at})
    return row


@action("mediation.write_sitting")
def write_sitting(
    actor: Actor, mediation_id: UUID, *, sitting_id: UUID, tried: str, following: str = ""
) -> Sitting:
    """What was tried on the day and what comes next: the work record (art. 27). Raises UserError before the day,
    and for one that is written down already."""
    mediation = going(actor, mediation_id)
    row = mediation.sittings.filter(pk=sitting_id, written_on=None, cancelled="").first()
    if row is None:
        raise UserError(_("There is no such sitting."), field="sitting")
    if clock.local(row.at).date() > clock.today():
        raise UserError(_("This sitting is still to come."), field="tried")
    if len(tried.strip()) < 2:
        raise UserError(_("Write what was tried."), field="tried")
    check_names(mediation, {"tried": tried, "following": following})
    row.tried, row.following, row.written_on = tried.strip(), following.strip()[:300], clock.today()
    row.save(update_fields=["tried", "following", "written_on"])
    record(mediation, {"sitting": row.pk, "written": True})
    return row


@action("mediation.record_danger")
def record_danger(actor: Actor, mediation_id: UUID, *, what: str, told_to: str = "") -> Danger:
    """The conflict may become a matter for the police: what was noticed, and whom of them was told at once (art. 25). Not
    told yet, it stands on the page and the desk until it is."""
    mediation = workable(actor, mediation_id)
    if len(what.strip()) < 2:
        raise UserError(_("Write what was noticed."), field="what")
    check_names(mediation, {"what": what})
    row = Danger(mediation=mediation, what=what.strip(), by_name=actor.name)
    if told_to.strip():
        row.told_to, row.told_at = told_to.strip()[:80], clock.now()
    row.save(force_insert=True)
    record(mediation, {"danger": row.pk, "told": bool(row.told_at)})
    return row


@action("mediation.tell_police")
def tell_police(actor: Actor, mediation_id: UUID, *, danger_id: UUID, told_to: str) -> Danger:
    """That the police were told, and whom."""
    mediation: Mediation = workable(actor, mediation_id)
    row = mediation.dangers.filter(pk=danger_id, told_at=None).first()
    if row is None:
        raise UserError(_("The police were told of this already."))
    if len(told_to.strip()) < 2:
        raise UserError(_("Say whom of the police you told."), field="told_to")
    row.told_to, row.told_at = told_to.strip()[:80], clock.now()
    row.save(update_fields=["told_to", "told_at"])
    record(mediation, {"danger": row.pk, "told": True})
    return row
