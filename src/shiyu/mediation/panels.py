"""Mediation on the page of its matter."""

from django.urls import reverse

from shiyu.kernel.actor import Actor
from shiyu.kernel.phases import Outcome
from shiyu.matters.kinds import pack_for
from shiyu.matters.models import Matter
from shiyu.mediation.access import can, may_open
from shiyu.mediation.queries.detail import MediationLine, mediations_of
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
    going = [line for line in lines if line.row.is_going]
    context = {"matter": matter, "lines": lines, "may_open": may, "going": bool(going)}
    agreed = not going and any(line.row.is_agreed for line in lines)
    return Panel(
        "mediation/_matter_mediation.html",
        context,
        next_step=_next_step(actor, going) if matter.is_open else None,
        says={"outcome": Outcome.AGREEMENT.value} if agreed else {},
    )


def _next_step(actor: Actor, going: list[MediationLine]) -> tuple[str, str] | None:
    """Of a mediation that this person runs: the matter's part is completed with it, so it comes first."""
    for line in going:
        if line.next is not None and can(actor, "run", line.row):
            return line.next.words, reverse("mediation_detail", args=[line.row.pk])
    return None
