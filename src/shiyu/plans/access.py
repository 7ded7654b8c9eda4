"""Who may do what with guidelines, plans, opinion rounds and duties. What is not named is refused."""

from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from shiyu.kernel.actor import Actor
from shiyu.letters.access import Binding
from shiyu.lib.errors import NotAllowed, NotVisible
from shiyu.plans.models import Edition, OpinionSlip, Report

# verb → right that is needed in any unit
_ANYWHERE = {
    "view": "plan.view",
    "import": "plan.import",
    "edit": "plan.edit",
    "issue": "plan.issue",
    "run_opinions": "opinion.run",
}
# verb → right that is needed in the unit the thing belongs to
_IN_UNIT = {
    "answer": "opinion.answer",
    "assign": "duty.assign",
    "hand_over": "duty.handover",
    "report": "report.fill",
}
_DRAFT_RIGHTS = ("plan.edit", "plan.issue", "plan.import", "opinion.run")


def can(actor: Actor | None, verb: str, unit_id: UUID | None = None) -> bool:
    """Whether `actor` may `verb`; for what belongs to a unit `unit_id` names it.

    The office that edits plans may also name holders and hand over for any unit: units tell it by telephone.
    """
    if actor is None:
        return False
    if verb in _ANYWHERE:
        return actor.has(_ANYWHERE[verb])
    if verb not in _IN_UNIT or unit_id is None:
        return False
    if verb in ("assign", "hand_over") and actor.has("plan.edit"):
        return True
    return actor.has(_IN_UNIT[verb], unit_id)


def need(actor: Actor | None, verb: str, unit_id: UUID | None = None) -> None:
    """Nothing, or `NotVisible` for one who may not see plans at all, or `NotAllowed`."""
    if can(actor, verb, unit_id):
        return
    if not can(actor, "view"):
        raise NotVisible(_("This page does not exist, or it is not for you to see."))
    raise NotAllowed(_("Your post does not have this right; the office that runs the plan has it."))


def may_ask_by_letter(actor: Actor, binding: Binding) -> None:
    """A letter about an opinion round (wiring.SUBJECTS): by who runs rounds."""
    need(actor, "run_opinions")


def sees_drafts(actor: Actor) -> bool:
    """Whether editions that are not issued yet are shown to the person."""
    return any(actor.has(right) for right in _DRAFT_RIGHTS)


def visible_editions(actor: Actor) -> QuerySet[Edition]:
    """Issued editions, and drafts for those who work on them or whose unit is asked about them."""
    if not can(actor, "view"):
        return Edition.objects.none()
    if sees_drafts(actor):
        return Edition.objects.all()
    asked = OpinionSlip.objects.filter(unit_id__in=actor.unit_ids).values("round__edition_id")
    return Edition.objects.filter(Q(state=Edition.State.ISSUED) | Q(pk__in=asked))


def visible_slips(actor: Actor) -> QuerySet[OpinionSlip]:
    """Slips of the person's own units; all for those who run the round."""
    if can(actor, "run_opinions"):
        return OpinionSlip.objects.all()
    return OpinionSlip.objects.filter(unit_id__in=actor.unit_ids)


def visible_reports(actor: Actor) -> QuerySet[Report]:
    """Reports of the person's own units; all for the office that signs off and those who see all lists."""
    if not can(actor, "view"):
        return Report.objects.none()
    if actor.has("report.sign_off") or actor.has("list.view_all"):
        return Report.objects.all()
    return Report.objects.filter(unit_id__in=actor.unit_ids)


def can_fill(actor: Actor | None, unit_id: UUID, office_id: UUID | None = None) -> bool:
    """Whether the person may fill a unit's entry: with the right in the unit itself, or in the office that holds it."""
    if actor is None:
        return False
    return actor.has("report.fill", unit_id) or (
        office_id is not None and actor.has("report.fill", office_id)
    )
