"""Periods: the list, one period with its figures and revisions, statistics from locked periods, rows behind a number."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from shiyu.kernel.measures import MEASURES, SPAN_WORDS
from shiyu.lib import clock
from shiyu.lib.errors import Refusal, UserError
from shiyu.people.models import Unit
from shiyu.periods import queries
from shiyu.periods.access import can, need
from shiyu.periods.actions import lock_from_months, months_of, open_period, spans_to_open, unlock_period
from shiyu.periods.forms import SpanForm, UnlockForm
from shiyu.periods.models import Figure, LockedRow, Period, Revision
from shiyu.ui.context import url_or_none
from shiyu.ui.lists import Column, ListSpec, TablePage, respond_list
from shiyu.ui.values import Number

SHOWN = (
    "tasks_due",
    "tasks_done_on_time",
    "on_time_rate",
    "reports_missing",
    "problems_open",
    "problems_overdue",
)


@login_required
def period_list(request: HttpRequest) -> HttpResponse:
    """Months, quarters and years, newest first."""
    actor = request.actor  # type: ignore[attr-defined]
    need(actor, "view")
    form = SpanForm(request.POST if request.method == "POST" else None, choices=spans_to_open())
    if request.method == "POST":
        need(actor, "open")
        if form.is_valid():
            try:
                period = open_period(actor, form.cleaned_data["code"])
                return redirect("period_detail", period.pk)
            except Refusal:
                raise
            except UserError as error:
                form.add_error("code", str(error))
    may_open = can(actor, "open") and bool(form.fields["code"].choices)  # type: ignore[attr-defined]
    context = {"periods": list(queries.periods_listed()[:120]), "may_open": may_open, "form": form}
    return render(request, "periods/period_list.html", context, status=400 if form.errors else 200)


@login_required
def period_detail(request: HttpRequest, period_id: UUID) -> HttpResponse:
    """One period: the figures of the revision in force (or of an earlier one), every number opening its rows."""
    actor = request.actor  # type: ignore[attr-defined]
    need(actor, "view")
    period = _period(period_id)
    form = UnlockForm(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        need(actor, "unlock")
        if form.is_valid():
            try:
                unlock_period(actor, period.pk, form.cleaned_data["reason"])
                messages.success(request, _("%(code)s is open again.") % {"code": period.code})
                return redirect("period_detail", period.pk)
            except Refusal:
                raise
            except UserError as error:
                form.add_error(None, str(error))
    revisions = list(period.revisions.order_by("-number"))
    shown = _revision(request, period, revisions)
    page = _figure_table(request, period, shown)
    context = {
        "period": period,
        "revisions": revisions,
        "shown": shown,
        "form": form,
        "may_unlock": period.is_locked and can(actor, "unlock"),
        "lock_url": _lock_url(actor, period),
        "months": months_of(period),
        "is_span": period.kind != Period.Kind.MONTH,
        "reports_url": _with_month("report_overview", period),
        "pack_url": _pack_url(period),
    }
    return respond_list(request, page, "periods/period_detail.html", context)


@login_required
@require_POST
def span_lock(request: HttpRequest, period_id: UUID) -> HttpResponse:
    """Lock a quarter or year with figures from its locked months."""
    actor = request.actor  # type: ignore[attr-defined]
    need(actor, "view")
    try:
        revision = lock_from_months(actor, period_id)
        said = _("%(code)s is locked; its figures come from its months.") % {"code": revision.period.code}
        messages.success(request, said)
    except Refusal:
        raise
    except UserError as error:
        messages.error(request, str(error))
    return redirect("period_detail", period_id)


def _lock_url(actor: Any, period: Period) -> str | None:
    if period.is_locked or not can(actor, "lock") or clock.today() < period.ends_on:
        return None
    if period.kind != Period.Kind.MONTH:
        is_ready = all(month and month.is_locked for month in months_of(period).values())
        return reverse("span_lock", args=[period.pk]) if is_ready else None
    # Locking a month belongs to plans, which knows the rows.
    return reverse("period_lock", args=[period.pk])


def _with_month(name: str, period: Period) -> str | None:
    url = url_or_none(name)
    return f"{url}?month={period.code}" if url and period.kind == Period.Kind.MONTH else None


def _pack_url(period: Period) -> str | None:
    """The meeting pack's page, of a month that is locked."""
    is_made = period.is_locked and period.kind == Period.Kind.MONTH
    return reverse("pack_detail", args=[period.pk]) if is_made else None


def _named(name: str, code: str) -> str | None:
    url = url_or_none(name)
    return f"{url}?period={code}" if url else None


def _period(period_id: UUID) -> Period:
    period = Period.objects.select_related("locked_revision").filter(pk=period_id).first()
    if period is None:
        raise Http404
    return period


