"""Pages of an opinion round: opening, the overview with the summary, one unit's slip."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from shiyu.documents.excel import Sheet, render_workbook
from shiyu.documents.word import render_tables
from shiyu.lib.errors import Conflict, Refusal, UserError
from shiyu.plans.access import can, need, visible_slips
from shiyu.plans.actions.opinions import (
    Given,
    answer_slip,
    close_round,
    decide_opinion,
    keep_wording,
    open_round,
)
from shiyu.plans.forms.editions import RoundForm
from shiyu.plans.forms.opinions import KeptForm, SheetForm, given_answers
from shiyu.plans.forms.posted import posted
from shiyu.plans.models import Opinion, OpinionRound, OpinionSlip
from shiyu.plans.queries.adoptions import ADOPTED, unwritten
from shiyu.plans.queries.opinion_sheets import read_slip, slip_in_word, slip_workbook
from shiyu.plans.queries.opinions import (
    SUMMARY_COLUMNS,
    adoption_words,
    answer_words,
    changes_wanted,
    items_of,
    round_counts,
    slips_of,
    summary_rows,
    summary_table,
    units_named,
)
from shiyu.plans.views.editions import edition_or_404
from shiyu.ui.forms import refuse
from shiyu.ui.sheets import XLSX, as_download

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@login_required
def round_open(request: HttpRequest, edition_id: UUID) -> HttpResponse:
    """Send a draft out for opinions."""
    edition = edition_or_404(request, edition_id)
    need(request.actor, "run_opinions")  # type: ignore[attr-defined]
    form = RoundForm(*posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            data = form.cleaned_data
            asked = None if data["with_groups"] else units_named(edition)
            made = open_round(request.actor, edition.pk, data["reply_by"], unit_ids=asked)  # type: ignore[attr-defined]
            messages.success(request, _("The round is open; every unit concerned has its slip."))
            return redirect("opinion_round", made.pk)
        except Refusal:
            raise
        except UserError as error:
            refuse(form, error)
    context = {
        "form": form,
        "title": _("Ask the units for opinions"),
        "submit": _("Open the round"),
        "note": edition.plan.title,
        "cancel_url": reverse("edition_detail", args=[edition.pk]),
    }
    return render(request, "ui/form.html", context, status=400 if form.errors else 200)


def _round_or_404(request: HttpRequest, round_id: UUID, opinion_id: UUID | None = None) -> OpinionRound:
    """The round if a slip of it may be seen, and the opinion, if one is named, belongs to it."""
    row = OpinionRound.objects.select_related("edition__plan", "letter").filter(pk=round_id).first()
    if row is None or not visible_slips(request.actor).filter(round=row).exists():  # type: ignore[attr-defined]
        raise Http404
    if opinion_id and not Opinion.objects.filter(pk=opinion_id, slip__round=row).exists():
        raise Http404
    return row


@login_required
def opinion_round(request: HttpRequest, round_id: UUID) -> HttpResponse:
    """Who answered, which changes are wanted, what became of them; the summary in Excel and Word."""
    actor = request.actor  # type: ignore[attr-defined]
    need(actor, "view")
    round_ = _round_or_404(request, round_id)
    if not can(actor, "run_opinions"):
        own = visible_slips(actor).filter(round=round_).first()
        return redirect("opinion_slip", own.pk)  # type: ignore[union-attr]
    export = request.GET.get("export")
    name = f"{round_.edition.plan.title}-意见汇总表"
    if export == "xlsx":
        sheet = Sheet(name="意见汇总表", title=name, columns=SUMMARY_COLUMNS, rows=summary_rows(round_))
        return as_download(render_workbook([sheet]), f"{name}.xlsx", XLSX)
    if export == "docx":
        return as_download(render_tables(summary_table([round_]), paper="A3"), f"{name}.docx", DOCX)
    return _round_page(request, round_)


def _round_page(
    request: HttpRequest, round_: OpinionRound, error: str = "", typed: tuple[UUID, str] | None = None
) -> HttpResponse:
    """The overview; with `error`, what was typed for one opinion stands there again."""
    wanted = changes_wanted(round_)
    bare = {item.pk for item in unwritten(round_.edition)}
    context = {
        "round": round_,
        "counts": round_counts(round_),
        "slips": slips_of(round_),
        "wanted": [
            (item, adoption_words(item), item.pk in bare, typed[1] if typed and typed[0] == item.pk else "")
            for item in wanted
        ],
        "unwritten": sum(item.pk in bare for item in wanted),
        "summary": summary_rows(round_),
        "columns": SUMMARY_COLUMNS,
        "is_open": round_.closed_at is None,
        "may_edit": can(request.actor, "edit") and round_.edition.is_editable,  # type: ignore[attr-defined]
        "error": error,
    }
    return render(request, "plans/opinion_round.html", context, status=400 if error else 200)


@login_required
@require_POST
def opinion_decide(request: HttpRequest, round_id: UUID, opinion_id: UUID) -> HttpResponse:
    """Adopt, adopt partly or decline; adopting leads on to the task so that it can be changed at once."""
    round_ = _round_or_404(request, round_id, opinion_id)
    adoption, reason = request.POST.get("adoption", ""), request.POST.get("reason", "")
    try:
        item = decide_opinion(request.actor, opinion_id, adoption, reason)  # type: ignore[attr-defined]
    except (Refusal, Conflict):
        raise
    except UserError as error:
        return _round_page(request, round_, str(error), (opinion_id, reason))
    if item.adoption in ADOPTED and item.task_id and can(request.actor, "edit"):  # type: ignore[attr-defined]
        messages.success(
            request, _("Decided. Change the task now, as the unit asked: %(w)s") % {"w": item.wanted}
        )
        return redirect(f"{reverse('task_edit', args=[item.task_id])}?round={round_.pk}")
    messages.success(request, _("Decided."))
    return redirect("opinion_round", round_id)


@login_required
def opinion_keep_wording(request: HttpRequest, round_id: UUID, opinion_id: UUID) -> HttpResponse:
    """Say why an adopted change needs no edit of the text; `?back=submit` returns to the page before approval."""
    round_ = _round_or_404(request, round_id, opinion_id)
    need(request.actor, "run_opinions")  # type: ignore[attr-defined]
    item = Opinion.objects.select_related("slip__unit").get(pk=opinion_id)
    back = (
        reverse("edition_submit", args=[round_.edition_id])
        if request.GET.get("back") == "submit"
        else reverse("opinion_round", args=[round_id])
    )
    form = KeptForm(*posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            keep_wording(request.actor, opinion_id, form.cleaned_data["reason"])  # type: ignore[attr-defined]
            messages.success(request, _("It is kept why the text stays; the summary shows it."))
            return redirect(back)
        except (Refusal, Conflict):
            raise
        except UserError as error:
            refuse(form, error)
    context = {
        "form": form,
        "title": _("The text needs no change"),
        "submit": _("Keep the reason"),
        "note": _("%(unit)s, item %(n)s, wants: %(wanted)s")
        % {"unit": item.slip.unit.name, "n": item.task_number, "wanted": item.wanted},
        "cancel_url": back,
    }
    return render(request, "ui/form.html", context, status=400 if form.errors else 200)


@login_required
@require_POST
def opinion_close(request: HttpRequest, round_id: UUID) -> HttpResponse:
    """End the round."""
    round_ = _round_or_404(request, round_id)
    try:
        close_round(request.actor, round_id)  # type: ignore[attr-defined]
    except (Refusal, Conflict):
        raise
    except UserError as error:
        return _round_page(request, round_, str(error))
    messages.success(request, _("The round is closed."))
    return redirect("opinion_round", round_id)


def _slip_or_404(request: HttpRequest, slip_id: UUID) -> OpinionSlip:
    slips = visible_slips(request.actor).select_related("unit", "round__edition__plan", "round__letter")  # type: ignore[attr-defined]
    slip = slips.filter(pk=slip_id).first()
    if slip is None:
        raise Http404
    return slip


@login_required
def opinion_slip(request: HttpRequest, slip_id: UUID) -> HttpResponse:
    """One unit's answers: in the browser, or by the office from paper."""
    actor = request.actor  # type: ignore[attr-defined]
    need(actor, "view")
    slip = _slip_or_404(request, slip_id)
    via = "browser" if can(actor, "answer", slip.unit_id) else "paper"
    error = ""
    if request.method == "POST":
        if via == "paper":
            need(actor, "run_opinions")
        try:
            _take(request, slip, via)
            return redirect("opinion_slip", slip.pk)
        except Refusal:
            raise
        except UserError as wrong:
            error = str(wrong)
    items = items_of(slip)
    open_count = sum(item.answer == "open" for item in items)
    typed = given_answers(request.POST, items) if error else {}
    for item in items:  # what was typed stays
        if item.pk in typed:
            given = typed[item.pk]
            item.answer, item.wanted, item.reason = given.answer, given.wanted, given.reason
    may = slip.round.closed_at is None and (via == "paper" or can(actor, "answer", slip.unit_id))
    context = {
        "slip": slip,
        "rows": [(item, answer_words(item), adoption_words(item)) for item in items],
        "open_count": open_count,
        "may_answer": may and (via == "browser" or can(actor, "run_opinions")),
        "via": via,
        "error": error,
        "sheet_form": SheetForm(),
        "runs": can(actor, "run_opinions"),
    }
    return render(request, "plans/opinion_slip.html", context, status=400 if error else 200)


