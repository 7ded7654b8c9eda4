"""LJ11 and LJ12 of Lijiang: what is solved at which level, who takes part, and the loop appraised by rates; each fails
when its stanza is taken out of the pack."""

import shutil
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from shiyu.lib import clock
from shiyu.lib.errors import NotAllowed
from shiyu.matters import actions, jobs
from shiyu.matters.access import intake_units
from shiyu.matters.models import Matter
from shiyu.packs.queries import current_pack
from shiyu.seeding import load_city
from tests.test_lijiang import FAILS, LIJIANG, TODAY, at, filing, sent, stanza, unit
from tests.test_luzhou import Cut, without

do = actions.VERB_ACTIONS


def lj12() -> None:
    """Whoever works with the offices files and supports within their rights; the loop ends followed up, and is
    appraised by rates of units, never of persons."""
    partner, centre = at("gc02_volunteers", "partner"), unit("gc02_centre")
    assert intake_units(partner) == [centre.pk]
    told = actions.file_matter(partner, **(filing() | {"source": "partner", "unit_id": centre.pk}))
    assert (told.source, told.filed_unit, told.unit) == ("partner", unit("gc02_volunteers"), centre)
    with pytest.raises(NotAllowed):
        actions.accept_matter(partner, told.pk)
    matter = sent("gc02_justice", "gc02_volunteers", topic="family")
    assert Matter.objects.visible_to(partner).filter(pk=matter.pk).exists()
    with pytest.raises(NotAllowed):
        do["sort"](partner, matter.pk, sort_class="small")
    for code, role in (("gc02_volunteers", "partner"), ("gc02_justice", "handler")):
        held = matter.assignments.get(unit__code=code)
        officer = at(code, role)
        actions.acknowledge_assignment(officer, matter.pk, assignment_id=held.pk)
        actions.complete_assignment(officer, matter.pk, result="已劝和", assignment_id=held.pk)
    head = at("gc02_centre", "centre_head")
    actions.verify_matter(head, matter.pk)
    closed = actions.close_matter(head, matter.pk, outcome="agreement")
    assert closed.follow_ups.exists(), "struck off, then followed up"
    assert closed.due_at is not None and closed.closed_at is not None and closed.closed_at <= closed.due_at
    kind = current_pack().kind["dispute"]
    assert kind.false_closure_days is not None, "appraised: what comes up again counts as falsely closed"


def lj11() -> None:
    """A town's overdue matter goes up to the county, also where nobody checks it."""
    matter = sent("gc02_mc", topic="family")
    officer = at("gc02_mc", "handler")
    actions.acknowledge_assignment(officer, matter.pk)
    actions.complete_assignment(officer, matter.pk, result="已劝和")
    from_now = TODAY + timedelta(days=40)
    with clock.frozen(from_now):
        assert jobs.climb_by_rule(TODAY, from_now) >= 1
    matter.refresh_from_db()
    assert (matter.phase, matter.unit) == ("verifying", unit("gc_centre"))


STANZAS: dict[str, tuple[Callable[[], None], Cut]] = {
    "lj11_climb": (lj11, stanza("kinds/dispute.yaml", "climb")),
    "lj12_false_closure": (lj12, without("kinds/dispute.yaml", r"^    false_closure_days: 60$", "")),
    "lj12_partner": (lj12, without("codes.yaml", r"^      partner: .*$", "")),
    "lj12_the_partners_role": (lj12, stanza("roles.yaml", "partner", 2)),
}


@pytest.mark.parametrize("row", [lj11, lj12])
def test_the_row_holds(row: Callable[[], None], db: None) -> None:
    with clock.frozen(TODAY):
        load_city(LIJIANG, password=None)
        row()


@pytest.mark.parametrize("name", STANZAS)
def test_without_its_stanza_the_row_fails(name: str, db: None, tmp_path: Path) -> None:
    row, cut = STANZAS[name]
    folder = Path(shutil.copytree(LIJIANG, tmp_path / "lijiang"))
    cut(folder)
    with clock.frozen(TODAY), pytest.raises((*FAILS,)):  # noqa: PT012 - loading or the row, either may refuse
        load_city(folder, password=None)
        row()
