"""What emergency response shows on other pages: a matter's second clock, and the banner while one runs."""

from django.http import HttpRequest

from shiyu.kernel.actor import Actor
from shiyu.lib import clock
from shiyu.matters.models import Matter
from shiyu.people.models import Unit
from shiyu.surge.access import can
from shiyu.surge.models import SurgeMatter
from shiyu.surge.queries.limits import annotated, entry_of
from shiyu.surge.queries.pages import running_for, those_around
from shiyu.surge.queries.rules import rule_in_force
from shiyu.ui.panels import Panel


def clock_panel(actor: Actor, matter: Matter) -> Panel | None:
    """The matter's emergency limits while its response runs, and where it is named afterwards. Its own clock stands
    where it always does."""
    if actor.party_id is not None or rule_in_force() is None:
        return None
    rows = list(
        annotated(SurgeMatter.objects.filter(matter=matter)).select_related("surge").order_by("entered_at")
    )
    if not rows:
        return None
    now = clock.now()
    units = Unit.objects.in_bulk({row.lead_id for row in rows if row.lead_id})  # type: ignore[attr-defined]
    within = [row for row in rows if row.left_at is None]
    running = [entry_of(row, now, units) for row in within if row.surge.is_running(now)]
    over = [row.surge for row in within if not row.surge.is_running(now)]
    left = [row for row in rows if row.left_at is not None]
    return Panel("surge/_surge_clocks.html", {"running": running, "over": over, "left": left})


FILING = frozenset({"matter_list", "matter_new"})
"""Pages that speak of one kind of matter where their address does."""
WORKING = FILING | {"desk"}
"""Pages on which a person's own work begins."""


def banner(actor: Actor | None, page: HttpRequest) -> Panel | None:
    """One line while a response runs, on the pages of the work it concerns: the desk, the list and what is filed, a
    matter in its places and of its kinds, its own pages; for whoever works in its places."""
    if actor is None or actor.party_id is not None or not can(actor, "list"):
        return None
    match = page.resolver_match
    if match is None:
        return None
    name, matter_id = match.url_name or "", match.kwargs.get("matter_id")
    if matter_id is None and name not in WORKING and not name.startswith("surge_"):
        return None
    now, found = clock.now(), running_for(actor)
    if found and matter_id is not None:
        found = those_around(found, matter_id)
    elif name in FILING and (kind := page.GET.get("kind")):
        found = [surge for surge in found if kind in surge.kinds]
    rows = [(surge, surge.day_number(now)) for surge in found]
    return Panel("surge/_surge_banner.html", {"rows": rows}) if rows else None
