"""The three lists: views over the same rows, on screen, Excel, Word and paper; one unit or all in one archive."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shiyu.desk.columns import COLUMNS, KINDS, TITLES, paper_table, rows_of
from shiyu.documents.archive import write_archive
from shiyu.documents.excel import Sheet, render_workbook
from shiyu.documents.word import render_tables
from shiyu.kernel.actor import Actor
from shiyu.lib import clock
from shiyu.lib.errors import NotAllowed, NotVisible
from shiyu.lib.requests import WorkRequest
from shiyu.notices.queries import saved_views
from shiyu.people.models import Unit
from shiyu.people.queries import OFFICE
from shiyu.periods.models import Period
from shiyu.plans.models import Edition
from shiyu.plans.queries.lists import Lists, ListScope, Source, cut_lists, source_of_lists, units_listable
from shiyu.ui.lists import ListSpec, TablePage, View, respond_list
from shiyu.ui.sheets import as_download
from shiyu.ui.values import Number

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


class ListFilter(forms.Form):
    """What narrows a list further: part, state, deadline, words."""

    role = forms.ChoiceField(
        label=gettext_lazy("Part"),
        required=False,
        choices=[
            ("", gettext_lazy("Lead and supporting")),
            ("lead", gettext_lazy("Lead")),
            ("supporting", gettext_lazy("Supporting")),
        ],
    )
    state = forms.ChoiceField(
        label=gettext_lazy("State"),
        required=False,
        choices=[
            ("", gettext_lazy("All")),
            ("open", gettext_lazy("Not done")),
            ("late", gettext_lazy("Overdue")),
            ("done", gettext_lazy("Done")),
            ("nobody", gettext_lazy("No person named")),
        ],
    )
    due = forms.DateField(
        label=gettext_lazy("Due until"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    words = forms.CharField(label=gettext_lazy("Contains"), required=False, max_length=40)


def keep(rows: Any, given: dict[str, Any]) -> Any:
    """The rows that the filter lets through."""
    words, state, due = given.get("words") or "", given.get("state") or "", given.get("due")
    for row in rows:
        text = "".join(str(value) for value in vars(row).values() if isinstance(value, str))
        if words and words not in text:
            continue
        if due and not (row.due_on and row.due_on <= due):
            continue
        if given.get("role") and getattr(row, "role", given["role"]) != given["role"]:
            continue
        if state and not _has_state(row, state):
            continue
        yield row


def _has_state(row: Any, state: str) -> bool:
    closed = row.status == "closed" if hasattr(row, "closed_on") else not row.is_open
    late = row.status == "overdue" if hasattr(row, "closed_on") else row.is_late
    return {"open": not closed, "late": late, "done": closed, "nobody": not row.person}[state]


@login_required
def three_lists(request: WorkRequest) -> HttpResponse:
    """One of the three lists of a unit, plan, block or task; live, or as a locked month kept it."""
    actor = request.actor
    if not actor.has("plan.view"):
        raise NotAllowed(_("Your posts do not include this right."))
    units = units_listable(actor)
    scope, owner, unit = _scope(request, actor, units)
    period = _period(request)
    source = source_of_lists(actor, period)
    if request.GET.get("export") == "all":
        return _all_units(actor, source, units)
    lists = cut_lists(source, scope)
    kind = request.GET.get("list", "responsibility")
    kind = kind if kind in KINDS else "responsibility"
    page = _page(request, lists, kind, owner)
    if request.GET.get("export") == "docx":
        table = paper_table(lists, kind, owner, page.filtered)
        name = f"{table.title}.docx"
        return as_download(render_tables([table], paper="A3", created=lists.as_of), name, WORD)
    context = {
        "kind": kind,
        "owner": owner,
        "unit": unit,
        "units": units,
        "plans": _plans(),
        "blocks": _blocks(source),
        "scope": scope,
        "lists": lists,
        "tabs": _tabs(request, lists, kind),
        "periods": Period.objects.filter(kind=Period.Kind.MONTH).order_by("-code")[:24],
        "period": period,
        "self_unit": unit.display_short if unit else "",
        "may_all": actor.has("list.view_all") or len(units) > 1,
    }
    return respond_list(request, page, "desk/three_lists.html", context)


def _page(request: WorkRequest, lists: Lists, kind: str, owner: str) -> TablePage:
    rows = rows_of(lists, kind)
    spec = ListSpec(
        key="three_lists",
        title=f"{owner}{TITLES[kind]}",
        columns=COLUMNS[kind],
        default_sort="position",
        views=[
            View(_("All"), _with(request, state="", due="")),
            View(_("Not done"), _with(request, state="open", due="")),
            View(_("Due by the year's end"), _with(request, state="open", due=f"{clock.today().year}-12-31")),
            View(_("No person named"), _with(request, state="nobody", due="")),
        ],
        empty=_("No row under this filter."),
    )
    late = sum(getattr(row, "is_late", False) or row.status == "overdue" for row in rows)
    foot = [Number(len(rows), label=_("All")), Number(late, late=bool(late), label=_("Overdue"))]
    if kind != "problems":
        foot += [
            Number(sum(row.role == "lead" for row in rows), label=_("Lead")),
            Number(sum(row.role == "supporting" for row in rows), label=_("Supporting")),
            Number(sum(not row.person for row in rows), label=_("No person named")),
        ]
    saved = [View(view.name, view.query, None) for view in saved_views(request.user.pk, "three_lists")]
    note = _("as of %(day)s") % {"day": lists.as_of.isoformat()}
    return TablePage(request, spec, rows, form=ListFilter, keep=keep, foot=foot, saved=saved, note=note)


def _with(request: WorkRequest, **changes: str) -> str:
    query = request.GET.copy()
    for name in ("page", "export", "print", "sort"):
        query.pop(name, None)
    for name, value in changes.items():
        if value:
            query[name] = value
        else:
            query.pop(name, None)
    return query.urlencode()


def _tabs(request: WorkRequest, lists: Lists, kind: str) -> list[dict[str, Any]]:
    return [
        {
            "label": TITLES[code],
            "url": "?" + _with(request, list=code, state="", role=""),
            "count": len(rows_of(lists, code)),
            "current": code == kind,
        }
        for code in KINDS
    ]


def _scope(request: WorkRequest, actor: Actor, units: list[Unit]) -> tuple[ListScope, str, Unit | None]:
    """Whose list is asked for, in words, and the unit if it is one's. Another unit's list is not visible: 404."""
    plan, block, task = request.GET.get("plan", ""), request.GET.get("block", ""), request.GET.get("task", "")
    asked = request.GET.get("unit", "")
    unit: Unit | None = None
    if asked:
        unit = next((row for row in units if str(row.pk) == asked), None)
        if unit is None:
            raise NotVisible(_("There is no such unit, or its lists are not yours to see."))
    elif not actor.has("list.view_all"):
        unit = next(iter(units), None)
    office = Unit.objects.filter(pk=_key(request.GET.get("office", "")), kind=OFFICE).first()
    scope = ListScope(
        unit_id=unit.pk if unit else None,
        office_id=office.pk if office else None,
        plan_id=_key(plan),
        block=block,
        task_key=task,
    )
    owner = office.name if office else unit.name if unit else ""
    return scope, owner, unit


def _key(text: str) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        return None


def _period(request: WorkRequest) -> Period | None:
    code = request.GET.get("period", "")
    if not code:
        return None
    period = Period.objects.filter(code=code).first()
    if period is None:
        raise NotVisible(_("There is no such month."))
    return period


def _plans() -> list[tuple[str, str]]:
    rows = Edition.objects.filter(state=Edition.State.ISSUED, superseded_on=None).select_related("plan")
    return [(str(row.plan_id), row.plan.title) for row in rows.order_by("plan__kind", "plan__code")]


def _blocks(source: Source) -> list[tuple[str, str]]:
    return list(dict.fromkeys((fact.block_code, fact.block_name) for fact in source.facts if fact.block_code))


def _all_units(actor: Actor, source: Source, units: list[Unit]) -> HttpResponse:
    """A folder for each unit that has something to do, with its three lists as Excel: one archive."""
    if not actor.has("list.export"):
        raise NotAllowed(_("Your posts do not include exporting lists."))
    files: dict[str, bytes] = {}
    for unit in units:
        lists = cut_lists(source, ListScope(unit_id=unit.pk))
        if not lists.responsibility and not lists.problems:
            continue
        tables = [paper_table(lists, kind, unit.name) for kind in KINDS]
        sheets = [
            Sheet(str(TITLES[kind]), table.title, table.columns, table.rows, notes=(table.subtitle,))
            for kind, table in zip(KINDS, tables, strict=True)
        ]
        files[f"{unit.protocol_order:04d}{unit.display_short}/三张清单.xlsx"] = render_workbook(
            sheets, source.as_of
        )
    name = _("Three lists of all units")
    return as_download(write_archive(files, source.as_of), f"{name}{source.as_of}.zip", "application/zip")


urlpatterns = [path("lists/", three_lists, name="three_lists")]
