"""schemathesis calls every resource by the API's own description: no failure of the server, and answers as described.

A reader and an officer who may change things; few examples each, so that it stays under a minute. What an example
changes is undone behind it."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from django.utils.translation import gettext, override
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import checks as known
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from tests.example_rows import Rows, taken_back

from shiyu.exchange.api import api
from shiyu.exchange.models import Scope

pytestmark = pytest.mark.django_db


@pytest.fixture
def one_connection() -> Iterator[None]:
    """The WSGI handler closes its connection after a request, and with it the test's transaction: not here."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


READING = tuple(scope for scope in Scope.values if scope.endswith(":read"))
CHECKS = [
    known.not_a_server_error,
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
]


@pytest.mark.parametrize(
    ("person", "scopes", "examples"), [("leader", READING, 6), ("clerk", tuple(Scope.values), 8)]
)
def test_every_resource_answers_as_described(
    person, scopes, examples, rows: Rows, token_of: Any, one_connection: None
) -> None:
    description = json.loads(json.dumps(api.get_openapi_schema(), default=str))
    for _path, methods in description["paths"].items():
        for details in methods.values():
            for one in details["parameters"]:
                if (
                    one["in"] == "path" and one["name"] == "matter_id"
                ):  # one that is there, or the rest is never reached
                    one["schema"] = {"enum": [str(rows["matter"]), "00000000-0000-0000-0000-000000000000"]}
    schema = schemathesis.openapi.from_dict(description)
    schema.app = get_wsgi_application()
    headers = {"Authorization": f"Bearer {token_of(person, *scopes)}"}
    called = set()
    for found in schema.get_all_operations():
        operation = found.ok()

        def call(case: Any) -> None:
            with taken_back():
                case.call_and_validate(headers=headers, checks=CHECKS)
            called.add(case.operation.label)

        limits = settings(max_examples=examples, deadline=None, database=None, derandomize=True,
                          phases=[Phase.generate], suppress_health_check=list(HealthCheck))  # fmt: skip
        call_with_examples(operation, limits, call)
    assert len(called) == sum(len(methods) for methods in description["paths"].values())


def call_with_examples(operation: Any, limits: settings, call: Any) -> None:
    """Runs `call` over examples of an operation."""

    @limits
    @given(case=operation.as_strategy())
    def run(case: Any) -> None:
        call(case)

    run()


def test_every_resource_is_described_in_both_languages() -> None:
    for _path, _method, operation in api.operations():
        about = " ".join(operation.description.split())
        with override("zh-hans"):
            assert gettext(about) != about, about
