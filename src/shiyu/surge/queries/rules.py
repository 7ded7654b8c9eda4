"""What the pack says of emergency response, as pages and actions ask for it."""

from shiyu.kernel.spec.surge import SurgeRule
from shiyu.kernel.surge import OCCASIONS, Occasion
from shiyu.lib.errors import UserError
from shiyu.matters.kinds import language
from shiyu.packs.queries import current_pack, pack_of
from shiyu.surge.models import Surge


def rule_in_force() -> SurgeRule | None:
    """The rules new responses are opened by; None in a city without them, or before any pack."""
    try:
        return current_pack().surge
    except UserError:
        return None


def rule_of(surge: Surge) -> SurgeRule | None:
    """The rules a response runs by: those in force when it was opened."""
    return pack_of(surge.pack_version_id).surge if surge.pack_version_id else current_pack().surge


def occasion_label(occasion: str, rule: SurgeRule | None) -> str:
    """What an occasion is called: by the city, else by the product."""
    found = Occasion(occasion)
    words = (rule.occasions.get(found) if rule else None) or OCCASIONS[found]
    return words.text(language())


def kind_labels(surge: Surge) -> list[str]:
    """The kinds in the scope, by name, in the pack's order."""
    pack = pack_of(surge.pack_version_id) if surge.pack_version_id else current_pack()
    return [pack.kind[code].label.text(language()) for code in surge.kinds if code in pack.kind]
