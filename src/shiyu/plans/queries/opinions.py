"""An opinion round as pages and documents show it: who answered, what was wanted, what became of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from shiyu.documents.tables import Column, TableSpec
from shiyu.plans.models import Duty, Edition, Opinion, OpinionRound, OpinionSlip

Answer, Adoption = Opinion.Answer, Opinion.Adoption


@dataclass(frozen=True)
class RoundCounts:
    """How a round stands: slips asked and answered, changes wanted, decided and still open."""

    asked: int
    answered: int
    wanted: int
    undecided: int

    @property
    def silent(self) -> int:
        """Units that have not answered: shown as such, never as "no opinion"."""
        return self.asked - self.answered


def round_counts(round_: OpinionRound) -> RoundCounts:
    """The counts of a round, in two queries."""
    slips = round_.slips.aggregate(asked=Count("pk"), answered=Count("pk", filter=~Q(answered_at=None)))
    wanted = Q(answer=Answer.CHANGE)
    items = Opinion.objects.filter(slip__round=round_).aggregate(
        wanted=Count("pk", filter=wanted), undecided=Count("pk", filter=wanted & Q(adoption=Adoption.OPEN))
    )
    return RoundCounts(slips["asked"], slips["answered"], items["wanted"], items["undecided"])


def units_named(edition: Edition) -> list[UUID]:
    """Units the edition's tasks name one by one, not only through a group."""
    rows = Duty.objects.filter(task__edition=edition, via_group="").values_list("unit_id", flat=True)
    return list(rows.distinct())


def slips_of(round_: OpinionRound) -> list[Any]:
    """All slips by protocol, each with `item_count`, `open_count` and `change_count`."""
    rows = round_.slips.select_related("unit").annotate(
        item_count=Count("opinions"),
        open_count=Count("opinions", filter=Q(opinions__answer=Answer.OPEN)),
        change_count=Count("opinions", filter=Q(opinions__answer=Answer.CHANGE)),
    )
    return list(rows.order_by("unit__protocol_order", "unit__code"))


def changes_wanted(round_: OpinionRound, slip_id: UUID | None = None) -> list[Opinion]:
    """Items for which a change is wanted, by task and unit; of one slip if given."""
    rows = Opinion.objects.filter(slip__round=round_, answer=Answer.CHANGE).select_related(
        "slip__unit", "task"
    )
    if slip_id:
        rows = rows.filter(slip_id=slip_id)
    return list(rows.order_by("task__position", "slip__unit__protocol_order"))


def items_of(slip: OpinionSlip) -> list[Opinion]:
    """The items of a slip in the order of the plan."""
    return list(slip.opinions.select_related("task").order_by("task__position", "task_number"))


def answer_words(item: Opinion) -> str:
    """What the unit said."""
    return {
        Answer.OPEN: _("Not answered"),
        Answer.NONE: _("No opinion"),
        Answer.CHANGE: _("Change wanted"),
    }[Answer(item.answer)]


def adoption_words(item: Opinion) -> str:
    """What the office made of it."""
    if item.answer != Answer.CHANGE:
        return ""
    return {
        Adoption.OPEN: _("Not decided yet"),
        Adoption.ADOPTED: _("Adopted"),
        Adoption.PARTLY: _("Partly adopted"),
        Adoption.DECLINED: _("Declined"),
    }[Adoption(item.adoption)]


SUMMARY_COLUMNS = (
    Column("序号", 10, "center"),
    Column("单位", 26),
    Column("条目", 14, "center"),
    Column("原文", 60),
    Column("修改意见及理由", 60),
    Column("采纳情况", 18, "center"),
    Column("不采纳理由", 40),
)
"""意见汇总表, in the order offices accept (domain.md 1.16). A document of the office: its heads are Chinese."""

_ADOPTION_ZH = {"open": "待研究", "adopted": "采纳", "partly": "部分采纳", "declined": "不采纳"}


def _adoption_zh(item: Opinion) -> str:
    """What became of it; for an adopted one whose text was left as it is, why."""
    kept = f"（文字未改：{item.kept_reason}）" if item.kept_reason else ""
    return f"{_ADOPTION_ZH[item.adoption]}{kept}"


def summary_rows(round_: OpinionRound) -> list[list[Any]]:
    """Changes wanted first by task, then the units without opinion, then those that did not answer."""
    rows: list[list[Any]] = [
        [
            None,
            item.slip.unit.name,
            item.task_number,
            item.task_text,
            f"{item.wanted}\n理由：{item.reason}",
            _adoption_zh(item),
            item.adoption_reason if item.adoption in ("partly", "declined") else "",
        ]
        for item in changes_wanted(round_)
    ]
    slips = slips_of(round_)
    for slip in slips:
        if slip.answered_at and not slip.change_count:
            rows.append([None, slip.unit.name, "全部", "", "无意见", "—", ""])
    for slip in slips:
        if slip.open_count:
            what = "全部" if slip.open_count == slip.item_count else f"{slip.open_count}条"
            rows.append([None, slip.unit.name, what, "", "未反馈", "—", ""])
    for number, row in enumerate(rows, start=1):
        row[0] = number
    return rows


def consultation_words(edition: Edition) -> str:
    """Who was asked in all rounds, who answered and what became of the changes, in one sentence for an office's note."""
    slips = OpinionSlip.objects.filter(round__edition=edition)
    asked = slips.aggregate(
        units=Count("unit", distinct=True), answered=Count("unit", distinct=True, filter=~Q(answered_at=None))
    )
    if not asked["units"]:
        return "本稿未征求意见"
    wanted = Opinion.objects.filter(slip__round__edition=edition, answer=Answer.CHANGE)
    counts = dict(wanted.values_list("adoption").annotate(n=Count("pk")))
    heard = f"征求意见{asked['units']}家，反馈{asked['answered']}家"
    if silent := asked["units"] - asked["answered"]:
        heard += f"，未反馈{silent}家"
    if not counts:
        return f"{heard}；没有修改意见"
    open_ = f"、待研究{counts['open']}条" if counts.get("open") else ""
    return (
        f"{heard}；提出修改意见{sum(counts.values())}条，采纳{counts.get('adopted', 0)}条、"
        f"部分采纳{counts.get('partly', 0)}条、不采纳{counts.get('declined', 0)}条{open_}"
    )


def summary_table(rounds: Sequence[OpinionRound], *, is_titled: bool = True) -> list[TableSpec]:
    """The summary of each round as a table for Word; in an annex of that name it is not titled again."""
    return [
        TableSpec(
            title=f"《{round_.edition.plan.title}》征求意见汇总表" if is_titled else "",
            columns=SUMMARY_COLUMNS,
            rows=summary_rows(round_),
            subtitle=f"第{round_.number}轮  反馈期限 {round_.reply_by.isoformat()}",
        )
        for round_ in rounds
    ]
