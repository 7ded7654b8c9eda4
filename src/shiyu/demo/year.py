"""A year of work, made through the actions that people use: fixed seed, injected clock, today at its end."""

import random
from datetime import datetime, timedelta
from pathlib import Path

from shiyu.demo.agenda import Agenda
from shiyu.demo.cast import Cast
from shiyu.demo.holders import Holders
from shiyu.demo.material import read_material
from shiyu.demo.office import Office
from shiyu.demo.problems import Problems
from shiyu.demo.reports import Reports
from shiyu.lib import clock
from shiyu.packs.queries import current_calendar, one_pack
from shiyu.plans.models import Edition

PROBLEMS = 46
MOST_DAYS = timedelta(days=330)
"""The year goes back no further than this, whatever day the demo is built on: 3,000 actions are the most."""


def simulate(folder: Path, today: datetime) -> None:
    """Play the year of the newest edition in force up to `today` (a moment)."""
    dice = random.Random(20200101)
    with one_pack():
        newest = (
            Edition.objects.filter(state=Edition.State.ISSUED, plan__parent=None)
            .order_by("-issued_on")
            .first()
        )
        a_year = (today - MOST_DAYS).date()
        start = max(newest.issued_on, a_year) if newest and newest.issued_on else a_year
        agenda = Agenda(today, current_calendar())
        with clock.frozen(agenda.moment(start, 9)):
            cast = Cast()
        material = read_material(folder)
        first = agenda.calendar.add_workdays(start, 2)
        Holders(agenda, cast, dice).schedule()
        Reports(agenda, cast, material, dice).schedule(first)
        Problems(agenda, cast, material, dice).schedule(first, (today - timedelta(days=3)).date(), PROBLEMS)
        Office(agenda, cast, material, dice).schedule(first)
        agenda.run()
