"""Tables → items: the header row names the columns, each row with a task is an item."""

from __future__ import annotations

import re
from dataclasses import replace

from shiyu.reading.draft import Draft
from shiyu.reading.grid import Columns, Table, row_text
from shiyu.reading.headers import RESPONSIBILITY, TASK_ROLES
from shiyu.reading.headings import only_units
from shiyu.reading.numbering import find_number
from shiyu.reading.result import Source
from shiyu.reading.tail_search import find_tails
from shiyu.reading.tails import FIRST_LEADS, Tail, parse_responsibility
from shiyu.reading.unit_lists import Named, looks_like_unit

_NOTE = re.compile(
    r"^(?:注|备注|说明|附注|填表|填报|制表|审核|联系人|报送|单位负责人|填表说明|注意)(?:\d*[：:、.．\s]|人|单位|日期|$)"
)
_SUM = re.compile(r"^(?:合计|总计|小计|共计)$")
_PART = re.compile(
    r"^(?:[（(]?[一二三四五六七八九十]{1,3}[）)]?[、.]?|第[一二三四五六七八九十]+(?:部分|章|类))$"
)
EXTRA = (
    "category",
    "leader",
    "person",
    "office",
    "start",
    "progress",
    "note",
    "score",
    "measures",
    "target",
    "problem",
)


