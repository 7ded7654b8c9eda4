"""What goes out for approval: the plan in Word (GB/T 9704), its tables in Excel, the opinions' summary."""

from collections import defaultdict
from uuid import UUID

from django.utils import translation

from shiyu.documents.excel import Sheet, render_workbook
from shiyu.documents.tables import Column, TableSpec
from shiyu.documents.word import (
    Attachment,
    Block,
    OfficialDocument,
    Paragraph,
    chinese_date,
    render_document,
    render_tables,
)
from shiyu.kernel.documents import fill
from shiyu.lib import clock
from shiyu.packs.queries import current_pack
from shiyu.plans.models import Edition, EditionText
from shiyu.plans.queries.difference import difference
from shiyu.plans.queries.difference_words import difference_table
from shiyu.plans.queries.editions import TaskRow, edition_before, task_rows
from shiyu.plans.queries.opinions import SUMMARY_COLUMNS, consultation_words, summary_rows, summary_table
from shiyu.plans.queries.source_texts import texts_of

LIST_COLUMNS = (
    Column("序号", 10, "center"),
    Column("板块", 22),
    Column("指引条目", 20),
    Column("重点任务", 40),
    Column("工作措施", 60),
    Column("年度目标（完成标志）", 40),
    Column("牵头领导", 22),
    Column("牵头单位", 28),
    Column("配合单位", 44),
    Column("完成时限", 22, "center"),
    Column("备注", 20),
)
"""The head of the responsibility list without office and person: those are named after the issue (domain.md 1.16)."""

_NUMERALS = "一二三四五六七八九十"


def approval_package(edition: Edition) -> dict[str, bytes]:
    """File name → bytes, for one archive, always in Chinese. Same edition, same day: same bytes."""
    with translation.override("zh-hans"):
        return _package(edition)


def _package(edition: Edition) -> dict[str, bytes]:
    rows = task_rows(edition)
    files = {
        "1-方案（送审稿）.docx": plan_in_word(edition, rows),
        "2-责任清单.xlsx": _list_in_excel(edition, rows),
    }
    before = edition_before(edition)
    if before:
        found = difference(before, edition)
        table = difference_table(found, found.changes)
        files["4-与上一版差异对照.docx"] = render_tables([table], created=clock.today())
    rounds = list(edition.rounds.select_related("edition__plan").order_by("number"))
    if rounds:
        sheets = [
            Sheet(
                name=f"第{round_.number}轮",
                title=f"《{edition.plan.title}》征求意见汇总表",
                columns=SUMMARY_COLUMNS,
                rows=summary_rows(round_),
            )
            for round_ in rounds
        ]
        files["3-征求意见汇总表.xlsx"] = render_workbook(sheets, clock.today())
    note = _note(edition, rows, sorted(files))
    if note:
        files["0-送审说明.docx"] = note
    return files


def _names(files: list[str]) -> str:
    """What lies in the package, as a note names it: "方案（送审稿）、责任清单"."""
    return "、".join(name.split("-", 1)[1].rsplit(".", 1)[0] for name in files)


def list_rows(rows: list[TaskRow]) -> list[list[str]]:
    """The tasks as rows of LIST_COLUMNS."""
    return [
        [
            row.task.number,
            row.task.block.name if row.task.block else "",
            "、".join(row.clauses),
            row.task.title,
            "\n".join(part for part in (row.task.common, row.task.measures) if part),
            row.task.target_text,
            row.task.lead_leader,
            "、".join(row.leads),
            "、".join(row.supporting_all),
            row.deadline,
            row.task.note,
        ]
        for row in rows
    ]


def _list_in_excel(edition: Edition, rows: list[TaskRow]) -> bytes:
    title = f"{edition.plan.title}责任清单"
    sheet = Sheet(name="责任清单", title=title, columns=LIST_COLUMNS, rows=list_rows(rows), freeze_columns=4)
    return render_workbook([sheet], clock.today())


