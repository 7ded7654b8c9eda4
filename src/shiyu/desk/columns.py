"""The columns of the three lists, as offices accept them (domain.md 1.16), for screen, Excel and Word alike."""

from collections.abc import Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shiyu.documents.tables import Column as PaperColumn
from shiyu.documents.tables import TableSpec
from shiyu.matters.queries import ProblemRow
from shiyu.plans.queries.lists import ListRow, Lists, ProgressRow, ResponsibilityRow
from shiyu.ui.lists import Column

KINDS = ("responsibility", "problems", "progress")
TITLES = {
    "responsibility": gettext_lazy("Responsibility list"),
    "problems": gettext_lazy("Problem list"),
    "progress": gettext_lazy("Progress list"),
}
LATE = "desk/_late_task.html"


def deadline_of(row: ListRow) -> str:
    """The deadline as it is read: the day, or words such as 长期坚持."""
    return row.due_on.isoformat() if row.due_on else row.deadline


RESPONSIBILITY = (
    Column("position", gettext_lazy("No."), sort=True, width=52, frozen=True, align="r"),
    Column("block", gettext_lazy("Block"), width=84, frozen=True, short=True),
    Column("clauses", gettext_lazy("Guideline clause"), width=84, frozen=True, short=True),
    Column("task_label", gettext_lazy("Key task"), width=190, frozen=True, template=LATE, sort=True),
    Column("measures", gettext_lazy("Measures"), width=254, clamp=True),
    Column("target", gettext_lazy("Year's target"), width=186, clamp=True),
    Column("lead_leader", gettext_lazy("Leader in charge"), width=108),
    Column("leads", gettext_lazy("Lead unit"), width=108),
    Column(
        "supporting",
        gettext_lazy("Supporting units"),
        hint=gettext_lazy("by protocol"),
        width=206,
        clamp=True,
    ),
    Column("office", gettext_lazy("Office"), width=92, short=True),
    Column("person", gettext_lazy("Person"), width=110, short=True),
    Column("deadline", gettext_lazy("Deadline"), value=deadline_of, sort=lambda row: row.due_on, width=104),
    Column("note", gettext_lazy("Remark"), width=120),
)

PROGRESS = (
    Column("position", gettext_lazy("No."), sort=True, width=52, frozen=True, align="r"),
    Column("task_label", gettext_lazy("Key task"), width=190, frozen=True, template=LATE, sort=True),
    Column("target", gettext_lazy("Year's target"), width=170, frozen=True, clamp=True),
    Column("leads", gettext_lazy("Lead unit"), width=108),
    Column(
        "supporting",
        gettext_lazy("Supporting units"),
        hint=gettext_lazy("by protocol"),
        width=190,
        clamp=True,
    ),
    Column("deadline", gettext_lazy("Deadline"), value=deadline_of, sort=lambda row: row.due_on, width=104),
    Column("progress", gettext_lazy("This month"), width=240, clamp=True),
    Column("total", gettext_lazy("So far"), width=190, clamp=True),
    Column("status_label", gettext_lazy("State"), width=84, sort=True),
    Column("issues", gettext_lazy("Difficulties"), width=180, clamp=True),
    Column("next_steps", gettext_lazy("Next steps"), width=180, clamp=True),
    Column("coordination", gettext_lazy("To be coordinated"), width=160, clamp=True),
    Column("proof", gettext_lazy("Proof (archive number)"), width=130),
    Column("note", gettext_lazy("Remark"), width=120),
)

STATES = {
    "closed": gettext_lazy("Struck off"),
    "overdue": gettext_lazy("Overdue"),
    "on_books": gettext_lazy("On the books"),
    "in_hand": gettext_lazy("Being put right"),
}


def matter_url(row: ProblemRow) -> str:
    """The page of a problem."""
    return reverse("matter_detail", args=[row.matter_id])


def state_of(row: ProblemRow) -> str:
    """A problem's state in words."""
    return str(STATES.get(row.status, row.status))


PROBLEMS = (
    Column("position", gettext_lazy("No."), sort=True, width=52, frozen=True, align="r"),
    Column("code", gettext_lazy("Problem number"), width=130, frozen=True, link=matter_url, sort=True),
    Column("source", gettext_lazy("Source"), width=90, short=True),
    Column("happened_on", gettext_lazy("Found on"), width=96, sort=True, short=True),
    Column("about_label", gettext_lazy("Task"), width=150, clamp=True),
    Column("text", gettext_lazy("Problem"), width=240, clamp=True),
    Column("goal", gettext_lazy("Aim"), width=150, clamp=True),
    Column("measures", gettext_lazy("Measures"), width=180, clamp=True),
    Column("lead", gettext_lazy("Responsible unit"), width=108),
    Column("supporting", gettext_lazy("Supporting units"), width=150),
    Column("person", gettext_lazy("Person"), width=110, short=True),
    Column("due_on", gettext_lazy("Deadline"), width=96, sort=True),
    Column("progress", gettext_lazy("Progress"), width=200, clamp=True),
    Column("status", gettext_lazy("State"), value=state_of, width=84, sort=state_of),
    Column("verified_by", gettext_lazy("Checked by"), width=110),
    Column("closed_on", gettext_lazy("Struck off on"), width=96, sort=True),
    Column("remark", gettext_lazy("Remark"), width=110),
)

COLUMNS: dict[str, tuple[Column, ...]] = {
    "responsibility": RESPONSIBILITY,
    "problems": PROBLEMS,
    "progress": PROGRESS,
}
Row = ResponsibilityRow | ProgressRow | ProblemRow


def rows_of(lists: Lists, kind: str) -> Sequence[Any]:
    """The rows of one of the three."""
    if kind == "problems":
        return lists.problems
    return lists.progress if kind == "progress" else lists.responsibility


def paper_table(lists: Lists, kind: str, owner: str, rows: Sequence[Any] | None = None) -> TableSpec:
    """One of the three lists for Word or a workbook: A3, all text, the foot that the list of its kind asks for."""
    columns = COLUMNS[kind]
    paper = tuple(
        PaperColumn(str(c.label), max(c.width / 4, 12), "right" if c.align == "r" else "left")
        for c in columns
    )
    shown = rows_of(lists, kind) if rows is None else rows
    body = [tuple(column.exported(row) for column in columns) for row in shown]
    sign = (str(_("Filled in by")), str(_("Reviewed by")), str(_("Sent on"))) if kind == "progress" else ()
    return TableSpec(
        title=f"{owner}{TITLES[kind]}",
        columns=paper,
        rows=body,
        subtitle=str(_("as of %(day)s") % {"day": lists.as_of.isoformat()}),
        sign_off=sign,
        seal=True,
        footer_left=owner,
    )