def _revision(request: HttpRequest, period: Period, revisions: Sequence[Revision]) -> Revision | None:
    asked = request.GET.get("revision", "")
    if asked:
        return next((one for one in revisions if str(one.number) == asked), None)
    return period.locked_revision


def _figure_table(request: HttpRequest, period: Period, revision: Revision | None) -> TablePage:
    """One row for all units together, one for each unit by protocol; one column for each measure."""
    figures = queries.figures_of(revision) if revision else []
    measures = [code for code in MEASURES if any(figure.measure == code for figure in figures)]
    rows: dict[UUID | None, dict[str, Any]] = {}
    for figure in figures:
        row = rows.setdefault(
            figure.unit_id, {"pk": figure.pk, "unit": figure.unit.name if figure.unit else _("All units")}
        )
        row[figure.measure] = figure
    columns = [Column("unit", pgettext("figure", "Unit"), hint=_("by protocol"), width=220, frozen=True)]
    columns += [_measure_column(code) for code in measures]
    title = f"{period.code} {_('figures')}"
    spec = ListSpec(key="figures", title=title, columns=columns, default_sort="unit", page_size=200,
                    empty=_("Figures are written when the period is locked."))  # fmt: skip
    return TablePage(request, spec, list(rows.values()))


def _measure_column(code: str) -> Column:
    def read(row: dict[str, Any]) -> Number | None:
        figure = row.get(code)
        return figure_number(figure) if figure else None

    def exported(row: dict[str, Any]) -> Any:
        figure = row.get(code)
        if figure is None or figure.value is None:
            return None
        text = queries.value_text(code, figure.value)
        return text if text.endswith("%") else float(figure.value)

    return Column(code, queries.measure_label(code), value=read, width=96, align="r", export_value=exported)


def figure_number(figure: Figure) -> Number:
    """A figure as a number that opens its rows."""
    text = queries.value_text(figure.measure, figure.value)
    late = figure.measure in ("problems_overdue", "tasks_not_on_time", "reports_missing") and bool(
        figure.value
    )
    url = reverse("figure_rows", args=[figure.pk])
    return Number(None if figure.value is None else text, url, late, queries.measure_label(figure.measure))


@login_required
def figure_rows(request: HttpRequest, figure_id: UUID) -> HttpResponse:
    """The rows a figure was counted from, as they were when the period was locked."""
    need(request.actor, "view")  # type: ignore[attr-defined]
    figure = Figure.objects.select_related("revision__period", "unit").filter(pk=figure_id).first()
    if figure is None:
        raise Http404
    rows = queries.rows_of(figure)
    label = queries.measure_label(figure.measure)
    title = f"{figure.revision.period.code} {figure.unit.name if figure.unit else _('All units')} {label}"
    columns = (
        Column(
            "number",
            pgettext("figure", "Number"),
            value=lambda r: r.data.get("code") or r.data.get("number"),
            width=140,
        ),
        Column("title", _("What"), value=_title, link=_subject_url),
        Column("unit", pgettext("figure", "Unit"), value=_units, width=220),
        Column("due_on", pgettext("figure", "Deadline"), value=lambda r: r.data.get("due_on"), width=110),
        Column("state", _("State then"), value=_state, width=130),
    )
    spec = ListSpec(
        key="figure_rows", title=title, columns=columns, default_sort="number", page_size=100, paper="A4"
    )
    context = {
        "figure": figure,
        "words": queries.measure_words(figure.measure),
        "span_words": _span_words(figure),
        "value": queries.value_text(figure.measure, figure.value),
    }
    return respond_list(request, TablePage(request, spec, rows), "periods/figure_rows.html", context)


def _span_words(figure: Figure) -> str:
    """How a quarter's or year's figure was made from its months; nothing for a month's."""
    if figure.revision.period.kind == Period.Kind.MONTH or figure.measure not in MEASURES:
        return ""
    language = "zh" if (get_language() or "zh").startswith("zh") else "en"
    return SPAN_WORDS[MEASURES[figure.measure].over].text(language)


def _title(row: LockedRow) -> str:
    data = row.data
    return str(data.get("title") or data.get("text") or data.get("name") or data.get("short") or "")


def _units(row: LockedRow) -> list[str]:
    data = row.data
    if "duties" in data:
        return [duty["short"] for duty in data["duties"] if duty["role"] == "lead"]
    name = data.get("short") or data.get("lead")
    return [name] if name else []


def _state(row: LockedRow) -> str | None:
    data = row.data
    state = data.get("state")
    if isinstance(state, dict):
        if state.get("done_on"):
            return _("Done") + f" {state['done_on']}"
        return _("Overdue") if state.get("is_late") else _("In hand")
    if "is_missing" in data:
        return (
            pgettext("figure", "Missing")
            if data["is_missing"]
            else pgettext("figure", "Late")
            if data["is_late"]
            else pgettext("figure", "In time")
        )
    return data.get("status_label")


