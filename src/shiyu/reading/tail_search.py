"""Where the responsibilities stand in a paragraph: in brackets after a sentence, or in words at its end."""

from __future__ import annotations

import re

from shiyu.reading.deadlines import is_deadline
from shiyu.reading.names import NameBook
from shiyu.reading.tails import Tail, is_convincing, label_starts, parse_responsibility
from shiyu.reading.unit_lists import depth_zero, looks_like_unit, split_names

_PAIRS = {"（": "）", "(": ")", "［": "］", "[": "]", "【": "】", "〔": "〕"}
_CLOSERS = set(_PAIRS.values())
_HINT = re.compile(r"负责|牵头|配合|主办|协办|承办|参与|参加|协助|落实|单位|部门|责任|实施|推进")
_STOP = "。；;！？!?…：:"
_AFTER = re.compile(r"[\s　。；;，,、.]*")


def find_tails(text: str, book: NameBook, start: int = 0) -> list[Tail]:
    """Every responsibility in a paragraph from `start` on, in order and without overlap."""
    tails = [
        tail for begin, end in brackets(text) if begin >= start and (tail := _bracket(text, begin, end, book))
    ]
    tails += _spoken(text, book, start, tails)
    tails.sort(key=lambda tail: tail.start)
    return [one for index, one in enumerate(tails) if index == 0 or one.start >= tails[index - 1].end]


def brackets(text: str) -> list[tuple[int, int]]:
    """Outermost bracket groups (start, end after the closing bracket); half- and full-width may be mixed."""
    groups, stack = [], []
    for index, sign in enumerate(text):
        if sign in _PAIRS:
            stack.append(index)
        elif sign in _CLOSERS and stack:
            begin = stack.pop()
            if not stack:
                groups.append((begin, index + 1))
    if stack and text.rstrip(" 　。")[-1:] not in _CLOSERS and not groups:
        return groups
    if stack:  # an unclosed bracket before good ones: read again after it
        rest = brackets(text[stack[0] + 1 :])
        groups += [(begin + stack[0] + 1, end + stack[0] + 1) for begin, end in rest]
    return groups


def _bracket(text: str, begin: int, end: int, book: NameBook) -> Tail | None:
    inner = text[begin + 1 : end - 1]
    before = text[:begin].rstrip()
    after_end = _AFTER.match(text, end)
    stop = after_end.end() if after_end else end
    sentence_end = bool(before) and before[-1] in "。；;！？!?”"
    whole_end = stop == len(text) and not looks_like_unit(_last_word(before), book)
    if not inner.strip() or not (_HINT.search(inner) or sentence_end or whole_end or not before):
        return None
    tail = parse_responsibility(inner, book, begin + 1)
    if tail is None:
        return None
    labelled = bool(tail.roles & {"lead", "responsible", "supporting"}) and bool(label_starts(inner))
    if tail.roles == {"rest"} and not (sentence_end or whole_end) and before:
        return None
    if not labelled and not is_convincing(tail, book, at_sentence_end=sentence_end or whole_end):
        return None
    if labelled and not tail.names and not tail.extra:
        return None
    tail.start, tail.end = begin, stop
    return tail


def _last_word(text: str) -> str:
    """What stands before a bracket: "市住房城乡建设局（市人防办）" is a unit and its other name."""
    return re.split(r"[，,；;。、：:\s）)]", text)[-1][-20:]


def _spoken(text: str, book: NameBook, start: int, found: list[Tail]) -> list[Tail]:
    taken = [(tail.start, tail.end) for tail in found]
    outside = depth_zero(text)
    tails: list[Tail] = []
    for at in label_starts(text):
        free = not any(begin <= at < end for begin, end in [*taken, *((one.start, one.end) for one in tails)])
        if at < start or not free or not outside[at] or not _opens_sentence(text, at, start):
            continue
        end = _labelled_end(text, at, taken)
        tail = parse_responsibility(text[at:end], book, at)
        if tail and (tail.names or tail.extra or tail.deadline_text):
            # "——责任单位：" and bullets before a label belong to the tail
            tail.start, tail.end = max(start, len(text[:at].rstrip(" 　—-*●"))), _skip(text, end)
            tails.append(tail)
    if not tails and not any(end >= len(text.rstrip()) for _begin, end in taken):
        last = _last_sentence(text, book, start)
        tails += [last] if last else []
    return tails


