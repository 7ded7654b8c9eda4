"""Second pass: kinds of meetings, what they draw, decide and lift; and the watch list."""

from __future__ import annotations

from shiyu.kernel.spec.meetings import MeetingKind, Ruling
from shiyu.kernel.spec.pack import Pack
from shiyu.kernel.spec.seed import AreaLevel
from shiyu.packs.check.references import References
from shiyu.packs.check.ways import check_condition
from shiyu.packs.read import PackError, PackFolder

HEIGHTS = tuple(AreaLevel)
"""Levels of areas from the top down, as the catalogue lists them."""


def check_meetings(found: PackFolder, pack: Pack) -> None:
    """Adds an error for every name that leads nowhere, every condition that can never hold, and every lift that does
    not lead upwards."""
    wanted = References(found)
    for code, meeting in pack.meeting.items():
        here = ("meeting", code)
        wanted.need("cycle", meeting.cycle, pack.cycle, *here, "cycle")
        wanted.documents(pack, meeting.documents, *here, "documents")
        wanted.need("unit_group", meeting.held_by, pack.unit_group, *here, "held_by")
        wanted.need("meeting", meeting.lifts_to, pack.meeting, *here, "lifts_to")
        for n, letter in enumerate(meeting.letters):
            wanted.need("letter", letter, pack.letter, *here, "letters", n)
        for part, rows in (("standing", meeting.standing), ("invited", meeting.invited)):
            for n, unit in enumerate(rows):
                wanted.need("unit_group", unit.group, pack.unit_group, *here, part, n, "group")
        for n, row in enumerate(meeting.matters):
            check_condition(found, pack, pack.kind, row.when, (*here, "matters", n, "when"))
        _check_lift(found, pack, code, meeting)
        _check_held(found, pack, code)
        if {Ruling.WATCH, Ruling.UNWATCH} & set(meeting.takes) and pack.watch is None:
            zh, en = "takes 里有 watch，却没有 watch 一节", "takes names watch, but there is no watch list"
            _wrong(found, (*here, "takes"), zh, en)
    for n, kind in enumerate(pack.watch.kinds if pack.watch else ()):
        wanted.need("kind", kind, pack.kind, "watch", "kinds", n)


def _check_lift(found: PackFolder, pack: Pack, code: str, meeting: MeetingKind) -> None:
    """A matter is lifted to a meeting of a higher level: so no circle can come about."""
    above = pack.meeting.get(meeting.lifts_to or "")
    if above is None:
        return
    levels = (meeting.level, above.level)
    if None in levels or HEIGHTS.index(levels[1]) >= HEIGHTS.index(levels[0]):  # type: ignore[arg-type]
        zh = "lifts_to 要提交到更高一级的会议，两者都要写 level"
        en = "lifts_to leads to a meeting of a higher level; both need `level`"
        _wrong(found, ("meeting", code, "lifts_to"), zh, en)


def _check_held(found: PackFolder, pack: Pack, code: str) -> None:
    if not any("meeting.run" in role.rights for role in pack.role.values()):
        zh, en = "没有角色具有 meeting.run，会议无人组织", "no role has meeting.run, so nobody can hold it"
        _wrong(found, ("meeting", code), zh, en)


def _wrong(found: PackFolder, path: tuple[str | int, ...], zh: str, en: str) -> None:
    file, line = found.where(*path)
    found.errors.append(PackError(file, line, zh, en))
