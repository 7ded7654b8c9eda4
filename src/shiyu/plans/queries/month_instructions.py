"""Leaders' instructions (批示) as a month is locked with them: followed up, never scored; no figure counts them."""

from datetime import date
from typing import Any

from shiyu.letters.models import Instruction
from shiyu.letters.queries import instructions_of_month
from shiyu.lib import clock
from shiyu.periods.actions import RowInput
from shiyu.periods.models import Period

INSTRUCTION = "letters.instruction"


def instruction_rows(period: Period) -> list[RowInput]:
    """Those given or answered in the month, and those still to be answered on its last day; units by protocol.
    Their shape stands in shiyu.plans.actions.locking. One query."""
    rows = instructions_of_month(period.starts_on, period.ends_on)
    return [
        RowInput(INSTRUCTION, row.pk, at, _data(row, period.ends_on)) for at, row in enumerate(rows, start=1)
    ]


def _data(row: Instruction, last: date) -> dict[str, Any]:
    replied_on = clock.local(row.replied_at).date() if row.replied_at else None
    answered = replied_on is not None and replied_on <= last
    return {
        "unit_id": str(row.unit_id),
        "unit": row.unit.name,
        "short": row.unit.display_short,
        "leader_post": row.leader_post,
        "instructed_on": row.instructed_on.isoformat(),
        "subject_type": row.subject_type,
        "subject_id": str(row.subject_id),
        "subject_title": row.subject_title,
        "text": row.text,
        "reply_by": row.reply_by.isoformat() if row.reply_by else None,
        "replied_on": replied_on.isoformat() if replied_on and answered else None,
        "reply": row.reply if answered else "",
        "is_late": row.reply_by is not None and row.reply_by <= last and not answered,
    }
