"""What mediation asks of its matter: none is reported done or closed as agreed while the agreement is not entered."""

from django.utils.translation import gettext as _

from shiyu.kernel.mediation import AGREED, says_agreement
from shiyu.kernel.phases import Outcome
from shiyu.lib.errors import UserError
from shiyu.matters.events import AssignmentCompleted, MatterClosed, MatterCompleted, MatterEvent
from shiyu.mediation.models import Mediation


def refuse_closing_unagreed(event: MatterClosed) -> None:
    """Raises UserError where a matter is closed with the outcome agreement while a mediation of it is still going
    (wiring.NOW: the closing is undone with it)."""
    if event.outcome != Outcome.AGREEMENT:
        return
    going = _going(event)
    if going is not None:
        raise UserError(
            _("The mediation by %(body)s is still open: enter first how it ended.")
            % {"body": going.body.display_short},
            field="outcome",
        )


def refuse_completing_unagreed(event: AssignmentCompleted | MatterCompleted) -> None:
    """Raises UserError where a unit reports its part done with a result that says the parties agreed, while a mediation
    is going on and none ended with an agreement (wiring.NOW). Ending the mediation completes its body's part itself."""
    going = _going(event) if says_agreement(event.reason) else None
    if going is None or Mediation.objects.filter(matter_id=event.matter_id, outcome__in=AGREED).exists():
        return
    raise UserError(
        _(
            "The result says that the parties agreed, but the mediation by %(body)s has not ended: enter the agreement there; this part of the matter is completed with it."
        )
        % {"body": going.body.display_short},
        field="result",
    )


def _going(event: MatterEvent) -> Mediation | None:
    return Mediation.objects.filter(matter_id=event.matter_id, outcome="").select_related("body").first()
