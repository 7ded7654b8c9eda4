"""The one path every verb takes: lock the row, ask the kernel, write what follows, record, tell."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from shiyu.audit.actions import record
from shiyu.kernel import workflow
from shiyu.kernel.actor import Actor
from shiyu.kernel.competence import FunctionStanding
from shiyu.kernel.facts import Given, Transition
from shiyu.kernel.facts import NotAllowed as Refused
from shiyu.kernel.limits import end_of
from shiyu.kernel.objections import SENDING
from shiyu.kernel.phases import Need, Outcome
from shiyu.kernel.reasons import REASONS
from shiyu.kernel.spec.matters import Kind
from shiyu.lib import clock
from shiyu.lib.errors import Conflict, NotAllowed, UserError
from shiyu.lib.events import emit
from shiyu.matters.access import facts_of, visible_matter
from shiyu.matters.effects import Stage, apply
from shiyu.matters.events import EVENT_OF, AssignmentCompleted, MatterChanged, MatterClosed, MatterCompleted
from shiyu.matters.kinds import calendar, kind_of, language, pack_for
from shiyu.matters.models import Assignment, Matter, Step
from shiyu.matters.queries.ways import standings_for
from shiyu.packs.forms import checked_values
from shiyu.packs.queries import current_pack

FIELD_OF = {
    "needs_reason": "reason",
    "needs_remedy": "remedy",
    "needs_proof": "files",
    "needs_result": "result",
    "needs_unit": "unit_id",
    "needs_due_date": "until",
    "needs_review_date": "until",
    "needs_end_date": "until",
    "needs_outcome": "outcome",
    "which_assignment": "assignment_id",
    "unit_on_it": "unit_id",
    "outcome": "outcome",
    "needs_sort_class": "sort_class",
    "needs_grade": "grade",
    "needs_matter": "other",
    "needs_words": "text",
    "needs_leader": "leader",
    "needs_rating": "rating",
    "unknown_choice": "sort_class",
    "function_taken_back": "unit_id",
    "function_supporting": "unit_id",
    "date_past": "until",
    "date_before_due": "until",
    "date_too_late": "until",
}
"""Reasons that the person can put right in the form, and the field they belong to."""

WITHOUT_VERSION = ("note", "urge", "ask_reporter", "answer", "link")
"""Deeds that change nothing of what may be done next; they do not invalidate somebody's open form."""


@dataclass(frozen=True)
class Deed:
    """What a person supplies with a verb.

    `until` is the new limit, the review date or the end of the suspension (a day; it ends with that day).
    `letter_id` is the letter of the unit `writer_id` from which the deed follows, where it follows from one.
    `seen` is the matter's version the form was made from; without it no check for others' changes is made.
    """

    reason: str = ""
    result: str = ""
    note: str = ""
    remedy: str = ""
    unit_id: UUID | None = None
    supporting_unit_ids: tuple[UUID, ...] = ()
    office_id: UUID | None = None
    person: str = ""
    until: date | None = None
    outcome: str = ""
    assignment_id: UUID | None = None
    text: str = ""
    sort_class: str = ""
    grade: str = ""
    leader: str = ""
    rating: int | None = None
    no_more_calls: bool = False
    other_id: UUID | None = None
    letter_id: UUID | None = None
    writer_id: UUID | None = None
    fields: Mapping[str, Any] = field(default_factory=dict)
    seen: int | None = None

    @property
    def words(self) -> str:
        """What the history shows of the deed."""
        return self.reason or self.result or self.note or self.text

    @property
    def unit_ids(self) -> tuple[UUID, ...]:
        """Every unit named."""
        return (*((self.unit_id,) if self.unit_id else ()), *self.supporting_unit_ids)

    def given(self, standings: Mapping[UUID, FunctionStanding]) -> Given:
        """The deed as the kernel reads it; `standings` tells how the units named have the matter's function."""
        texts = {
            Need.REASON: self.reason,
            Need.RESULT: self.result,
            Need.REMEDY: self.remedy,
            Need.WORDS: self.text,
            Need.LEADER: self.leader,
            Need.RATING: str(self.rating or ""),
        }
        return Given(
            needs=frozenset(need for need, text in texts.items() if text.strip()),
            unit_id=self.unit_id,
            until=end_of(self.until) if self.until else None,
            outcome=Outcome(self.outcome) if self.outcome else None,
            assignment_id=self.assignment_id,
            sort_class=self.sort_class or None,
            grade=self.grade or None,
            matter_id=self.other_id,
            standings=standings,
            supporting_unit_ids=self.supporting_unit_ids,
        )


def act(actor: Actor, matter_id: UUID, verb: str, deed: Deed) -> Matter:
    """Does the verb to the matter and everything that follows from it. Runs inside a named action.

    Raises NotVisible, Conflict (somebody was faster), NotAllowed (with every reason), UserError (something is
    missing or wrong in what was given).
    """
    matter = visible_matter(actor, matter_id, lock=True)
    _check_seen(matter, deed.seen)
    before = _shown(matter)
    transition = perform(actor, matter, verb, deed)
    if verb == "consent_return" and deed.unit_id is not None:
        _reassign(actor, matter, transition, deed)
    if verb not in WITHOUT_VERSION:
        matter.version += 1
    matter.save()
    after = _shown(matter)
    changes: dict[str, object] = {
        key: [before[key], after[key]] for key in after if before[key] != after[key]
    }
    if deed.unit_id:
        changes["unit"] = deed.unit_id
    if deed.assignment_id or transition.assignment_id:
        changes["assignment"] = deed.assignment_id or transition.assignment_id
    record(matter, changes, reason=deed.words)
    tell(actor, matter, verb, deed, transition)
    return matter