def _skip(text: str, end: int) -> int:
    after = _AFTER.match(text, end)
    return after.end() if after else end


def _opens_sentence(text: str, at: int, start: int) -> bool:
    before = text[start:at].rstrip(" 　—-*●")
    return not before or before[-1] in _STOP + "）)】］]，," or text[at - 1].isspace()


def _labelled_end(text: str, at: int, taken: list[tuple[int, int]]) -> int:
    """A labelled stretch goes on over 。 when another label follows, and stops before a bracketed tail."""
    limit = min((begin for begin, _end in taken if begin > at), default=len(text))
    labels = label_starts(text)
    position = at
    while True:
        stop = re.compile(r"[。！？!?]").search(text, position, limit)
        if not stop:
            return limit
        after = _skip(text, stop.end())
        if after not in labels:
            return stop.end()
        position = after


def _last_sentence(text: str, book: NameBook, start: int) -> Tail | None:
    """ "……。市公安局牵头，市教育局配合。": the last sentence, if it is nothing but units and roles."""
    body = text.rstrip(" 　。；;")
    at = max((body.rfind(sign, start) for sign in "。；;！？"), default=-1) + 1
    if at <= start or len(body) - at > 200 or not re.search(r"牵头|负责|主办", body[at:]):
        return None
    last = re.split(r"[，,]", body[at:])[-1]
    if not re.search(r"(?:牵头|负责|配合|主办|协办|参与|落实|推进|实施)$", last) and not is_deadline(last):
        return None
    tail = parse_responsibility(body[at:], book, at)
    units = [one for one in tail.names if not one.is_group] if tail else []
    if not tail or not units or not all(looks_like_unit(one.name, book) for one in units):
        return None
    if "unread_words" in tail.doubts or any(
        len(one.name) > 20 and not book.knows(one.name) for one in tail.names
    ):
        return None
    tail.start, tail.end = at, len(text)
    return tail


_RUNNING = re.compile(
    r"(?:^|(?<=[。；;：:\s）)、.．]))由([^。；;，,：:]{2,60}?)(牵头|负责|会同|联合)"
    r"(?:(?<=牵头)[，,]?(?:会同|联合)|(?<=负责)[，,](?:会同|联合))?"
)
_NAMED = re.compile(r"\s*([\u4e00-\u9fff]{3,16}(?:（[\u4e00-\u9fff]{2,12}）)?)[：:](?=\s*\S{6,})")
_UNIT = r"[\u4e00-\u9fff]{1,12}?(?:委员会|人民政府|部门|单位|中心|公司|局|委|办|厅|署|院|部|处|科|政府)"
_JOINED = re.compile(rf"{_UNIT}(?:[、和及]{_UNIT})*")


_HELPERS = re.compile(
    r"[，,]\s*(?:由|请)?([^。；;，,：:]{2,80}?)(?:予以|积极|共同)?(?:配合|协助|协同|参与|参加)(?=[，,。；;]|$)"
)


def find_running(text: str, book: NameBook, start: int = 0, *, only_named: bool = False) -> Tail | None:
    """ "由甲局牵头，会同乙局、丙局建立机制", "甲局：做某事": units in words that are the task; always doubted."""
    named = _NAMED.match(text, start)
    if named and looks_like_unit(named.group(1), book, strict=True):
        tail = Tail(start, named.end(), roles={"lead"}, doubts=["read_from_words"])
        tail.place("lead", split_names(named.group(1), book, named.start(1)))
        return tail
    found = None if only_named else _RUNNING.search(text, start)
    if not found:
        return None
    leads = split_names(found.group(1), book, found.start(1))
    if not leads or not all(one.is_group or looks_like_unit(one.name, book, strict=True) for one in leads):
        return None
    tail = Tail(found.start(), found.end(), roles={"lead"}, doubts=["read_from_words"])
    tail.place_first_leads(leads)
    joined = _JOINED.match(text, found.end()) if text[: found.end()].endswith(("会同", "联合")) else None
    if joined:
        tail.place("supporting", split_names(joined.group(), book, joined.start()))
    helpers = None if joined else _HELPERS.match(text, found.end())
    if helpers:
        named_helpers = split_names(helpers.group(1), book, helpers.start(1))
        if all(one.is_group or looks_like_unit(one.name, book, strict=True) for one in named_helpers):
            tail.place("supporting", named_helpers)
            tail.end = helpers.end()
    return tail
