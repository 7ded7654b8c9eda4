"""How matters are counted: each count and rate with its words, which users see, next to its code's name.

The queries stand in `matters.queries.rates`. Only matters that were worked to an end count as closed: one that was
withdrawn, merged into another or handed to another body says nothing about the work. Units are shown by protocol and
never ranked; what is solved at which level is shown, never scored (cities.md LJ11).
"""

from __future__ import annotations

from dataclasses import dataclass

from shiyu.kernel.phases import Outcome
from shiyu.kernel.words import Label, label

WORKED = (Outcome.DONE, Outcome.AGREEMENT, Outcome.FAILED_WITH_REMEDY, Outcome.ADVISED)
"""Outcomes that count as closed."""
SOLVED = (Outcome.DONE, Outcome.AGREEMENT, Outcome.ADVISED)
"""Outcomes that count as solved."""
SATISFIED = 4
"""A rating of 1 to 5 from which somebody counts as satisfied."""


@dataclass(frozen=True)
class Rate:
    """One count (`base` None) or rate: how many of `base` are so. A rate without a base is shown as “—”."""

    code: str
    label: Label
    words: Label
    base: str | None = None


def _rate(code: str, zh: str, en: str, words_zh: str, words_en: str, base: str | None = None) -> Rate:
    return Rate(code, label(zh, en), label(words_zh, words_en), base)


_ROWS = (
    _rate(
        "received",
        "登记",
        "Received",
        "本月收到的事项，按现受理单位计。",
        "Matters received in the month, by the unit that now takes them in.",
    ),
    _rate(
        "closed",
        "办结",
        "Closed",
        "本月办结的事项；撤回、并案、移送的不计。",
        "Matters closed in the month; those withdrawn, merged or handed on do not count.",
    ),
    _rate(
        "on_time",
        "按期办结",
        "On time",
        "办结的事项中，办结时间不晚于总时限的；批准延期的按延期后的时限，挂账不改变时限。期限按整日计算，自收到次日起算，当日不计，"
        "末日下班后办结仍算按期；按24小时累计的统计口径会得到较低的数字。",
        "Of those closed, the ones whose end was not after the whole limit, as extended; being on the books changes none. "
        "Limits are whole days from the day after receipt to the end of the last one; counted in spans of 24 hours the "
        "figure is lower.",
        "closed",
    ),
    _rate(
        "reworked",
        "返工",
        "Sent back",
        "办结的事项中，核查不通过退回过的。",
        "Of those closed, the ones that a check had sent back.",
        "closed",
    ),
    _rate(
        "reopened",
        "重新办理",
        "Reopened",
        "办结的事项中，办结后又重新办理过的。",
        "Of those closed, the ones that had been closed before and were reopened.",
        "closed",
    ),
    _rate(
        "falsely_closed",
        "办结后复发",
        "Falsely closed",
        "办结的事项中，在本类事项规定的天数内，同一地点又收到同类别事项的；没有规定天数或没有地点的不计入。",
        "Of those closed, the ones after which the same topic came up in the same place within the kind's days; a kind "
        "without such days, or a matter without a place, is not among them.",
        "closed",
    ),
    _rate(
        "dispatched",
        "交办",
        "Dispatched",
        "本月交办、转办的次数，按交办单位计。",
        "How often a matter was dispatched or transferred in the month, by the unit that sent it.",
    ),
    _rate(
        "misdispatched",
        "退回（误派）",
        "Wrongly dispatched",
        "本月同意退回的次数，计在交办单位名下。",
        "Returns consented to in the month; they count for the sender.",
        "dispatched",
    ),
    _rate(
        "rated",
        "已评价",
        "Rated",
        "办结的事项中，来件人评价过的。",
        "Of those closed, the ones their reporter rated.",
        "closed",
    ),
    _rate(
        "satisfied",
        "满意",
        "Satisfied",
        "已评价的事项中，评为4分或5分的。",
        "Of those rated, the ones rated 4 or 5.",
        "rated",
    ),
)

RATES: dict[str, Rate] = {row.code: row for row in _ROWS}
"""Every count and rate by its code, in the order in which pages show them."""