def plan_in_word(edition: Edition, rows: list[TaskRow]) -> bytes:
    """The plan as an official document: blocks as headings, tasks with their units, the list as an annex."""
    pack = current_pack()
    annexes = [
        Attachment(
            "责任清单",
            (TableSpec(title="", columns=LIST_COLUMNS, rows=list_rows(rows)),),
            paper="A3",
            landscape=True,
        )
    ]
    circumstances = list(edition.circumstances.all())
    if circumstances:
        texts = [Paragraph(row.definition, lead=f"{row.number}.{row.name}。") for row in circumstances]
        annexes.append(Attachment("负面清单情形及定义", texts))
    rounds = list(edition.rounds.select_related("edition__plan").order_by("number"))
    if rounds:
        annexes.append(
            Attachment("征求意见汇总表", summary_table(rounds, is_titled=False), paper="A3", landscape=True)
        )
    document = OfficialDocument(
        title=edition.plan.title,
        paragraphs=_body(rows, texts_of(edition)),
        organ=pack.pack.office.zh,
        signer=pack.pack.office.zh,
        layout="plain",
        attachments=annexes,
        created=clock.today(),
    )
    return render_document(document)


def _note(edition: Edition, rows: list[TaskRow], files: list[str]) -> bytes | None:
    """The note that goes with it (送审稿说明), worded by the pack's template; None where it has none."""
    pack = current_pack()
    template = next((one for one in pack.template.values() if one.document == "approval_package"), None)
    if template is None:
        return None
    wanted = [row for round_ in edition.rounds.all() for row in summary_rows(round_) if row[5] != "—"]
    values = {
        "office": pack.pack.office.zh,
        "city": pack.pack.name.zh,
        "date": chinese_date(clock.today()),
        "year": edition.year,
        "number": edition.number,
        "signer": edition.signer or pack.pack.office.zh,
        "plan": edition.plan.title,
        "edition": f"第{edition.number}版",
        "tasks_total": sum(row.task.parent_id is None for row in rows),
        "consultation": consultation_words(edition),
        "files": _names(files),
        "opinions": len(wanted),
        "adopted": sum(row[5].startswith(("采纳", "部分采纳")) for row in wanted),
    }
    document = OfficialDocument(
        title=fill(template.title, values),
        paragraphs=[
            Paragraph(fill(text.lstrip("# "), values), level=text[:3].count("#")) for text in template.body
        ],
        addressees=[name for name in [fill(template.addressee, values)] if name],
        signer=fill(template.closing, values),
        date=clock.today(),
        created=clock.today(),
    )
    return render_document(document)


def _by_when(row: TaskRow) -> str:
    """The deadline as a plan words it: its own words, else the day."""
    task = row.task
    return task.deadline_text or (f"{chinese_date(task.due_on)}前" if task.due_on else row.deadline)


def _body(rows: list[TaskRow], texts: list[EditionText]) -> list[Block]:
    """The tasks in order beneath the document's own texts; blocks become headings where it brought none."""
    around: dict[UUID | None, list[Block]] = defaultdict(list)
    for text in texts:
        around[text.task_id].append(Paragraph(text.text, level=text.level))
    blocks: list[Block] = []
    before: object = object()
    count = 0
    for row in rows:
        own = around[row.pk]
        if row.task.block_id != before:
            before, count = row.task.block_id, count + 1
            mark = f"{_NUMERALS[count - 1] if count <= len(_NUMERALS) else count}、" if not texts else ""
            if not own and (row.task.block or not texts):
                blocks.append(
                    Paragraph(f"{mark}{row.task.block.name if row.task.block else '其他'}", level=1)
                )
        blocks += own
        blocks.append(_task_paragraph(row))
    return [*blocks, *around[None]]


def _task_paragraph(row: TaskRow) -> Paragraph:
    units = "，".join(
        part
        for part in (
            f"{'、'.join(row.leads)}牵头" if row.leads else "",
            f"{'、'.join(row.supporting_all)}配合" if row.supporting_all else "",
            _by_when(row),
        )
        if part
    )
    text = "".join(part for part in (row.task.common, row.task.measures) if part)
    tail = f"（{units}）" if units else ""
    tail += f"（{row.task.note}）" if "库外单位：" in row.task.note else ""
    return Paragraph(f"{text}{tail}", lead=f"{row.task.number}.{row.task.title}。")