class TableReader:
    """Reads one table into the draft."""

    def __init__(self, table: Table, columns: Columns, draft: Draft, *, is_copy: bool = False) -> None:
        self.table, self.columns, self.draft = table, columns, draft
        self.is_copy = is_copy  # of rows that were kept already
        self.section: list[tuple[str, str]] = []
        self.part = 0
        self.key: tuple[str, ...] | None = None
        self.header = {_squeeze(text) for row in table.rows[columns.start : columns.end] for text in row}
        self.above = ""
        self.key_is_number = False
        self.inside_number: list[str] = []
        self.owner: tuple[str, Source, list[Named]] | None = None

    def read(self) -> None:
        """Rows above the header, header, tasks, sections, notes: each becomes an item or context."""
        for index, row in enumerate(self.table.rows):
            if not any(text.strip() for text in row):
                continue
            source = self.source(index)
            text = self.row_text(index)
            if not self.is_copy:
                self.draft.paragraph(source, text)
            if index < self.columns.end or self._is_header(row) or self._is_remark(index):
                self.draft.context(source, text, [])
            elif self._is_section(index):
                self._enter_section(self._part_name(index), source)
                self.draft.context(source, text, [plain for _style, plain in self.section])
            else:
                self._row(index, source, text)

    def source(self, index: int) -> Source:
        """Sheet and row number as the source counts them."""
        return Source(sheet=self.table.name, row=self.table.first_row + index)

    def row_text(self, index: int) -> str:
        """A row's own cells, joined by tabs."""
        return row_text(self.table, index, self.columns.shown)

    def _is_header(self, row: list[str]) -> bool:
        """The header said again, as on every printed page, perhaps without its merged cells."""
        words = {_squeeze(text) for text in row if text.strip()}
        return len(words) > 1 and words <= self.header

    def _own(self, index: int) -> list[str]:
        row = self.table.rows[index]
        return [
            text.strip()
            for column, text in enumerate(row)
            if text.strip() and (index, column) not in self.table.inherited
        ]

    def _is_remark(self, index: int) -> bool:
        own = self._own(index)
        if not own:
            return False
        return bool(
            _NOTE.match(own[0]) and (len(own) <= 2 or re.search(r"[：:]", own[0])) or _SUM.match(own[0])
        )

    def _is_section(self, index: int) -> bool:
        """A row naming a part: one text across, one alone at the left, "一" and words without a unit."""
        own, row = self._own(index), self.table.rows[index]
        if not own or any((index, column) in self.table.above for column in range(len(row))):
            return False
        if len(own) > 1:
            return len(own) == 2 and bool(_PART.match(own[0])) and self._names_no_unit(index)
        filled = [text for text in row if text.strip()]
        if len(filled) > 1 and len(set(filled)) == 1:
            return True
        at = row.index(filled[0])
        role = self.columns.roles[at] if at < len(self.columns.roles) else ""
        alone = role in ("number", "category") or (at == 0 and role not in TASK_ROLES)
        return len(row) > 1 and (find_number(own[0]) is not None or alone)

    def _names_no_unit(self, index: int) -> bool:
        return self.columns.has_unit and not any(self._cell(index, role) for role in RESPONSIBILITY)

    def _part_name(self, index: int) -> str:
        own = self._own(index)
        if len(own) < 2:
            return own[0]
        return f"{own[0]}{'' if own[0][-1] in '）)、.' else '、'}{own[1]}"

    def _enter_section(self, text: str, source: Source) -> None:
        number = find_number(text)
        words = text[number.end if number else 0 :]
        names = only_units(words, self.draft.book)
        self.owner = (words, source, [replace(one, start=0, end=0) for one in names]) if names else None
        style, plain = (number.style, number.plain) if number else ("plain", text[:40])
        styles = [one for one, _plain in self.section]
        if style in styles:
            del self.section[styles.index(style) :]
        self.section.append((style, plain))
        self.key = None

    def _cell(self, index: int, role: str) -> str:
        row = self.table.rows[index]
        texts = [row[column].strip() for column in self.columns.having(role) if column < len(row)]
        return "\n".join(dict.fromkeys(text for text in texts if text))

    def _row(self, index: int, source: Source, text: str) -> None:
        words, measures = self._task_words(index)
        tail = self._responsibility(index, text)
        if not words and measures and self.above and not self._cell(index, "number"):
            # a blank below a task often stands for the task above, though the cells were not merged
            words = self.above
            self.draft.doubt(source, "task_from_above")
            self._add(index, source, text, words, measures, tail)
            return
        if not words:
            code = "row_without_task" if tail.names else ""
            self.draft.context(source, text, [plain for _style, plain in self.section])
            if code:
                self.draft.doubt(source, code)
            return
        self.above = words
        self._add(index, source, text, words, measures, tail)

    def _add(self, index: int, source: Source, text: str, words: str, measures: str, tail: Tail) -> None:
        number = self._cell(index, "number")
        if words == self.above and not number and self.key and self.part:
            number = self.key[0] if self.key_is_number else ""
        inside = find_tails(words, self.draft.book) if not tail.names else []
        found = find_number(words) if not number else None
        if found and not inside:
            number, words = found.plain, words[found.end :]
        self._fill_extra(index, tail, measures)
        number = number.rstrip("、.． ") or number
        path = self._above_row(index) + ([number] if number else [])
        if inside and words[: inside[0].start].strip():
            self._add_inside(source, path, words, inside, tail, text.find(words))
            return
        if not tail.names:
            self.draft.doubt(source, "row_without_unit")
        self.draft.item(
            source,
            path,
            words,
            tail,
            number=number,
            part=self._count(index, number, words),
        )
        item = self.draft.plan.items[-1]
        if not tail.deadline_text:
            # prose_start would mark the cell; the row's text is cells joined, so only the value is taken
            self.draft.set_deadline(item, Tail(0, 0), max(0, text.find(words)), None)

    def _above_row(self, index: int) -> list[str]:
        """The numbers above a row: its sections', else the number of its merged category ("一、生态")."""
        if self.section:
            return [plain for _style, plain in self.section]
        found = find_number(self._cell(index, "category"))
        return [found.plain] if found else []

    def _add_inside(
        self, source: Source, path: list[str], words: str, inside: list[Tail], tail: Tail, base: int
    ) -> None:
        """A cell that carries its responsibilities itself: one item per tail, each with its own number."""
        position = part = 0
        for one in inside:
            body, said = words[position : one.start].strip(), words[one.start : one.end].strip()
            position = one.end
            if not body and self.draft.plan.items and part:
                item = self.draft.plan.items[-1]
                item.tail += "\n" + said
                self.draft.add_names(item, _in_row(one, base), None)
                continue
            number = find_number(body)
            part = 1 if number else part + 1
            if number:
                own, body = [number.plain], body[number.end :]
            else:
                own = [] if part == 1 else self.inside_number
            self.inside_number = own
            one.extra.update({key: value for key, value in tail.extra.items() if key not in one.extra})
            one.deadline_text = one.deadline_text or tail.deadline_text
            item = self.draft.item(source, path + own, body, _in_row(one, base), part=part, tail_text=said)
            if not one.deadline_text:
                self.draft.set_deadline(item, Tail(0, 0), 0, None)
        rest = words[position:].strip()
        if rest:
            self.draft.context(source, rest, path)
            self.draft.doubt(source, "loose_text")

    def _task_words(self, index: int) -> tuple[str, str]:
        task, detail, measures = (self._cell(index, role) for role in TASK_ROLES)
        if task and detail and task != detail:
            return f"{task.rstrip('：:')}：{detail}", measures
        if task or detail:
            return task or detail, measures
        return (measures, "") if self._no_task_column() else ("", measures)

    def _no_task_column(self) -> bool:
        return not self.columns.having("task") and not self.columns.having("detail")

    def _count(self, index: int, number: str, words: str) -> int:
        """Rows that share a merged task or number count their parts."""
        columns = self.columns.having("number") or self.columns.having("task")
        row = self.table.rows[index]
        merged = any(
            (index, one) in self.table.above or (one < len(row) and not row[one].strip()) for one in columns
        )
        key = (number,) if number else (words,)
        self.key_is_number = bool(number)
        self.part = self.part + 1 if merged and key == self.key else 1
        self.key = key
        return self.part

    def _fill_extra(self, index: int, tail: Tail, measures: str) -> None:
        for role in EXTRA:
            value = measures if role == "measures" else self._cell(index, role)
            if value and not tail.extra.get(role):
                tail.extra[role] = value
        row = self.table.rows[index]
        header = self.table.rows[self.columns.end - 1]
        for column, role in enumerate(self.columns.roles):
            if (
                not role
                and column < len(row)
                and row[column].strip()
                and (index, column) not in self.table.inherited
            ):
                name = (
                    header[column].strip()
                    if column < len(header) and header[column].strip()
                    else f"#{column + 1}"
                )
                tail.extra[f"column:{name}"] = row[column].strip()

    def _responsibility(self, index: int, text: str) -> Tail:
        tail = Tail(0, 0)
        has_lead = bool(self.columns.having("lead")) and bool(self._cell(index, "lead"))
        for role in ("lead", "responsible", "supporting"):
            for column in self.columns.having(role):
                row = self.table.rows[index]
                if column < len(row) and row[column].strip() not in ("", "/", "—", "-", "无", "——"):
                    cell = self._units_only(tail, row[column], column)
                    self._place(tail, cell, role, has_lead, text)
        if not tail.names and self.owner:
            words, source, names = self.owner
            self.draft.doubt(source, "unit_from_heading", words)
            tail.place_first_leads(names)
        tail.deadline_text = self._cell(index, "deadline") or tail.deadline_text
        at = text.find(tail.deadline_text) if tail.deadline_text else -1
        tail.deadline_at = (at, at + len(tail.deadline_text)) if at >= 0 else None
        return tail

    def _units_only(self, tail: Tail, cell: str, column: int) -> str:
        """Under "责任单位/责任人" what follows the unit is a person, not another unit."""
        header = "".join(row[column] for row in self.table.rows[: self.columns.end] if column < len(row))
        found = re.fullmatch(r"(.+?)[/／\n ]([\u4e00-\u9fff×xX·]{2,4})", cell.strip(), re.S)
        if not found or "人" not in header or looks_like_unit(found.group(2), self.draft.book):
            return cell
        tail.extra.setdefault("person", found.group(2))
        return found.group(1)

    def _place(self, tail: Tail, cell: str, role: str, has_lead: bool, text: str) -> None:
        found = parse_responsibility(cell, self.draft.book)
        if found is None:
            return
        if found.deadline_text and not tail.deadline_text:
            tail.deadline_text = found.deadline_text
        tail.extra.update(found.extra)
        tail.doubts += [code for code in found.doubts if code == FIRST_LEADS and not has_lead]
        in_order = sorted(found.names, key=lambda one: one.start)
        base = max(0, text.find(cell))
        if found.roles != {"rest"} and role != "supporting":
            tail.place(
                "supporting" if has_lead and role == "responsible" else "lead", _moved(found.leads, base)
            )
            tail.place("supporting", _moved(found.supporting + found.groups, base))
        elif role == "lead":
            tail.place("lead", _moved(in_order, base))
        elif role == "responsible" and not has_lead:
            tail.place_responsible(_moved(in_order, base))
        else:
            tail.place("supporting", _moved(in_order, base))


def _moved(names: list[Named], base: int) -> list[Named]:
    return [Named(one.name, one.start + base, one.end + base, one.is_group) for one in names]


def _in_row(tail: Tail, base: int) -> Tail:
    """A tail whose places count in the row's text instead of the cell's; none where the cell is not found."""
    if base < 0:
        names = [
            [replace(one, start=0, end=0) for one in each]
            for each in (tail.leads, tail.supporting, tail.groups)
        ]
        at = None
    else:
        names = [_moved(each, base) for each in (tail.leads, tail.supporting, tail.groups)]
        at = (tail.deadline_at[0] + base, tail.deadline_at[1] + base) if tail.deadline_at else None
    leads, supporting, groups = names
    return replace(tail, start=0, end=0, leads=leads, supporting=supporting, groups=groups, deadline_at=at)


def _squeeze(text: str) -> str:
    return re.sub(r"\s+", "", text)


def read_as_context(table: Table, draft: Draft) -> None:
    """A table without tasks is kept row by row."""
    for index, row in enumerate(table.rows):
        if any(text.strip() for text in row):
            source = Source(sheet=table.name, row=table.first_row + index)
            text = row_text(table, index)
            draft.paragraph(source, text)
            draft.context(source, text, [])
