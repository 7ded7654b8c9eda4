"""Who may see and do what in mediation."""

from uuid import UUID

from django.utils.translation import gettext as _

from shiyu.kernel.actor import Actor
from shiyu.lib.errors import NotAllowed, NotVisible
from shiyu.matters.models import Matter
from shiyu.mediation.models import Mediation
from shiyu.people.models import Unit


def can(actor: Actor | None, verb: str, thing: Mediation | Unit | None = None) -> bool:
    """Whether the person may: `view` (the pages), `run` (work on a mediation, or keep a body's pool), `assign` (choose who
    mediates, and see for that who has how much to do), `open_names` (read what the sides gave)."""
    if actor is None:
        return False
    if verb == "view":
        return actor.has("mediation.view")
    if isinstance(thing, Mediation):
        own = actor.has("mediation.run", thing.body_id)
        if verb in ("run", "open_names"):
            return own
        return verb == "assign" and (own or actor.has("mediation.run", thing.matter.unit_id))
    if verb == "run" and isinstance(thing, Unit):
        above = thing.upper_centre_id or thing.parent_id
        return actor.has("mediation.run", thing.pk) or (
            above is not None and actor.has("mediation.run", above)
        )
    return False


def may_open(actor: Actor, matter: Matter) -> bool:
    """Whether the person may hand a matter to a body that mediates: who dispatches it, or whose unit holds it."""
    if not matter.is_open:
        return False
    if actor.has("mediation.run", matter.unit_id):
        return True
    held = matter.assignments.filter(active=True, unit_id__in=actor.units_with("mediation.run"))
    return held.exists()


def need_open(actor: Actor, matter: Matter) -> None:
    """Raises NotAllowed where the person may not hand the matter to a body, with the reason."""
    if not matter.is_open:
        raise NotAllowed(_("The matter is closed. Reopen it first if it is to be mediated."))
    if not may_open(actor, matter):
        raise NotAllowed(_("The matter's centre, or the unit that holds it, asks a body to mediate."))


def visible_mediation(actor: Actor, mediation_id: UUID, *, lock: bool = False) -> Mediation:
    """The mediation, if the person may see it; else NotVisible. With `lock` its row is held until the end."""
    need_view(actor)
    rows = Mediation.objects.select_related("matter__unit", "matter__area", "body")
    found = rows.visible_to(actor).filter(pk=mediation_id).first()
    if found is None:
        raise NotVisible(_("There is no such mediation, or it is not for you to see."))
    if not lock:
        return found
    # Read again under the lock: what was seen before it may be out of date.
    return rows.select_for_update(of=("self",)).get(pk=mediation_id)


def workable(actor: Actor, mediation_id: UUID, verb: str = "run") -> Mediation:
    """The mediation, locked, if the person may work on it; NotVisible or NotAllowed else."""
    found = visible_mediation(actor, mediation_id, lock=True)
    if not can(actor, verb, found):
        raise NotAllowed(_("Only the body that mediates does this."))
    return found


def need_view(actor: Actor) -> None:
    """Raises NotAllowed for who has nothing to do with mediation."""
    if not can(actor, "view"):
        raise NotAllowed(_("Your post has nothing to do with mediation."))
