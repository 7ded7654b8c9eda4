"""docs/packs.md, written from the models and catalogues.

`python -m shiyu.packs.reference` writes it, with `--check` only compares.
"""

from __future__ import annotations

import enum
import inspect
import sys
import types
import typing
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pydantic import BaseModel
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from shiyu.kernel.conditions import FACTS
from shiyu.kernel.documents import DOCUMENTS, NUMBER_NAMES
from shiyu.kernel.measures import MEASURES
from shiyu.kernel.reasons import REASONS
from shiyu.kernel.rights import RIGHTS
from shiyu.kernel.spec import plan_seed, seed
from shiyu.kernel.spec.pack import Pack
from shiyu.kernel.verbs import VERBS
from shiyu.kernel.words import Label, Limit
from shiyu.packs.read.folder import SINGLE

FILE = Path(__file__).parents[3] / "docs" / "packs.md"

INTRODUCTION = """# Packs

<!-- Written by `python -m shiyu.packs.reference` from the code. Change the code, not this page. -->

A pack is a folder that says how one city works. It is data: YAML and CSV, no program, no expressions, no
inheritance. `packs/example` is the smallest whole one: begin a new city with a copy of it. A new kind of matter
is less, and goes into a pack that works already: see below, or [in Chinese for office people](packs.zh-CN.md).
Check a folder with

    shiyu check-pack packs/example

Every error names file and line; all come at once, but for those that only follow from another. The check has three passes:

1. **Shape**: unknown keys, double keys, missing keys, wrong types, anchors, tags are errors.
2. **Meaning**: everything named exists; every state of a kind can be reached, from every open state a
   closed one can be reached by somebody's work (withdrawing does not count), every open state has an
   owner who can move it on and a limit; somebody holds the right for every verb that is on; the three
   administrators stay apart; make-up days fall on weekends; the seed's rows fit together.
3. **Scenarios**: the pack's own walks go exactly as written. Each kind needs one that ends closed, and
   one step that is refused.

All files ending in `.yaml` are read, in any number and under any names, but those below `seed/`; another ending
(`.yml`, `.yaml.txt`) is an error, since nobody would notice that the file does not count. Files follow each other
by name, `competence.yaml` before `kinds/tree.yaml`: that is the order in which rows of `competence` are tried.
Codes (of kinds, fields, states, lists …) are small Latin letters, digits and underscores, and begin with a letter;
what people read stands in `label`. Every top-level key is one of the nouns below. Scalars stay as they are written: `1.10` is a text where a
text is wanted. Templates and number series know `{{name}}` and nothing else.

Loading (`shiyu load-pack`) writes an immutable version; matters that run finish under theirs. Each content has a
`version` of its own, and a place that works with one pack loads no other `code`. What lies below `seed/` is loaded
once through each app's own import; from then on the database owns it. `seed/demo/` is read by `shiyu demo` alone:
the made-up half year that it plays. A pack works without it; a new kind has no made-up matters and begins empty.

## A kind of one's own, from the top

A kind is what comes up and must be closed. To let a city report trees that may fall, no program is written:

1. Choose the folder. Where a city works already, it is that city's own pack: its `code` stays, only `version` is
   raised. To try it out, copy a pack of centres (one with a `competence.yaml`; `packs/example` has neither its roles
   nor its table): `cp -r packs/CITY packs/mytown`, then `code: mytown` in `pack.yaml`, which is always the folder's
   name. A copy for another city also gets its own `name`, `office` and `area`; `area` must be a code of
   `seed/areas.csv`, and places, units and people in `seed/` become that city's.
2. Write `packs/mytown/kinds/tree.yaml`. The states follow each other by their phases; each open one has an owner and a
   limit. A verb that is not named is off. The scenario is the kind's own test. In a city's own pack the file goes into
   that folder.

```yaml
kind:
  tree:
    label: {zh: 树木隐患, en: Dangerous tree}
    number: {pattern: "树〔{{year}}〕{{n}}号", digits: 3}
    sources: matter_source
    limit: {n: 10, unit: workdays}
    closing: verified
    outcomes: [done, withdrawn]
    form:
      height: {label: {zh: 树高（米）, en: Height in metres}, type: number, required: true}
    states:
      filed: {label: {zh: 待受理, en: Filed}, phase: filed, owner: intake, limit: {n: 4, unit: work_hours}}
      accepted: {label: {zh: 待交办, en: To be dispatched}, phase: accepted, owner: intake, limit: {n: 8, unit: work_hours}}
      handling: {label: {zh: 处置中, en: In handling}, phase: handling, owner: lead, limit: {n: 5, unit: workdays}}
      verifying: {label: {zh: 待核查, en: To be verified}, phase: verifying, owner: intake, limit: {n: 3, unit: workdays}}
      closed: {label: {zh: 已办结, en: Closed}, phase: closed}
      refused: {label: {zh: 不予受理, en: Refused}, phase: refused}
    verbs: {file: {}, accept: {}, refuse: {}, withdraw: {}, dispatch: {}, acknowledge: {}, complete: {}, verify: {}, send_back: {}, close: {needs: [other_hand]}}

scenario:
  tree_felled:
    label: {zh: 受理、处置、核查、办结, en: "Accepted, dealt with, checked, closed"}
    kind: tree
    people:
      desk: {role: centre_clerk, unit: centre}
      head: {role: centre_head, unit: centre}
      officer: {role: handler, unit: a}
    steps:
      - {by: desk, do: file, unit: centre, to: filed}
      - {by: desk, do: accept, to: accepted}
      - {by: desk, do: dispatch, unit: a, to: handling}
      - {by: officer, do: complete, with: [result], refused: acknowledge_first}
      - {by: officer, do: acknowledge, to: handling}
      - {by: officer, do: complete, with: [result], to: verifying}
      - {by: head, do: verify, to: verifying}
      - {by: head, do: close, to: closed}
```

3. Say who is competent: a row in `competence.yaml`, before the rows that speak of everything. A `competence:` of its
   own in `kinds/tree.yaml` does as well; its rows come after those of `competence.yaml`.

```yaml
  trees:
    label: {zh: 树木隐患, en: Dangerous trees}
    when: [{kind: tree}]
    lead: {group: town_governments}
```

4. `shiyu check-pack packs/mytown` names what is missing, with file and line. It sees what the files say: names that
   lead nowhere, ways that never end, rows that are never reached, limits that cannot be kept, scenarios that go
   otherwise. It cannot see whether limits, wording and competence are what the city wants: read the kind's pages for
   that.
5. See it: `shiyu demo --city mytown --port 8010` (from a checkout `make demo CITY=mytown PORT=8010`) builds a database
   of its own for this pack, below the folder `SHIYU_VAR` (left out: `var`), beside other demos; a pack that was changed
   is built anew. The kind stands on the page 登记事项 with its form, on the desks, in the list and in the exports.
6. Where the city works already: raise `version` in `pack.yaml`, check, then `shiyu load-pack packs/CITY` on the server,
   with the settings it works with. Matters that run go on under the version they began with.

More is added the same way (each below, under `kind`):

| part of the kind | verbs it needs | what it does |
|---|---|---|
| `sorting` | `sort` (and `sort` needs `sorting`) | until it is sorted a matter is neither settled nor dispatched |
| `grading` | `grade`, where people may set a grade (`grade` needs `grading`) | adds the points of facts |
| `climb` | `climb`; at the top `supervise` and `end_supervision` | lifts matters once a day, at 07:35 |
| `follow_up` | `follow_up` | asks the reporter again after closing |
| `review` | `ask_review` | lets the reporter ask the unit above |
| `return`, `dispute_competence` (verbs) | `consent_return`, `decline_return`; `answer_competence`, `decide_competence` | both need a `limit` |
| `closing: verified` / `confirmed` | `verify` / `confirm`, and `send_back` | the check before closing |
| `outcomes` with `withdrawn` / `merged` | `withdraw` / `merge` | and the other way round |

A verb's `letter` sends nothing by itself: once the deed is done, whoever writes letters for the unit is offered the
draft. Its template is of the document `matter_letter`, also where the letter reminds of something: `reminder` is the
one that asks for monthly reports. A template with `{{reply_by}}` needs `reply` in its letter.
"""

