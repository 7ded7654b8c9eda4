"""The work of a city, made through the actions that people use: fixed seed, injected clock, today at its end."""

import random
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path

from shiyu.demo.agenda import Agenda
from shiyu.demo.cast import Cast
from shiyu.demo.centres import Centres
from shiyu.demo.doubles import Doubles
from shiyu.demo.holders import Holders
from shiyu.demo.letters import Letters
from shiyu.demo.material import Material, read_material
from shiyu.demo.mediations import Mediations
from shiyu.demo.office import Office, read_notices
from shiyu.demo.orders import Orders
from shiyu.demo.posts import Posts, give_phones
from shiyu.demo.problems import Problems
from shiyu.demo.reports import Reports
from shiyu.demo.scenes import Scenes
from shiyu.demo.sessions import Sessions
from shiyu.demo.surges import Surges
from shiyu.lib import clock
from shiyu.packs.queries import current_calendar, one_pack
from shiyu.plans.models import Edition

PROBLEMS = 46
MATTERS = 190
MOST_DAYS = timedelta(days=330)
"""The year goes back no further than this, whatever day the demo is built on: 3,000 actions are the most."""
HALF_A_YEAR = timedelta(days=182)


def simulate(folder: Path, today: datetime, tell: Callable[[date], None] = lambda month: None) -> None:
    """Play the work of the pack up to `today` (a moment), telling of each month that begins: a pack with plans plays the year of its newest edition in
    force, one without them half a year at the centres that its kinds are worked by."""
    dice = random.Random(20200101)
    with one_pack():
        newest = (
            Edition.objects.filter(state=Edition.State.ISSUED, plan__parent=None)
            .order_by("-issued_on")
            .first()
        )
        agenda, material = Agenda(today, current_calendar()), read_material(folder)
        if newest is None:
            _half_a_year(agenda, material, dice)
        else:
            _year(agenda, material, dice, newest)
        agenda.run(tell)


def _year(agenda: Agenda, material: Material, dice: random.Random, newest: Edition) -> None:
    a_year = (agenda.until - MOST_DAYS).date()
    start = max(newest.issued_on, a_year) if newest.issued_on else a_year
    with clock.frozen(agenda.moment(start, 9)):
        cast = Cast()
    first, last = agenda.calendar.add_workdays(start, 2), (agenda.until - timedelta(days=3)).date()
    Holders(agenda, cast, dice).schedule()
    Reports(agenda, cast, material, dice).schedule(first)
    Problems(agenda, cast, material, dice).schedule(first, last, PROBLEMS)
    Office(agenda, cast, material, dice).schedule(first)


def _half_a_year(agenda: Agenda, material: Material, dice: random.Random) -> None:
    first, last = (agenda.until - HALF_A_YEAR).date(), (agenda.until - timedelta(days=2)).date()
    with clock.frozen(agenda.moment(first, 9)):
        centres = Centres(agenda, Cast(), material, dice)
        give_phones(centres.cast, material.phones)
    centres.schedule(first, last, MATTERS if material.matters else 0)
    Scenes(centres).schedule()
    Mediations(centres).schedule()
    Doubles(centres).schedule()
    Surges(centres).schedule()
    Sessions(centres).schedule()
    Letters(centres).schedule()
    Orders(centres).schedule()
    Posts(centres).schedule()
    agenda.at(agenda.moment(agenda.workday_before(1), 8), read_notices)
