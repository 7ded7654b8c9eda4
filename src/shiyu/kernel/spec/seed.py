"""What a pack's seed files hold. They are loaded once, by each app's own import; then the database owns them.

`seed` in pack.yaml names the files, relative to the pack's folder. CSV files are UTF-8 with a header row,
all columns
named below in any order; an empty cell is "no value". A cell that holds several values separates them by `|`.
Dates are YYYY-MM-DD. `valid_from` empty: always; `valid_to` empty: still; valid_to is the last day it holds.
"""

from __future__ import annotations

import datetime as dt
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints, model_validator

from shiyu.kernel.words import Code, Strict, Text, Wrong

AreaCode = Annotated[str, StringConstraints(pattern=r"^[0-9]{12}$")]
"""A division code of 12 digits (province 2, city 2, county 2, town 3, village 3)."""

Names = Annotated[
    tuple[str, ...], BeforeValidator(lambda value: value.split("|") if isinstance(value, str) else value)
]
"""Several values in one cell, separated by `|`."""

RelativePath = Annotated[str, StringConstraints(pattern=r"^[\w-]+(/[\w-]+)*\.[a-z]+$")]
"""A file below the pack's folder."""


class AreaLevel(StrEnum):
    PROVINCE = "province"
    CITY = "city"
    COUNTY = "county"
    TOWN = "town"
    VILLAGE = "village"
    GROUP = "group"
    CELL = "cell"


class UnitKind(StrEnum):
    """What sort of body a unit is."""

    GOVERNMENT = "government"
    PARTY_BODY = "party_body"
    DEPARTMENT = "department"
    COURT = "court"
    PROCURATORATE = "procuratorate"
    PEOPLES_ORGANISATION = "peoples_organisation"
    LEADING_GROUP = "leading_group"
    LEADING_OFFICE = "leading_office"
    CENTRE = "centre"
    COMMITTEE = "committee"
    TASK_FORCE = "task_force"
    TEAM = "team"
    FIRM = "firm"
    SCHOOL = "school"
    OFFICE = "office"


class AreaRow(Strict):
    """seed/areas.csv — one place a row, parents before children."""

    code: AreaCode
    """Division code."""
    name: Text
    """Chinese name."""
    name_en: str | None = None
    """Name in Latin letters."""
    level: AreaLevel
    """province, city, county, town, village, group or cell."""
    parent: AreaCode | None = None
    """Code of the place above."""
    invented: bool = False
    """true: the name is made up for the demonstration."""


class _Dated(Strict):
    valid_from: dt.date | None = None
    """First day; empty: always."""
    valid_to: dt.date | None = None
    """Last day; empty: still."""

    @model_validator(mode="after")
    def _in_order(self) -> _Dated:
        if self.valid_from and self.valid_to and self.valid_to < self.valid_from:
            raise Wrong("valid_to 不能早于 valid_from", "valid_to must not be before valid_from")
        return self


class UnitRow(_Dated):
    """seed/units.csv — one unit a row."""

    code: Code
    """Our key for it inside the pack."""
    name: Text
    """Full name."""
    name_en: str | None = None
    """English name."""
    short_name: str | None = None
    """Usual short name."""
    kind: UnitKind
    """What sort of body it is; `office` is a 科室 inside a unit."""
    area: AreaCode
    """Where it sits."""
    parent: Code | None = None
    """The unit it belongs to (a 科室 to its unit, an office to its group)."""
    upper_centre: Code | None = None
    """The unit its matters climb to."""
    protocol_order: int = Field(ge=0)
    """Place in the order of bodies (机构排序); lists everywhere use it."""
    successor: Code | None = None
    """The unit that took over when this one ended."""


class AliasRow(Strict):
    """seed/aliases.csv — other names of units."""

    unit: Code
    """The unit's code."""
    name: Text
    """The other name."""
    kind: Literal["former", "short", "alias"]
    """A former name, a short one, or another way of writing it."""
    valid_to: dt.date | None = None
    """For a former name: the last day it was official."""


