"""The three lists: one page, three tabs, for a unit, an office, a plan, a block or a task, live or as a month locked it."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _

from shiyu.desk.forms import Choices, ListFilter
from shiyu.desk.views.list_columns import (
    columns_of,
    mark_of,
    paper_columns,
    paper_rows,
    paper_table,
    rows_of,
    tab_words,
)
from shiyu.documents.archive import safe_name, write_archive
from shiyu.documents.excel import Sheet, render_workbook
from shiyu.documents.word import render_tables
from shiyu.lib.errors import NotAllowed
from shiyu.people.models import Unit
from shiyu.periods.models import Period
from shiyu.periods.queries import period_by_code, periods_listed
from shiyu.plans.access import need
from shiyu.plans.queries.lists import Lists, ListScope, Source, cut_lists, source_of_lists, units_listable
from shiyu.ui.lists import ListSpec, TablePage, View, respond_list
from shiyu.ui.sheets import as_download
from shiyu.ui.values import Number

TABS = ("responsibility", "problems", "progress")
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@login_required
def three_lists(request: HttpRequest) -> HttpResponse:
    """The list the address asks for; `?export=xlsx|docx|zip`, `?print=1`."""
    actor = request.actor  # type: ignore[attr-defined]
    need(actor, "view")
    tab = request.GET.get("tab", TABS[0])
    if tab not in TABS:
        raise Http404
    export = request.GET.get("export")
    if export and not actor.has("list.export"):
        raise NotAllowed(_("Your posts do not include exporting lists."))
    period = _period(request.GET.get("period", ""))
    units = units_listable(actor)
    unit = _unit(request.GET.get("unit", ""), units, actor.has("list.view_all"), actor.home_unit_id)
    source = source_of_lists(actor, period)
    if export == "zip":
        return _archive(source, units, request.GET.get("form", "xlsx"))
    lists = cut_lists(source, _scope(request, unit))
    page = _page(request, tab, lists, source, unit, units)
    whose = unit.name if unit else _("All units")
    if export == "docx":
        table = paper_table(tab, lists, page.filtered, whose)
        return as_download(render_tables([table], paper="A3"), f"{safe_name(table.title)}.docx", DOCX)
    return respond_list(request, page, "desk/three_lists.html", _context(request, tab, lists, unit, whose))


def _period(code: str) -> Period | None:
    if not code:
        return None
    period = period_by_code(code)
    if period is None or period.kind != Period.Kind.MONTH:
        raise Http404
    return period


def _unit(asked: str, units: list[Unit], sees_all: bool, home: UUID | None) -> Unit | None:
    """The unit asked for; without one all units for who may see all, else the own."""
    if asked:
        unit = next((one for one in units if str(one.pk) == asked), None)
        if unit is None:
            raise Http404
        return unit
    if sees_all:
        return None
    if not units:
        raise Http404
    return next((one for one in units if one.pk == home), units[0])


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError as error:
        raise Http404 from error


def _scope(request: HttpRequest, unit: Unit | None) -> ListScope:
    get = request.GET.get
    return ListScope(
        unit_id=unit.pk if unit else None,
        office_id=_uuid(get("office", "")),
        plan_id=_uuid(get("plan", "")),
        task_key=get("task", ""),
    )


def _page(
    request: HttpRequest, tab: str, lists: Lists, source: Source, unit: Unit | None, units: list[Unit]
) -> TablePage:
    form = ListFilter(request.GET, _choices(source, unit, units), problems=tab == "problems")
    whose = unit.name if unit else _("All units")
    spec = ListSpec(
        key=f"lists_{tab}",
        title=f"{whose}{tab_words(tab)}",
        columns=columns_of(tab, lists.as_of),
        default_sort="position",
        page_size=100,
        views=_views(tab, unit),
        empty=_("Nothing is on this list."),
    )
    rows = rows_of(tab, lists)
    keep = _keep_problems if tab == "problems" else _keep_tasks
    return TablePage(request, spec, rows, form=form, keep=keep, foot=_foot(request, tab, rows))


def _choices(source: Source, unit: Unit | None, units: list[Unit]) -> dict[str, Choices]:
    plans = {str(fact.plan_id): fact.plan for fact in source.facts if fact.plan_id}
    blocks = {fact.block_code or fact.plan: fact.block_name or fact.plan for fact in source.facts}
    offices: dict[str, str] = {}
    if unit:
        held = [
            duty
            for fact in source.facts
            for duty in fact.duties
            if duty.unit_id == unit.pk and duty.office_id
        ]
        offices = {str(duty.office_id): duty.office for duty in held}
    months = periods_listed(Period.Kind.MONTH)[:24]
    every = ("", _("All"))
    mine = [(str(one.pk), one.display_short) for one in units]
    return {
        "unit": [every, *mine] if len(units) != 1 else mine,
        "period": [
            ("", _("Live")),
            *((m.code, f"{m.code}{_(', locked') if m.is_locked else ''}") for m in months),
        ],
        "plan": [every, *plans.items()],
        "block": [every, *blocks.items()],
        "office": [every, *offices.items()],
    }


def _views(tab: str, unit: Unit | None) -> list[View]:
    base = f"tab={tab}" + (f"&unit={unit.pk}" if unit else "")
    if tab == "problems":
        return [
            View(_("All"), base),
            View(_("Not closed"), f"{base}&mark=open"),
            View(_("Overdue"), f"{base}&mark=overdue"),
        ]
    return [
        View(_("All"), base),
        View(_("Not done"), f"{base}&mark=open"),
        View(_("Overdue"), f"{base}&mark=late"),
    ]


def _keep_tasks(rows: Sequence[Any], data: dict[str, Any]) -> Iterable[Any]:
    mark, words = data.get("mark"), data.get("q", "")
    for row in rows:
        if data.get("block") and data["block"] not in (
            row.block_code,
            row.plan if not row.block_code else "",
        ):
            continue
        if data.get("role") and row.role and row.role != data["role"]:
            continue
        if mark and not (row.is_open if mark == "open" else mark_of(row) == mark):
            continue
        if words and words not in " ".join(
            (row.task_label, row.target, row.note, getattr(row, "measures", ""))
        ):
            continue
        yield row


def _keep_problems(rows: Sequence[Any], data: dict[str, Any]) -> Iterable[Any]:
    mark, words = data.get("mark"), data.get("q", "")
    for row in rows:
        if mark == "open" and not row.is_open or mark == "overdue" and not row.is_overdue:
            continue
        if mark == "on_books" and not row.on_books or mark == "closed" and row.is_open:
            continue
        if words and words not in " ".join((row.code, row.text, row.measures, row.about_label)):
            continue
        yield row


def _foot(request: HttpRequest, tab: str, rows: Sequence[Any]) -> list[Number]:
    def url(**more: str) -> str:
        query = request.GET.copy()
        for key in ("mark", "role", "q", "page"):
            query.pop(key, None)
        query["tab"] = tab
        for key, value in more.items():
            query[key] = value
        return f"?{query.urlencode()}"

    total = Number(len(rows), url(), label=_("Total"))
    if tab == "problems":
        return [
            total,
            Number(sum(r.is_overdue for r in rows), url(mark="overdue"), late=True, label=_("Overdue")),
            Number(sum(r.on_books for r in rows), url(mark="on_books"), label=_("On the books")),
        ]
    found = [total]
    if any(row.role for row in rows):
        found += [
            Number(sum(r.role == "lead" for r in rows), url(role="lead"), label=_("Lead")),
            Number(sum(r.role == "supporting" for r in rows), url(role="supporting"), label=_("Supporting")),
        ]
    found.append(Number(sum(r.is_late for r in rows), url(mark="late"), late=True, label=_("Overdue")))
    if tab == "responsibility":
        found.append(Number(sum(not r.person for r in rows), url(sort="person"), label=_("Without a person")))
    return found


def _context(request: HttpRequest, tab: str, lists: Lists, unit: Unit | None, whose: str) -> dict[str, Any]:
    query = request.GET.copy()
    for key in ("mark", "role", "page", "sort", "export", "print"):
        query.pop(key, None)
    tabs = []
    for one in TABS:
        query["tab"] = one
        tabs.append({"label": tab_words(one), "url": f"?{query.urlencode()}", "count": len(rows_of(one, lists)),
                     "current": one == tab})  # fmt: skip
    signed = next((row for row in lists.progress if row.is_reported), None) if unit else None
    return {
        "tabs": tabs,
        "tab": tab,
        "lists": lists,
        "unit": unit,
        "whose": whose,
        "self_unit": unit.display_short if unit else "",
        "signed": signed if tab == "progress" else None,
        "may_export": request.actor.has("list.export"),  # type: ignore[attr-defined]
        "report_url": reverse("report_detail", args=[lists.period.code, unit.pk])
        if unit and lists.period
        else None,
    }


def _archive(source: Source, units: list[Unit], form: str) -> HttpResponse:
    """The three lists of every unit the person may see, one file a unit, in one archive."""
    files: dict[str, bytes] = {}
    suffix = "docx" if form == "docx" else "xlsx"
    for at, unit in enumerate(units, start=1):
        lists = cut_lists(source, ListScope(unit_id=unit.pk))
        if lists.responsibility or lists.problems:
            name = f"{at:02d} {unit.name}{_('three lists')}.{suffix}"
            files[name] = _word(lists, unit) if form == "docx" else _workbook(lists, unit)
    content = write_archive(files, source.as_of)
    return as_download(content, f"{_('three lists')}-{source.as_of.isoformat()}.zip", "application/zip")


def _word(lists: Lists, unit: Unit) -> bytes:
    tables = [paper_table(tab, lists, rows_of(tab, lists), unit.name) for tab in TABS]
    return render_tables(tables, paper="A3", created=lists.as_of)


def _workbook(lists: Lists, unit: Unit) -> bytes:
    sheets = []
    for tab in TABS:
        columns = columns_of(tab, lists.as_of)
        rows = paper_rows(columns, rows_of(tab, lists))
        title = f"{unit.name}{tab_words(tab)}（{lists.as_of.isoformat()}）"
        sheets.append(
            Sheet(
                name=tab_words(tab), title=title, columns=paper_columns(columns), rows=rows, freeze_columns=2
            )
        )
    return render_workbook(sheets, lists.as_of)


urlpatterns = [path("lists/", three_lists, name="three_lists")]
