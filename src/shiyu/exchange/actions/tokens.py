"""Tokens of the HTTP API: made and shown once, kept as a keyed hash, known again, revoked."""

import secrets
from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from shiyu.audit.actions import action, record
from shiyu.exchange.access import can, need_manager
from shiyu.exchange.models import Scope, Token, TokenTry
from shiyu.kernel.actor import Actor
from shiyu.lib import clock
from shiyu.lib.errors import NotAllowed, NotVisible, UserError
from shiyu.lib.vault import the_vault
from shiyu.people.actions import appoint, create_system_account
from shiyu.people.events import PasswordReset
from shiyu.people.models import User

PREFIX = "shiyu_"
"""Begins every token, so that one that got into a file or a message is found."""
HINT = len(PREFIX) + 4
LONGEST_DAYS = 366
MOST_LIVE = 20
"""Live tokens of one account."""
WRONG_WINDOW = timedelta(minutes=30)
"""How long an address waits after too many wrong tokens (`ADDRESS_FAILURE_LIMIT`, as at the sign-in page)."""
USE_NOTED_EVERY = timedelta(minutes=1)


@action("exchange.make_token")
def make_token(
    actor: Actor, *, name: str, scopes: Sequence[str], days: int, user_id: UUID | None = None
) -> tuple[Token, str]:
    """A new token of one's own account, or (`user_id`) of a system's account; for `days` calendar days, 1 to 366.

    Returns it with its text, which is shown once and kept nowhere. Raises NotAllowed for another person's account,
    UserError without a name or a scope.
    """
    user = _owner(actor, user_id)
    chosen = [code for code in Scope.values if code in scopes]
    if not name.strip():
        raise UserError(_("Give the token a name."), field="name")
    if not chosen or set(scopes) - set(Scope.values):
        raise UserError(_("Choose what the token may be used for."), field="scopes")
    if not 1 <= days <= LONGEST_DAYS:
        raise UserError(_("A token lives from 1 to 366 days."), field="days")
    if live_tokens(user).count() >= MOST_LIVE:
        raise UserError(_("This account has 20 tokens in use; revoke one that is not needed."))
    text = PREFIX + secrets.token_urlsafe(32)
    token = Token.objects.create(
        user=user,
        name=name.strip()[:60],
        hint=text[:HINT],
        trace=trace_of(text),
        scopes=chosen,
        made_by_id=_signed_in(actor),
        made_at=clock.now(),
        expires_at=clock.now() + timedelta(days=days),
    )
    record(token, {"name": token.name, "hint": token.hint, "account": user.username, "scopes": chosen,
                   "expires_at": token.expires_at})  # fmt: skip
    return token, text


@action("exchange.make_system_account")
def make_system_account(actor: Actor, *, username: str, name: str, post_id: UUID) -> User:
    """An account for another system in a post, from today: what it may do is what the pack lets that post do."""
    need_manager(actor)
    user = create_system_account(actor, username=username, name=name)
    appoint(actor, post_id=post_id, user_id=user.pk, valid_from=clock.today())
    record(user, {"username": username, "post": post_id})
    return user


@action("exchange.revoke_token")
def revoke_token(actor: Actor, token_id: UUID) -> Token:
    """Ends a token at once: one's own, or anybody's as system administrator."""
    token = Token.objects.select_for_update(of=("self",)).select_related("user").filter(pk=token_id).first()
    if token is None or not can(actor, "revoke", token):
        raise NotVisible(_("There is no such token."))
    if token.revoked_at is not None:
        raise UserError(_("This token was revoked already."))
    token.revoked_at, token.revoked_by_name = clock.now(), actor.name
    token.save(update_fields=["revoked_at", "revoked_by_name"])
    record(token, {"name": token.name, "hint": token.hint, "revoked": True})
    return token


def revoke_all_tokens(event: PasswordReset) -> None:
    """An account whose password was set anew may be in wrong hands: its tokens end with its sessions (wiring.NOW)."""
    tokens = Token.objects.filter(user_id=event.user_id, revoked_at=None)
    tokens.update(revoked_at=clock.now(), revoked_by_name=event.by_name[:60])


def live_tokens(user: User) -> QuerySet[Token]:
    """The tokens of an account that open something now."""
    return Token.objects.filter(user=user, revoked_at=None, expires_at__gt=clock.now())


def trace_of(text: str) -> str:
    """The keyed hash under which a token is found again; without the key of the settings it cannot be made."""
    return the_vault().trace(text, "token")


def known_token(text: str) -> Token | None:
    """The token of a text, live or not, with its account; None for one that never was."""
    return Token.objects.filter(trace=trace_of(text)).select_related("user").first()


def note_wrong(address: str) -> None:
    """Counts a token that never was against the address it came from."""
    TokenTry.objects.create(address=address[:60])


def must_wait(address: str) -> bool:
    """Whether so many wrong tokens came from an address in the last half hour that an unknown one is told to wait."""
    since = clock.now() - WRONG_WINDOW
    return (
        TokenTry.objects.filter(address=address[:60], at__gte=since).count() >= settings.ADDRESS_FAILURE_LIMIT
    )


def note_use(token: Token, address: str) -> None:
    """Writes down when and from where a token was used, at most once a minute."""
    now = clock.now()
    due = Q(last_used_at=None) | Q(last_used_at__lt=now - USE_NOTED_EVERY)
    Token.objects.filter(due, pk=token.pk).update(last_used_at=now, last_address=address[:60])


def _signed_in(actor: Actor) -> UUID:
    if actor.user_id is None or actor.via:  # no token makes another one
        raise NotAllowed(_("A token is made by a person who is signed in."))
    return actor.user_id


def _owner(actor: Actor, user_id: UUID | None) -> User:
    """Whose token it will be."""
    if user_id is None or user_id == actor.user_id:
        return User.objects.select_for_update().get(pk=_signed_in(actor))
    need_manager(actor)
    user = User.objects.select_for_update().filter(pk=user_id).first()
    if user is None or not user.is_active:
        raise NotVisible(_("There is no such account."))
    if not user.is_system:
        raise NotAllowed(_("Everybody makes their own tokens; here only those of systems are made."))
    return user
