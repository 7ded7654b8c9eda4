"""Second pass over the seed files: places, units, posts and people fit together."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from shiyu.kernel.spec.pack import Pack
from shiyu.kernel.spec.seed import AreaLevel, UnitRow
from shiyu.packs.check.seed_plans import check_guidelines, check_plans
from shiyu.packs.read import PackError, PackFolder
from shiyu.packs.read.folder import Placed

LEVELS = list(AreaLevel)


def check_seeds(found: PackFolder, pack: Pack) -> None:
    """Adds an error for every row that names something missing, stands twice, or contradicts another."""
    check = SeedCheck(found, pack)
    check.areas()
    check.units()
    check.names()
    check.members()
    check.functions()
    check.posts()
    check.people()
    check_guidelines(found)
    check_plans(found, pack)


class SeedCheck:
    """Checks the tables one after the other and collects what is wrong."""

    def __init__(self, found: PackFolder, pack: Pack) -> None:
        self.found, self.pack, self.rows = found, pack, found.seeds
        self.units_by_code = {placed.row.code: placed for placed in found.seeds.units}

    def is_whole(self, table: str) -> bool:
        """Whether a table was read without an error; what does not stand in the others cannot be told."""
        return getattr(self.pack.seed, table) not in self.found.unread

    def wrong(self, placed: Placed[Any], zh: str, en: str) -> None:
        self.found.errors.append(PackError(placed.file, placed.line, zh, en))

    def unique(self, rows: Iterable[Placed[Any]], key: str) -> None:
        seen: dict[str, int] = {}
        for placed in rows:
            value = getattr(placed.row, key)
            if value in seen:
                line = seen[value]
                self.wrong(
                    placed,
                    f"{key} {value} 与第 {line} 行重复",
                    f"{key} {value} stands in line {line} already",
                )
            seen.setdefault(value, placed.line)

    def exists(
        self,
        placed: Placed[Any],
        what: tuple[str, str],
        code: str | None,
        known: Iterable[str],
        table: str = "units",
    ) -> None:
        if code is not None and code not in known and self.is_whole(table):
            self.wrong(placed, f"没有{what[0]} {code}", f"there is no {what[1]} {code}")

    def areas(self) -> None:
        """Codes once, parents before children and above them; the pack's own area among them."""
        self.unique(self.rows.areas, "code")
        levels: dict[str, AreaLevel] = {}
        for placed in self.rows.areas:
            area = placed.row
            if area.parent is not None and area.parent not in levels and self.is_whole("areas"):
                self.wrong(
                    placed,
                    f"上级 {area.parent} 应写在前面",
                    f"its parent {area.parent} must stand in an earlier line",
                )
            elif area.parent in levels and LEVELS.index(levels[area.parent]) >= LEVELS.index(area.level):
                self.wrong(placed, "上级的层级应更高", "its parent must be of a higher level")
            levels.setdefault(area.code, area.level)
        if self.rows.areas and self.pack.pack.area not in levels:
            file, line = self.found.where("pack", "area")
            code = self.pack.pack.area
            self.found.errors.append(
                PackError(file, line, f"areas 中没有 {code}", f"the areas do not hold {code}")
            )

    def units(self) -> None:
        """Codes once; area, parent, upper centre and successor exist; nobody is above itself."""
        self.unique(self.rows.units, "code")
        areas = {placed.row.code for placed in self.rows.areas}
        for placed in self.rows.units:
            unit = placed.row
            self.exists(placed, ("区域", "area"), unit.area, areas, "areas")
            for code in (unit.parent, unit.upper_centre, unit.successor):
                self.exists(placed, ("单位", "unit"), code, self.units_by_code)
            if unit.successor and unit.valid_to is None:
                self.wrong(placed, "有 successor 就要有 valid_to", "a unit with a successor needs valid_to")
            for key in ("parent", "upper_centre", "successor"):
                if self._goes_round(unit, key):
                    self.wrong(placed, f"{key} 绕成了圈", f"{key} leads back to the unit itself")

    def _goes_round(self, unit: UnitRow, key: str) -> bool:
        seen = {unit.code}
        code = getattr(unit, key)
        while code is not None and code in self.units_by_code:
            if code in seen:
                return True
            seen.add(code)
            code = getattr(self.units_by_code[code].row, key)
        return False

    def names(self) -> None:
        """A name or alias means one unit only (offices inside units are told apart by their unit)."""
        owner: dict[str, str] = {}
        for unit in self.rows.units:
            if unit.row.kind == "office":
                continue
            for name in {unit.row.name, unit.row.short_name} - {None}:
                self._own(owner, unit, str(name), unit.row.code)
        for alias in self.rows.aliases:
            self.exists(alias, ("单位", "unit"), alias.row.unit, self.units_by_code)
            self._own(owner, alias, alias.row.name, alias.row.unit)

    def _own(self, owner: dict[str, str], placed: Placed[Any], name: str, code: str) -> None:
        other = owner.setdefault(name, code)
        if other != code and not self._follows(other, code):
            self.wrong(
                placed,
                f"名称“{name}”已属于单位 {other}",
                f"the name {name} belongs to the unit {other} already",
            )

    def _follows(self, one: str, other: str) -> bool:
        """Two units may bear one name if one took over from the other."""
        rows = (self.units_by_code.get(one), self.units_by_code.get(other))
        return any(a and a.row.successor == b for a, b in zip(rows, (other, one), strict=True))

    def members(self) -> None:
        """Members belong to groups that are listed by seed, and each such group has some."""
        listed = {code for code, group in self.pack.unit_group.items() if group.members == "seed"}
        for placed in self.rows.members:
            self.exists(placed, ("列名的单位组", "unit_group with members: seed"), placed.row.group, listed)
            self.exists(placed, ("单位", "unit"), placed.row.unit, self.units_by_code)
        if not self.is_whole("members"):
            return
        for code in sorted(listed - {placed.row.group for placed in self.rows.members}):
            file, line = self.found.where("unit_group", code)
            self.found.errors.append(
                PackError(
                    file, line, f"members.csv 中没有 {code} 的成员", f"members.csv has no member of {code}"
                )
            )

    def functions(self) -> None:
        """A unit has a function once, a function of the list that the pack names."""
        listed = self.pack.codes[self.pack.functions].values if self.pack.functions in self.pack.codes else {}
        seen: dict[tuple[str, str], int] = {}
        for placed in self.rows.functions:
            row = placed.row
            for code in (row.unit, row.lead):
                self.exists(placed, ("单位", "unit"), code, self.units_by_code)
            self.exists(placed, ("职责", "function"), row.function, listed)
            line = seen.setdefault((row.unit, row.function), placed.line)
            if line != placed.line:
                zh, en = f"{row.unit} 的 {row.function} 与第 {line} 行重复", f"stands in line {line} already"
                self.wrong(placed, zh, en)

    def posts(self) -> None:
        """Posts stand in units that exist, with roles of the pack."""
        self.unique(self.rows.posts, "code")
        for placed in self.rows.posts:
            self.exists(placed, ("单位", "unit"), placed.row.unit, self.units_by_code)
            for role in placed.row.roles:
                self.exists(placed, ("角色", "role"), role, self.pack.role)

    def people(self) -> None:
        """People hold posts that exist; one username is one person; both tours or none."""
        posts = {placed.row.code for placed in self.rows.posts}
        names: dict[str, str] = {}
        for placed in self.rows.people:
            person = placed.row
            self.exists(placed, ("岗位", "post"), person.post, posts, "posts")
            if names.setdefault(person.username, person.name) != person.name:
                self.wrong(placed, f"{person.username} 有两个名字", f"{person.username} has two names")
            if bool(person.tour_zh) != bool(person.tour_en):
                self.wrong(placed, "tour_zh 和 tour_en 要同时写", "tour_zh and tour_en go together")
