"""The three lists: one page, three tabs, for a unit, an office, a plan, a block or a task, live or as a month locked it."""

from collections.abc import Callable, Iterator
from typing import IO, Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from shiyu.audit.actions import start_work
from shiyu.desk.forms import Choices, ListFilter
from shiyu.desk.views.list_columns import columns_of, paper_columns, paper_rows, paper_table, tab_words
from shiyu.desk.views.list_pages import CutPage, count_words
from shiyu.documents.archive import safe_name, spool_archive
from shiyu.documents.excel import Sheet, render_workbook
from shiyu.documents.word import render_tables
from shiyu.lib.errors import NotAllowed
from shiyu.people.models import Unit
from shiyu.periods.models import Period
from shiyu.periods.queries import period_by_code, periods_listed
from shiyu.plans.access import need
from shiyu.plans.queries.list_kept import PagedLists
from shiyu.plans.queries.list_lines import ListScope, Wanted
from shiyu.plans.queries.list_pages import paged_lists
from shiyu.plans.queries.lists import Lists, Source, lists_by_unit, source_of_lists, units_listable
from shiyu.ui.lists import COUNT_STOP, ListSpec, View, respond_list
from shiyu.ui.sheets import as_download
from shiyu.ui.values import Number

TABS = ("responsibility", "problems", "progress")
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@login_required
def three_lists(request: HttpRequest) -> HttpResponseBase:
    """The list the address asks for; `?export=xlsx|docx|zip`, `?print=1`."""
    actor = request.actor  # type: ignore[attr-defined]
    need(actor, "view")
    tab = request.GET.get("tab", TABS[0])
    if tab not in TABS:
        raise Http404
    export = request.GET.get("export")
    if export and not actor.has("list.export"):
        raise NotAllowed(_("Your posts do not include exporting lists."))
    period = period_asked(request.GET.get("period", ""))
    units = units_listable(actor)
    unit = unit_asked(request.GET.get("unit", ""), units, actor.has("list.view_all"), actor.home_unit_id)
    if export == "zip":
        source = source_of_lists(actor, period)
        content = archive_of(source, units, request.GET.get("form", "xlsx"))
        return FileResponse(content, as_attachment=True, filename=archive_name(source))
    lists = paged_lists(actor, period, scope_asked(request, unit))
    page = _page(request, tab, lists, unit, units)
    whose = unit.name if unit else _("All units")
    if export == "docx":
        table = paper_table(tab, lists, page.all_rows(), whose)
        return as_download(render_tables([table], paper="A3"), f"{safe_name(table.title)}.docx", DOCX)
    return respond_list(request, page, "desk/three_lists.html", _context(request, tab, lists, unit, whose))


def period_asked(code: str) -> Period | None:
    """The month of a code such as 2026-10; None for "", the lists as they stand now. Raises Http404 for another."""
    if not code:
        return None
    period = period_by_code(code)
    if period is None or period.kind != Period.Kind.MONTH:
        raise Http404
    return period


def unit_asked(asked: str, units: list[Unit], sees_all: bool, home: UUID | None) -> Unit | None:
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


def scope_asked(request: HttpRequest, unit: Unit | None) -> ListScope:
    """Unit, office, plan and task of the address."""
    get = request.GET.get
    return ListScope(
        unit_id=unit.pk if unit else None,
        office_id=_uuid(get("office", "")),
        plan_id=_uuid(get("plan", "")),
        task_key=get("task", ""),
    )


def _page(request: HttpRequest, tab: str, lists: PagedLists, unit: Unit | None, units: list[Unit]) -> CutPage:
    form = ListFilter(request.GET, filter_choices(lists, units), problems=tab == "problems")
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
    return CutPage(request, spec, lists, tab, form, foot=_foot(request, tab, lists, unit))


