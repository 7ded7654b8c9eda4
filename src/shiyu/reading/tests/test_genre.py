"""Documents of the genre, read and compared with what was written down by hand."""

import pytest

from shiyu.reading import Item, NameBook, ReadPlan, read_plan
from shiyu.reading.tests.genre import Case, more, office, prose, tables

CASES: dict[str, Case] = {**prose.CASES, **tables.CASES, **office.CASES, **more.CASES}


def line_of(item: Item) -> str:
    """An item in the notation of `Case.expected`."""
    path = "/".join(item.path) + (f" #{item.part}" if item.part > 1 else "")
    deadline = item.deadline
    day = deadline.date or (deadline.kind if deadline.kind != "none" else "")
    names = ("、".join(names) for names in (item.leads, item.supporting, item.groups))
    return " ".join(" | ".join([path, *names, f"{day} {deadline.every or ''}"]).split())


def read(case: Case) -> ReadPlan:
    """The case's document, read without a name book and without a year from outside."""
    return read_plan(case.make(), filename=case.filename, names=NameBook())


@pytest.mark.parametrize("name", CASES)
def test_a_document_of_the_genre(name: str) -> None:
    case = CASES[name]
    plan = read(case)
    assert [line_of(item) for item in plan.items] == case.lines
    if case.doubts is not None:
        assert {doubt.code for doubt in plan.doubts} == case.doubts
