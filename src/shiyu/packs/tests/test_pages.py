"""The page that shows the pack in force."""

from pathlib import Path
from uuid import uuid4

import pytest
from django.test import RequestFactory

from shiyu.kernel.actor import SYSTEM, Actor
from shiyu.lib.errors import NotAllowed
from shiyu.packs.actions import load_pack
from shiyu.packs.views import pack_list

pytestmark = pytest.mark.django_db

EXAMPLE = Path(__file__).parents[4] / "packs" / "example"


class SignedIn:
    """Stands in for the account: only whether somebody is signed in matters here."""

    is_authenticated = True
    is_anonymous = False
    pk = uuid4()

    def get_username(self) -> str:
        return "somebody"


def ask(rf: RequestFactory, *rights: str) -> bytes:
    request = rf.get("/packs/")
    request.user = SignedIn()  # type: ignore[assignment]
    request.actor = Actor(uuid4(), "somebody", {uuid4(): frozenset(rights)})  # type: ignore[attr-defined]
    return pack_list(request).content


def test_who_may_load_packs_sees_versions_roles_and_kinds(rf: RequestFactory) -> None:
    version = load_pack(SYSTEM, EXAMPLE)
    page = ask(rf, "pack.load").decode()
    assert version.digest[:12] in page
    assert "联络员" in page
    assert "待核查" in page


def test_before_any_pack_the_page_says_how_to_load_one(rf: RequestFactory) -> None:
    assert "shiyu load-pack" in ask(rf, "pack.load").decode()


def test_others_do_not_see_it(rf: RequestFactory) -> None:
    with pytest.raises(NotAllowed):
        ask(rf, "report.fill")
