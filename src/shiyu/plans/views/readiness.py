"""The readiness report: per clause, tasks, progress, open problems, proof; on screen, Word and Excel."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shiyu.documents.tables import Column as PaperColumn
from shiyu.documents.tables import TableSpec
from shiyu.documents.word import render_tables
from shiyu.lib import clock
from shiyu.lib.errors import NotAllowed
from shiyu.lib.requests import WorkRequest
from shiyu.plans.models import Guideline
from shiyu.plans.queries.readiness import readiness_rows
from shiyu.ui.lists import Column, ListSpec, TablePage, respond_list
from shiyu.ui.sheets import as_download
from shiyu.ui.values import Number

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


COLUMNS = (
    Column("number", gettext_lazy("Clause"), width=84, frozen=True, sort=True),
    Column("text", gettext_lazy("Requirement"), width=330, frozen=True, clamp=True),
    Column("task_words", gettext_lazy("Tasks and progress"), width=380, clamp=True),
    Column("late", gettext_lazy("Overdue tasks"), width=90, align="r", sort=True),
    Column("open_problems", gettext_lazy("Open problems"), width=90, align="r", sort=True),
    Column("proof", gettext_lazy("Proof on file"), width=90, align="r", sort=True),
    Column("guideline", gettext_lazy("Guideline"), width=270),
)


class ReadyFilter(forms.Form):
    """Which clauses."""

    state = forms.ChoiceField(
        label=gettext_lazy("State"),
        required=False,
        choices=[
            ("", gettext_lazy("All")),
            ("blind", gettext_lazy("Without a task")),
            ("late", gettext_lazy("With overdue tasks")),
            ("bare", gettext_lazy("Without proof")),
        ],
    )
    words = forms.CharField(label=gettext_lazy("Contains"), required=False, max_length=40)


def keep(rows: Any, given: dict[str, Any]) -> Any:
    """The rows that the filter lets through."""
    words, state = given.get("words") or "", given.get("state") or ""
    tests = {"blind": lambda r: r.is_blind, "late": lambda r: r.late, "bare": lambda r: not r.proof}
    for row in rows:
        if words and words not in row.text and words not in row.number:
            continue
        if state in tests and not tests[state](row):
            continue
        yield row


@login_required
def readiness(request: WorkRequest) -> HttpResponse:
    """What can be shown for each clause when the inspection comes."""
    if not request.actor.has("list.view_all"):
        raise NotAllowed(_("Your posts do not include seeing all units' lists."))
    key = _key(request.GET.get("guideline", ""))
    guideline = Guideline.objects.filter(pk=key).first() if key else None
    rows = readiness_rows(guideline.pk if guideline else None)
    title = _("Readiness report")
    spec = ListSpec(
        "readiness", title, COLUMNS, "number", page_size=50, empty=_("No clause under this filter.")
    )
    foot = [
        Number(len(rows), label=_("Clauses")),
        Number(sum(row.is_done for row in rows), label=_("All done")),
        Number(sum(row.is_blind for row in rows), label=_("Without a task")),
        Number(sum(not row.proof for row in rows), label=_("Without proof")),
    ]
    page = TablePage(request, spec, rows, form=ReadyFilter, keep=keep, foot=foot)
    if request.GET.get("export") == "docx":
        return as_download(_word(page, title), f"{title}.docx", WORD)
    guidelines = list(Guideline.objects.order_by("level", "title"))
    return respond_list(
        request, page, "plans/readiness.html", {"guidelines": guidelines, "guideline": guideline}
    )


def _word(page: TablePage, title: str) -> bytes:
    paper = tuple(
        PaperColumn(str(c.label), c.width / 4, "right" if c.align == "r" else "left") for c in COLUMNS
    )
    body = [tuple(column.exported(row) for column in COLUMNS) for row in page.filtered]
    as_of = str(_("as of %(day)s") % {"day": clock.today().isoformat()})
    return render_tables([TableSpec(title, paper, body, subtitle=as_of)], paper="A3", created=clock.today())


def _key(text: str) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        return None


urlpatterns = [path("readiness/", readiness, name="readiness")]
