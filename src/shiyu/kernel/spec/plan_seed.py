"""What a pack's seed files hold of guidelines and plans (seed/guidelines/*.yaml, seed/plans/*.yaml)."""

from __future__ import annotations

import datetime as dt
from typing import Literal

from pydantic import Field, model_validator

from shiyu.kernel.words import Code, Strict, Text, Wrong


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
