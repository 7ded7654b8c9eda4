"""What the reader found, with a person's corrections applied: items, context, doubts still open.

`result` never changes; `edits` is a list of plain dictionaries applied in order, so that the last can be undone.
Known edits ("op"): change, split, merge, context, task, settle. An item keeps its id: "12" from the reader, "12.1"
and "12.2" after a split, "c7" where it was context entry 7 before.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from shiyu.reading.numbering import find_number

Json = dict[str, Any]
NAME_LISTS = ("leads", "supporting", "groups")
GROUP_DOUBT = "unknown_group"


@dataclass
class FoundItem:
    """One item as it now stands."""

    id: str
    path: list[str]
    number: str
    text: str
    leads: list[str]
    supporting: list[str]
    groups: list[str]
    deadline: Json
    source: Json
    extra: dict[str, str] = field(default_factory=dict)
    marks: list[Json] = field(default_factory=list)
    tail: str = ""

    @property
    def place(self) -> str:
        """The source paragraph or row, as the page's anchors name it."""
        return place_of(self.source)

    def names(self) -> list[str]:
        """All names, leads first."""
        return [*self.leads, *self.supporting, *self.groups]


@dataclass
class FoundDoubt:
    """A doubt and what was decided about it: "" open, else adopt, other, none, keep or seen."""

    id: int
    where: Json
    what: str
    what_zh: str
    code: str
    name: str
    suggestion: str
    choice: str = ""
    value: str = ""
    alike: int = 0  # open doubts of the same kind, itself included, where one answer may serve all

    @property
    def place(self) -> str:
        return place_of(self.where)

    @property
    def is_open(self) -> bool:
        return not self.choice

    @property
    def is_about_name(self) -> bool:
        """Whether a unit or group name is in doubt, so that there is something to adopt or to choose."""
        return bool(self.name) and self.code in ("unknown_unit", GROUP_DOUBT)


@dataclass
class Corrected:
    """The whole as it now stands."""

    title: str
    document_number: str
    items: list[FoundItem]
    context: list[Json]
    doubts: list[FoundDoubt]
    paragraphs: list[Json]

    @property
    def open_doubts(self) -> list[FoundDoubt]:
        return [doubt for doubt in self.doubts if doubt.is_open]

    def item(self, item_id: str) -> FoundItem | None:
        """The item of that id, if it is still one."""
        return next((item for item in self.items if item.id == item_id), None)

    def to_json(self) -> Json:
        """The result file people download: as the reader writes it, with the corrections in it."""
        items = [
            {
                "path": item.path,
                "number": item.number,
                "part": 1 + sum(1 for other in self.items[:at] if other.source == item.source),
                "text": item.text,
                "leads": item.leads,
                "supporting": item.supporting,
                "groups": item.groups,
                "deadline": item.deadline,
                "source": item.source,
            }
            for at, item in enumerate(self.items)
        ]
        return {
            "title": self.title,
            "document_number": self.document_number,
            "items": items,
            "context": [{key: row[key] for key in row if key != "id"} for row in self.context],
            "doubts": [{"where": doubt.where, "what": doubt.what} for doubt in self.open_doubts],
        }


def place_of(source: Json) -> str:
    """A short key for a place in the source: "17", or "1-3" for row 3 of a sheet (hashed by its name)."""
    if source.get("paragraph") is not None:
        return str(source["paragraph"])
    return f"{source.get('sheet')}-{source.get('row')}"


def corrected(result: Json, edits: Iterable[Json]) -> Corrected:
    """`result` with `edits` applied in order. An edit that no longer fits is passed over."""
    state = Corrected(
        title=result.get("title", ""),
        document_number=result.get("document_number", ""),
        items=[_item(str(at), row) for at, row in enumerate(result.get("items", []), start=1)],
        context=[{**row, "id": str(at)} for at, row in enumerate(result.get("context", []), start=1)],
        doubts=[_doubt(at, row) for at, row in enumerate(result.get("doubts", []), start=1)],
        paragraphs=list(result.get("paragraphs", [])),
    )
    for edit in edits:
        _STEPS[edit["op"]](state, edit)
    return state


def _item(item_id: str, row: Json) -> FoundItem:
    return FoundItem(
        id=item_id,
        path=list(row.get("path", [])),
        number=row.get("number", ""),
        text=row.get("text", ""),
        leads=list(row.get("leads", [])),
        supporting=list(row.get("supporting", [])),
        groups=list(row.get("groups", [])),
        deadline=dict(row.get("deadline") or {"kind": "none", "date": None, "text": "", "every": None}),
        source=dict(row.get("source", {})),
        extra=dict(row.get("extra", {})),
        marks=list(row.get("marks", [])),
        tail=row.get("tail", ""),
    )


def _doubt(at: int, row: Json) -> FoundDoubt:
    return FoundDoubt(
        id=at,
        where=dict(row.get("where", {})),
        what=row.get("what", ""),
        what_zh=row.get("what_zh", ""),
        code=row.get("code", ""),
        name=row.get("name", ""),
        suggestion=row.get("suggestion", ""),
    )


def _change(state: Corrected, edit: Json) -> None:
    item = state.item(edit["item"])
    if item is None:
        return
    for name in ("text", *NAME_LISTS, "deadline", "number"):
        if name in edit:
            setattr(item, name, edit[name])
    for doubt in state.doubts:
        gone = doubt.is_about_name and doubt.name not in item.names()
        if doubt.is_open and doubt.where == item.source and gone:
            doubt.choice, doubt.value = "other", ""
        if doubt.is_open and doubt.where == item.source and doubt.code == "no_lead" and item.leads:
            doubt.choice = "seen"