FACTS_SAID = """A kind's own fields of type `number`, `bool` and `code` are facts too, by their codes; in `competence` those of the
kinds the row names. A number is compared as a range, `{pupils: {min: 50, max: 199}}`, either end may be left out; yes
and no as `"true"` and `"false"`; a code as a value of its list, or several: `{topic: [traffic, food]}`.
"""


def reference() -> str:
    """The whole page as Markdown."""
    parts = [INTRODUCTION, *_nouns(), *_seed(), *_catalogues()]
    return "\n".join(part.rstrip() + "\n" for part in parts)


def _nouns() -> Iterator[str]:
    yield "## Nouns\n"
    shown: set[type[BaseModel]] = set()
    for noun, field in Pack.model_fields.items():
        models = list(_models_in(field.annotation))
        needed = "required" if field.is_required() else "optional"
        shape = "stands once" if noun in SINGLE else "code → stanza"
        yield f"### `{noun}`\n\n{field.description} ({needed}; {shape})\n"
        for model in models:
            yield from _model(model, shown)


def _seed() -> Iterator[str]:
    yield f"## Seed files\n\n{inspect.getdoc(seed)}\n"
    shown: set[type[BaseModel]] = {Label, Limit}
    places = (seed.AreaRow, seed.UnitRow, seed.AliasRow, seed.MemberRow, seed.FunctionRow)
    tables = (*places, seed.PostRow, seed.PersonRow)
    for model in (*tables, plan_seed.GuidelineSeed, plan_seed.PlanSeed):
        yield from _model(model, shown)


