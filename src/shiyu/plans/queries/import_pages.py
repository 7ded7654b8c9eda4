"""The import page's two panes: the source with its marks, the result with its doubts."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from shiyu.packs.queries import current_pack
from shiyu.people.models import Unit
from shiyu.people.queries import units_of_group
from shiyu.plans.models import PlanImport
from shiyu.plans.queries.corrections import Corrected, FoundDoubt, FoundItem, corrected, place_of
from shiyu.plans.queries.names import group_names

# What a doubt is about, in the order the page offers them; a code that stands nowhere is about the layout.
DOUBT_KINDS: dict[str, tuple[str, ...]] = {
    "names": ("unknown_unit", "unknown_group"),
    "lead": (
        "no_lead", "first_leads", "group_first", "lead_from_heading", "unit_from_heading", "read_from_words",
        "row_without_unit", "marks_guessed", "marks_unclear", "unread_words",
    ),
    "deadline": (
        "no_year", "year_assumed", "several_dates", "before_month", "impossible_date", "unclear_deadline",
    ),
    "layout": (),
}  # fmt: skip
KIND_LABELS = {
    "names": _("Names of units"),
    "lead": _("Who leads"),
    "deadline": _("Deadlines"),
    "layout": _("Text and layout"),
}
MARK_CLASSES = {"lead": "ld", "supporting": "sp", "group": "gp", "deadline": "dl"}


@dataclass(frozen=True)
class Segment:
    """A stretch of source text; `css` is its mark's class or ""."""

    text: str
    css: str = ""


@dataclass
class SourceLine:
    """A paragraph or row of the source as the left pane shows it."""

    place: str
    number: str
    segments: list[Segment]
    is_title: bool = False
    is_context: bool = False
    is_heading: bool = False


@dataclass
class ItemRow:
    """An item as the right pane shows it, with its open doubts beneath. Names are (name, is in doubt)."""

    item: FoundItem
    leads: list[tuple[str, bool]] = field(default_factory=list)
    supporting: list[tuple[str, bool]] = field(default_factory=list)
    groups: list[tuple[str, bool, int]] = field(default_factory=list)
    doubts: list[FoundDoubt] = field(default_factory=list)

    @property
    def upper_path(self) -> str:
        """The numbers above its own."""
        return " › ".join(self.item.path[:-1] if self.item.number else self.item.path)

    @property
    def deadline(self) -> str:
        return self.item.deadline.get("date") or self.item.deadline.get("text") or ""


@dataclass
class ImportPage:
    """Everything the page shows; `loose` are doubts that belong to no item."""

    row: PlanImport
    state: Corrected
    lines: list[SourceLine]
    items: list[ItemRow]
    loose: list[FoundDoubt]
    open_count: int
    counts: dict[str, int]
    kinds: list[tuple[str, str, int]]
    """What the open doubts are about: key, label, how many; only those that are open."""

    def narrowed(self, kind: str) -> list[ItemRow]:
        """Items with an open doubt of a kind, or with any when the kind is not known."""
        if kind not in DOUBT_KINDS:
            return [one for one in self.items if one.doubts]
        return [one for one in self.items if any(kind_of(doubt) == kind for doubt in one.doubts)]

    def next_open(self, item_id: str) -> str:
        """The first item from this one on that still has a doubt, else the first of all; "" when all are settled."""
        places = [one.item.id for one in self.items]
        at = places.index(item_id) if item_id in places else 0
        ahead = [one.item.id for one in [*self.items[at:], *self.items[:at]] if one.doubts]
        return ahead[0] if ahead else ""

    @property
    def share(self) -> float:
        """How much is settled, 0 to 1."""
        whole = len(self.items) + self.open_count
        return len(self.items) / whole if whole else 1.0