def _take(request: HttpRequest, slip: OpinionSlip, via: str) -> None:
    actor, post = request.actor, request.POST  # type: ignore[attr-defined]
    if "none_all" in post:  # what is written stays written: only the blank items get no opinion
        answer_slip(actor, slip.pk, given_answers(post, items_of(slip)), via=via, rest_none=True)
    elif post.get("none"):
        key = _key(post["none"])
        none = Given("none", post.get(f"wanted_{key}", ""), post.get(f"reason_{key}", ""))
        answer_slip(actor, slip.pk, {**given_answers(post, items_of(slip)), key: none}, via=via)
    elif "sheet" in post:
        if "file" not in request.FILES:
            raise UserError(_("Choose the filled-in Excel first."))
        answers = read_slip(slip, request.FILES["file"].read())  # type: ignore[union-attr]
        answer_slip(actor, slip.pk, answers, via="excel" if via == "browser" else via)
    else:
        answers = given_answers(post, items_of(slip))
        if not answers:
            raise UserError(_("Nothing was answered yet."))
        answer_slip(actor, slip.pk, answers, via=via)
    messages.success(request, _("The answers are kept."))


def _key(text: str) -> UUID:
    """The id a button carries; a made-up one is answered like an item of another slip."""
    try:
        return UUID(text)
    except ValueError:
        raise UserError(_("An item does not belong to this slip. Reload the page.")) from None