def perform(actor: Actor, matter: Matter, verb: str, deed: Deed) -> Transition:
    """Asks the kernel and writes what follows to the matter (not yet saved), its assignments and steps."""
    kind, now, days = kind_of(matter), clock.now(), calendar()
    standings = standings_for(matter, deed.unit_ids) if verb in SENDING else {}
    try:
        transition = workflow.decide(
            kind, facts_of(matter, actor), actor, verb, deed.given(standings), now, days
        )
    except Refused as refused:
        raise refusal(refused) from None
    _check_ground(kind, verb, deed)
    apply(Stage(matter, kind, actor, deed, now, days), transition)
    _fill_in(matter, kind, transition, deed)
    return transition


def _check_ground(kind: Kind, verb: str, deed: Deed) -> None:
    """A clock stands still only for a ground of the pack's list, where it names one."""
    rule = kind.rule(verb)
    known = current_pack().codes[rule.grounds].values if rule and rule.grounds else {}
    if known and not any(deed.reason.startswith((label.zh, label.en)) for label in known.values()):
        raise UserError(REASONS["wrong_ground"].text(language()), field="reason")


def _fill_in(matter: Matter, kind: Kind, transition: Transition, deed: Deed) -> None:
    """What the form asks with this verb, of the lead unit alone: checked, and kept with the matter."""
    asked, held = kind.fields_with(transition.verb), transition.assignment_id
    if asked and held and matter.assignments.filter(pk=held, role=Assignment.Role.LEAD).exists():
        matter.fields = {**matter.fields, **checked_values(asked, deed.fields, pack_for(matter))}


def refusal(refused: Refused) -> UserError:
    """The kernel's refusal as an error for the person: 403, or an error of the form if the form can mend it."""
    text = " ".join(dict.fromkeys(reason.text(language()) for reason in refused.reasons))
    codes = [reason.code for reason in refused.reasons]
    if codes and all(code in FIELD_OF for code in codes):
        return UserError(text, field=FIELD_OF[codes[0]])
    return NotAllowed(text)


def _check_seen(matter: Matter, seen: int | None) -> None:
    if seen is None or seen == matter.version:
        return
    last = Step.objects.filter(matter_id=matter.pk).exclude(left_at=None).order_by("-left_at", "-id").first()
    who = last.by_name if last and last.by_name else _("Somebody else")
    when = clock.local(last.left_at if last and last.left_at else matter.step_entered_at)
    raise Conflict(
        _("%(who)s changed this matter on %(when)s, after you opened it. Look at its new state first.")
        % {"who": who, "when": f"{when:%Y-%m-%d %H:%M}"}
    )


def _reassign(actor: Actor, matter: Matter, consented: Transition, deed: Deed) -> None:
    """A return consented to may name the unit that takes over: dispatched in the same go."""
    matter.save()
    left = matter.assignments.get(pk=str(consented.assignment_id))
    if left.unit_id == deed.unit_id:
        raise UserError(_("This unit has just returned the matter; choose another one."), field="unit_id")
    again = Deed(unit_id=deed.unit_id, office_id=deed.office_id, person=deed.person, reason=deed.reason)
    perform(actor, matter, "dispatch" if left.role == Assignment.Role.LEAD else "add_support", again)


_SHOWN = (
    "state",
    "phase",
    "outcome",
    "due_at",
    "step_due_at",
    "on_books",
    "books_review_on",
    "extensions",
    "extension_asked_until",
    "suspended_until",
    "reworked",
    "reopened",
    "completed_by_id",
    "verified_by_id",
    "closed_at",
    "supervised_at",
)


def _shown(matter: Matter) -> dict[str, object]:
    return {name: getattr(matter, name) for name in _SHOWN}


def tell(actor: Actor, matter: Matter, verb: str, deed: Deed, transition: Transition) -> None:
    """Emits the verb's event to the units it concerns next."""
    base = {
        "matter_id": matter.pk,
        "code": matter.code,
        "kind": matter.kind,
        "title": matter.title,
        "by_id": actor.user_id,
        "by_name": actor.name,
        "unit_ids": _concerned(matter, verb, deed, transition),
        "due_at": matter.step_due_at or matter.due_at,
        "reason": deed.words,
        "about_type": matter.about_type,
        "about_id": matter.about_id,
    }
    event = EVENT_OF.get(verb)
    if verb == "complete":
        event = MatterCompleted if transition.moved else AssignmentCompleted
    if event is None:
        emit(MatterChanged(**base, verb=verb))  # type: ignore[arg-type]
    elif event is MatterClosed:
        emit(MatterClosed(**base, outcome=matter.outcome))  # type: ignore[arg-type]
    else:
        emit(event(**base))  # type: ignore[arg-type]


_TO_INTAKE = (
    "return",
    "extend",
    "complete",
    "acknowledge",
    "note",
    "withdraw",
    "answer",
    "climb",
    "lower",
    "not_solved",
    "dispute_competence",
)


def _concerned(matter: Matter, verb: str, deed: Deed, transition: Transition) -> tuple[UUID, ...]:
    if verb in _TO_INTAKE:
        return (matter.unit_id,)
    if verb == "add_support" and deed.unit_id:
        return (deed.unit_id,)
    holding = matter.assignments.exclude(ended__in=("returned", "transferred"))
    if verb in ("dispatch", "transfer", "urge", "consent_return", "decline_return"):
        holding = holding.filter(active=True)
    units = list(holding.order_by("asked_at", "id").values_list("unit_id", flat=True))
    if verb in ("refuse", "close", "reopen") and matter.filed_unit_id:
        units.append(matter.filed_unit_id)
    return tuple(dict.fromkeys(units or [matter.unit_id]))
