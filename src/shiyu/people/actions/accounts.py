"""Accounts: made by the system administrator, unlocked by the security administrator (GB/T 22239: separate)."""

from uuid import UUID

from axes.utils import reset
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from shiyu.audit.actions import action, record
from shiyu.kernel.actor import Actor
from shiyu.lib.errors import NotVisible, UserError
from shiyu.lib.events import emit
from shiyu.people.access import need
from shiyu.people.actions.handover import open_items
from shiyu.people.actions.passwords import checked, give_password, one_time_password
from shiyu.people.events import PasswordReset
from shiyu.people.models import User
from shiyu.people.queries import actor_of, leaving_altogether


def _user(user_id: UUID) -> User:
    user = User.objects.select_for_update().filter(pk=user_id).first()
    if user is None:
        raise NotVisible(_("There is no such account."))
    return user


@action("people.create_user")
def create_user(actor: Actor, *, username: str, name: str, email: str = "") -> tuple[User, str]:
    """A new account that holds no post yet, and so may do nothing; with its one-time password, shown once."""
    need(actor, "manage_users")
    if User.objects.filter(username__iexact=username).exists():
        raise UserError(_("This sign-in name is taken; choose another."), field="username")
    user = User.objects.create(username=username, name=name, email=email)
    password = one_time_password()
    give_password(user, password, by_person=False)
    record(user, {"username": username, "name": name})
    return user, password


@action("people.create_system_account")
def create_system_account(actor: Actor, *, username: str, name: str) -> User:
    """An account for another system: without a password, so that nobody signs in with it, and without a post, so that
    it may do nothing yet."""
    need(actor, "manage_users")
    if User.objects.filter(username__iexact=username).exists():
        raise UserError(_("This sign-in name is taken; choose another."), field="username")
    user = User(username=username, name=name, kind=User.Kind.SYSTEM)
    user.set_unusable_password()
    user.save(force_insert=True)
    record(user, {"username": username, "name": name, "kind": user.kind})
    return user


@action("people.set_user_active")
def set_user_active(actor: Actor, user_id: UUID, *, active: bool, reason: str) -> User:
    """Close or open an account. Rows about the person stay. Refused while something stands in the person's own name: it
    goes to somebody else with the end of the post (`end_appointment`)."""
    need(actor, "manage_users")
    user = _user(user_id)
    if not reason.strip():
        raise UserError(_("Give a reason."), field="reason")
    if user.pk == actor.user_id and not active:
        raise UserError(_("You cannot close your own account; another administrator must do it."))
    if not active:
        _nothing_open(user)
    user.is_active = active
    user.save(update_fields=["is_active"])
    record(user, {"is_active": active}, reason=reason)
    return user


def _nothing_open(user: User) -> None:
    count = sum(items.count for items in open_items(leaving_altogether(user)))
    if count:
        raise UserError(
            ngettext(
                "%(n)s open item stands in the name of %(name)s; end the posts on this page first, it is handed over there. To shut the account at once, give it a one-time password: sessions and tokens end.",
                "%(n)s open items stand in the name of %(name)s; end the posts on this page first, they are handed over there. To shut the account at once, give it a one-time password: sessions and tokens end.",
                count,
            )
            % {"n": count, "name": user.name}
        )


@action("people.reset_password")
def reset_password(actor: Actor, user_id: UUID) -> tuple[User, str]:
    """Give an account a one-time password, shown once; its sessions and API tokens end, and it must be changed at
    sign-in.

    Not one's own, and not another administrator's: who could do that would hold two of the three posts. These are
    given on the server (`shiyu reset-password`).
    """
    need(actor, "manage_users")
    user = _user(user_id)
    if user.pk == actor.user_id:
        raise UserError(_("Change your own password under “My account”."))
    if user.is_system:
        raise UserError(_("Another system's account has no password; it works with a token."))
    if not actor.is_system and actor_of(user).is_administrator:
        raise UserError(
            _("An administrator's password is given on the server, with the command shiyu reset-password.")
        )
    password = one_time_password()
    give_password(user, password, by_person=False)
    record(user, {"password": "changed"})
    emit(PasswordReset(user.pk, actor.name))
    return user, password


@action("people.change_password")
def change_password(actor: Actor, *, old: str, new: str) -> User:
    """Change one's own password. Refused where the old one is wrong or the new one may not be used."""
    user = _user(actor.user_id) if actor.user_id else None
    if user is None or not user.check_password(old):
        raise UserError(_("The old password is not right."), field="old")
    give_password(user, checked(new, user), by_person=True)
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
def unlock_sign_in(actor: Actor, *, username: str = "", address: str = "") -> int:
    """End the lock of an account or of an address after failed sign-ins; returns how many records were dropped."""
    need(actor, "manage_security")
    if not username and not address:
        raise UserError(_("Choose what to unlock."))
    count = int(reset(username=username or None, ip=address or None))
    user = User.objects.filter(username=username).first()
    record(user, {"username": username, "address": address, "locks": count})
    return count


@action("people.sign_in")
def note_sign_in(actor: Actor, *, address: str) -> None:
    """Record that a person signed in, and from where (GB/T 22239: audit of sign-ins)."""
    record(User(pk=actor.user_id), {"address": address})


@action("people.sign_out")
def note_sign_out(actor: Actor) -> None:
    """Record that a person signed out."""
    record(User(pk=actor.user_id))


@action("people.fail_sign_in")
def note_failed_sign_in(actor: Actor, *, username: str, address: str) -> None:
    """Record a wrong try. A name that is no account is not kept: people type passwords into the wrong field."""
    user = User.objects.filter(username=username).first()
    record(user, {"username": user.username if user else "?", "address": address})
