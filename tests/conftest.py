"""The example city, loaded through the real loader, with people to sign in as."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import Client

from shiyu.kernel.actor import Actor
from shiyu.people.models import User
from shiyu.people.queries import actor_of
from shiyu.seeding import load_city

ROOT = Path(__file__).resolve().parent.parent
PASSWORD = "an-example-password-1"


@pytest.fixture
def city(db: None) -> None:
    """packs/example in the database."""
    load_city(ROOT / "packs" / "example", password=PASSWORD)


@pytest.fixture
def person(city: None):  # type: ignore[no-untyped-def]
    """`person("clerk")` → the Actor of a person of the example city."""

    def find(username: str) -> Actor:
        return actor_of(User.objects.get(username=username))

    return find


@pytest.fixture
def browser_of(city: None):  # type: ignore[no-untyped-def]
    """`browser_of("clerk")` → a client signed in as that person; `browser_of(None)` → nobody."""

    def open_browser(username: str | None) -> Client:
        client = Client(raise_request_exception=True)
        if username:
            client.force_login(
                User.objects.get(username=username), backend="django.contrib.auth.backends.ModelBackend"
            )
        return client

    return open_browser


@pytest.fixture(scope="session")
def open_folder() -> Iterator[Path]:
    """A passing folder that PostgreSQL's own user may enter as well; pytest closes its folders to all others."""
    with tempfile.TemporaryDirectory(prefix="shiyu-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        yield folder
