"""The public page: a reporter sees how their matter stands, and says what is theirs to say. No account, no name asked."""

from functools import wraps
from typing import Any, ParamSpec, Protocol

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shiyu.lib import clock
from shiyu.lib.errors import Refusal, UserError
from shiyu.lib.requests import client_address
from shiyu.matters import actions
from shiyu.matters.access import reporter_actor
from shiyu.matters.actions.progress import enter_by_pin
from shiyu.matters.forms import NO_UNITS, VerbForm
from shiyu.matters.forms.reporters import PinForm
from shiyu.matters.kinds import kind_of, verb_label
from shiyu.matters.models import Party
from shiyu.matters.queries.parties import Progress, grade_for, held_about, progress_of, sealed_in
from shiyu.ui.forms import refuse

OPEN_SECONDS = 15 * 60
"""Without a request for so long, the page asks for the PIN again: it may be a computer in a library."""
SESSION_KEY = "progress"


def time_over() -> str:
    """Why the page asks for number and PIN again, in plain words."""
    words = _(
        "Nothing was pressed for %(n)s minutes, so the page was closed to protect you. Give number and PIN again."
    )
    return words % {"n": OPEN_SECONDS // 60}


P = ParamSpec("P")


class View(Protocol[P]):
    """A page for one reporter."""

    def __call__(
        self, request: HttpRequest, party: Party, *args: P.args, **kwargs: P.kwargs
    ) -> HttpResponse: ...


def for_reporter(view: View[P]) -> Any:
    """A page behind code and PIN: gives it the party, or leads to the door."""

    @wraps(view)  # type: ignore[arg-type]
    @never_cache
    def shown(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        was_open = SESSION_KEY in request.session
        party = party_of(request)
        if party is None:
            if was_open:
                messages.warning(request, time_over())
            return redirect("progress")
        return view(request, party, *args, **kwargs)

    return shown


def party_of(request: HttpRequest) -> Party | None:
    """Whose code and PIN this browser gave less than a quarter of an hour ago."""
    kept = request.session.get(SESSION_KEY)
    moment = int(clock.now().timestamp())
    if not kept or not 0 <= moment - kept["seen"] <= OPEN_SECONDS:
        request.session.pop(SESSION_KEY, None)
        return None
    request.session[SESSION_KEY] = kept | {"seen": moment}
    return Party.objects.select_related("matter").filter(pk=kept["party"]).first()


@require_http_methods(["GET", "POST"])
@never_cache
def progress(request: HttpRequest) -> HttpResponse:
    """The door: number and PIN. `?code=` fills the number in, as the receipt's QR code does."""
    form = PinForm(request.POST or None, initial={"code": request.GET.get("code", "")[:60]})
    if request.method == "POST" and form.is_valid():
        try:
            party = enter_by_pin(**form.cleaned_data, address=client_address(request))
        except Refusal:
            raise
        except UserError as error:
            refuse(form, error)
        else:
            request.session.cycle_key()
            request.session[SESSION_KEY] = {"party": str(party.pk), "seen": int(clock.now().timestamp())}
            return redirect("progress_matter")
    status = 422 if request.method == "POST" else 200
    return render(request, "matters/progress_door.html", {"form": form}, status=status)


@require_safe
@for_reporter
def progress_matter(request: HttpRequest, party: Party) -> HttpResponse:
    """How the matter stands, and what its reporter may do."""
    return _show(request, party, progress_of(party))


@require_POST
@for_reporter
def progress_act(request: HttpRequest, party: Party, verb: str) -> HttpResponse:
    """Does what the reporter may do: answer, rate, say that it is not solved, withdraw, ask for a review."""
    found = progress_of(party)
    option = next((row for row in found.options if row.verb == verb), None)
    if option is None:
        if verb not in actions.VERB_ACTIONS:
            raise Http404
        messages.warning(request, _("This is not possible any more; look how the matter stands now."))
        return redirect("progress_matter")
    form = VerbForm(
        request.POST, option=option, kind=kind_of(party.matter), matter=party.matter, units=NO_UNITS
    )
    if form.is_valid():
        try:
            actions.act_on_matter(reporter_actor(party), party.matter_id, verb, **form.given())
        except Refusal:
            raise
        except UserError as error:
            refuse(form, error)
        else:
            messages.success(
                request, _("Done: %(verb)s.") % {"verb": verb_label(verb, kind_of(party.matter))}
            )
            return redirect("progress_matter")
    return _show(request, party, progress_of(party), form, 422)


@require_safe
@for_reporter
def progress_held(request: HttpRequest, party: Party) -> HttpResponse:
    """What is held about the person, masked; and how long."""
    kind = kind_of(party.matter)
    days = kind.keep.n if kind.keep else None
    context = {
        "held": held_about(party),
        "sealed": sealed_in(party.matter, for_reporter=True),
        "matter": party.matter,
        "days": days,
        "party": party,
    }
    return render(request, "matters/progress_held.html", context)


@require_safe
@for_reporter
def progress_grade(request: HttpRequest, party: Party) -> HttpResponse:
    """How urgent the matter was found, by which facts, and who may set it otherwise."""
    graded = grade_for(party)
    if graded is None:
        raise Http404
    context = {"graded": graded, "matter": party.matter, "party": party}
    return render(request, "matters/progress_grade.html", context)


@require_POST
def progress_leave(request: HttpRequest) -> HttpResponse:
    """Ends the visit."""
    request.session.pop(SESSION_KEY, None)
    return redirect("progress")


@require_POST
def progress_large(request: HttpRequest) -> HttpResponse:
    """Large type on or off, for this browser."""
    request.session["large_type"] = not request.session.get("large_type", False)
    return redirect("progress_matter" if request.session.get(SESSION_KEY) else "progress")


def _show(
    request: HttpRequest, party: Party, found: Progress, bound: VerbForm | None = None, status: int = 200
) -> HttpResponse:
    forms = [(option, _form(party, option, bound)) for option in found.options]
    context = {"progress": found, "forms": forms, "party": party, "minutes": OPEN_SECONDS // 60}
    return render(request, "matters/progress_matter.html", context, status=status)


def _form(party: Party, option: Any, bound: VerbForm | None) -> VerbForm:
    if bound is not None and bound.prefix == option.verb:
        return bound
    return VerbForm(option=option, kind=kind_of(party.matter), matter=party.matter, units=NO_UNITS)
