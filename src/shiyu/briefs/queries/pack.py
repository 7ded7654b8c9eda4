"""The whole meeting pack as files, made from one locked month."""

from __future__ import annotations

from django.utils.translation import override

from shiyu.briefs.queries.annexes import (
    asked_table,
    books_table,
    decision_table,
    due_table,
    instruction_table,
    overdue_table,
    three_lists,
)
from shiyu.briefs.queries.circular import circular
from shiyu.briefs.queries.locked import month_facts
from shiyu.briefs.queries.month import MonthFacts
from shiyu.briefs.queries.slips import slip
from shiyu.documents.archive import safe_name, write_archive
from shiyu.documents.excel import Sheet, render_workbook
from shiyu.documents.tables import TableSpec
from shiyu.documents.word import render_document, render_tables

Files = dict[str, bytes]


def meeting_pack_files(period_code: str) -> Files:
    """The month's meeting pack: relative path → content, sorted by path.

    `period_code` is 2026-10. Raises UserError when there is no such month or it is not locked. Reads locked rows
    only: the same locked month gives the same bytes, whatever was reopened or renamed since.
    """
    return files_of(month_facts(period_code))


def archive_of(facts: MonthFacts, files: Files) -> bytes:
    """The files as one zip, dated by the locking."""
    return write_archive(files, facts.made_on)


def archive_name(facts: MonthFacts) -> str:
    """What the zip is called."""
    return safe_name(f"{facts.words}例会材料.zip")


def files_of(facts: MonthFacts) -> Files:
    """Every file of the pack of these facts; in Chinese, whatever language the reader has chosen."""
    with override("zh-hans"):
        return _files_of(facts)


def _files_of(facts: MonthFacts) -> Files:
    made = {"01通报.docx": render_document(circular(facts))}
    for name, table in three_lists(facts).items():
        made[f"02三张清单/{name}.docx"] = render_tables([table], "A3", True, created=facts.made_on)
        made[f"02三张清单/{name}.xlsx"] = _workbook(name, table, facts)
    decisions = decision_table(facts.decisions, facts.ends_on)
    made["03上次会议议定事项落实情况.docx"] = render_tables([decisions], "A4", True, created=facts.made_on)
    made["04需会议研究事项.docx"] = render_tables(needs_meeting(facts), "A4", True, created=facts.made_on)
    digits = len(str(len(facts.units)))
    for at, unit in enumerate(facts.units, start=1):  # by protocol: the number keeps that order in any folder
        made[f"05各单位/{at:0{digits}d}{safe_name(unit.name)}.docx"] = render_document(slip(facts, unit))
    told = instruction_table(facts.instructions)
    made["06领导批示办理情况.docx"] = render_tables([told], "A4", True, created=facts.made_on)
    return dict(sorted(made.items()))


def needs_meeting(facts: MonthFacts) -> list[TableSpec]:
    """What needs the meeting: asked for by units, overdue, on the books, disputed, due next month."""
    return [
        asked_table("需协调事项", facts.coordination),
        overdue_table("逾期事项", facts.overdue),
        books_table(facts.on_books),
        asked_table("有争议事项", facts.disputed),
        due_table("下月到期事项", facts.due_next),
    ]


def _workbook(name: str, table: TableSpec, facts: MonthFacts) -> bytes:
    sheet = Sheet(name, table.title, table.columns, table.rows, notes=(table.subtitle,), freeze_columns=2)
    return render_workbook([sheet], created=facts.made_on)
