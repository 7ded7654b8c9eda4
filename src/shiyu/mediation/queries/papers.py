"""The papers of a mediation in Word: agreement (art. 29), registration and work record (art. 27), the other ways (art. 26).

In Chinese, as offices file them. Names come in from `open_sides`; nothing of them is kept. Places for signatures,
fingerprints and the committee's seal are left free.
"""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Protocol

from django.utils import translation

from shiyu.documents.tables import Column, TableSpec
from shiyu.documents.word import OfficialDocument, Paragraph, chinese_date, render_document
from shiyu.kernel.mediation import OUTCOME_LABELS, WAY_LABELS, MediationOutcome, Way, side_label
from shiyu.lib import clock
from shiyu.matters.kinds import topic_choices
from shiyu.mediation.models import Mediation, Sitting
from shiyu.mediation.queries.words import labels_of, remedy_choices, role_choices, source_choices

NONE = "（未填写）"


class Named(Protocol):
    """What a paper says of a side."""

    @property
    def number(self) -> int: ...

    @property
    def name(self) -> str: ...

    @property
    def phone(self) -> str: ...

    @property
    def address(self) -> str: ...


Block = str | Paragraph | TableSpec


def agreement_paper(row: Mediation, sides: Sequence[Named]) -> bytes:
    """The agreement to be signed: parties; facts, issues and responsibility; content, way and term of performance; places
    for signatures and the seal; one copy for each party and one for the committee."""
    copies = len(sides) + 1
    blocks: list[Block] = [
        f"编号：{row.matter.code}",
        Paragraph("一、当事人基本情况", 1),
        _parties(sides),
        Paragraph("二、纠纷主要事实", 1),
        row.facts or NONE,
        Paragraph("三、争议事项和各方责任", 1),
        f"争议事项：{row.issues or NONE}",
        f"各方责任：{row.responsibility or NONE}",
        Paragraph("四、协议内容、履行方式和期限", 1),
        f"经调解，各方自愿达成如下协议：\n{row.terms or NONE}",
        f"履行方式：{row.performance or NONE}",
        f"履行期限：{chinese_date(row.perform_by) + '前' if row.perform_by else NONE}",
        f"本协议自各方当事人签名、盖章或者按指印，调解员签名并加盖调解组织印章之日起生效。"
        f"本协议一式{copies}份，当事人各执一份，调解组织留存一份。",
        *_signatures(row, [side.number for side in sides]),
    ]
    return _paper(f"{_people(row)}调解协议书", blocks, signer=row.body.name)


def registration_paper(row: Mediation, sides: Sequence[Named]) -> bytes:
    """The registration form, first in the file."""
    kind = dict(topic_choices(row.matter.kind)).get(row.matter.topic, "")
    lines = (
        ("案件编号", row.matter.code),
        ("纠纷名称", row.matter.title),
        ("纠纷类型", kind),
        ("调解方式", WAY_LABELS[Way(row.way)].zh),
        ("案件来源", dict(source_choices()).get(row.source, row.source) + _number(row)),
        ("受理日期", chinese_date(row.opened_on)),
        ("调解组织", row.body.name),
        ("调解员", "、".join(_mediators(row)) or NONE),
        ("调解意愿", _consents(row)),
        ("纠纷简要情况", row.matter.text or row.matter.title),
    )
    blocks: list[Block] = [
        TableSpec("", (Column("事项", 35), Column("内容", 120)), [list(line) for line in lines]),
        Paragraph("当事人基本情况", 1),
        _parties(sides),
        "当事人（签名）：",
        "登记人（签名）：",
    ]
    return _paper(f"{_people(row)}调解登记表", blocks)


def record_paper(row: Mediation, sides: Sequence[Named]) -> bytes:
    """The work record: every sitting, what was tried, how it ended; an oral agreement stands here whole."""
    blocks: list[Block] = [
        f"编号：{row.matter.code}",
        f"当事人：{'；'.join(f'{side_label(side.number)}（{side.name}）' for side in sides) or NONE}",
    ]
    held = [one for one in row.sittings.prefetch_related("holders") if one.written_on]
    for number, one in enumerate(held, start=1):
        blocks += _sitting(number, one)
    if not held:
        blocks.append("尚未记录调解过程。")
    for danger in row.dangers.all():
        told = (
            f"，已于{_moment(danger.told_at)}告知{danger.told_to}" if danger.told_at else "，尚未告知公安机关"
        )
        blocks.append(f"需要公安机关处理的情况：{danger.what}{told}。")
    if row.outcome:
        blocks += [Paragraph("调解结果", 1), OUTCOME_LABELS[MediationOutcome(row.outcome)].zh + "。"]
        if row.outcome == MediationOutcome.ORAL:
            blocks.append(f"口头协议内容：{row.terms}")
        if row.reason:
            blocks.append(row.reason)
    blocks += _signatures(row, [side.number for side in sides])
    return _paper(f"{_people(row)}调解工作记录", blocks, signer=row.body.name)


