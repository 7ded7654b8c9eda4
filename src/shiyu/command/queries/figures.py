"""The right column: the month's circular figures when it is locked; what can be counted today when it is not."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from shiyu.command.queries.wall import Wall, due_kinds
from shiyu.kernel.actor import Actor
from shiyu.kernel.measures import rate
from shiyu.periods.models import Figure, Period
from shiyu.periods.queries import measure_label, measure_words, value_text
from shiyu.plans.access import visible_reports

# measure, whether it is a part of the one above, whether it counts something overdue
SHOWN = (
    ("tasks_total", False, False),
    ("tasks_due", False, False),
    ("tasks_done_on_time", True, False),
    ("tasks_not_on_time", True, True),
    ("on_time_rate", False, False),
    ("reports_due", False, False),
    ("reports_late", True, False),
    ("reports_missing", True, False),
    ("problems_carried", False, False),
    ("problems_new", True, False),
    ("problems_closed", True, False),
    ("problems_open", False, False),
    ("problems_overdue", True, True),
    ("problems_on_books", True, False),
)
_TABLE = {
    "tasks_total": "",
    "tasks_due": "due",
    "tasks_done_on_time": "on_time",
    "tasks_not_on_time": "not_on_time",
}


@dataclass(frozen=True)
class FigureLine:
    """One number of the right column. What opens its rows: a locked figure, the wall's table, or the reports."""

    label: str
    words: str
    text: str
    is_part: bool = False
    is_late: bool = False
    figure_id: UUID | None = None
    due: str | None = None  # the table's filter; "" for all of it
    reports: bool = False
    url: str = ""


def locked_figures(period: Period) -> list[FigureLine]:
    """The city's figures of the locked month that the wall shows, as far as its cycle has them. One query."""
    assert period.locked_revision_id is not None
    wanted = [measure for measure, _part, _late in SHOWN]
    rows = Figure.objects.filter(revision_id=period.locked_revision_id, unit=None, measure__in=wanted)
    found = {figure.measure: figure for figure in rows}
    return [
        FigureLine(
            label=_label(measure),
            words=measure_words(measure),
            text=value_text(measure, found[measure].value),
            is_part=is_part,
            is_late=is_late and bool(found[measure].value),
            figure_id=found[measure].pk if found[measure].value is not None else None,
        )
        for measure, is_part, is_late in SHOWN
        if measure in found
    ]


def _label(measure: str) -> str:
    """What the city calls it; the first line of the problems says that they are problems."""
    words = measure_label(measure)
    return _("Problems: %(measure)s") % {"measure": words} if measure == "problems_carried" else words


def live_figures(wall: Wall, actor: Actor) -> list[FigureLine]:
    """What can be counted of the month that is not locked: tasks of the wall, reports the person may see. One query."""
    kinds = [kind for column in wall.columns for kind in due_kinds(column, wall.months.day)]
    count: Callable[[str], int] = kinds.count
    values: dict[str, Any] = {
        "tasks_total": len(wall.columns),
        "tasks_due": count("due"),
        "tasks_done_on_time": count("on_time"),
        "tasks_not_on_time": count("not_on_time"),
    }
    lines = [
        FigureLine(
            label=measure_label(measure),
            words=measure_words(measure),
            text=str(value),
            is_part=measure in ("tasks_done_on_time", "tasks_not_on_time"),
            is_late=measure == "tasks_not_on_time" and value > 0,
            due=_TABLE[measure],
        )
        for measure, value in values.items()
    ]
    share = rate(values["tasks_done_on_time"], values["tasks_due"])
    text = "—" if share is None else f"{share * 100:.1f}".removesuffix(".0") + "%"
    lines.append(FigureLine(measure_label("on_time_rate"), measure_words("on_time_rate"), text, due="due"))
    return [*lines, *_reports(wall, actor)]


def _reports(wall: Wall, actor: Actor) -> Sequence[FigureLine]:
    code = f"{wall.months.today:%Y-%m}"
    rows = visible_reports(actor).filter(period__code=code)
    found = rows.aggregate(all=Count("pk"), missing=Count("pk", filter=Q(first_submitted_at=None)))
    if not found["all"]:
        return []
    words = _("Monthly reports of the units you may see.")
    return [
        FigureLine(_("Monthly reports"), words, str(found["all"]), reports=True),
        FigureLine(_("not handed in yet"), words, str(found["missing"]), is_part=True, reports=True),
    ]