class MemberRow(_Dated):
    """seed/members.csv — members of the unit groups that say `members: seed`."""

    group: Code
    """A unit_group."""
    unit: Code
    """The unit's code."""


class PostRow(Strict):
    """seed/posts.csv — posts in units."""

    code: Code
    """Our key for it inside the pack."""
    unit: Code
    """The unit's code."""
    name: Text
    """Name of the post."""
    name_en: str | None = None
    """English name."""
    roles: Names = ()
    """Roles of the pack, separated by `|`."""
    functions: str | None = None
    """What the post is there for (职责)."""
    protocol_order: int = Field(default=0, ge=0)
    """Order inside the unit."""


class PersonRow(_Dated):
    """seed/people.csv — the demonstration's people, named by post, never after a real person."""

    username: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_.-]{1,29}$")]
    """Name to sign in with."""
    name: Text
    """Shown name, such as 示县联络员."""
    post: Code
    """The post's code; a person with two posts has two rows with the same username and name."""
    tour_zh: str | None = None
    """What to try first in the demonstration, in Chinese."""
    tour_en: str | None = None
    """The same in English."""


class ClauseSeed(Strict):
    """One clause: `{number: 1.2, parent: 1, text: …}`."""

    number: Text
    """Its number in the text, unique in the guideline."""
    parent: str | None = None
    """Number of the clause it stands below; it comes earlier in the list."""
    text: Text
    """Its words."""


class GuidelineSeed(Strict):
    """seed/guidelines/*.yaml — one guideline a file: title, level, issuer, edition, year, note, clauses."""

    code: Code
    """Our key for it inside the pack."""
    title: Text
    """Title."""
    level: Literal["national", "provincial"]
    """Who it comes from."""
    issuer: Text
    """The body that issued it."""
    edition: Text
    """Its edition, in words."""
    year: int = Field(ge=1990, le=2100)
    """Year of issue."""
    note: str = ""
    """Anything a reader must know; here: that the text was written for this pack."""
    clauses: tuple[ClauseSeed, ...] = Field(min_length=1)
    """The clauses in order."""


class EditionSeed(Strict):
    """`{number: 1, document_number: 示社治〔2026〕1号, issued_on: 2026-02-01, signer_title:
    示市社会治理领导小组组长}`"""

    number: int = Field(ge=1)
    """1, 2, 3 …"""
    document_number: Text
    """Its 发文字号."""
    issued_on: dt.date
    """Day of issue."""
    signer_title: Text
    """Who signed, named by post."""


class BlockSeed(Strict):
    """A block of the plan: `{code: risks, name: 防范化解风险}`."""

    code: Code
    """Our key."""
    name: Text
    """Its name."""


class CircumstanceSeed(Strict):
    """One circumstance of the negative list: `{number: 1, name: …, definition: …}`."""

    number: Text
    """Its number."""
    name: Text
    """Its name."""
    definition: Text
    """When exactly it is met."""


class TargetSeed(Strict):
    """`{kind: number, value: 95, unit: "%", text: 覆盖率达到95%}`, `{kind: date, value: 2026-06-30, text:
    …}`, `{kind: kept, text: 全年不发生…}`"""

    kind: Literal["number", "date", "kept"]
    """A number to reach, a day by which, or something kept all year."""
    value: dt.date | float | None = None
    """The number, or the day."""
    unit: str = ""
    """Unit of the number."""
    text: Text
    """In words."""

    @model_validator(mode="after")
    def _value_fits(self) -> TargetSeed:
        fits = {"number": float, "date": dt.date, "kept": type(None)}[self.kind]
        if not isinstance(self.value, fits):
            raise Wrong(
                f"目标类型 {self.kind} 的 value 不对", f"this value does not fit a target of kind {self.kind}"
            )
        return self


