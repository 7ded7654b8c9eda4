"""Matrices: tasks in rows, units in columns, marks (√ ▲ 主 配 …) where they meet → lead and supporting columns."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from shiyu.reading.draft import Draft
from shiyu.reading.grid import Columns, Table
from shiyu.reading.result import Source
from shiyu.reading.unit_lists import is_group_name, looks_like_unit

_LEAD_WORDS = re.compile(r"^(?:主|牵|牵头|主办|主责|主要|总牵头|牵头单位|主办单位)$")
_SUPPORT_WORDS = re.compile(r"^(?:配|协|参|配合|协办|参与|协助|参加|配合单位|协办单位)$")
_EQUAL_WORDS = re.compile(r"^(?:责任|负责|落实|是|有|责|1)$")
_SIGN = re.compile(r"^[√✓✔☑▲△★☆●○◎■□◆◇※＊*⊙vV]$")
_BY_CUSTOM = "★▲●■◆◎⊙☆△○□◇"  # filled before hollow: what offices draw for the lead comes first
_LEGEND = re.compile(
    r"[“\"'「（(]?([√✓✔☑▲△★☆●○◎■□◆◇※＊*⊙主配协参牵])[”\"'」）)]?\s*(?:、\s*[“\"]?([√✓✔☑▲△★☆●○◎■□◆◇※＊*⊙主配协参牵])[”\"]?\s*)?"
    r"(?:为|表示|代表|是|指|：|:|—+|-+|=)\s*(?:该任务的?|任务)?(总?牵头|主办|主责|主要责任|配合|协办|参与|协助|责任)"
)
_LEAST = 2  # columns of units


@dataclass
class Matrix:
    """The unit columns of a table and what its marks mean: mark → lead, supporting or equal."""

    columns: list[int]
    meanings: dict[str, str] = field(default_factory=dict)
    guessed: str = ""
    unclear: set[str] = field(default_factory=set)


def find_matrix(table: Table, columns: Columns, draft: Draft) -> Matrix | None:
    """The matrix a table holds, None when its columns without a known heading are no marked units."""
    if not columns.has_task:
        return None
    header = table.rows[columns.end - 1]
    found: list[int] = []
    marks: list[str] = []
    for column, text in enumerate(header):
        name = re.sub(r"\s+", "", text)
        if column < len(columns.roles) and columns.roles[column]:
            continue
        if not (looks_like_unit(name, draft.book) or is_group_name(name, draft.book)):
            continue
        cells = _cells(table, columns, column)
        if all(_is_mark(cell) for cell in cells):
            found.append(column)
            marks += cells
    if len(found) < _LEAST or not marks:
        return None
    return _meanings(Matrix(found), dict.fromkeys(marks), table, draft)


def _cells(table: Table, columns: Columns, column: int) -> list[str]:
    """Marks of a column; a section or note written across the whole row is none."""
    return [
        row[column].strip()
        for index, row in enumerate(table.rows)
        if index >= columns.end and row[column].strip() and (index, column) not in table.inherited
    ]


def _is_mark(text: str) -> bool:
    return any(one.match(text) for one in (_LEAD_WORDS, _SUPPORT_WORDS, _EQUAL_WORDS, _SIGN))


def _meanings(matrix: Matrix, marks: dict[str, None], table: Table, draft: Draft) -> Matrix:
    legend = _legend(table, draft)
    for mark in marks:
        if mark in legend:
            matrix.meanings[mark] = legend[mark]
        elif _LEAD_WORDS.match(mark):
            matrix.meanings[mark] = "lead"
        elif _SUPPORT_WORDS.match(mark):
            matrix.meanings[mark] = "supporting"
        elif _EQUAL_WORDS.match(mark):
            matrix.meanings[mark] = "equal"
    open_marks = [mark for mark in marks if mark not in matrix.meanings]
    if "lead" in matrix.meanings.values():
        for mark in open_marks:
            matrix.meanings[mark] = "supporting"
            matrix.unclear.add(mark)
    elif len(open_marks) == 1:
        matrix.meanings[open_marks[0]] = "equal"
    elif open_marks:
        known = [mark for mark in _BY_CUSTOM if mark in open_marks] or open_marks
        matrix.guessed = known[0]
        for mark in open_marks:
            matrix.meanings[mark] = "lead" if mark == matrix.guessed else "supporting"
    return matrix


def _legend(table: Table, draft: Draft) -> dict[str, str]:
    """What notes in the table or before it say of the marks."""
    said = " ".join(text for row in table.rows for text in dict.fromkeys(row))
    said += " ".join(paragraph.text for paragraph in draft.plan.paragraphs[-8:])
    found: dict[str, str] = {}
    for match in _LEGEND.finditer(said):
        words = match.group(3)
        meaning = "lead" if re.search(r"牵头|主", words) else "equal" if words == "责任" else "supporting"
        for mark in match.group(1, 2):
            if mark:
                found.setdefault(mark, meaning)
    return found


def spell_out(table: Table, columns: Columns, matrix: Matrix, draft: Draft) -> tuple[Table, Columns]:
    """The table with its marks written as names in three more columns: lead, responsible, supporting."""
    header = [re.sub(r"\s+", "", text) for text in table.rows[columns.end - 1]]
    rows = []
    for index, row in enumerate(table.rows):
        named: dict[str, list[str]] = {"lead": [], "equal": [], "supporting": []}
        for column in matrix.columns:
            mark = row[column].strip()
            if index >= columns.end and mark in matrix.meanings and (index, column) not in table.inherited:
                named[matrix.meanings[mark]].append(header[column])
                if mark in matrix.unclear:
                    draft.doubt(Source(sheet=table.name, row=table.first_row + index), "marks_unclear", mark)
        rows.append([*row, *("、".join(names) for names in named.values())])
    if matrix.guessed:
        at = table.first_row + columns.start
        draft.doubt(Source(sheet=table.name, row=at), "marks_guessed", matrix.guessed)
    width = max(len(row) for row in table.rows)
    roles = [*columns.roles, *[""] * (width - len(columns.roles))]
    roles = ["mark" if column in matrix.columns else role for column, role in enumerate(roles)]
    return (
        replace(table, rows=rows),
        replace(columns, roles=[*roles, "lead", "responsible", "supporting"], shown=width),
    )
