"""What is measured: the loop, the pages of a town's centre, of its county's and of the city's, and the month's rates."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.db import transaction
from django.test import Client
from django.urls import reverse

from shiyu.bench.matters import by_hand
from shiyu.bench.matters.by_hand import Hand, listed, read
from shiyu.bench.matters.measure import Case
from shiyu.bench.matters.over_http import http_cases
from shiyu.demo.cast import Cast
from shiyu.kernel.actor import Actor
from shiyu.lib import clock
from shiyu.lib.search_text import query_literal
from shiyu.matters import actions
from shiyu.matters.models import Assignment, Matter
from shiyu.matters.views.rates import span_of
from shiyu.people.models import Unit, User

TITLE = "请求修补村道坑洼"
TEXT = "入口路段坑洼积水，雨天骑车容易摔倒，请尽快修补。"
KIND, TOPIC, CLASS = "request", "roads", "help"
WORDS = "边坡裂缝"


@dataclass(frozen=True)
class Office:
    """Who works in the measured town: its centre's desk and head, the unit that handles; and those above."""

    centre: Unit
    clerk: Actor
    head: Actor
    lead: Unit
    officer: Actor
    county: Actor
    city: Actor
    area_id: UUID


def office() -> Office:
    """The first town centre by protocol that has everybody. Raises LookupError where none has."""
    cast = Cast()
    city = cast.office("matter.view_all", "matter.dispatch")
    towns = Unit.objects.filter(kind="centre", area__level="town").select_related("area", "upper_centre")
    for centre in towns.by_protocol():
        clerk = cast.who("matter.dispatch", centre.pk)
        station = Unit.objects.filter(kind="centre", upper_centre=centre).first()
        lead = Unit.objects.filter(area=centre.area, kind="government").first()
        head = cast.who("matter.close", centre.upper_centre_id)
        officer = cast.who("matter.handle", lead.pk) if lead else None
        if clerk and station and lead and head and officer and station.area_id:
            return Office(centre, clerk, clerk, lead, officer, head, city, station.area_id)
    raise LookupError("no town centre with people")


def cases() -> Iterator[Case]:
    """All cases; the first ones write."""
    here = office()
    yield from _writing(here)
    yield from _lists(here)
    yield from _other_pages(here)


# --- writing --------------------------------------------------------------------------------------------------


def _writing(here: Office) -> Iterator[Case]:
    hand = Hand(
        KIND, here.clerk.user_id or here.centre.pk, here.clerk.name, here.centre.pk, here.centre.display_short,
        here.lead.pk, here.lead.display_short, here.area_id, TITLE, TEXT,
    )  # fmt: skip
    yield Case("action.file", lambda: _file(here), hand.file, "action")
    ours, theirs = _ready(lambda: _accepted(here)), _ready(hand.accepted)
    yield Case(
        "action.dispatch", lambda: _dispatch(here, next(ours)), lambda: hand.dispatch(next(theirs)), "action"
    )
    yield Case("action.whole_loop", lambda: _loop(here), hand.whole_loop, "action")
    filed = {
        "kind": KIND, "title": TITLE, "text": TEXT, "source": "hotline", "topic": TOPIC,
        "unit_id": here.centre.pk, "area_id": here.area_id,
    }  # fmt: skip
    yield from http_cases((here.clerk, here.officer, here.county), filed, here.lead.pk, hand, _ready)


def _ready(make: Callable[[], UUID]) -> Iterator[UUID]:
    """Matters made ahead, so that the making is not measured with what is done to them."""
    while True:
        yield from [make() for _one in range(12)]


def _file(here: Office) -> UUID:
    matter = actions.file_matter(
        here.clerk,
        kind=KIND,
        title=TITLE,
        text=TEXT,
        source="hotline",
        unit_id=here.centre.pk,
        topic=TOPIC,
        area_id=here.area_id,
    )
    return matter.pk


def _accepted(here: Office) -> UUID:
    key = _file(here)
    actions.accept_matter(here.clerk, key)
    actions.act_on_matter(here.clerk, key, "sort", sort_class=CLASS)
    return key


def _dispatch(here: Office, key: UUID) -> None:
    actions.dispatch_matter(here.clerk, key, unit_id=here.lead.pk)


def _loop(here: Office) -> None:
    key = _accepted(here)
    _dispatch(here, key)
    held = Assignment.objects.get(matter_id=key, active=True).pk
    actions.acknowledge_assignment(here.officer, key, assignment_id=held)
    actions.complete_assignment(here.officer, key, assignment_id=held, result="已修补。")
    actions.act_on_matter(here.county, key, "close", outcome="done")


# --- pages ----------------------------------------------------------------------------------------------------


