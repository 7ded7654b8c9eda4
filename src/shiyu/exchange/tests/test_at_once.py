"""The same request at the same moment, on connections of their own: what they see is kept, not rolled back."""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection
from tests.example_rows import TODAY, Rows

from shiyu.exchange.tests.conftest import with_rows
from shiyu.exchange.tests.test_changing import problem
from shiyu.lib import clock
from shiyu.matters.models import Matter


@pytest.fixture
def rows(transactional_db: None, tmp_path: Any) -> Iterator[Rows]:
    yield from with_rows(tmp_path)


def test_two_at_the_same_moment_have_one_effect_and_one_answer(rows, api_of) -> None:
    api = api_of("clerk")
    body = json.dumps(problem())

    def send(_n: int) -> tuple[int, bytes]:
        try:
            with clock.frozen(TODAY):
                answer = api.post("/matters", body, key="at-the-same-moment")
            return answer.status_code, answer.content
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        answers = set(pool.map(send, range(4)))
    assert len(answers) == 1 and next(iter(answers))[0] == 201
    assert Matter.objects.filter(title="井盖破损").count() == 1
