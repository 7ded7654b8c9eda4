"""What waits for those who mediate: sittings, parties to ask, agreements to conclude, the court, look-backs."""

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse

from shiyu.kernel.actor import Actor
from shiyu.lib import clock
from shiyu.mediation.models import Danger, LookBack, Mediation
from shiyu.mediation.queries.steps import button_words, next_of, with_parts
from shiyu.mediation.queries.words import current_rule

MOST = 100
"""Of those going on, and of those that ended: the list of mediations has the rest."""
AHEAD = timedelta(days=7)
"""A look-back is shown this long before its day."""


@dataclass(frozen=True)
class MediationItem:
    """One piece of work of a body."""

    matter_id: UUID
    title: str
    code: str
    body: str
    why: str
    due_on: date | None
    action: str
    url: str


def mediation_for_desk(actor: Actor) -> list[MediationItem]:
    """The next step of the mediations of the person's bodies for which something is to be done soon: of those going on
    and of those that ended the `MOST` due first each. Six queries at most; none in a city without mediation, or for
    who does not mediate."""
    bodies = actor.units_with("mediation.run")
    if not bodies or current_rule() is None:
        return []
    today = clock.today()
    items = []
    mine = Mediation.objects.filter(body__in=bodies)
    going = mine.going().order_by("due_on", "id").values("pk")[:MOST]
    ended = mine.filter(_followed(today)).order_by("ended_on", "id").values("pk")[:MOST]
    rows = Mediation.objects.filter(pk__in=going.union(ended))
    for row in with_parts(rows).order_by("due_on", "id"):
        step = next_of(row, today)
        if step is not None and (row.is_going or step.deed != "look_back" or _is_near(step.due_on, today)):
            items.append(
                MediationItem(
                    row.matter_id,
                    row.matter.title,
                    row.matter.code,
                    row.body.display_short,
                    step.why,
                    step.due_on,
                    button_words()[step.deed],
                    reverse("mediation_detail", args=[row.pk]),
                )
            )
    return items


def _is_near(day: date | None, today: date) -> bool:
    return day is not None and day <= today + AHEAD


def _followed(today: date) -> Q:
    """Ended, and something of it is still to be done."""
    untold = Danger.objects.filter(mediation=OuterRef("pk"), told_at=None)
    asked = LookBack.objects.filter(mediation=OuterRef("pk"), done_on=None, due_on__lte=today + AHEAD)
    to_confirm = Q(confirm_by__gte=today, confirm_result="", confirm_applied_on=None)
    to_hand = Q(remedies_told_on=None) & ~Q(remedies=[])
    return ~Q(outcome="") & (to_confirm | to_hand | Q(Exists(untold)) | Q(Exists(asked)))
