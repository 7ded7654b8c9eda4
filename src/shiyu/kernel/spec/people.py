"""`codes`, `role` and `unit_group`: the words, rights and groups of a city."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, Field, model_validator

from shiyu.kernel.conditions import FACTS, Condition
from shiyu.kernel.near import hint
from shiyu.kernel.rights import ADMINISTRATION, RIGHTS
from shiyu.kernel.words import Code, Label, Strict, Text, Wrong


def _known_right(value: str) -> str:
    if value not in RIGHTS:
        zh, en = hint(value, RIGHTS)
        raise Wrong(f"没有权限 {value}{zh}", f"no such right: {value}{en}")
    return value


RightCode = Annotated[str, AfterValidator(_known_right)]
"""One of the rights in the code's catalogue."""


class CodeList(Strict):
    """A closed list of the city's own words. `codes: {problem_source: {label: {…}, values: {visit: {zh:
    督查发现, en: Found on a visit}}}}`"""

    label: Label
    """What the list is called."""
    values: dict[Code, Label] = Field(min_length=1)
    """Code and label of each value, in the order shown."""
    source: str = ""
    """Where the list comes from."""
    status: Literal["official", "provisional"] = "official"
    """provisional: not yet compared with the official text."""


class Role(Strict):
    """A bundle of rights. `role: {liaison: {label: {zh: 联络员, en: Liaison}, rights: [report.fill,
    matter.handle]}}`

    A role is held through a post, and its rights hold for that post's unit. The three administrators' rights
    (users.manage, security.manage, audit.read) never stand together in one role."""

    label: Label
    """What the role is called."""
    rights: frozenset[RightCode] = Field(min_length=1)
    """Rights from the catalogue."""

    @model_validator(mode="after")
    def _administrators_apart(self) -> Role:
        if len(self.rights & set(ADMINISTRATION.values())) > 1:
            raise Wrong(
                "一个角色不能兼有三员中两员的权限",
                "one role may not join two of the three administrators' rights",
            )
        return self


class UnitGroup(Strict):
    """Units that documents name together, such as 各县区. Its members either follow from facts or are listed:

    ```yaml
    unit_group:
      counties:
        label: {zh: 各县区, en: All counties and districts}
        aliases: [各区县, 各县（区）]
        when: [{kind: government, level: county}]     # any row; in a row all must hold
      members:
        label: {zh: 成员单位, en: Member units}
        members: seed                                  # listed in seed/members.csv with from–to dates
    ```"""

    label: Label
    """The name documents use first."""
    aliases: tuple[Text, ...] = ()
    """Other ways documents write it."""
    when: tuple[Condition, ...] = ()
    """Conditions over the facts of a unit; a unit belongs if any row holds."""
    members: Literal["seed"] | None = None
    """`seed`: the members are listed in seed/members.csv."""

    @model_validator(mode="after")
    def _one_way(self) -> UnitGroup:
        if bool(self.when) == bool(self.members):
            raise Wrong("when 和 members: seed 要写且只写一个", "give either `when` or `members: seed`")
        for n, row in enumerate(self.when):
            for fact in row:
                if fact not in FACTS["unit"]:
                    zh, en = hint(fact, FACTS["unit"])
                    raise Wrong(
                        f"单位没有属性 {fact}{zh}",
                        f"no such fact of a unit: {fact}{en}",
                        "when",
                        n,
                        fact,
                    )
        return self
