"""What emergency response shows on other pages: a matter's second clock, and the banner while one runs."""

from typing import Any

from shiyu.kernel.actor import Actor
from shiyu.lib import clock
from shiyu.matters.models import Matter
from shiyu.people.models import Unit
from shiyu.surge.access import can
from shiyu.surge.models import SurgeMatter
from shiyu.surge.queries.limits import annotated, entry_of
from shiyu.surge.queries.pages import running_for
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
    running = [entry_of(row, now, units) for row in rows if row.surge.is_running(now)]
    over = [row.surge for row in rows if not row.surge.is_running(now)]
    return Panel("surge/_surge_clocks.html", {"running": running, "over": over})


def banner(actor: Actor | None, page: Any) -> Panel | None:
    """One line on every page for those whom a running response concerns."""
    if actor is None or actor.party_id is not None or not can(actor, "list"):
        return None
    now = clock.now()
    rows = [(surge, surge.day_number(now)) for surge in running_for(actor)]
    return Panel("surge/_surge_banner.html", {"rows": rows}) if rows else None