def page(actor: Actor, name: str, args: list[Any] | None = None, **query: str) -> Callable[[], bytes]:
    """Opens a page as a person does. Raises RuntimeError where it does not answer 200."""
    address = reverse(name, args=args or [])
    if query:
        address = f"{address}?{urlencode(query)}"
    client = Client(raise_request_exception=True)
    client.force_login(User.objects.get(pk=str(actor.user_id)))

    def open_page() -> bytes:
        response = client.get(address)
        content: bytes = response.getvalue()
        if response.status_code != 200:
            raise RuntimeError(f"{address} answers {response.status_code}")
        return content

    return open_page


def _hand_read(statement: str, actor: Actor, **given: Any) -> Callable[[], Any]:
    return lambda: read(statement, {"units": list(actor.unit_ids), **given})


def _lists(here: Office) -> Iterator[Case]:
    town = here.clerk
    seen, opened = by_hand.SEEN, f"m.is_open AND {by_hand.SEEN}"
    now = clock.now()
    year = now.replace(month=1, day=1, hour=0, minute=0, second=0, microsecond=0)

    def case(name: str, actor: Actor, where: str, order: str = "m.due_at, m.id", **query: str) -> Case:
        statement = listed(where, order)
        return Case(
            name,
            page(actor, "matter_list", None, **query),
            _hand_read(statement, actor, now=now, year=year),
            "page",
        )

    yield case("list.open", town, opened)
    yield case("list.overdue", town, f"{opened} AND m.due_at < %(now)s", due="overdue")
    yield case(
        "list.kind_and_state", town, f"{opened} AND m.kind = 'request' AND m.phase = 'handling'",
        kind="request", phase="handling",
    )  # fmt: skip
    yield case(
        "list.to_dispatch",
        town,
        f"{opened} AND m.phase IN ('filed', 'accepted') AND m.sort_class <> ''",
        wait="dispatch",
    )
    yield case("list.by_lead_unit", town, f"{opened} AND m.unit_id = ANY(%(units)s)", unit=str(here.lead.pk))
    yield case("list.text", town, f"{opened} AND m.title LIKE '%%坑洼%%'", q="坑洼")
    yield case("list.sorted_by_lead", town, opened, sort="lead")
    yield case("list.next_page", town, f"{opened} AND m.due_at > %(now)s", after=_next_page(town))
    yield case(
        "list.closed_this_year", town, f"NOT m.is_open AND m.closed_at >= %(year)s AND {seen}", show="closed"
    )
    yield case("list.open_of_a_unit", here.officer, opened)
    yield case("list.open_of_the_county", here.county, opened)
    yield case("list.open_of_the_city", here.city, "m.is_open")
    yield case(
        "list.closed_of_the_city", here.city, "NOT m.is_open AND m.closed_at >= %(year)s", show="closed"
    )


def _next_page(actor: Actor) -> str:
    """The token of the list's second page; empty where there is only one."""
    found = re.search(rb"[?&;]after=([\w-]+)", page(actor, "matter_list")())
    return found.group(1).decode() if found else ""


def _other_pages(here: Office) -> Iterator[Case]:
    matters = Matter.objects.filter(unit_id=here.centre.pk, kind="dispute")
    for name, matter in (
        ("detail.open", matters.filter(phase="handling").order_by("received_at").first()),
        ("detail.closed", matters.filter(is_open=False).order_by("received_at").first()),
    ):
        if matter is not None:
            yield Case(
                name,
                page(here.clerk, "matter_detail", [matter.pk]),
                _all(by_hand.DETAIL, here.clerk, matter=matter.pk),
                "page",
            )
    yield Case("desk.of_the_centre", page(here.clerk, "desk"), _all(by_hand.DESK, here.clerk), "page")
    yield Case("desk.of_a_unit", page(here.officer, "desk"), _all(by_hand.DESK[:1], here.officer), "page")
    yield Case("desk.of_the_county", page(here.county, "desk"), _all(by_hand.DESK, here.county), "page")
    like = {"query": query_literal(WORDS), "like": f"%{WORDS}%"}
    for name, actor, seen in (("town", here.clerk, by_hand.SEEN), ("city", here.city, "true")):
        statement = by_hand.SEARCH.format(seen=seen)
        yield Case(f"search.{name}", page(actor, "search", q=WORDS), _hand_read(statement, actor, **like))
    month = f"{clock.today():%Y-%m}" if clock.today().day > 15 else _month_before()
    span = span_of(month, "")
    for name, actor in (("town", here.clerk), ("city", here.city)):
        yield Case(
            f"rates.{name}", page(actor, "matter_rates", month=month),
            _all(by_hand.RATES, actor, start=span.start, end=span.end), "rates",
        )  # fmt: skip


def _month_before() -> str:
    return f"{clock.today().replace(day=1) - clock.today().resolution:%Y-%m}"


def _all(statements: tuple[str, ...], actor: Actor, **given: Any) -> Callable[[], Any]:
    bound = {"units": list(actor.unit_ids), **given}

    def work() -> None:
        with transaction.atomic():
            for statement in statements:
                read(statement, bound)

    return work
