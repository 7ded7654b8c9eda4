"""Reading office files: numbered items with responsibility and deadline, pure Python.

`read_plan(source, filename=…, names=NameBook(…))` is the whole of it; see `result.py` for what comes back and
`refusals.py` for what is refused.
"""

from shiyu.reading.names import Match, NameBook
from shiyu.reading.reader import read_plan
from shiyu.reading.refusals import Refused
from shiyu.reading.result import Context, Deadline, Doubt, Item, Mark, ReadPlan, Source, SourceParagraph

__all__ = [
    "Context",
    "Deadline",
    "Doubt",
    "Item",
    "Mark",
    "Match",
    "NameBook",
    "ReadPlan",
    "Refused",
    "Source",
    "SourceParagraph",
    "read_plan",
]
