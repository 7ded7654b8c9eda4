"""Second pass: what the calendar, the roles and the groups of a pack must mean."""

from __future__ import annotations

import datetime as dt

from shiyu.kernel.rights import ADMINISTRATION, RIGHTS
from shiyu.kernel.spec.pack import Pack
from shiyu.packs.read import PackError, PackFolder

ADMINISTRATORS_MAY = frozenset({*ADMINISTRATION.values(), "people.manage", "pack.load"})
"""All that a role with an administrator's right may hold: no hand in the business itself."""


def check_rules(found: PackFolder, pack: Pack) -> None:
    """Adds an error for every rule broken by calendar, roles, groups, cycles or the pack's head."""
    if found.folder.resolve().name != pack.pack.code:
        _wrong(found, ("pack", "code"), "code 应与文件夹同名", "code must be the folder's name")
    _check_calendar(found, pack)
    _check_roles(found, pack)
    _check_groups(found, pack)
    for code, cycle in pack.cycle.items():
        for n, step in enumerate(cycle.sign_off):
            if not any(step.right in role.rights for role in pack.role.values()):
                _wrong(
                    found,
                    ("cycle", code, "sign_off", n),
                    f"没有角色具有 {step.right}，这一步无人能办",
                    f"no role has {step.right}, so nobody can take this step",
                )


def _wrong(found: PackFolder, path: tuple[str | int, ...], zh: str, en: str) -> None:
    file, line = found.where(*path)
    found.errors.append(PackError(file, line, zh, en))


def _check_calendar(found: PackFolder, pack: Pack) -> None:
    off: set[dt.date] = set()
    for year, announced in pack.calendar.years.items():
        here = ("calendar", "years", str(year))
        for n, holiday in enumerate(announced.holidays):
            off.update(holiday.days)
            if year not in (holiday.first.year, holiday.last.year):
                zh, en = f"{holiday.first} 不在 {year} 年", f"{holiday.first} is not in {year}"
                _wrong(found, (*here, "holidays", n), zh, en)
    for year, announced in pack.calendar.years.items():
        for n, day in enumerate(announced.workdays):
            place = ("calendar", "years", str(year), "workdays", n)
            if abs(day.year - year) > 1 or (day.year != year and day.month not in (1, 12)):
                _wrong(found, place, f"{day} 不在 {year} 年", f"{day} is not in {year}")
            if day.weekday() < 5:
                _wrong(
                    found,
                    place,
                    f"{day} 不是周末，不必调休",
                    f"{day} is a weekday and cannot make up for one",
                )
            if day in off:
                _wrong(found, place, f"{day} 同时写成了假日", f"{day} is given as a day off as well")


def _check_roles(found: PackFolder, pack: Pack) -> None:
    for code, role in pack.role.items():
        surplus = sorted(role.rights - ADMINISTRATORS_MAY)
        if role.rights & set(ADMINISTRATION.values()) and surplus:
            _wrong(
                found,
                ("role", code, "rights"),
                f"管理员角色不得兼有业务权限：{'、'.join(surplus)}",
                f"an administrator's role may not hold other rights: {', '.join(surplus)}",
            )
    held = frozenset().union(*(role.rights for role in pack.role.values()))
    for right in ADMINISTRATION.values():
        if right not in held:
            name = RIGHTS[right].label
            _wrong(found, ("role",), f"没有角色具有 {right}：{name.zh}", f"no role has {right}: {name.en}")


def _check_groups(found: PackFolder, pack: Pack) -> None:
    owners: dict[str, str] = {}
    for code, group in pack.unit_group.items():
        for name in (group.label.zh, *group.aliases):
            other = owners.setdefault(name, code)
            if other != code:
                _wrong(
                    found,
                    ("unit_group", code),
                    f"名称“{name}”已属于单位组 {other}",
                    f"the name {name} belongs to the group {other} already",
                )
