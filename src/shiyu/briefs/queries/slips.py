"""One page for each unit: its own figures, what it is late with, what falls due next month."""

from __future__ import annotations

from collections.abc import Sequence

from shiyu.briefs.queries.circular import body_of, template_of, values_of
from shiyu.briefs.queries.month import Item, LateReport, MonthFacts, UnitMonth, number
from shiyu.documents.tables import Column, Row, TableSpec
from shiyu.documents.word import Block, OfficialDocument, Paragraph
from shiyu.kernel.documents import fill
from shiyu.kernel.measures import MEASURES
from shiyu.kernel.spec.documents import Template
from shiyu.kernel.words import label

PLAIN = Template(
    label=label("单位提示单", "Slip for a unit"),
    document="unit_slip",
    title="{{unit}}{{period}}工作提示单",
    addressee="{{unit}}：",
    body=(
        "你单位承担任务{{tasks_total}}项，应完成{{tasks_due}}项，未按期完成{{tasks_not_on_time}}项，未报进展{{reports_missing}}项；"
        "未销号问题{{problems_open}}个，其中逾期{{problems_overdue}}个。",
    ),
    closing="{{office}}",
)
SHOWN = (
    "tasks_total", "tasks_due", "tasks_done_on_time", "on_time_rate", "reports_due", "reports_missing",
    "problems_open", "problems_overdue", "problems_on_books",
)  # fmt: skip
# So many rows of both lists leave room on one page; the rest is in the annexes.
ROWS = 5
LONGEST = 40


def slip(facts: MonthFacts, unit: UnitMonth) -> OfficialDocument:
    """A unit's slip. Lists longer than the page say how many more there are, and where."""
    template = template_of(facts, "unit_slip", PLAIN)
    values = values_of(facts, unit.figures, "unit_slip", unit=unit.name)
    late = [item for item in facts.overdue if item.unit_id == unit.id]
    due = [item for item in facts.due_next if item.unit_id == unit.id]
    reports = [row for row in facts.late_reports if row.unit_id == unit.id]
    blocks: list[Block] = [*body_of(_asking(template, bool(late)), values), _figures(unit)]
    blocks += _part("逾期事项", late, "附件3", with_delay=True)
    blocks += _part("下月到期", due, "附件4", with_delay=False)
    blocks += _reports(reports)
    addressee = fill(template.addressee, values).strip().rstrip("：:")
    return OfficialDocument(
        title=fill(template.title, values),
        paragraphs=blocks,
        addressees=[addressee] if addressee else [],
        signer="",
        date=None,
        created=facts.made_on,
    )


def _asking(template: Template, is_late: bool) -> Template:
    """The wording without what asks for an answer on overdue things by a day, where the unit has none."""
    if is_late:
        return template
    return template.model_copy(
        update={"body": tuple(text for text in template.body if "reply_by" not in text)}
    )


def _reports(rows: Sequence[LateReport]) -> list[Block]:
    """Which lines were reported late or not at all; nothing where all came in time."""
    if not rows:
        return []
    columns = (Column("事项", 122), Column("填报", 22, "center"))
    listed: list[Row] = [
        (f"{row.named} {_short(row.title)}", "未报" if row.is_missing else "迟报") for row in rows[:ROWS]
    ]
    more = (f"另有{len(rows) - ROWS}项。",) if len(rows) > ROWS else ()
    return [TableSpec(f"迟报、未报事项（{len(rows)}项）", columns, listed, notes=more)]


def _short(text: str) -> str:
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


def _figures(unit: UnitMonth) -> TableSpec:
    columns = tuple(Column(MEASURES[code].label.zh, 17, "center") for code in SHOWN)
    return TableSpec("", columns, [tuple(number(code, unit.figures) for code in SHOWN)])


def _part(title: str, items: Sequence[Item], annex: str, with_delay: bool) -> list[Block]:
    if not items:
        return [Paragraph("无。", lead=f"{title}：")]
    columns = [Column("事项", 96), Column("时限", 26, "center")]
    if with_delay:
        columns.append(Column("逾期工作日", 22, "center"))
    rows: list[Row] = []
    for item in items[:ROWS]:
        delay = [item.delay_number] if with_delay else []
        rows.append((f"{item.named} {_short(item.text)}", item.due_on, *delay))
    more = (f"另有{len(items) - ROWS}项，见通报{annex}。",) if len(items) > ROWS else ()
    return [TableSpec(f"{title}（{len(items)}项）", tuple(columns), rows, notes=more)]
