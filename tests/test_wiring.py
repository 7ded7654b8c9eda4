"""The maps on one screen hold nothing twice: a repeated key is dropped in silence, a repeated job runs twice."""

import ast
from collections import Counter
from pathlib import Path

import pytest

from shiyu import wiring

SOURCE = Path(wiring.__file__).read_text()


def repeated(names: list[str]) -> list[str]:
    return [name for name, n in Counter(names).items() if n > 1]


def test_no_work_by_the_clock_and_no_long_work_is_named_twice() -> None:
    assert repeated([job.name for job in wiring.PERIODIC]) == []
    assert repeated([job.name for job in wiring.LONG]) == []


@pytest.mark.parametrize("maps", ["NOW", "LATER", "PANELS"])
def test_no_event_is_named_twice(maps: str) -> None:
    found = [
        node.value
        for node in ast.walk(ast.parse(SOURCE))
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and node.target.id == maps
    ]
    assert len(found) == 1
    assert isinstance(found[0], ast.Dict)
    assert repeated([ast.unparse(key) for key in found[0].keys if key]) == []


def test_no_handler_hears_an_event_twice() -> None:
    for kind, handlers in wiring.LATER.items():
        assert repeated([wiring._name(handler) for handler in handlers]) == [], kind
