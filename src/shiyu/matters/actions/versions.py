"""What a new version of the pack must leave standing."""

from django.db.models import Count
from django.utils.translation import gettext as _

from shiyu.lib.errors import Conflict
from shiyu.matters.models import Matter
from shiyu.packs.events import PackLoaded
from shiyu.packs.queries import current_pack


def keep_kinds_at_work(event: PackLoaded) -> None:
    """A kind stays in the pack while matters of it are open (wiring.NOW). Raises Conflict naming those left out."""
    gone = Matter.objects.open().exclude(kind__in=current_pack().kind)
    found = gone.order_by("kind").values_list("kind").annotate(n=Count("pk"))
    if found:
        kinds = "、".join(f"{kind} ({n})" for kind, n in found)
        raise Conflict(
            _(
                "Matters of kinds that this version leaves out are still open: %(kinds)s. Leave the kinds in until they end."
            )
            % {"kinds": kinds}
        )
