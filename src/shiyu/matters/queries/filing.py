"""What the form for filing begins with."""

from shiyu.kernel.actor import Actor
from shiyu.matters.models import Matter


def usual_source(actor: Actor, kind: str) -> str:
    """Where the newest open matter of the kind that the person filed came from; empty where there is none.

    Only open ones are looked at: they are few, and an index has them by unit.
    """
    mine = Matter.objects.open().filter(
        filed_unit_id__in=actor.unit_ids, filed_by_id=actor.user_id, kind=kind
    )
    return mine.order_by("-received_at").values_list("source", flat=True).first() or ""
