"""Who is calling: a bearer token with the scope of the resource. Session cookies open nothing here."""

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja.security import HttpBearer

from shiyu.exchange.access import actor_through
from shiyu.exchange.actions.tokens import (
    PREFIX,
    WRONG_WINDOW,
    known_token,
    must_wait,
    note_use,
    note_wrong,
)
from shiyu.exchange.api.errors import ScopeMissing, TooManyTries, Unauthenticated
from shiyu.exchange.models import Scope, Token
from shiyu.kernel.actor import Actor
from shiyu.lib import clock
from shiyu.lib.requests import client_address

LONGEST = 200
"""Characters of what is looked up as a token at all."""


class ApiRequest(HttpRequest):
    """A request with who is acting and with which token. Only a name for types."""

    actor: Actor
    token: Token


class Bearer(HttpBearer):
    """`Authorization: Bearer shiyu_…`. `scope` is what the token must cover; None asks for a live token only."""

    def __init__(self, scope: Scope | None = None) -> None:
        super().__init__()
        self.scope = scope

    def authenticate(self, request: HttpRequest, token: str) -> Token:
        """The live token of an open account, with `request.actor` set. Raises Unauthenticated, ScopeMissing, and
        TooManyTries for an unknown token from where too many came: a known one works on, whoever shares its address."""
        address = client_address(request)
        found = known_token(token) if len(token) < LONGEST and token.startswith(PREFIX) else None
        if found is None:
            if must_wait(address):
                raise TooManyTries(int(WRONG_WINDOW.total_seconds()))
            note_wrong(address)
            raise Unauthenticated(_("There is no such token."))
        if not found.is_live(clock.now()):
            raise Unauthenticated(_("This token has expired or was revoked; make a new one."))
        if not found.user.is_active:
            raise Unauthenticated(_("The account of this token is closed."))
        if self.scope is not None and self.scope not in found.scopes:
            raise ScopeMissing(self.scope)
        note_use(found, address)
        request.actor = actor_through(found)  # type: ignore[attr-defined]
        request.token = found  # type: ignore[attr-defined]
        return found
