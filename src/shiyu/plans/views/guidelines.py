"""Pages of the texts from above: list, and the tree with the tasks that meet each clause."""

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _

from shiyu.plans.access import can, need
from shiyu.plans.models import Guideline
from shiyu.plans.queries.trace import clause_tree, guidelines_with_counts
from shiyu.ui.lists import Column, ListSpec, TablePage, respond_list
from shiyu.ui.sheets import XLSX, SheetColumn, as_download, write_xlsx
from shiyu.ui.values import Number

LEVELS = {"national": _("National"), "provincial": _("Provincial"), "city": _("City")}


def _link(row: Guideline) -> str:
    return reverse("guideline_detail", args=[row.pk])


LIST = ListSpec(
    key="guidelines",
    title=_("Guidelines"),
    columns=(
        Column("title", _("Title"), link=_link, sort=lambda row: row.title),
        Column("level", _("Level"), value=lambda row: LEVELS[row.level], short=True),
        Column("issuer", _("Issuing body")),
        Column("document_number", _("Number of the document"), value=lambda row: row.document_number or None),
        Column("edition", _("Edition"), value=lambda row: row.edition or None, short=True),
        Column(
            "requirements",
            _("Requirements"),
            value=lambda row: Number(row.requirement_count, _link(row)),
            align="r",
        ),
        Column(
            "blind",
            _("Met by no task"),
            value=lambda row: Number(row.blind_count, f"{_link(row)}?show=blind"),
            align="r",
        ),
    ),
    default_sort="title",
    empty=_("No guideline has been imported yet."),
    paper="A4",
)


TASKS_SHOWN = 8
"""How many tasks stand beside a clause before "and more": a page of a large city would have thousands."""


@login_required
def guideline_list(request: HttpRequest) -> HttpResponse:
    """All guidelines with how much of each is met."""
    need(request.actor, "view")  # type: ignore[attr-defined]
    page = TablePage(request, LIST, list(guidelines_with_counts()))
    context = {"may_import": can(request.actor, "import")}  # type: ignore[attr-defined]
    return respond_list(request, page, "plans/guideline_list.html", context)


@login_required
def guideline_detail(request: HttpRequest, guideline_id: UUID) -> HttpResponse:
    """The clauses as a tree, each with the first tasks that meet it (`?clause=` that one's all); `?show=blind` only
    those that none meets."""
    need(request.actor, "view")  # type: ignore[attr-defined]
    guideline = Guideline.objects.filter(pk=guideline_id).first()
    if guideline is None:
        raise Http404
    if request.GET.get("export") == "xlsx":
        return _export(guideline, clause_tree(guideline))
    nodes = clause_tree(guideline, most=TASKS_SHOWN)
    blind = [node for node in nodes if node.is_blind]
    only_blind = request.GET.get("show") == "blind"
    opened = request.GET.get("clause", "")
    for at, node in enumerate(nodes):
        if node.more and str(node.clause.pk) == opened:
            nodes[at : at + 1] = clause_tree(guideline, clause_id=node.clause.pk)
    context = {
        "guideline": guideline,
        "level": LEVELS[guideline.level],
        "nodes": blind if only_blind else nodes,
        "blind_count": len(blind),
        "requirement_count": sum(node.clause.is_requirement for node in nodes),
        "only_blind": only_blind,
    }
    return render(request, "plans/guideline_detail.html", context)


def _export(guideline: Guideline, nodes: list) -> HttpResponse:
    columns = [
        SheetColumn(str(_("Number in the plan")), 12),
        SheetColumn(str(_("Clause")), 60),
        SheetColumn(str(_("Tasks")), 60),
    ]
    rows = (
        [
            node.clause.number,
            node.clause.text,
            "；".join(f"{task.number} {task.title}" for task in node.tasks) or None,
        ]
        for node in nodes
    )
    return as_download(write_xlsx(guideline.title, columns, rows), f"{guideline.title}.xlsx", XLSX)


urlpatterns = [
    path("guidelines/", guideline_list, name="guideline_list"),
    path("guidelines/<uuid:guideline_id>/", guideline_detail, name="guideline_detail"),
]
