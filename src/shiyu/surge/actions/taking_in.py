"""Taking matters in: those open when it opens, and each that is filed while it runs. Only a row beside the matter is
written; the matter itself, its clock and its steps are never touched."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from shiyu.lib import clock
from shiyu.lib.errors import UserError
from shiyu.matters.events import MatterFiled, OrdersImported
from shiyu.matters.models import Matter
from shiyu.packs.queries import current_pack
from shiyu.surge.models import Surge, SurgeArea, SurgeMatter
from shiyu.surge.queries.limits import start_of
from shiyu.surge.queries.rules import rule_of


def in_scope(surge: Surge) -> QuerySet[Matter]:
    """Matters of its kinds and places, exercises for an exercise only. One without a place lies where its unit does."""
    here = Q(pk__in=[])
    for path in surge.areas.values_list("path", flat=True):
        here |= Q(area__path__startswith=path) | Q(area=None, unit__area__path__startswith=path)
    return Matter.objects.filter(here, kind__in=surge.kinds, drill=surge.drill)


def take_in_open(surge: Surge, since: datetime | None = None) -> int:
    """Takes in what is open in the scope, received after `since` (from the day the surge states, where none is given) and
    not in it yet. Their limits run from now. Returns how many it has now beyond those it had: what was filed in the same
    moment may have entered by itself."""
    after = surge.takes_since if since is None else since
    rows = in_scope(surge).filter(is_open=True, received_at__gt=after).exclude(surges__surge=surge)
    before = surge.matters.count()
    made = _entered(surge, rows.order_by("received_at", "id"), clock.now(), found=True)
    SurgeMatter.objects.bulk_create(made, ignore_conflicts=True)
    return surge.matters.count() - before


def take_in_filed(event: MatterFiled) -> None:
    """The matter enters every response that runs for its kind and place (wiring.NOW). Raises UserError for a matter
    filed as an exercise where none runs: it would be in no figure and in no exercise either."""
    if current_pack().surge is None and not Matter.objects.filter(pk=event.matter_id, drill=True).exists():
        return
    matter = Matter.objects.select_related("area", "unit__area").get(pk=event.matter_id)
    entered = 0
    for surge in _running_for(matter):
        SurgeMatter.objects.bulk_create(_entered(surge, [matter], clock.now(), found=False))
        entered += 1
    if matter.drill and not entered:
        raise UserError(
            _("No exercise of this kind runs at this place now. File it without the mark of an exercise."),
            field="area_id",
        )


def take_in_imported(event: OrdersImported) -> None:
    """Of a table of work orders what lies in its kinds and places enters every response that runs (wiring.NOW)."""
    if current_pack().surge is None:
        return
    now = clock.now()
    for surge in Surge.objects.running(now).filter(drill=False):
        rows = in_scope(surge).filter(orders__batch_id=event.batch_id, received_at__gt=surge.takes_since)
        made = _entered(surge, rows.select_related("area", "unit__area"), now, found=False)
        SurgeMatter.objects.bulk_create(made, batch_size=2000, ignore_conflicts=True)


def _running_for(matter: Matter) -> list[Surge]:
    place = matter.area or matter.unit.area
    if place is None:
        return []
    above = [place.path[: at + 1] for at, letter in enumerate(place.path) if letter == "/"]
    areas = SurgeArea.objects.filter(path__in=above).values("surge_id")
    rows = Surge.objects.running(clock.now()).filter(pk__in=areas, drill=matter.drill)
    return [surge for surge in rows.order_by("opened_at", "id") if matter.kind in surge.kinds]


def _entered(surge: Surge, matters: Iterable[Matter], now: datetime, *, found: bool) -> Iterable[SurgeMatter]:
    rule = rule_of(surge)
    for matter in matters:
        limit = rule.limits.get(matter.kind) if rule else None
        if limit is None:
            continue
        start = now if found else start_of(surge, matter, now)
        yield SurgeMatter(
            surge=surge,
            matter=matter,
            found=found,
            entered_at=now,
            first_due_at=start + timedelta(hours=limit.first_hours),
            handle_due_at=start + timedelta(hours=limit.handle_hours),
        )
