"""The demo's doubles: something told twice is merged into the first, or linked to it."""

import random
from datetime import timedelta

import pytest

from shiyu.demo.agenda import Agenda
from shiyu.demo.cast import Cast
from shiyu.demo.centres import Centres
from shiyu.demo.doubles import Doubles
from shiyu.demo.material import read_material
from shiyu.lib import clock
from shiyu.matters.models import Matter, MatterLink
from shiyu.packs.queries import current_calendar
from shiyu.seeding import load_city
from tests.test_lijiang import LIJIANG, TODAY


@pytest.mark.django_db
def test_doubles_are_merged_and_linked() -> None:
    with clock.frozen(TODAY - timedelta(days=90)):
        load_city(LIJIANG, password=None)
        agenda = Agenda(TODAY, current_calendar())
        centres = Centres(agenda, Cast(), read_material(LIJIANG), random.Random(1))
    Doubles(centres).schedule()
    agenda.run()
    merged = MatterLink.objects.filter(sort="merged").select_related("first", "second")
    assert merged.count() == 3 and MatterLink.objects.filter(sort="related").count() == 1
    assert {row.second.outcome for row in merged} == {"merged"}
    assert not Matter.objects.filter(pk__in=merged.values("first_id"), outcome="merged").exists()
