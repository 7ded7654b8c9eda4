"""Lijiang's letters (LJ9, the letters of LJ3): one letter makes units assess, one notice closes the loop."""

import shutil
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.db import transaction

from shiyu.documents.actions import store_document
from shiyu.kernel.actor import Actor
from shiyu.letters import actions
from shiyu.letters.models import Letter
from shiyu.letters.queries import counts_of, number_to_come
from shiyu.lib import clock
from shiyu.lib.errors import UserError
from shiyu.matters.actions import end_supervision, supervise_matter
from shiyu.matters.models import Matter, Step
from shiyu.packs.queries import current_pack
from shiyu.seeding import load_city
from tests.test_lijiang import FAILS, LIJIANG, TODAY, at, sent, stanza, unit
from tests.test_luzhou import without


@pytest.fixture
def city(db: None, settings, tmp_path: Path) -> Iterator[None]:
    settings.STORAGES = settings.STORAGES | {
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": tmp_path / "files"},
        }
    }
    with clock.frozen(TODAY), transaction.atomic():
        yield


def issued(kind: str, *to: str, matter: Matter | None = None, despite: str = "") -> Letter:
    """A letter of the town's centre, all the way out."""
    head, centre = at("gc02_centre", "centre_head"), unit("gc02_centre")
    bound = actions.Bound(subject=("matters.matter", matter.pk) if matter else None)
    letter = actions.draft_letter(
        head,
        bound,
        kind=kind,
        unit_id=centre.pk,
        title="关于老街用电风险的函",
        body="请组织核实，采取措施。",
        recipients=[unit(code).pk for code in to],
        despite=despite,
    )
    return came_back(head, letter)


def came_back(head: Actor, letter: Letter) -> Letter:
    """Approved in the office's own document system."""
    actions.submit_letter(head, letter.pk)
    document = store_document(head, kind="formal", upload=ContentFile(b"%PDF-1.4", "盖章文件.pdf"))  # type: ignore[arg-type]
    return actions.register_issue(
        head,
        letter.pk,
        number=number_to_come(letter),
        issued_on=clock.today(),
        signer="主任",
        formal_document=document,
    )


def lj9() -> None:
    """“One letter” makes units assess, “one notice” closes the loop: each numbered by its own series, answered, counted."""
    matter = sent("gc02_police")
    letter, notice = (
        issued("risk_advisory", "gc02_police"),
        issued("supervision", "gc02_police", matter=matter),
    )
    assert letter.number_text == "大研街道综治中心提〔2026〕1号"
    assert notice.number_text == "大研街道综治中心督〔2026〕1号"
    matter.refresh_from_db()
    assert matter.supervised_at is not None  # the notice put it under supervision
    police = at("gc02_police", "handler")
    for one in (letter, notice):
        assert one.reply_by is not None
        actions.reply_letter(police, one.pk, reply="已核实并采取措施。")
    assert Step.objects.filter(matter_id=matter.pk, verb="letter").count() == 1  # the answer, in its history
    counts = counts_of(at("gc02_centre", "centre_head"), date(2026, 1, 1), clock.today())
    assert {line.kind: (line.issued, line.of("on_time")) for line in counts.written} == {
        "risk_advisory": (1, 1),
        "supervision": (1, 1),
    }
    headed = {kind.counts_as.zh: code for code, kind in current_pack().letter.items() if kind.counts_as}
    assert headed == {"一函": "risk_advisory", "一书": "supervision"}


def lj9_limit() -> None:
    """A rectification notice starts the limit of those who hold the matter."""
    matter = sent("gc02_police")
    notice = issued("rectification", "gc02_police", matter=matter)
    held = matter.assignments.get()
    assert held.due_at is not None and notice.reply_by is not None
    due = clock.local(held.due_at).date()
    matter.refresh_from_db()
    assert due == min(
        notice.reply_by, clock.local(matter.due_at).date() if matter.due_at else notice.reply_by
    )
    assert Step.objects.filter(
        matter_id=matter.pk, verb="letter", note__contains=due.isoformat()[:4]
    ).exists()
    assert (
        "前办结" in Step.objects.get(matter_id=matter.pk, verb="letter").note
        or "done by" in Step.objects.get(matter_id=matter.pk, verb="letter").note
    )


