"""Boxes, their labels and catalogues, and one's documents."""

from io import BytesIO
from uuid import UUID

import segno
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import FileResponse, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from shiyu.documents import actions, queries
from shiyu.documents.access import can
from shiyu.documents.excel import Sheet, render_workbook
from shiyu.documents.forms import BoxForm
from shiyu.documents.models import Box, Document
from shiyu.documents.serving import file_response
from shiyu.documents.tables import Column
from shiyu.lib import clock
from shiyu.lib.errors import NotAllowed, NotVisible, Refusal, UserError
from shiyu.lib.requests import WorkRequest
from shiyu.ui.forms import refuse
from shiyu.ui.sheets import as_download

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@login_required
def box_list(request: WorkRequest) -> HttpResponse:
    """Archive boxes by class, year and number."""
    _need(request, "view_boxes")
    boxes = list(queries.boxes_listed())
    code = request.GET.get("code", "").strip().upper()
    if code:
        return redirect("box_detail", code=code)
    return render(
        request, "documents/box_list.html", {"boxes": boxes, "may_manage": can(request.actor, "manage")}
    )


@login_required
def box_new(request: WorkRequest) -> HttpResponse:
    """Make a box."""
    _need(request, "manage")
    form = BoxForm(
        request.POST or None, language=get_language() or "zh", initial={"year": clock.today().year}
    )
    if request.method == "POST" and form.is_valid():
        try:
            box = actions.create_box(request.actor, **form.cleaned_data)
            return redirect("box_detail", code=box.code)
        except Refusal:
            raise
        except UserError as error:
            refuse(form, error)
    status = 422 if form.errors else 200
    return render(request, "ui/form.html", {"form": form, "title": _("New box")}, status=status)


@login_required
def box_detail(request: WorkRequest, code: str) -> HttpResponse:
    """A box's content; those who manage the archive file more into it."""
    _need(request, "view_boxes")
    box = _box(code)
    if request.method == "POST":
        try:
            chosen = [UUID(key) for key in request.POST.getlist("chosen")]
        except ValueError:
            raise NotVisible(_("There is no such document.")) from None
        try:
            actions.file_in_box(request.actor, box.pk, chosen)
            return redirect("box_detail", code=box.code)
        except Refusal:
            raise
        except UserError as error:
            messages.error(request, str(error))
    may_manage = can(request.actor, "manage")
    documents = list(box.documents.select_related("file").order_by("position"))
    free = queries.documents_to_file(request.actor) if may_manage else Document.objects.none()
    page = Paginator(free, 50).get_page(request.GET.get("page"))
    context = {"box": box, "documents": documents, "page": page, "may_manage": may_manage}
    return render(request, "documents/box_detail.html", context)


@login_required
def box_label(request: WorkRequest, code: str) -> HttpResponse:
    """The label to print and stick on: class, number, name, and a code that opens the content."""
    _need(request, "view_boxes")
    box = _box(code)
    picture = BytesIO()
    address = request.build_absolute_uri(reverse("box_detail", args=[box.code]))
    segno.make(address, error="m").save(
        picture, kind="svg", xmldecl=False, svgns=True, scale=4, border=1, nl=False, omitsize=False
    )
    # Our own QR drawing of our own address: no user text goes into it.
    square = mark_safe(picture.getvalue().decode())  # noqa: S308
    return render(request, "documents/box_label.html", {"box": box, "square": square, "paper": "A4"})


@login_required
def box_catalogue(request: WorkRequest, code: str) -> HttpResponse:
    """The box's catalogue: to print, or as Excel."""
    _need(request, "view_boxes")
    box = _box(code)
    documents = list(box.documents.select_related("file").order_by("position"))
    if request.GET.get("export") == "xlsx":
        columns = (
            Column(_("No."), 12, "right"),
            Column(_("Archive number"), 40),
            Column(pgettext("document", "Title"), 110),
            Column(_("Date"), 26, "center"),
            Column(_("Filed by"), 40),
        )
        rows = [(d.position, d.archive_number, d.title, d.on_date, d.uploaded_by_name) for d in documents]
        sheet = Sheet(_("Catalogue"), f"{box}", columns, rows, paper="A4")
        return as_download(render_workbook([sheet], clock.today()), f"{box}.xlsx", XLSX)
    return render(
        request, "documents/box_catalogue.html", {"box": box, "documents": documents, "paper": "A4"}
    )


@login_required
def document_file(request: WorkRequest, document_id: UUID) -> HttpResponse | FileResponse:
    """Download (or preview) a document of one's own unit; others' go through the thing they are attached to."""
    document = Document.objects.select_related("file").filter(pk=document_id).first()
    if document is None or not can(request.actor, "view", document):
        raise NotVisible(_("There is no such document."))
    return file_response(document, preview="preview" in request.GET)


def _box(code: str) -> Box:
    box = Box.objects.filter(code=code.upper()).first()
    if box is None:
        raise NotVisible(_("There is no box with this code."))
    return box


def _need(request: WorkRequest, verb: str) -> None:
    if not can(request.actor, verb):
        raise NotAllowed(_("Your posts do not include this right."))
