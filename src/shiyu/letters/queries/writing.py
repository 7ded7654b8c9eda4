"""What the writer of a letter is asked before it goes out, and the number it would get."""

from collections.abc import Sequence
from datetime import date

from shiyu.documents.word import count_text
from shiyu.kernel.addressing import Body, Doubt, doubts_of
from shiyu.kernel.documents import fill
from shiyu.letters.models import Letter
from shiyu.letters.numbers import next_number
from shiyu.lib import clock
from shiyu.packs.queries import current_pack
from shiyu.people.models import Unit

GAP = "\0"
"""Where the running number stands while the words around it are made."""


def doubts_about(kind: str, writer: Unit, addressees: Sequence[Unit], text: str) -> tuple[Doubt, ...]:
    """The kernel's doubts about a letter of a kind of the pack from a unit to units (with their areas)."""
    pack = current_pack()
    return doubts_of(
        pack.addressing,
        orders=pack.letter[kind].orders,
        writer=Body(writer.name, writer.kind),
        addressees=[Body(unit.name, unit.kind, _is_below(unit, writer)) for unit in addressees],
        text=text,
        characters=count_text(text),
    )


def _is_below(unit: Unit, writer: Unit) -> bool:
    """Whether a unit's area lies within the writer's and is not the same."""
    if unit.area is None or writer.area is None or unit.area_id == writer.area_id:
        return False
    return unit.area.path.startswith(writer.area.path)


def number_parts(letter: Letter, day: date) -> tuple[str, str]:
    """What stands before and after the running number of the letter's series on a day: X函〔2026〕 and 号."""
    names = {"n": GAP, "year": day.year, "month": f"{day.month:02d}", "unit": letter.unit.display_short}
    before, _gap, after = fill(current_pack().letter[letter.kind].number.pattern, names).partition(GAP)
    return before, after


def number_to_come(letter: Letter) -> int:
    """The number the letter's series would give today."""
    series = current_pack().letter[letter.kind].number
    return next_number(f"letter:{letter.kind}:{letter.unit_id}", series, clock.today())
