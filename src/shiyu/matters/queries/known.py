"""What is known of a verb's form before anybody types: whom the table of competence proposes, and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from shiyu.kernel.competence import FunctionStanding, against_dispatch
from shiyu.matters.kinds import language
from shiyu.matters.models import Matter
from shiyu.matters.queries.ways import Competence
from shiyu.people.queries import standings_of


@dataclass(frozen=True)
class Known:
    """A field's value (None: none), and why, to be shown beside it."""

    value: Any
    why: str = ""


def known_of_sending(matter: Matter, competence: Competence | None) -> dict[str, Known]:
    """The units of the dispatch form: who was proposed when it was filed, else who is competent by the pack's table. A
    unit whose list of functions speaks against it is named with the reason, and not proposed. One query, where the row
    of the table speaks of a function."""
    if matter.proposed_lead_id:
        why = _("Proposed when it was filed.")
        return {"unit_id": Known(str(matter.proposed_lead_id), why)}
    if competence is None:
        return {}
    units = [unit.pk for unit in (competence.lead, *competence.supporting) if unit]
    standings = standings_of(competence.function, units)
    lead = _lead_of(competence, standings)
    others = [
        unit
        for unit in dict.fromkeys(competence.supporting)
        if unit != competence.lead and against_dispatch(standings.get(unit.pk), as_lead=False) is None
    ]
    known = {"unit_id": lead} if lead else {}
    if others:
        names = "、".join(unit.display_short for unit in others)
        why = _("By the table of competence: %(units)s. Chosen for you; you may change it.") % {
            "units": names
        }
        known["supporting_unit_ids"] = Known([str(unit.pk) for unit in others], why)
    return known


def _lead_of(competence: Competence, standings: Mapping[UUID, FunctionStanding]) -> Known | None:
    if competence.lead is None:
        return None
    label = competence.label_en if language().lower().startswith("en") else competence.label_zh
    words = {"label": label, "unit": competence.lead.display_short}
    against = against_dispatch(standings.get(competence.lead.pk), as_lead=True)
    if against is not None:
        why = _(
            "By the table of competence (%(label)s) it would be %(unit)s, but: %(why)s Choose another unit."
        )
        return Known(None, why % (words | {"why": against.text(language())}))
    why = _("By the table of competence (%(label)s): %(unit)s leads. Chosen for you; you may change it.")
    return Known(str(competence.lead.pk), why % words)
