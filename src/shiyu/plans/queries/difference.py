"""What changed between two editions of a plan: added, widened, moved, dropped, units changed (LZ5)."""

from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from shiyu.plans.models import Clause, Duty, Edition, Task
from shiyu.plans.queries.heirs import heir_among, successors

KINDS = {
    "added": _("Added"),
    "widened": _("Widened"),
    "reworded": _("Reworded"),
    "moved": _("Moved"),
    "dropped": _("Dropped"),
    "units": _("Units changed"),
}
TEXTS = (
    "title",
    "measures",
    "common",
    "target_text",
    "target_value",
    "deadline_text",
    "due_on",
    "lead_leader",
)


@dataclass(frozen=True)
class UnitChange:
    """A unit that joined ("joined"), left ("left") or changed its role ("lead" or "supporting" now)."""

    unit_id: UUID
    unit: str
    how: str
    was_unit: str = ""


@dataclass
class Change:
    """One task that differs. `kinds` may be several: a task can be widened and change units at once."""

    key: str
    old: Task | None
    new: Task | None
    kinds: list[str] = field(default_factory=list)
    texts: list[tuple[str, Any, Any]] = field(default_factory=list)
    units: list[UnitChange] = field(default_factory=list)

    @property
    def task(self) -> Task:
        """The task as it is now, or as it was when dropped."""
        task = self.new or self.old
        assert task is not None
        return task

    @property
    def kind_labels(self) -> list[Any]:
        return [KINDS[kind] for kind in self.kinds]

    def touches(self, unit_ids: set[UUID], held: set[UUID]) -> bool:
        """Whether it concerns one of the units: holding it now or before, or joining or leaving."""
        return bool(held & unit_ids) or any(change.unit_id in unit_ids for change in self.units)


@dataclass
class Difference:
    """All changes, in the order of the new edition, dropped ones last."""

    old: Edition
    new: Edition
    changes: list[Change]
    held: dict[str, set[UUID]]

    def of_kind(self, kind: str) -> list[Change]:
        """Changes of one kind of KINDS."""
        return [change for change in self.changes if kind in change.kinds]

    def counts(self) -> list[tuple[str, Any, int]]:
        """Kind, its word, how many: all kinds, also those with none."""
        return [(kind, label, len(self.of_kind(kind))) for kind, label in KINDS.items()]

    def for_units(self, unit_ids: set[UUID]) -> list[Change]:
        """What changed for these units."""
        return [c for c in self.changes if c.touches(unit_ids, self.held.get(c.key, set()))]


def difference(old: Edition, new: Edition) -> Difference:
    """Compare two editions of one plan by the tasks' keys. A fixed number of queries, whatever the size.

    Widened: the text grew and still holds the old one, or clauses or the number wanted were added. Any other change
    of the text is "reworded".
    """
    before = {task.key: task for task in _tasks(old)}
    after = {task.key: task for task in _tasks(new)}
    steps = successors()
    changes = [c for key, task in after.items() if (c := _compare(before.get(key), task, steps)).kinds]
    changes += [Change(key, task, None, ["dropped"]) for key, task in before.items() if key not in after]
    held: dict[str, set[UUID]] = defaultdict(set)
    for task in (*before.values(), *after.values()):
        held[task.key] |= {duty.unit_id for duty in task.duties.all()}
    return Difference(old, new, changes, held)


def _tasks(edition: Edition) -> list[Task]:
    tasks = edition.tasks.select_related("block").prefetch_related("duties__unit", "clause_links__clause")
    return list(tasks.order_by("position"))


