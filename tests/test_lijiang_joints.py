"""Where two parts of the Lijiang pack's city meet: what one does, the other knows."""

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import transaction

from shiyu import wiring
from shiyu.exchange.actions import subscribe
from shiyu.exchange.actions.tokens import make_system_account
from shiyu.exchange.models import Delivery
from shiyu.lib import clock
from shiyu.matters.events import OrdersImported
from shiyu.matters.models import Matter
from shiyu.people.models import Post
from shiyu.seeding import load_city
from shiyu.surge.models import SurgeMatter
from tests.test_lijiang import LIJIANG, at, unit
from tests.test_lijiang_orders import BEIJING, CITY_ROW, taken
from tests.test_lijiang_surge import ELSEWHERE, START, opened, person, place

OTHER_ROW = CITY_ROW.replace("HL20261101001", "HL20261101002").replace("古城区,大研街道", "玉龙纳西族自治县,黄山街道").replace("金沙社区,金沙社区活动室旁", ",路口")  # fmt: skip


@pytest.fixture(scope="module")
def loaded(django_db_setup: None, django_db_blocker) -> Iterator[None]:  # type: ignore[no-untyped-def]
    """Lijiang in the database, once for the module; everything is rolled back at its end."""
    with django_db_blocker.unblock(), clock.frozen(START):
        outer = transaction.atomic()
        outer.__enter__()
        load_city(LIJIANG, password=None)
        yield
        transaction.set_rollback(True)
        outer.__exit__(None, None, None)


@pytest.fixture
def lijiang(loaded: None, db: None, settings, tmp_path) -> Iterator[None]:  # type: ignore[no-untyped-def]
    """The loaded pack on a morning; what a test changes is taken back."""
    store = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": tmp_path}}
    settings.STORAGES = {**settings.STORAGES, "default": store}
    with clock.frozen(START):
        yield


def imported(*rows: str) -> UUID:
    """A table of the hotline, taken over by the city's desk."""
    batch = taken(person("city_head", "city_centre"), "city_hotline", BEIJING, *rows)
    assert batch.new == len(rows)
    return batch.pk


# --- tables of orders: surge and webhooks ------------------------------------------------------------------------


def test_what_comes_as_a_table_enters_the_responses_of_its_kind_and_place(lijiang: None) -> None:
    here = opened(kinds=["request", "hazard"])
    other = opened(at("yl_centre", "centre_head"), area_ids=[place(ELSEWHERE)], kinds=["hazard"])
    imported(CITY_ROW, OTHER_ROW)
    mine = Matter.objects.get(orders__number="HL20261101001")
    rows = SurgeMatter.objects.filter(surge__in=[here, other])
    assert [(row.surge_id, row.matter_id, row.found) for row in rows] == [(here.pk, mine.pk, False)]
    assert rows[0].first_due_at > rows[0].entered_at == clock.now()


def test_an_exercise_takes_nothing_of_a_table_and_an_ended_response_neither(lijiang: None) -> None:
    opened(kinds=["request"], drill=True, title="演练")
    with clock.frozen(START - timedelta(days=30)):
        opened(kinds=["request"])
    imported(CITY_ROW)
    assert not SurgeMatter.objects.exists()


def subscribed(code: str, role: str) -> None:
    """A system in a post of a unit, told of tables."""
    post = Post.objects.filter(unit=unit(code), roles__contains=[role]).order_by("code")[0]
    admin = person("system_admin", "city_centre")
    user = make_system_account(admin, username=f"sys-{code}", name="热线平台", post_id=post.pk)
    subscribe(admin, user_id=user.pk, url="https://hotline.example.cn/news", events=["orders.imported"])


def test_other_systems_are_told_once_of_a_table_with_ids_only(lijiang: None, settings: Any) -> None:
    settings.WEBHOOK_HOSTS = ["hotline.example.cn"]
    subscribed("city_centre", "city_head")
    subscribed("gc02_centre", "centre_head")
    subscribed("gc03_centre", "centre_head")  # nothing of the table lies there
    batch = imported(CITY_ROW, OTHER_ROW)
    hears = [tell for tell in wiring.LATER[OrdersImported] if tell.__module__.startswith("shiyu.exchange")]
    for tell in hears:
        tell({"batch_id": str(batch), "source": "热线", "units": [["x", 1]]})
    told = {row.subscription.user.username: json.loads(row.body) for row in Delivery.objects.all()}
    assert set(told) == {"sys-city_centre", "sys-gc02_centre"}
    assert all(set(said) == {"id", "event", "at", "batch_id", "unit_ids", "phase"} for said in told.values())
    both = sorted(str(unit(code).pk) for code in ("gc02_centre", "yl01_centre"))
    assert told["sys-city_centre"]["unit_ids"] == both
    assert told["sys-gc02_centre"]["unit_ids"] == [str(unit("gc02_centre").pk)]
    assert told["sys-city_centre"]["batch_id"] == str(batch)
