"""The figures per body and kind, and the coverage of the net."""

from collections.abc import Callable
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_safe

from shiyu.letters.views.pages import actor_of, page
from shiyu.lib import clock
from shiyu.matters.kinds import language
from shiyu.mediation.access import need_view
from shiyu.mediation.queries.coverage import CoverageLine, coverage
from shiyu.mediation.queries.figures import BodyFigures, figures_of, stretch_of, total_of
from shiyu.mediation.queries.words import content_label, current_rule, kind_choices, source_choices
from shiyu.places.models import Area
from shiyu.ui.lists import Column, ListSpec, TablePage, respond_list
from shiyu.ui.values import Number, month_words

MONTHS = 24
"""How far back the choice of months goes."""
LEVELS = {
    Area.Level.COUNTY.value: gettext_lazy("Counties"),
    Area.Level.TOWN.value: gettext_lazy("Towns"),
    Area.Level.VILLAGE.value: gettext_lazy("Villages"),
}


def period_words(code: str) -> str:
    """A month, quarter or year in words."""
    year, _dash, part = code.partition("-")
    if not part:
        return _("%(year)s") % {"year": year}
    if part.startswith("Q"):
        return _("%(year)s, quarter %(n)s") % {"year": year, "n": part[1]}
    return month_words(code)


def periods_until(today: date) -> list[str]:
    """The codes one can choose: this year and the last, their quarters so far, the last 24 months."""
    quarter = (today.month + 2) // 3
    found = [f"{today.year}", f"{today.year - 1}"]
    found += [f"{today.year}-Q{n}" for n in range(quarter, 0, -1)] + [
        f"{today.year - 1}-Q{n}" for n in (4, 3, 2, 1)
    ]
    ordinal = today.year * 12 + today.month - 1
    return found + [f"{(ordinal - n) // 12}-{(ordinal - n) % 12 + 1:02d}" for n in range(MONTHS)]


class PeriodFilter(forms.Form):
    """Which month, quarter or year, and which kind."""

    period = forms.ChoiceField(label=pgettext_lazy("mediation", "Period"), required=False)
    topic = forms.ChoiceField(label=gettext_lazy("Sort of dispute"), required=False)

    def __init__(self, data: Any) -> None:
        super().__init__(data)
        fields: dict[str, Any] = self.fields
        fields["period"].choices = [(code, period_words(code)) for code in periods_until(clock.today())]
        fields["topic"].choices = [("", _("All")), *kind_choices()]


@require_safe
@page
def mediation_figures(request: HttpRequest) -> HttpResponse:
    """Bodies and kinds side by side, by protocol. `?period=2026-Q3&topic=family`."""
    actor = actor_of(request)
    need_view(actor)
    today = clock.today()
    code = request.GET.get("period") or f"{today.year}"
    try:
        stretch = stretch_of(code)
    except ValueError:
        raise Http404 from None
    topic = request.GET.get("topic", "")
    lines = [line for line in figures_of(actor, stretch) if not topic or line.topic == topic]
    spec = ListSpec(
        key="mediation_figures",
        title=_("Figures of mediation, %(period)s") % {"period": period_words(code)},
        columns=_columns(code),
        default_sort="protocol",
        defaults={"period": f"{today.year}"},
        page_size=500,
        empty=_("No mediation ended in this time."),
        paper="A3",
    )
    shown = TablePage(
        request,
        spec,
        lines,
        form=PeriodFilter(request.GET or {"period": code}),
        foot=_foot(lines, code, topic),
    )
    return respond_list(request, shown, "mediation/mediation_figures.html")


def _foot(lines: list[BodyFigures], code: str, topic: str) -> list[Number]:
    whole = total_of(lines)
    if whole is None:
        return []
    return [
        Number(whole.counts["cases"], _behind(code, "cases", topic=topic), label=_("Cases")),
        Number(whole.people, label=_("Parties")),
        Number(whole.counts["successful"], _behind(code, "successful", topic=topic), label=_("Successful")),
        Number(_rate(whole), label=_("Success rate")),
        Number(_money(whole), label=_("Money concerned (10,000 yuan)")),
    ]


def _rate(line: BodyFigures) -> str:
    return "—" if line.rate is None else f"{line.rate:.1%}"


WIDE = {"amount": 132, "otherwise": 140, "confirmed": 100}
"""Columns with longer heads, px."""


def _counted() -> list[tuple[str, Any]]:
    """The ministry's columns: code and head."""
    return [
        ("cases", _("Cases")),
        ("people", _("Parties")),
        ("successful", _("Successful")),
        ("rate", _("Success rate")),
        ("difficult", _("Difficult")),
        ("amount", _("Money concerned (10,000 yuan)")),
        ("written", _("Written agreement")),
        ("oral", _("Oral agreement")),
        ("not_reached", _("No agreement")),
        ("otherwise", _("Withdrawn, refused or referred")),
        ("confirmed", _("Confirmed by the court")),
    ]