def filter_choices(lists: PagedLists, units: list[Unit]) -> dict[str, Choices]:
    """What each filter of the lists may be. Five queries."""
    found = lists.choices()
    months = periods_listed(Period.Kind.MONTH)[:24]
    every = ("", _("All"))
    mine = [(str(one.pk), one.display_short) for one in units]
    return {
        "unit": [every, *mine] if len(units) != 1 else mine,
        "period": [
            ("", _("Live")),
            *((m.code, f"{m.code}{_(', locked') if m.is_locked else ''}") for m in months),
        ],
        "plan": [every, *found.plans.items()],
        "block": [every, *found.blocks.items()],
        "office": [every, *found.offices.items()],
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


def _foot(request: HttpRequest, tab: str, lists: PagedLists, unit: Unit | None) -> list[Number]:
    def number(count: int, label: Any, *, late: bool = False, **more: str) -> Number:
        query = request.GET.copy()
        for key in ("mark", "role", "q", "page"):
            query.pop(key, None)
        query["tab"] = tab
        for key, value in more.items():
            query[key] = value
        # A word instead of a number where counting stopped; "" and 0 are never late.
        shown: Any = count if count <= COUNT_STOP else count_words(count)
        return Number(shown, f"?{query.urlencode()}", late=late, label=label)

    def counted(label: Any, *, late: bool = False, **wanted: str) -> Number:
        return number(lists.count(tab, Wanted(**wanted)), label, late=late, **wanted)  # type: ignore[arg-type]

    found = [counted(_("Total"))]
    if tab == "problems":
        return [
            *found,
            counted(_("Overdue"), late=True, mark="overdue"),
            counted(_("On the books"), mark="on_books"),
        ]
    if unit and found[0].value:
        found += [counted(_("Lead"), role="lead"), counted(_("Supporting"), role="supporting")]
    found.append(counted(_("Overdue"), late=True, mark="late"))
    if tab == "responsibility":
        found.append(number(lists.without_person(), _("Without a person"), sort="person"))
    return found


def _context(
    request: HttpRequest, tab: str, lists: PagedLists, unit: Unit | None, whose: str
) -> dict[str, Any]:
    query = request.GET.copy()
    for key in ("mark", "role", "page", "sort", "export", "print"):
        query.pop(key, None)
    lines, problems = count_words(lists.count("progress")), count_words(lists.count("problems"))
    counts = {"responsibility": lines, "problems": problems, "progress": lines}
    tabs = []
    for one in TABS:
        query["tab"] = one
        tabs.append({"label": tab_words(one), "url": f"?{query.urlencode()}", "count": counts[one],
                     "current": one == tab})  # fmt: skip
    return {
        "tabs": tabs,
        "tab": tab,
        "lists": lists,
        "unit": unit,
        "whose": whose,
        "self_unit": unit.display_short if unit else "",
        "signed": lists.signed() if tab == "progress" else None,
        "may_export": request.actor.has("list.export"),  # type: ignore[attr-defined]
        "report_url": reverse("report_detail", args=[lists.period.code, unit.pk])
        if unit and lists.period
        else None,
    }


def archive_name(source: Source) -> str:
    """The file name of an archive of lists."""
    return f"{_('three lists')}-{source.as_of.isoformat()}.zip"


def archive_of(
    source: Source,
    units: list[Unit],
    form: str,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> IO[bytes]:
    """The three lists of every unit the person may see, one file a unit ("xlsx" or "docx"), in one archive: written
    file by file; `progress` is told how many units are done."""
    suffix = "docx" if form == "docx" else "xlsx"

    def files() -> Iterator[tuple[str, bytes]]:
        for at, (unit, lists) in enumerate(lists_by_unit(source, units), start=1):
            if lists.responsibility or lists.problems:
                name = f"{at:03d} {unit.name}{_('three lists')}.{suffix}"
                yield name, _word(lists, unit) if form == "docx" else _workbook(lists, unit)
            progress(at, len(units))

    return spool_archive(files(), source.as_of)


@require_POST
@login_required
def lists_archive(request: HttpRequest) -> HttpResponseBase:
    """Ask for the archive of many units: it is made in the background and found again under "Background work"."""
    actor = request.actor  # type: ignore[attr-defined]
    need(actor, "view")
    if not actor.has("list.export"):
        raise NotAllowed(_("Your posts do not include exporting lists."))
    period = period_asked(request.POST.get("period", ""))
    form = "docx" if request.POST.get("form") == "docx" else "xlsx"
    language = get_language() or "zh-hans"
    given = {"period": period.code if period else "", "form": form, "language": language}
    title = f"{_('three lists')} · {_('All units')} · {form}"
    run = start_work(actor, "desk.archive_lists", title=title, arguments=given)
    return redirect("job_detail", run.pk)


def _word(lists: Lists, unit: Unit) -> bytes:
    tables = [paper_table(tab, lists, lists.of_tab(tab), unit.name) for tab in TABS]
    return render_tables(tables, paper="A3", created=lists.as_of)


def _workbook(lists: Lists, unit: Unit) -> bytes:
    sheets = []
    for tab in TABS:
        columns = columns_of(tab, lists.as_of)
        rows = paper_rows(columns, lists.of_tab(tab))
        title = f"{unit.name}{tab_words(tab)}（{lists.as_of.isoformat()}）"
        sheets.append(
            Sheet(
                name=tab_words(tab), title=title, columns=paper_columns(columns), rows=rows, freeze_columns=2
            )
        )
    return render_workbook(sheets, lists.as_of)


urlpatterns = [
    path("lists/", three_lists, name="three_lists"),
    path("lists/archive/", lists_archive, name="lists_archive"),
]
