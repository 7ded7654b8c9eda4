"""Second pass: the conditions that grade matters, let them climb and send them to who is competent."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from shiyu.kernel.conditions import FACTS, Condition
from shiyu.kernel.phases import Phase
from shiyu.kernel.spec.matters import FieldType, Kind
from shiyu.kernel.spec.pack import Pack
from shiyu.packs.read import PackError, PackFolder

AS_FACTS = (FieldType.NUMBER, FieldType.BOOL, FieldType.CODE)
"""Form fields of these types are facts of a matter: what they hold is one of a few things."""

Place = tuple[str | int, ...]


def check_ways(found: PackFolder, pack: Pack) -> None:
    """Adds an error for every condition over a fact that does not exist, or over a value that can never be."""
    for code, kind in pack.kind.items():
        known = {*FACTS["matter"], *facts_of_form(kind)}
        for condition, place in _conditions(kind):
            check_condition(found, pack, {code: kind}, known, condition, ("kind", code, *place))
    for code, row in pack.competence.items():
        known = set(FACTS["matter"]).union(*(facts_of_form(kind) for kind in pack.kind.values()))
        for n, condition in enumerate(row.when):
            check_condition(found, pack, pack.kind, known, condition, ("competence", code, "when", n))


def facts_of_form(kind: Kind) -> list[str]:
    """The codes of a kind's own form fields that conditions may speak of."""
    return [code for code, field in kind.form.items() if field.type in AS_FACTS]


def _conditions(kind: Kind) -> Iterator[tuple[Condition, Place]]:
    factors = kind.grading.factors if kind.grading else {}
    for code, factor in factors.items():
        for n, row in enumerate(factor.rows):
            yield row.when, ("grading", "factors", code, "rows", n, "when")
    for n, rule in enumerate(kind.climb):
        yield rule.when, ("climb", n, "when")


def check_condition(
    found: PackFolder,
    pack: Pack,
    kinds: Mapping[str, Kind],
    known: Collection[str],
    condition: Condition,
    place: Place,
) -> None:
    """Adds an error for every fact of the condition that is not `known`, and every value it can never have in the
    given kinds."""
    values = _values(pack, kinds)
    for fact, wanted in condition.items():
        file, line = found.where(*place, fact)
        if fact not in known:
            zh = f"事项没有属性 {fact}（可用：{'、'.join(sorted(known))}）"
            en = f"no such fact of a matter: {fact} (there are {', '.join(sorted(known))})"
            found.errors.append(PackError(file, line, zh, en))
        listed = (wanted,) if isinstance(wanted, str) else wanted if isinstance(wanted, tuple) else ()
        for value in listed:
            if fact in values and value not in values[fact]:
                zh, en = f"{fact} 没有取值 {value}", f"{fact} can never be {value}"
                found.errors.append(PackError(file, line, zh, en))


def _values(pack: Pack, kinds: Mapping[str, Kind]) -> dict[str, set[str]]:
    """For facts with a closed list of values: all of them."""

    def of(list_code: str | None) -> set[str]:
        return set(pack.codes[list_code].values) if list_code in pack.codes else set()

    every = kinds.values()
    values = {
        "kind": set(pack.kind),
        "topic": set().union(*(of(kind.topics) for kind in every)),
        "source": set().union(*(of(kind.sources) for kind in every)),
        "sort_class": set().union(*(kind.sorting.classes for kind in every if kind.sorting)),
        "grade": set().union(*(kind.grading.grades for kind in every if kind.grading)),
        "state": set().union(*(kind.states for kind in every)),
        "phase": {phase.value for phase in Phase},
    }
    for kind in every:
        for code, field in kind.form.items():
            if field.type is FieldType.CODE:
                values[code] = values.get(code, set()) | of(field.list)
            elif field.type is FieldType.BOOL:
                values[code] = {"true", "false"}
    return values
