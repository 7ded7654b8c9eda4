"""Mediation on the page of its matter."""

from shiyu.kernel.actor import Actor
from shiyu.matters.kinds import pack_for
from shiyu.matters.models import Matter
from shiyu.mediation.access import can, may_open
from shiyu.mediation.queries.detail import mediations_of
from shiyu.ui.panels import Panel


def matter_mediation(actor: Actor, matter: Matter) -> Panel | None:
    """The mediations of a matter, how each stands and what comes next; for kinds that are mediated, and people who have to
    do with it."""
    rule = pack_for(matter).mediation
    if rule is None or rule.kind != matter.kind or not can(actor, "view"):
        return None
    lines = mediations_of(matter)
    may = may_open(actor, matter)
    if not lines and not may:
        return None
    going = any(line.row.is_going for line in lines)
    context = {"matter": matter, "lines": lines, "may_open": may, "going": going}
    return Panel("mediation/_matter_mediation.html", context)
