"""Second pass: the conditions that grade matters, let them climb and send them to who is competent."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from shiyu.kernel.conditions import FACTS, MATTER_NUMBERS, MATTER_YES_NO, Condition, Range, Wanted
from shiyu.kernel.near import hint
from shiyu.kernel.phases import Phase
from shiyu.kernel.spec.matters import FieldType, Kind
from shiyu.kernel.spec.pack import Pack
from shiyu.kernel.spec.seed import AreaLevel
from shiyu.packs.read import PackError, PackFolder

AS_FACTS = (FieldType.NUMBER, FieldType.BOOL, FieldType.CODE)
"""Form fields of these types are facts of a matter: what they hold is one of a few things."""

Place = tuple[str | int, ...]
Sentence = tuple[str, str]
"""What is wrong, Chinese and English."""


def check_ways(found: PackFolder, pack: Pack) -> None:
    """Adds an error for every condition over a fact that does not exist, or over a value that can never be."""
    for code, kind in pack.kind.items():
        for condition, place in _conditions(kind):
            check_condition(found, pack, {code: kind}, condition, ("kind", code, *place))
    for code, row in pack.competence.items():
        for n, condition in enumerate(row.when):
            check_condition(found, pack, pack.kind, condition, ("competence", code, "when", n))


def facts_of(kinds: Iterable[Kind]) -> set[str]:
    """Everything conditions over matters of these kinds may speak of: the code's facts and the kinds' own fields."""
    own = (code for kind in kinds for code, field in kind.form.items() if field.type in AS_FACTS)
    return {*FACTS["matter"], *own}


def listed(wanted: Wanted) -> tuple[str, ...]:
    """The values a condition names; none for a range."""
    return (wanted,) if isinstance(wanted, str) else wanted if isinstance(wanted, tuple) else ()


def _conditions(kind: Kind) -> Iterator[tuple[Condition, Place]]:
    factors = kind.grading.factors if kind.grading else {}
    for code, factor in factors.items():
        for n, row in enumerate(factor.rows):
            yield row.when, ("grading", "factors", code, "rows", n, "when")
    for n, rule in enumerate(kind.climb):
        yield rule.when, ("climb", n, "when")


def check_condition(
    found: PackFolder, pack: Pack, kinds: Mapping[str, Kind], condition: Condition, place: Place
) -> None:
    """Adds an error for every fact of the condition that matters of the given kinds do not have, and every value it can
    never have in them. A condition that names its kinds is measured by those."""
    named = listed(condition.get("kind", ()))
    meant = {code: kind for code, kind in kinds.items() if code in named} or kinds
    wrong: Sentence | None
    known, values, numbers = facts_of(meant.values()), values_of(pack, meant), _numbers(meant.values())
    for fact, wanted in condition.items():
        if fact not in known:
            zh, en = hint(fact, sorted(known))
            wrong = f"事项没有属性 {fact}{zh}", f"no such fact of a matter: {fact}{en}"
        elif isinstance(wanted, Range):
            wrong = None if fact in numbers else _no_range(fact, values)
        elif fact in values:
            wrong = _never(fact, [value for value in listed(wanted) if value not in values[fact]], values)
        else:
            wrong = _no_number(fact, [value for value in listed(wanted) if not _is_number(fact, value)])
        if wrong is not None:
            found.errors.append(PackError(*found.where(*place, fact), *wrong))


def _no_range(fact: str, values: Mapping[str, set[str]]) -> Sentence:
    some = next(iter(sorted(values.get(fact, ()))), "…")
    return (
        f"{fact} 不是数字，不能写 min、max；写 {fact}: {some}",
        f"{fact} is no number and has no min or max; write `{fact}: {some}`",
    )


def _never(fact: str, surplus: list[str], values: Mapping[str, set[str]]) -> Sentence | None:
    if not surplus:
        return None
    zh, en = hint(surplus[0], sorted(values[fact]))
    return f"{fact} 没有取值 {'、'.join(surplus)}{zh}", f"{fact} can never be {', '.join(surplus)}{en}"


def _no_number(fact: str, surplus: list[str]) -> Sentence | None:
    if not surplus:
        return None
    low, high = re.match(r"\D*(\d*)\D*(\d*)", surplus[0]).groups()  # type: ignore[union-attr]
    written = f"{{min: {low or 1}, max: {high or low or 10}}}"
    return (
        f"{fact} 是数字，不能写成“{surplus[0]}”；写范围：{fact}: {written}，min 和 max 可以只写一个",
        f"{fact} is a number, not “{surplus[0]}”; write a range: `{fact}: {written}`, either end may be left out",
    )


def _is_number(fact: str, value: str) -> bool:
    """The code's own numbers are whole, so one may be named by itself; a form's number is compared as a range."""
    return fact in MATTER_NUMBERS and value.isascii() and value.isdigit()


def _numbers(kinds: Iterable[Kind]) -> set[str]:
    own = (code for kind in kinds for code, field in kind.form.items() if field.type is FieldType.NUMBER)
    return {*MATTER_NUMBERS, *own}


def values_of(pack: Pack, kinds: Mapping[str, Kind]) -> dict[str, set[str]]:
    """For facts with a closed list of values, in matters of these kinds: all of them."""

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
        "area_level": {level.value for level in AreaLevel},
        **{fact: {"true", "false"} for fact in MATTER_YES_NO},
    }
    for kind in every:
        for code, field in kind.form.items():
            if code not in FACTS["matter"] and field.type in (FieldType.CODE, FieldType.BOOL):
                own = of(field.list) if field.type is FieldType.CODE else {"true", "false"}
                values[code] = values.get(code, set()) | own
    return values
