"""The import page: hand in, look at source and result side by side, settle doubts, correct, take over."""

import json
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from shiyu.lib.errors import Refusal, UserError
from shiyu.people.models import Unit
from shiyu.plans.access import need
from shiyu.plans.actions.imports import discard_import, edit_import, read_document
from shiyu.plans.actions.take_over import AsEdition, AsGuideline, take_over_import
from shiyu.plans.forms.imports import BECOMES, ItemForm, ReadForm, TakeOverForm
from shiyu.plans.forms.posted import posted
from shiyu.plans.models import Plan, PlanImport
from shiyu.plans.queries.corrections import corrected
from shiyu.plans.queries.import_pages import group_options, import_page, imports_open
from shiyu.ui.forms import refuse
from shiyu.ui.sheets import as_download


def _import_or_404(request: HttpRequest, import_id: UUID) -> PlanImport:
    need(request.actor, "import")  # type: ignore[attr-defined]
    row = PlanImport.objects.filter(pk=import_id).first()
    if row is None:
        raise Http404
    return row


@login_required
def plan_import_new(request: HttpRequest) -> HttpResponse:
    """Hand in a file or paste text. What is refused gets one sentence, status 400, and leaves nothing."""
    actor = request.actor  # type: ignore[attr-defined]
    need(actor, "import")
    form = ReadForm(*posted(request, files=True))
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data["file"]
        try:
            if given is not None:
                row = read_document(actor, given.name, given.read())
            else:
                row = read_document(actor, _("Pasted text"), form.cleaned_data["text"])
            return redirect("plan_import", row.pk)
        except Refusal:
            raise
        except UserError as error:
            if given is None:
                error.field = "text"
            refuse(form, error)
    context = {"form": form, "open_imports": imports_open(actor.user_id)}
    return render(request, "plans/import_new.html", context, status=400 if form.errors else 200)


@login_required
def plan_import(request: HttpRequest, import_id: UUID) -> HttpResponse:
    """Source left, result right. `?item=` opens an item for correction, `?show=doubts|context` narrows,
    `&kind=` to doubts of one kind."""
    row = _import_or_404(request, import_id)
    return _page(request, row)


def _page(
    request: HttpRequest, row: PlanImport, form: ItemForm | None = None, status: int = 200
) -> HttpResponse:
    page = import_page(row)
    show, kind = request.GET.get("show", ""), request.GET.get("kind", "")
    editing = page.state.item(request.GET.get("item", "")) if row.state == PlanImport.State.OPEN else None
    if editing and form is None:
        form = ItemForm(initial=_initial(editing))
    context = {
        "row": row,
        "page": page,
        "show": show,
        "kind": kind,
        "shown": page.narrowed(kind) if show == "doubts" else page.items,
        "editing": editing,
        "form": form,
        "is_open": row.state == PlanImport.State.OPEN,
        "units": Unit.objects.in_force().exclude(kind="office").by_protocol(),
        "groups": group_options(),
        "halves": _halves(editing.text) if editing else ("", ""),
    }
    return render(request, "plans/import_page.html", context, status=status)


def _initial(item: Any) -> dict[str, Any]:
    return {
        "text": item.text,
        "leads": "、".join(item.leads),
        "supporting": "、".join(item.supporting),
        "groups": "、".join(item.groups),
        "deadline_kind": item.deadline.get("kind", "none"),
        "date": item.deadline.get("date"),
        "every": item.deadline.get("every") or "",
    }


