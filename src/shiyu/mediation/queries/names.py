"""What the sides gave, masked; and whether a text holds it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from shiyu.kernel.personal import LABELS, Personal, masked
from shiyu.matters.kinds import language
from shiyu.matters.models import MatterKey, Party
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

    @property
    def words(self) -> str:
        """What tells it from others, in one line: 当事人丙（王**，139****0000）; not what is masked whole."""
        given = "，".join(text for _label, text in self.parts if text.strip("*"))
        return f"{self.label}（{given}）" if given else self.label


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


def names_in(mediation: Mediation, text: str) -> str | None:
    """What stands in the place of the first name or phone number of a party that a text holds; None where it holds none.
    Parties are the sides entered so far and everybody who reported the matter or acts for who did."""
    key = living_key(mediation) if text.strip() else None
    if key is None:
        return None
    sides = list(mediation.sides.select_related("reporter"))
    for side in sides:
        if is_named(text, texts_of(key, side)):
            return party_label(side.number)
    for row in Party.objects.filter(matter_id=mediation.matter_id, anonymous=False):
        found = {part: key.open(row, part) for part in (Personal.NAME, Personal.PHONE)}
        if is_named(text, {part: said for part, said in found.items() if said}):
            return _("the reporter")
    return None


def is_named(text: str, given: Mapping[Personal, str]) -> bool:
    """Whether a text holds a name or phone number."""
    sought = (given.get(part, "") for part in (Personal.NAME, Personal.PHONE))
    return any(len(words) >= SHORTEST and words in text for words in sought)
