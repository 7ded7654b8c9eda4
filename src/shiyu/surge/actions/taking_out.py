"""Taking one matter out of a response that goes on: only the row beside the matter is written, as when it came in."""

from uuid import UUID

from django.utils.translation import gettext as _

from shiyu.audit.actions import action, record
from shiyu.kernel.actor import Actor
from shiyu.lib import clock
from shiyu.lib.errors import Conflict, NotVisible, UserError
from shiyu.lib.events import emit
from shiyu.surge.access import need, visible_surge
from shiyu.surge.events import MatterTakenOut
from shiyu.surge.models import SurgeMatter


@action("surge.take_out_matter")
def take_out_matter(actor: Actor, surge_id: UUID, matter_id: UUID, *, reason: str) -> SurgeMatter:
    """The matter is under the response no longer, with a reason that stays on its page: the response's limits end for it
    as they do when the response ends; its own go on as they always did. It does not come in again by itself.

    Raises NotAllowed without the right to run it, Conflict once the response runs no longer or the matter was taken out,
    UserError without a reason, and for a matter of an exercise, which belongs nowhere else.
    """
    surge, now = visible_surge(actor, surge_id, lock=True), clock.now()
    need(actor, "run", surge)
    row = (
        surge.matters.select_for_update(of=("self",))
        .select_related("matter")
        .filter(matter_id=matter_id)
        .first()
    )
    if row is None:
        raise NotVisible(_("This matter is not under the response."))
    if not surge.is_running(now):
        raise Conflict(_("The response runs no longer: its limits apply to no matter."))
    if row.left_at is not None:
        raise Conflict(_("%(who)s has taken it out already.") % {"who": row.left_by_name})
    if surge.drill:
        raise UserError(
            _("A matter of an exercise stays in it: it is filed for the exercise and counts nowhere else.")
        )
    if len(reason.strip()) < 2:
        raise UserError(_("Say why it is taken out."), field="reason")
    row.left_at, row.left_reason, row.left_by_name = now, reason.strip(), actor.name
    row.save(update_fields=["left_at", "left_reason", "left_by_name"])
    record(row.matter, {"surge": [surge.title, None]}, reason=row.left_reason)
    emit(MatterTakenOut(surge.pk, row.matter_id, row.matter.code, row.left_reason, actor.user_id))
    return row
