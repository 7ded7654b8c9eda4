"""One verb for several chosen matters of the list; what could not be done is said with its reasons."""

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from shiyu.kernel.actor import Actor
from shiyu.letters.views.pages import actor_of, page
from shiyu.lib.errors import UserError
from shiyu.matters import actions
from shiyu.matters.access import visible_matter
from shiyu.matters.queries.ways import competence_for

AT_ONCE = 50


@require_POST
@page
def matter_urge(request: HttpRequest) -> HttpResponse:
    """Reminds the units of several matters; says how many could not be urged and why."""
    done, refused = _each(request, actions.urge_assignment)
    if done:
        said = ngettext("%(n)s matter urged.", "%(n)s matters urged.", done) % {"n": done}
        messages.success(request, said)
    if refused:
        said = ngettext("%(n)s not urged: %(why)s", "%(n)s not urged: %(why)s", len(refused))
        messages.warning(request, said % {"n": len(refused), "why": " ".join(dict.fromkeys(refused))})
    return redirect("matter_list")


@require_POST
@page
def matter_dispatch_many(request: HttpRequest) -> HttpResponse:
    """Sends each of several matters to the unit the table of competence names, with those it names as supporting."""
    done, refused = _each(request, _send)
    if done:
        said = ngettext("%(n)s matter sent out.", "%(n)s matters sent out.", done) % {"n": done}
        messages.success(request, said)
    if refused:
        said = ngettext("%(n)s not sent out: %(why)s", "%(n)s not sent out: %(why)s", len(refused))
        messages.warning(request, said % {"n": len(refused), "why": " ".join(dict.fromkeys(refused))})
    return redirect("matter_list")


def _send(actor: Actor, matter_id: UUID) -> None:
    matter = visible_matter(actor, matter_id)
    found = competence_for(matter)
    if found is None or found.lead is None:
        raise UserError(_("For %(code)s the table names nobody; send it by hand.") % {"code": matter.code})
    supporting = [unit.pk for unit in found.supporting if unit != found.lead]
    actions.dispatch_matter(actor, matter_id, unit_id=found.lead.pk, supporting_unit_ids=supporting)


def _each(request: HttpRequest, deed: Callable[[Actor, UUID], object]) -> tuple[int, list[str]]:
    """How many of the chosen ones the deed was done to, and why not to the others."""
    done, refused = 0, []
    for chosen in request.POST.getlist("chosen")[:AT_ONCE]:
        try:
            deed(actor_of(request), UUID(chosen))
            done += 1
        except ValueError:
            continue
        except UserError as error:
            refused.append(str(error))
    return done, refused
