"""Making a meeting pack and keeping it."""

import hashlib
from uuid import UUID

from django.utils.translation import gettext as _

from shiyu.audit.actions import action, record
from shiyu.briefs.access import need, unit_for
from shiyu.briefs.models import MeetingPack
from shiyu.briefs.queries.circular import circular
from shiyu.briefs.queries.locked import facts_of, locked_revision
from shiyu.briefs.queries.pack import archive_name, archive_of, files_of
from shiyu.documents.actions import store_document
from shiyu.documents.models import Document
from shiyu.documents.word import count_characters
from shiyu.kernel.actor import Actor
from shiyu.lib.errors import NotVisible, UserError
from shiyu.periods.models import Period


@action("briefs.make_pack")
def make_pack(actor: Actor, period_id: UUID) -> MeetingPack:
    """Make the meeting pack of a locked month and keep its archive; made already, the kept one is given back.

    Raises NotVisible, NotAllowed; UserError when the month is not locked, or when the circular is longer than the
    cycle allows although what is late is named by number only.
    """
    need(actor, "make")
    period = Period.objects.select_for_update(of=("self",)).filter(pk=period_id).first()
    if period is None:
        raise NotVisible(_("There is no such period."))
    revision = locked_revision(period)
    kept = MeetingPack.objects.filter(revision=revision).select_related("document").first()
    if kept is not None:
        record(kept, {"period": period.code, "revision": revision.number, "made": "before"})
        return kept
    facts = facts_of(period, revision)
    characters = count_characters(circular(facts))
    if characters > facts.narrative_limit:
        raise UserError(
            _(
                "The circular has %(count)s characters, more than the %(limit)s allowed. Shorten its template in "
                "the city pack."
            )
            % {"count": characters, "limit": facts.narrative_limit}
        )
    content = archive_of(facts, files_of(facts))
    document = store_document(
        actor,
        title=archive_name(facts).removesuffix(".zip"),
        kind=Document.Kind.PACKAGE,
        content=content,
        file_name=archive_name(facts),
        unit_id=unit_for(actor),
    )
    made = MeetingPack.objects.create(
        revision=revision,
        document=document,
        sha256=hashlib.sha256(content).hexdigest(),
        characters=characters,
        made_by_id=actor.user_id or document.pk,
    )
    record(made, {"period": period.code, "revision": revision.number, "sha256": made.sha256})
    return made
