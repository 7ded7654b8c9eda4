"""What the pack says of a kind of matter: its rules, its words, its calendar."""

from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from shiyu.kernel.limits import Calendar
from shiyu.kernel.phases import OUTCOME_LABELS, Outcome, Phase
from shiyu.kernel.spec.matters import Kind
from shiyu.kernel.spec.pack import Pack
from shiyu.kernel.verbs import VERBS
from shiyu.lib.errors import UserError
from shiyu.matters.models import Matter
from shiyu.packs.queries import current_calendar, current_pack, current_version_id, pack_of

RECOMPUTED = "recompute"
"""Not done by anybody: a new calendar moved the limits (actions.recompute)."""
DISPUTE_LIFTED = "lift_dispute"
"""Not done by anybody: nobody decided a dispute over competence in time (actions.disputes)."""
LETTER = "letter"
"""What became of a letter about the matter (actions.letter_effects)."""


def pack_for(matter: Matter) -> Pack:
    """The pack under which the matter runs: the one in force when it was filed."""
    return pack_of(matter.pack_version_id) if matter.pack_version_id else current_pack()


def version_in_force() -> UUID | None:
    """The id of the pack version new matters run under."""
    return current_version_id()


def kind_of(matter: Matter) -> Kind:
    """The rules of the matter's kind, as they were when it was filed."""
    return pack_for(matter).kind[matter.kind]


def kind_named(code: str) -> Kind:
    """The rules of a kind in force now. Raises UserError for a kind the pack does not have."""
    kind = current_pack().kind.get(code)
    if kind is None:
        raise UserError(_("The city has no kind of matter called %(kind)s.") % {"kind": code}, field="kind")
    return kind


def calendar() -> Calendar:
    """The calendar in force: limits always run on the newest one."""
    return current_calendar()


def language() -> str:
    """The language in which labels of the pack are written now."""
    return get_language() or "zh-hans"


def kind_label(code: str) -> str:
    """What a kind is called."""
    kind = current_pack().kind.get(code)
    return kind.label.text(language()) if kind else code


def state_label(matter: Matter) -> str:
    """What the matter's state is called in its kind."""
    return shown_state(kind_of(matter), matter)


def shown_state(kind: Kind, matter: Matter) -> str:
    """What pages call the matter's state: the kind's word, but for what was checked and waits to be closed."""
    if matter.phase == Phase.VERIFYING and matter.verified_by_id is not None:
        return _("Checked, now: %(verb)s") % {"verb": verb_label("close", kind)}
    return named_state(kind, matter.state)


def named_state(kind: Kind, state: str) -> str:
    """What a state is called in a kind."""
    found = kind.states.get(state)
    return found.label.text(language()) if found else state


def verb_label(verb: str, kind: Kind | None = None) -> str:
    """What a verb is called in a kind (销号 of a problem), or what else the history tells of."""
    if verb == RECOMPUTED:
        return _("Limits computed anew")
    if verb == DISPUTE_LIFTED:
        return _("Not decided in time: goes to the unit above")
    if verb == LETTER:
        return _("Letter")
    rule = kind.verbs.get(verb) if kind else None
    if rule is not None and rule.label is not None:
        return rule.label.text(language())
    return VERBS[verb].label.text(language()) if verb in VERBS else verb


def outcome_label(outcome: str) -> str:
    """How a matter ended, in words."""
    return OUTCOME_LABELS[Outcome(outcome)].text(language()) if outcome else ""


@dataclass(frozen=True)
class KindCard:
    """A kind to choose when something is filed."""

    code: str
    label: str
    topics: str


def filed_kinds() -> list[KindCard]:
    """The kinds that somebody files, in the pack's order, each with the first of its topics. A kind that
    comes into being as the review of another is asked for there."""
    pack = current_pack()
    reviews = {kind.review.kind for kind in pack.kind.values() if kind.review}
    return [
        KindCard(
            code,
            kind.label.text(language()),
            "、".join(words for _, words in topic_choices(code)[:5]),
        )
        for code, kind in pack.kind.items()
        if code not in reviews
    ]


def default_kind(kinds: list[KindCard]) -> str:
    """The kind filed without being chosen: the city's problem kind, or its only one; empty where one must choose."""
    problem = current_pack().plan.problem_kind
    return problem or (kinds[0].code if len(kinds) == 1 else "")


def happened_label(kind: Kind) -> str:
    """What the kind calls the day on which it happened."""
    found = kind.labels.get("happened_on")
    return found.text(language()) if found else _("Happened on")


def due_label(kind: Kind) -> str:
    """What the kind calls the day that somebody may set as the last one."""
    found = kind.labels.get("due_at")
    return found.text(language()) if found else _("To be settled by")


def has_two_sides(pack: Pack, kind: str) -> bool:
    """Whether another side stands against the reporter in matters of a kind: in those that the city mediates."""
    return pack.mediation is not None and pack.mediation.kind == kind


def source_choices(code: str) -> list[tuple[str, str]]:
    """Where matters of a kind come from: code and label, in the pack's order."""
    pack = current_pack()
    kind = pack.kind.get(code)
    if kind is None or kind.sources is None:
        return []
    return [(key, label.text(language())) for key, label in pack.codes[kind.sources].values.items()]


def topic_choices(code: str) -> list[tuple[str, str]]:
    """What matters of a kind are about: code and label, in the pack's order; none where the kind has no list."""
    pack = current_pack()
    kind = pack.kind.get(code)
    if kind is None or kind.topics is None:
        return []
    return [(key, label.text(language())) for key, label in pack.codes[kind.topics].values.items()]


def source_label(matter: Matter) -> str:
    """Where the matter came from, in words."""
    return dict(source_choices(matter.kind)).get(matter.source, matter.source)
