"""A day of a response: its figures and the rows behind them, its review, its bulletin."""

from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from shiyu.documents.serving import file_response
from shiyu.kernel.limits import local_day
from shiyu.letters.views.pages import actor_of, page
from shiyu.lib import clock
from shiyu.lib.errors import NotVisible, Refusal, UserError
from shiyu.surge import actions
from shiyu.surge.access import can, visible_surge
from shiyu.surge.forms import DayForm
from shiyu.surge.models import Surge
from shiyu.surge.queries.days import COUNTS, GROUPS, DayFacts, Line, count_label, day_facts, group_label
from shiyu.surge.queries.pages import visible_ids
from shiyu.surge.views.pages import totals
from shiyu.ui.forms import refuse
from shiyu.ui.lists import Column, ListSpec, TablePage, respond_list
from shiyu.ui.values import Number


def _day(surge: Surge, text: str) -> date:
    """The day of an address. Raises Http404 for what is none, NotVisible for one on which it did not run."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise Http404 from None
    if not local_day(surge.opened_at) <= day <= min(clock.today(), local_day(surge.stops_at)):
        raise NotVisible(_("On this day the emergency response did not run (yet)."))
    return day


@require_http_methods(["GET", "POST"])
@page
def surge_day(request: HttpRequest, surge_id: UUID, day: str) -> HttpResponse:
    """A day: figures by place, kind and unit, live or as signed; signing it."""
    actor = actor_of(request)
    surge = visible_surge(actor, surge_id)
    chosen = _day(surge, day)
    form = DayForm(request.POST or None, surge=surge)
    if request.method == "POST" and form.is_valid():
        try:
            actions.sign_day(actor, surge_id, day=chosen, **form.given())
        except Refusal:
            raise
        except UserError as error:
            refuse(form, error)
        else:
            messages.success(request, _("The day is signed; its figures stay as they are now."))
            return redirect("surge_day", surge_id, day)
    facts = day_facts(surge, chosen)
    context = {
        "surge": surge,
        "facts": facts,
        "totals": totals(facts),
        "tables": _tables(facts),
        "counts": [count_label(code) for code in COUNTS],
        "form": form if can(actor, "run", surge) and not facts.signed and surge.closed_at is None else None,
        "may_issue": can(actor, "run", surge) and facts.signed and not facts.signed.bulletin_id,
        "may_read": facts.signed is not None and facts.signed.bulletin_id is not None,
    }
    return render(request, "surge/surge_day.html", context, status=422 if request.method == "POST" else 200)


def _tables(facts: DayFacts) -> list[tuple[str, str, list[tuple[str, list[Number]]]]]:
    """By place, kind and unit: names with their counts, each opening its rows."""
    nouns = {"place": _("Place"), "kind": pgettext("matter", "Kind"), "unit": pgettext("matter", "Unit")}
    url = reverse("surge_rows", args=[facts.surge.pk, facts.day.isoformat()])
    found = []
    for by in GROUPS:
        rows = []
        for group in facts.groups(by):
            numbers = [
                Number(
                    group.counts[code],
                    f"{url}?{urlencode({by: group.name, 'what': code})}" if group.counts[code] else None,
                    late=code == "overdue",
                )
                for code in COUNTS
            ]
            rows.append((group.name or "—", numbers))
        found.append((group_label(by), nouns[by], rows))
    return found


class RowsFilter(forms.Form):
    """Which of a day's matters."""

    what = forms.ChoiceField(label=pgettext_lazy("filter", "Show"), required=False)
    place = forms.ChoiceField(label=gettext_lazy("Place"), required=False)
    kind = forms.ChoiceField(label=pgettext_lazy("matter", "Kind"), required=False)
    unit = forms.ChoiceField(label=pgettext_lazy("matter", "Unit"), required=False)

    def __init__(self, data: Any, lines: list[Line]) -> None:
        super().__init__(data)
        fields: dict[str, Any] = self.fields
        fields["what"].choices = [("", _("All")), *((code, count_label(code)) for code in COUNTS)]
        for name in GROUPS:
            known = dict.fromkeys(getattr(line, name) for line in lines)
            fields[name].choices = [("", _("All")), *((value, value) for value in known if value)]


def _kept(rows: Any, chosen: dict[str, Any]) -> list[Line]:
    what = chosen.get("what")
    found = [line for line in rows if not what or getattr(line, what)]
    return [
        line for line in found if all(not chosen.get(by) or getattr(line, by) == chosen[by] for by in GROUPS)
    ]


@require_GET
@page
def surge_rows(request: HttpRequest, surge_id: UUID, day: str) -> HttpResponse:
    """The matters behind a day's numbers: as they were, where the day is signed."""
    actor = actor_of(request)
    surge = visible_surge(actor, surge_id)
    facts = day_facts(surge, _day(surge, day))
    seen = {str(pk) for pk in visible_ids(actor, [UUID(line.matter_id) for line in facts.lines])}
    spec = ListSpec(
        key="surge_rows",
        title=_("%(event)s, matters on %(day)s") % {"event": surge.title, "day": day},
        columns=_columns(seen),
        default_sort="code",
        empty=_("No matter on this day."),
        paper="A4",
    )
    form = RowsFilter(request.GET, facts.lines)
    shown = TablePage(request, spec, facts.lines, form=form, keep=_kept)
    return respond_list(request, shown, "surge/surge_rows.html", {"surge": surge, "facts": facts})


def _columns(seen: set[str]) -> list[Column]:
    def url(line: Line) -> str | None:
        return reverse("matter_detail", args=[line.matter_id]) if line.matter_id in seen else None

    def title(line: Line) -> str:
        return line.title if line.matter_id in seen else "—"

    return [
        Column("code", pgettext("matter", "Number"), sort=True, width=170, frozen=True, link=url),
        Column("title", _("Matter"), value=title, width=260, clamp=True, link=url),
        Column("kind", pgettext("matter", "Kind"), sort=True, width=110, short=True),
        Column("place", _("Place"), sort=True, width=120, short=True),
        Column("unit", pgettext("matter", "Unit"), sort=lambda line: (line.order, line.unit), width=150),
        Column("first_due", _("First response by"), value=lambda line: line.first_due[:16].replace("T", " "), width=130, short=True),
        Column("handle_due", _("To be handled by"), value=lambda line: line.handle_due[:16].replace("T", " "), width=130, short=True),
        Column("state", pgettext("surge", "State"), value=_state, width=130, short=True),
    ]  # fmt: skip


def _state(line: Line) -> str:
    if line.overdue:
        return count_label("overdue")
    return count_label("open") if line.open else count_label("handled")


@require_http_methods(["GET", "POST"])
@page
def surge_bulletin(request: HttpRequest, surge_id: UUID, day: str) -> HttpResponseBase:
    """GET: the bulletin of a day in Word. POST: issues it from the signed day."""
    actor = actor_of(request)
    surge = visible_surge(actor, surge_id)
    chosen = _day(surge, day)
    if request.method == "POST":
        try:
            signed = actions.issue_bulletin(actor, surge_id, day=chosen)
        except Refusal:
            raise
        except UserError as error:
            messages.error(request, str(error))
        else:
            messages.success(request, _("%(number)s is issued.") % {"number": signed.bulletin_number})
        return redirect("surge_day", surge_id, day)
    found = surge.days.select_related("bulletin__file").filter(day=chosen).first()
    if found is None or found.bulletin is None:
        raise NotVisible(_("There is no bulletin of this day yet."))
    return file_response(found.bulletin)
