"""Each row of test_luzhou must fail, or be refused, when its stanza is taken out of the pack.

A file of its own: there the whole pack stays loaded between tests, here each test begins with an empty database.
"""

import shutil
from pathlib import Path

import pytest
from django.db import connection

from shiyu.lib import clock
from shiyu.seeding import load_city
from tests.test_luzhou import FAILS, LUZHOU, STANZAS, TODAY


@pytest.mark.parametrize("name", STANZAS)
def test_without_its_stanza_the_row_fails(name, db, files_elsewhere: None, tmp_path) -> None:
    row, cut = STANZAS[name]
    folder = Path(shutil.copytree(LUZHOU, tmp_path / "luzhou"))
    cut(folder)
    assert connection.in_atomic_block
    with clock.frozen(TODAY), pytest.raises(FAILS):  # noqa: PT012 - loading or the row, either may refuse
        load_city(folder)
        row()
