"""What of a matter itself is personal: fields its form marks so, and the whole account in a kind marked so. Sealed under
the matter's key like its reporters, masked everywhere, opened with a reason, gone when the key is gone."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import pgettext

from shiyu.kernel.spec.matters import Kind
from shiyu.matters.kinds import kind_of, language
from shiyu.matters.models import Matter, MatterKey, SealedText

ACCOUNT = ("title", "text")
"""What is sealed of a kind whose whole account is personal; in its place stands the kind's name."""


@dataclass(frozen=True)
class OpenText:
    """One sealed text of a matter, in full; `gone` once the key was destroyed."""

    label: str
    gone: bool
    text: str = field(default="", repr=False)


def take_out(kind: Kind, columns: dict[str, Any], stored: dict[str, Any]) -> dict[str, str]:
    """Takes what is personal out of a new matter's columns and fields; returns it by its code, to be sealed."""
    personal = {code: str(stored.pop(code)) for code, f in kind.form.items() if f.personal and code in stored}
    if kind.personal:
        personal |= {f"_{name}": columns[name] for name in ACCOUNT if columns[name]}
        columns["title"], columns["text"] = kind.label.zh, ""
    return personal


def seal_texts(matter: Matter, key: MatterKey | None, texts: Mapping[str, str]) -> None:
    """Seals and writes texts under the matter's key. No record of its own: part of the action that files it."""
    if key is not None:
        SealedText.objects.bulk_create(
            SealedText(matter=matter, code=code, sealed=key.seal_text(code, text))
            for code, text in texts.items()
        )


def opened_texts(matter: Matter) -> list[OpenText]:
    """The sealed texts in full, in the form's order. Part of `open_parties`, which asks for the reason."""
    key = MatterKey.objects.filter(matter=matter).exclude(wrapped="").first()
    rows = {row.code: row for row in SealedText.objects.filter(matter=matter)}
    return [
        OpenText(label, gone=key is None, text=key.open_text(rows[code]) if key else "")
        for code, label in sealed_labels(kind_of(matter)).items()
        if code in rows
    ]


def sealed_labels(kind: Kind) -> dict[str, str]:
    """Every text the kind seals, by code, in words."""
    words = {"_title": pgettext("matter", "Title"), "_text": pgettext("sealed", "What exactly")}
    own = {code: f.label.text(language()) for code, f in kind.form.items() if f.personal}
    return (words if kind.personal else {}) | own
