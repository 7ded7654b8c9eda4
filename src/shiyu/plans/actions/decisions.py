"""Meeting decisions as duties (heard from meetings, in the same transaction)."""

from shiyu.meetings.events import DecisionRecorded
from shiyu.plans.models import Duty


def make_decision_duties(event: DecisionRecorded) -> None:
    """NOW handler: a decision is a duty of its lead and supporting units from the moment it is entered."""
    roles = [(event.lead_unit_id, Duty.Role.LEAD)]
    roles += [(key, Duty.Role.SUPPORTING) for key in event.supporting_unit_ids]
    Duty.objects.bulk_create(
        [
            Duty(decision_id=event.decision_id, unit_id=unit_id, role=role, due_on=event.due_on)
            for unit_id, role in roles
        ]
    )
