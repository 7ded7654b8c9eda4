"""A file or pasted text → ReadPlan. Every step that may refuse comes before anything is kept."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path, PurePath

from shiyu.reading import safety, secrecy
from shiyu.reading.cards import find_cards, is_sideways, read_cards
from shiyu.reading.draft import Draft
from shiyu.reading.front import document_number, plan_year, title
from shiyu.reading.grid import Columns, Table, find_columns, goes_on
from shiyu.reading.legacy import convert
from shiyu.reading.matrix import find_matrix, spell_out
from shiyu.reading.names import NameBook
from shiyu.reading.prose import Paragraph, ProseReader
from shiyu.reading.refusals import Refused
from shiyu.reading.result import ReadPlan, Source
from shiyu.reading.sheets import Workbook, decode, read_delimited, read_workbook
from shiyu.reading.tables import TableReader, read_as_context
from shiyu.reading.tails import states_first_leads
from shiyu.reading.word import core_properties, read_word

Block = Paragraph | Table


def read_plan(
    source: Path | bytes | str, *, filename: str, names: NameBook, year: int | None = None
) -> ReadPlan:
    """Read a plan.

    `source` is a path, a file's bytes or pasted text (str). `filename` gives the extension; it may be "" for
    pasted text. `names` holds the pack's units, aliases and groups. Dates naming no year mean the document's
    own; `year` stands in where it has none, and that is doubted. Raises Refused with one sentence on any bad input, and nothing
    else but the OSError of a path that cannot be read.
    """
    data = source if isinstance(source, str) else _bytes(source)
    try:
        if isinstance(data, str):
            return _read_text(data, PurePath(filename).stem, names, year)
        if secrecy.name_is_marked(filename):
            raise Refused("secret")
        return _read_file(data, filename, names, year)
    except Refused:
        raise
    except Exception as error:
        # whatever a broken file sets off in a parser must reach the user as one sentence
        raise Refused("damaged") from error


def _bytes(source: Path | bytes) -> bytes:
    if isinstance(source, bytes):
        return source
    if source.stat().st_size > safety.MAX_BYTES:
        raise Refused("too_big")
    return source.read_bytes()


def _read_file(data: bytes, filename: str, names: NameBook, year: int | None) -> ReadPlan:
    kind = safety.kind_of(data, filename)
    stem = PurePath(filename).stem
    if kind == safety.TEXT:
        return _read_text(decode(data), stem, names, year)
    if kind == safety.CSV:
        text = decode(data)
        return _assemble([read_delimited(text, stem)], names, year, sheets=True, fallback=stem)
    if kind in (safety.OLD_WORD, safety.OLD_SHEET):
        data = convert(data, kind)
        kind = safety.WORD if kind == safety.OLD_WORD else safety.SHEET
    package = safety.open_package(data)
    if secrecy.asides_are_marked(core_properties(package)):
        raise Refused("secret")
    if kind == safety.WORD:
        return _read_word(package, names, year)
    book = read_workbook(package, data)
    if secrecy.asides_are_marked([*book.aside, *(table.name for table in book.tables)]):
        raise Refused("secret")
    return _assemble(list(book.tables), names, year, sheets=True, fallback=stem, book=book)


def _read_word(package: safety.Package, names: NameBook, year: int | None) -> ReadPlan:
    word = read_word(package)
    if secrecy.asides_are_marked([*word.aside, *word.notes]):
        raise Refused("secret")
    if word.has_objects and not word.blocks:
        raise Refused("scan")
    blocks = [*word.blocks, *(Paragraph(note) for note in word.notes)]
    return _assemble(blocks, names, year, objects=word.has_objects)


def _read_text(text: str, stem: str, names: NameBook, year: int | None) -> ReadPlan:
    if len(text.encode("utf-8", "replace")) > safety.MAX_BYTES:
        raise Refused("too_big")
    lines = (
        text.replace("\r\n", "\n").replace("\r", "\n").replace("\x0b", "\n").replace("\x0c", "\n").split("\n")
    )
    if sum("\t" in line for line in lines) >= 2:
        # cells copied from a sheet arrive parted by tabs
        table = read_delimited("\n".join(lines), stem or "粘贴")
        columns = find_columns(table)
        if columns and columns.has_task:
            return _assemble([table], names, year, sheets=True)
    return _assemble([Paragraph(line) for line in lines if line.strip()], names, year)


def _assemble(
    blocks: Sequence[Block],
    names: NameBook,
    year: int | None,
    *,
    sheets: bool = False,
    fallback: str = "",
    book: Workbook | None = None,
    objects: bool = False,
) -> ReadPlan:
    lines = [block.text for block in blocks if isinstance(block, Paragraph) and block.text.strip()]
    _refuse_marked(blocks, lines)
    if not lines and not any(
        text.strip() for block in blocks if isinstance(block, Table) for row in block.rows for text in row
    ):
        raise Refused("empty")
    head = lines or _lines_above(blocks)
    number = document_number(head)
    name = title(head) or (fallback if sheets else "")
    own_year = plan_year(head, name, number) or plan_year([], fallback, "")
    draft = Draft(names, own_year or year, year_is_assumed=own_year is None and year is not None)
    draft.first_leads_stated = any(states_first_leads(line) for line in _all_texts(blocks))
    draft.plan.title, draft.plan.document_number = name, number
    _read_blocks(blocks, draft)
    if not draft.plan.items and _lacks_task(blocks, sheets):
        raise Refused("no_task_column")
    for sheet in book.hidden if book else ():
        draft.doubt(Source(sheet=sheet, row=1), "hidden_sheet", sheet)
    for sheet, count in (book.hidden_rows if book else {}).items():
        draft.doubt(Source(sheet=sheet, row=1), "hidden_rows", str(count))
    if objects:
        draft.doubt(Source(paragraph=1), "object_not_read")
    return draft.finish()


def _all_texts(blocks: Sequence[Block]) -> Iterator[str]:
    for block in blocks:
        if isinstance(block, Paragraph):
            yield block.text
        else:
            yield from (text for row in block.rows for text in row)


def _refuse_marked(blocks: Sequence[Block], lines: Sequence[str]) -> None:
    tables = [block for block in blocks if isinstance(block, Table)]
    if secrecy.lines_are_marked(lines) or any(secrecy.rows_are_marked(table.rows) for table in tables):
        raise Refused("secret")


def _read_blocks(blocks: Sequence[Block], draft: Draft) -> None:
    prose = ProseReader(draft)
    above: Columns | None = None
    for block in blocks:
        if isinstance(block, Paragraph):
            if (block.label + block.text).strip():
                prose.read(block)
            continue
        prose.close()
        above = _read_table(block, draft, above)
    prose.close()


def _read_table(table: Table, draft: Draft, above: Columns | None) -> Columns | None:
    """Read a table as what it is; returns the columns a table without a header below it goes on with."""
    cards = find_cards(table)
    if cards:
        read_cards(table, cards, draft)
        return None
    columns = find_columns(table)
    if columns is None and above is not None and goes_on(table, above):
        columns = Columns(0, 0, above.roles)
        draft.doubt(Source(sheet=table.name, row=table.first_row), "header_from_above")
    if columns and columns.has_task:
        matrix = find_matrix(table, columns, draft) if columns.end else None
        if matrix:
            TableReader(*spell_out(table, columns, matrix, draft), draft).read()
            return None
        if columns.has_unit or len(set(columns.roles) - {""}) > 1:
            TableReader(table, columns, draft).read()
            return columns
    read_as_context(table, draft)
    if is_sideways(table):
        draft.doubt(Source(sheet=table.name, row=table.first_row), "table_sideways")
    elif columns and columns.has_unit:
        draft.doubt(Source(sheet=table.name, row=table.first_row + columns.start), "table_without_task")
    return None


def _lacks_task(blocks: Sequence[Block], sheets: bool) -> bool:
    """A sheet without any task column, or a document whose only responsibilities stand in such a table."""
    tables = [block for block in blocks if isinstance(block, Table)]
    if any(find_cards(table) or is_sideways(table) for table in tables):
        return False
    found = [find_columns(table) for table in tables]
    if any(columns and columns.has_task for columns in found):
        return False
    return sheets or any(columns and columns.has_unit for columns in found)


def _lines_above(blocks: Sequence[Block]) -> list[str]:
    """What stands above the header of the first table with one: its title, mostly."""
    for block in blocks:
        if isinstance(block, Table):
            columns = find_columns(block)
            if columns:
                rows = block.rows[: columns.start]
                return [
                    re.sub(r"\s*\n\s*", "", text)
                    for row in rows
                    for text in dict.fromkeys(row)
                    if text.strip()
                ]
    return []
