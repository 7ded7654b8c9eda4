"""One decision of a meeting: what it asks, of whom, by when, and what was done."""

from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from shiyu.documents.models import Attachment
from shiyu.documents.queries import is_attached
from shiyu.documents.serving import file_response
from shiyu.lib.errors import NotAllowed, NotVisible, Refusal, UserError
from shiyu.lib.requests import WorkRequest
from shiyu.matters.access import can as can_matter
from shiyu.matters.queries.letters import writing_unit
from shiyu.matters.views.letters import cut_words
from shiyu.meetings import actions
from shiyu.meetings.access import SUBJECT_DECISION, can, kind_of_meeting, visible_decision
from shiyu.meetings.forms import RULED, ResultForm
from shiyu.meetings.models import Decision
from shiyu.meetings.queries.decisions import followed, with_letters
from shiyu.meetings.queries.meetings import matter_words
from shiyu.meetings.views.meetings import blame
from shiyu.packs.queries import current_pack


@require_http_methods(["GET", "POST"])
@login_required
def decision_detail(request: WorkRequest, decision_id: UUID) -> HttpResponse:
    """A decision, for its units and for who sees its meeting; the lead unit says here what was done."""
    actor = request.actor
    decision = visible_decision(actor, decision_id)
    is_sent = request.method == "POST"
    if is_sent and not can(actor, "complete", decision):
        raise NotAllowed(_("Only the unit that carries it out says what was done."))
    form = ResultForm(*((request.POST, request.FILES) if is_sent else ()))
    if is_sent and form.is_valid():
        try:
            given = form.cleaned_data
            actions.complete_decision(actor, decision_id, result=given["result"], files=given["proof"])
        except Refusal:
            raise
        except UserError as error:
            blame(form, error)
        else:
            messages.success(request, _("What was done is entered; the next meeting opens with it."))
            return redirect("decision_detail", decision_id)
    return _show(request, decision, form)


def _show(request: WorkRequest, decision: Decision, form: ResultForm) -> HttpResponse:
    actor, spec, matter = request.actor, kind_of_meeting(decision.meeting), decision.matter
    rows = with_letters(Decision.objects.select_related("meeting", "lead_unit").filter(pk=decision.pk))
    known = followed(rows)[0]
    is_own = decision.ruling == "measure" and spec is not None and spec.decisions == "record"
    proof = Attachment.objects.filter(subject_type=SUBJECT_DECISION, subject_id=decision.pk)
    context = {
        "decision": decision,
        "known": known,
        "ruled": RULED.get(decision.ruling, decision.ruling) if matter else "",
        "matter": matter,
        "matter_words": matter_words(matter, may_name=True) if matter else "",
        "may_open": matter is not None and can_matter(actor, "view", matter),
        "may_see_meeting": can(actor, "view", decision.meeting),
        "may_complete": is_own and decision.done_on is None and can(actor, "complete", decision),
        "letter_url": _letter_url(request, decision) if known.state != "done" else "",
        "supporting": list(decision.supporting_units.by_protocol()),
        "proof": list(proof.select_related("document").order_by("created_at", "id")),
        "form": form,
    }
    return render(request, "meetings/decision_detail.html", context, status=422 if form.errors else 200)


def _letter_url(request: WorkRequest, decision: Decision) -> str:
    """Where the decided letter is drafted, with the decision's words in it, for who issues letters; empty for others."""
    if decision.ruling != "letter" or decision.letter_kind not in current_pack().letter:
        return ""
    matter = decision.matter
    if matter is None or not can_matter(request.actor, "view", matter):
        return ""
    if writing_unit(request.actor, matter) is None:
        return ""
    draft = reverse("matter_letter", args=[decision.matter_id, decision.letter_kind])
    return f"{draft}?{urlencode({'words': cut_words(decision.text)})}"


@require_GET
@login_required
def decision_file(request: WorkRequest, decision_id: UUID, document_id: UUID) -> HttpResponseBase:
    """A file of a decision, for whoever may see the decision."""
    decision = visible_decision(request.actor, decision_id)
    if not is_attached(document_id, SUBJECT_DECISION, decision.pk):
        raise NotVisible(_("There is no such file."))
    row = Attachment.objects.select_related("document__file").get(
        subject_type=SUBJECT_DECISION, subject_id=decision.pk, document_id=document_id
    )
    return file_response(row.document)
