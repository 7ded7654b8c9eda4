"""What of a matter itself is personal: fields its form marks so, the whole account in a kind marked so, and the other side
of a dispute. Sealed under the matter's key like its reporters, masked everywhere, opened with a reason, gone when the
key is gone."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from shiyu.kernel.personal import Personal
from shiyu.kernel.spec.matters import Kind
from shiyu.matters.kinds import has_two_sides, kind_of, language, pack_for
from shiyu.matters.models import Matter, MatterKey, SealedText

ACCOUNT = ("title", "text")
"""What is sealed of a kind whose whole account is personal; in its place stands the kind's name."""


OTHER_SIDE: dict[Personal, str] = {part: f"_other_{part.value}" for part in Personal}
"""The codes under which name, number and address of the other side are sealed."""


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


def seal_texts(matter: Matter, key: MatterKey | None, texts: Mapping[str, str]) -> dict[str, SealedText]:
    """Seals and writes texts under the matter's key; the rows by their code. No record of its own: part of the action that
    files it."""
    if key is None:
        return {}
    rows = {
        code: SealedText(matter=matter, code=code, sealed=key.seal_text(code, text))
        for code, text in texts.items()
    }
    SealedText.objects.bulk_create(rows.values())
    return rows


def opened_texts(matter: Matter, *, but: Collection[str] = ()) -> list[OpenText]:
    """The sealed texts in full, in the form's order, `but` those with these codes. Part of the actions that put the opening
    on record."""
    key = MatterKey.objects.filter(matter=matter).exclude(wrapped="").first()
    rows = {row.code: row for row in SealedText.objects.filter(matter=matter)}
    return [
        OpenText(label, gone=key is None, text=key.open_text(rows[code]) if key else "")
        for code, label in sealed_labels(matter).items()
        if code in rows and code not in but
    ]


def sealed_labels(matter: Matter) -> dict[str, str]:
    """Every text that matters of its kind seal, by code, in words; the other side's come last."""
    kind = kind_of(matter)
    words = {"_title": pgettext("matter", "Title"), "_text": pgettext("sealed", "What exactly")}
    own = {code: f.label.text(language()) for code, f in kind.form.items() if f.personal}
    found = (words if kind.personal else {}) | own
    if has_two_sides(pack_for(matter), matter.kind):
        found |= {OTHER_SIDE[part]: label for part, label in other_side_labels().items()}
    return found


def other_side_labels() -> dict[Personal, str]:
    """What is kept of the other side of a dispute, in words."""
    return {
        Personal.NAME: _("Name of the other side"),
        Personal.PHONE: _("Phone of the other side"),
        Personal.ADDRESS: _("Address of the other side"),
    }


def other_side_of(matter: Matter, key: MatterKey) -> dict[Personal, str]:
    """The other side as it was given when the matter was filed, in the clear: to be sealed anew where it goes on."""
    rows = {row.code: row for row in SealedText.objects.filter(matter=matter, code__in=OTHER_SIDE.values())}
    return {part: key.open_text(rows[code]) for part, code in OTHER_SIDE.items() if code in rows}
