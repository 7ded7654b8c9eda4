"""What a pack may say: the pydantic models behind packs/*/*.yaml and the seed files.

One module a subject, each with the YAML shape in its docstrings:
`pack` (the whole), `calendar`, `people` (codes, role, unit_group), `matters` (kind, scenario),
`documents` (letter,
template, archive), `periods` (plan, opinion, cycle, measure), `meetings` (meeting, watch), `seed` (CSV columns, guidelines,
plans).
How a folder is laid out: `packs/<code>/*.yaml`, any number of files with any names, every top-level key a
noun of
`pack.Pack`; `seed/` holds what is loaded once. docs/packs.md is generated from these models.
"""

from shiyu.kernel.spec.calendar import CalendarSpec, CalendarYear, Holiday, WorkHours
from shiyu.kernel.spec.documents import Archive, Letter, NumberSeries, Template
from shiyu.kernel.spec.matters import (
    Closing,
    FieldType,
    FormField,
    Kind,
    Scenario,
    State,
    VerbRule,
    Walker,
    WalkStep,
)
from shiyu.kernel.spec.mediation import MediationBody, MediationRule
from shiyu.kernel.spec.meetings import AgendaItem, Drawn, MeetingKind, Ruling, WatchRule
from shiyu.kernel.spec.pack import Pack, PackHead
from shiyu.kernel.spec.people import CodeList, Role, UnitGroup
from shiyu.kernel.spec.periods import (
    Cycle,
    DueRule,
    MeasureRule,
    OpinionRule,
    PeriodKind,
    PlanRule,
    SignOffStep,
)
from shiyu.kernel.spec.plan_seed import GuidelineSeed, PlanSeed
from shiyu.kernel.spec.routes import (
    ClimbRule,
    CompetenceRow,
    Competent,
    Factor,
    FactorRow,
    FollowUpRule,
    Grade,
    Grading,
    ReviewRule,
    SortClass,
    Sorting,
)
from shiyu.kernel.spec.seed import (
    AliasRow,
    AreaLevel,
    AreaRow,
    FunctionRow,
    MediatorRow,
    MemberRow,
    PersonRow,
    PostRow,
    Seed,
    UnitKind,
    UnitRow,
)
from shiyu.kernel.spec.surge import SurgeLimit, SurgeRule

__all__ = [
    "AgendaItem",
    "AliasRow",
    "Archive",
    "AreaLevel",
    "AreaRow",
    "CalendarSpec",
    "ClimbRule",
    "Competent",
    "CompetenceRow",
    "Factor",
    "FactorRow",
    "FollowUpRule",
    "FunctionRow",
    "Grade",
    "Grading",
    "ReviewRule",
    "SortClass",
    "Sorting",
    "CalendarYear",
    "Closing",
    "CodeList",
    "Cycle",
    "Drawn",
    "DueRule",
    "FieldType",
    "FormField",
    "GuidelineSeed",
    "Holiday",
    "Kind",
    "Letter",
    "MeasureRule",
    "MediationBody",
    "MediatorRow",
    "MediationRule",
    "MeetingKind",
    "MemberRow",
    "NumberSeries",
    "OpinionRule",
    "Pack",
    "PackHead",
    "PeriodKind",
    "PersonRow",
    "PlanRule",
    "PlanSeed",
    "PostRow",
    "Role",
    "Ruling",
    "Scenario",
    "Seed",
    "SignOffStep",
    "State",
    "SurgeLimit",
    "SurgeRule",
    "Template",
    "UnitGroup",
    "UnitKind",
    "UnitRow",
    "VerbRule",
    "WalkStep",
    "Walker",
    "WatchRule",
    "WorkHours",
]
