"""Letters counted by kind and unit over a time, and the rows behind every number."""

from datetime import date
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy, pgettext, pgettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from shiyu.letters.forms import OUTCOME_WORDS, AnswerFilter, letter_kinds
from shiyu.letters.queries import Line, answers_shown, counts_of, workdays_late
from shiyu.letters.views.pages import actor_of, left_until, page
from shiyu.lib import clock
from shiyu.packs.queries import current_pack
from shiyu.ui.forms import DayInput
from shiyu.ui.lists import Column, ListPage, ListSpec, TablePage, respond_list
from shiyu.ui.values import Number

SIDES = (("writer", gettext_lazy("By the unit that wrote")), ("unit", gettext_lazy("By the unit addressed")))


class CountsFilter(forms.Form):
    """From which day to which, and by whom."""

    since = forms.DateField(label=gettext_lazy("Issued from"), widget=DayInput, required=False)
    until = forms.DateField(label=gettext_lazy("Issued to"), widget=DayInput, required=False)
    by = forms.ChoiceField(label=pgettext_lazy("letter", "Counted"), choices=SIDES, required=False)


@require_GET
@page
def letter_counts(request: HttpRequest) -> HttpResponse:
    """Per kind and unit: issued, answered in time and late, open, overdue, withdrawn. This year without `?since=`."""
    actor, today = actor_of(request), clock.today()
    given = {"since": today.replace(month=1, day=1).isoformat(), "until": today.isoformat(), "by": "writer"}
    form = CountsFilter({**given, **{key: value for key, value in request.GET.items() if value}})
    clean = form.cleaned_data if form.is_valid() else {}
    first, last = clean.get("since") or today.replace(month=1, day=1), clean.get("until") or today
    side = clean.get("by") or "writer"
    counts = counts_of(actor, first, last)
    spec = ListSpec(
        key="letter_counts",
        title=_("Letters counted, %(first)s to %(last)s") % {"first": first, "last": last},
        columns=_columns(first, last, side),
        default_sort="protocol",
        defaults=given,
        page_size=200,
        empty=_("No letter went out in this time."),
        paper="A4",
    )
    rows = counts.written if side == "writer" else counts.received
    foot = _foot(counts.by_kind, first, last)
    shown = TablePage(request, spec, rows, form=form, foot=foot)
    return respond_list(request, shown, "letters/letter_counts.html", {})


def _foot(by_kind: dict[str, int], first: date, last: date) -> list[Number]:
    """How many of each heading (一函, 一书) went out; each opens its letters."""
    found: list[Number] = []
    for code, kind in current_pack().letter.items():
        if kind.counts_as is None:
            continue
        query = urlencode({"kind": code, "since": first, "until": last})
        words = kind.counts_as.text(get_language() or "zh-hans")
        found.append(Number(by_kind.get(code, 0), f"{reverse('letter_list')}?{query}", label=words))
    return found


def _columns(first: date, last: date, side: str) -> list[Column]:
    kinds = dict(letter_kinds())
    unit_name = _("Issued by") if side == "writer" else _("Addressed to")

    def letters(line: Line, **more: str) -> str:
        asked = {"kind": line.kind, "unit": line.unit.pk, "since": first, "until": last, **more}
        return f"{reverse('letter_list')}?{urlencode(asked)}"

    def answers(outcome: str) -> Any:
        def value(line: Line) -> Any:
            count = line.of(outcome)
            asked = {"kind": line.kind, side: line.unit.pk, "outcome": outcome, "since": first, "until": last}
            return Number(count, f"{reverse('letter_answers')}?{urlencode(asked)}") if count else 0

        return value

    columns = [
        Column(
            "protocol",
            unit_name,
            value=lambda line: line.unit.display_short,
            sort=lambda line: (line.unit.protocol_order, line.unit.code, line.kind),
            width=200,
        ),
        Column("kind", _("Kind of letter"), value=lambda line: kinds.get(line.kind, line.kind), width=150),
    ]
    if side == "writer":
        columns += [
            Column(
                "issued", _("Issued"), width=90, align="r",
                value=lambda line: Number(line.issued, letters(line)) if line.issued else 0,
            ),
            Column(
                "withdrawn", _("Withdrawn"), width=90, align="r",
                value=lambda line: Number(line.withdrawn, letters(line, state="withdrawn")) if line.withdrawn else 0,
            ),
        ]  # fmt: skip
    for outcome in ("on_time", "answered_late", "open", "late", "none"):
        columns.append(Column(outcome, OUTCOME_WORDS[outcome], value=answers(outcome), width=110, align="r"))
    return columns


@require_GET
@page
def letter_answers(request: HttpRequest) -> HttpResponse:
    """Every letter at every unit it was addressed to, with what became of its reply."""
    shown = ListPage(request, answer_spec(), answers_shown(actor_of(request)))
    return respond_list(request, shown, "letters/letter_counts.html", {})


def answer_spec() -> ListSpec:
    """Columns, orders and filters of the letters at their recipients."""
    kinds = dict(letter_kinds())
    return ListSpec(
        key="letter_answers",
        title=_("Letters and their replies"),
        columns=(
            Column(
                "number_text", pgettext("letter", "Number"), value="letter.number_text", width=190,
                link=lambda row: reverse("letter_detail", args=[row.letter_id]), frozen=True,
            ),
            Column("title", pgettext("letter", "Title"), value="letter.title", width=280, clamp=True),
            Column("kind", _("Kind of letter"), value=lambda row: kinds.get(row.letter.kind, row.letter.kind), width=120),
            Column("writer", _("Issued by"), value="letter.unit.display_short", width=140),
            Column("unit", _("Addressed to"), value="unit.display_short", sort="unit__protocol_order", width=150),
            Column("issued_on", _("Issued on"), value="letter.issued_on", sort="letter__issued_on", width=110, short=True),
            Column(
                "reply_by", _("Reply by"), sort="reply_by", width=130,
                value=lambda row: left_until(row.reply_by, row.outcome not in ("open", "late")),
            ),
            Column("replied_on", _("Replied"), value="replied_on", sort="replied_at", width=110, short=True),
            Column("outcome", _("Reply"), value=_outcome_words, width=150),
        ),
        default_sort="-issued_on",
        filterset=AnswerFilter,
        empty=_("No letter has been issued or received yet."),
        paper="A4",
    )  # fmt: skip


def _outcome_words(row: Any) -> str:
    late = workdays_late(row.reply_by, row.replied_at)
    if late:
        return _("Answered %(n)s workdays late") % {"n": late}
    return str(OUTCOME_WORDS[row.outcome])
