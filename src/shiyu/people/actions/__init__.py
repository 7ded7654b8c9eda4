"""Changes to units, posts and accounts."""

from shiyu.people.actions.accounts import (
    change_password,
    create_system_account,
    create_user,
    note_failed_sign_in,
    note_sign_in,
    note_sign_out,
    reset_password,
    set_language,
    set_user_active,
    unlock_sign_in,
)
from shiyu.people.actions.functions import import_functions
from shiyu.people.actions.handover import HandTo
from shiyu.people.actions.posts import appoint, end_absence, end_appointment, set_absence, set_post_roles
from shiyu.people.actions.seed import import_people, import_units

__all__ = [
    "HandTo",
    "appoint",
    "change_password",
    "create_system_account",
    "create_user",
    "end_absence",
    "end_appointment",
    "import_functions",
    "import_people",
    "import_units",
    "note_failed_sign_in",
    "note_sign_in",
    "note_sign_out",
    "reset_password",
    "set_absence",
    "set_language",
    "set_post_roles",
    "set_user_active",
    "unlock_sign_in",
]