def _reader(code: str, name: str) -> Callable[[BodyFigures], Any]:
    """How a column reads a line, with the address of the rows behind it."""
    if name == "rate":
        return _rate
    if name == "people":
        return lambda line: _number(line, code, "cases", line.people)
    if name == "amount":
        return lambda line: _number(line, code, "cases", _money(line) if line.amount else 0)
    if name.startswith("from-"):
        return lambda line: _number(line, code, name, line.sources.get(name.removeprefix("from-"), 0))
    return lambda line: _number(line, code, name, line.counts.get(name, 0))


def _columns(code: str) -> list[Column]:
    topics = dict(kind_choices())
    counted = [
        *((name, label, WIDE.get(name, 88)) for name, label in _counted()),
        *((f"from-{key}", label, 116) for key, label in source_choices()),
    ]
    return [
        Column(
            "protocol",
            _("Body"),
            value=lambda line: line.unit.display_short,
            sort=lambda line: (line.unit.protocol_order, line.unit.code, line.topic),
            width=170,
            frozen=True,
        ),
        Column(
            "topic",
            _("Sort of dispute"),
            value=lambda line: topics.get(line.topic, "—"),
            width=104,
            frozen=True,
        ),
        *(
            Column(name, label, value=_reader(code, name), width=width, align="r", short=True)
            for name, label, width in counted
        ),
        Column("content", _("Content of petitions"), value=lambda line: content_label(line.topic), width=110),
    ]


def _number(line: BodyFigures, code: str, name: str, n: Any) -> Any:
    """A count that opens its rows; nothing to open where nothing was counted."""
    return Number(n, _behind(code, name, body=str(line.unit.pk), topic=line.topic)) if n else 0


def _behind(code: str, name: str, **more: str) -> str:
    query = {
        "show": "all",
        "period": code,
        "count": name,
        **{key: text for key, text in more.items() if text},
    }
    return f"{reverse('mediation_list')}?{urlencode(query)}"


def _money(line: BodyFigures) -> str:
    """In units of 10,000 yuan, without needless noughts."""
    return f"{line.amount.normalize():f}"


class CoverageFilter(forms.Form):
    """Which level and sort of body; gaps alone."""

    level = forms.ChoiceField(label=pgettext_lazy("mediation", "Level"), required=False)
    sort_of = forms.ChoiceField(label=gettext_lazy("Sort of body"), required=False)
    gaps = forms.ChoiceField(label=gettext_lazy("Gaps"), required=False)

    def __init__(self, data: Any) -> None:
        super().__init__(data)
        fields: dict[str, Any] = self.fields
        rule, everything = current_rule(), ("", _("All"))
        covered = {c: row for c, row in rule.bodies.items() if row.covers} if rule else {}
        fields["level"].choices = [everything, *LEVELS.items()]
        fields["sort_of"].choices = [
            everything,
            *((c, row.label.text(language())) for c, row in covered.items()),
        ]
        fields["gaps"].choices = [everything, ("yes", _("With gaps only"))]


@require_safe
@page
def mediation_coverage(request: HttpRequest) -> HttpResponse:
    """Which places and industries have a body, its mediators, its legal adviser; what is missing."""
    need_view(actor_of(request))
    lines = coverage()
    gaps = sum(bool(line.gaps) for line in lines)
    spec = ListSpec(
        key="mediation_coverage",
        title=_("Coverage of the mediation net"),
        columns=_coverage_columns(),
        default_sort="area",
        page_size=100,
        empty=_("Every place that is to have a body has one."),
        paper="A4",
    )
    foot = [
        Number(len(lines), label=_("Places to cover")),
        Number(gaps, label=_("With gaps")),
        Number(sum(line.full_time for line in lines), label=_("Full-time mediators")),
        Number(sum(line.part_time for line in lines), label=_("Part-time mediators")),
    ]
    shown = TablePage(request, spec, lines, form=CoverageFilter, keep=_kept, foot=foot)
    return respond_list(request, shown, "mediation/mediation_coverage.html")


def _kept(lines: Any, given: dict[str, Any]) -> list[CoverageLine]:
    return [
        line
        for line in lines
        if given.get("level") in ("", None, line.level)
        and given.get("sort_of") in ("", None, line.sort)
        and (not given.get("gaps") or line.gaps)
    ]


def _coverage_columns() -> list[Column]:
    return [
        Column("county", _("County"), value=lambda line: line.county or "—", width=130, short=True),
        Column("area", _("Place"), value=lambda line: line.area.name, sort=lambda line: line.area.path, width=130),
        Column("sort_label", _("Sort of body"), width=170),
        Column(
            "bodies",
            _("Body"),
            value=lambda line: "、".join(unit.display_short for unit in line.bodies) or "—",
            width=220,
        ),
        Column("full_time", _("Full-time mediators"), value=lambda line: _people(line, line.full_time), width=96, align="r", short=True),
        Column("part_time", _("Part-time mediators"), value=lambda line: _people(line, line.part_time), width=96, align="r", short=True),
        Column("advisers", _("Legal advisers"), value=lambda line: "—" if line.advisers is None else line.advisers, width=96, align="r", short=True),
        Column("gaps", _("What is missing"), value=lambda line: "、".join(line.gaps), width=180, template="mediation/_coverage_gaps.html"),
    ]  # fmt: skip


def _people(line: CoverageLine, n: int) -> Any:
    return n if line.bodies else "—"
