"""Pages that hold an edition against something: the edition before, and the guideline (blind spots)."""

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext as _

from shiyu.documents.excel import Sheet, render_workbook
from shiyu.documents.tables import Column
from shiyu.documents.word import render_tables
from shiyu.people.models import Unit
from shiyu.plans.access import sees_drafts
from shiyu.plans.models import Edition
from shiyu.plans.queries.difference import KINDS, Change, difference
from shiyu.plans.queries.difference_words import difference_table, field_word, unit_words
from shiyu.plans.queries.editions import edition_before, find_edition
from shiyu.plans.queries.trace import BlindSpots, blind_spots
from shiyu.plans.views.editions import edition_or_404
from shiyu.ui.sheets import XLSX, as_download

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def _against(request: HttpRequest, edition: Edition) -> Edition:
    """The edition to compare with: the one named by `?with=`, else the one before."""
    asked = request.GET.get("with", "")
    other = edition_before(edition)
    if asked:
        try:
            other = find_edition(request.actor, UUID(asked))  # type: ignore[attr-defined]
        except ValueError:
            raise Http404 from None
    if other is None or other.plan_id != edition.plan_id or other.pk == edition.pk:
        raise Http404
    return other


@login_required
def edition_difference(request: HttpRequest, edition_id: UUID) -> HttpResponse:
    """What changed since the edition before; `?unit=` only what changed for one unit; `?export=docx` in Word."""
    actor = request.actor  # type: ignore[attr-defined]
    edition = edition_or_404(request, edition_id)
    found = difference(_against(request, edition), edition)
    unit = _unit(request)
    changes = found.for_units({unit.pk}) if unit else found.changes
    kind = request.GET.get("kind", "")
    if kind in KINDS:
        changes = [change for change in changes if kind in change.kinds]
    if request.GET.get("export") == "docx":
        content = render_tables([difference_table(found, changes, unit)], paper="A4")
        return as_download(content, f"{edition.plan.title}-{_('what changed')}.docx", DOCX)
    own = Unit.objects.filter(pk__in=actor.unit_ids).exclude(kind="office").by_protocol()
    units = Unit.objects.filter(duties__task__edition__in=[found.old, found.new]).distinct().by_protocol()
    context = {
        "edition": edition,
        "old": found.old,
        "counts": found.counts(),
        "kind": kind,
        "changes": [_shown(change) for change in changes],
        "unit": unit,
        "own_units": own,
        "units": units if sees_drafts(actor) else own,
        "total": len(found.changes),
    }
    return render(request, "plans/edition_difference.html", context)


def _unit(request: HttpRequest) -> Unit | None:
    asked = request.GET.get("unit", "")
    try:
        return Unit.objects.filter(pk=UUID(asked)).first() if asked else None
    except ValueError:
        raise Http404 from None


def _shown(change: Change) -> tuple[Change, list[tuple[str, object, object]], list[str]]:
    """A change with its fields and units in words."""
    texts = [(field_word(name), was or "—", now or "—") for name, was, now in change.texts]
    return change, texts, unit_words(change)


@login_required
def blind_spot_page(request: HttpRequest, edition_id: UUID) -> HttpResponse:
    """Clauses without a task, tasks without a lead, units without a duty, duties without a person; in Excel too."""
    edition = edition_or_404(request, edition_id)
    found = blind_spots(edition)
    if request.GET.get("export") == "xlsx":
        name = f"{edition.plan.title}-{_('blind spots')}.xlsx"
        return as_download(render_workbook(_sheets(found)), name, XLSX)
    context = {"edition": edition, "found": found, "is_draft": edition.state != Edition.State.ISSUED}
    return render(request, "plans/blind_spots.html", context)


def _sheets(found: BlindSpots) -> list[Sheet]:
    sheets = [
        Sheet(
            name=_("Clauses without a task"),
            title=_("Clauses without a task"),
            columns=(
                Column(_("Guideline"), 60),
                Column(_("Number in the plan"), 20),
                Column(_("Clause"), 120),
            ),
            rows=[[row.guideline.title, row.number, row.text] for row in found.clauses],
        ),
        Sheet(
            name=_("Tasks without a lead unit"),
            title=_("Tasks without a lead unit"),
            columns=(Column(_("Number in the plan"), 20), Column(_("Key task"), 120)),
            rows=[[row.number, row.title] for row in found.tasks],
        ),
        Sheet(
            name=_("Units without a duty"),
            title=_("Units without a duty"),
            columns=(Column(_("Unit"), 80),),
            rows=[[row.name] for row in found.units],
        ),
    ]
    if found.duties_without_person is not None:
        rows = [[d.unit.name, d.task.number, d.task.title] for d in found.duties_without_person if d.task]
        columns = (Column(_("Unit"), 60), Column(_("Number in the plan"), 20), Column(_("Key task"), 100))
        name = _("Duties without a holder")
        sheets.append(Sheet(name=name, title=name, columns=columns, rows=rows))
    return sheets


urlpatterns = [
    path("editions/<uuid:edition_id>/difference/", edition_difference, name="edition_difference"),
    path("editions/<uuid:edition_id>/blind-spots/", blind_spot_page, name="blind_spots"),
]
