"""Silence over a dispute on competence: what was not decided in time goes to the next unit above (LZ11)."""

from uuid import UUID

from django.utils.translation import gettext as _

from shiyu.audit.actions import action, record
from shiyu.kernel.actor import Actor
from shiyu.lib import clock
from shiyu.lib.errors import Conflict
from shiyu.lib.events import emit
from shiyu.matters.events import DisputeLifted
from shiyu.matters.kinds import DISPUTE_LIFTED, calendar, kind_of
from shiyu.matters.models import CompetenceDispute, Matter, Step
from shiyu.people.queries import chain_above


@action("matters.lift_dispute")
def lift_dispute(actor: Actor, dispute_id: UUID) -> CompetenceDispute:
    """Hands an open dispute whose day has passed to the unit above the one that kept silent, with the kind's whole
    limit for the answer from now. Raises Conflict where it was decided meanwhile, is not due, or nothing stands above.
    """
    # The matter's row first, as every verb takes it: whoever decides the dispute now and this one wait, never both.
    about = CompetenceDispute.objects.filter(pk=dispute_id).values("matter_id")
    matter, now = Matter.objects.select_for_update().get(pk__in=about), clock.now()
    row = (
        CompetenceDispute.objects.select_for_update(of=("self",)).select_related("arbiter").get(pk=dispute_id)
    )
    above = chain_above(row.arbiter_id)
    if row.decided_at is not None or row.decide_by is None or row.decide_by > now or not above:
        raise Conflict(_("This dispute has gone on already."))
    silent, before, limit = row.arbiter, row.decide_by, kind_of(matter).rule("dispute_competence")
    row.arbiter_id, row.lifted_at = above[0], now
    row.decide_by = calendar().add(now, limit.limit) if limit and limit.limit else None
    row.save(update_fields=["arbiter", "lifted_at", "decide_by"])
    matter.version += 1
    matter.save(update_fields=["version"])
    _note(matter, silent.display_short, silent.pk)
    record(matter, {"arbiter": [silent.pk, row.arbiter_id], "decide_by": [before, row.decide_by]})
    emit(
        DisputeLifted(
            matter_id=matter.pk,
            code=matter.code,
            kind=matter.kind,
            title=matter.title,
            by_id=actor.user_id,
            by_name=actor.name,
            unit_ids=(row.arbiter_id,),
            due_at=row.decide_by,
            reason=row.reason,
            about_type=matter.about_type,
            about_id=matter.about_id,
        )
    )
    return row


def _note(matter: Matter, silent: str, unit_id: UUID) -> None:
    """The history's row: who kept silent."""
    Step.objects.create(
        matter_id=matter.pk,
        unit_id=unit_id,
        unit_name=silent,
        state=matter.state,
        phase=matter.phase,
        entered_at=clock.now(),
        left_at=clock.now(),
        verb=DISPUTE_LIFTED,
        used_minutes=0,
        within=True,
    )
