"""The target a task's text states, as a task's fields: taken over with a document, suggested in the form."""

import re
from typing import Any

from shiyu.plans.models import Task
from shiyu.reading.targets import find_targets

_KEPT = re.compile(r"(?:全年|常年|始终|持续)(?:保持|达到|稳定|为零|零)")


def target_of(*texts: str) -> dict[str, Any]:
    """The fields of a target in numbers that the texts state; of several only the words, nobody guesses which counts.
    "Kept all year" only where the text says so."""
    found = [target for text in texts for target in find_targets(text)]
    if not found:
        return {"target_kind": Task.Target.KEPT} if any(_KEPT.search(text) for text in texts) else {}
    words = "，".join(dict.fromkeys(target.text for target in found))[:300]
    if len(found) > 1:
        return {"target_text": words}
    value, unit = found[0].value, found[0].unit
    return {
        "target_kind": Task.Target.NUMBER,
        "target_value": value,
        "target_unit": unit,
        "target_text": words,
    }
