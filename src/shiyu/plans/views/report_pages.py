"""What the pages of reports share: forms of many entries, bound, saved, refused."""

from uuid import UUID

from django.http import Http404, HttpRequest, QueryDict
from django.utils.translation import gettext as _

from shiyu.kernel.actor import Actor
from shiyu.lib.errors import NotAllowed, Refusal, UserError
from shiyu.packs.forms import PREFIX, initial_values
from shiyu.plans.access import need
from shiyu.plans.actions.reports import OPEN_STATES, TEXTS, fill_report
from shiyu.plans.forms.reports import EntryForm
from shiyu.plans.models import Report, ReportEntry
from shiyu.plans.queries.cycle_fields import own_fields
from shiyu.plans.queries.reports import EntryLine, find_report

Rows = list[tuple[EntryLine, EntryForm | None]]
"""Each entry with its form; None where the person only reads."""


def report_or_404(request: HttpRequest, code: str, unit_id: UUID) -> Report:
    """The report of that unit and month, if it is the person's to see."""
    actor = request.actor  # type: ignore[attr-defined]
    need(actor, "view")
    report = find_report(actor, code, unit_id)
    if report is None:
        raise Http404
    return report


def is_fillable(report: Report) -> bool:
    """Whether texts may still be written."""
    return report.state in OPEN_STATES and not report.period.is_locked


def rows_of(report: Report, lines: list[EntryLine], data: QueryDict | None = None) -> Rows:
    """Entries with their forms, bound to what was posted; an entry of which nothing was posted stays as it is."""
    open_now = is_fillable(report)
    rows: Rows = []
    for line in lines:
        bound = data if data and any(key.startswith(f"{line.pk}-") for key in data) else None
        rows.append((line, EntryForm(line, bound) if open_now and line.may_fill else None))
    return rows


def with_no_change(post: QueryDict, lines: list[EntryLine]) -> QueryDict:
    """What was posted, with the clicks on "no change": one entry's, or every open one's that nobody began."""
    data = post.copy()
    for key in post.getlist("no_change"):
        data[f"{key}-no_change"] = "on"
    if "no_change_all" in post:
        for line in lines:
            begun = any(post.get(f"{line.pk}-{name}") for name in ("progress", "status"))
            if line.may_carry and not line.entry.is_filled and not begun:
                data[f"{line.pk}-no_change"] = "on"
    return data


def texts_without_place(post: QueryDict, rows: Rows) -> list[str]:
    """What somebody typed into entries that cannot be filled any more (the report was sent, or an edition took the
    duty away, while the page was open): said back in words, so that nothing typed is lost."""
    open_now = {str(line.pk) for line, form in rows if form is not None}
    found = []
    for name, text in post.items():
        key, _dash, field = name.rpartition("-")
        is_typed = field in TEXTS or field.startswith(PREFIX)
        if is_typed and key not in open_now and str(text).strip():
            standing = next((line.entry for line, _form in rows if str(line.pk) == key), None)
            if standing is None or _standing(standing, field).split() != str(text).split():
                found.append(str(text).strip())
    return [
        _("Not saved, because this entry can no longer be filled in; copy it if you need it: %(text)s")
        % {"text": text}
        for text in found
    ]


def _standing(entry: ReportEntry, name: str) -> str:
    """What an entry holds under the name of a field of the page."""
    if name.startswith(PREFIX):
        return str(initial_values(own_fields(), entry.fields).get(name, ""))
    return str(getattr(entry, name))


def save_rows(
    actor: Actor, report: Report, rows: Rows, *, leave_begun: bool = False
) -> tuple[bool, list[str]]:
    """Save all entries in one action: (saved, what is wrong). Errors also stand under their entry's form.

    All or nothing; with `leave_begun` (a click on "no change") entries that are only begun stay as they were typed
    and are named, and the others are saved.
    """
    forms = [form for _line, form in rows if form is not None and form.is_bound]
    wrong = [f"{form.line.number} {form.line.title}" for form in forms if not form.is_valid()]
    if leave_begun:
        for form in forms:
            if form.is_valid() and form.lacking():
                form.add_error(None, form.lacking())
                place = {"task": f"{form.line.number} {form.line.title}", "what": form.lacking()}
                wrong.append(_("%(task)s: %(what)s") % place)
    if wrong and not leave_begun:
        return False, wrong
    try:
        fill_report(actor, report.pk, [form.given() for form in forms if not form.errors])
    except Refusal:
        raise
    except UserError as error:
        for form in forms:
            if error.field == f"entry_{form.line.pk}":
                form.add_error(None, str(error))
        return False, [str(error)]
    return True, wrong


def keep_posted(
    actor: Actor, report: Report, lines: list[EntryLine], post: QueryDict
) -> tuple[bool, Rows, list[str]]:
    """What a report's page posted: (saved, the rows to show if it is shown again, what is wrong)."""
    if is_fillable(report) and not any(line.may_fill for line in lines):
        raise NotAllowed(_("Your posts do not include filling in this report."))
    rows = rows_of(report, lines, with_no_change(post, lines))
    lost = texts_without_place(post, rows)
    is_no_change = "no_change" in post or "no_change_all" in post
    saved, wrong = save_rows(actor, report, rows, leave_begun=is_no_change)
    return saved, rows, [*wrong, *lost]


def rows_after(report: Report, lines: list[EntryLine], rows: Rows) -> Rows:
    """The rows as they stand after saving; what could not be saved stays as it was typed, with its error."""
    typed = {line.pk: form for line, form in rows if form is not None and form.errors}
    return [(line, typed.get(line.pk, form)) for line, form in rows_of(report, lines)]
