"""Each row of test_lijiang_mediation must fail, or be refused, when its stanza is taken out of the pack."""

import shutil
from pathlib import Path

import pytest

from shiyu.lib import clock
from shiyu.seeding import load_city
from tests.test_lijiang import FAILS, LIJIANG, TODAY
from tests.test_lijiang_mediation import STANZAS


@pytest.mark.parametrize("name", STANZAS)
def test_without_its_stanza_the_row_fails(name: str, db: None, tmp_path: Path) -> None:
    row, cut = STANZAS[name]
    folder = Path(shutil.copytree(LIJIANG, tmp_path / "lijiang"))
    cut(folder)
    with clock.frozen(TODAY), pytest.raises(FAILS):  # noqa: PT012 - loading or the row, either may refuse
        load_city(folder, password=None)
        row()
