"""The towns' lists of functions: loaded with the seed, set anew when a county publishes a new list."""

from collections.abc import Mapping, Sequence

from django.utils.translation import gettext as _

from shiyu.audit.actions import action, record
from shiyu.kernel.actor import Actor
from shiyu.lib.errors import UserError
from shiyu.people.models import TownFunction, Unit

Row = Mapping[str, str]


@action("people.import_functions")
def import_functions(actor: Actor, rows: Sequence[Row]) -> int:
    """Adds functions to the towns' lists; one a town has already stays as it is. Gives how many were added. Raises
    UserError for a unit that does not exist."""
    units = dict(Unit.objects.values_list("code", "pk"))
    known = set(TownFunction.objects.values_list("unit_id", "function"))
    added = []
    for row in rows:
        for code in (row["unit"], row.get("lead") or row["unit"]):
            if code not in units:
                raise UserError(_("This unit does not exist (any more)."), unit=code)
        if (units[row["unit"]], row["function"]) not in known:
            added.append(
                TownFunction(
                    unit_id=units[row["unit"]],
                    function=row["function"],
                    standing=row["standing"],
                    lead_id=units[row["lead"]] if row.get("lead") else None,
                )
            )
    TownFunction.objects.bulk_create(added, batch_size=1000)
    record(None, {"functions": len(added)})
    return len(added)