@login_required
def opinion_slip_sheet(request: HttpRequest, slip_id: UUID) -> HttpResponse:
    """The slip as a prefilled Excel."""
    slip = _slip_or_404(request, slip_id)
    return as_download(slip_workbook(slip), f"征求意见表-{slip.unit.name}.xlsx", XLSX)


@login_required
def opinion_slip_word(request: HttpRequest, slip_id: UUID) -> HttpResponse:
    """The slip in Word, for a unit that answers on paper."""
    slip = _slip_or_404(request, slip_id)
    return as_download(slip_in_word(slip), f"征求意见表-{slip.unit.name}.docx", DOCX)


urlpatterns = [
    path("editions/<uuid:edition_id>/opinions/", round_open, name="opinion_round_open"),
    path("opinions/<uuid:round_id>/", opinion_round, name="opinion_round"),
    path("opinions/<uuid:round_id>/close/", opinion_close, name="opinion_round_close"),
    path("opinions/<uuid:round_id>/<uuid:opinion_id>/", opinion_decide, name="opinion_decide"),
    path(
        "opinions/<uuid:round_id>/<uuid:opinion_id>/wording/",
        opinion_keep_wording,
        name="opinion_keep_wording",
    ),
    path("opinion-slips/<uuid:slip_id>/", opinion_slip, name="opinion_slip"),
    path("opinion-slips/<uuid:slip_id>/excel/", opinion_slip_sheet, name="opinion_slip_sheet"),
    path("opinion-slips/<uuid:slip_id>/word/", opinion_slip_word, name="opinion_slip_word"),
]
