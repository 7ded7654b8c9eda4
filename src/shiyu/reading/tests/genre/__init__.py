"""Documents of the genre, written for the tests: what offices hand in, in the shapes they hand it in.

Content and units are invented or generic. Each case says what must be found, written by hand.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Case:
    """A document and what must be found in it.

    `expected` has one line per item: `path #part | leads | supporting | groups | deadline`; `#1` is left out.
    A deadline is an ISO day, `ongoing`, `recurring month` … or nothing. `doubts` are the codes that must be
    raised, no others (`None`: not checked).
    """

    make: Callable[[], bytes | str]
    filename: str
    expected: str
    doubts: frozenset[str] | None = frozenset()

    @property
    def lines(self) -> list[str]:
        """The expected lines, spaces evened out."""
        return [" ".join(line.split()) for line in self.expected.strip().splitlines()]


def text(content: str) -> Callable[[], str]:
    """A pasted text."""
    return lambda: content.strip("\n")
