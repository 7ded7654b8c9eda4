"""What the sides gave, masked; and whether a text holds it."""

from dataclasses import dataclass, field

from shiyu.kernel.personal import LABELS, Personal, masked
from shiyu.matters.kinds import language
from shiyu.matters.models import MatterKey
from shiyu.mediation.models import Mediation, Side
from shiyu.mediation.queries.words import party_label

SHORTEST = 2
"""A name of one sign is in too many words to be looked for."""


@dataclass(frozen=True)
class SideLine:
    """A side as pages show it: 当事人甲, and masked what it gave. `gone` once the key was destroyed."""

    side: Side
    label: str
    parts: list[tuple[str, str]] = field(default_factory=list)
    gone: bool = False


def texts_of(key: MatterKey, side: Side) -> dict[Personal, str]:
    """All that a side gave, in the clear: for a paper, for masking, never for a page as it is."""
    row = side.reporter or side
    found = {part: key.open(row, part) for part in Personal}  # type: ignore[arg-type]
    return {part: text for part, text in found.items() if text}


def living_key(mediation: Mediation) -> MatterKey | None:
    """The data key of the mediation's matter; None where there is none or it was destroyed."""
    return MatterKey.objects.filter(matter_id=mediation.matter_id).exclude(wrapped="").first()


def sides_of(mediation: Mediation) -> list[SideLine]:
    """The sides, masked. Two queries."""
    sides = list(mediation.sides.select_related("reporter"))
    key = living_key(mediation) if sides else None
    return [_line(side, key) for side in sides]


def _line(side: Side, key: MatterKey | None) -> SideLine:
    label = party_label(side.number)
    if key is None:
        return SideLine(side, label, gone=True)
    parts = [
        (LABELS[part].text(language()), masked(part, text)) for part, text in texts_of(key, side).items()
    ]
    return SideLine(side, label, parts)


def names_in(mediation: Mediation, text: str) -> int | None:
    """The number of the side whose name or phone number a text holds; None where it holds none."""
    if not text.strip():
        return None
    key = living_key(mediation)
    for side in mediation.sides.select_related("reporter") if key else ():
        given = texts_of(key, side)  # type: ignore[arg-type]
        for part in (Personal.NAME, Personal.PHONE):
            sought = given.get(part, "")
            if len(sought) >= SHORTEST and sought in text:
                return side.number
    return None
