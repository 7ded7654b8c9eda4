"""What reading a plan gives: items with responsibility and deadline, context, doubts.

Everything the source says is kept: each source paragraph (or table row) is referred to by an item or by
a context
entry, so that the page can show source and result side by side.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Source:
    """Where something stands.

    A paragraph (from 1, blank ones not counted) or a sheet and its row (from 1).
    """

    paragraph: int | None = None
    sheet: str | None = None
    row: int | None = None
    last_paragraph: int | None = None

    def to_json(self) -> dict[str, Any]:
        """The place as the issue writes it: `{"paragraph": 17}` or `{"sheet": "表1", "row": 3}`."""
        if self.paragraph is None:
            return {"sheet": self.sheet, "row": self.row}
        if self.last_paragraph is not None and self.last_paragraph != self.paragraph:
            return {"paragraph": self.paragraph, "last_paragraph": self.last_paragraph}
        return {"paragraph": self.paragraph}


@dataclass(frozen=True)
class Deadline:
    """By when: `kind` is "date", "ongoing", "recurring" or "none".

    `date` is an ISO day (the last day allowed), `text` the words of the source, `every` one of "year",
    "half-year", "quarter", "month", "week", "day" when the kind is recurring.
    """

    kind: str = "none"
    date: str | None = None
    text: str = ""
    every: str | None = None

    def to_json(self) -> dict[str, Any]:
        """Plain dictionary with all four keys."""
        return {"kind": self.kind, "date": self.date, "text": self.text, "every": self.every}


@dataclass(frozen=True)
class Mark:
    """A stretch of the source paragraph's text: `kind` is lead, supporting, group, deadline or tail.

    `name` is what stands there in the source; `resolved` the official name when a name book knew it.
    """

    start: int
    end: int
    kind: str
    name: str
    paragraph: int | None = None
    resolved: str | None = None
    code: str | None = None

    def to_json(self) -> dict[str, Any]:
        """Plain dictionary."""
        return dict(self.__dict__)


@dataclass
class Item:
    """A piece of text with a responsibility of its own, or a table row.

    `path` lists the numbers from the top as written, without the closing mark: `["四", "（一）", "1"]`;
    `number` is the last of them, "" when the text has none. `part` counts several tails of one
    paragraph from 1.
    `text` has neither number nor tail; `tail` is the tail as written.
    """

    path: list[str]
    number: str
    part: int
    text: str
    leads: list[str]
    supporting: list[str]
    groups: list[str]
    deadline: Deadline
    source: Source
    tail: str = ""
    extra: dict[str, str] = field(default_factory=dict)
    marks: list[Mark] = field(default_factory=list)

    def to_json(self) -> dict[str, Any]:
        """The item as the issue writes it, with `tail`, `extra` and `marks` beside."""
        return {
            "path": self.path,
            "number": self.number,
            "part": self.part,
            "text": self.text,
            "leads": self.leads,
            "supporting": self.supporting,
            "groups": self.groups,
            "deadline": self.deadline.to_json(),
            "source": self.source.to_json(),
            "tail": self.tail,
            "extra": self.extra,
            "marks": [mark.to_json() for mark in self.marks],
        }


@dataclass(frozen=True)
class Context:
    """Text that is no task, kept in order."""

    text: str
    source: Source
    path: list[str] = field(default_factory=list)

    def to_json(self) -> dict[str, Any]:
        """Plain dictionary."""
        return {"text": self.text, "source": self.source.to_json(), "path": self.path}


@dataclass(frozen=True)
class Doubt:
    """Something a person should look at.

    `what` is English, `what_zh` Chinese; `code` names the kind of doubt.
    """

    where: Source
    what: str
    what_zh: str
    code: str
    name: str = ""
    suggestion: str = ""

    def to_json(self) -> dict[str, Any]:
        """Plain dictionary."""
        return {
            "where": self.where.to_json(),
            "what": self.what,
            "what_zh": self.what_zh,
            "code": self.code,
            "name": self.name,
            "suggestion": self.suggestion,
        }


@dataclass(frozen=True)
class SourceParagraph:
    """One non-blank paragraph or table row of the source, with Word's automatic number written out.

    The cells of a row are joined by tab characters.
    """

    source: Source
    text: str
    number: str = ""

    def to_json(self) -> dict[str, Any]:
        """Plain dictionary."""
        return {"source": self.source.to_json(), "text": self.text, "number": self.number}


@dataclass
class ReadPlan:
    """A whole document, read."""

    title: str = ""
    document_number: str = ""
    items: list[Item] = field(default_factory=list)
    context: list[Context] = field(default_factory=list)
    doubts: list[Doubt] = field(default_factory=list)
    paragraphs: list[SourceParagraph] = field(default_factory=list)

    def to_json(self) -> dict[str, Any]:
        """The JSON of `shiyu read-plan --json`."""
        return {
            "title": self.title,
            "document_number": self.document_number,
            "items": [item.to_json() for item in self.items],
            "context": [entry.to_json() for entry in self.context],
            "doubts": [doubt.to_json() for doubt in self.doubts],
            "paragraphs": [paragraph.to_json() for paragraph in self.paragraphs],
        }
