"""One verb for several chosen matters of the list; what could not be done is said with its reasons."""

from collections.abc import Callable, Sequence
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
from shiyu.matters.models import Matter
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
        messages.warning(request, said % {"n": len(refused), "why": _by_reason(refused)})
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
        messages.warning(request, said % {"n": len(refused), "why": _by_reason(refused)})
    return redirect("matter_list")


def _send(actor: Actor, matter_id: UUID) -> None:
    matter = visible_matter(actor, matter_id)
    found = competence_for(matter)
    if found is None or found.lead is None:
        raise UserError(_("The table of competence names nobody for it; send it by hand."))
    supporting = [unit.pk for unit in found.supporting if unit != found.lead]
    actions.dispatch_matter(actor, matter_id, unit_id=found.lead.pk, supporting_unit_ids=supporting)


def _each(request: HttpRequest, deed: Callable[[Actor, UUID], object]) -> tuple[int, list[tuple[str, str]]]:
    """How many of the chosen ones the deed was done to, and of the others the number and why not. Each is an action of its
    own: one that is refused changes nothing of it, and nothing of the others."""
    actor, done, refused = actor_of(request), 0, []
    chosen = [found for text in dict.fromkeys(request.POST.getlist("chosen")) if (found := _uuid(text))]
    seen = Matter.objects.visible_to(actor).filter(pk__in=chosen[:AT_ONCE])
    codes = dict(seen.values_list("pk", "code"))
    for matter_id in chosen[:AT_ONCE]:
        try:
            deed(actor, matter_id)
            done += 1
        except UserError as error:
            refused.append((codes.get(matter_id, ""), str(error)))
    if len(chosen) > AT_ONCE:
        left = {"n": AT_ONCE, "left": len(chosen) - AT_ONCE}
        messages.warning(request, _("At most %(n)s go at once; %(left)s were left as they are.") % left)
    return done, refused


def _by_reason(refused: Sequence[tuple[str, str]]) -> str:
    """Which and why: the numbers that share a reason, then the reason."""
    found: dict[str, list[str]] = {}
    for code, why in refused:
        found.setdefault(why, []).extend([code] if code else [])
    return " ".join(f"{'、'.join(codes)}：{why}" if codes else why for why, codes in found.items())


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
