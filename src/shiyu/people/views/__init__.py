"""The pages of people, by what they are about."""

from shiyu.people.views.accounts import (
    user_detail,
    user_list,
    user_new,
    user_password,
)
from shiyu.people.views.leaving import appointment_end, appointment_handover
from shiyu.people.views.own import absence_end, absence_set, account, password_change
from shiyu.people.views.security import post_roles, security
from shiyu.people.views.signing import locked_out, sign_in, sign_out
from shiyu.people.views.units import unit_detail, unit_list, unit_phone

__all__ = [
    "absence_end",
    "absence_set",
    "account",
    "appointment_end",
    "appointment_handover",
    "locked_out",
    "password_change",
    "post_roles",
    "security",
    "sign_in",
    "sign_out",
    "unit_detail",
    "unit_phone",
    "unit_list",
    "user_detail",
    "user_list",
    "user_new",
    "user_password",
]
