"""An edition's way out and back: looking it over, the package, what came back, the issue."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.files.storage import default_storage
from django.db import transaction
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _

from shiyu.documents.actions import store_document
from shiyu.documents.archive import write_archive
from shiyu.lib import clock
from shiyu.lib.errors import Conflict, Refusal, UserError
from shiyu.plans.access import can, need
from shiyu.plans.actions.editions import (
    checked_head,
    issue_edition,
    submit_for_approval,
    take_back_edition,
)
from shiyu.plans.forms.editions import FormalFileForm, IssueForm, ReasonForm
from shiyu.plans.forms.posted import posted
from shiyu.plans.models import Edition
from shiyu.plans.queries.adoptions import unwritten
from shiyu.plans.queries.approval import approval_package
from shiyu.plans.queries.issuing import issue_facts, readiness_of, signer_options
from shiyu.plans.queries.looks import looks_at, silent_units
from shiyu.plans.views.editions import edition_or_404
from shiyu.ui.forms import refuse
from shiyu.ui.sheets import as_download


@login_required
def edition_submit(request: HttpRequest, edition_id: UUID) -> HttpResponse:
    """What to look at before the draft goes out: what stops it, adopted changes not in the text, old deadlines."""
    edition = edition_or_404(request, edition_id)
    need(request.actor, "edit")  # type: ignore[attr-defined]
    error = ""
    if request.method == "POST":
        try:
            sure = request.POST.get("despite_unwritten") == "1"
            submit_for_approval(request.actor, edition.pk, despite_unwritten=sure)  # type: ignore[attr-defined]
            messages.success(
                request, _("The edition is closed for approval. Download the package and hand it in.")
            )
            return redirect("edition_detail", edition.pk)
        except (Refusal, Conflict):
            raise
        except UserError as wrong:
            error = str(wrong)
    elif not edition.is_editable:
        return redirect("edition_detail", edition.pk)
    context = {
        "edition": edition,
        "ready": readiness_of(edition),
        "looks": looks_at(edition),
        "silent": silent_units(edition),
        "unwritten": unwritten(edition),
        "may_run": can(request.actor, "run_opinions"),  # type: ignore[attr-defined]
        "facts": issue_facts(edition),
        "error": error,
    }
    return render(request, "plans/edition_submit.html", context, status=400 if error else 200)


@login_required
def edition_take_back(request: HttpRequest, edition_id: UUID) -> HttpResponse:
    """The approval asked for changes: open the edition again, with what was asked."""
    edition = edition_or_404(request, edition_id)
    need(request.actor, "edit")  # type: ignore[attr-defined]
    form = ReasonForm(*posted(request))
    if request.method == "POST" and form.is_valid():
        take_back_edition(request.actor, edition.pk, form.cleaned_data["reason"])  # type: ignore[attr-defined]
        messages.success(request, _("The edition is a draft again and can be changed."))
        return redirect("edition_detail", edition.pk)
    context = {
        "form": form,
        "title": _("Take the edition back for changes"),
        "submit": _("Take back"),
        "note": edition.plan.title,
        "cancel_url": reverse("edition_detail", args=[edition.pk]),
    }
    return render(request, "ui/form.html", context, status=400 if form.errors else 200)


@login_required
def edition_package(request: HttpRequest, edition_id: UUID) -> HttpResponse:
    """The approval package: the plan in Word, its tables in Excel, the opinions' summary."""
    edition = edition_or_404(request, edition_id)
    need(request.actor, "edit")  # type: ignore[attr-defined]
    files = approval_package(edition)
    name = f"{edition.plan.title}-{_('approval package')}.zip"
    return as_download(write_archive(files, clock.today()), name, "application/zip")


@login_required
def edition_issue(request: HttpRequest, edition_id: UUID) -> HttpResponse:
    """First what came back (number, day, signer), then the formal file and what the issue will fix, to be confirmed.

    `step` says which page was sent: empty the first, "issue" the second, "back" from the second to the first.
    """
    edition = edition_or_404(request, edition_id)
    need(request.actor, "issue")  # type: ignore[attr-defined]
    if edition.state != Edition.State.APPROVAL:
        raise Conflict(_("Only an edition that is out for approval can be issued."))
    form = IssueForm(signer_options(edition), *posted(request))
    step = request.POST.get("step", "")
    if request.method == "POST" and step != "back" and form.is_valid():
        try:
            number, signer = checked_head(edition, **form.head())
        except Refusal:
            raise
        except UserError as error:
            refuse(form, error)
        else:
            head = {**form.head(), "document_number": number, "signer": signer}
            return _confirm(request, edition, form, head)
    return _first_page(request, edition, form, 400 if form.errors and step != "back" else 200)


def _first_page(request: HttpRequest, edition: Edition, form: IssueForm, status: int) -> HttpResponse:
    context = {
        "form": form,
        "title": _("Register what came back from the approval"),
        "submit": _("Next: check and issue"),
        "note": edition.plan.title,
        "cancel_url": reverse("edition_detail", args=[edition.pk]),
    }
    return render(request, "ui/form.html", context, status=status)


def _confirm(request: HttpRequest, edition: Edition, form: IssueForm, head: dict[str, Any]) -> HttpResponse:
    """The second page; with step "issue" and the formal file, the issue itself."""
    is_sent = request.POST.get("step") == "issue"
    file_form = FormalFileForm(*((request.POST, request.FILES) if is_sent else ()))
    if is_sent and file_form.is_valid():
        try:
            with transaction.atomic():  # a refused issue leaves no file behind
                document = store_document(
                    request.actor,  # type: ignore[attr-defined]
                    title=f"{edition.plan.title} {head['document_number']}",
                    kind="formal",
                    upload=file_form.cleaned_data["formal_file"],
                )
                issue_edition(request.actor, edition.pk, formal_document=document, **head)  # type: ignore[attr-defined]
            messages.success(request, _("The edition is issued and in force."))
            return redirect("edition_detail", edition.pk)
        except (Refusal, Conflict):
            raise
        except UserError as error:
            error.field = "formal_file" if error.field == "file" else error.field
            refuse(file_form, error)
    context = {
        "edition": edition,
        "head": head,
        "typed": form.data,
        "form": file_form,
        "facts": issue_facts(edition),
    }
    return render(request, "plans/edition_issue.html", context, status=400 if file_form.errors else 200)


@login_required
def edition_formal_file(request: HttpRequest, edition_id: UUID) -> HttpResponseBase:
    """The formal file, for whoever may see the edition; always as a download."""
    edition = edition_or_404(request, edition_id)
    document = edition.formal_document
    if document is None or document.file is None:
        raise Http404
    stored = default_storage.open(document.file.storage_name)
    return FileResponse(stored, as_attachment=True, filename=document.file_name or document.title)


urlpatterns = [
    path("editions/<uuid:edition_id>/formal-file/", edition_formal_file, name="edition_formal_file"),
    path("editions/<uuid:edition_id>/submit/", edition_submit, name="edition_submit"),
    path("editions/<uuid:edition_id>/take-back/", edition_take_back, name="edition_take_back"),
    path("editions/<uuid:edition_id>/package/", edition_package, name="edition_package"),
    path("editions/<uuid:edition_id>/issue/", edition_issue, name="edition_issue"),
]
