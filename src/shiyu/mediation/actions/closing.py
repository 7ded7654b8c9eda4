"""What mediation asks of its matter: none is closed as agreed while the agreement is not entered."""

from django.utils.translation import gettext as _

from shiyu.kernel.phases import Outcome
from shiyu.lib.errors import UserError
from shiyu.matters.events import MatterClosed
from shiyu.mediation.models import Mediation


def refuse_closing_unagreed(event: MatterClosed) -> None:
    """Raises UserError where a matter is closed with the outcome agreement while a mediation of it is still going
    (wiring.NOW: the closing is undone with it)."""
    if event.outcome != Outcome.AGREEMENT:
        return
    going = Mediation.objects.filter(matter_id=event.matter_id, outcome="").select_related("body").first()
    if going is not None:
        raise UserError(
            _("The mediation by %(body)s is still open: enter first how it ended.")
            % {"body": going.body.display_short},
            field="outcome",
        )
