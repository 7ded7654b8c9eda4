"""Loading a pack into the database."""

import datetime as dt
import json
import shutil
from pathlib import Path
from uuid import uuid4

import pytest

from shiyu.audit.models import AuditEntry
from shiyu.kernel.actor import SYSTEM, Actor
from shiyu.lib import clock
from shiyu.lib.errors import Conflict, NotAllowed, UserError
from shiyu.packs.actions import load_pack
from shiyu.packs.models import PackVersion
from shiyu.packs.queries import content_of, current_pack, current_version_id, digest_of, one_pack, pack_of
from shiyu.packs.read import read_folder

pytestmark = pytest.mark.django_db

EXAMPLE = Path(__file__).parents[4] / "packs" / "example"


@pytest.fixture
def other(tmp_path: Path) -> Path:
    """The example with another version number."""
    folder = Path(shutil.copytree(EXAMPLE, tmp_path / "example"))
    text = (folder / "pack.yaml").read_text(encoding="utf-8")
    (folder / "pack.yaml").write_text(text.replace('version: "1"', 'version: "2"'), encoding="utf-8")
    return folder


def test_before_any_pack_the_sentence_says_what_to_do() -> None:
    assert current_version_id() is None
    with pytest.raises(UserError, match="load-pack"):
        current_pack()


def test_a_loaded_pack_is_in_force_whole_and_in_order() -> None:
    version = load_pack(SYSTEM, EXAMPLE)
    written = read_folder(EXAMPLE).pack
    assert current_version_id() == version.pk
    assert current_pack() == written
    assert written is not None
    assert list(current_pack().kind["problem"].states) == list(written.kind["problem"].states)


def test_the_same_content_is_one_version_and_every_loading_is_on_record() -> None:
    first, second = load_pack(SYSTEM, EXAMPLE), load_pack(SYSTEM, EXAMPLE)
    assert first.pk == second.pk
    assert PackVersion.objects.count() == 1
    assert AuditEntry.objects.filter(action="packs.load_pack").count() == 2


def test_running_matters_keep_their_version_and_one_can_go_back(other: Path) -> None:
    with clock.frozen(dt.datetime(2026, 3, 1)):
        old = load_pack(SYSTEM, EXAMPLE)
    with clock.frozen(dt.datetime(2026, 3, 2)):
        new = load_pack(SYSTEM, other)
    assert current_pack().pack.version == "2"
    assert pack_of(old.pk).pack.version == "1"
    with clock.frozen(dt.datetime(2026, 3, 3)):
        load_pack(SYSTEM, EXAMPLE)
    assert current_version_id() == old.pk != new.pk


def test_within_one_request_the_version_is_asked_for_once(other: Path, django_assert_num_queries) -> None:  # type: ignore[no-untyped-def]
    load_pack(SYSTEM, EXAMPLE)
    current_pack()
    with one_pack():
        with django_assert_num_queries(1):
            assert [current_pack().pack.version for _ in range(5)] == ["1"] * 5
        load_pack(SYSTEM, other)
        assert current_pack().pack.version == "2"


def changed(folder: Path, old: str, new: str) -> Path:
    file = folder / "pack.yaml"
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")
    return folder


def test_another_citys_pack_is_refused(other: Path) -> None:
    load_pack(SYSTEM, EXAMPLE)
    before = current_version_id()
    with pytest.raises(Conflict, match="example"):
        load_pack(SYSTEM, changed(other.rename(other.parent / "mytown"), "code: example", "code: mytown"))
    assert current_version_id() == before and PackVersion.objects.count() == 1


def test_other_content_needs_another_version(other: Path) -> None:
    load_pack(SYSTEM, EXAMPLE)
    load_pack(SYSTEM, other)
    with pytest.raises(Conflict, match="2"):
        load_pack(SYSTEM, changed(other, "en: Example City", "en: Sample City"))
    load_pack(SYSTEM, changed(other, 'version: "2"', 'version: "3"'))
    assert current_pack().pack.name.en == "Sample City"


def test_a_program_that_knows_more_keys_takes_the_same_pack_again() -> None:
    """What was written by an earlier one lacks the defaults of later keys: no other content."""
    version = load_pack(SYSTEM, EXAMPLE)
    content = json.loads(version.content)
    (kind,) = content["kind"].values()
    defaults = [key for key, value in kind.items() if value in ({}, None)]
    assert defaults
    for key in defaults:
        del kind[key]
    version.content = json.dumps(content, ensure_ascii=False)
    version.digest = digest_of(version.content)
    version.save()
    pack_of.cache_clear()
    assert load_pack(SYSTEM, EXAMPLE).pk != version.pk
    pack_of.cache_clear()


def test_a_faulty_pack_leaves_no_trace(other: Path) -> None:
    (other / "roles.yaml").write_text("role: {}\nnonsense: 1\n")
    with pytest.raises(UserError, match=r"roles\.yaml:2: "):
        load_pack(SYSTEM, other)
    assert not PackVersion.objects.exists()
    assert not AuditEntry.objects.exists()


def test_loading_needs_the_right() -> None:
    liaison = Actor(uuid4(), "liaison", {uuid4(): frozenset({"report.fill"})})
    with pytest.raises(NotAllowed):
        load_pack(liaison, EXAMPLE)


def test_the_digest_is_the_same_whenever_it_is_made() -> None:
    packs = [read_folder(EXAMPLE).pack for _ in range(2)]
    digests = {digest_of(content_of(pack)) for pack in packs if pack is not None}
    assert len(digests) == 1
