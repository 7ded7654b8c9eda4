"""The problem of every pack that has one runs on the engine, with the rights of that pack's own roles."""

import datetime as dt
from pathlib import Path

import pytest
from django.conf import settings

from shiyu.kernel.actor import SYSTEM, Actor
from shiyu.lib import clock
from shiyu.lib.errors import NotAllowed
from shiyu.lib.ids import new_id
from shiyu.matters import actions
from shiyu.matters.tests.city import MORNING, unit
from shiyu.matters.tests.test_actions import prove
from shiyu.packs.actions import load_pack
from shiyu.packs.queries import current_pack
from shiyu.people.models import Unit

PACKS = sorted(
    path.parent
    for path in Path(settings.PACKS).glob("*/pack.yaml")
    if "problem_kind:" in path.read_text(encoding="utf-8")
)


def holder(role: str, home: Unit) -> Actor:
    rights = current_pack().role[role].rights
    return Actor(user_id=new_id(), name=role, grants={home.pk: frozenset(rights)}, home_unit_id=home.pk)


@pytest.mark.django_db
@pytest.mark.parametrize("folder", PACKS, ids=lambda folder: folder.name)
def test_a_problem_goes_from_finding_to_closing(folder: Path) -> None:
    with clock.frozen(MORNING):
        load_pack(SYSTEM, folder)
        office, water = unit("office", "办公室", 1, "leading_office"), unit("water", "水务局", 2)
        clerk, head, liaison = (
            holder("office_clerk", office),
            holder("office_head", office),
            holder("liaison", water),
        )
        pack = current_pack()
        kind = pack.plan.problem_kind
        source = next(iter(pack.codes[pack.kind[kind].sources].values))
        matter = actions.file_matter(
            clerk,
            kind=kind,
            title="排污口未封堵",
            text="现场检查发现",
            source=source,
            unit_id=office.pk,
            lead_unit_id=water.pk,
            happened_on=clock.today(),
            due_at=dt.date(2026, 12, 1),
        )
        assert matter.phase == "handling" and str(2026) in matter.code
        actions.acknowledge_assignment(liaison, matter.pk)
        actions.ask_extension(liaison, matter.pk, until=dt.date(2026, 12, 8), reason="雨季")
        assert actions.decide_extension(head, matter.pk, approve=True).extensions == 1
        prove(matter)
        actions.complete_assignment(liaison, matter.pk, result="已封堵")
        with pytest.raises(NotAllowed):
            actions.verify_matter(liaison, matter.pk)
        actions.verify_matter(clerk, matter.pk)
        assert actions.close_matter(head, matter.pk).outcome == "done"
