"""Fixtures: a pack with two kinds of letters, an office, two departments and their people."""

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from django.test import Client

from shiyu import wiring
from shiyu.kernel.actor import Actor
from shiyu.kernel.spec.pack import Pack
from shiyu.letters.access import connect_subjects
from shiyu.lib import clock
from shiyu.lib.ids import new_id
from shiyu.packs.models import PackVersion
from shiyu.packs.queries import content_of, digest_of
from shiyu.people.models import Unit, User

NOON = dt.datetime(2026, 11, 2, 12)

THING = "tests.thing"
"""Something letters may be about in these tests; nobody else knows it."""


@pytest.fixture(autouse=True)
def things() -> Iterator[None]:
    """Everybody may write about a thing; nobody answers for any other sort of subject here."""
    connect_subjects({THING: lambda actor, binding: None})
    yield
    connect_subjects(wiring.SUBJECTS)


@dataclass
class Small:
    """Units and people of these tests."""

    office: Unit
    water: Unit
    police: Unit
    head: Actor
    clerk: Actor
    water_liaison: Actor
    police_liaison: Actor


def both(text: str) -> dict[str, str]:
    return {"zh": text, "en": text}


def make_pack() -> Pack:
    return Pack.model_validate(
        {
            "pack": {
                "code": "post",
                "name": both("试市"),
                "version": "1",
                "area": "990100000000",
                "office": both("市域办"),
            },
            "seed": {"areas": "seed/areas.csv", "units": "seed/units.csv", "posts": "seed/posts.csv"},
            "calendar": {"hours": [{"start": "09:00", "end": "17:00"}], "years": {}},
            "plan": {},
            "role": {"clerk": {"label": both("文员"), "rights": ["letter.issue"]}},
            "letter": {
                "opinion": {
                    "label": both("征求意见函"),
                    "number": {"pattern": "{{unit}}函〔{{year}}〕{{n}}号"},
                    "reply": {"n": 5},
                },
                "notice": {"label": both("告知函"), "number": {"pattern": "告〔{{year}}〕{{n}}号"}},
            },
        }
    )


def person(name: str, unit: Unit, *rights: str) -> Actor:
    return Actor(user_id=new_id(), name=name, grants={unit.pk: frozenset(rights)}, home_unit_id=unit.pk)


def make_small() -> Small:
    content = content_of(make_pack())
    PackVersion.objects.create(code="post", version="1", digest=digest_of(content), content=content)
    office = Unit.objects.create(code="o", name="市域办", kind="leading_office", protocol_order=1)
    water = Unit.objects.create(code="w", name="市水务局", kind="department", protocol_order=2)
    police = Unit.objects.create(code="p", name="市公安局", kind="department", protocol_order=3)
    return Small(
        office,
        water,
        police,
        person("主任", office, "letter.issue", "instruction.register", "matter.view_all"),
        person("文员", office, "plan.view"),
        person("水务联络员", water, "matter.handle"),
        person("公安联络员", police, "opinion.answer"),
    )


@pytest.fixture
def small(db: None) -> Iterator[Small]:
    with clock.frozen(NOON):
        yield make_small()


@pytest.fixture
def sign_in(
    small: Small, monkeypatch: pytest.MonkeyPatch, files_elsewhere: None
) -> Callable[[Actor], Client]:
    """A client signed in as an actor of the fixture (whose units have no posts)."""
    actors: dict[object, Actor] = {}
    monkeypatch.setattr("shiyu.middleware.actor_of", lambda user: actors[user.pk])

    def enter(actor: Actor) -> Client:
        user, _new = User.objects.get_or_create(
            pk=actor.user_id, defaults={"username": str(actor.user_id), "name": actor.name}
        )
        actors[user.pk] = actor
        client = Client(headers={"accept-language": "zh-hans"})
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return enter