def import_page(row: PlanImport) -> ImportPage:
    """Both panes of an import as it now stands."""
    state = corrected(row.result, row.edits)
    open_doubts = state.open_doubts
    by_place: dict[str, list[FoundDoubt]] = defaultdict(list)
    for doubt in open_doubts:
        by_place[doubt.place].append(doubt)
    codes = Counter(doubt.code for doubt in open_doubts)
    for doubt in open_doubts:
        doubt.alike = 0 if doubt.is_about_name else codes[doubt.code]
    sizes = _group_sizes(state)
    shorts = dict(Unit.objects.exclude(short_name="").values_list("name", "short_name"))
    items = []
    for item in state.items:
        doubts = by_place.pop(item.place, [])
        items.append(_item_row(item, doubts, sizes, shorts))
    loose = [doubt for doubts in by_place.values() for doubt in doubts]
    counts = {
        "leads": len({name for item in state.items for name in item.leads}),
        "supporting": len({name for item in state.items for name in item.supporting}),
        "groups": len({name for item in state.items for name in item.groups}),
        "context": len(state.context),
    }
    tally = Counter(kind_of(doubt) for doubt in open_doubts)
    kinds = [(kind, str(KIND_LABELS[kind]), tally[kind]) for kind in DOUBT_KINDS if tally[kind]]
    return ImportPage(row, state, _lines(state, open_doubts), items, loose, len(open_doubts), counts, kinds)


def kind_of(doubt: FoundDoubt) -> str:
    """What a doubt is about: a key of `DOUBT_KINDS`."""
    return next((kind for kind, codes in DOUBT_KINDS.items() if doubt.code in codes), "layout")


def _group_sizes(state: Corrected) -> dict[str, int]:
    names = group_names()
    used = {name for item in state.items for name in item.groups if name in names}
    return {name: len(units_of_group(names[name])) for name in used}


def _item_row(
    item: FoundItem, doubts: Sequence[FoundDoubt], sizes: dict[str, int], shorts: dict[str, str]
) -> ItemRow:
    doubtful = {doubt.name for doubt in doubts if doubt.name}
    return ItemRow(
        item=item,
        leads=[(shorts.get(name, name), name in doubtful) for name in item.leads],
        supporting=[(shorts.get(name, name), name in doubtful) for name in item.supporting],
        groups=[(name, name in doubtful or name not in sizes, sizes.get(name, 0)) for name in item.groups],
        doubts=list(doubts),
    )


def _lines(state: Corrected, doubts: Sequence[FoundDoubt]) -> list[SourceLine]:
    marks: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for item in state.items:
        for mark in item.marks:
            marks[str(mark["paragraph"]) if mark.get("paragraph") else item.place].append(mark)
    doubtful: dict[str, set[str]] = defaultdict(set)
    for doubt in doubts:
        doubtful[doubt.place].add(doubt.name)
    told = {item.place for item in state.items} | set(marks)
    lines = []
    for at, row in enumerate(state.paragraphs):
        place, text = place_of(row["source"]), row["text"]
        segments = _segments(text, marks.get(place, []), doubtful.get(place, set()))
        shown = row["source"].get("paragraph") or row["source"].get("row")
        line = SourceLine(place, str(shown or at + 1), segments, is_context=place not in told)
        line.is_title = at < 3 and text.replace("\n", "").strip() == state.title.strip()
        line.is_heading = line.is_context and len(text) < 40 and bool(row.get("number"))
        lines.append(line)
    return lines


def _segments(text: str, marks: list[dict[str, Any]], doubtful: set[str]) -> list[Segment]:
    found: list[Segment] = []
    at = 0
    for mark in sorted(marks, key=lambda one: one["start"]):
        css = MARK_CLASSES.get(mark["kind"])
        if css is None or mark["start"] < at or mark["end"] > len(text):
            continue
        if mark["start"] > at:
            found.append(Segment(text[at : mark["start"]]))
        css = "dq" if mark["name"] in doubtful else css
        found.append(Segment(text[mark["start"] : mark["end"]], css))
        at = mark["end"]
    if at < len(text):
        found.append(Segment(text[at:]))
    return found


def group_options() -> list[str]:
    """Names of the pack's unit groups, to choose from."""
    return [group.label.zh for group in current_pack().unit_group.values()]


def imports_open(user_id: UUID | None) -> list[PlanImport]:
    """Imports that can be continued, newest first: everybody's, as the office works on them together."""
    rows = PlanImport.objects.filter(state=PlanImport.State.OPEN).defer("result")
    return list(rows.order_by("-created_at")[:20])
