"""`plan`, `opinion`, `cycle` and `measure`: the yearly plan and the month's work."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, model_validator

from shiyu.kernel.measures import MEASURES
from shiyu.kernel.near import hint
from shiyu.kernel.spec.documents import DocumentCode
from shiyu.kernel.spec.matters import FormField
from shiyu.kernel.spec.people import RightCode
from shiyu.kernel.words import Code, Label, Limit, Strict, Wrong


def _known_measure(value: str) -> str:
    if value not in MEASURES:
        zh, en = hint(value, MEASURES)
        raise Wrong(f"没有指标 {value}{zh}", f"no such measure: {value}{en}")
    return value


MeasureCode = Annotated[str, AfterValidator(_known_measure)]
"""One of the measures in the code's catalogue."""


class PlanRule(Strict):
    """How this city plans. `plan: {duty_depth: person, sub_plans: true, negative_list: true}`"""

    duty_depth: Literal["unit", "office", "person"] = "unit"
    """How deep a duty goes (LZ6): to the unit, its office (科室), or a person in it."""
    sub_plans: bool = True
    """Whether sub-plans (子方案) hang below the year's plan."""
    negative_list: bool = False
    """Whether plans carry a negative list of circumstances, each with its definition."""
    problem_kind: Code | None = None
    """The kind of matter that is opened against a duty and makes the problem list."""
    expiring_days: int = Field(default=30, ge=1, le=365)
    """A duty is shown as due soon this many calendar days before its deadline."""


class OpinionRule(Strict):
    """How opinions are asked for (LZ4). `opinion: {limit: {n: 5}, letter: opinion_request}`"""

    limit: Limit
    """How long units have to answer."""
    letter: Code | None = None
    """The kind of letter that asks."""
    silence: Literal["no_opinion", "missing"] = "missing"
    """What an unanswered item counts as after the limit."""


class DueRule(Strict):
    """When a period's reports are due: `{day: 25, roll: before}` or `{last_workday: true}`."""

    day: int | None = Field(default=None, ge=1, le=31)
    """A day of the month; the month's last day where it is shorter."""
    last_workday: bool = False
    """The month's last workday."""
    month: Literal["same", "next"] = "same"
    """The period's last month, or the month after it."""
    roll: Literal["before", "after", "stay"] = "after"
    """Where the day is no workday: the workday before, after, or stay."""

    @model_validator(mode="after")
    def _one_way(self) -> DueRule:
        if (self.day is not None) == self.last_workday:
            raise Wrong(
                "day 和 last_workday: true 要写且只写一个", "give either `day` or `last_workday: true`"
            )
        return self


class SignOffStep(Strict):
    """One hand a report passes through: `{code: fill, label: {…}, right: report.fill}`."""

    code: Literal["fill", "review", "sign_off"]
    """fill (the unit), review (the leader in charge inside the unit), sign_off (the office)."""
    label: Label
    """What the step is called."""
    right: RightCode
    """The right needed."""


class PeriodKind(StrEnum):
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


class Cycle(Strict):
    """A round of reports that ends in a locked period (LZ8).

    ```yaml
    cycle:
      monthly:
        label: {zh: 月报, en: Monthly report}
        period: month
        ongoing: quarter                # ongoing tasks report once a quarter
        due: {day: 25, roll: before}
        form: {problems: {label: {…}, type: long_text}}
        sign_off: [{code: fill, label: {…}, right: report.fill}, …]
        measures: [tasks_total, tasks_lead]
        documents: {circular: monthly_circular, unit_slip: slip}
        narrative_limit: 4000
    ```"""

    label: Label
    """What the round is called."""
    period: PeriodKind = PeriodKind.MONTH
    """month, quarter or year."""
    ongoing: PeriodKind = PeriodKind.QUARTER
    """How often tasks without a date (长期坚持) report."""
    due: DueRule
    """When reports must have left the unit."""
    form: dict[Code, FormField] = {}
    """Fields beside progress, cumulative result and status, which every report has, in the order drawn. `problems`,
    `next_steps` and `needs_decision` (texts) fill those columns of the progress list; all others are kept with the
    report's line. No files: a line's proof has its own place."""
    sign_off: tuple[SignOffStep, ...] = Field(min_length=2)
    """The hands a report passes through; begins with fill, ends with sign_off."""
    measures: tuple[MeasureCode, ...] = Field(min_length=1)
    """The measures whose figures are written when the period is locked."""
    documents: dict[DocumentCode, Code] = {}
    """Document of the catalogue → template that words it."""
    narrative_limit: int = Field(default=4000, ge=500, le=5000)
    """Most characters of the circular's text."""

    @model_validator(mode="after")
    def _from_unit_to_office(self) -> Cycle:
        codes = [step.code for step in self.sign_off]
        if codes not in (["fill", "sign_off"], ["fill", "review", "sign_off"]):
            raise Wrong(
                "sign_off 依次为 fill、（review、）sign_off，各一次",
                "sign_off goes fill, (review,) sign_off, each once",
            )
        return self


class MeasureRule(Strict):
    """How this city shows a measure. `measure: {on_time_rate: {label: {zh: 按期率, en: On time}}}`; `{}`
    shows it as it is."""

    label: Label | None = None
    """The city's own name for it."""
