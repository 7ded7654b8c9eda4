"""The verbs that lead a matter elsewhere: settled on the spot, sorted, graded, split, linked, merged, lifted, lowered,
disputed; and what its reporter says. Each is an action of its own on the path of `act`.

All take the actor, the matter's id and what the verb needs; `seen` is the version a form was made from. All raise
what `act` raises, and return the matter as it then is.
"""

from collections.abc import Callable
from datetime import date
from uuid import UUID

from django.utils.translation import gettext as _

from shiyu.audit.actions import action
from shiyu.kernel.actor import SYSTEM, Actor
from shiyu.lib import clock
from shiyu.lib.errors import UserError
from shiyu.matters.access import visible_matter
from shiyu.matters.actions.act import Deed, act
from shiyu.matters.actions.file import file_matter
from shiyu.matters.kinds import kind_of
from shiyu.matters.models import Matter, MatterLink
from shiyu.people.models import Unit


@action("matters.settle_matter")
def settle_matter(
    actor: Actor, matter_id: UUID, *, result: str, outcome: str = "", seen: int | None = None
) -> Matter:
    """Done on the spot, by one form; it stays open to sampling from above."""
    return act(actor, matter_id, "settle", Deed(result=result, outcome=outcome, seen=seen))


@action("matters.sort_matter")
def sort_matter(actor: Actor, matter_id: UUID, *, sort_class: str, seen: int | None = None) -> Matter:
    """Gives it a class of its kind's sorting; the whole limit counts by the class from receipt."""
    return act(actor, matter_id, "sort", Deed(sort_class=sort_class, seen=seen))


@action("matters.set_grade")
def set_grade(actor: Actor, matter_id: UUID, *, grade: str, reason: str, seen: int | None = None) -> Matter:
    """Another grade than the table gives, with a reason; from then on the table only proposes."""
    return act(actor, matter_id, "grade", Deed(grade=grade, reason=reason, seen=seen))


@action("matters.ask_reporter")
def ask_reporter(actor: Actor, matter_id: UUID, *, text: str, seen: int | None = None) -> Matter:
    """Asks who reported it for more."""
    return act(actor, matter_id, "ask_reporter", Deed(text=text, seen=seen))


@action("matters.answer_question")
def answer_question(actor: Actor, matter_id: UUID, *, text: str, seen: int | None = None) -> Matter:
    """Who reported it tells more."""
    return act(actor, matter_id, "answer", Deed(text=text, seen=seen))


@action("matters.split_matter")
def split_matter(actor: Actor, matter_id: UUID, *, text: str, seen: int | None = None) -> Matter:
    """Takes a part out into a matter of its own, of the same kind and place, filed with the same unit; `text` says
    which part. The part has its own limit, from now. Returns the matter it was split from."""
    matter = act(actor, matter_id, "split", Deed(text=text, seen=seen))
    part = file_matter(
        actor,
        kind=matter.kind,
        title=text.strip()[:60],
        text=text,
        source=matter.source,
        unit_id=matter.unit_id,
        goal=matter.goal,
        measures=matter.measures,
        fields=matter.fields,
        topic=matter.topic,
        area_id=matter.area_id,
        carried_from=matter,
    )
    _link(actor, matter, part, MatterLink.Sort.SPLIT)
    return matter


@action("matters.link_matter")
def link_matter(actor: Actor, matter_id: UUID, *, other: str, seen: int | None = None) -> Matter:
    """Notes that two matters belong together; both keep their limits and their ends."""
    found = matter_by_code(actor, other, matter_id)
    matter = act(actor, matter_id, "link", Deed(other_id=found.pk, note=found.code, seen=seen))
    _link(actor, matter, found, MatterLink.Sort.RELATED)
    return matter


@action("matters.merge_matter")
def merge_matter(
    actor: Actor, matter_id: UUID, *, other: str, reason: str, seen: int | None = None
) -> Matter:
    """Ends this matter in another one of its kind that is open; who reported it keeps number, limit and answer, and is
    shown the other one's progress. Raises UserError for a matter of another kind, or one that has ended."""
    found = matter_by_code(actor, other, matter_id)
    # Both are held in one order: two merges into each other end in one that is refused, not in a deadlock.
    held = Matter.objects.select_for_update().filter(pk__in=[matter_id, found.pk]).order_by("pk")
    both = {matter.pk: matter for matter in held}
    mine, found = visible_matter(actor, matter_id), both[found.pk]
    if found.kind != mine.kind or found.drill != mine.drill or not found.is_open:
        raise UserError(_("Choose an open matter of the same kind to merge into."), field="other")
    matter = act(actor, matter_id, "merge", Deed(other_id=found.pk, reason=reason, seen=seen))
    _link(actor, found, matter, MatterLink.Sort.MERGED)
    return matter


@action("matters.dispute_competence")
def dispute_competence(actor: Actor, matter_id: UUID, *, reason: str, seen: int | None = None) -> Matter:
    """The lead unit says that another is competent: the unit above both decides, with both reasons (LZ11)."""
    return act(actor, matter_id, "dispute_competence", Deed(reason=reason, seen=seen))


