"""What may be the same thing told twice, while a matter is being filed: a note beside the form, never in its way."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from shiyu.letters.views.pages import actor_of, page
from shiyu.lib.errors import NotAllowed
from shiyu.matters.forms import kind_choices
from shiyu.matters.kinds import default_kind, filed_kinds
from shiyu.matters.queries.doubles import Alike, about_to_be_told, alike

LONGEST = 4000


@require_POST
@never_cache
@page
def matter_alike(request: HttpRequest) -> HttpResponse:
    """The note for what stands in the form now; by POST, so that no word of it stands in an address or a log."""
    actor = actor_of(request)
    if not actor.has("matter.file"):
        raise NotAllowed(_("Your post does not file matters."))
    kind = request.GET.get("kind") or default_kind(filed_kinds())
    if kind not in dict(kind_choices()):
        raise Http404
    words = {name: request.POST.get(name, "")[:LONGEST] for name in ("title", "text", "topic")}
    told = about_to_be_told(
        kind,
        **words,
        area_id=_uuid(request.POST.get("area_id", "")),
        drill=request.GET.get("drill") == "1",
    )
    found: list[Alike] = alike(actor, told) if told.title or told.topic else []
    return render(request, "matters/_alike_note.html", {"alike": found})


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
