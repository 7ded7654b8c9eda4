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


class FunctionRow(Strict):
    """seed/functions.csv — one function of one town a row (乡镇（街道）履行职责事项清单)."""

    unit: Code
    """The town's unit."""
    function: Code
    """A value of the list named by `functions`."""
    standing: Literal["own", "supporting", "taken_back"]
    """own: 基本履职; supporting: 配合履职; taken_back: 收回."""
    lead: Code | None = None
    """For supporting and taken_back: the county unit that leads."""

    @model_validator(mode="after")
    def _lead_fits(self) -> FunctionRow:
        if (self.lead is None) != (self.standing == "own"):
            raise Wrong(
                "配合和收回的职责要写牵头单位，自己的职责不写",
                "a supporting or taken-back function names its lead; an own one does not",
                "lead",
            )
        return self


class MediatorRow(_Dated):
    """seed/mediators.csv — one person in a public role a row (mediator, legal adviser, lawyer …), named by role, never
    after a real person in a demonstration."""

    unit: Code
    """The unit's code: a committee, or the body the helper comes from."""
    name: Text
    """How the person in the role is named."""
    role: Code
    """A value of the list that `mediation.roles` names."""
    topics: Names = ()
    """The kinds of disputes they take, separated by `|`; empty: every kind."""
    full_time: bool = False
    """true: mediating is their whole work."""


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
    functions: CsvPath | None = None
    """The towns' lists of functions."""
    mediators: CsvPath | None = None
    """People in public roles who take part in mediation."""
    posts: CsvPath
    """Posts."""
    people: CsvPath | None = None
    """The demonstration's people."""
    guidelines: tuple[YamlPath, ...] = ()
    """Guidelines."""
    plans: tuple[YamlPath, ...] = ()
    """Plans, one file an edition, in order of issue."""
