"""Who hears what, on one screen.

NOW: invariants between apps, in the same transaction, one level deep. LATER: jobs, queued in the same transaction.
"""

from collections.abc import Callable
from typing import Any

NOW: dict[type, tuple[Callable[[Any], None], ...]] = {}

LATER: dict[type, tuple[str, ...]] = {}
