"""What may be the same thing told twice: matters of one kind, near each other in place and time, with like words.

Only a suggestion, and only among what the person may see: whoever takes a matter in links or merges it, or leaves it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from shiyu.kernel.actor import Actor
from shiyu.kernel.facts import Option
from shiyu.kernel.limits import local_day
from shiyu.kernel.spec.matters import Kind
from shiyu.lib import clock
from shiyu.lib.search_text import index_words
from shiyu.matters.kinds import kind_named, kind_of, state_label, topic_choices
from shiyu.matters.models import Matter, MatterLink
from shiyu.places.models import Area

COMPARED = 100
"""The newest so many of the same kind, place and time are compared; no page waits for more."""
SHOWN = 5
LEAST = {"topic": 0.15, "place": 0.3, "words": 0.5}
"""The least likeness of the words (0 to 1) where topic and place are the same, the place alone, or neither is known."""


@dataclass(frozen=True)
class Told:
    """What is compared of a matter, filed or about to be. `but` is its own key, once it has one."""

    kind: str
    title: str
    text: str
    at: datetime
    topic: str = ""
    area_id: UUID | None = None
    drill: bool = False
    but: UUID | None = None


@dataclass(frozen=True)
class Alike:
    """A matter that may be the same, why, and what may be done about it here."""

    matter: Matter
    state: str
    why: Sequence[str]
    may_link: bool = False
    may_merge: bool = False

    @property
    def reason(self) -> str:
        """Why, as the reason of a merge that the person may change."""
        return "；".join(self.why)


def alike_to_matter(actor: Actor, matter: Matter, options: Iterable[Option]) -> list[Alike]:
    """What may be the same as an open matter, not linked with it yet, the most alike first. The later one is merged into
    the earlier; `options` are the person's verbs. Four queries at most; none once the matter has ended."""
    if not matter.is_open:
        return []
    told = Told(
        matter.kind,
        matter.title,
        matter.text,
        matter.received_at,
        matter.topic,
        matter.area_id,
        matter.drill,
        matter.pk,
    )
    allowed = {option.verb for option in options if option.allowed}
    linked = _linked(matter)
    return [
        Alike(
            row.matter,
            row.state,
            row.why,
            may_link="link" in allowed,
            may_merge="merge" in allowed and row.matter.is_open and _is_before(row.matter, matter),
        )
        for row in alike(actor, told, kind_of(matter), besides=linked)
    ]


def alike(actor: Actor, told: Told, kind: Kind | None = None, besides: Iterable[UUID] = ()) -> list[Alike]:
    """Matters the person may see that may be the same as what is told, the most alike first, at most five."""
    kind = kind or kind_named(told.kind)
    area = Area.objects.filter(pk=told.area_id).first() if told.area_id else None
    span = timedelta(days=kind.same_days)
    rows = Matter.objects.visible_to(actor).filter(kind=told.kind, drill=told.drill)
    rows = rows.filter(received_at__gte=told.at - span, received_at__lte=told.at + span)
    rows = rows.filter(_near(area) if area else Q(area=None, is_open=True))
    rows = rows.exclude(outcome__in=("merged", "withdrawn"))
    left_out = {*besides, *([told.but] if told.but else [])}
    found = []
    for row in rows.select_related("area").order_by("-received_at", "-pk")[: COMPARED + len(left_out)]:
        if row.pk not in left_out and (judged := _judged(told, row, kind)):
            found.append((judged[0], Alike(row, state_label(row), judged[1])))
    found.sort(key=lambda pair: -pair[0])
    return [line for _share, line in found[:SHOWN]]


def likeness(one: str, other: str) -> float:
    """How alike two texts are, from 0 to 1: the share of their pairs of neighbouring characters that both have (Dice)."""
    mine, theirs = _pairs(one), _pairs(other)
    return 2 * len(mine & theirs) / (len(mine) + len(theirs)) if mine and theirs else 0.0


def _pairs(text: str) -> set[str]:
    """Pairs of characters, and whole words of letters and digits; a single character says too little."""
    return {word for word in index_words(text) if len(word) > 1}


def _judged(told: Told, row: Matter, kind: Kind) -> tuple[float, list[str]] | None:
    """How alike a matter is and why; None where it is not. A sealed account is not compared: place and topic decide."""
    is_topic = bool(told.topic) and row.topic == told.topic
    share = 0.0 if kind.personal else _words_alike(told, row)
    if kind.personal:
        is_alike = is_topic and row.area_id is not None
    else:
        is_alike = (
            share >= LEAST["topic" if is_topic and row.area_id else "place" if row.area_id else "words"]
        )
    return (share, _why(told, row, is_topic, share)) if is_alike else None


def _words_alike(told: Told, row: Matter) -> float:
    """The title alone or with the text: whichever is more alike, since the same title is often told at another length."""
    whole = likeness(f"{told.title}\n{told.text}", f"{row.title}\n{row.text}")
    return max(whole, likeness(told.title, row.title))


def _why(told: Told, row: Matter, is_topic: bool, share: float) -> list[str]:
    why = []
    if row.area is not None:
        words = _("same place: %(place)s") if row.area_id == told.area_id else _("same village: %(place)s")
        why.append(words % {"place": row.area.name})
    if is_topic:
        topic = dict(topic_choices(row.kind)).get(row.topic, row.topic)
        why.append(_("same topic: %(topic)s") % {"topic": topic})
    if share:
        why.append(_("words %(n)s %% alike") % {"n": round(100 * share)})
    apart = abs((local_day(told.at) - local_day(row.received_at)).days)
    days = ngettext("%(n)s day apart", "%(n)s days apart", apart) % {"n": apart}
    why.append(days if apart else _("the same day"))
    return why


def _near(area: Area) -> Q:
    """The same place; within a village, all of that village."""
    deep = area.level in (Area.Level.VILLAGE, Area.Level.GROUP, Area.Level.CELL)
    if not deep:
        return Q(area=area)
    above = area.path.rstrip("/").split("/")
    paths = ["/".join(above[: at + 1]) + "/" for at in range(len(above))]
    village = Area.objects.filter(path__in=paths, level=Area.Level.VILLAGE).first() or area
    return Q(area__in=Area.objects.filter(path__startswith=village.path).order_by().values("pk"))


def _linked(matter: Matter) -> set[UUID]:
    rows = MatterLink.objects.filter(Q(first=matter) | Q(second=matter)).values_list("first_id", "second_id")
    return {pk for pair in rows for pk in pair} - {matter.pk}


def _is_before(one: Matter, other: Matter) -> bool:
    return (one.received_at, str(one.pk)) < (other.received_at, str(other.pk))


def about_to_be_told(kind: str, title: str, text: str, topic: str, area_id: UUID | None, drill: bool) -> Told:
    """What stands in the form of a matter that is being filed now."""
    return Told(kind, title.strip(), text.strip(), clock.now(), topic, area_id, drill)
