"""Chinese search without a dictionary: neighbouring characters in pairs.

A text's runs of Han characters become bigrams (each pair of neighbours, and the last character alone too), runs of
letters and digits stay whole words. Words keep their place, so that a query of any length asks for neighbours and
finds what a full scan would find. A single character is asked as the beginning of a word: every character begins a
pair or stands alone at the end of its run. Both sides are written as PostgreSQL's own literals, so that no setting
of the server (locale, text search configuration) decides what a word is.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from operator import add

MOST_PLACES = 16_383  # PostgreSQL keeps no higher place in a tsvector
MOST_TERMS = 8
_RUN = re.compile(r"[〇㐀-䶿一-鿿豈-﫿]+|[0-9a-z]+")


def folded(text: str) -> str:
    """The text as it is compared: full-width letters and digits as plain ones, no capitals."""
    return unicodedata.normalize("NFKC", text).lower()


def _in_place(text: str) -> str:
    """Folded character by character, so that every place stays where it is (`…` would become three points)."""
    return "".join(one if len(one) == 1 else char for char in text for one in (folded(char),))


def index_words(text: str) -> list[str]:
    """The words to index for `text`, in their order."""
    words: list[str] = []
    for run in _RUN.findall(folded(text)):
        if run[0].isascii():
            words.append(run)
        else:
            words.extend(map(add, run, run[1:]))  # a table of orders asks for millions of them
            words.append(run[-1])
    return words


def index_literal(texts: Iterable[str]) -> str:
    """A tsvector of several texts: `'安全':1 '全':2`. A place is left out between two texts, so that no phrase
    reaches from one into the next."""
    places: dict[str, str] = {}
    at = 0
    for text in texts:
        for word in index_words(text):
            at += 1
            if at <= MOST_PLACES:
                before = places.get(word)
                places[word] = f"{before},{at}" if before else str(at)
        at += 1
    return " ".join([f"'{word}':{found}" for word, found in places.items()])


def query_terms(text: str) -> list[str]:
    """What blanks and punctuation between blanks separate: each must be found. At most eight."""
    terms = [term for term in folded(text).split() if _RUN.search(term)]
    return list(dict.fromkeys(terms))[:MOST_TERMS]


def query_literal(text: str) -> str:
    """A tsquery for `text`: the neighbours of each term in order, all terms; empty where nothing can be asked."""
    return " & ".join(f"({_phrase(_RUN.findall(term))})" for term in query_terms(text))


def _phrase(runs: Sequence[str]) -> str:
    words: list[str] = []
    for at, run in enumerate(runs):
        is_last = at == len(runs) - 1
        if run[0].isascii():
            words.append(f"'{run}'" + (":*" if is_last else ""))
            continue
        words.extend(f"'{run[i : i + 2]}'" for i in range(len(run) - 1))
        if not is_last:
            words.append(f"'{run[-1]}'")
        elif len(run) == 1:
            words.append(f"'{run}':*")
    return " <-> ".join(words)


def marked(text: str, terms: Iterable[str]) -> list[tuple[str, bool]]:
    """The text in pieces, each with whether it is one of the terms: what a page highlights."""
    plain = _in_place(text)
    parts = {part for term in terms for part in (term, *_RUN.findall(term)) if len(part) > 1 or part == term}
    wanted = sorted(parts, key=len, reverse=True)
    if not wanted:
        return [(text, False)]
    pieces: list[tuple[str, bool]] = []
    end = 0
    for hit in re.finditer("|".join(map(re.escape, wanted)), plain):
        if hit.start() > end:
            pieces.append((text[end : hit.start()], False))
        pieces.append((text[hit.start() : hit.end()], True))
        end = hit.end()
    return [*pieces, (text[end:], False)] if end < len(text) else pieces


def excerpt(text: str, terms: Sequence[str], length: int = 90) -> str:
    """About `length` characters of the text round the first of the terms; empty where none of them stands in it."""
    flat = " ".join(text.split())
    plain = _in_place(flat)
    places = [plain.find(term) for term in terms if term in plain]
    if not places:
        return ""
    start = max(0, min(places) - length // 4)
    cut = flat[start : start + length]
    return f"{'…' if start else ''}{cut}{'…' if start + length < len(flat) else ''}"
