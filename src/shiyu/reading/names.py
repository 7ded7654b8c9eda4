"""Unit names of a document → units of the pack.

Exact, alias, prefix, else a suggestion. Never a silent guess.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import dataclass, field

_WIDTH = str.maketrans("（）［］", "()[]")
_PREFIX = re.compile(r"^(?:国家|全国|中国|省|市|县|区|州|旗)(?:级|直)?")
_BRACKET = re.compile(r"\([^()]*\)$")
_MINIMUM = 0.45


def plain_name(name: str) -> str:
    """The form names are compared in: no spaces, half-width brackets."""
    return re.sub(r"\s+", "", name).translate(_WIDTH)


@dataclass(frozen=True)
class Match:
    """What the book says of a name. `how` is exact, alias, prefix, bracket, group or none.

    With "none", `suggestion` is the nearest official name (or "") and nothing is taken over by itself.
    """

    name: str
    code: str = ""
    how: str = "none"
    suggestion: str = ""


@dataclass
class NameBook:
    """The names a pack knows: official unit names, aliases (former and short names) and group names,
    each → code.

    An alias must lead to the code of a unit. An empty book resolves nothing and doubts nothing.
    """

    units: dict[str, str] = field(default_factory=dict)
    aliases: dict[str, str] = field(default_factory=dict)
    groups: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._exact = {plain_name(name): (name, code) for name, code in self.units.items()}
        self._official = {code: name for name, code in self.units.items()}
        self._alias = {plain_name(name): code for name, code in self.aliases.items()}
        self._group = {plain_name(name): (name, code) for name, code in self.groups.items()}
        self._bare: dict[str, set[str]] = defaultdict(set)
        for key, (_name, code) in self._exact.items():
            self._bare[_PREFIX.sub("", key)].add(code)
        for key, code in self._alias.items():
            self._bare[_PREFIX.sub("", key)].add(code)
        self._pairs: dict[str, set[str]] = defaultdict(set)
        for key in [*self._exact, *self._alias]:
            for pair in _pairs(key):
                self._pairs[pair].add(key)
        self._cache: dict[str, Match] = {}

    @property
    def is_empty(self) -> bool:
        """Whether the book knows no unit at all."""
        return not self._exact

    def knows(self, name: str) -> bool:
        """Whether a unit or alias has exactly this name."""
        key = plain_name(name)
        return key in self._exact or key in self._alias

    def knows_group(self, name: str) -> bool:
        """Whether a group has exactly this name."""
        return plain_name(name) in self._group

    def group_code(self, name: str) -> str:
        """The code of a group, "" when the book does not know it."""
        return self._group.get(plain_name(name), ("", ""))[1]

    def match(self, name: str) -> Match:
        """What the book makes of a unit's name."""
        if name not in self._cache:
            self._cache[name] = self._match(name)
        return self._cache[name]

    def _match(self, name: str) -> Match:
        key = plain_name(name)
        found = self._known(key)
        if found:
            return found
        outside = _BRACKET.sub("", key)
        if outside != key and (found := self._known(outside)):
            return Match(found.name, found.code, "bracket")
        bare = _PREFIX.sub("", key)
        codes = self._bare.get(bare, set())
        # only a missing prefix is tolerated: 县公安局 is not 市公安局
        if len(codes) == 1 and (bare == key or self._known(bare)):
            code = next(iter(codes))
            return Match(self._official.get(code, name), code, "prefix")
        return Match(name, suggestion=self._nearest(key))

    def _known(self, key: str) -> Match | None:
        if key in self._exact:
            name, code = self._exact[key]
            return Match(name, code, "exact")
        if key in self._alias:
            code = self._alias[key]
            return Match(self._official.get(code, key), code, "alias")
        return None

    def _nearest(self, key: str) -> str:
        wanted = _pairs(key)
        shared = Counter(near for pair in wanted for near in self._pairs.get(pair, ()))
        best, best_score = "", _MINIMUM
        for near, common in shared.items():
            score = 2 * common / (len(wanted) + len(_pairs(near)))
            if score > best_score or (score == best_score and best and near < best):
                best, best_score = near, score
        if not best:
            return ""
        found = self._known(best)
        return found.name if found else ""


def _pairs(text: str) -> set[str]:
    padded = f"^{text}$"
    return {padded[index : index + 2] for index in range(len(padded) - 1)}
