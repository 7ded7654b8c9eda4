"""The example city with its rows, and clients of the API."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import settings
from django.http import HttpResponse
from django.test import Client, override_settings
from tests.example_rows import TODAY, Rows, make_rows, rolled_back

from shiyu.exchange.actions import make_token
from shiyu.exchange.models import Scope
from shiyu.lib import clock
from shiyu.people.models import User
from shiyu.people.queries import actor_of

EVERYTHING = tuple(Scope.values)


class ApiClient:
    """Calls the API with a token, in a language."""

    def __init__(self, token: str | None, language: str = "en") -> None:
        self.client = Client(raise_request_exception=True)
        self.headers = {"Accept-Language": language}
        if token is not None:
            self.headers["Authorization"] = f"Bearer {token}"

    def get(self, path: str, **query: Any) -> HttpResponse:
        """GET below /api/v1."""
        return self.client.get(f"/api/v1{path}", query, headers=self.headers)  # type: ignore[return-value]

    def post(self, path: str, body: Any = None, key: str | None = None) -> HttpResponse:
        """POST of a JSON body below /api/v1."""
        headers = self.headers | ({"Idempotency-Key": key} if key else {})
        text = body if isinstance(body, (str, bytes)) else json.dumps(body if body is not None else {})
        return self.client.post(f"/api/v1{path}", text, content_type="application/json", headers=headers)  # type: ignore[return-value]


def with_rows(folder: Any) -> Iterator[Rows]:
    """The example city on its day, with a few rows of every kind; its files lie in `folder`."""
    store = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": folder}}
    with override_settings(STORAGES={**settings.STORAGES, "default": store}):
        made = make_rows()
        with clock.frozen(TODAY):
            yield made


@pytest.fixture(scope="module")
def made(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: Any) -> Iterator[Rows]:
    """Made once for a module and rolled back at its end."""
    with django_db_blocker.unblock(), rolled_back():
        yield from with_rows(tmp_path_factory.mktemp("files"))


@pytest.fixture
def rows(made: Rows, db: None) -> Rows:
    """The rows; what a test changes is taken back."""
    return made


@pytest.fixture
def browser_of(rows: Rows) -> Callable[[str | None], Client]:
    """`browser_of("clerk")` → a client signed in as that person; `browser_of(None)` → nobody."""

    def open_browser(username: str | None) -> Client:
        client = Client()
        if username:
            backend = "django.contrib.auth.backends.ModelBackend"
            client.force_login(User.objects.get(username=username), backend=backend)
        return client

    return open_browser


@pytest.fixture
def token_of(rows: Rows) -> Callable[..., str]:
    """`token_of("clerk", "matters:read")` → the text of a new token of that person; without scopes it has all."""

    def make(username: str, *scopes: str, name: str = "test") -> str:
        actor = actor_of(User.objects.get(username=username))
        return make_token(actor, name=name, scopes=scopes or EVERYTHING, days=30)[1]

    return make


@pytest.fixture
def api_of(token_of: Callable[..., str]) -> Callable[..., ApiClient]:
    """`api_of("clerk")` → a client with that person's token; `api_of(None)` → one without any."""

    def make(username: str | None, *scopes: str, language: str = "en") -> ApiClient:
        return ApiClient(token_of(username, *scopes) if username else None, language)

    return make