def _subject_url(row: LockedRow) -> str | None:
    kind, key = row.subject_type, str(row.subject_id)
    if kind == "plans.reportentry":
        kind, key = "plans.report", row.data["report_id"]
    if kind == "people.unit":
        return reverse("unit_detail", args=[key])
    return reverse("subject_detail", args=[kind, key])


@login_required
def figure_overview(request: HttpRequest) -> HttpResponse:
    """Statistics of the newest locked month (or the one asked for): by block, by unit, by month."""
    need(request.actor, "view")  # type: ignore[attr-defined]
    months = list(queries.periods_listed(Period.Kind.MONTH).filter(locked_revision__isnull=False)[:24])
    asked = request.GET.get("period", "")
    period = next(
        (month for month in months if month.code == asked), months[0] if months and not asked else None
    )
    if asked and period is None:
        raise Http404
    context: dict[str, Any] = {"months": months, "period": period}
    if period and period.locked_revision:
        figures = queries.figures_of(period.locked_revision)
        total = {figure.measure: figure for figure in figures if figure.unit_id is None}
        context |= {
            "numbers": [figure_number(total[code]) for code in SHOWN if code in total],
            "blocks": _chart(_by_block(period.locked_revision)),
            "units": _chart(_by_unit(figures)),
            "months_chart": _chart(_by_month()),
        }
    return render(request, "periods/figure_overview.html", context)


def _chart(data: dict[str, Any]) -> dict[str, Any]:
    """The island's data with the same numbers as rows of a table."""
    rows = [
        {
            "label": label,
            "cells": [Number(_whole(one["values"][at]), one["urls"][at]) for one in data["series"]],
        }
        for at, label in enumerate(data["labels"])
    ]
    return {"data": data, "series": data["series"], "rows": rows}


def _whole(value: float | None) -> float | int | None:
    return int(value) if value is not None and float(value).is_integer() else value


STATES = ("done", "on", "behind", "late", "none")


def _words() -> dict[str, Any]:
    return {"done": _("Done"), "on": _("On schedule"), "behind": _("Behind"), "late": _("Overdue"),
            "none": _("Not started")}  # fmt: skip


def state_of(data: dict[str, Any]) -> str:
    """The mark of a locked task: done, on, behind, late or none."""
    state = data["state"]
    if state["is_late"]:
        return "late"
    return {"done": "done", "on_track": "on", "behind": "behind"}.get(state["status"], "none")


def _by_block(revision: Revision) -> dict[str, Any]:
    """Tasks of the main plan and its sub-plans by block and state, in the plan's order."""
    counts: dict[str, dict[str, int]] = {}
    codes: dict[str, str] = {}
    for row in queries.locked_rows(revision, "plans.task"):
        block = row.data["block"] or row.data["plan"]
        codes[block] = row.data["block_code"] or row.data["plan"]
        counts.setdefault(block, dict.fromkeys(STATES, 0))[state_of(row.data)] += 1
    lists = url_or_none("three_lists")
    base = f"{lists}?tab=progress&period={revision.period.code}" if lists else None
    words = _words()
    return {
        "kind": "blocks",
        "labels": list(counts),
        "series": [
            {"name": str(words[state]), "mark": state, "values": [row[state] for row in counts.values()],
             "urls": [f"{base}&{urlencode({'block': codes[block], 'mark': state})}" if base else None for block in counts]}
            for state in STATES
        ],
    }  # fmt: skip


def _by_unit(figures: Sequence[Figure]) -> dict[str, Any]:
    """Tasks due by unit, in protocol order: done in time and not. Never sorted by value, no ranks."""
    by_unit: dict[Unit, dict[str, Figure]] = {}
    for figure in figures:
        if figure.unit is not None:
            by_unit.setdefault(figure.unit, {})[figure.measure] = figure
    units = {unit: row for unit, row in by_unit.items() if row.get("tasks_lead") and row["tasks_lead"].value}
    return {
        "kind": "units",
        "labels": [unit.display_short for unit in units],
        "series": [
            _series(_("Done on time"), "done", "tasks_done_on_time", list(units.values())),
            _series(_("Not done on time"), "late", "tasks_not_on_time", list(units.values())),
        ],
    }


def _by_month() -> dict[str, Any]:
    codes = ("problems_new", "problems_closed", "problems_open", "problems_overdue")
    months = queries.figures_by_month(codes)
    return {
        "kind": "months",
        "labels": [month.code for month, _row in months],
        "series": [
            _series(queries.measure_label(code), "", code, [row for _month, row in months]) for code in codes
        ],
    }


def _series(name: Any, mark: str, measure: str, rows: Sequence[dict[str, Figure]]) -> dict[str, Any]:
    found = [row.get(measure) for row in rows]
    return {
        "name": str(name),
        "mark": mark,
        "values": [float(f.value) if f and f.value is not None else None for f in found],
        "urls": [reverse("figure_rows", args=[f.pk]) if f else None for f in found],
    }
