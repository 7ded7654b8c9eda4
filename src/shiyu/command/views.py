"""The progress wall (挂图作战)."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from shiyu.command.access import can, need
from shiyu.command.queries.columns import mark_words
from shiyu.command.queries.figures import FigureLine, live_figures, locked_figures
from shiyu.command.queries.live_problems import live_problems
from shiyu.command.queries.wall import Filter, Wall, filtered, tiles_by_level, wall_of
from shiyu.kernel.actor import Actor


@login_required
def wall(request: HttpRequest) -> HttpResponse:
    """The wall of a month (`?month=2026-10`, `?month=live`), as marks, as a table (`?view=table`) or for A3 paper."""
    actor = request.actor  # type: ignore[attr-defined]
    need(actor, "view")
    asked = request.GET
    shown = wall_of(asked.get("month", ""), asked.get("task", ""))
    wanted = Filter(*(asked.get(name, "") for name in ("mark", "block", "unit", "role", "due")))
    months, tiles = shown.months, shown.units
    context: dict[str, Any] = {
        "wall": shown,
        "months": months,
        "month": months.shown.code if months.shown else "live",
        "words": mark_words(),
        "figures": _live(shown, actor) if months.shown is None else locked_figures(months.shown),
        "may_make_pack": months.shown is not None and can(actor, "make_pack"),
    }
    if asked.get("view") == "table":
        rows = filtered(shown.columns, wanted, months.day)
        names = {str(tile.unit_id): tile.name for tile in tiles}
        context |= {"rows": rows, "wanted": wanted, "unit_name": names.get(wanted.unit, "")}
        return render(request, "command/wall_table.html", context)
    context["units"], context["units_below"] = tiles_by_level(tiles)
    return render(request, "command/wall_print.html" if asked.get("print") else "command/wall.html", context)


def _live(shown: Wall, actor: Actor) -> list[FigureLine]:
    """What can be counted of the month that is not locked: tasks, reports, problems."""
    return [*live_figures(shown, actor), *live_problems(actor)]
