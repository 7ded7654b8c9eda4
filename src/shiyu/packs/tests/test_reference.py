"""docs/packs.md says what the code does."""

from shiyu.kernel.spec.pack import Pack
from shiyu.kernel.verbs import VERBS
from shiyu.packs.reference import FILE, reference


def test_the_reference_is_up_to_date() -> None:
    assert FILE.read_text(encoding="utf-8") == reference(), "run: python -m shiyu.packs.reference"


def test_the_reference_names_every_noun_and_every_verb() -> None:
    page = reference()
    assert all(f"### `{noun}`" in page for noun in Pack.model_fields)
    assert all(f"| `{verb}` |" in page for verb in VERBS)