def _split(state: Corrected, edit: Json) -> None:
    """Cut the text at `at` characters: both halves keep units and deadline until somebody edits them."""
    item = state.item(edit["item"])
    if item is None or not 0 < edit["at"] < len(item.text):
        return
    halves = item.text[: edit["at"]].strip(), item.text[edit["at"] :].strip()
    place = state.items.index(item)
    state.items[place : place + 1] = [
        FoundItem(
            id=f"{item.id}.{part}",
            path=list(item.path),
            number=item.number,
            text=text,
            leads=list(item.leads),
            supporting=list(item.supporting),
            groups=list(item.groups),
            deadline=dict(item.deadline),
            source=dict(item.source),
            extra=dict(item.extra),
            marks=list(item.marks),
            tail=item.tail,
        )
        for part, text in enumerate(halves, start=1)
    ]


def _merge(state: Corrected, edit: Json) -> None:
    """Join an item to the one above it: texts one after the other, units together, the upper deadline unless it has none."""
    item = state.item(edit["item"])
    if item is None or state.items.index(item) == 0:
        return
    place = state.items.index(item)
    above = state.items[place - 1]
    above.text = f"{above.text}{item.text}"
    above.leads = list(dict.fromkeys([*above.leads, *item.leads]))
    above.supporting = [
        n for n in dict.fromkeys([*above.supporting, *item.supporting]) if n not in above.leads
    ]
    above.groups = list(dict.fromkeys([*above.groups, *item.groups]))
    above.marks = [*above.marks, *item.marks]
    if above.deadline.get("kind", "none") == "none":
        above.deadline = item.deadline
    del state.items[place]


def _context(state: Corrected, edit: Json) -> None:
    """The item is no task: its text is kept among the context, in order; doubts about it are settled."""
    item = state.item(edit["item"])
    if item is None:
        return
    state.items.remove(item)
    text = f"{item.text}{item.tail}"
    state.context.append({"text": text, "source": item.source, "path": item.path, "id": f"i{item.id}"})
    state.context.sort(key=lambda row: _order(state, row))
    if all(other.source != item.source for other in state.items):
        for doubt in state.doubts:
            if doubt.is_open and doubt.where == item.source:
                doubt.choice = "seen"


def context_entry(state: Corrected, entry_id: str) -> Json | None:
    """The context entry of that id, if it is still context."""
    return next((row for row in state.context if row["id"] == entry_id), None)


def _task(state: Corrected, edit: Json) -> None:
    """Context that is a task after all becomes an item, in order; its units are entered afterwards."""
    row = context_entry(state, edit["context"])
    if row is None:
        return
    state.context.remove(row)
    found = find_number(row["text"]) if row["path"] else None
    own = found is not None and found.plain == row["path"][-1]
    item = _item(f"c{row['id']}", row)
    item.number = row["path"][-1] if own else ""
    item.text = row["text"][found.end :] if found and own else row["text"]
    at = _order(state, row)
    later = (place for place, one in enumerate(state.items) if _order(state, {"source": one.source}) > at)
    state.items.insert(next(later, len(state.items)), item)


def _order(state: Corrected, row: Json) -> int:
    places = {place_of(p["source"]): at for at, p in enumerate(state.paragraphs)}
    return places.get(place_of(row["source"]), len(places))


def _settle(state: Corrected, edit: Json) -> None:
    """Decide a doubt. A name is replaced (adopt, other), taken out (none) or kept as text (keep), wherever the document
    uses it."""
    doubt = next((one for one in state.doubts if one.id == edit["doubt"]), None)
    if doubt is None:
        return
    same = [doubt]
    if edit.get("alike"):
        same = [one for one in state.doubts if one.is_open and one.code == doubt.code]
    elif doubt.is_about_name:
        same = [
            one for one in state.doubts if one.is_open and (one.code, one.name) == (doubt.code, doubt.name)
        ]
    choice, value = edit["choice"], edit.get("value", "")
    for one in same or [doubt]:
        one.choice, one.value = choice, value
    if doubt.is_about_name and choice != "seen":
        for item in state.items:
            if choice == "keep":
                _keep_outside(item, doubt.name)
            _replace_name(item, doubt.name, value if choice in ("adopt", "other") else "")


_AS_WHAT = {"leads": "牵头", "supporting": "配合", "groups": "配合"}


def _keep_outside(item: FoundItem, name: str) -> None:
    """A real body that is not in the list of units: its name stays with the item, with what it was named for."""
    for key in NAME_LISTS:
        if name in getattr(item, key):
            said = item.extra.get("outside", "")
            item.extra["outside"] = (
                f"{said}、{name}（{_AS_WHAT[key]}）" if said else f"{name}（{_AS_WHAT[key]}）"
            )


def _replace_name(item: FoundItem, name: str, value: str) -> None:
    for key in NAME_LISTS:
        names: list[str] = getattr(item, key)
        if name in names:
            new = [value if one == name else one for one in names]
            setattr(item, key, [one for one in dict.fromkeys(new) if one])


_STEPS = {
    "change": _change,
    "split": _split,
    "merge": _merge,
    "context": _context,
    "task": _task,
    "settle": _settle,
}
