"""Offices and people for the duties of the department that the demo's tour leads through."""

from shiyu.demo.cast import Cast
from shiyu.people.models import Appointment
from shiyu.plans.actions.duties import hold_duty
from shiyu.plans.models import Duty

MOST = 33


def name_holders(cast: Cast) -> None:
    """The liaison of each department that has a tour names office and person for most of the duties it leads."""
    toured = Appointment.objects.exclude(user__tour_zh="").select_related("post__unit", "user")
    for row in toured:
        unit = row.post.unit
        liaison = cast.who("duty.assign", unit.pk)
        offices = list(unit.children.filter(kind="office").order_by("protocol_order"))
        if liaison is None or not offices:
            continue
        duties = Duty.objects.filter(
            unit=unit, task__edition__superseded_on=None, task__edition__state="issued"
        )
        for number, duty in enumerate(duties.order_by("role", "task__position")[:MOST]):
            office = offices[number % len(offices)]
            head = Appointment.objects.filter(post__unit=office, valid_to=None).select_related("user").first()
            if number % 7 != 6:  # one in seven stays without a person: the blind-spot report shows it
                hold_duty(liaison, duty.pk, office.pk, head.user_id if head else None)
            else:
                hold_duty(liaison, duty.pk, office.pk, None)
        return