def remedies_paper(row: Mediation, sides: Sequence[Named]) -> bytes:
    """To hand over when it failed: that it is over, and what the parties may still do."""
    names = "、".join(side.name for side in sides if side.name) or "各方当事人"
    ways = labels_of(remedy_choices(), row.remedies)
    ended = row.ended_on or clock.today()
    blocks: list[Block] = [
        f"关于“{row.matter.title}”（编号{row.matter.code}），{row.body.name}已于{chinese_date(ended)}终止调解。"
        "你们的争议可以通过下列途径解决：",
        *(f"{number}. {way}。" for number, way in enumerate(ways, start=1)),
        "各途径另有时效和期限的，从其规定。终止调解不影响你们依法主张权利。",
        "当事人签收：                        日期：      年    月    日",
    ]
    return _paper("终止调解及其他解决途径告知书", blocks, signer=row.body.name, day=ended, to=[names])


PAPERS: dict[str, tuple[str, Callable[[Mediation, Sequence[Named]], bytes]]] = {
    "registration": ("调解登记表", registration_paper),
    "record": ("调解工作记录", record_paper),
    "agreement": ("调解协议书", agreement_paper),
    "remedies": ("其他解决途径告知书", remedies_paper),
}
"""The papers by their code in the address: file name and maker."""


def paper_of(row: Mediation, paper: str, sides: Sequence[Named]) -> bytes:
    """The .docx of a paper. KeyError for one that is not made."""
    with translation.override("zh-hans"):
        return PAPERS[paper][1](row, sides)


def _paper(
    title: str,
    blocks: Sequence[Block],
    *,
    signer: str = "",
    day: date | None = None,
    to: Sequence[str] = (),
) -> bytes:
    return render_document(
        OfficialDocument(
            title=title,
            paragraphs=blocks,
            addressees=to,
            signer=signer,
            date=day,
            created=clock.today(),
        )
    )


def _people(row: Mediation) -> str:
    """What stands before 调解 in a title: only people's mediation is called so."""
    return "人民" if row.way == Way.PEOPLES else ""


def _parties(sides: Sequence[Named]) -> TableSpec:
    columns = (Column("", 28), Column("姓名或者名称", 40), Column("联系电话", 38), Column("住址", 60))
    rows = [[side_label(side.number), side.name or "（已删除）", side.phone, side.address] for side in sides]
    return TableSpec("", columns, rows)


def _signatures(row: Mediation, numbers: Sequence[int]) -> list[Block]:
    return [
        *(f"{side_label(number)}（签名、盖章或者按指印）：" for number in numbers),
        "调解员（签名）：",
        "记录人（签名）：",
    ]


def _mediators(row: Mediation) -> list[str]:
    roles = dict(role_choices())
    rows = row.chosen.select_related("holder")
    return [f"{one.holder.name}（{roles.get(one.holder.role, one.holder.role)}）" for one in rows]


def _number(row: Mediation) -> str:
    return f"（{row.source_number}）" if row.source_number else ""


def _consents(row: Mediation) -> str:
    words = {"asked": "待答复", "agreed": "同意调解", "refused": "不同意调解"}
    return "；".join(f"{side_label(side.number)}{words[side.consent]}" for side in row.sides.all())


def _sitting(number: int, one: Sitting) -> list[Block]:
    who = "、".join(holder.name for holder in one.holders.all())
    return [
        Paragraph(f"第{number}次调解", 1),
        f"时间：{_moment(one.at)}；地点：{one.place}；参加人员：{who}。",
        f"调解过程：{one.tried}",
        *([f"下一步：{one.following}"] if one.following else []),
    ]


def _moment(at: object) -> str:
    local = clock.local(at)  # type: ignore[arg-type]
    return f"{chinese_date(local.date())}{local:%H:%M}"
