"""What is wrong in a pack's mediation is named with file and line."""

import shutil
from pathlib import Path

import pytest

from shiyu.packs.check import check_folder

PACKS = Path(__file__).parents[4] / "packs"


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The pack that mediates, to break copies of."""
    found = next(path.parent for path in PACKS.glob("*/mediation.yaml"))
    return Path(shutil.copytree(found, tmp_path_factory.mktemp("whole") / found.name))


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("  kind: dispute", "  kind: quarrel", "there is no kind quarrel (there are dispute,"),
        (
            "  roles: mediation_role",
            "  roles: nothing",
            "there is no list in `codes` called nothing (there are matter_source,",
        ),
        ("mediators: [mediator]", "mediators: [uncle]", "the list of roles has no uncle"),
        (
            "group: police_stations",
            "group: nobody",
            "there is no unit_group nobody (there are city_departments,",
        ),
        ("topics: [traffic]", "topics: [flying]", "there is no topic flying"),
        ("    family: civil\n", "    family: nowhere\n", "there is no content of petitions nowhere"),
    ],
)
def test_a_name_that_leads_nowhere(whole: Path, tmp_path: Path, old: str, new: str, message: str) -> None:
    pack = Path(shutil.copytree(whole, tmp_path / whole.name))
    file = pack / "mediation.yaml"
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")
    line = text[: text.index(old)].count("\n") + 1
    errors = [(error.file, error.line, error.message_en) for error in check_folder(pack)]
    assert any(
        name == "mediation.yaml" and abs(at - line) <= 1 and words.startswith(message)
        for name, at, words in errors
    )


@pytest.mark.parametrize("given", ["{n: 10}", "{n: 10, unit: workdays}", "{n: 30, unit: calendar_days}"])
def test_the_reminder_is_counted_as_the_thirty_days_are(whole: Path, tmp_path: Path, given: str) -> None:
    pack = Path(shutil.copytree(whole, tmp_path / whole.name))
    file = pack / "mediation.yaml"
    text = file.read_text(encoding="utf-8")
    old = "confirm_reminder: {n: 10, unit: calendar_days}"
    assert old in text
    file.write_text(text.replace(old, f"confirm_reminder: {given}"), encoding="utf-8")
    errors = [(error.file, error.message_en) for error in check_folder(pack)]
    assert errors == [("mediation.yaml", "confirm_reminder is 1 to 29 calendar_days")]


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("nobody,某人,mediator,,false,,", "there is no unit nobody"),
        ("{unit},某人,uncle,,false,,", "the list of roles has no uncle"),
        ("{unit},某人,mediator,flying,false,,", "there is no topic flying"),
    ],
)
def test_a_person_in_no_role_or_unit(whole: Path, tmp_path: Path, row: str, message: str) -> None:
    pack = Path(shutil.copytree(whole, tmp_path / whole.name))
    file = pack / "seed" / "mediators.csv"
    lines = file.read_text(encoding="utf-8").splitlines()
    lines.append(row.format(unit=lines[1].split(",")[0]))
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    errors = [(error.file, error.line, error.message_en) for error in check_folder(pack)]
    assert ("seed/mediators.csv", len(lines), message) in errors
