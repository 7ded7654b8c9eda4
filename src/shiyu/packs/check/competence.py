"""Second pass: the table of competence reaches every kind that is dispatched, each row comes to its turn, and each
names units that there are."""

from __future__ import annotations

from shiyu.kernel.conditions import Condition, Range, Wanted, holds_any
from shiyu.kernel.spec.matters import Kind
from shiyu.kernel.spec.pack import Pack
from shiyu.kernel.spec.routes import Competent
from shiyu.kernel.spec.seed import UnitRow
from shiyu.packs.check.ways import facts_of, listed, values_of
from shiyu.packs.read import PackError, PackFolder


def check_competence(found: PackFolder, pack: Pack) -> None:
    """Adds an error for every kind the table forgets, every row that can never be reached, and every unit it can never
    find. A pack without the table dispatches without proposals."""
    if not pack.competence:
        return
    _check_kinds(found, pack)
    _check_order(found, pack)
    if found.seeds.units and found.seeds.areas:
        _check_units(found, pack)


def _check_kinds(found: PackFolder, pack: Pack) -> None:
    conditions = [condition for row in pack.competence.values() for condition in row.when]
    for code, kind in pack.kind.items():
        if kind.rule("dispatch") is None or any(_may_hold(pack, code, kind, one) for one in conditions):
            continue
        _wrong(
            found,
            ("kind", code),
            f"职责表 competence 没有适用于 {code}（{kind.label.zh}）的行，交办时没有建议单位；加一行 when: [{{kind: {code}}}]",
            f"no row of `competence` can hold for {code} ({kind.label.en}), so nobody would be proposed; "
            f"add one with when: [{{kind: {code}}}]",
        )


def _may_hold(pack: Pack, code: str, kind: Kind, condition: Condition) -> bool:
    """Whether a matter of the kind may have all the condition names."""
    known, values = facts_of([kind]), {**values_of(pack, {code: kind}), "kind": {code}}
    return all(
        fact in known
        and (fact not in values or isinstance(wanted, Range) or bool(values[fact] & set(listed(wanted))))
        for fact, wanted in condition.items()
    )


def _check_order(found: PackFolder, pack: Pack) -> None:
    earlier: list[tuple[str, Condition]] = []
    for code, row in pack.competence.items():
        for n, condition in enumerate(row.when):
            over = next((other for other, broad in earlier if _covers(broad, condition)), None)
            if over is not None:
                file, line = found.where("competence", over)
                _wrong(
                    found,
                    ("competence", code, "when", n),
                    f"永远轮不到 {code}：前面的 {over}（{file} 第 {line} 行）已包括这一情形；把 {code} 写到它前面"
                    "（各文件按文件名先后）",
                    f"{code} is never reached: {over} before it ({file}, line {line}) holds for the same; write {code} "
                    "before it (files follow each other by name)",
                )
        earlier += [(code, condition) for condition in row.when]


def _covers(broad: Condition, narrow: Condition) -> bool:
    """Whether the first holds wherever the second does."""
    return all(fact in narrow and _within(narrow[fact], wanted) for fact, wanted in broad.items())


def _within(narrow: Wanted, broad: Wanted) -> bool:
    if isinstance(narrow, Range) and isinstance(broad, Range):
        low = broad.min is None or (narrow.min is not None and narrow.min >= broad.min)
        return low and (broad.max is None or (narrow.max is not None and narrow.max <= broad.max))
    if isinstance(narrow, Range) or isinstance(broad, Range):
        return False
    return set(listed(narrow)) <= set(listed(broad))


def _check_units(found: PackFolder, pack: Pack) -> None:
    """A group of which no unit sits at the level named could never be proposed."""
    levels = _levels(found, pack)
    for code, row in pack.competence.items():
        supporting = [(("supporting", n), one) for n, one in enumerate(row.supporting)]
        informed = [(("informed", n), one) for n, one in enumerate(row.informed)]
        parts: list[tuple[tuple[str | int, ...], Competent]] = [(("lead",), row.lead), *supporting, *informed]
        for path, one in parts:
            there = levels.get(one.group)
            if one.level is None or not there or one.level in there:
                continue
            has = sorted(there)
            _wrong(
                found,
                ("competence", code, *path, "level"),
                f"单位组 {one.group} 没有 {one.level} 一级的单位（有：{'、'.join(has)}）",
                f"the unit_group {one.group} has no unit of the level {one.level} (it has {', '.join(has)})",
            )


def _levels(found: PackFolder, pack: Pack) -> dict[str, set[str]]:
    """The levels at which each group has units, by the seed."""
    level_of = {placed.row.code: placed.row.level.value for placed in found.seeds.areas}
    units = {placed.row.code: placed.row for placed in found.seeds.units}
    levels: dict[str, set[str]] = {code: set() for code in pack.unit_group}
    for placed in found.seeds.members:
        unit = units.get(placed.row.unit)
        if unit is not None and unit.area in level_of and placed.row.group in levels:
            levels[placed.row.group].add(level_of[unit.area])
    for code, group in pack.unit_group.items():
        for unit in units.values():
            if unit.area in level_of and holds_any(group.when, _facts(unit, level_of[unit.area])):
                levels[code].add(level_of[unit.area])
    return levels


def _facts(unit: UnitRow, level: str) -> dict[str, str | bool | None]:
    """The facts of a unit that conditions speak of (kernel.conditions.FACTS), from its row."""
    return {
        "kind": unit.kind.value,
        "level": level,
        "area": unit.area,
        "parent": unit.parent,
        "has_upper_centre": unit.upper_centre is not None,
    }


def _wrong(found: PackFolder, path: tuple[str | int, ...], zh: str, en: str) -> None:
    file, line = found.where(*path)
    found.errors.append(PackError(file, line, zh, en))
