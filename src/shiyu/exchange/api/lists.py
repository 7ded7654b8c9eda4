"""The three lists over HTTP: the lines of the page, live or as a month was locked."""

from collections.abc import Sequence
from functools import cached_property
from typing import Any, Literal

from ninja import Router

from shiyu.desk.forms import ListFilter
from shiyu.desk.views.list_columns import columns_of
from shiyu.desk.views.list_pages import CutPage
from shiyu.desk.views.lists import filter_choices, period_asked, scope_asked, unit_asked
from shiyu.exchange.api.auth import ApiRequest, Bearer
from shiyu.exchange.api.errors import Invalid
from shiyu.exchange.api.paging import check_query, cursor_of, faults_of, read_cursor, read_limit, words_of
from shiyu.exchange.api.shapes import ListLine, ListPage
from shiyu.exchange.models import Scope
from shiyu.lib import clock
from shiyu.matters.access import SUBJECT
from shiyu.matters.queries.problems import ProblemRow
from shiyu.plans.access import need
from shiyu.plans.queries.list_kept import Line
from shiyu.plans.queries.list_pages import paged_lists
from shiyu.plans.queries.lists import units_listable
from shiyu.ui.columns import ListSpec

router = Router(tags=["lists"])
Tab = Literal["responsibility", "problems", "progress"]


class CursorLines(CutPage):
    """The page of a list with the cursor of the API, which holds its number."""

    @cached_property
    def _page(self) -> tuple[int, Sequence[Line]]:
        _way, at = read_cursor(self.request)
        number = int(at or 1)
        return number, self._read(number)

    @property
    def cursors(self) -> dict[str, str | None]:
        """The neighbours, by the name of their field."""
        number, rows = self._page
        after = str(number + 1) if len(rows) > self.spec.page_size else None
        before = str(number - 1) if number > 1 else None
        return {
            "next": cursor_of(self.request, "after", after),
            "previous": cursor_of(self.request, "before", before),
        }


@router.get("/{tab}", response=ListPage, auth=Bearer(Scope.LISTS_READ), url_name="api_list")
def list_lines(request: ApiRequest, tab: Tab) -> ListPage:
    """One of the three lists, with the filters and columns of the page. Without `unit` it is that of all units for who
    may see all, else of the own one; `period` (2026-10) asks for a month."""
    actor, get = request.actor, request.GET.get
    need(actor, "view")
    limit = read_limit(request)
    units = units_listable(actor)
    unit = unit_asked(get("unit", ""), units, actor.has("list.view_all"), actor.home_unit_id)
    lists = paged_lists(actor, period_asked(get("period", "")), scope_asked(request, unit))
    spec = list_spec(tab, limit)
    form = ListFilter(request.GET, filter_choices(lists, units), problems=tab == "problems")
    check_query(request, form.fields, spec)
    if not form.is_valid():
        raise Invalid(faults_of(form.errors.get_json_data()))
    page = CursorLines(request, spec, lists, tab, form)
    columns = columns_of(tab, lists.as_of)
    items = [ListLine(**_subject(row), words=words_of(columns, row)) for row in page.rows]
    return ListPage(as_of=lists.as_of, is_locked=lists.is_locked, items=items, **page.cursors)


def list_spec(tab: str = "responsibility", limit: int = 50) -> ListSpec:
    """Columns and orders of a list."""
    columns = columns_of(tab, clock.today())
    return ListSpec(
        key=f"api_lists_{tab}", title="", columns=columns, default_sort="position", page_size=limit
    )


def _subject(row: Any) -> dict[str, Any]:
    if isinstance(row, ProblemRow):
        return {"subject_type": SUBJECT, "subject_id": row.matter_id}
    kind = "plans.task" if row.kind == "task" else "meetings.decision"
    return {"subject_type": kind, "subject_id": row.task_id}


list_lines.filters = (*ListFilter.base_fields,)  # type: ignore[attr-defined]
