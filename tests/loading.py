"""A whole pack in the database, loaded once for a module instead of once for each of its tests."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import transaction

from shiyu.lib import clock
from shiyu.seeding import load_city

ROOT = Path(__file__).resolve().parent.parent
LIJIANG = ROOT / "packs" / "lijiang"


@contextmanager
def loaded_once(
    blocker: Any,
    folder: Path,
    moment: datetime,
    *,
    password: str | None = None,
    then: Callable[[], Any] | None = None,
) -> Iterator[Any]:
    """For a fixture of module scope (which asks for `django_db_setup` and `django_db_blocker`): the pack of `folder`
    loaded at `moment`, which stays the time; gives what `then()` makes of it. All is rolled back at the module's end.

    A test that asks for `db` as well works within a savepoint of this transaction, so that its changes are taken
    back; a module with `transaction=True` cannot use it.
    """
    with blocker.unblock(), clock.frozen(moment):
        outer = transaction.atomic()
        outer.__enter__()
        try:
            load_city(folder, password=password)
            yield then() if then else None
        finally:
            transaction.set_rollback(True)
            outer.__exit__(None, None, None)
