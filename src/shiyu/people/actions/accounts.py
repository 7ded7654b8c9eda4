"""Accounts: made by the system administrator, unlocked by the security administrator (GB/T 22239: separate)."""

from uuid import UUID

from axes.utils import reset
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from shiyu.audit.actions import action, record
from shiyu.kernel.actor import Actor
from shiyu.lib import clock
from shiyu.lib.errors import NotAllowed, NotVisible, UserError
from shiyu.people.access import can
from shiyu.people.models import User


def _need(actor: Actor, verb: str) -> None:
    if not can(actor, verb):
        raise NotAllowed(_("Your posts do not include this right."))


def _user(user_id: UUID) -> User:
    user = User.objects.select_for_update().filter(pk=user_id).first()
    if user is None:
        raise NotVisible(_("There is no such account."))
    return user


def _checked(password: str, user: User) -> str:
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise UserError(" ".join(error.messages), field="password") from error
    return password


@action("people.create_user")
def create_user(actor: Actor, *, username: str, name: str, password: str, email: str = "") -> User:
    """A new account that holds no post yet, and so may do nothing."""
    _need(actor, "manage_users")
    if User.objects.filter(username=username).exists():
        raise UserError(_("This sign-in name is taken; choose another."), field="username")
    user = User(username=username, name=name, email=email, password_changed_at=clock.now())
    user.set_password(_checked(password, user))
    user.save()
    record(user, {"username": username, "name": name})
    return user


@action("people.set_user_active")
def set_user_active(actor: Actor, user_id: UUID, *, active: bool, reason: str) -> User:
    """Close or open an account. Rows about the person stay."""
    _need(actor, "manage_users")
    user = _user(user_id)
    if not reason.strip():
        raise UserError(_("Give a reason."), field="reason")
    if user.pk == actor.user_id and not active:
        raise UserError(_("You cannot close your own account; another administrator must do it."))
    user.is_active = active
    user.save(update_fields=["is_active"])
    record(user, {"is_active": active}, reason=reason)
    return user


@action("people.reset_password")
def reset_password(actor: Actor, user_id: UUID, *, password: str) -> User:
    """Give an account a new password, told to the person by the administrator."""
    _need(actor, "manage_users")
    user = _user(user_id)
    user.set_password(_checked(password, user))
    user.password_changed_at = None  # must be changed by the person
    user.save(update_fields=["password", "password_changed_at"])
    record(user, {"password": "changed"})
    return user


@action("people.change_password")
def change_password(actor: Actor, *, old: str, new: str) -> User:
    """Change one's own password. Refused where the old one is wrong or the new one too weak."""
    user = _user(actor.user_id) if actor.user_id else None
    if user is None or not user.check_password(old):
        raise UserError(_("The old password is not right."), field="old")
    user.set_password(_checked(new, user))
    user.password_changed_at = clock.now()
    user.save(update_fields=["password", "password_changed_at"])
    record(user, {"password": "changed"})
    return user


@action("people.set_language")
def set_language(actor: Actor, *, language: str) -> User:
    """The language a person wants notices in."""
    if actor.user_id is None:
        raise NotVisible(_("There is no such account."))
    user = _user(actor.user_id)
    user.language = language
    user.save(update_fields=["language"])
    record(user, {"language": language})
    return user


@action("people.unlock_sign_in")
def unlock_sign_in(actor: Actor, *, username: str) -> int:
    """End a lock-out after failed sign-ins; returns how many locks were lifted."""
    _need(actor, "manage_security")
    count = int(reset(username=username))
    user = User.objects.filter(username=username).first()
    record(user, {"username": username, "locks": count})
    return count