def lj9_withdrawal() -> None:
    """A wrong letter is withdrawn by a letter of its own series; until that is out the first one holds."""
    head, letter = at("gc02_centre", "centre_head"), issued("risk_advisory", "gc02_police")
    made = actions.withdraw_letter(head, letter.pk, reason="主送单位有误")
    assert Letter.objects.get(pk=letter.pk).state == "issued"
    came_back(head, made)
    assert Letter.objects.get(pk=letter.pk).withdrawn_by == made
    made.refresh_from_db()
    assert made.number_text == "大研街道综治中心撤〔2026〕1号"


def lj9_end_of_supervision() -> None:
    """The supervision a notice began ends with the last notice that holds; one begun again is ended by its own unit."""
    head, matter = at("gc02_centre", "centre_head"), sent("gc02_police")
    notice, second = (issued("supervision", "gc02_police", matter=matter) for _ in range(2))
    came_back(head, actions.withdraw_letter(head, notice.pk, reason="主送单位有误"))
    matter.refresh_from_db()
    assert matter.supervised_at is not None and matter.supervised_letter_id == second.pk
    came_back(head, actions.withdraw_letter(head, second.pk, reason="主送单位有误"))
    matter.refresh_from_db()
    assert matter.supervised_at is None
    supervise_matter(head, matter.pk, reason="久拖不决")
    assert end_supervision(head, matter.pk, reason="现场核实，要求已经落实").supervised_at is None


def lj9_formal() -> None:
    """What has not come back from the approval is not issued, whatever is pressed."""
    head = at("gc02_centre", "centre_head")
    given = {
        "unit_id": unit("gc02_centre").pk,
        "title": "函",
        "body": "请核实。",
        "recipients": [unit("gc02_police").pk],
    }
    with pytest.raises(UserError):
        actions.issue_letter(head, kind="risk_advisory", **given)
    assert not Letter.objects.exists()


def lj9_addressees() -> None:
    """A centre is a coordinating body: an order to a lower government asks for a reason, a letter of advice does not."""
    head, town = at("gc_centre", "centre_head"), unit("gc02_gov")
    given = {"unit_id": unit("gc_centre").pk, "title": "函", "body": "请办理。", "recipients": [town.pk]}
    with pytest.raises(UserError) as refused:
        actions.draft_letter(head, kind="supervision", **given)
    assert refused.value.field == "despite" and "议事协调机构" in str(refused.value)
    assert actions.draft_letter(head, kind="risk_advisory", **given).doubts == []
    land = {**given, "recipients": [unit("gc_land").pk]}
    assert actions.draft_letter(head, kind="supervision", **land).doubts == []


ROWS = (lj9, lj9_limit, lj9_withdrawal, lj9_end_of_supervision, lj9_formal, lj9_addressees)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.__name__)
def test_lj9_one_letter_and_one_notice(row, city: None) -> None:
    load_city(LIJIANG, password=None)
    row()


STANZAS = {
    "letter": (lj9, stanza("letters.yaml", "risk_advisory", 2)),
    "notice": (lj9, stanza("letters.yaml", "supervision", 2)),
    "effect_of_a_notice": (lj9, without("letters.yaml", r"^    effect: supervise\n")),
    "counts": (lj9, without("letters.yaml", r"^    counts_as: .*\n")),
    "limit": (lj9_limit, without("letters.yaml", r"^    effect: limit\n")),
    "withdrawal": (lj9_withdrawal, stanza("letters.yaml", "withdrawal", 2)),
    "end_of_supervision": (
        lj9_end_of_supervision,
        without("kinds/dispute.yaml", r"^      (end_supervision|supervise): \{\}\n"),
    ),
    "formal": (lj9_formal, without("letters.yaml", r"^    formal: true\n")),
    "addressing": (lj9_addressees, without("letters.yaml", r"^    orders: true\n")),
}


@pytest.mark.parametrize("name", STANZAS)
def test_without_its_stanza_the_row_fails(name: str, city: None, tmp_path: Path) -> None:
    row, cut = STANZAS[name]
    folder = Path(shutil.copytree(LIJIANG, tmp_path / "lijiang"))
    cut(folder)
    with pytest.raises((*FAILS, pytest.fail.Exception)):  # noqa: PT012 - loading or the row, either may refuse
        load_city(folder, password=None)
        row()


def test_a_day_later_the_series_goes_on(city: None) -> None:
    load_city(LIJIANG, password=None)
    issued("risk_advisory", "gc02_police")
    with clock.frozen(TODAY + timedelta(days=1)):
        assert issued("risk_advisory", "gc02_police").number == 2
