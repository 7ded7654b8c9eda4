"""What is wrong in a pack's meetings and its watch list is named with file and line."""

import shutil
from pathlib import Path

import pytest

from shiyu.packs.check import check_folder

PACKS = Path(__file__).parents[4] / "packs"
FILE = "meetings.yaml"


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The pack whose meetings decide on matters, to break copies of."""
    found = next(path.parent for path in PACKS.glob(f"*/{FILE}"))
    return Path(shutil.copytree(found, tmp_path_factory.mktemp("whole") / found.name))


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("held_by: town_centres", "held_by: nobody", "there is no unit_group nobody"),
        ("lifts_to: town_consultation", "lifts_to: nowhere", "there is no meeting nowhere"),
        ("letters: [risk_advisory, supervision]", "letters: [postcard]", "there is no letter postcard"),
        ("{group: police_stations}", "{group: nobody}", "there is no unit_group nobody"),
        ("{grade: high}", "{mood: bad}", "no such fact of a matter: mood"),
        ("{grade: high}", "{grade: terrible}", "grade can never be terrible"),
        ("kinds: [dispute, hazard", "kinds: [person, hazard", "there is no kind person"),
        (
            "lifts_to: county_consultation",
            "lifts_to: village_consultation",
            "lifts_to leads to a meeting of a higher level; both need `level`",
        ),
        ("watch:\n", "surplus:\n", "takes names watch, but there is no watch list"),
        (
            "takes: [measure, lift, no_action]",
            "takes: [measure, no_action]",
            "give both takes: lift and lifts_to, or neither",
        ),
        (
            "    decisions: record\n",
            "    decisions: duties\n",
            "a meeting that decides on matters (takes) makes no duties: say decisions: record",
        ),
    ],
)
def test_what_leads_nowhere_or_does_not_fit(
    whole: Path, tmp_path: Path, old: str, new: str, message: str
) -> None:
    pack = Path(shutil.copytree(whole, tmp_path / whole.name))
    file = pack / FILE
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")
    errors = [(error.file, error.message_en) for error in check_folder(pack)]
    assert any(name == FILE and words.startswith(message) for name, words in errors), errors
