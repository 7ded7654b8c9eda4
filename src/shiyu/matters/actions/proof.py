"""Proof of a matter, kept by those who handle it."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from shiyu.documents.actions import Upload
from shiyu.kernel.actor import Actor
from shiyu.letters.actions import keep_files
from shiyu.lib.errors import NotAllowed
from shiyu.matters.access import SUBJECT, options_of
from shiyu.matters.models import Matter

HANDLES = ("note", "complete", "acknowledge", "follow_up")
"""Who may do one of these now may add proof."""


def may_attach(matter: Matter, actor: Actor) -> bool:
    """Whether the person may hang proof on the matter now."""
    return any(option.allowed and option.verb in HANDLES for option in options_of(matter, actor))


def keep_proof(actor: Actor, matter: Matter, uploads: Iterable[Upload], *, link: str = "") -> int:
    """Hangs files (and a link) on the matter; returns how many. Raises NotAllowed for others than the handlers."""
    uploads = list(uploads)
    if not uploads and not link:
        return 0
    if not may_attach(matter, actor):
        raise NotAllowed(_("Proof is added by the units that handle the matter."))
    return keep_files(actor, (SUBJECT, matter.pk), uploads, link=link)
