"""The tables of the meeting pack, in the columns offices accept (domain.md 1.16). Units stand by protocol, never ranked."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date

from shiyu.briefs.queries.month import (
    Asked,
    DecisionMonth,
    InstructionMonth,
    Item,
    MonthFacts,
    number,
    together,
)
from shiyu.documents.tables import Column, Row, TableSpec, Value
from shiyu.kernel.measures import MEASURES

NUMBER = Column("序号", 10, "center")
TASK_MEASURES = (
    "tasks_total", "tasks_lead", "tasks_due", "tasks_done_on_time", "tasks_not_on_time", "on_time_rate",
    "reports_due", "reports_late", "reports_missing",
)  # fmt: skip
PROBLEM_MEASURES = (
    "problems_carried", "problems_new", "problems_closed", "problems_open", "problems_overdue", "problems_on_books",
)  # fmt: skip
RESPONSIBILITY = (
    ("板块", 20), ("指引条目", 22), ("重点任务", 52), ("工作措施", 70), ("年度目标（完成标志）", 44), ("牵头领导", 20),
    ("牵头单位", 26), ("配合单位", 36), ("责任科室", 24), ("责任人", 18), ("完成时限", 22), ("备注", 16),
)  # fmt: skip
PROBLEMS = (
    ("问题编号", 38), ("问题来源", 18), ("发现日期", 20), ("对应任务", 26), ("具体问题", 52), ("整改目标", 28),
    ("整改措施", 34), ("责任单位", 24), ("配合单位", 24), ("责任人", 16), ("整改时限", 20), ("整改进展", 36),
    ("整改状态", 16), ("核查人", 16), ("销号日期", 20), ("备注", 14),
)  # fmt: skip
PROGRESS = (
    ("重点任务", 46), ("年度目标", 34), ("牵头单位", 24), ("配合单位", 30), ("完成时限", 20), ("本月进展", 56),
    ("累计完成情况", 40), ("进度状态", 16), ("存在问题", 30), ("下步措施", 30), ("需协调事项", 26),
    ("佐证材料（档号）", 26), ("备注", 14),
)  # fmt: skip


def task_annex(facts: MonthFacts) -> TableSpec:
    """附件1 任务统计. The sum counts each task once, whoever shares it."""
    return _statistics(facts, f"{facts.words}任务统计", TASK_MEASURES, "同一任务只计一次")


def problem_annex(facts: MonthFacts) -> TableSpec:
    """附件2 问题统计."""
    return _statistics(facts, f"{facts.words}问题统计", PROBLEM_MEASURES)


def overdue_annex(facts: MonthFacts) -> TableSpec:
    """附件3 逾期事项: tasks and problems, unit by unit."""
    return overdue_table("逾期事项", facts.overdue, lines_in_words(facts))


def lines_in_words(facts: MonthFacts) -> str:
    """Why annex 3 has another number of lines than the city's figures have things; empty where they agree.

    The city's figure counts a task once, and as late when the last of its leads is late; each unit's figure, and
    annex 3, count its own duty.
    """
    tasks, problems = (int(facts.total.get(code) or 0) for code in ("tasks_not_on_time", "problems_overdue"))
    lines = sum(item.kind != "decision" for item in facts.overdue)
    if lines == tasks + problems:
        return ""
    return (
        f"本附件按责任单位逐项列出，共{lines}行；全市未按期任务{tasks}项、逾期问题{problems}个，"
        "同一任务只计一次，由几个单位牵头的在各牵头单位分别列出。"
    )


def overdue_table(title: str, items: Sequence[Item], note: str = "") -> TableSpec:
    """Overdue things in the columns of annex 3."""
    columns = (
        NUMBER, Column("责任单位", 26), Column("问题编号", 28, "center"), Column("具体问题", 60),
        Column("原定时限", 24, "center"), Column("逾期工作日", 16, "center"), Column("原因", 40),
        Column("下步措施及新时限", 44), Column("备注", 16),
    )  # fmt: skip
    rows = [
        (
            item.unit,
            item.named,
            item.text,
            item.due_on,
            item.delay_number,
            item.reason,
            item.next_step,
            item.note,
        )
        for item in items
    ]
    return replace(_table(title, columns, rows), notes=(note,) if note else ())


def due_annex(facts: MonthFacts) -> TableSpec:
    """附件4 下月到期."""
    return due_table("下月到期事项", facts.due_next)


def due_table(title: str, items: Sequence[Item]) -> TableSpec:
    """What falls due next month, in the columns of annex 4."""
    columns = (
        NUMBER, Column("任务/问题", 90), Column("责任单位", 32), Column("配合单位", 46),
        Column("时限", 26, "center"), Column("备注", 20),
    )  # fmt: skip
    rows = [
        (f"{item.named} {item.text}", item.unit, item.supporting, item.due_on, item.note) for item in items
    ]
    return _table(title, columns, rows)


def three_lists(facts: MonthFacts) -> dict[str, TableSpec]:
    """责任清单, 问题清单, 进度清单 of all units."""
    month = f"{facts.ends_on.month}月{facts.ends_on.day}日"
    problems = tuple(
        (f"{name}（截至{month}）" if name == "整改进展" else name, width) for name, width in PROBLEMS
    )
    state = f"截至{facts.ends_on.isoformat()}"
    spec = {"责任清单": (RESPONSIBILITY, facts.lists.responsibility), "问题清单": (problems, facts.lists.problems),
            "进度清单": (PROGRESS, facts.lists.progress)}  # fmt: skip
    return {
        name: _table(f"{facts.words}{name}", (NUMBER, *_columns(columns)), rows, subtitle=state, footer=name)
        for name, (columns, rows) in spec.items()
    }


def decision_table(decisions: Sequence[DecisionMonth], ends_on: date) -> TableSpec:
    """What became of earlier meetings' decisions."""
    columns = (
        NUMBER, Column("会议", 34), Column("议定事项", 66), Column("牵头单位", 26), Column("配合单位", 32),
        Column("时限", 24, "center"), Column("落实情况", 26, "center"), Column("本月进展", 50),
    )  # fmt: skip
    rows = [
        (row.meeting, row.text, row.unit, row.supporting, row.due_on, became(row, ends_on), row.progress)
        for row in decisions
    ]
    return _table("会议议定事项落实情况", columns, rows)


