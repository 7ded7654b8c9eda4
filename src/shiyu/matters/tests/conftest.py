"""Fixtures: the small city at nine thirty on a Monday."""

from collections.abc import Callable, Iterator

import pytest
from django.test import Client

from shiyu.kernel.actor import Actor
from shiyu.lib import clock
from shiyu.matters.tests.city import MORNING, City, make_city
from shiyu.people.models import User

SignIn = Callable[[Actor], Client]


@pytest.fixture
def city(db: None) -> Iterator[City]:
    with clock.frozen(MORNING):
        yield make_city()


@pytest.fixture
def sign_in(city: City, monkeypatch: pytest.MonkeyPatch, files_elsewhere: None) -> Iterator[SignIn]:
    """A client signed in as an actor of the small city (which has no posts)."""
    actors: dict[object, Actor] = {}
    monkeypatch.setattr("shiyu.middleware.actor_of", lambda user: actors[user.pk])

    def enter(actor: Actor) -> Client:
        user, _new = User.objects.get_or_create(
            pk=actor.user_id, defaults={"username": str(actor.user_id)[:20] + actor.name, "name": actor.name}
        )
        actors[user.pk] = actor
        client = Client(headers={"accept-language": "zh-hans"})
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        return client

    yield enter


def text_of(response) -> str:  # type: ignore[no-untyped-def]
    """A page as text."""
    return response.content.decode()
