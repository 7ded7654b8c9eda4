"""The board above the list: what waits at each stage, with its number, as filters in the address."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import pgettext

from shiyu.kernel.actor import Actor
from shiyu.matters.queries.board import counts_of_waits, has_board, waits_in_pack
from shiyu.ui.lists import COUNT_STOP


def tabs_of(request: HttpRequest, actor: Actor) -> list[dict[str, Any]]:
    """The board's parts with their counts, which stop at 1,000; none in a city whose matters are not sorted and sent
    out by competence."""
    if not has_board():
        return []
    here = request.GET.get("wait", "")
    counts = counts_of_waits(actor, COUNT_STOP)
    tabs = [{"label": pgettext("board", "All"), "url": "?", "count": None, "current": not here}]
    labels = wait_labels()
    for wait in waits_in_pack():
        count = counts[wait]
        shown = f"{COUNT_STOP:,}+" if count > COUNT_STOP else f"{count:,}"
        tabs.append({"label": labels[wait], "url": f"?wait={wait}", "count": shown, "current": wait == here})
    return tabs


def wait_labels() -> dict[str, str]:
    """What the parts of the board are called."""
    return {
        "sort": pgettext("board", "To be sorted"),
        "dispatch": pgettext("board", "To be dispatched"),
        "returned": pgettext("board", "Returned, to be answered"),
        "handling": pgettext("board", "In handling"),
        "overdue": pgettext("board", "Overdue"),
        "verify": pgettext("board", "To be verified"),
        "call": pgettext("board", "To be followed up"),
        "disputed": pgettext("board", "Competence disputed"),
        "enter_back": pgettext("board", "Results to enter back"),
    }
