"""Which texts of the code and the templates are marked for translation, and which have none in Chinese."""

import ast
import io
import re
from collections.abc import Iterator
from pathlib import Path

from babel.messages import pofile
from django.utils.translation.template import templatize

SOURCE = Path(__file__).resolve().parent.parent / "src" / "shiyu"
MARKS = {
    "_",
    "gettext",
    "gettext_lazy",
    "gettext_noop",
    "ngettext",
    "ngettext_lazy",
    "pgettext",
    "pgettext_lazy",
    "npgettext",
}
CALL = re.compile(r"\b(?:np|n|p)?gettext\(")
Message = tuple[str | None, str]  # context, text


def marked_in(code: str, name: str) -> Iterator[Message]:
    """The messages of a piece of Python."""
    for node in ast.walk(ast.parse(code, name)):
        if not isinstance(node, ast.Call):
            continue
        called = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        if called not in MARKS:
            continue
        texts = [a.value for a in node.args if isinstance(a, ast.Constant) and isinstance(a.value, str)]
        if texts and "pgettext" in called:
            yield texts[0], texts[1]
        elif texts:
            yield None, texts[0]


def messages_of(path: Path) -> set[Message]:
    """The messages of one file."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".py":
        return set(marked_in(text, str(path)))
    found: set[Message] = set()
    for line in templatize(text).splitlines():
        # templatize leaves the calls in a soup of letters; each call stands whole on its line.
        for start in (match.start() for match in CALL.finditer(line)):
            for end in (i for i in range(start, len(line)) if line[i] == ")"):
                try:
                    found |= set(marked_in(line[start : end + 1].replace("(u'", "('"), str(path)))
                    break
                except SyntaxError:
                    continue
    return found


def translated() -> set[Message]:
    """Every message that some Chinese catalogue translates."""
    done: set[Message] = set()
    for po in SOURCE.rglob("locale/zh_Hans/LC_MESSAGES/django.po"):
        catalogue = pofile.read_po(io.BytesIO(po.read_bytes()), locale="zh_Hans", abort_invalid=True)
        for message in catalogue:
            text = message.id[0] if isinstance(message.id, (tuple, list)) else message.id
            given = message.string[0] if isinstance(message.string, (tuple, list)) else message.string
            if text and given and not message.fuzzy:
                done.add((message.context, text))
    return done


def untranslated() -> dict[str, list[Message]]:
    """File → messages without Chinese."""
    done = translated()
    missing: dict[str, list[Message]] = {}
    files = [*SOURCE.rglob("*.py"), *SOURCE.rglob("templates/**/*.html")]
    for path in sorted(files):
        if "tests" in path.parts or "migrations" in path.parts:
            continue
        lacking = sorted(messages_of(path) - done, key=lambda message: message[1])
        if lacking:
            missing[str(path.relative_to(SOURCE))] = lacking
    return missing


def worded_twice() -> dict[Message, list[str]]:
    """Messages that packages translate differently, with all their translations."""
    given: dict[Message, set[str]] = {}
    for po in SOURCE.rglob("locale/zh_Hans/LC_MESSAGES/django.po"):
        for message in pofile.read_po(io.BytesIO(po.read_bytes()), locale="zh_Hans", abort_invalid=True):
            text = message.id[0] if isinstance(message.id, (tuple, list)) else message.id
            words = message.string[0] if isinstance(message.string, (tuple, list)) else message.string
            if text:
                given.setdefault((message.context, text), set()).add(words)
    return {message: sorted(words) for message, words in given.items() if len(words) > 1}