class DeadlineSeed(Strict):
    """`{kind: date, date: 2026-12-31}`, `{kind: ongoing}` or `{kind: recurring, every: quarter}`"""

    kind: Literal["date", "ongoing", "recurring"]
    """A day, kept up all year, or again and again."""
    date: dt.date | None = None
    """For date: the last day."""
    every: Literal["week", "month", "quarter", "half_year", "year"] | None = None
    """For recurring: how often."""
    text: str = ""
    """As the plan words it, such as 年底前."""

    @model_validator(mode="after")
    def _parts_fit(self) -> DeadlineSeed:
        if (self.date is not None) != (self.kind == "date") or (self.every is not None) != (
            self.kind == "recurring"
        ):
            raise Wrong(
                "date 只用于 date 类，every 只用于 recurring 类，且必须写",
                "`date` belongs to kind date, `every` to kind recurring, and each needs it",
            )
        return self


class TaskSeed(Strict):
    """One task of a plan."""

    key: Code
    """Stays the same through all editions: it says which task this is."""
    number: Text
    """Its number in this edition, unique in it."""
    block: Code
    """The block it stands in."""
    title: Text
    """The key task (重点任务)."""
    measures: str = ""
    """How (工作措施)."""
    target: TargetSeed | None = None
    """What shows that it is done."""
    deadline: DeadlineSeed
    """By when."""
    lead_leader: str = ""
    """The leader in charge (牵头领导), named by post."""
    clauses: tuple[str, ...] = ()
    """Clauses it serves, as `guideline_code:number`."""
    leads: tuple[Code, ...] = ()
    """Codes of the lead units; usually one. Empty only for a task whose sub-tasks have them."""
    supporting: tuple[Code, ...] = ()
    """Codes of the supporting units."""
    groups: tuple[Code, ...] = ()
    """Unit groups that support."""
    parent: Code | None = None
    """Key of the task it was split from (LZ3); it comes earlier in the list."""
    common: str = ""
    """On the parent: requirements all its sub-tasks share."""
    note: str = ""
    """Note (备注)."""


class PlanSeed(Strict):
    """seed/plans/*.yaml — one edition of one plan a file. Several editions of a plan are several files
    with the same
    `code` and rising edition numbers; a task keeps its `key` through them."""

    code: Code
    """The plan's code."""
    title: Text
    """Title."""
    year: int = Field(ge=1990, le=2100)
    """The year it is for."""
    kind: Literal["responsibility", "sub_plan"]
    """The year's responsibility plan (the "1") or a sub-plan (of the "N")."""
    parent: Code | None = None
    """For a sub-plan: the code of the plan it hangs below."""
    edition: EditionSeed
    """Which edition this file is."""
    blocks: tuple[BlockSeed, ...] = Field(min_length=1)
    """The blocks in order."""
    circumstances: tuple[CircumstanceSeed, ...] = ()
    """The negative list."""
    tasks: tuple[TaskSeed, ...] = Field(min_length=1)
    """The tasks in order."""


def _has_suffix(*suffixes: str) -> AfterValidator:
    def check(value: str) -> str:
        if not value.endswith(suffixes):
            raise Wrong(f"文件名应以 {suffixes[0]} 结尾", f"must end in {suffixes[0]}")
        return value

    return AfterValidator(check)


CsvPath = Annotated[RelativePath, _has_suffix(".csv")]
YamlPath = Annotated[RelativePath, _has_suffix(".yaml")]


class Seed(Strict):
    """The seed files of the pack: `seed: {areas: seed/areas.csv, units: seed/units.csv, plans:
    [seed/plans/2026-1.yaml]}`"""

    areas: CsvPath
    """Places."""
    units: CsvPath
    """Units."""
    aliases: CsvPath | None = None
    """Other names of units."""
    members: CsvPath | None = None
    """Members of unit groups."""
    posts: CsvPath
    """Posts."""
    people: CsvPath | None = None
    """The demonstration's people."""
    guidelines: tuple[YamlPath, ...] = ()
    """Guidelines."""
    plans: tuple[YamlPath, ...] = ()
    """Plans, one file an edition, in order of issue."""
