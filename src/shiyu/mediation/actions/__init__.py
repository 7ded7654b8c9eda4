"""Changes of mediation, one function a verb."""

from shiyu.mediation.actions.after import (
    record_confirmation,
    record_look_back,
    tell_remedies,
)
from shiyu.mediation.actions.ending import conclude_agreement, end_without_agreement, write_terms
from shiyu.mediation.actions.opening import add_side, open_mediation, record_consent, remove_side
from shiyu.mediation.actions.papers import OpenSide, open_sides
from shiyu.mediation.actions.pool import add_holder, end_holder, import_holders
from shiyu.mediation.actions.talks import (
    choose_holders,
    plan_sitting,
    record_danger,
    tell_police,
    write_sitting,
)

__all__ = [
    "OpenSide",
    "add_holder",
    "add_side",
    "choose_holders",
    "conclude_agreement",
    "end_holder",
    "end_without_agreement",
    "import_holders",
    "open_mediation",
    "open_sides",
    "plan_sitting",
    "record_confirmation",
    "record_consent",
    "record_danger",
    "record_look_back",
    "remove_side",
    "tell_police",
    "tell_remedies",
    "write_sitting",
    "write_terms",
]
