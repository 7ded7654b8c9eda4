"""The printed forms of a matter: each with one click, all in one archive; with personal data only after a reason."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import content_disposition_header
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from shiyu.letters.views.pages import actor_of, page
from shiyu.lib.errors import Refusal, UserError
from shiyu.matters.access import visible_matter
from shiyu.matters.actions.parties import open_sealed
from shiyu.matters.queries.prints import Opened, forms_of, printed

TYPES = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "zip": "application/zip",
}


@require_http_methods(["GET", "POST"])
@never_cache
@page
def matter_print(request: HttpRequest, matter_id: UUID, form: str) -> HttpResponse:
    """A form of the matter as a file, masked; by POST with a `reason`, which is recorded, in full."""
    actor, opened = actor_of(request), None
    matter = visible_matter(actor, matter_id)
    if form != "all" and form not in forms_of(matter):
        raise Http404
    if request.method == "POST":
        try:
            opened = Opened(*open_sealed(actor, matter_id, reason=request.POST.get("reason", "")))
        except Refusal:
            raise
        except UserError as error:
            messages.error(request, str(error))
            return redirect("matter_detail", matter_id)
    name, body = printed(matter, form, opened)
    answer = HttpResponse(body, content_type=TYPES[name.rsplit(".", 1)[1]])
    answer["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    return answer
