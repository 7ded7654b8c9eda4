"""Panels: a later package's section on an earlier one's page."""

from collections.abc import Iterator

import pytest

from shiyu import wiring
from shiyu.ui.panels import Panel, connect_panels, panels_of


@pytest.fixture(autouse=True)
def _put_back() -> Iterator[None]:
    yield
    connect_panels(wiring.PANELS)


def test_each_maker_answers_for_its_subject_and_column() -> None:
    connect_panels(
        {
            "things.thing": (
                lambda actor, row: Panel("a.html", {"row": row}),
                lambda actor, row: Panel("b.html", where="aside") if actor == "clerk" else None,
            )
        }
    )
    shown = panels_of("things.thing", "clerk", 7)
    assert [p.template for p in shown["main"]] == ["a.html"]
    assert shown["main"][0].context == {"row": 7}
    assert [p.template for p in shown["aside"]] == ["b.html"]
    assert panels_of("things.thing", "guest", 7)["aside"] == []
    assert panels_of("things.other", "clerk", 7) == {"main": [], "aside": []}
