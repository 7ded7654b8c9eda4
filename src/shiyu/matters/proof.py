"""Proof of a matter: kept by those who handle it, served to whoever may see it."""

from collections.abc import Iterable
from uuid import UUID

from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from shiyu.documents.actions import Upload
from shiyu.kernel.actor import Actor
from shiyu.letters.files import file_response, keep_files
from shiyu.lib.errors import NotAllowed, NotVisible
from shiyu.matters.access import SUBJECT, can, options_of
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


def proof_response(actor: Actor, matter: Matter, document_id: UUID) -> HttpResponseBase:
    """A file of the matter as a download, for whoever may see the matter."""
    if not can(actor, "view", matter):
        raise NotVisible(_("There is no such file here."))
    return file_response((SUBJECT, matter.pk), document_id)
