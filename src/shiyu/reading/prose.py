"""Paragraphs → items and context: numbers give the path, tails the responsibility."""

from __future__ import annotations

from dataclasses import dataclass, field

from shiyu.reading.draft import Draft
from shiyu.reading.headings import Headings
from shiyu.reading.numbering import Number, Outline, find_number
from shiyu.reading.result import Item, Source
from shiyu.reading.tail_search import find_running, find_tails
from shiyu.reading.tails import Tail

MAX_PARAGRAPH = 20_000  # characters; a longer one is no task, and searching it would take too long
_BLANKS = " \t\n　。；;，,、."


@dataclass(frozen=True)
class Paragraph:
    """A paragraph of the source.

    `label` is Word's automatic number, not part of `text`; `numbering` names its list.
    """

    text: str
    label: str = ""
    numbering: str = ""


@dataclass
class _Held:
    """A paragraph without a responsibility so far; it may become the task of a tail that stands below it."""

    index: int
    text: str
    start: int
    path: list[str]
    numbered: bool


@dataclass
class ProseReader:
    """Reads paragraphs one by one; `close` settles what is still held."""

    draft: Draft
    outline: Outline = field(default_factory=Outline)
    count: int = 0
    headings: Headings = field(init=False)
    _held: list[_Held] = field(default_factory=list)
    _last: Item | None = None

    def __post_init__(self) -> None:
        self.headings = Headings(self.draft)

    def read(self, paragraph: Paragraph) -> None:
        """Take the next non-blank paragraph in."""
        self.count += 1
        text = paragraph.label + paragraph.text if paragraph.label else paragraph.text
        source = Source(paragraph=self.count)
        number = self._number(paragraph, text)
        self.draft.paragraph(source, text, number.plain if number else "")
        if number:
            self.outline.enter(number.style, number.plain)
        start = number.end if number else len(text) - len(text.lstrip())
        tails = find_tails(text, self.draft.book, start) if len(text) <= MAX_PARAGRAPH else []
        if len(text) > MAX_PARAGRAPH:
            self.draft.doubt(source, "long_paragraph")
        if not tails:
            if not self._without_tail(text, start, source, is_numbered=number is not None):
                self._held.append(_Held(self.count, text, start, self.outline.path(), number is not None))
            return
        if not text[start : tails[0].start].strip(_BLANKS) and not number:
            self._below(text, tails, source)
            return
        if not number:
            self._name_heading(tails)
        self._settle()
        self._parts(text, start, tails, source)

    def _without_tail(self, text: str, start: int, source: Source, *, is_numbered: bool) -> bool:
        """A paragraph without brackets or labels may be a unit's own, or name its units in a sentence."""
        path, words = self.outline.path(), text[start:]
        if len(text) > MAX_PARAGRAPH or (is_numbered and self.headings.look_for_owner(words, path, source)):
            return False
        tail = find_running(text, self.draft.book, start, only_named=not is_numbered)
        tail = tail or (self.headings.owned_tail(path) if is_numbered else None)
        if tail is None or not words.strip(_BLANKS):
            return False
        self._settle()
        self._last = self.draft.item(
            source, path, words.strip(), tail, prose_start=start, paragraph=self.count
        )
        self.headings.made(self._last, tail)
        return True

    def _number(self, paragraph: Paragraph, text: str) -> Number | None:
        number = find_number(text)
        if paragraph.label and (number is None or number.end < len(paragraph.label)):
            plain = paragraph.label.strip().rstrip("、.．: ：")
            return Number(f"auto:{paragraph.numbering}", plain, len(paragraph.label)) if plain else None
        return number

    def _name_heading(self, tails: list[Tail]) -> None:
        """A body paragraph under a numbered heading of its own line keeps the heading's words beside it."""
        path = self.outline.path()
        for held in reversed(self._held):
            if held.numbered and held.path == path and len(held.text) <= 60:
                for tail in tails:
                    tail.extra["heading"] = held.text[held.start :].strip()
                return

    def _parts(self, text: str, start: int, tails: list[Tail], source: Source) -> None:
        position, part = start, 0
        if len(tails) == 1 and not text[start : tails[0].start].strip(_BLANKS):
            self._tail_first(text, tails[0], source)
            return
        for tail in tails:
            body = text[position : tail.start]
            if body.strip(_BLANKS):
                part += 1
                begin = position + len(body) - len(body.lstrip())
                self._last = self.draft.item(
                    source,
                    self.outline.path(),
                    body.strip(),
                    tail,
                    part=part,
                    tail_text=text[tail.start : tail.end],
                    prose_start=begin,
                    paragraph=self.count,
                )
                self.headings.made(self._last, tail)
            elif self._last is not None and self._last.source == source:
                self._merge(self._last, text, tail)
            else:
                self.draft.context(source, text[position : tail.end], self.outline.path())
                self.draft.doubt(source, "orphan_tail")
            position = tail.end
        rest = text[position:]
        if rest.strip(_BLANKS):
            self.draft.context(source, rest.strip(), self.outline.path())
            self.draft.doubt(source, "loose_text")

    def _tail_first(self, text: str, tail: Tail, source: Source) -> None:
        """ "1.（甲局负责）做某事。": the responsibility stands before its task."""
        body = text[tail.end :]
        if not body.strip(_BLANKS):
            self.draft.context(source, text, self.outline.path())
            self.draft.doubt(source, "orphan_tail")
            return
        self._last = self.draft.item(
            source,
            self.outline.path(),
            body.strip(),
            tail,
            tail_text=text[tail.start : tail.end],
            prose_start=tail.end + len(body) - len(body.lstrip()),
            paragraph=self.count,
        )
        self.headings.made(self._last, tail)

    def _below(self, text: str, tails: list[Tail], source: Source) -> None:
        """A paragraph that is only a responsibility belongs to the task above it."""
        first, rest = tails[0], text[tails[-1].end :]
        task, path = self._task_above()
        if task:
            self._held = [held for held in self._held if held not in task]
            self._settle()
            words = "\n".join(
                (held.text if path != held.path and held.numbered else held.text[held.start :]).strip()
                for held in task
            )
            place = Source(paragraph=task[0].index, last_paragraph=self.count)
            self._last = self.draft.item(
                place,
                path,
                words,
                first,
                part=1 + sum(item.path == path for item in self.draft.plan.items if path != task[-1].path),
                tail_text=text[first.start : first.end],
                prose_start=task[0].start if len(task) == 1 else None,
                paragraph=self.count,
            )
            self.headings.made(self._last, first)
            numbered = sum(held.numbered and held.path != path for held in task)
            if numbered > 1:
                self.draft.doubt(place, "covers_several", str(numbered))
        elif self._last is not None and self._adds_to_last(first):
            self._merge(self._last, text, first)
        else:
            self._settle()
            self.draft.context(source, text, self.outline.path())
            if any(tail.names or tail.deadline_text for tail in tails):  # "联系人：" below a table is none
                self.draft.doubt(source, "orphan_tail")
            return
        for before, tail in zip(tails, tails[1:], strict=False):
            between = text[before.end : tail.start]
            if between.strip(_BLANKS):
                self.draft.context(source, between.strip(), self.outline.path())
            self._merge(self._last, text, tail)
        if rest.strip(_BLANKS):
            self.draft.context(source, rest.strip(), self.outline.path())

    def _task_above(self) -> tuple[list[_Held], list[str]]:
        """The paragraphs since the last number and its path; without a number, the last paragraph.

        Several numbered paragraphs side by side below one heading are one task: the heading's.
        """
        numbered = [index for index, held in enumerate(self._held) if held.numbered]
        if not numbered:
            return self._held[-1:], self._held[-1].path if self._held else []
        last = self._held[numbered[-1]].path
        beside = [index for index in numbered if self._held[index].path[:-1] == last[:-1]]
        beside = [index for index in beside if len(self._held[index].path) == len(last)]
        if len(beside) < 2 or len(last) < 2:
            return self._held[numbered[-1] :], last
        heading = [index for index in numbered if self._held[index].path == last[:-1]]
        return self._held[(heading or beside)[-1 if heading else 0] :], last[:-1]

    def _adds_to_last(self, tail: Tail) -> bool:
        last = self._last
        if last is None or self._held:
            return False
        return not ("lead" in tail.roles and last.leads) and not (
            "deadline" in tail.roles and last.deadline.text
        )

    def _merge(self, item: Item | None, text: str, tail: Tail) -> None:
        if item is None:
            return
        # "责任单位：" below "牵头单位：" supports
        if item.leads and "lead" not in tail.roles:
            tail.supporting = [*tail.leads, *tail.supporting]
            tail.leads = []
        item.tail += "\n" + text[tail.start : tail.end]
        item.extra.update(tail.extra)
        item.source = Source(paragraph=item.source.paragraph, last_paragraph=self.count)
        self.draft.add_names(item, tail, self.count)
        if tail.deadline_text:
            self.draft.set_deadline(item, tail, None, self.count)

    def _settle(self) -> None:
        for held in self._held:
            if held.numbered:
                self.headings.bare(held.path)
            self.draft.context(Source(paragraph=held.index), held.text.strip(), held.path)
        self._held.clear()

    def close(self) -> None:
        """Whatever is still held becomes context; leads are checked once all tails are merged."""
        self._settle()
        self.headings.settle()
        self._last = None
