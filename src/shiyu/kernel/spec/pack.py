"""A whole pack: every noun it may use, in one model."""

from __future__ import annotations

from pydantic import Field

from shiyu.kernel.spec.calendar import CalendarSpec
from shiyu.kernel.spec.documents import Addressing, Archive, Letter, Template
from shiyu.kernel.spec.matters import Kind, Scenario
from shiyu.kernel.spec.mediation import MediationRule
from shiyu.kernel.spec.meetings import MeetingKind, WatchRule
from shiyu.kernel.spec.orders import OrderSource
from shiyu.kernel.spec.people import CodeList, Role, UnitGroup
from shiyu.kernel.spec.periods import Cycle, MeasureCode, MeasureRule, OpinionRule, PlanRule
from shiyu.kernel.spec.routes import CompetenceRow
from shiyu.kernel.spec.seed import AreaCode, Seed
from shiyu.kernel.spec.surge import SurgeRule
from shiyu.kernel.words import Code, Label, Strict, Text


class PackHead(Strict):
    """`pack: {code: example, name: {zh: 示市, en: Example City}, version: 1, area: "990100000000",
    office: {…}}`"""

    code: Code
    """The pack's code; the folder has the same name."""
    name: Label
    """The city's name."""
    version: Text
    """Its version, raised with every change that matters to readers."""
    area: AreaCode
    """Division code of the city (or county) whose pack it is."""
    office: Label
    """What the office that runs the work is called."""
    about: Label | None = None
    """A sentence on what the pack shows."""
    sources: tuple[Text, ...] = ()
    """Where its content comes from, and what in it is invented."""


class Pack(Strict):
    """All of a pack. In its YAML files every top-level key is one of these nouns. `pack`, `seed`,
    `calendar`, `plan`,
    `opinion`, `archive`, `functions`, `watch` and `surge` stand once; the others map codes to stanzas and may be spread over several files.
    Every .yaml file of the folder and its subfolders is read, but those below seed/."""

    pack: PackHead
    """Which city."""
    seed: Seed
    """The files loaded once."""
    calendar: CalendarSpec
    """Holidays, make-up days, work hours."""
    plan: PlanRule
    """How the city plans."""
    opinion: OpinionRule | None = None
    """How opinions are asked for."""
    archive: Archive | None = None
    """Boxes and archive numbers."""
    codes: dict[Code, CodeList] = {}
    """Closed lists of words."""
    role: dict[Code, Role] = Field(min_length=1)
    """Bundles of rights."""
    unit_group: dict[Code, UnitGroup] = {}
    """Units named together."""
    kind: dict[Code, Kind] = {}
    """Kinds of matters."""
    functions: Code | None = None
    """The list in `codes` with the functions that the towns' lists (seed/functions.csv) speak of."""
    competence: dict[Code, CompetenceRow] = {}
    """Who is competent for what, in the order in which rows are tried."""
    mediation: MediationRule | None = None
    """Who mediates disputes, and how."""
    order_source: dict[Code, OrderSource] = {}
    """Other systems whose work orders come as tables, and what is entered back there."""
    letter: dict[Code, Letter] = {}
    """Kinds of letters."""
    addressing: Addressing = Addressing()
    """To whom letters that give orders may go."""
    template: dict[Code, Template] = {}
    """Wordings of documents."""
    cycle: dict[Code, Cycle] = {}
    """Rounds of reports."""
    meeting: dict[Code, MeetingKind] = {}
    """Kinds of meetings."""
    watch: WatchRule | None = None
    """The watch list."""
    surge: SurgeRule | None = None
    """Emergency response: its scope, limits and bulletins."""
    measure: dict[MeasureCode, MeasureRule] = {}
    """Measures shown."""
    scenario: dict[Code, Scenario] = {}
    """Walks that must go as written."""
