"""Passwords: what a new one must be, when one is due, how one is given (GB/T 22239-2019, identity)."""

import secrets
import string
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import check_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from shiyu.lib import clock
from shiyu.lib.errors import UserError
from shiyu.people.models import OldPassword, User

# Letters and digits nobody mistakes for each other when they are read aloud or copied from paper.
_PLAIN = "".join(c for c in string.ascii_letters + string.digits if c not in "0O1lI")
INITIAL, OLD = "initial", "old"


class ManyKinds:
    """Validator: at least `least` of lower case, upper case, digits and other signs."""

    def __init__(self, least: int = 3) -> None:
        self.least = least

    def validate(self, password: str, user: User | None = None) -> None:
        """Raises ValidationError with what is missing."""
        kinds = [str.islower, str.isupper, str.isdigit, lambda sign: not sign.isalnum()]
        if sum(any(kind(sign) for sign in password) for kind in kinds) < self.least:
            raise ValidationError(self.get_help_text(), code="password_too_plain")

    def get_help_text(self) -> str:
        """What the form says beforehand."""
        return _(
            "Use at least %(n)s of these four: lower-case letters, capital letters, digits, other signs."
        ) % {"n": self.least}


class NotUsedBefore:
    """Validator: not the present password and none of the last ones (`PASSWORD_HISTORY`)."""

    def validate(self, password: str, user: User | None = None) -> None:
        """Raises ValidationError where the person had this password; a new account has none."""
        if user is None or not isinstance(user, User) or user._state.adding:
            return
        last = user.old_passwords.order_by("-used_until").values_list("password", flat=True)
        for had in (user.password, *last[: settings.PASSWORD_HISTORY]):
            if check_password(password, had):
                raise ValidationError(self.get_help_text(), code="password_used_before")

    def get_help_text(self) -> str:
        """What the form says beforehand."""
        count = settings.PASSWORD_HISTORY
        text = ngettext(
            "It must not be your present password or the one before.",
            "It must not be your present password or one of the last %(n)s.",
            count,
        )
        return text % {"n": count}


class NotTheDemos:
    """Validator: the demo's password stands in public documents and is good for nothing else."""

    def validate(self, password: str, user: User | None = None) -> None:
        """Raises ValidationError for the demo's password."""
        if password == settings.DEMO_PASSWORD and not settings.DEMO:
            raise ValidationError(self.get_help_text(), code="password_of_the_demo")

    def get_help_text(self) -> str:
        """What the form says beforehand."""
        return _("The demo's password works in a demo only.")


def checked(password: str, user: User) -> str:
    """The password, where it may be the user's; else `UserError` with every reason."""
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise UserError(" ".join(error.messages), field="password") from error
    return password


def give_password(user: User, raw: str, *, by_person: bool) -> None:
    """Set a password and keep the old one's hash. One that the person did not choose must be changed at sign-in."""
    if user.has_usable_password() and user.password:
        OldPassword.objects.create(user=user, password=user.password)
    stale = user.old_passwords.order_by("-used_until").values("pk")[settings.PASSWORD_HISTORY :]
    OldPassword.objects.filter(pk__in=list(stale.values_list("pk", flat=True))).delete()
    user.set_password(raw)
    user.password_changed_at = clock.now() if by_person else None
    user.save(update_fields=["password", "password_changed_at"])


def one_time_password() -> str:
    """A password of three groups of four, to be told once and changed at the first sign-in (about 68 bits)."""
    while True:
        word = "-".join("".join(secrets.choice(_PLAIN) for _n in range(4)) for _m in range(3))
        try:
            ManyKinds(4).validate(word)
        except ValidationError:
            continue
        return word


def why_due(user: Any) -> str:
    """Why the password must be changed now: `INITIAL`, `OLD`, or "" where it need not be. Demos are exempt."""
    if settings.DEMO:
        return ""
    if user.password_changed_at is None:
        return INITIAL
    limit = timedelta(days=settings.PASSWORD_DAYS)
    return OLD if limit and clock.now() - user.password_changed_at > limit else ""
