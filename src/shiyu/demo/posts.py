"""A centre whose head is away and whose desk changes hands: who stands in, and what goes on with the successor."""

from collections.abc import Mapping
from functools import partial

from shiyu.demo.cast import Cast
from shiyu.demo.centres import Centres
from shiyu.lib import clock
from shiyu.people.actions import HandTo, appoint, create_user, end_appointment, set_absence
from shiyu.people.actions.units import set_unit_phone
from shiyu.people.models import Appointment
from shiyu.people.queries import actor_of

AWAY = 10  # calendar days
REASON = "派驻轮换"


def give_phones(cast: Cast, phones: Mapping[str, str]) -> None:
    """The public numbers of the centres, each entered by its own head."""
    for code, phone in phones.items():
        unit = cast.unit(code)
        set_unit_phone(cast.at(unit, "matter.approve"), unit.pk, phone=phone)


class Posts:
    """Plays it at a centre that nobody is invited to sign in at, at the end of the last workday but one."""

    def __init__(self, centres: Centres) -> None:
        self.agenda, self.cast = centres.agenda, centres.cast
        towns = [unit.pk for unit in centres.towns if unit not in centres.toured]
        rows = Appointment.objects.filter(post__unit__in=towns, valid_to=None).select_related("post", "user")
        held: dict[object, list[Appointment]] = {}
        for row in rows.order_by("post__unit__protocol_order", "post__unit__code", "post__protocol_order"):
            held.setdefault(row.post.unit_id, []).append(row)
        self.pair = next((found[:2] for found in held.values() if len(found) > 1), None)

    def schedule(self) -> None:
        """On the last workday before today; nothing where no centre has two people."""
        if self.pair:
            moment = self.agenda.moment(self.agenda.workday_before(1), 17, 30)
            self.agenda.at(moment, partial(self._change, *self.pair))

    def _change(self, head: Appointment, desk: Appointment) -> None:
        """The head leaves for some days and names the desk; the desk's last day is today, its successor begins."""
        today = clock.local(self.agenda.until).date()
        admin = self.cast.office("users.manage", "people.manage")
        set_absence(actor_of(head.user), deputy_id=desk.user_id, valid_from=today, days=AWAY)
        name = f"{desk.user.name}（接任）"
        successor, _password = create_user(admin, username=f"{desk.user.username}-2", name=name)
        appoint(admin, post_id=desk.post_id, user_id=successor.pk, valid_from=today)
        end_appointment(admin, desk.pk, last_day=today, hand_to=HandTo(successor.pk, REASON))
