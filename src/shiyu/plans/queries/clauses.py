"""Numbered text of a read document as clauses: items and headings in the order of the source, nested by number."""

from dataclasses import dataclass, replace

from shiyu.plans.queries.corrections import Corrected, place_of


@dataclass(frozen=True)
class FoundClause:
    """A clause to be. `numbers` is its path of numbers, `parent` the place of the clause above in the list.

    `key` finds it again: the item's id, or the place of a heading in the source.
    """

    key: str
    numbers: tuple[str, ...]
    number: str
    text: str
    path: str
    parent: int | None
    is_requirement: bool
    is_item: bool = False


@dataclass(frozen=True)
class _Piece:
    key: str
    order: int
    numbers: tuple[str, ...]
    text: str
    is_item: bool
    is_numbered: bool


def _pieces(state: Corrected) -> list[_Piece]:
    order = {place_of(row["source"]): at for at, row in enumerate(state.paragraphs)}
    numbered = {place_of(row["source"]) for row in state.paragraphs if row.get("number")}
    last = len(order)
    found = [
        _Piece(item.id, order.get(item.place, last), tuple(item.path), item.text, True, True)
        for item in state.items
    ]
    found += [
        _Piece(f"c{at}", order.get(place, last), tuple(row["path"]), row["text"], False, place in numbered)
        for at, row in enumerate(state.context)
        if row.get("path")
        for place in [place_of(row["source"])]
    ]
    return sorted(found, key=lambda piece: piece.order)


def clauses_of(state: Corrected) -> list[FoundClause]:
    """Clauses in order. A table row without a number is numbered in order.

    Text without a number that follows a heading is joined to it; what follows an item (signature, date) stays context.
    A clause that has others below it is a heading, no requirement; so is a part (总体要求) that holds no item at all
    in a document that has items elsewhere.
    """
    made: list[FoundClause] = []
    at_path: dict[tuple[str, ...], int] = {}
    children: dict[int | None, int] = {}
    for piece in _pieces(state):
        if not piece.is_numbered:
            if made and made[-1].numbers == piece.numbers and not made[-1].is_item:
                made[-1] = replace(made[-1], text=f"{made[-1].text}\n{piece.text.strip()}")
            continue
        numbers = piece.numbers or (str(children.get(None, 0) + 1),)
        above = (at_path[numbers[:cut]] for cut in range(len(numbers) - 1, 0, -1) if numbers[:cut] in at_path)
        parent = next(above, None)
        children[parent] = children.get(parent, 0) + 1
        prefix = f"{made[parent].path}." if parent is not None else ""
        for old in [key for key in at_path if key[: len(numbers)] == numbers]:
            del at_path[old]
        at_path[numbers] = len(made)
        text = piece.text if piece.is_item else _bare(piece.text, numbers[-1])
        path = f"{prefix}{children[parent]:04d}"
        made.append(FoundClause(piece.key, numbers, numbers[-1], text, path, parent, True, piece.is_item))
    return _requirements(made)


def _requirements(made: list[FoundClause]) -> list[FoundClause]:
    above = {row.parent for row in made}
    tops = {row.numbers[0] for row in made if row.is_item}
    return [
        replace(row, is_requirement=at not in above and (not tops or row.numbers[0] in tops))
        for at, row in enumerate(made)
    ]


def headings_of(state: Corrected) -> dict[tuple[str, ...], str]:
    """Path of numbers → first line of the heading there."""
    return {
        row.numbers: row.text.splitlines()[0] for row in clauses_of(state) if not row.is_item and row.text
    }


def _bare(text: str, number: str) -> str:
    """A heading without the number it begins with: the number has its own column."""
    text = text.strip()
    if text.startswith(number):
        rest = text[len(number) :].lstrip("、.．)） 　\t")
        return rest or text
    return text