@action("matters.answer_competence")
def answer_competence(actor: Actor, matter_id: UUID, *, reason: str, seen: int | None = None) -> Matter:
    """The sender states its side of a dispute."""
    return act(actor, matter_id, "answer_competence", Deed(reason=reason, seen=seen))


@action("matters.decide_competence")
def decide_competence(
    actor: Actor, matter_id: UUID, *, unit_id: UUID, reason: str, seen: int | None = None
) -> Matter:
    """The unit above both names the one that leads, with the reason; the decision stays on record."""
    return act(actor, matter_id, "decide_competence", Deed(unit_id=unit_id, reason=reason, seen=seen))


@action("matters.take_in_charge")
def take_in_charge(
    actor: Actor, matter_id: UUID, *, leader: str, until: date, seen: int | None = None
) -> Matter:
    """A leader, named by post, answers for it until a day of review; rights and clocks stay as they are."""
    return act(actor, matter_id, "take_in_charge", Deed(leader=leader, until=until, seen=seen))


@action("matters.climb_matter")
def climb_matter(actor: Actor, matter_id: UUID, *, reason: str, seen: int | None = None) -> Matter:
    """Goes up: the unit above takes it in; its state and its clocks stay."""
    return act(actor, matter_id, "climb", Deed(reason=reason, seen=seen))


@action("matters.lower_matter")
def lower_matter(
    actor: Actor, matter_id: UUID, *, unit_id: UUID, reason: str, seen: int | None = None
) -> Matter:
    """Goes down to a unit that climbs to the present one. Raises UserError for any other unit."""
    mine = visible_matter(actor, matter_id)
    if not Unit.objects.in_force().filter(pk=unit_id, upper_centre_id=mine.unit_id).exists():
        raise UserError(_("Choose a unit directly below the one that holds it now."), field="unit_id")
    return act(actor, matter_id, "lower", Deed(unit_id=unit_id, reason=reason, seen=seen))


@action("matters.say_not_solved")
def say_not_solved(actor: Actor, matter_id: UUID, *, reason: str, seen: int | None = None) -> Matter:
    """Who reported it says that it is not solved; another unit than the handling one looks at it."""
    return act(actor, matter_id, "not_solved", Deed(reason=reason, seen=seen))


@action("matters.rate_matter")
def rate_matter(actor: Actor, matter_id: UUID, *, rating: int, seen: int | None = None) -> Matter:
    """Who reported it rates how it was handled, from 1 to 5. Raises UserError outside that."""
    if rating not in range(1, 6):
        raise UserError(_("Choose a rating from 1 to 5."), field="rating")
    return act(actor, matter_id, "rate", Deed(rating=rating, seen=seen))


@action("matters.ask_review")
def ask_review(actor: Actor, matter_id: UUID, *, reason: str, seen: int | None = None) -> Matter:
    """Who reported it asks the unit above for a review: a matter of its own, with its own limit, linked to this one.
    Returns the matter it was asked for. Raises UserError where no unit stands above."""
    matter = act(actor, matter_id, "ask_review", Deed(reason=reason, seen=seen))
    rule, above = kind_of(matter).review, matter.unit.upper_centre_id or matter.unit.parent_id
    if rule is None or above is None:
        raise UserError(_("No unit stands above the one that decided; ask that one again."))
    review = file_matter(
        # Who reported it has no post that files: the system does, with them as its reporter.
        SYSTEM if actor.party_id else actor,
        kind=rule.kind,
        title=matter.title,
        text=reason,
        source=matter.source,
        unit_id=above,
        area_id=matter.area_id,
        happened_on=clock.today(),
        carried_from=matter,
    )
    _link(actor, matter, review, MatterLink.Sort.REVIEW)
    matter.review_until = None
    matter.save(update_fields=["review_until"])
    return matter


def matter_by_code(actor: Actor, code: str, but: UUID) -> Matter:
    """The matter with a number, among those the person sees. Raises UserError where there is none, or it is `but`."""
    found = Matter.objects.visible_to(actor).filter(code=code.strip()).exclude(pk=but).first()
    if found is None:
        raise UserError(
            _("There is no other matter with the number %(code)s.") % {"code": code}, field="other"
        )
    return found


def _link(actor: Actor, first: Matter, second: Matter, sort: MatterLink.Sort) -> None:
    MatterLink.objects.get_or_create(
        first=first, second=second, sort=sort, defaults={"at": clock.now(), "by_name": actor.name}
    )


WAY_ACTIONS: dict[str, Callable[..., Matter]] = {
    "settle": settle_matter,
    "sort": sort_matter,
    "grade": set_grade,
    "ask_reporter": ask_reporter,
    "answer": answer_question,
    "split": split_matter,
    "link": link_matter,
    "merge": merge_matter,
    "dispute_competence": dispute_competence,
    "answer_competence": answer_competence,
    "decide_competence": decide_competence,
    "take_in_charge": take_in_charge,
    "climb": climb_matter,
    "lower": lower_matter,
    "not_solved": say_not_solved,
    "rate": rate_matter,
    "ask_review": ask_review,
}
"""The function of each of these verbs, for the pages."""
