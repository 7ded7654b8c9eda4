"""`mediation`: which bodies mediate what, and the words and times a city gives to it (LJ4, YX12)."""

from __future__ import annotations

from pydantic import Field

from shiyu.kernel.mediation import MediationOutcome, Said, Way
from shiyu.kernel.spec.routes import Competent, FollowUpRule
from shiyu.kernel.spec.seed import AreaLevel
from shiyu.kernel.words import Code, Label, Limit, LimitUnit, Strict


class MediationBody(Competent):
    """A sort of body that mediates: `{label: {zh: 医疗纠纷调委会, en: …}, group: medical_committees, level: county,
    topics: [medical]}`"""

    label: Label
    """What such bodies are called together."""
    way: Way = Way.PEOPLES
    """people's, administrative or judicial mediation."""
    topics: tuple[Code, ...] = ()
    """The kinds of disputes it is there for (by industry); empty: every kind of its place."""
    covers: AreaLevel | None = None
    """Every place of this level is to have one; the page of coverage lists those that have none."""


class MediationRule(Strict):
    """How disputes are mediated. The law's own rules stand in the code; this names bodies, words and times.

    ```yaml
    mediation:
      kind: dispute                          # its topics are the kinds of mediation
      roles: mediation_role                  # who takes part, a list in codes
      mediators: [mediator]                  # those of them who lead a mediation
      adviser: legal_adviser
      sources: mediation_source
      ways_after: mediation_remedy           # what else is open when it fails
      content: petition_content
      content_of: {homestead: farming, …}    # kind of mediation → content of petitions
      limit: {n: 30, unit: calendar_days}
      look_back: {after: {n: 15, unit: calendar_days}, times: 2}
      bodies: {towns: {label: {…}, group: town_committees, covers: town}}
    ```"""

    kind: Code
    """The kind of matter that is mediated; its topics are the kinds of mediation."""
    roles: Code
    """The list in `codes` of the public roles in which people take part."""
    mediators: tuple[Code, ...] = Field(min_length=1)
    """The roles that lead a mediation; the others help."""
    adviser: Code | None = None
    """The role of the legal adviser that every place is to have."""
    sources: Code
    """The list in `codes` that says how a mediation began."""
    ways_after: Code
    """The list in `codes` of the ways that stay open when it fails."""
    content: Code | None = None
    """The list in `codes` of the contents of petitions."""
    content_of: dict[Code, Code] = {}
    """Kind of mediation → content of petitions, so that both statistics can be read together."""
    limit: Limit = Limit(n=30, unit=LimitUnit.CALENDAR_DAYS)
    """How long a mediation takes as a rule; the law sets no limit, and the matter's own limit runs on."""
    confirm_reminder: Limit = Limit(n=10, unit=LimitUnit.CALENDAR_DAYS)
    """How long before the end of the thirty days for judicial confirmation it is reminded of."""
    look_back: FollowUpRule
    """When it is asked whether the agreement is performed, and how often."""
    needs: dict[MediationOutcome, tuple[Said, ...]] = {}
    """What an outcome needs besides what the law asks."""
    bodies: dict[Code, MediationBody] = Field(min_length=1)
    """Who mediates; those for an industry are proposed before those of a place."""
