"""A missing right is answered with 403 or 404, never with a redirect and a message: no view may swallow a Refusal."""

import ast
from pathlib import Path

import pytest

import shiyu

SOURCES = Path(shiyu.__file__).parent
VIEWS = sorted(
    path for path in SOURCES.rglob("*.py") if path.name == "views.py" or path.parent.name == "views"
)


def swallowed(source: str) -> list[int]:
    """Lines of handlers that catch a UserError without letting a Refusal through first.

    A handler inside a loop may collect the refusals of single rows: a bulk change says which ones it left out.
    """
    tree = ast.parse(source)
    loops = {
        id(one) for loop in ast.walk(tree) if isinstance(loop, (ast.For, ast.While)) for one in ast.walk(loop)
    }
    found = []
    for block in ast.walk(tree):
        if not isinstance(block, ast.Try) or id(block) in loops:
            continue
        passed = False
        for handler in block.handlers:
            names = {one.id for one in ast.walk(handler.type or ast.Pass()) if isinstance(one, ast.Name)}
            raises = len(handler.body) == 1 and isinstance(handler.body[0], ast.Raise)
            if raises and ("Refusal" in names or {"NotAllowed", "NotVisible"} <= names):
                passed = True
            if "UserError" in names and not passed:
                found.append(handler.lineno)
    return found


def test_the_rule_finds_a_swallowed_refusal() -> None:
    guarded = "try:\n    f()\nexcept Refusal:\n    raise\nexcept UserError as error:\n    g(error)\n"
    assert swallowed(guarded) == []
    assert swallowed(guarded.replace("except Refusal:\n    raise\n", "")) == [3]
    assert swallowed(guarded.replace("Refusal", "NotAllowed")) == [5]


@pytest.mark.parametrize("path", VIEWS, ids=lambda path: str(path.relative_to(SOURCES)))
def test_views_let_refusals_through(path: Path) -> None:
    assert swallowed(path.read_text()) == []
