"""The way through the product that the READMEs describe names menus and buttons as the pages do, in both languages."""

import re

import pytest
from babel.messages import pofile

from shiyu.kernel.verbs import VERBS
from tests.conftest import ROOT

NO_BUTTONS = {"pack", "1+N", "1+2+8", "城市包", "先试什么"}


def words(language: int) -> set[str]:
    """Every text of the pages: English (0) or Chinese (1). What can be done to a matter is named by the kernel."""
    found = {verb.label.zh if language else verb.label.en for verb in VERBS.values()}
    for path in (ROOT / "src").rglob("*.po"):
        with path.open("rb") as source:
            for message in pofile.read_po(source):
                pair = [message.id, message.string]
                found |= {pair[language]} if isinstance(pair[language], str) else set(pair[language])
    return found


@pytest.mark.parametrize(
    ("name", "pattern", "language"),
    [("README.md", r"(?<!\*)\*([^*\n]+)\*(?!\*)", 0), ("README.zh-CN.md", r"“([^”]+)”", 1)],
)
def test_every_name_in_the_readme_is_on_a_page(name: str, pattern: str, language: int) -> None:
    known = words(language)
    text = (ROOT / name).read_text(encoding="utf-8")
    named = {part for match in re.findall(pattern, text) for part in match.split(" › ")} - NO_BUTTONS
    assert len(named) > 30
    assert named <= known, sorted(named - known)
