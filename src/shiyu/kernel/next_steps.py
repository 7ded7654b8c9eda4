"""What a person does next with a matter: of all that is allowed, the one real next step, the few likely ones, the rest.

A matter that waits for somebody else has no next step here, and then no button stands out. What only a reporter says
(a rating, "not solved") is apart: an office writes it down for them, it never says it in its own name.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from shiyu.kernel.facts import MatterFacts, Option
from shiyu.kernel.objections import relations
from shiyu.kernel.phases import Phase, Relation
from shiyu.kernel.spec.matters import Closing, Kind
from shiyu.kernel.verbs import VERBS

LIKELY_MOST = 3

LIKELY: dict[Phase, tuple[str, ...]] = {
    Phase.FILED: ("sort", "settle", "refuse", "ask_reporter"),
    Phase.ACCEPTED: ("dispatch", "settle", "climb", "ask_reporter"),
    Phase.HANDLING: (
        "decline_return",
        "decline_extension",
        "return",
        "note",
        "extend",
        "urge",
        "ask_reporter",
        "add_support",
    ),
    Phase.VERIFYING: ("send_back", "close", "note", "urge"),
    Phase.HELD: ("review_books", "take_off_books", "note", "urge"),
    Phase.CLOSED: ("follow_up", "reopen"),
    Phase.REFUSED: (),
}
"""What is usual beside the next step, by phase, the likeliest first."""


@dataclass(frozen=True)
class Arranged:
    """Allowed options as a page shows them, each once. `first` is None where the matter waits for somebody else."""

    first: Option | None
    likely: list[Option]
    more: list[Option]
    for_reporter: list[Option]

    @property
    def shown(self) -> list[Option]:
        """All of them, in that order."""
        first = [self.first] if self.first else []
        return [*first, *self.likely, *self.more, *self.for_reporter]


def arranged(kind: Kind, facts: MatterFacts, options: Iterable[Option], *, reported: bool) -> Arranged:
    """Sorts what an office may do. `reported`: persons reported the matter, so that their own deeds are only written
    down for them; else the unit that filed it is the reporter itself."""
    allowed = [option for option in options if option.allowed]
    apart = [option for option in allowed if reported and is_reporters_own(kind, option.verb)]
    own = {option.verb: option for option in allowed if option not in apart}
    first = next((own[verb] for verb in next_verbs(kind, facts) if verb in own), None)
    usual = [own[verb] for verb in LIKELY[kind.states[facts.state].phase] if verb in own]
    likely = [option for option in usual if option is not first][:LIKELY_MOST]
    more = [option for option in own.values() if option is not first and option not in likely]
    return Arranged(first, likely, more, apart)


def is_reporters_own(kind: Kind, verb: str) -> bool:
    """Whether only the reporter may do the verb in this kind."""
    rule = kind.rule(verb) if verb in VERBS else None
    return rule is not None and relations(VERBS[verb], rule) == (Relation.REPORTER,)


def next_verbs(kind: Kind, facts: MatterFacts) -> Sequence[str]:
    """The verbs any of which is the next step of the matter as it stands; the first that a person may do is theirs."""
    phase = kind.states[facts.state].phase
    if phase is Phase.FILED:
        return ("accept", *_ways_on(kind, facts), *(("refuse",) if facts.is_settled_for_good else ()))
    if phase is Phase.ACCEPTED:
        return _ways_on(kind, facts)
    if phase is Phase.HANDLING:
        return _handled(facts)
    if phase is Phase.VERIFYING:
        return _checked(kind, facts)
    if phase is Phase.HELD:
        return ("review_books",)
    return (
        *(("reopen",) if facts.said_not_solved else ()),
        *(("follow_up",) if facts.is_follow_up_due else ()),
    )


def _ways_on(kind: Kind, facts: MatterFacts) -> Sequence[str]:
    """Sorting, where the kind sorts; then the ways of the class in the pack's order. Once lifted, a matter is sent out
    where it came to and not lifted again."""
    if kind.sorting is not None and facts.sort_class is None:
        return ("sort",)
    chosen = kind.sorting.classes.get(facts.sort_class or "") if kind.sorting else None
    ways = (chosen.next if chosen else ()) or ("dispatch", "settle")
    return [way for way in ways if not (way == "climb" and facts.level)]


def _handled(facts: MatterFacts) -> Sequence[str]:
    """One's own part before others'; a word the handling unit waits for; urging only once it is overdue."""
    answers = ("decide_competence", "answer_competence", "consent_return", "approve_extension")
    return ("acknowledge", *answers, "complete", *(("urge",) if facts.is_overdue else ()))


def _checked(kind: Kind, facts: MatterFacts) -> Sequence[str]:
    """What the kind asks for before closing, then closing."""
    if kind.closing is Closing.VERIFIED and not facts.is_verified:
        return ("verify",)
    if kind.closing is Closing.CONFIRMED and not facts.is_confirmed:
        return ("confirm",)
    return ("close",)
