"""The columns of the three lists, in the order offices accept (domain.md 1.16), for screen, Excel, Word and print."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from shiyu.documents.tables import Column as PaperColumn
from shiyu.documents.tables import TableSpec
from shiyu.matters.queries.problems import ProblemRow
from shiyu.plans.queries.list_kept import PagedLists
from shiyu.plans.queries.lists import ListRow, Lists
from shiyu.ui.columns import Column
from shiyu.ui.values import month_words, plain

MM = 0.26  # millimetres of a screen pixel


def _task_url(row: ListRow) -> str | None:
    if row.kind == "task":
        return reverse("task_detail", args=[row.task_id])
    return reverse("subject_detail", args=["meetings.decision", row.task_id])


def _matter_url(row: ProblemRow) -> str:
    return reverse("matter_detail", args=[row.matter_id])


def _about_url(row: ProblemRow) -> str | None:
    return reverse("subject_detail", args=[row.about_type, row.about_id]) if row.about_id else None


def _many(name: str) -> Any:
    return lambda row: list(getattr(row, name)) or None


def _some(name: str) -> Any:
    return lambda row: getattr(row, name) or None


NUMBER = Column(
    "position", pgettext_lazy("list", "No."), width=44, frozen=True, align="r", sort=True, short=True
)
TASK = Column("title", pgettext_lazy("list", "Key task"), value="task_label", width=190, frozen=True,
              template="desk/_list_task.html", sort=lambda r: r.position, link=_task_url)  # fmt: skip
TARGET = Column("target", pgettext_lazy("list", "Target of the year"), hint=pgettext_lazy("list", "mark of completion"),
                value=_some("target"), width=186, clamp=True)  # fmt: skip
LEADS = Column("leads", pgettext_lazy("list", "Lead unit"), value=_many("leads"), width=148)
SUPPORTING = Column("supporting", pgettext_lazy("list", "Supporting units"), hint=pgettext_lazy("list", "by protocol"),
                    value=_many("supporting"), width=206, clamp=True)  # fmt: skip
DEADLINE = Column("deadline", pgettext_lazy("list", "Deadline"), value=_some("deadline"), width=104, short=True,
                  sort=lambda r: r.due_on or date.max)  # fmt: skip
NOTE = Column("note", pgettext_lazy("list", "Note"), value=_some("note"), width=120, clamp=True)

RESPONSIBILITY = (
    NUMBER,
    Column("block", pgettext_lazy("list", "Block"), value=_some("block"), width=78, frozen=True, sort=True),
    Column(
        "clauses",
        pgettext_lazy("list", "Clauses"),
        value=lambda r: "、".join(r.clauses) or None,
        width=78,
        clamp=True,
        frozen=True,
    ),
    TASK,
    Column("measures", pgettext_lazy("list", "Measures"), value=_some("measures"), width=252, clamp=True),
    TARGET,
    Column("lead_leader", pgettext_lazy("list", "Leader in charge"), value=_some("lead_leader"), width=110),
    LEADS,
    SUPPORTING,
    Column("office", pgettext_lazy("list", "Office"), value=_some("office"), width=90, sort=True),
    Column("person", pgettext_lazy("list", "Person"), value=_some("person"), width=96, sort=True),
    DEADLINE,
    NOTE,
)

PROGRESS = (
    NUMBER,
    TASK,
    # Narrower than in the responsibility list, so that the status stands whole on a screen of 1366 px.
    replace(TARGET, width=150),
    LEADS,
    replace(SUPPORTING, width=168),
    DEADLINE,
    Column("progress", pgettext_lazy("list", "Progress this month"), value=_some("progress"), width=232, clamp=True),
    Column("total", pgettext_lazy("list", "Result so far"), value=_some("total"), width=168, clamp=True),
    Column("status", pgettext_lazy("list", "Status"), value="status_label", width=96, template="desk/_list_status.html",
           sort=lambda r: r.status, short=True),
    Column("issues", pgettext_lazy("list", "Difficulties"), value=_some("issues"), width=170, clamp=True),
    Column("next_steps", pgettext_lazy("list", "Next steps"), value=_some("next_steps"), width=170, clamp=True),
    Column("coordination", pgettext_lazy("list", "Needs coordination"), value=_some("coordination"), width=150, clamp=True),
    Column("proof", pgettext_lazy("list", "Proof"), hint=pgettext_lazy("list", "archive number"), value=lambda r: "、".join(r.proof) or None,
           width=140, clamp=True),
    NOTE,
)  # fmt: skip


def problem_columns(as_of: date) -> tuple[Column, ...]:
    """The problem list's columns; progress is headed with the day the list stands for."""
    return (
        NUMBER,
        Column("code", pgettext_lazy("list", "Number"), width=124, frozen=True, link=_matter_url, sort=True),
        Column("source", pgettext_lazy("list", "Source"), value=_some("source"), width=86),
        Column("happened_on", pgettext_lazy("list", "Found on"), width=98, sort=lambda r: r.happened_on, short=True),
        Column("about_label", pgettext_lazy("list", "Task"), value=_some("about_label"), width=150, link=_about_url, clamp=True),
        Column("text", pgettext_lazy("list", "Problem"), width=240, clamp=True),
        Column("goal", pgettext_lazy("list", "Goal"), value=_some("goal"), width=150, clamp=True),
        Column("measures", pgettext_lazy("list", "Measures to put it right"), value=_some("measures"), width=180, clamp=True),
        Column("lead", pgettext_lazy("list", "Responsible unit"), width=120),
        Column("supporting", pgettext_lazy("list", "Supporting units"), value=_many("supporting"), width=150, clamp=True),
        Column("person", pgettext_lazy("list", "Person"), value=_some("person"), width=96),
        Column("due_on", pgettext_lazy("list", "Time limit"), width=98, sort=lambda r: r.due_on, short=True),
        Column("progress", pgettext_lazy("list", "Progress"), hint=_("as of %(day)s") % {"day": as_of.isoformat()},
               value=_some("progress"), width=200, clamp=True),
        Column("status", pgettext_lazy("list", "State"), value="status_label", width=100, template="desk/_list_problem_state.html",
               sort=lambda r: r.status, short=True),
        Column("verified_by", pgettext_lazy("list", "Checked by"), value=_some("verified_by"), width=110),
        Column("closed_on", pgettext_lazy("list", "Closed on"), width=98, sort=lambda r: r.closed_on),
        Column("remark", pgettext_lazy("list", "Note"), value=_some("remark"), width=160, clamp=True),
    )  # fmt: skip


