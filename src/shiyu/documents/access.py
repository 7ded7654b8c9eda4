"""Who may do what with documents and boxes."""

from shiyu.documents.models import Box, Document
from shiyu.kernel.actor import Actor


def can(actor: Actor | None, verb: str, thing: Document | Box | None = None) -> bool:
    """Whether `actor` may `verb`: view, download (a document), manage (boxes). Everything else is refused.

    A document that hangs on a task, matter or report is served by that thing's own page after its own check; here
    only its owner, who uploaded it, and those who see all evidence may open it.
    """
    if actor is None:
        return False
    if verb == "manage":
        return actor.has("evidence.manage")
    if verb == "view_boxes":
        return actor.has("plan.view")
    if verb == "view" and isinstance(thing, Document):
        mine = thing.unit_id in actor.unit_ids or thing.uploaded_by_id == actor.user_id
        return mine or actor.has("evidence.view_all") or actor.has("evidence.manage")
    return False
