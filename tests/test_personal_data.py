"""No page, export, search or audit page shows what a reporter gave to anybody by default: every address, every person."""

import io
import zipfile
from argparse import Namespace
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.conf import settings
from django.http.response import HttpResponseBase
from django.test import override_settings
from django.urls import reverse
from pypdf import PdfReader

from shiyu.audit.models import AuditEntry, JobRun
from shiyu.commands import rotate_keys
from shiyu.documents.pdf import render_pdf
from shiyu.documents.word import OfficialDocument
from shiyu.kernel.actor import SYSTEM
from shiyu.kernel.spec.matters import FormField
from shiyu.kernel.words import Limit, LimitUnit
from shiyu.lib import clock
from shiyu.lib.errors import UserError
from shiyu.lib.vault import keys_in
from shiyu.matters.actions.file import file_matter
from shiyu.matters.actions.keys import destroy_keys
from shiyu.matters.actions.parties import (
    Reporter,
    add_reporter,
    key_of,
    look_up_phone,
    open_parties,
    open_sealed,
)
from shiyu.matters.actions.sealing import seal_texts
from shiyu.matters.models import Matter, MatterKey, Party, SealedText
from shiyu.packs.models import PackVersion
from shiyu.packs.queries import content_of, current_pack, digest_of, forget_pack_in_force
from tests.example_rows import TODAY, Rows, actor, make_rows, rolled_back, taken_back
from tests.test_urls import NAMES, PEOPLE, _add_personal, client_of
from tests.url_table import ADDRESSES

pytestmark = pytest.mark.django_db

NAME, PHONE, ADDRESS = "慕容试例", "13955550188", "示市后街八十八号"
WITNESS, ACCOUNT = "欧阳证例住东巷九号", "邻居在院中对其本人推搡"
PLANTED = (WITNESS, ACCOUNT, NAME, "慕容试", PHONE, "139-5555-0188", "5555018", ADDRESS)
LISTS = ("?export=xlsx", "?export=csv", f"?q={NAME}", f"?q={PHONE}")
"""What else is asked of every address: its export, and a search for what was planted."""


@pytest.fixture(scope="module")
def rows(django_db_setup: None, django_db_blocker, tmp_path_factory) -> Iterator[Rows]:  # type: ignore[no-untyped-def]
    """The example city, whose problems are reported by people; one of them planted, opened and looked up."""
    options = {"location": tmp_path_factory.mktemp("files")}
    store = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": options}
    with (
        override_settings(STORAGES={**settings.STORAGES, "default": store}),
        django_db_blocker.unblock(),
        rolled_back(),
    ):
        made = make_rows()
        with clock.frozen(TODAY):
            _add_personal(made)
            _let_people_report(made)
            clerk = actor("clerk")
            planted = Matter.objects.get(pk=made["matter"])
            seal_texts(planted, key_of(planted), {"witness": WITNESS, "_text": ACCOUNT})
            made.ids["party"] = add_reporter(
                clerk, made["matter"], reporter=Reporter(NAME, PHONE, ADDRESS)
            ).pk
            assert open_parties(clerk, made["matter"], reason="核实地点")[-1].name == NAME
            assert look_up_phone(clerk, phone=PHONE)
            yield made
    forget_pack_in_force()


def _let_people_report(made: Rows) -> None:
    """The pack in force, with a reporter for its problems; the matter runs under it."""
    pack = current_pack()
    code = Matter.objects.get(pk=made["matter"]).kind
    keep = Limit(n=730, unit=LimitUnit.CALENDAR_DAYS)
    witness = FormField.model_validate(
        {"label": {"zh": "知情人", "en": "Witness"}, "type": "long_text", "personal": True}
    )
    form = {**pack.kind[code].form, "witness": witness}
    changed = {"reporter": "optional", "keep": keep, "form": form, "personal": True}
    kind = pack.kind[code].model_copy(update=changed)
    content = content_of(pack.model_copy(update={"kind": {**pack.kind, code: kind}}))
    version = PackVersion.objects.create(
        code=pack.pack.code,
        version="x",
        digest=digest_of(content),
        content=content,
        in_force_since=clock.now(),
    )
    forget_pack_in_force()
    Matter.objects.update(pack_version_id=version.pk)


def words_of(answer: HttpResponseBase) -> str:
    """All that an answer says: its headers, its text, and the texts inside a workbook, a document or an archive."""
    body = b"".join(answer) if answer.streaming else answer.content  # type: ignore[attr-defined]
    return f"{answer.headers} {_text_in(body)}"


def _text_in(body: bytes) -> str:
    if body.startswith(b"%PDF-1.7"):  # one of ours: its text is packed
        return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(body)).pages)
    if not zipfile.is_zipfile(io.BytesIO(body)):
        return body.decode(errors="ignore")
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        return "\n".join(
            [*archive.namelist(), *(_text_in(archive.read(name)) for name in archive.namelist())]
        )


def test_the_look_sees_into_workbooks() -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("a.xml", NAME)
    outer = io.BytesIO()
    with zipfile.ZipFile(outer, "w") as archive:
        archive.writestr("b.xlsx", packed.getvalue())
    assert NAME in _text_in(outer.getvalue())


def test_the_look_sees_into_letters_as_pdf() -> None:
    assert NAME in _text_in(render_pdf(OfficialDocument(title="函", paragraphs=[f"来访人{NAME}反映。"])))