def instruction_table(rows: Sequence[InstructionMonth]) -> TableSpec:
    """What became of leaders' instructions: followed up in the order of units, never scored."""
    columns = (
        NUMBER, Column("批示领导", 24), Column("批示日期", 22, "center"), Column("批示事项", 44), Column("批示内容", 48),
        Column("承办单位", 28), Column("反馈时限", 22, "center"), Column("办理情况", 50), Column("状态", 24, "center"),
    )  # fmt: skip
    return _table(
        "领导批示办理情况",
        columns,
        [
            (row.leader, row.given_on, row.about, row.text, row.unit, row.reply_by, row.reply, answered(row))
            for row in rows
        ],
    )


def answered(row: InstructionMonth) -> str:
    """已反馈, 逾期未反馈 or 办理中 at the end of the month."""
    if row.replied_on:
        return f"已反馈（{row.replied_on.isoformat()}）"
    return "逾期未反馈" if row.is_late else "办理中"


def became(row: DecisionMonth, ends_on: date) -> str:
    """已完成, 逾期 or 推进中 at the end of the month."""
    if row.done_on:
        return f"已完成（{row.done_on.isoformat()}）"
    return "逾期" if row.due_on and row.due_on <= ends_on else "推进中"


def asked_table(title: str, asked: Sequence[Asked]) -> TableSpec:
    """Requests and disputes the meeting has to settle."""
    columns = (
        NUMBER,
        Column("单位", 32),
        Column("任务/问题", 70),
        Column("事项", 90),
        Column("时限", 24, "center"),
    )
    return _table(title, columns, [(row.unit, row.about, row.text, row.due_on) for row in asked])


def books_table(items: Sequence[Item]) -> TableSpec:
    """Problems on the books, with the reason and the day of review."""
    columns = (
        NUMBER, Column("责任单位", 30), Column("问题编号", 30, "center"), Column("具体问题", 76),
        Column("原定时限", 24, "center"), Column("挂账原因", 52), Column("复核", 30),
    )  # fmt: skip
    rows = [(item.unit, item.code, item.text, item.due_on, item.reason, item.note) for item in items]
    return _table("挂账事项", columns, rows)


def _statistics(facts: MonthFacts, title: str, measures: Sequence[str], note: str = "") -> TableSpec:
    heads = tuple(Column(MEASURES[code].label.zh, 20, "center") for code in measures)
    rows: list[Row] = [
        (at, unit.name, *(number(code, unit.figures) for code in measures), "")
        for at, unit in enumerate(facts.upper_units, start=1)
    ]
    if facts.lower_units:
        summed = together(facts.lower_units, measures)
        name = f"乡镇（街道）（{len(facts.lower_units)}个）"
        rows.append((len(rows) + 1, name, *(number(code, summed) for code in measures), "各乡镇情况见提示单"))
    columns = (NUMBER, Column("单位", 42), *heads, Column("备注", 26))
    if not rows:
        return TableSpec(title, columns, [_nothing(len(columns))])
    rows.append(("", "合计", *(number(code, facts.total) for code in measures), note))
    return TableSpec(title, columns, rows, strong_rows=frozenset({len(rows) - 1}))


def _columns(pairs: Iterable[tuple[str, int]]) -> tuple[Column, ...]:
    centred = {"完成时限", "整改时限", "发现日期", "销号日期", "进度状态", "整改状态", "问题编号"}
    return tuple(Column(name, width, "center" if name in centred else "left") for name, width in pairs)


def _table(
    title: str, columns: tuple[Column, ...], rows: Iterable[Row], subtitle: str = "", footer: str = ""
) -> TableSpec:
    numbered: list[Row] = [(at, *row) for at, row in enumerate(rows, start=1)]
    return TableSpec(
        title, columns, numbered or [_nothing(len(columns))], subtitle=subtitle, footer_left=footer
    )


def _nothing(width: int) -> tuple[Value, ...]:
    """One row that says there is nothing: an empty table looks like a forgotten one."""
    return ("—", "无", *([""] * (width - 2)))
