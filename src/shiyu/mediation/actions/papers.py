"""Reading what the sides gave, for a paper: with a reason, and on record."""

from dataclasses import dataclass, field
from uuid import UUID

from django.utils.translation import gettext as _

from shiyu.audit.actions import action, record
from shiyu.kernel.actor import Actor
from shiyu.kernel.personal import Personal
from shiyu.lib.errors import UserError
from shiyu.matters.models import PartyOpening
from shiyu.mediation.access import workable
from shiyu.mediation.queries.names import living_key, texts_of


@dataclass(frozen=True)
class OpenSide:
    """The whole of what a side gave; empty once the matter's key was destroyed."""

    number: int
    name: str = field(default="", repr=False)
    phone: str = field(default="", repr=False)
    address: str = field(default="", repr=False)


@action("mediation.open_sides")
def open_sides(actor: Actor, mediation_id: UUID, *, reason: str) -> list[OpenSide]:
    """Reads the whole of what the sides gave, once; the opening and its reason stay on record with the matter's others.
    Raises NotAllowed for whoever does not mediate, UserError without a reason."""
    mediation = workable(actor, mediation_id, "open_names")
    if len(reason.strip()) < 2 or actor.user_id is None:
        raise UserError(_("Say why you need to see it."), field="reason")
    PartyOpening.objects.create(
        matter_id=mediation.matter_id,
        by_id=actor.user_id,
        by_name=actor.name,
        unit_id=actor.home_unit_id,
        reason=reason.strip(),
    )
    record(mediation, {"sides": "opened"}, reason=reason.strip())
    key = living_key(mediation)
    found = []
    for side in mediation.sides.select_related("reporter"):
        texts = texts_of(key, side) if key else {}
        found.append(OpenSide(side.number, **{part.value: texts.get(part, "") for part in Personal}))
    return found
