"""The month's circular (通报): the pack's wording, the locked figures, what is late named by unit and matter."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import groupby

from shiyu.briefs.queries.annexes import due_annex, lines_in_words, overdue_annex, problem_annex, task_annex
from shiyu.briefs.queries.month import Figures, Item, MonthFacts, shown
from shiyu.documents.tables import TableSpec
from shiyu.documents.word import (
    Attachment,
    Block,
    OfficialDocument,
    Paragraph,
    chinese_date,
    count_characters,
)
from shiyu.kernel.documents import DOCUMENTS, fill
from shiyu.kernel.measures import MEASURES
from shiyu.kernel.spec.documents import Template
from shiyu.kernel.words import label

LINE = 20  # characters of a title on one line
# Used where the pack words no circular of its own.
PLAIN = Template(
    label=label("月度通报", "Monthly circular"),
    document="circular",
    title="关于{{period}}工作情况的通报",
    addressee="各成员单位：",
    body=(
        "现将{{period_start}}至{{period_end}}工作情况通报如下。",
        "# 一、总体情况",
        "{{units}}个单位共承担任务{{tasks_total}}项，应完成{{tasks_due}}项，按期完成{{tasks_done_on_time}}项，按期完成率{{on_time_rate}}。",
        "# 二、任务推进",
        "应填报进展{{reports_due}}项，迟报{{reports_late}}项，未报{{reports_missing}}项。分单位情况见附件1。",
        "# 三、问题整改",
        "上月结转{{problems_carried}}个，本月新增{{problems_new}}个，销号{{problems_closed}}个，"
        "期末未销号{{problems_open}}个，其中逾期{{problems_overdue}}个。分单位情况见附件2。",
        "# 四、未按期事项",
        "未按期完成的任务和逾期问题见附件3。",
        "# 五、下步要求",
        "下月到期事项见附件4。请有关单位于{{reply_by}}前反馈逾期事项的原因、下步措施和新的时限。",
    ),
    closing="{{office}}",
)


def template_of(facts: MonthFacts, document: str, otherwise: Template) -> Template:
    """The wording the month's cycle names for a document; `otherwise` where the pack has none."""
    code = facts.cycle.documents.get(document) if facts.cycle else None
    return facts.pack.template.get(code or "", otherwise)


def values_of(facts: MonthFacts, figures: Figures, document: str, **more: str) -> dict[str, str]:
    """Every name a template of `document` may use, as text; a figure that was not locked is "—"."""
    known = {
        "office": facts.office,
        "signer": facts.office,
        "city": facts.pack.pack.name.zh,
        "date": chinese_date(facts.made_on),
        "year": str(facts.starts_on.year),
        "month": str(facts.starts_on.month),
        "number": "",
        "period": facts.words,
        "period_start": chinese_date(facts.starts_on),
        "period_end": chinese_date(facts.ends_on),
        "units": str(len(facts.upper_units)),
        "reply_by": chinese_date(facts.reply_by),
    } | more
    for name in DOCUMENTS[document].names - known.keys():
        known[name] = shown(name, figures) if name in MEASURES else ""
    return known


def body_of(template: Template, values: Mapping[str, str]) -> list[Block]:
    """A template's paragraphs filled in; "# " and "## " make headings."""
    blocks: list[Block] = []
    for text in template.body:
        level = 2 if text.startswith("## ") else 1 if text.startswith("# ") else 0
        blocks.append(Paragraph(fill(text.lstrip("# ") if level else text, values), level))
    return blocks


def circular(facts: MonthFacts) -> OfficialDocument:
    """The circular with its four annexes.

    What is late is named as fully as the cycle's `narrative_limit` allows: with text, deadline and delay; then the
    towns' by their number; then with the text cut short; then by code only. Annex 3 holds all of it in every case.
    """
    for name, with_towns in ((_fully, True), (_fully, False), (_briefly, False), (_by_number, False)):
        document = _circular(facts, _named(facts, name, with_towns))
        if count_characters(document) <= facts.narrative_limit:
            break
    return document


