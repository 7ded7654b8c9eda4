"""What to say of a name that does not exist: the one that was probably meant, else those there are."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

SHOWN = 12
"""Most names listed; a longer list would bury the sentence before it."""


def nearest_name(given: str, known: Iterable[str]) -> str | None:
    """The known name most like the given one; None where none is like it."""
    return next(iter(difflib.get_close_matches(given.lower(), list(known), 1, 0.75)), None)


def hint(given: str, known: Iterable[str]) -> tuple[str, str]:
    """The end of a sentence, Chinese and English: `，是不是 proof？` or the list of what there is."""
    names = list(known)
    near = nearest_name(given, names)
    if near is not None:
        return f"，是不是 {near}？", f"; did you mean {near}?"
    if not names:
        return "（这里还没有任何可用的）", " (there are none yet)"
    more = (" 等", " …") if len(names) > SHOWN else ("", "")
    return (
        f"（可用：{'、'.join(names[:SHOWN])}{more[0]}）",
        f" (there are {', '.join(names[:SHOWN])}{more[1]})",
    )