def _halves(text: str) -> tuple[str, str]:
    """A first guess where to cut: after the sentence mark nearest to the middle."""
    cuts = [at + 1 for at, mark in enumerate(text[:-1]) if mark in "。；;，"] or [len(text) // 2]
    cut = min(cuts, key=lambda at: abs(at - len(text) / 2))
    return text[:cut], text[cut:]


@login_required
@require_POST
def plan_import_edit(request: HttpRequest, import_id: UUID) -> HttpResponse:
    """One correction: `op` says which. Goes back to the place it was made at."""
    row = _import_or_404(request, import_id)
    try:
        edit = _edit_of(request, row)
    except Refusal:
        raise
    except UserError as error:
        messages.error(request, str(error))
        return redirect(_back(request, row))
    if isinstance(edit, ItemForm):
        return _page(request, row, edit, status=400)
    try:
        edit_import(request.actor, row.pk, edit)  # type: ignore[attr-defined]
    except Refusal:
        raise
    except UserError as error:
        messages.error(request, str(error))
        return redirect(_back(request, row))
    if edit["op"] == "task":
        return redirect(f"{reverse('plan_import', args=[row.pk])}?item=c{edit['context']}")
    if edit["op"] == "settle":
        row.refresh_from_db()
        return redirect(_back(request, row, import_page(row).next_open(request.POST.get("at", ""))))
    return redirect(_back(request, row))


def _back(request: HttpRequest, row: PlanImport, place: str = "") -> str:
    """The page as it was narrowed, at an item; after settling a doubt that is the next one with a doubt."""
    kept = {key: value for key in ("show", "kind") if (value := request.POST.get(key))}
    place = place or request.POST.get("item") or request.POST.get("at") or ""
    query = f"?{urlencode(kept)}" if kept else ""
    return f"{reverse('plan_import', args=[row.pk])}{query}#item={place}"


def _edit_of(request: HttpRequest, row: PlanImport) -> dict[str, Any] | ItemForm:
    """The posted correction, or the form with its errors."""
    post, op = request.POST, request.POST.get("op", "")
    item = corrected(row.result, row.edits).item(post.get("item", ""))
    if op == "change":
        form = ItemForm(post)
        if item is None:
            raise UserError(_("This item is no longer there; somebody changed it. Reload the page."))
        return form.as_edit(item.id, item.deadline) if form.is_valid() else form
    if op == "split":
        first = post.get("first", "").replace("\r\n", "\n")
        at = len(first.rstrip("\n")) if item and item.text.startswith(first.rstrip("\n")) else 0
        return {"op": op, "item": post.get("item", ""), "at": at}
    if op == "settle":
        number = post.get("doubt", "")
        return {
            "op": op,
            "doubt": int(number) if number.isascii() and number.isdigit() else 0,
            "choice": "seen" if post.get("choice") == "alike" else post.get("choice", ""),
            "value": post.get("value", "").strip(),
            **({"alike": True} if post.get("choice") == "alike" else {}),
        }
    if op in ("merge", "context"):
        return {"op": op, "item": post.get("item", "")}
    if op == "task":
        return {"op": op, "context": post.get("context", "")}
    if op == "undo":
        return {"op": op}
    raise UserError(_("This correction is not known."))


@login_required
def plan_import_json(request: HttpRequest, import_id: UUID) -> HttpResponse:
    """The result, corrections included, as the command `read-plan --json` writes it."""
    row = _import_or_404(request, import_id)
    content = json.dumps(corrected(row.result, row.edits).to_json(), ensure_ascii=False, indent=2)
    return as_download(content.encode(), f"{row.title}.json", "application/json; charset=utf-8")


@login_required
def plan_import_take(request: HttpRequest, import_id: UUID) -> HttpResponse:
    """Take over as a guideline, as a draft edition, or as both: `?what=` says which and shows only its fields."""
    row = _import_or_404(request, import_id)
    state = corrected(row.result, row.edits)
    what = (request.POST if request.method == "POST" else request.GET).get("what", "")
    if what not in BECOMES:  # text with units in it is a plan rather than a guideline
        what = "edition" if any(item.leads for item in state.items) else "guideline"
    form = TakeOverForm(what, *posted(request), title=row.title, number=state.document_number[:60])
    if request.method == "POST" and form.is_valid():
        try:
            guideline, edition = _wanted(what, form.cleaned_data)
            taken = take_over_import(request.actor, row.pk, guideline=guideline, edition=edition)  # type: ignore[attr-defined]
            messages.success(request, _("The document is taken over."))
            if taken.edition_id:
                return redirect("edition_detail", taken.edition_id)
            return redirect("guideline_detail", taken.guideline_id)
        except Refusal:
            raise
        except UserError as error:
            refuse(form, error)
    context = {
        "row": row,
        "form": form,
        "what": what,
        "becomes": BECOMES.items(),
        "item_count": len(state.items),
        "cancel_url": reverse("plan_import", args=[row.pk]),
    }
    return render(request, "plans/import_take.html", context, status=400 if form.errors else 200)


def _wanted(what: str, data: dict[str, Any]) -> tuple[AsGuideline | None, AsEdition | None]:
    guideline = edition = None
    if what != "edition":
        guideline = AsGuideline(
            title=data["guideline_title"],
            level=data["level"],
            issuer=data["issuer"],
            document_number=data["document_number"],
            year=data["year"],
        )
    if what != "guideline":
        how, _colon, plan = data["target"].partition(":")
        edition = AsEdition(
            title=data["plan_title"],
            year=data["year"],
            plan_id=UUID(plan) if how == "next" else None,
            kind=Plan.Kind.SUB_PLAN if how == "below" else Plan.Kind.RESPONSIBILITY,
            parent_id=UUID(plan) if how == "below" else None,
            guideline_id=UUID(data["guideline"]) if data.get("guideline") else None,
        )
    return guideline, edition


@login_required
@require_POST
def plan_import_discard(request: HttpRequest, import_id: UUID) -> HttpResponse:
    """Give the import up."""
    row = _import_or_404(request, import_id)
    discard_import(request.actor, row.pk)  # type: ignore[attr-defined]
    messages.success(request, _("The import is given up."))
    return redirect("plan_import_new")


urlpatterns = [
    path("plans/import/", plan_import_new, name="plan_import_new"),
    path("plans/import/<uuid:import_id>/", plan_import, name="plan_import"),
    path("plans/import/<uuid:import_id>/edit/", plan_import_edit, name="plan_import_edit"),
    path("plans/import/<uuid:import_id>/json/", plan_import_json, name="plan_import_json"),
    path("plans/import/<uuid:import_id>/take-over/", plan_import_take, name="plan_import_take"),
    path("plans/import/<uuid:import_id>/discard/", plan_import_discard, name="plan_import_discard"),
]
