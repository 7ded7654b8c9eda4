"""Chinese search without a dictionary: neighbouring characters in pairs.

The text's CJK runs become bigrams (each pair of neighbours, and the last character alone too), other words stay
whole. Stored as `tsvector('simple')` and asked with `phraseto_tsquery`, this finds what a full scan finds for
queries of two characters and more.
"""

import re

_RUN = re.compile(r"[㐀-鿿豈-﫿]+|[0-9A-Za-z]+")


def index_words(text: str) -> str:
    """The words to index for `text`, separated by blanks."""
    words: list[str] = []
    for run in _RUN.findall(text):
        if run[0].isascii():
            words.append(run.lower())
        else:
            words.extend(run[i : i + 2] for i in range(len(run) - 1))
            words.append(run[-1])
    return " ".join(words)


def query_words(text: str) -> str:
    """The words to ask for `text`; a single CJK character is asked alone, and finds words that end with it."""
    words: list[str] = []
    for run in _RUN.findall(text):
        if run[0].isascii():
            words.append(run.lower())
        elif len(run) == 1:
            words.append(run)
        else:
            words.extend(run[i : i + 2] for i in range(len(run) - 1))
    return " ".join(words)