def columns_of(tab: str, as_of: date) -> tuple[Column, ...]:
    """The columns of one of the three lists."""
    if tab == "problems":
        return problem_columns(as_of)
    return PROGRESS if tab == "progress" else RESPONSIBILITY


def tab_words(tab: str) -> str:
    """What a list is called."""
    return {
        "responsibility": _("Responsibility list"),
        "problems": _("Problem list"),
        "progress": _("Progress list"),
    }[tab]


def paper_columns(columns: Iterable[Column]) -> tuple[PaperColumn, ...]:
    """The same columns for Word and Excel."""
    centred = {"position", "deadline", "due_on", "happened_on", "closed_on", "status", "code"}
    return tuple(
        PaperColumn(
            f"{one.label}（{one.hint}）" if one.hint else str(one.label),
            (one.width or 160) * MM,
            "center" if one.key in centred else "left",
        )
        for one in columns
    )


def paper_rows(columns: Sequence[Column], rows: Iterable[Any]) -> list[tuple[Any, ...]]:
    """The rows as paper shows them: the running number counts anew, what is empty is "—"."""
    made = []
    for at, row in enumerate(rows, start=1):
        values = [plain(one.exported(row)) for one in columns[1:]]
        made.append((at, *("—" if value in (None, "") else value for value in values)))
    return made


def paper_table(tab: str, lists: Lists | PagedLists, rows: Iterable[Any], whose: str) -> TableSpec:
    """One list for Word: title, whose and as of when, and for the progress list who filled it in."""
    columns = columns_of(tab, lists.as_of)
    given = list(rows)
    month = month_words(lists.period.code) if lists.period and tab == "progress" else ""
    sign_off: tuple[str, ...] = ()
    if tab == "progress":
        sign_off = (_("Filled in by"), _("Reviewed by"), _("Sent on"))
    as_of = _("as of %(day)s") % {"day": lists.as_of.isoformat()}
    return TableSpec(
        f"{whose}{month}{tab_words(tab)}",
        paper_columns(columns),
        paper_rows(columns, given) or [("—", _("nothing"), *[""] * (len(columns) - 2))],
        subtitle=f"{as_of}{_(', locked') if lists.is_locked else ''}",
        footer_left=tab_words(tab),
        sign_off=sign_off,
    )