def _circular(facts: MonthFacts, late: Sequence[Block]) -> OfficialDocument:
    template = template_of(facts, "circular", PLAIN)
    values = values_of(facts, facts.total, "circular")
    return OfficialDocument(
        title=broken(fill(template.title, values)),
        paragraphs=_with_late(body_of(template, values), late),
        # The number is given by the office's own document system; its place is left free.
        number=f"〔{facts.made_on.year}〕　　号",
        addressees=_addressees(template, values),
        organ=facts.office,
        signer=fill(template.closing, values),
        date=facts.made_on,
        attachments=[
            _annex("任务统计", task_annex(facts)),
            _annex("问题统计", problem_annex(facts)),
            _annex("逾期事项", overdue_annex(facts)),
            _annex("下月到期事项", due_annex(facts)),
        ],
        layout="document",
        created=facts.made_on,
    )


def broken(title: str) -> str:
    """A title too long for one line, broken before its last "工作", so that no single character is left over."""
    place = title.rfind("工作")
    return f"{title[:place]}\n{title[place:]}" if len(title) > LINE and 0 < place <= LINE else title


def _addressees(template: Template, values: Mapping[str, str]) -> list[str]:
    addressee = fill(template.addressee, values).strip().rstrip("：:")
    return [addressee] if addressee else []


def _annex(title: str, table: TableSpec) -> Attachment:
    bare = TableSpec("", table.columns, table.rows, strong_rows=table.strong_rows, notes=table.notes)
    return Attachment(title, [bare], landscape=True)


def _with_late(blocks: list[Block], late: Sequence[Block]) -> list[Block]:
    """The named items at the end of the section about them, else before the last section (下步要求)."""
    heads = [at for at, block in enumerate(blocks) if isinstance(block, Paragraph) and block.level == 1]
    about = [at for at in heads if any(word in _text(blocks[at]) for word in ("未按期", "逾期"))]
    if about:
        after = [at for at in heads if at > about[0]]
        place = after[0] if after else len(blocks)
        return [*blocks[:place], *late, *blocks[place:]]
    place = heads[-1] if heads else len(blocks)
    return [*blocks[:place], Paragraph("", lead="未按期事项。"), *late, *blocks[place:]]


def _text(block: Block) -> str:
    return block.text if isinstance(block, Paragraph) else ""


def _named(facts: MonthFacts, name: Callable[[Item], str], with_towns: bool) -> list[Block]:
    """One paragraph a unit, by protocol (the order the items come in)."""
    if not facts.overdue:
        return [Paragraph("本期没有未按期事项。")]
    towns = frozenset() if with_towns else frozenset(unit.id for unit in facts.lower_units)
    paragraphs: list[Block] = []
    for unit, group in groupby(
        (item for item in facts.overdue if item.unit_id not in towns), lambda item: item.unit
    ):
        own = list(group)
        text = "；".join(name(item) for item in own)
        paragraphs.append(Paragraph(f"{text}。", lead=f"{unit}（{len(own)}项）："))
    note = lines_in_words(facts)
    if note:
        paragraphs.insert(0, Paragraph(note.replace("本附件", "以下", 1)))
    lower = [item for item in facts.overdue if item.unit_id in towns]
    if lower:
        units = len({item.unit_id for item in lower})
        paragraphs.append(Paragraph("逐项见附件3。", lead=f"乡镇（街道）（{units}个，{len(lower)}项）："))
    return paragraphs


def _fully(item: Item) -> str:
    due = f"，时限{chinese_date(item.due_on)}" if item.due_on else ""
    late = f"，{item.delay}" if item.delay else ""
    return f"{item.named}“{item.text.rstrip('。')}”{due}{late}"


def _briefly(item: Item) -> str:
    text = item.text.rstrip("。")
    return f"{item.named}“{text if len(text) <= 16 else text[:15] + '…'}”"


def _by_number(item: Item) -> str:
    return item.named
