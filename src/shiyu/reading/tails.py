"""The responsibility at the end of a paragraph or sentence: who leads, who supports, which groups, by when.

Rules of the genre: the first named leads where no word says otherwise; 牵头 and 主办 lead; 配合, 协办,
参与 and 会同
support; 分别负责 makes every named unit a lead.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from shiyu.reading.deadlines import is_deadline
from shiyu.reading.headers import label_role
from shiyu.reading.names import NameBook
from shiyu.reading.unit_lists import Named, is_group_name, looks_like_unit, split_names

FIRST_LEADS = "first_leads"
# "责任单位排在第一位的为牵头单位": said once, it holds for the whole document
_FIRST_RULE = re.compile(r"(?:第一位|首位|第一个|最前|第一顺位|列首|首个)[^。]{0,14}(?:牵头|主办|主责|总责)")
_MODS = (
    r"(?:(?:按照|依照|依据|根据|结合|按|依)(?:各自|工作|部门)?(?:职责|职能|分工|任务|权限|责任|各自职责)(?:任务|职责|和分工|与分工|分工|权限|范围)*"
    r"|依法|分工|分别|各自|共同|具体|统筹|组织|主要|配合做好|一并)*"
)
_END = r"(?=$|[，,；;。、\s和及与])"
_ROLE = re.compile(
    rf"(?P<support>{_MODS}(?:予以|给予|密切|积极|协同|协助)*(?:配合|协办|参与|参加|协助|支持|协同|指导|督促|督导)(?:落实|实施|推进|做好|配合|参与|支持)*){_END}"
    rf"|(?P<lead>{_MODS}(?:负责|联合|总)?(?:牵头|主办|主责)(?!单位|部门|人|领导)(?:抓总|总)?(?:组织|统筹|协调)*(?:负责|落实|实施|推进|办理)*)"
    rf"|(?P<duty>{_MODS}(?:负责|落实|组织实施|实施|推进|承担|承办|抓好落实|贯彻落实|办理|抓落实)(?:落实|实施|推进|办理)*){_END}"
)
_NOTE = re.compile(
    r"[，,；;。]\s*(?:以下|下列|其余)[^（）()]*[\s\S]*$|"
    r"[，,；;]?[^，,；;：:]*(?:第一位|首位|第一个|最前)[^，,；;]*(?:[，,；;]\s*(?:以)?下同)?|[，,；;]?\s*(?:以)?下同"
)
_JOIN = re.compile(r"会同|商同|会商|联合(?!会|国|体|社|党|大学|公司|办|执法|惩戒|指挥|发展|组|总|工会)")
_MARKED = re.compile(
    r"[（(]\s*((?:总?牵头|主办|主责|配合|协办|参与)(?:单位|部门)?)\s*[）)](?=$|[、，,；;。\s])"
)
_WORDS = r"[\u4e00-\u9fff/／、]"
_LABEL = re.compile(
    rf"(?:^|(?<=[，,；;。、\s　（(【\[—\-*●]))"
    rf"((?:[\u4e00-\u9fff][ 　]{{1,4}}){{2,7}}[\u4e00-\u9fff]|{_WORDS}{{2,12}}?(?:[（(]{_WORDS}{{1,8}}[）)]{_WORDS}{{0,4}})?)\s*[:：]"
)


@dataclass
class Tail:
    """A responsibility found at `start`–`end` of a text (`end` takes closing punctuation in)."""

    start: int
    end: int
    leads: list[Named] = field(default_factory=list)
    supporting: list[Named] = field(default_factory=list)
    groups: list[Named] = field(default_factory=list)
    deadline_text: str = ""
    deadline_at: tuple[int, int] | None = None
    extra: dict[str, str] = field(default_factory=dict)
    doubts: list[str] = field(default_factory=list)
    roles: set[str] = field(default_factory=set)

    @property
    def names(self) -> list[Named]:
        """Every name of the tail."""
        return [*self.leads, *self.supporting, *self.groups]

    def place(self, role: str, names: Iterable[Named]) -> None:
        """Put names under lead or supporting; groups always go under groups. A name counts once."""
        for one in names:
            if any(one.name == other.name for other in self.names):
                continue
            if one.is_group:
                self.groups.append(one)
            else:
                (self.leads if role == "lead" else self.supporting).append(one)

    def place_first_leads(self, names: list[Named]) -> None:
        """The first named leads, the rest supports; a group in front is doubted."""
        units = [one for one in names if not one.is_group]
        if units and names[0].is_group:
            self.doubts.append("group_first")
        for one in names:
            self.place("lead" if units and one is units[0] and not self.leads else "supporting", [one])

    def place_responsible(self, names: list[Named]) -> None:
        """ "责任单位：A、B": by rule the first leads; nobody said so, hence a doubt."""
        if sum(not one.is_group for one in names) > 1 and not self.leads:
            self.doubts.append(FIRST_LEADS)
        self.place_first_leads(names)


def states_first_leads(text: str) -> bool:
    """Whether a text says that the unit named first leads."""
    return bool(_FIRST_RULE.search(text))


def parse_responsibility(text: str, book: NameBook, offset: int = 0) -> Tail | None:
    """Words that are a responsibility and nothing else (a tail's inside, a cell) → Tail.

    None if they are none.
    """
    labels = _labels(text)
    if labels and not text[: labels[0].start()].strip(" 　，,；;"):
        return _parse_labelled(text, labels, book, offset)
    if _MARKED.search(text):
        return _parse_marked(text, book, offset)
    return _parse_roles(text, book, offset)


def _parse_marked(text: str, book: NameBook, offset: int) -> Tail:
    """ "A（牵头）、B、C": the unit marked so leads, the others support."""
    tail = Tail(offset, offset + len(text))
    last = re.compile(rf"(?:{_ROLE.pattern})\s*$").search(text)
    plain: list[Named] = []
    for one in split_names(text[: last.start()] if last else text, book, offset):
        found = _MARKED.search(one.name)
        cut = len(one.name) - found.start() if found else 0
        name = Named(one.name[: len(one.name) - cut], one.start, one.end - cut, one.is_group)
        if found and found.group(1).startswith(("牵头", "主办", "主责", "总牵头")):
            tail.place("lead", [name])
        else:
            plain.append(name)
    tail.place("supporting", plain)
    tail.roles.add("lead")
    return tail


def _labels(text: str) -> list[re.Match[str]]:
    return [found for found in _LABEL.finditer(text) if label_role(found.group(1))]


def starts_with_label(text: str) -> bool:
    """Whether a paragraph begins with a label such as 责任单位： or 完成时限："""
    found = _LABEL.match(text)
    return bool(found and label_role(found.group(1)))


def label_starts(text: str) -> list[int]:
    """Where labels of a responsibility begin in a text."""
    return [found.start() for found in _labels(text)]


def _parse_labelled(text: str, labels: list[re.Match[str]], book: NameBook, offset: int) -> Tail:
    tail = Tail(offset, offset + len(text))
    ends = [found.start() for found in labels[1:]] + [len(text)]
    held: list[tuple[str, str, list[Named]]] = []
    for found, end in zip(labels, ends, strict=True):
        role, start = label_role(found.group(1)), found.end()
        value = text[start:end].strip(" 　，,；;。、（(【[")
        tail.roles.add(role)
        if role == "deadline":
            _set_deadline(tail, text, value, start, offset)
        elif role in ("leader", "person", "office"):
            tail.extra[role] = "；".join(filter(None, [tail.extra.get(role, ""), value]))
        else:
            raw = text[start:end].rstrip(" 　，,；;。、（(【[")
            names = _names_and_deadline(tail, raw, book, offset + start)
            held.append((role, found.group(1), names))
    _place_labelled(tail, held)
    return tail


def _place_labelled(tail: Tail, held: list[tuple[str, str, list[Named]]]) -> None:
    has_lead = any(role == "lead" for role, _label, _names in held)
    for role, _label, names in sorted(held, key=lambda one: one[0] != "lead"):
        if role == "responsible" and not has_lead and not tail.leads:
            tail.place_responsible(names)
        else:
            tail.place("lead" if role == "lead" else "supporting", names)


def _names_and_deadline(tail: Tail, text: str, book: NameBook, offset: int) -> list[Named]:
    """Names of a value.

    "A牵头，B配合" inside it sets the roles itself; a piece that is a deadline is taken out.
    """
    names = []
    for one in split_names(text, book, offset):
        if not book.knows(one.name) and is_deadline(one.name):
            _set_deadline(tail, text, text[one.start - offset : one.end - offset], one.start - offset, offset)
        else:
            names.append(one)
    marked = _MARKED.search(text)
    if marked or any(_ROLE.search(one.name) and not looks_like_unit(one.name, book) for one in names):
        inner = _parse_marked(text, book, offset) if marked else _parse_roles(text, book, offset)
        if inner:
            tail.place("lead", inner.leads)
            tail.place("supporting", inner.supporting + inner.groups)
            return []
    return [part for one in names for part in _cut_joined(one, book)]


def _cut_joined(one: Named, book: NameBook) -> list[Named]:
    found = _JOIN.search(one.name)
    if book.knows(one.name) or not found or not found.start() or one.end - one.start != len(one.name):
        return [one]
    return split_names(one.name[: found.start()], book, one.start) + split_names(
        one.name[found.end() :], book, one.start + found.end()
    )


def _set_deadline(tail: Tail, text: str, value: str, start: int, offset: int) -> None:
    at = text.find(value, start) if value else -1
    if at >= 0 and not tail.deadline_text:
        tail.deadline_text = value
        tail.deadline_at = (offset + at, offset + at + len(value))


def _parse_roles(text: str, book: NameBook, offset: int) -> Tail | None:
    tail = Tail(offset, offset + len(text))
    note = _NOTE.search(text)
    limit = note.start() if note else len(text)
    if note and note.end() < len(text.rstrip(" 。")):
        limit = len(text)
    text = _without_deadlines(tail, text, book, offset)
    entries: list[tuple[str, bool, list[Named], list[Named]]] = []
    position = 0
    for found in _ROLE.finditer(text, 0, limit):
        role = next(key for key, value in found.groupdict().items() if value)
        if role != "lead" and book.knows(text[position : found.end()].strip()):
            continue
        before, after = _segment(tail, text, position, found.start(), book, offset)
        every = bool(re.search(r"分别|共同牵头|联合牵头", found.group()))
        if not before and not after and entries and role != "support":
            continue  # "A牵头，负责落实"
        entries.append((role, every, before, after))
        position = found.end()
    before, after = _segment(tail, text, position, limit, book, offset)
    if entries:
        # words after the last role are names only if they look like names ("以下不再列出" is a remark)
        kept = [one for one in before if one.is_group or looks_like_unit(one.name, book)]
        if len(kept) < len(before):
            tail.doubts.append("unread_words")
        before = [one for one in kept if not re.match(r"以下|均", one.name)]
    if before or after:
        entries.append(("rest", False, before, after))
    if not any(names or more for _role, _every, names, more in entries):
        return None
    _place_entries(tail, entries)
    tail.roles |= {role for role, _every, _names, _more in entries}
    return tail


def _without_deadlines(tail: Tail, text: str, book: NameBook, offset: int) -> str:
    """Clauses that are a deadline ("持续推进", "2022年底前完成") are noted and blanked, lengths kept."""
    for found in re.finditer(r"[^，,；;。]+", text):
        clause = found.group()
        if is_deadline(clause) and not book.knows(clause.strip()):
            _set_deadline(tail, text, clause.strip(), found.start(), offset)
            text = text[: found.start()] + "，" * len(clause) + text[found.end() :]
    return text


def _segment(
    tail: Tail, text: str, start: int, end: int, book: NameBook, offset: int
) -> tuple[list[Named], list[Named]]:
    """Names before and after 会同 in one stretch; pieces that are deadlines are taken out."""
    found = _JOIN.search(text, start, end)
    cut = found.start() if found else end
    sides = []
    for first, last in ((start, cut), (found.end() if found else end, end)):
        names = []
        for one in split_names(text[first:last], book, offset + first):
            if not book.knows(one.name) and is_deadline(one.name):
                _set_deadline(
                    tail, text, text[one.start - offset : one.end - offset], one.start - offset, offset
                )
            elif re.search(r"[\u4e00-\u9fffA-Za-z0-9]", one.name):
                names.append(one)
        sides.append(names)
    return sides[0], sides[1]


def _place_entries(tail: Tail, entries: list[tuple[str, bool, list[Named], list[Named]]]) -> None:
    has_lead = any(role == "lead" for role, *_ in entries)
    for role, every, names, joined in entries:
        if role == "lead" or (every and not has_lead and not tail.leads):
            tail.place("lead", names)
        elif role == "support" or has_lead or tail.leads:
            tail.place("supporting", names)
        else:
            tail.place_first_leads(names)
        tail.place("supporting", joined)


def is_convincing(tail: Tail, book: NameBook, *, at_sentence_end: bool) -> bool:
    """Whether a bracket without labels is a responsibility, not running words such as （谁主管、谁负责）."""
    units = [one for one in tail.names if not one.is_group]
    good = [one for one in units if looks_like_unit(one.name, book)]
    if any(len(one.name) > 40 for one in tail.names):
        return False
    if tail.roles == {"rest"}:
        strict = all(looks_like_unit(one.name, book, strict=True) for one in units)
        return at_sentence_end and bool(units) and strict
    if not units:
        return bool(tail.groups) and (
            at_sentence_end or all(is_group_name(one.name, book) for one in tail.groups)
        )
    if len(good) == len(units):
        return True
    return at_sentence_end and (len(good) + len(tail.groups)) * 2 >= len(units) + len(tail.groups)
