"""What the pack says of mediation, and its words."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from shiyu.kernel.mediation import OUTCOME_LABELS, WAY_LABELS, MediationOutcome, Way, side_label
from shiyu.kernel.spec.mediation import MediationRule
from shiyu.lib.errors import UserError
from shiyu.matters.kinds import language, pack_for, topic_choices
from shiyu.matters.models import Matter
from shiyu.packs.queries import current_pack

Choices = list[tuple[str, str]]


def current_rule() -> MediationRule | None:
    """The pack's `mediation`; None in a city without it."""
    return current_pack().mediation


def rule_for(matter: Matter) -> MediationRule:
    """How this matter is mediated. Raises UserError for a kind, or a city, that is not."""
    rule = pack_for(matter).mediation
    if rule is None or rule.kind != matter.kind:
        raise UserError(_("Matters of this kind are not mediated."))
    return rule


def _choices(name: str) -> Choices:
    pack, rule = current_pack(), current_rule()
    listed = getattr(rule, name) if rule else None
    values = pack.codes[listed].values if listed in pack.codes else {}
    return [(code, label.text(language())) for code, label in values.items()]


def role_choices() -> Choices:
    """Public roles: code and label."""
    return _choices("roles")


def source_choices() -> Choices:
    """How a mediation began: code and label."""
    return _choices("sources")


def remedy_choices() -> Choices:
    """What stays open when it fails: code and label."""
    return _choices("ways_after")


def kind_choices() -> Choices:
    """The kinds of mediation: the topics of the kind of matter that is mediated."""
    rule = current_rule()
    return topic_choices(rule.kind) if rule else []


def content_label(topic: str) -> str:
    """The content of petitions a kind of mediation stands for; empty where the pack maps none."""
    rule = current_rule()
    code = rule.content_of.get(topic) if rule else None
    return dict(_choices("content")).get(code or "", "")


def outcome_label(outcome: str) -> str:
    """How it ended, in words; empty while it goes on."""
    return OUTCOME_LABELS[MediationOutcome(outcome)].text(language()) if outcome else ""


def way_label(way: str) -> str:
    """Whose mediation it is, in words."""
    return WAY_LABELS[Way(way)].text(language())


def party_label(number: int) -> str:
    """What a side is called on pages: 当事人甲."""
    return side_label(number, english=language().lower().startswith("en"))


def labels_of(choices: Choices, codes: Iterable[str]) -> list[str]:
    """The labels of codes, in the order of the list; unknown ones as they are."""
    known = dict(choices)
    return [known.get(code, code) for code in codes]
