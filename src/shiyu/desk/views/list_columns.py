"""The columns of the three lists, in the order offices accept (domain.md 1.16), for screen, Excel, Word and print."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shiyu.documents.tables import Column as PaperColumn
from shiyu.documents.tables import TableSpec
from shiyu.matters.queries.problems import ProblemRow
from shiyu.plans.queries.lists import ListRow, Lists
from shiyu.ui.columns import Column
from shiyu.ui.values import month_words, plain

MM = 0.26  # millimetres of a screen pixel


def mark_of(row: ListRow) -> str:
    """The mark of a row: late, done, on, behind or none."""
    if row.is_late:
        return "late"
    return {"done": "done", "on_track": "on", "behind": "behind"}.get(row.status, "none")


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


NUMBER = Column("position", gettext_lazy("No."), width=44, frozen=True, align="r", sort=True, short=True)
TASK = Column("title", gettext_lazy("Key task"), value="task_label", width=190, frozen=True,
              template="desk/_list_task.html", sort=lambda r: r.position, link=_task_url)  # fmt: skip
TARGET = Column("target", gettext_lazy("Target of the year"), hint=gettext_lazy("mark of completion"),
                value=_some("target"), width=186, clamp=True)  # fmt: skip
LEADS = Column("leads", gettext_lazy("Lead unit"), value=_many("leads"), width=120)
SUPPORTING = Column("supporting", gettext_lazy("Supporting units"), hint=gettext_lazy("by protocol"),
                    value=_many("supporting"), width=206, clamp=True)  # fmt: skip
DEADLINE = Column("deadline", gettext_lazy("Deadline"), value=_some("deadline"), width=104, short=True,
                  sort=lambda r: r.due_on or date.max)  # fmt: skip
NOTE = Column("note", gettext_lazy("Note"), value=_some("note"), width=120, clamp=True)

RESPONSIBILITY = (
    NUMBER,
    Column("block", gettext_lazy("Block"), value=_some("block"), width=78, frozen=True, sort=True),
    Column("clauses", gettext_lazy("Clauses"), value=lambda r: "、".join(r.clauses) or None, width=78, frozen=True),
    TASK,
    Column("measures", gettext_lazy("Measures"), value=_some("measures"), width=252, clamp=True),
    TARGET,
    Column("lead_leader", gettext_lazy("Leader in charge"), value=_some("lead_leader"), width=110),
    LEADS,
    SUPPORTING,
    Column("office", gettext_lazy("Office"), value=_some("office"), width=90, sort=True),
    Column("person", gettext_lazy("Person"), value=_some("person"), width=96, sort=True),
    DEADLINE,
    NOTE,
)

PROGRESS = (
    NUMBER,
    TASK,
    TARGET,
    LEADS,
    SUPPORTING,
    DEADLINE,
    Column("progress", gettext_lazy("Progress this month"), value=_some("progress"), width=252, clamp=True),
    Column("total", gettext_lazy("Result so far"), value=_some("total"), width=200, clamp=True),
    Column("status", gettext_lazy("Status"), value="status_label", width=96, template="desk/_list_status.html",
           sort=lambda r: r.status, short=True),
    Column("issues", gettext_lazy("Difficulties"), value=_some("issues"), width=170, clamp=True),
    Column("next_steps", gettext_lazy("Next steps"), value=_some("next_steps"), width=170, clamp=True),
    Column("coordination", gettext_lazy("Needs coordination"), value=_some("coordination"), width=150, clamp=True),
    Column("proof", gettext_lazy("Proof"), hint=gettext_lazy("archive number"), value=lambda r: "、".join(r.proof) or None,
           width=140, clamp=True),
    NOTE,
)  # fmt: skip


def problem_columns(as_of: date) -> tuple[Column, ...]:
    """The problem list's columns; progress is headed with the day the list stands for."""
    return (
        NUMBER,
        Column("code", gettext_lazy("Number"), width=124, frozen=True, link=_matter_url, sort=True),
        Column("source", gettext_lazy("Source"), value=_some("source"), width=86),
        Column("happened_on", gettext_lazy("Found on"), width=98, sort=lambda r: r.happened_on, short=True),
        Column("about_label", gettext_lazy("Task"), value=_some("about_label"), width=150, link=_about_url, clamp=True),
        Column("text", gettext_lazy("Problem"), width=240, clamp=True),
        Column("goal", gettext_lazy("Goal"), value=_some("goal"), width=150, clamp=True),
        Column("measures", gettext_lazy("Measures to put it right"), value=_some("measures"), width=180, clamp=True),
        Column("lead", gettext_lazy("Responsible unit"), width=120),
        Column("supporting", gettext_lazy("Supporting units"), value=_many("supporting"), width=150, clamp=True),
        Column("person", gettext_lazy("Person"), value=_some("person"), width=96),
        Column("due_on", gettext_lazy("Time limit"), width=98, sort=lambda r: r.due_on, short=True),
        Column("progress", gettext_lazy("Progress"), hint=_("as of %(day)s") % {"day": as_of.isoformat()},
               value=_some("progress"), width=200, clamp=True),
        Column("status", gettext_lazy("State"), value="status_label", width=100, template="desk/_list_problem_state.html",
               sort=lambda r: r.status, short=True),
        Column("verified_by", gettext_lazy("Checked by"), value=_some("verified_by"), width=110),
        Column("closed_on", gettext_lazy("Closed on"), width=98, sort=lambda r: r.closed_on),
        Column("remark", gettext_lazy("Note"), value=_some("remark"), width=160, clamp=True),
    )  # fmt: skip


def columns_of(tab: str, as_of: date) -> tuple[Column, ...]:
    """The columns of one of the three lists."""
    if tab == "problems":
        return problem_columns(as_of)
    return PROGRESS if tab == "progress" else RESPONSIBILITY


def rows_of(tab: str, lists: Lists) -> Sequence[Any]:
    """The rows of one of the three lists."""
    by_tab: dict[str, Sequence[Any]] = {
        "responsibility": lists.responsibility,
        "problems": lists.problems,
        "progress": lists.progress,
    }
    return by_tab[tab]


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


def paper_table(tab: str, lists: Lists, rows: Iterable[Any], whose: str) -> TableSpec:
    """One list for Word: title, whose and as of when, and for the progress list who filled it in."""
    columns = columns_of(tab, lists.as_of)
    given = list(rows)
    month = month_words(lists.period.code) if lists.period and tab == "progress" else ""
    sign_off = ()
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
