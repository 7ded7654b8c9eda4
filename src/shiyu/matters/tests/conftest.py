"""Fixtures: the small city at nine thirty on a Monday."""

from collections.abc import Iterator

import pytest

from shiyu.lib import clock
from shiyu.matters.tests.city import MORNING, City, make_city


@pytest.fixture
def city(db: None) -> Iterator[City]:
    with clock.frozen(MORNING):
        yield make_city()
