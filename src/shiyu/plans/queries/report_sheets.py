"""A unit's month as a prefilled workbook, and the same workbook read back."""

from decimal import Decimal
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from shiyu.documents.excel import RowError, Sheet, SheetFaulty, read_filled, render_workbook
from shiyu.documents.form_columns import form_answers, form_cells, form_columns
from shiyu.documents.tables import Column
from shiyu.packs.forms import language
from shiyu.packs.queries import current_pack
from shiyu.plans.actions.reports import LONGEST, EntryInput
from shiyu.plans.models import Report
from shiyu.plans.queries.cycle_fields import own_fields, read_fields
from shiyu.plans.queries.lists import status_words
from shiyu.plans.queries.reports import EntryLine


def sheet_of(report: Report, lines: list[EntryLine]) -> Sheet:
    """The form: what is asked and what is held already is locked, the answers are open."""
    words, form, pack = status_words(), own_fields(), current_pack()
    rows = [
        (
            line.number, line.title, line.target, line.due_on,
            line.last.total or line.last.progress if line.last else "",
            str(words.get(line.entry.status, "")), line.entry.progress,
            line.entry.total or (line.last.total if line.last else ""), _held(line), line.entry.issues,
            line.entry.next_steps, line.entry.coordination,
            *form_cells(form, line.entry.fields, pack), pgettext("tick", "yes") if line.entry.no_change else "",
        )
        for line in lines
    ]  # fmt: skip
    title = f"{report.unit.name} {report.period.code} {_('progress report')}"
    return Sheet(
        name=report.period.code,
        title=title,
        columns=_columns(),
        rows=rows,
        notes=(
            _(
                "Write in the light cells only. A row left empty stays open; in “no change” rows only the tick counts."
            ),
        ),
        key=f"report:{report.pk}",
        row_ids=tuple(str(line.pk) for line in lines),
        freeze_columns=2,
    )


def _columns() -> tuple[Column, ...]:
    words = status_words()

    def text(label: str, width: float, key: str) -> Column:
        return Column(label, width, "left", key, locked=False, max_length=LONGEST)

    return (
        Column(pgettext("report", "No."), 12, "center"),
        Column(pgettext("report", "Key task"), 50),
        Column(pgettext("report", "Target of the year"), 36),
        Column(pgettext("report", "Deadline"), 24, "center"),
        Column(_("Last time"), 50),
        Column(pgettext("report", "Status"), 22, "center", "status", False, (*map(str, words.values()),)),
        text(_("Progress this month"), 60, "progress"),
        text(_("Result so far"), 46, "total"),
        Column(_("Number so far"), 22, "right", "value", False, kind="number"),
        text(_("Difficulties"), 40, "issues"),
        text(_("Next steps"), 40, "next_steps"),
        text(_("Needs coordination"), 36, "coordination"),
        *form_columns(own_fields(), current_pack()),
        Column(_("No change"), 18, "center", "no_change", False, (pgettext("tick", "yes"),)),
    )


def _held(line: EntryLine) -> float | None:
    value = line.entry.value if line.entry.value is not None else line.last.value if line.last else None
    return None if value is None else float(value)


def report_workbook(report: Report, lines: list[EntryLine]) -> bytes:
    """The prefilled .xlsx of a unit's month."""
    return render_workbook([sheet_of(report, lines)], report.period.starts_on)


def read_report(content: bytes, report: Report, lines: list[EntryLine]) -> list[EntryInput]:
    """The answers of a filled workbook. Raises `SheetFaulty` with every error and its row; takes nothing then."""
    codes = {str(label): code for code, label in status_words().items()}
    sheet, form, pack = sheet_of(report, lines), own_fields(), current_pack()
    faults: list[RowError] = []
    made = []
    for row in read_filled(content, sheet):
        given = row.values
        no_change = bool(given["no_change"])
        entry = EntryInput(
            UUID(row.row_id),
            status=str(codes.get(given["status"], "")),
            progress=given["progress"],
            total=given["total"],
            value=Decimal(given["value"]) if given["value"] is not None else None,
            issues=given["issues"],
            next_steps=given["next_steps"],
            coordination=given["coordination"],
            no_change=no_change,
            fields=form_answers(form, given, pack),
        )
        line = next(one for one in lines if str(one.pk) == row.row_id)
        # What was prefilled (total, number) does not count as begun.
        if not no_change and not any(
            (
                entry.status,
                entry.progress,
                entry.issues,
                entry.next_steps,
                entry.coordination,
                entry.has_fields,
            )
        ):
            continue
        faults += [RowError(sheet.name, row.number, column, "", what) for column, what in _wrong(line, entry)]
        made.append(entry)
    if faults:
        raise SheetFaulty(faults)
    return made


def _wrong(line: EntryLine, entry: EntryInput) -> list[tuple[str, str]]:
    form = own_fields()
    _kept, faults = read_fields(entry.fields or {}, line.entry.fields)
    found = [(form[fault.field].label.text(language()), fault.reason.text(language())) for fault in faults]
    if entry.no_change:
        if not line.may_carry:
            found.append((_("No change"), _("there is no earlier report to carry over")))
        return found
    if not entry.status:
        found.append((pgettext("report", "Status"), _("must not be empty")))
    if not entry.progress:
        found.append((_("Progress this month"), _("must not be empty")))
    return found
