"""Second pass over guidelines and plans: every task traces to clauses, units and groups that exist."""

from __future__ import annotations

from typing import Any

from shiyu.kernel.spec.pack import Pack
from shiyu.kernel.spec.plan_seed import PlanSeed, TaskSeed
from shiyu.packs.read import PackError, PackFolder
from shiyu.packs.read.folder import Placed


def _wrong(found: PackFolder, placed: Placed[Any], path: tuple[str | int, ...], zh: str, en: str) -> None:
    found.errors.append(PackError(placed.file, placed.at(*path), zh, en))


def check_guidelines(found: PackFolder) -> None:
    """Codes once; clause numbers once each; parents before children."""
    codes: set[str] = set()
    for placed in found.seeds.guidelines:
        guideline = placed.row
        if guideline.code in codes:
            _wrong(
                found,
                placed,
                ("code",),
                f"指引 {guideline.code} 重复",
                f"guideline {guideline.code} stands twice",
            )
        codes.add(guideline.code)
        numbers: set[str] = set()
        for n, clause in enumerate(guideline.clauses):
            path = ("clauses", n)
            if clause.number in numbers:
                _wrong(
                    found, placed, path, f"条目 {clause.number} 重复", f"clause {clause.number} stands twice"
                )
            if clause.parent is not None and clause.parent not in numbers:
                zh = f"上级条目 {clause.parent} 应写在前面"
                _wrong(found, placed, path, zh, f"its parent {clause.parent} must stand before it")
            numbers.add(clause.number)


def check_plans(found: PackFolder, pack: Pack) -> None:
    """Each edition by itself, then the editions of a plan beside each other."""
    first: dict[str, PlanSeed] = {}
    last: dict[str, PlanSeed] = {}
    clauses = {f"{p.row.code}:{clause.number}" for p in found.seeds.guidelines for clause in p.row.clauses}
    for placed in found.seeds.plans:
        plan = placed.row
        before = last.get(plan.code)
        expected = before.edition.number + 1 if before else 1
        if plan.edition.number != expected:
            zh = f"版本号应为 {expected}"
            _wrong(found, placed, ("edition", "number"), zh, f"the edition's number must be {expected}")
        if before and plan.edition.issued_on < before.edition.issued_on:
            zh, en = "印发日期早于上一版", "issued before the edition before it"
            _wrong(found, placed, ("edition", "issued_on"), zh, en)
        if (plan.kind == "sub_plan") != (plan.parent is not None) or (
            plan.parent and plan.parent not in first
        ):
            zh = "子方案要写 parent，且主方案写在前面；主方案没有 parent"
            _wrong(
                found,
                placed,
                ("parent",),
                zh,
                "a sub-plan needs a parent that stands before it, others have none",
            )
        if plan.circumstances and not pack.plan.negative_list:
            zh, en = "plan.negative_list 没有启用", "plan.negative_list is not on"
            _wrong(found, placed, ("circumstances",), zh, en)
        if plan.kind == "sub_plan" and not pack.plan.sub_plans:
            _wrong(found, placed, ("kind",), "plan.sub_plans 没有启用", "plan.sub_plans is not on")
        first.setdefault(plan.code, plan)
        last[plan.code] = plan
        _TaskCheck(found, pack, placed, clauses).run()


class _TaskCheck:
    """The tasks of one edition."""

    def __init__(self, found: PackFolder, pack: Pack, placed: Placed[PlanSeed], clauses: set[str]) -> None:
        self.found, self.pack, self.placed, self.clauses = found, pack, placed, clauses
        self.units = {unit.row.code: unit.row for unit in found.seeds.units}
        self.blocks = {block.code for block in placed.row.blocks}
        self.split = {task.parent for task in placed.row.tasks if task.parent}

    def wrong(self, n: int, key: str, zh: str, en: str) -> None:
        _wrong(self.found, self.placed, ("tasks", n, key), zh, en)

    def run(self) -> None:
        keys: set[str] = set()
        numbers: set[str] = set()
        for n, task in enumerate(self.placed.row.tasks):
            if task.key in keys:
                self.wrong(n, "key", f"任务 key {task.key} 重复", f"the key {task.key} stands twice")
            if task.number in numbers:
                self.wrong(n, "number", f"任务编号 {task.number} 重复", f"number {task.number} stands twice")
            if task.parent is not None and task.parent not in keys:
                zh = f"上级任务 {task.parent} 应写在前面"
                self.wrong(n, "parent", zh, f"its parent {task.parent} must stand before it")
            keys.add(task.key)
            numbers.add(task.number)
            self._names(n, task)
            self._units(n, task)

    def _names(self, n: int, task: TaskSeed) -> None:
        if task.block not in self.blocks:
            self.wrong(n, "block", f"没有板块 {task.block}", f"there is no block {task.block}")
        for clause in task.clauses:
            if clause not in self.clauses and not self.found.unread & set(self.pack.seed.guidelines):
                self.wrong(n, "clauses", f"没有条目 {clause}", f"there is no clause {clause}")
        for group in task.groups:
            if group not in self.pack.unit_group:
                self.wrong(n, "groups", f"没有单位组 {group}", f"there is no unit_group {group}")

    def _units(self, n: int, task: TaskSeed) -> None:
        day = self.placed.row.edition.issued_on
        if not task.leads and task.key not in self.split:
            self.wrong(n, "leads", f"任务 {task.number} 没有牵头单位", f"task {task.number} has no lead unit")
        for key, codes in (("leads", task.leads), ("supporting", task.supporting)):
            for code in codes:
                unit = self.units.get(code)
                if unit is None and self.pack.seed.units in self.found.unread:
                    continue
                if unit is None:
                    self.wrong(n, key, f"没有单位 {code}", f"there is no unit {code}")
                elif (unit.valid_from and unit.valid_from > day) or (unit.valid_to and unit.valid_to < day):
                    zh = f"{day} 没有单位 {code}"
                    self.wrong(n, key, zh, f"the unit {code} did not exist on {day}")
                if codes.count(code) > 1 or (key == "supporting" and code in task.leads):
                    self.wrong(n, key, f"单位 {code} 写了两次", f"the unit {code} stands twice")
