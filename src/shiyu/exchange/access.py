"""Who may make keys for other systems, and as whom a request with such a key acts."""

from dataclasses import replace

from django.utils.translation import gettext as _

from shiyu.exchange.models import Token
from shiyu.kernel.actor import Actor
from shiyu.lib.errors import NotAllowed
from shiyu.people.queries import actor_of


def can(actor: Actor | None, verb: str, thing: Token | None = None) -> bool:
    """Whether the person may: manage_systems (system accounts, webhooks and everybody's tokens), revoke (their own token, or anybody's as system administrator). Everything else is refused."""
    if actor is None or actor.user_id is None:
        return False
    manages = actor.has("users.manage")
    if verb == "manage_systems":
        return manages
    return verb == "revoke" and thing is not None and (manages or thing.user_id == actor.user_id)


def need_manager(actor: Actor | None) -> None:
    """Raises NotAllowed for others than the system administrator."""
    if not can(actor, "manage_systems"):
        raise NotAllowed(_("Only the system administrator connects other systems."))


def actor_through(token: Token) -> Actor:
    """Who acts with a token: its account, with the rights of its posts today and not one more. Its entries in the audit
    name the token."""
    return replace(actor_of(token.user), via=f"token {token.name} ({token.hint}…)")
