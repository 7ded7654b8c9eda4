"""What a document says around its tasks (preamble, headings, closing): taken over with an edition, shown and printed."""

import re
from dataclasses import dataclass

from shiyu.plans.models import Edition, EditionText
from shiyu.plans.queries.corrections import Corrected, place_of

HEADING = 40  # characters: what is longer, or ends like a sentence, is text that begins with a number
_LEVELS = (
    re.compile(r"[一二三四五六七八九十百]+、|第[一二三四五六七八九十百]+(?:章|部分|编)"),
    re.compile(r"[（(][一二三四五六七八九十百]+[）)]|第[一二三四五六七八九十百]+节"),
    re.compile(r"\d+[.．、]"),
    re.compile(r"[（(]\d+[）)]"),
)


@dataclass(frozen=True)
class FoundText:
    """A stretch of the source. `item` is the place in `Corrected.items` it stands before; None behind the last."""

    text: str
    level: int
    item: int | None


def level_of(text: str) -> int:
    """1–4 for a heading numbered as official documents are (GB/T 9704: 一、（一）1.（1）), else 0."""
    if len(text) > HEADING or text.rstrip().endswith(("。", "；", ";", "，", "：")):
        return 0
    return next((level for level, mark in enumerate(_LEVELS, start=1) if mark.match(text)), 0)


def texts_around(state: Corrected) -> list[FoundText]:
    """The context of a read document in the source's order, without the title: that is the plan's own."""
    order = {place_of(row["source"]): at for at, row in enumerate(state.paragraphs)}
    last = len(order)
    starts = [order.get(item.place, last) for item in state.items]
    found: list[FoundText] = []
    for row in sorted(state.context, key=lambda row: order.get(place_of(row["source"]), last)):
        text, at = row["text"].strip(), order.get(place_of(row["source"]), last)
        if not text or (not found and text == state.title.strip()):
            continue
        item = next((place for place, start in enumerate(starts) if start >= at), None)
        found.append(FoundText(text, level_of(text), item))
    return found


def texts_of(edition: Edition) -> list[EditionText]:
    """The texts of an edition in order, each with the task it stands before."""
    return list(edition.texts.select_related("task").order_by("position"))
