"""Changes to units, posts and accounts."""

from shiyu.people.actions.accounts import (
    change_password,
    create_user,
    reset_password,
    set_language,
    set_user_active,
    unlock_sign_in,
)
from shiyu.people.actions.functions import import_functions
from shiyu.people.actions.posts import appoint, end_appointment, set_absence, set_post_roles
from shiyu.people.actions.seed import import_people, import_units

__all__ = [
    "appoint",
    "change_password",
    "create_user",
    "end_appointment",
    "import_functions",
    "import_people",
    "import_units",
    "reset_password",
    "set_absence",
    "set_language",
    "set_post_roles",
    "set_user_active",
    "unlock_sign_in",
]