def _model(model: type[BaseModel], shown: set[type[BaseModel]]) -> Iterator[str]:
    """A model's docstring and table of keys, then the models inside it; each model once."""
    if model in shown:
        return
    shown.add(model)
    yield f"#### {model.__name__}\n\n{inspect.cleandoc(model.__doc__ or '')}\n"
    rows = ["| key | value | default | meaning |", "|---|---|---|---|"]
    for name, field in model.model_fields.items():
        meaning = " ".join((field.description or "").split()).replace("|", "\\|")
        rows.append(
            f"| `{field.alias or name}` | {_type(field.annotation)} | {_default(field)} | {meaning} |"
        )
    yield "\n".join(rows) + "\n"
    for field in model.model_fields.values():
        for inner in _models_in(field.annotation):
            yield from _model(inner, shown)


def _models_in(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for part in typing.get_args(annotation):
        yield from _models_in(part)


def _type(annotation: Any) -> str:
    """A type in words a pack's author knows."""
    origin, parts = typing.get_origin(annotation), typing.get_args(annotation)
    if origin is typing.Annotated:
        return _type(parts[0])
    if origin is typing.Literal:
        return " / ".join(f"`{part}`" for part in parts)
    if origin in (typing.Union, types.UnionType):
        return " or ".join(_type(part) for part in parts if part is not type(None))
    if origin in (tuple, frozenset, list):
        return f"list of {_type(parts[0])}"
    if origin is dict:
        return f"{_type(parts[0])} → {_type(parts[1])}"
    if isinstance(annotation, type) and issubclass(annotation, enum.Enum):
        return " / ".join(f"`{member.value}`" for member in annotation)
    names = {"str": "text", "int": "whole number", "bool": "true / false", "float": "number"}
    return names.get(getattr(annotation, "__name__", ""), getattr(annotation, "__name__", str(annotation)))


def _default(field: FieldInfo) -> str:
    if field.is_required():
        return "**required**"
    value = field.default
    if value is PydanticUndefined or value is None or value in ((), "", {}) or value == frozenset():
        return "—"
    if isinstance(value, BaseModel):
        return "see there"
    if isinstance(value, frozenset):
        return ", ".join(f"`{part}`" for part in sorted(value))
    return f"`{str(value).lower() if isinstance(value, bool) else value}`"


def _table(*rows: tuple[str, ...]) -> str:
    head, *body = rows
    lines = [head, tuple("---" for _ in head), *body]
    return (
        "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in lines) + "\n"
    )


def _catalogues() -> Iterator[str]:
    yield "## Verbs\n\nA kind switches verbs on; what stands here is the least and cannot be taken away.\n"
    yield _verbs()
    yield "## Reasons\n\nWhy a verb may be refused; scenarios name them in `refused`.\n"
    yield _table(("code", "中文", "English"), *((f"`{r.code}`", r.zh, r.en) for r in REASONS.values()))
    yield "## Rights\n\nRoles pick from these.\n"
    yield _table(
        ("right", "中文", "English"), *((f"`{r.code}`", r.label.zh, r.label.en) for r in RIGHTS.values())
    )
    yield "## Measures\n"
    yield _table(
        ("measure", "中文", "English", "what is counted"),
        *((f"`{m.code}`", m.label.zh, m.label.en, f"{m.words.zh} {m.words.en}") for m in MEASURES.values()),
    )
    yield "## Documents and their names\n"
    yield _table(
        ("document", "中文", "names"),
        *(
            (f"`{d.code}`", d.label.zh, ", ".join(f"`{n}`" for n in sorted(d.names)))
            for d in DOCUMENTS.values()
        ),
    )
    for thing, names in NUMBER_NAMES.items():
        yield f"The number of a thing of `{thing}` knows {', '.join(f'`{name}`' for name in sorted(names))}.\n"
    yield "## Facts for conditions\n"
    yield _table(
        ("of", "facts"), *((thing, ", ".join(f"`{f}`" for f in facts)) for thing, facts in FACTS.items())
    )
    yield FACTS_SAID


def _verbs() -> str:
    head = ("verb", "中文", "English", "from", "to", "clock", "right", "who", "needs")
    return _table(
        head,
        *(
            (
                f"`{verb.code}`",
                verb.label.zh,
                verb.label.en,
                ", ".join(sorted(verb.from_phases)) or "—",
                str(verb.to_phase or "—"),
                str(verb.clock),
                f"`{verb.right}`",
                ", ".join(verb.who),
                ", ".join(verb.needs) or "—",
            )
            for verb in VERBS.values()
        ),
    )


def main(arguments: list[str]) -> int:
    """Write the page, or with --check compare it; 1 if it is out of date."""
    if "--check" in arguments:
        return 0 if FILE.exists() and FILE.read_text(encoding="utf-8") == reference() else 1
    FILE.parent.mkdir(exist_ok=True)
    FILE.write_text(reference(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
