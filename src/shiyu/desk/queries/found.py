"""What search finds: tasks, matters, letters, instructions, documents and boxes the person may see.

Each kind is one indexed query (`search__matches`, filtered by what the person may see in the same statement). The row
of exactly the number asked for comes first, then rows with the words in their title, then the rest, newest first.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from shiyu.documents.models import Box
from shiyu.documents.queries import documents_found
from shiyu.kernel.actor import Actor
from shiyu.letters.models import Instruction, Letter
from shiyu.lib.search_field import searched
from shiyu.lib.search_text import excerpt, marked, query_terms
from shiyu.matters.models import Matter
from shiyu.plans.models import Edition, Task
from shiyu.ui.values import local_date

MOST = 1_000
"""Counts and pages stop here: whoever has more should ask more narrowly."""
PAGE = 20
FIRST = 5
"""Rows of each kind on the page of all kinds."""

Pieces = list[tuple[str, bool]]


@dataclass(frozen=True)
class Hit:
    """One thing found. Title and text come in pieces, each with whether it is what was asked for."""

    title: Pieces
    number: Pieces
    text: Pieces
    note: str
    day: date | None
    url: str


@dataclass(frozen=True)
class Found:
    """What was found of one kind: how many (at most 1,000 are counted) and the rows of the page asked for."""

    kind: str
    label: Any
    count: int
    hits: Sequence[Hit]

    @property
    def count_text(self) -> str:
        """The count as pages write it: 37, or 1,000+."""
        return f"{MOST:,}+" if self.count > MOST else str(self.count)


@dataclass(frozen=True)
class Kind:
    """How one kind is found and shown."""

    label: Any
    rows: Callable[[Actor, str], QuerySet[Any]]
    shown: Callable[[Any, Sequence[str]], Hit]


def find(actor: Actor, words: str, kind: str = "", page: int = 1) -> list[Found]:
    """What the person may see that contains all of `words`, kind by kind; kinds with nothing are left out.

    With `kind` only that kind's rows are read (20 of them, page by page, to the thousandth), the others are counted.
    """
    terms = query_terms(words)
    if not terms:
        return []
    found = []
    for code, one in KINDS.items():
        rows = one.rows(actor, words)
        count = rows.order_by()[: MOST + 1].count()
        if not count:
            continue
        start, size = ((page - 1) * PAGE, PAGE) if kind else (0, FIRST)
        wanted = rows[start : min(start + size, MOST)] if kind in ("", code) and start < MOST else []
        found.append(Found(code, one.label, count, [one.shown(row, terms) for row in wanted]))
    return found


def _tasks(actor: Actor, words: str) -> QuerySet[Task]:
    """Tasks of the editions in force. `第22项` is task 22."""
    asked = re.fullmatch(r"第?\s*(\d+(?:\.\d+)*)\s*[项条号]?", words.strip())
    number = asked.group(1) if asked else words
    rows = Task.objects.filter(edition__state=Edition.State.ISSUED, edition__superseded_on=None)
    if not actor.has("plan.view"):
        rows = rows.none()
    rows = rows.select_related("edition__plan")
    order = ("-edition__issued_on", "edition__plan__code", "position")
    return searched(rows, number, number="number", newest=order)


def _task(row: Task, terms: Sequence[str]) -> Hit:
    text = excerpt(row.measures, terms) or excerpt(row.common, terms) or excerpt(row.target_text, terms)
    url = reverse("task_detail", args=[row.pk])
    return _hit(terms, row.title, row.number, text, row.edition.plan.title, row.due_on, url)


def _matters(actor: Actor, words: str) -> QuerySet[Matter]:
    rows = Matter.objects.visible_to(actor).select_related("unit")
    return searched(rows, words, number="code", newest=["-received_at"])


def _matter(row: Matter, terms: Sequence[str]) -> Hit:
    text = excerpt(row.text, terms) or excerpt(row.about_label, terms)
    url = reverse("matter_detail", args=[row.pk])
    return _hit(terms, row.title, row.code, text, row.unit.display_short, local_date(row.received_at), url)


def _letters(actor: Actor, words: str) -> QuerySet[Letter]:
    rows = Letter.objects.visible_to(actor).select_related("unit")
    return searched(rows, words, number="number_text")


def _letter(row: Letter, terms: Sequence[str]) -> Hit:
    url = reverse("letter_detail", args=[row.pk])
    text = excerpt(row.body, terms)
    return _hit(terms, row.title, row.number_text, text, row.unit.display_short, row.issued_on, url)


def _instructions(actor: Actor, words: str) -> QuerySet[Instruction]:
    rows = Instruction.objects.visible_to(actor).select_related("unit")
    return searched(rows, words, title="subject_title", newest=["-registered_at"])


def _instruction(row: Instruction, terms: Sequence[str]) -> Hit:
    url = reverse("instruction_detail", args=[row.pk])
    text = excerpt(row.text, terms) or excerpt(row.reply, terms)
    note = f"{row.leader_post} · {row.unit.display_short}"
    return _hit(terms, row.subject_title, "", text, note, row.instructed_on, url)


def _document(row: Any, terms: Sequence[str]) -> Hit:
    text = excerpt(row.file_name, terms) if row.file_name != row.title else ""
    url = reverse("document_file", args=[row.pk])
    day = row.on_date or local_date(row.created_at)
    return _hit(terms, row.title, row.archive_number, text, row.uploaded_by_name, day, url)


def _boxes(actor: Actor, words: str) -> QuerySet[Box]:
    return searched(Box.objects.all(), words, number="code", title="name")


def _box(row: Box, terms: Sequence[str]) -> Hit:
    return _hit(terms, str(row), row.code, "", row.place, None, reverse("box_detail", args=[row.code]))


def _hit(
    terms: Sequence[str], title: str, number: str, text: str, note: str, day: date | None, url: str
) -> Hit:
    return Hit(
        marked(title, terms),
        marked(number, terms) if number else [],
        marked(text, terms) if text else [],
        note,
        day,
        url,
    )


KINDS = {
    "task": Kind(_("Tasks"), _tasks, _task),
    "matter": Kind(_("Matters"), _matters, _matter),
    "letter": Kind(_("Letters"), _letters, _letter),
    "instruction": Kind(_("Instructions"), _instructions, _instruction),
    "document": Kind(_("Documents"), documents_found, _document),
    "box": Kind(_("Archive boxes"), _boxes, _box),
}