def _compare(old: Task | None, new: Task, steps: dict[UUID, UUID]) -> Change:
    change = Change(new.key, old, new)
    if old is None:
        change.kinds.append("added")
        return change
    change.texts = [
        (n, _shown(getattr(old, n)), _shown(getattr(new, n)))
        for n in TEXTS
        if getattr(old, n) != getattr(new, n)
    ]
    clauses_before, clauses_after = (
        {link.clause_id: link.clause for link in task.clause_links.all()} for task in (old, new)
    )
    if clauses_before.keys() != clauses_after.keys():
        change.texts.append(("clauses", _numbers(clauses_before), _numbers(clauses_after)))
    if change.texts:
        change.kinds.append(
            "widened" if _is_wider(change, set(clauses_before), set(clauses_after)) else "reworded"
        )
    if (old.block.code if old.block else "") != (new.block.code if new.block else ""):
        change.kinds.append("moved")
    change.units = _unit_changes(old, new, steps)
    if change.units:
        change.kinds.append("units")
    return change


def _shown(value: Any) -> Any:
    """A number as people write it: 20, not 20.00."""
    return f"{value.normalize():f}" if isinstance(value, Decimal) else value


def _numbers(clauses: dict[UUID, Clause]) -> str:
    return "、".join(clause.number for clause in sorted(clauses.values(), key=lambda clause: clause.path))


def _is_wider(change: Change, clauses_before: set[UUID], clauses_after: set[UUID]) -> bool:
    if clauses_before < clauses_after:
        return True
    grown = [
        isinstance(was, str) and isinstance(now, str) and len(now) > len(was) and _keeps(was, now)
        for name, was, now in change.texts
        if name in ("title", "measures", "common", "target_text")
    ]
    if grown and all(grown):
        return True
    old, new = change.old, change.new
    values = (old.target_value if old else None, new.target_value if new else None)
    return values[0] is not None and values[1] is not None and values[1] > values[0]


def _keeps(was: str, now: str) -> bool:
    """Whether the new text still says the old one, but for its closing mark."""
    return was.rstrip("。；;. ") in now


def _unit_changes(old: Task, new: Task, steps: dict[UUID, UUID]) -> list[UnitChange]:
    """A unit that stands in for ended ones (one or several, through every merger between) took over from them: that
    is no leaving and no joining."""
    was = {duty.unit_id: duty for duty in old.duties.all() if not duty.via_group}
    now = {duty.unit_id: duty for duty in new.duties.all() if not duty.via_group}
    followed: dict[UUID, list[Duty]] = defaultdict(list)
    gone = [duty for unit, duty in was.items() if unit not in now]
    for duty in gone:
        heir = heir_among(duty.unit_id, now, steps)
        if heir:
            followed[heir].append(duty)
    found: list[UnitChange] = []
    for unit, duty in now.items():
        name, before = duty.unit.name, followed.get(unit, [])
        if before:
            found.append(UnitChange(unit, name, "followed", "、".join(one.unit.name for one in before)))
        roles = {was[unit].role} if unit in was else {one.role for one in before}
        if not roles:
            found.append(UnitChange(unit, name, "joined"))
        elif duty.role not in roles:
            found.append(UnitChange(unit, name, duty.role))
    heired = {one.unit_id for rows in followed.values() for one in rows}
    found += [UnitChange(d.unit_id, d.unit.name, "left") for d in gone if d.unit_id not in heired]
    return found + _group_changes(old, new)


def _group_changes(old: Task, new: Task) -> list[UnitChange]:
    """Members a group gained or lost count for the units themselves, where the task names the same group."""
    was = {duty.unit_id: duty for duty in old.duties.all() if duty.via_group}
    now = {duty.unit_id: duty for duty in new.duties.all() if duty.via_group}
    named = {duty.unit_id for task in (old, new) for duty in task.duties.all() if not duty.via_group}
    joined = [UnitChange(u, d.unit.name, "joined") for u, d in now.items() if u not in was and u not in named]
    left = [UnitChange(u, d.unit.name, "left") for u, d in was.items() if u not in now and u not in named]
    return joined + left


def role_word(how: str) -> Any:
    """What happened to a unit, in words."""
    return {
        "joined": _("joined"),
        "left": _("left"),
        "followed": _("took over from"),
        Duty.Role.LEAD: _("now leads"),
        Duty.Role.SUPPORTING: _("now supports"),
    }[how]
