"""A unit's slip as Excel (down prefilled, up again with row-exact errors) and as Word, to be answered on paper."""

from uuid import UUID

from django.utils.translation import gettext as _

from shiyu.documents.excel import FilledRow, RowError, Sheet, SheetFaulty, read_filled, render_workbook
from shiyu.documents.tables import Column, TableSpec
from shiyu.documents.word import render_tables
from shiyu.plans.actions.opinions import Given
from shiyu.plans.models import Opinion, OpinionSlip
from shiyu.plans.queries.opinions import items_of

NONE, CHANGE = "无意见", "有修改意见"
COLUMNS = (
    Column("序号", 12, "center"),
    Column("承担", 14, "center"),
    Column("原文", 80),
    Column("意见", 24, key="answer", locked=False, choices=(NONE, CHANGE)),
    Column("修改意见", 60, key="wanted", locked=False, max_length=2000),
    Column("理由", 60, key="reason", locked=False, max_length=2000),
)
PAPER_COLUMNS = (
    Column("序号", 11, "center"),
    Column("承担", 13, "center"),
    Column("原文", 92),
    Column("意见（划“√”）", 32),
    Column("修改意见", 60),
    Column("理由", 50),
)
ROLES = {"": "", "lead": "牵头", "supporting": "配合"}
_WORDS = {Opinion.Answer.OPEN: "", Opinion.Answer.NONE: NONE, Opinion.Answer.CHANGE: CHANGE}


def slip_sheet(slip: OpinionSlip) -> Sheet:
    """The sheet of a slip; the same for going down and for reading back."""
    items = items_of(slip)
    return Sheet(
        name="征求意见表",
        title=f"《{slip.round.edition.plan.title}》征求意见表（{slip.unit.name}）",
        columns=COLUMNS,
        rows=[
            [
                item.task_number,
                ROLES[item.role],
                item.task_text,
                _WORDS[Opinion.Answer(item.answer)],
                item.wanted,
                item.reason,
            ]
            for item in items
        ],
        notes=(f"请于{slip.round.reply_by.isoformat()}前反馈；有修改意见的须写明理由。",),
        key=f"opinion-{slip.pk}",
        row_ids=tuple(str(item.pk) for item in items),
        paper="A4",
    )


def slip_workbook(slip: OpinionSlip) -> bytes:
    """The prefilled Excel."""
    return render_workbook([slip_sheet(slip)])


def slip_in_word(slip: OpinionSlip) -> bytes:
    """The slip on paper, for units that answer with a stamp: room for the answer where there is none yet."""
    rows = [
        [
            item.task_number,
            ROLES[item.role],
            item.task_text,
            "\n".join(f"{_box(item, answer)}{word}" for answer, word in _WORDS.items() if word),
            item.wanted,
            item.reason,
        ]
        for item in items_of(slip)
    ]
    table = TableSpec(
        title=f"《{slip.round.edition.plan.title}》征求意见表",
        subtitle=f"单位：{slip.unit.name}　　反馈期限：{slip.round.reply_by.isoformat()}",
        columns=PAPER_COLUMNS,
        rows=rows,
        notes=("有修改意见的，须写明修改意见和理由；逾期未反馈的，记为“未反馈”。",),
        sign_off=("单位负责人", "联系人及电话", "日期"),
        seal=True,
    )
    return render_tables([table], created=slip.round.opened_at.date())


def _box(item: Opinion, answer: str) -> str:
    return "☑" if item.answer == answer else "□"


def read_slip(slip: OpinionSlip, content: bytes) -> dict[UUID, Given]:
    """The answers of an Excel that came back; rows without an answer are left out.

    Raises `SheetFaulty` naming every wrong row: a change without its text or reason, text without a choice.
    """
    sheet = slip_sheet(slip)
    rows = read_filled(content, sheet)
    errors = [error for row in rows for error in _errors(sheet, row)]
    if errors:
        raise SheetFaulty(errors)
    return {
        UUID(row.row_id): Given("change", _text(row, "wanted"), _text(row, "reason"))
        if row.values.get("answer") == CHANGE
        else Given("none")
        for row in rows
        if row.values.get("answer")
    }


def _text(row: FilledRow, key: str) -> str:
    return str(row.values.get(key) or "").strip()


def _errors(sheet: Sheet, row: FilledRow) -> list[RowError]:
    answer = row.values.get("answer")
    found = []
    if answer == CHANGE:
        if not _text(row, "wanted"):
            found.append(RowError(sheet.name, row.number, "修改意见", "", _("say what should be changed")))
        if not _text(row, "reason"):
            found.append(RowError(sheet.name, row.number, "理由", "", _("give the reason for the change")))
    elif _text(row, "wanted"):
        message = _("a change is written here, but the column before does not say so")
        found.append(RowError(sheet.name, row.number, "意见", str(answer or ""), message))
    return found
