"""What the page of a meeting pack shows: figures that open their rows, the circular's text, the files."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.core.files.storage import default_storage
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from shiyu.briefs.models import MeetingPack
from shiyu.briefs.queries.annexes import (
    PROBLEM_MEASURES,
    TASK_MEASURES,
    decision_table,
    instruction_table,
)
from shiyu.briefs.queries.circular import circular
from shiyu.briefs.queries.month import MonthFacts
from shiyu.briefs.queries.pack import needs_meeting
from shiyu.documents.tables import display
from shiyu.documents.word import Paragraph, count_characters
from shiyu.lib.errors import NotVisible
from shiyu.periods.models import Figure, Period, Revision
from shiyu.periods.queries import measure_label, measure_words, value_text
from shiyu.ui.values import Number

LATE = ("tasks_not_on_time", "problems_overdue", "reports_missing")


@dataclass(frozen=True)
class FigureTable:
    """Annex 1 or 2 on screen: heads (label, what it counts), a row a unit, the sum."""

    title: str
    heads: list[tuple[str, str]]
    rows: list[tuple[str, list[Number]]]
    total: list[Number]


@dataclass(frozen=True)
class Preview:
    """The circular as text, and its length against the limit."""

    title: str
    addressee: str
    blocks: list[Paragraph]
    characters: int
    limit: int

    @property
    def is_too_long(self) -> bool:
        return self.characters > self.limit


@dataclass(frozen=True)
class PackFile:
    """A file of a pack: its path, folder and name, and size in bytes."""

    path: str
    size: int

    @property
    def folder(self) -> str:
        return self.path.rpartition("/")[0]

    @property
    def name(self) -> str:
        return self.path.rpartition("/")[2]


def revision_shown(period: Period, number: str) -> Revision | None:
    """The revision of that number, else the one in force, else the newest one there was."""
    rows = Revision.objects.filter(period=period).order_by("-number")
    if number.isdigit():
        return rows.filter(number=int(number)).first()
    return period.locked_revision or rows.first()


def pack_of_revision(revision: Revision) -> MeetingPack | None:
    """The pack made of a revision, with its file."""
    return MeetingPack.objects.filter(revision=revision).select_related("document__file").first()


def packs_of_period(period: Period) -> list[MeetingPack]:
    """The packs made of all revisions of a month, newest first."""
    return list(
        MeetingPack.objects.filter(revision__period=period).select_related("revision").order_by("-made_at")
    )


def figure_tables(facts: MonthFacts, revision: Revision) -> list[FigureTable]:
    """The circular's statistics with a link behind every number. One query."""
    known = {(f.unit_id, f.measure): f for f in Figure.objects.filter(revision=revision)}
    parts = ((_("Tasks and reports"), TASK_MEASURES), (_("Problems"), PROBLEM_MEASURES))
    labels = {code: measure_label(code) for _title, measures in parts for code in measures}

    def row(unit_id: UUID | None, measures: Sequence[str]) -> list[Number]:
        return [_number(known.get((unit_id, code)), labels[code]) for code in measures]

    return [
        FigureTable(
            title,
            [(labels[code], measure_words(code)) for code in measures],
            [(unit.name, row(unit.id, measures)) for unit in facts.units],
            row(None, measures),
        )
        for title, measures in parts
    ]


def _number(figure: Figure | None, label: str) -> Number:
    if figure is None or figure.value is None:
        return Number(None, label=label)
    late = figure.measure in LATE and figure.value > 0
    return Number(value_text(figure.measure, figure.value), _rows_url(figure), late, label)


def _rows_url(figure: Figure) -> str | None:
    try:
        return reverse("figure_rows", args=[figure.pk])
    except NoReverseMatch:
        return None


def preview(facts: MonthFacts) -> Preview:
    """The circular's text."""
    document = circular(facts)
    blocks = [block for block in document.paragraphs if isinstance(block, Paragraph)]
    return Preview(
        document.title.replace("\n", ""),
        "、".join(document.addressees),
        blocks,
        count_characters(document),
        facts.narrative_limit,
    )


@dataclass(frozen=True)
class PaperTable:
    """A table of the pack as the page shows it, folded: how many lines, heads, cells as text."""

    key: str
    title: str
    count: int
    heads: list[str]
    rows: list[list[str]]


def paper_tables(facts: MonthFacts) -> list[PaperTable]:
    """What became of decisions, what needs the meeting, leaders' instructions: as the pack's documents have them."""
    with override("zh-hans"):
        parts = [
            ("decisions", decision_table(facts.decisions, facts.ends_on), len(facts.decisions)),
            *zip(
                ("coordination", "overdue", "books", "disputed", "due"),
                needs_meeting(facts),
                map(len, (facts.coordination, facts.overdue, facts.on_books, facts.disputed, facts.due_next)),
                strict=True,
            ),
            ("instructions", instruction_table(facts.instructions), len(facts.instructions)),
        ]
    return [
        PaperTable(
            key,
            table.title,
            count,
            [column.label for column in table.columns],
            [[display(value) for value in row] for row in table.rows],
        )
        for key, table, count in parts
    ]


def files_in(pack: MeetingPack) -> list[PackFile]:
    """The files of a kept pack."""
    with zipfile.ZipFile(io.BytesIO(archive_bytes(pack))) as archive:
        return [PackFile(info.filename, info.file_size) for info in archive.infolist()]


def file_in(pack: MeetingPack, path: str) -> bytes:
    """One file of a kept pack. Raises NotVisible when it holds no such file."""
    with zipfile.ZipFile(io.BytesIO(archive_bytes(pack))) as archive:
        if path not in archive.namelist():
            raise NotVisible(_("The meeting pack holds no such file."))
        return archive.read(path)


def archive_bytes(pack: MeetingPack) -> bytes:
    """The kept archive. Raises NotVisible when its file is missing from the store."""
    file = pack.document.file
    if file is None or not default_storage.exists(file.storage_name):
        raise NotVisible(_("The file is missing from the store; tell the system administrator."))
    with default_storage.open(file.storage_name) as stored:
        return bytes(stored.read())
