"""What is counted: each measure's code, name and words. The words stand here, next to the code's name,
and users see them. The columns are those of the monthly circular's annexes (domain.md 1.16); the queries that
count live with the rows they count (plans, matters, periods) and use these codes."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from shiyu.kernel.words import Label, label


class MeasureUnit(StrEnum):
    COUNT = "count"
    RATE = "rate"
    WORKDAYS = "workdays"


class Span(StrEnum):
    """How a quarter's or year's figure is made from those of its locked months."""

    FIRST = "first"
    LAST = "last"
    ONCE = "once"
    TIMES = "times"
    RATIO = "ratio"


SPAN_WORDS: dict[Span, Label] = {
    Span.FIRST: label("取第一个月的数。", "The first month's figure."),
    Span.LAST: label("取最后一个月的数。", "The last month's figure."),
    Span.ONCE: label(
        "各月合计，同一事项只计一次。", "All months together; what stands in several months counts once."
    ),
    Span.TIMES: label("各月次数相加。", "The months' figures added up."),
    Span.RATIO: label(
        "按各月合计数重新计算，同一事项只计一次；没有基数时写“—”。",
        "Worked out anew from all months together, each thing once; “—” where there is no base.",
    ),
}


@dataclass(frozen=True)
class Measure:
    """One measure: what it is called, what exactly it counts, for a rate its two parts, and how months add up."""

    code: str
    label: Label
    words: Label
    unit: MeasureUnit = MeasureUnit.COUNT
    part: str | None = None
    base: str | None = None
    over: Span = Span.LAST


@dataclass(frozen=True)
class Counted:
    """A figure and the rows behind it. Rows of a rate are those of its base."""

    value: Decimal | None
    rows: tuple[Hashable, ...] = ()


def figure_over(
    measure: Measure, months: Sequence[Counted | None], parts: Sequence[Counted | None] = ()
) -> Counted:
    """A unit's figure over several months, oldest first, by the measure's rule; None: it had none that month.

    `parts`: for a RATIO the figures of its part (`measure.part`) in the same months. Values between 0 and 1 for rates.
    """
    none = Counted(None if measure.unit is MeasureUnit.RATE else Decimal(0))
    if measure.over in (Span.FIRST, Span.LAST):
        return (months[0 if measure.over is Span.FIRST else -1] if months else None) or none
    rows = _together(months)
    if measure.over is Span.ONCE:
        return Counted(Decimal(len(rows)), rows)
    if measure.over is Span.TIMES:
        return Counted(sum((one.value or Decimal(0) for one in months if one), Decimal(0)), rows)
    part = rate(len(_together(parts)), len(rows))
    return Counted(None if part is None else Decimal(str(part)), rows)


def _together(months: Sequence[Counted | None]) -> tuple[Hashable, ...]:
    return tuple(dict.fromkeys(row for one in months if one for row in one.rows))


def rate(part: int, base: int) -> float | None:
    """`part / base` between 0 and 1; None (shown as "—") where there is no base."""
    return part / base if base else None


def _count(code: str, zh: str, en: str, words_zh: str, words_en: str, over: Span = Span.LAST) -> Measure:
    return Measure(code, label(zh, en), label(words_zh, words_en), over=over)


def _rate(
    code: str, zh: str, en: str, words_zh: str, words_en: str, part: str, base: str, over: Span = Span.LAST
) -> Measure:
    return Measure(code, label(zh, en), label(words_zh, words_en), MeasureUnit.RATE, part, base, over)


_ROWS = (
    _count(
        "tasks_total",
        "承担任务数",
        "Tasks held",
        "期末有效版本的方案中，本单位牵头或配合的任务数；同一任务只计一次。",
        "Tasks in force at the end of the period that the unit leads or supports; each task once.",
    ),
    _count(
        "tasks_lead",
        "其中牵头",
        "of these as lead",
        "承担任务中由本单位牵头的任务数。",
        "Tasks held in which the unit is the lead unit.",
    ),
    _count(
        "tasks_due",
        "应完成",
        "Due",
        "本单位牵头、完成时限在期末当天或之前的任务数；长期坚持的任务没有时限，不计入。",
        "Tasks the unit leads whose deadline falls by the period's last day; ongoing ones do not count.",
    ),
    _count(
        "tasks_done_on_time",
        "按期完成",
        "Done on time",
        "应完成的任务中，完成日期不晚于时限的任务数。",
        "Tasks due whose day of completion is not after the deadline.",
    ),
    _count(
        "tasks_not_on_time",
        "未按期完成",
        "Not done on time",
        "应完成的任务中，逾期完成或至期末仍未完成的任务数。",
        "Tasks due that were completed after the deadline or were still open at the end of the period.",
    ),
    _rate(
        "on_time_rate",
        "按期完成率",
        "Done on time, rate",
        "按期完成 ÷ 应完成；没有应完成任务时写“—”。",
        "Done on time ÷ due; “—” where nothing was due.",
        "tasks_done_on_time",
        "tasks_due",
    ),
    _count(
        "reports_due",
        "应报送",
        "Reports due",
        "本期应由本单位填报的进展条数（长期任务按季度计）。",
        "Reports the unit had to fill in for the period (ongoing tasks count once a quarter).",
        Span.ONCE,
    ),
    _count(
        "reports_late",
        "迟报",
        "Reports late",
        "应报送中，报出时间晚于报送时限的条数。",
        "Reports due that left the unit after the time limit.",
        Span.ONCE,
    ),
    _count(
        "reports_missing",
        "未报",
        "Reports missing",
        "应报送中，锁定时仍未报出的条数。",
        "Reports due that had not left the unit when the period was locked.",
        Span.ONCE,
    ),
    _count(
        "problems_carried",
        "上月结转",
        "Carried over",
        "期初尚未销号的问题数。",
        "Problems that were open at the start of the period.",
        Span.FIRST,
    ),
    _count(
        "problems_new",
        "本月新增",
        "New",
        "本期内登记并受理的问题数；重新办理的问题计入重新办理的当月。",
        "Problems filed and accepted in the period; a reopened one counts in the month it was reopened.",
        Span.ONCE,
    ),
    _count(
        "problems_closed",
        "本月销号",
        "Closed",
        "本期内销号的问题数（办结方式为办结或达成协议）。",
        "Problems closed in the period with the outcome done or agreement.",
        Span.ONCE,
    ),
    _count(
        "problems_open",
        "期末未销号",
        "Open at the end",
        "期末尚未销号的问题数，挂账的也在内。",
        "Problems open at the end of the period, those on the books included.",
    ),
    _count(
        "problems_overdue",
        "其中逾期",
        "of these overdue",
        "期末未销号的问题中，整改时限早于期末的问题数；挂账不免除逾期。",
        "Problems open at the end whose time limit had passed; being on the books does not hide it.",
    ),
    _count(
        "problems_on_books",
        "其中挂账",
        "of these on the books",
        "期末处于挂账状态的问题数。",
        "Problems on the books at the end of the period.",
    ),
    Measure(
        "workdays_overdue",
        label("逾期工作日", "Workdays overdue"),
        label(
            "自整改时限次日起至期末（或办结日）的工作日数。",
            "Workdays from the day after the time limit to the end of the period, or to completion.",
        ),
        MeasureUnit.WORKDAYS,
    ),
    _count(
        "problems_returned",
        "退回数",
        "Returned",
        "本期内经同意退回的承办次数。",
        "Assignments returned with consent in the period.",
        Span.TIMES,
    ),
    _count(
        "problems_reworked",
        "重办数",
        "Reworked",
        "本期内核查不通过退回重办或销号后重新办理的次数。",
        "Times a problem was sent back by the check, or reopened after closing, in the period.",
        Span.TIMES,
    ),
    _rate(
        "close_rate",
        "销号率",
        "Closed, rate",
        "本月销号 ÷（上月结转 + 本月新增）；没有基数时写“—”。",
        "Closed ÷ (carried over + new); “—” where there is no base.",
        "problems_closed",
        "problems_in_hand",
        Span.RATIO,
    ),
    _count(
        "problems_in_hand",
        "在办问题数",
        "In hand",
        "上月结转与本月新增之和。",
        "Carried over and new together.",
        Span.ONCE,
    ),
)

MEASURES: dict[str, Measure] = {row.code: row for row in _ROWS}
"""Every measure by its code."""