def test_the_planted_reporter_is_there_and_shown_in_part(rows: Rows) -> None:
    page = words_of(client_of(rows, "clerk").get(reverse("matter_detail", args=[rows["matter"]])))
    assert "慕**" in page and "139****0188" in page
    opened = client_of(rows, "clerk").post(
        reverse("reporters_open", args=[rows["matter"]]), {"reason": "核实"}
    )
    assert NAME in words_of(opened)  # the crawl below would see it
    assert WITNESS in words_of(opened) and ACCOUNT in words_of(opened)
    assert "知情人" in page and "******" in page


@pytest.mark.parametrize("name", NAMES)
def test_no_address_shows_a_reporter_to_anybody(name: str, rows: Rows) -> None:
    keys = ADDRESSES[name].split()
    address = reverse(name, args=[key[1:] if key.startswith("=") else rows[key] for key in keys])
    shown = []
    for person in PEOPLE:
        client = client_of(rows, person)
        with taken_back():
            for more in ("", *LISTS):
                # What was searched for stands in the box it was typed into: only more than that is a leak.
                typed = more.removeprefix("?q=") if more.startswith("?q=") else ""
                text = words_of(client.get(address + more))
                shown += [(person, more, w) for w in PLANTED if w in text and not (typed and w in typed)]
            text = words_of(client.post(address))
            shown += [(person, "POST", w) for w in PLANTED if w in text]
    assert shown == []


def test_a_search_finds_nobody_by_name_or_number(rows: Rows) -> None:
    code = Matter.objects.get(pk=rows["matter"]).code
    for person in ("clerk", "head", "leader", "justice"):
        client = client_of(rows, person)
        assert code in words_of(client.get(reverse("search"), {"q": code}))
        for word in (NAME, PHONE, ADDRESS):
            for page in ("search", "matter_list"):
                assert code not in words_of(client.get(reverse(page), {"q": word})), (person, page, word)


def test_audit_entries_and_jobs_say_that_it_changed_and_not_what(rows: Rows) -> None:
    about = AuditEntry.objects.filter(subject_id=rows["matter"])
    assert about.filter(action="matters.add_reporter", changes={"reporters": "changed"}).exists()
    everything = str(list(AuditEntry.objects.values())) + str(list(JobRun.objects.values()))
    assert not [word for word in PLANTED if word in everything]


def test_what_happens_is_logged_without_it(rows: Rows, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    given = {"title": "路灯不亮", "reporter_name": NAME, "reporter_phone": PHONE, "reporter_address": ADDRESS}
    refused = client_of(rows, "clerk").post(reverse("matter_new") + "?kind=problem", given)
    found = client_of(rows, "clerk").post(reverse("reporter_find"), {"phone": PHONE})
    assert refused.status_code == 422 and found.status_code == 200 and caplog.records
    logged = "\n".join(
        f"{record.getMessage()} {record.args}"
        for record in caplog.records
        if record.name != "django.db.backends"
    )
    assert not [word for word in PLANTED if word in logged] and NAME not in str(Party.objects.values())


def test_the_command_changes_the_sealing_key_and_says_what_is_missing(
    rows: Rows, settings, capsys: pytest.CaptureFixture[str]
) -> None:
    old = settings.VAULT_KEYS
    with taken_back():
        settings.VAULT_KEYS = keys_in("newer:" + "k" * 40) | old
        assert rotate_keys(Namespace()) == 0 and capsys.readouterr().out.startswith("1\n")
        assert set(MatterKey.objects.values_list("sealed_by", flat=True)) == {"newer"}
        assert open_parties(actor("clerk"), rows["matter"], reason="核实地点")[-1].name == NAME
    settings.VAULT_KEYS = keys_in("other:" + "z" * 40)
    assert rotate_keys(Namespace()) == 1 and "SHIYU_VAULT_KEYS" in capsys.readouterr().err


def test_a_personal_account_is_sealed_when_it_is_filed(rows: Rows) -> None:
    clerk = actor("clerk")
    with clock.frozen(TODAY), taken_back():
        given = Matter.objects.get(pk=rows["matter"])
        matter = file_matter(
            clerk,
            kind=given.kind,
            title=f"{NAME}反映被推搡",
            text=ACCOUNT,
            source=given.source,
            unit_id=given.unit_id,
            fields={"witness": WITNESS},
            reporters=[Reporter(NAME, PHONE, ADDRESS)],
            goal="核实处理",
            measures="上门核实",
        )
        kept = str(Matter.objects.filter(pk=matter.pk).values()) + str(AuditEntry.objects.values())
        assert not [word for word in PLANTED if word in kept]
        assert Matter.objects.filter(search__isnull=False, pk=matter.pk).exists()
        opened = open_sealed(clerk, matter.pk, reason="核实经过")[1]
        assert [row.text for row in opened] == [f"{NAME}反映被推搡", ACCOUNT, WITNESS]
        with pytest.raises(UserError):
            open_sealed(clerk, matter.pk, reason="")
        closed = clock.now() - timedelta(days=800)
        Matter.objects.filter(pk=matter.pk).update(is_open=False, phase="closed", closed_at=closed)
        destroy_keys(
            SYSTEM, kind=given.kind, version_id=matter.pack_version_id, keep_days=730, until=clock.now()
        )
        assert not SealedText.objects.filter(matter=matter).exists()
