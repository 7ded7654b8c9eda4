"""A result in the making.

Names are resolved with the book, deadlines with the year, doubts put into words.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from shiyu.reading.deadlines import find_in_prose, parse_deadline
from shiyu.reading.names import NameBook
from shiyu.reading.result import Context, Deadline, Doubt, Item, Mark, ReadPlan, Source, SourceParagraph
from shiyu.reading.tails import FIRST_LEADS, Tail
from shiyu.reading.unit_lists import Named

DOUBTS: dict[str, tuple[str, str]] = {
    "no_lead": ("No single unit is named as the lead.", "没有明确具体的牵头单位。"),
    "group_first": (
        "A group stands first; the first unit was taken as the lead.",
        "排在首位的是一类单位，暂以首个具体单位为牵头单位。",
    ),
    "unknown_unit": ("“{name}” is not a unit of the pack.", "单位库中没有“{name}”。"),
    "unknown_unit_near": (
        "“{name}” is not a unit of the pack; “{suggestion}” is the nearest.",
        "单位库中没有“{name}”，最接近的是“{suggestion}”。",
    ),
    "unknown_group": ("“{name}” is not a group of the pack.", "单位组中没有“{name}”，无法展开。"),
    "first_leads": (
        "The document names no lead here; by rule the unit named first was taken as the lead.",
        "此处只写责任单位、未写明牵头单位，按惯例暂以排在首位的为牵头单位。",
    ),
    "lead_from_heading": (
        "No lead is named here; the lead of the heading above, “{name}”, was taken.",
        "此处未写牵头单位，暂用上级标题的牵头单位“{name}”。",
    ),
    "unit_from_heading": (
        "The numbered paragraphs below “{name}” name no unit; they were given to this one.",
        "“{name}”之下的编号内容未另写责任单位，暂由该单位负责。",
    ),
    "covers_below": (
        "{name} numbered paragraphs below this one have no responsibility of their own; they were kept as text.",
        "其下有{name}段编号内容没有单独的责任单位，已按正文保留；如是任务请转为条目。",
    ),
    "covers_several": (
        "The responsibility stands below {name} numbered paragraphs; they were read as one task.",
        "责任单位写在{name}段编号内容之后，已合并为一项任务；如只属于最后一段请改正。",
    ),
    "read_from_words": (
        "The units were read from a running sentence.",
        "责任单位取自正文语句，请核对。",
    ),
    "year_assumed": (
        "The document gives no year; deadlines without one were taken to mean {name}.",
        "文件没有写明年份，未写年份的时限暂按{name}年计算。",
    ),
    "header_from_above": (
        "This table has no header; the columns of the table above were taken.",
        "该表没有表头，暂按上一张表的列读取。",
    ),
    "marks_guessed": (
        "The marks are not explained; “{name}” was taken to mean the lead.",
        "表中没有说明各符号的含义，暂以“{name}”为牵头。",
    ),
    "marks_unclear": ("The mark “{name}” is not understood.", "未能识别符号“{name}”。"),
    "hidden_rows": (
        "{name} hidden rows or columns of this sheet were read as well.",
        "该工作表有{name}处隐藏的行或列，已一并读取。",
    ),
    "no_year": (
        "The deadline “{name}” names no year and the document gives none.",
        "时限“{name}”没有写年份，文件中也找不到年份。",
    ),
    "several_dates": (
        "Several dates are named; choose the one that binds.",
        "出现多个时间，请确认以哪个为准。",
    ),
    "before_month": (
        "“{name}” may also mean before that month begins.",
        "“{name}”也可理解为该月开始之前，请确认。",
    ),
    "impossible_date": ("“{name}” is no day of the calendar.", "“{name}”不是有效日期。"),
    "unclear_deadline": ("The deadline “{name}” is not understood.", "未能识别时限“{name}”。"),
    "loose_text": (
        "The text after the last responsibility has none of its own.",
        "最后一处责任分工之后的文字没有责任单位。",
    ),
    "orphan_tail": ("A responsibility without a task above it.", "责任单位上方没有找到对应的任务。"),
    "row_without_task": ("The row names a unit but no task.", "该行有责任单位，但没有任务内容。"),
    "task_from_above": (
        "The row names no task; the task of the row above was taken.",
        "该行没有任务内容，暂用上一行的任务。",
    ),
    "row_without_unit": ("The row names no unit.", "该行没有责任单位。"),
    "table_without_task": (
        "The table names units but has no task column; it was kept as text.",
        "表格有责任单位但没有任务列，已按正文保留。",
    ),
    "table_sideways": (
        "The table has its headings in the first column; turn it so that each task is a row, or make tasks of the text.",
        "该表的表头在第一列，已按正文保留；请转置为每项任务一行，或将正文转为任务。",
    ),
    "unread_words": (
        "The responsibility holds words that are no unit's name.",
        "责任分工中有不是单位名称的文字，请核对。",
    ),
    "long_paragraph": ("The paragraph is too long to be searched.", "段落过长，未在其中查找责任分工。"),
    "no_responsibility": ("No text with a responsibility was found.", "没有找到带责任分工的内容。"),
    "object_not_read": ("Pictures or embedded objects were not read.", "图片或嵌入对象中的内容未读取。"),
    "hidden_sheet": (
        "The sheet “{name}” is hidden; it was read as well.",
        "工作表“{name}”是隐藏的，已一并读取。",
    ),
}


@dataclass
class Draft:
    """Collects what is found; `finish` sorts and returns the ReadPlan."""

    book: NameBook
    year: int | None
    year_is_assumed: bool = False
    first_leads_stated: bool = False
    plan: ReadPlan = field(default_factory=ReadPlan)

    def doubt(self, where: Source, code: str, name: str = "", suggestion: str = "") -> None:
        """Note a doubt once."""
        if code == FIRST_LEADS and self.first_leads_stated:
            return
        key = f"{code}_near" if suggestion else code
        english, chinese = DOUBTS[key]
        words = {"name": name, "suggestion": suggestion}
        found = Doubt(where, english.format(**words), chinese.format(**words), code, name, suggestion)
        if found not in self.plan.doubts:
            self.plan.doubts.append(found)

    def paragraph(self, source: Source, text: str, number: str = "") -> None:
        """Keep a source paragraph or row as it was read."""
        self.plan.paragraphs.append(SourceParagraph(source, text, number))

    def context(self, source: Source, text: str, path: list[str]) -> None:
        """Keep text that is no task."""
        if text.strip():
            self.plan.context.append(Context(text, source, list(path)))

    def item(
        self,
        source: Source,
        path: list[str],
        text: str,
        tail: Tail,
        *,
        number: str | None = None,
        part: int = 1,
        tail_text: str = "",
        prose_start: int | None = None,
        paragraph: int | None = None,
    ) -> Item:
        """Add an item.

        `prose_start` is where its text starts in the source; its words may state the deadline.
        """
        item = Item(
            list(path),
            path[-1] if number is None and path else number or "",
            part,
            text,
            [],
            [],
            [],
            Deadline(),
            source,
        )
        item.tail, item.extra = tail_text, dict(tail.extra)
        if tail_text and tail.end > tail.start:
            item.marks.append(Mark(tail.start, tail.end, "tail", tail_text, paragraph))
        for code in tail.doubts:
            self.doubt(source, code)
        self.add_names(item, tail, paragraph)
        self.set_deadline(item, tail, prose_start, paragraph)
        self.plan.items.append(item)
        return item

    def add_names(self, item: Item, tail: Tail, paragraph: int | None) -> None:
        """Resolve a tail's names into the item.

        Names the book does not know stay as written and are doubted.
        """
        for kind, names, target in (
            ("lead", tail.leads, item.leads),
            ("supporting", tail.supporting, item.supporting),
            ("group", tail.groups, item.groups),
        ):
            for one in names:
                name, mark = self._resolve(one, kind, item.source, paragraph)
                if mark.end > mark.start:
                    item.marks.append(mark)
                if name not in item.leads + item.supporting + item.groups:
                    target.append(name)

    def _resolve(self, one: Named, kind: str, where: Source, paragraph: int | None) -> tuple[str, Mark]:
        mark = Mark(one.start, one.end, kind, one.name, paragraph)
        if kind == "group":
            code = self.book.group_code(one.name)
            if not code and self.book.groups:
                self.doubt(where, "unknown_group", one.name)
            return one.name, replace(mark, code=code or None)
        if self.book.is_empty:
            return one.name, mark
        match = self.book.match(one.name)
        if match.how == "none":
            self.doubt(where, "unknown_unit", one.name, match.suggestion)
            return one.name, mark
        return match.name, replace(mark, resolved=match.name, code=match.code)

    def set_deadline(self, item: Item, tail: Tail, prose_start: int | None, paragraph: int | None) -> None:
        """The tail's deadline wins; else the text's, if it states exactly one."""
        if tail.deadline_text:
            item.deadline, code = parse_deadline(tail.deadline_text, self.year)
            if tail.deadline_at:
                start, end = tail.deadline_at
                item.marks.append(Mark(start, end, "deadline", tail.deadline_text, paragraph))
        elif prose_start is not None:
            found, code = find_in_prose(item.text, self.year)
            if found:
                item.deadline = found.deadline
                at = (prose_start + found.start, prose_start + found.end)
                item.marks.append(Mark(*at, "deadline", found.deadline.text, item.source.paragraph))
        else:
            return
        if code:
            self.doubt(item.source, code, item.deadline.text)
        if self.year_is_assumed and item.deadline.date and not re.search("20\\d\\d|五", item.deadline.text):
            self.year_is_assumed = False  # said once
            self.doubt(item.source, "year_assumed", str(self.year))

    def finish(self) -> ReadPlan:
        """Doubt items without a lead and put context and doubts into the source's order."""
        for item in self.plan.items:
            if not item.leads and "row_without_unit" not in self._codes(item.source):
                self.doubt(item.source, "no_lead")
        if not self.plan.items:
            self.doubt(Source(paragraph=1), "no_responsibility")
        order = {paragraph.source: index for index, paragraph in enumerate(self.plan.paragraphs)}
        self.plan.context.sort(key=lambda entry: order.get(entry.source, 0))
        self.plan.doubts.sort(key=lambda doubt: order.get(replace(doubt.where, last_paragraph=None), 0))
        return self.plan

    def _codes(self, source: Source) -> set[str]:
        return {doubt.code for doubt in self.plan.doubts if doubt.where == source}
