"""What a heading says for the text below it: its lead, or that all below is one unit's work."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from shiyu.reading.draft import Draft
from shiyu.reading.names import NameBook
from shiyu.reading.result import Item, Source
from shiyu.reading.tails import Tail
from shiyu.reading.unit_lists import Named, looks_like_unit, split_names

_COUNT = re.compile(r"[（(]\s*(?:共\s*)?\d+\s*[项条个件][^（）()]{0,6}[）)]$")
_VERBS = re.compile(
    r"(?:推进|建设|加强|完善|优化|做好|提升|打造|深化|推动|发展|强化|健全|建立|实施|开展|组织|成立|设立|培育|壮大|支持|规范|创新|改革|落实|加快|"
    r"构建|整合|升级|改造|新建|拓展|扩大|促进|保障|严格|坚持|明确|切实|进一步|全面|大力|积极|着力|关于|提高|增强|服务|依托|发挥|夯实|办好|抓好|压实)"
)
_INHERITS = {"supporting", "responsible", "support", "deadline"}
_LONGEST = 40  # characters of a heading that is nothing but units


@dataclass
class _Owner:
    path: list[str]
    words: str
    names: list[Named]
    source: Source
    told: bool = False


@dataclass
class Headings:
    """Remembers what stands above; `settle` gives leads down and says what was left without a responsibility."""

    draft: Draft
    owner: _Owner | None = None
    _made: list[tuple[Item, set[str]]] = field(default_factory=list)
    _bare: list[list[str]] = field(default_factory=list)

    def look_for_owner(self, words: str, path: list[str], source: Source) -> bool:
        """Whether a numbered heading is nothing but units ("一、市教育局"); then all below is theirs."""
        names = only_units(words, self.draft.book)
        if names:
            self.owner = _Owner(path, words, names, source)
        return bool(names)

    def owned_tail(self, path: list[str]) -> Tail | None:
        """The responsibility of the unit whose heading stands above this path, if there is one."""
        owner = self.owner
        if owner is None or len(path) <= len(owner.path) or path[: len(owner.path)] != owner.path:
            return None
        if not owner.told:
            owner.told = True
            self.draft.doubt(owner.source, "unit_from_heading", owner.words)
        tail = Tail(0, 0, roles={"heading"})
        tail.place_first_leads([replace(one, start=0, end=0) for one in owner.names])
        tail.doubts.clear()
        return tail

    def made(self, item: Item, tail: Tail) -> None:
        """Take note of an item."""
        self._made.append((item, tail.roles))

    def bare(self, path: list[str]) -> None:
        """Take note of a numbered paragraph that has no responsibility."""
        self._bare.append(path)

    def settle(self) -> None:
        """Leads go down to items that name only supporting units; numbered text without any is counted."""
        by_path: dict[tuple[str, ...], Item] = {}
        for item, roles in self._made:
            if not item.leads and roles <= _INHERITS:
                self._inherit(item, by_path)
            by_path.setdefault(tuple(item.path), item)
        counts: dict[int, int] = {}
        for path in self._bare:
            above = next((by_path[key] for key in _upwards(path) if key in by_path), None)
            if above is not None:
                counts[id(above)] = counts.get(id(above), 0) + 1
        for item in by_path.values():
            if id(item) in counts:
                self.draft.doubt(item.source, "covers_below", str(counts[id(item)]))
        self._made.clear()
        self._bare.clear()
        self.owner = None

    def _inherit(self, item: Item, by_path: dict[tuple[str, ...], Item]) -> None:
        above = next((by_path[key] for key in _upwards(item.path) if key in by_path), None)
        if above is None or not above.leads:
            return
        item.leads = list(above.leads)
        item.supporting = [name for name in item.supporting if name not in item.leads]
        self.draft.doubt(item.source, "lead_from_heading", "、".join(above.leads))


def _upwards(path: list[str]) -> list[tuple[str, ...]]:
    return [tuple(path[:length]) for length in range(len(path) - 1, 0, -1)]


def only_units(words: str, book: NameBook) -> list[Named]:
    """The units of a heading that is nothing but units; [] for any other."""
    words = _COUNT.sub("", words.strip(" 　。：:；;"))
    if not words or len(words) > _LONGEST or _VERBS.match(words):
        return []
    names = split_names(words, book)
    good = all(one.is_group or looks_like_unit(one.name, book, strict=True) for one in names)
    return names if good and names else []
