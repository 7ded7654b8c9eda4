"""Proof: stored once, attached many times, served only to those who may, filed in boxes."""

import io
from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl import Workbook, load_workbook

from shiyu.documents.actions import attach_document, create_box, detach_document, file_in_box, store_document
from shiyu.documents.excel import FilledRow, Sheet, SheetFaulty, read_filled, render_workbook
from shiyu.documents.models import Box, Document, File
from shiyu.documents.queries import documents_found
from shiyu.documents.tables import Column
from shiyu.kernel.spec.documents import Archive
from shiyu.lib.errors import NotAllowed, NotVisible, UserError
from shiyu.lib.ids import new_id

pytestmark = pytest.mark.usefixtures("files_elsewhere")


def proof(actor, content: bytes = b"proof", name: str = "整改照片.jpg") -> Document:  # type: ignore[no-untyped-def]
    return store_document(actor, upload=SimpleUploadedFile(name, content))


def test_the_same_bytes_are_kept_once_and_attached_twice(person) -> None:
    justice = person("justice")
    first, second = proof(justice), proof(justice)
    assert first.file_id == second.file_id
    assert File.objects.count() == 1
    for subject in (new_id(), new_id()):
        attach_document(justice, first.pk, subject_type="matters.matter", subject_id=subject)
    assert first.attachments.count() == 2


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.exe", b"MZ", "exe"),
        ("a.html", b"<p>", "html"),
        ("空.docx", b"", "空文件"),
        ("机密★报告.docx", b"x", "密级"),
        ("方案.txt", "秘密★1年\n方案\n正文".encode(), "密级"),
        ("照片.jpg", b"MZ\x90\x00", "程序"),
    ],
)
def test_what_is_refused_leaves_no_trace(person, name, content, words) -> None:
    with pytest.raises(UserError, match=words):
        proof(person("justice"), content, name)
    assert not Document.objects.exists()
    assert not File.objects.exists()


def test_a_link_that_could_run_a_script_is_refused(person) -> None:
    with pytest.raises(UserError, match="http"):
        store_document(person("justice"), title="链接", link="javascript:alert(1)")
    assert not Document.objects.exists()


def test_too_large_a_file_is_refused(person, settings) -> None:
    settings.UPLOAD_LIMIT = 10
    with pytest.raises(UserError):
        proof(person("justice"), b"x" * 11)


def test_a_document_is_served_as_a_download_to_its_unit_and_the_archive_only(person, browser_of) -> None:
    document = proof(person("justice"), name="a.pdf")
    answer = browser_of("justice").get(f"/documents/{document.pk}/")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert b"".join(answer.streaming_content) == b"proof"
    assert browser_of("clerk").get(f"/documents/{document.pk}/").status_code == 200
    assert browser_of("edu").get(f"/documents/{document.pk}/").status_code == 404
    assert browser_of(None).get(f"/documents/{document.pk}/").status_code == 302
    preview = browser_of("justice").get(f"/documents/{document.pk}/?preview=1")
    assert preview.headers["Content-Disposition"].startswith("inline")
    assert "sandbox" in preview.headers["Content-Security-Policy"]


def test_taking_proof_off_needs_a_reason(person) -> None:
    justice, subject = person("justice"), new_id()
    document = proof(justice)
    attach_document(justice, document.pk, subject_type="matters.matter", subject_id=subject)
    given = {"subject_type": "matters.matter", "subject_id": subject}
    with pytest.raises(UserError):
        detach_document(justice, document.pk, reason=" ", **given)
    detach_document(justice, document.pk, reason="传错了", **given)
    assert not document.attachments.exists()
    assert Document.objects.filter(pk=document.pk).exists()


def test_a_box_gives_its_documents_numbers_and_its_code_opens_it(person, browser_of) -> None:
    clerk = person("clerk")
    box = create_box(clerk, class_code="zr", name="责任落实", year=2026)
    first, second = proof(clerk, b"1"), proof(clerk, b"2")
    file_in_box(clerk, box.pk, [first.pk, second.pk])
    first.refresh_from_db()
    assert first.archive_number == "zr-2026-001-001"
    with pytest.raises(UserError, match="已归档"):
        file_in_box(clerk, box.pk, [first.pk])
    client = browser_of("justice")
    assert client.get(f"/boxes/?code={box.code.lower()}").headers["Location"] == f"/boxes/{box.code}/"
    assert first.title in client.get(f"/boxes/{box.code}/").content.decode()
    assert "<svg" in client.get(f"/boxes/{box.code}/label/").content.decode()
    assert client.get(f"/boxes/{box.code}/catalogue/?export=xlsx").status_code == 200
    with pytest.raises(NotAllowed):
        create_box(person("justice"), class_code="zr", name="x", year=2026)


def test_a_box_belongs_to_a_class_of_the_pack(person, browser_of) -> None:
    with pytest.raises(UserError) as refused:
        create_box(person("clerk"), class_code="nowhere", name="x", year=2026)
    assert refused.value.field == "class_code" and not Box.objects.exists()
    client = browser_of("clerk")
    wrong = client.post("/boxes/new/", {"class_code": "nowhere", "name": "责任落实", "year": 2026})
    assert wrong.status_code == 422 and "责任落实" in wrong.content.decode()
    assert (
        client.post("/boxes/new/", {"class_code": "zr", "name": "责任落实", "year": 2026}).status_code == 302
    )


def numbered(monkeypatch: pytest.MonkeyPatch, pattern: str, **more: object) -> None:
    """The pack in force with another pattern of archive numbers."""
    rules = Archive.model_validate(
        {"classes": {"zr": {"zh": "责任", "en": "Duties"}, "wt": {"zh": "问题", "en": "Problems"}},
         "number": {"pattern": pattern, **more}}
    )  # fmt: skip
    monkeypatch.setattr("shiyu.documents.actions.archive_rules", lambda: rules)


def test_the_packs_pattern_rules_the_archive_number(person, monkeypatch: pytest.MonkeyPatch) -> None:
    clerk = person("clerk")
    one, two = (create_box(clerk, class_code="zr", name=name, year=2026) for name in ("甲", "乙"))
    other = create_box(clerk, class_code="wt", name="丙", year=2026)
    kept = [proof(clerk, str(n).encode()) for n in range(6)]

    def number(box: Box, document: Document) -> str:
        file_in_box(clerk, box.pk, [document.pk])
        document.refresh_from_db()
        return document.archive_number

    numbered(monkeypatch, "示市档{{class}}〔{{year}}〕{{n}}号", digits=2)
    assert number(one, kept[0]) == "示市档zr〔2026〕01号"
    assert number(two, kept[1]) == "示市档zr〔2026〕02号"  # counted through the class, not the box
    assert number(other, kept[2]) == "示市档wt〔2026〕01号"
    numbered(monkeypatch, "{{class}}{{year}}.{{box}}.{{n}}")
    assert number(two, kept[3]) == "zr2026.2.2"  # counted in the box
    # In the order in which they were chosen; what was filed before keeps its number.
    file_in_box(clerk, one.pk, [kept[5].pk, kept[4].pk])
    numbers = dict(Document.objects.values_list("pk", "archive_number"))
    assert [numbers[kept[n].pk] for n in (0, 5, 4)] == ["示市档zr〔2026〕01号", "zr2026.1.2", "zr2026.1.3"]
    with pytest.raises(NotVisible):
        file_in_box(clerk, one.pk, [other.pk])
    assert list(documents_found(clerk, "示市档zr〔2026〕02号")) == [kept[1]]


def test_the_boxes_of_a_class_are_locked_at_once_and_in_one_order(
    person, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two people who file in two boxes of a class wait for each other's end, never each for the other's lock."""
    clerk = person("clerk")
    boxes = [create_box(clerk, class_code="zr", name=name, year=2026) for name in ("甲", "乙")]
    numbered(monkeypatch, "示市档{{class}}〔{{year}}〕{{n}}号")
    document = proof(clerk, b"1")
    with CaptureQueriesContext(connection) as queries:
        file_in_box(clerk, boxes[1].pk, [document.pk])
    locks = [sql for row in queries if "FOR UPDATE" in (sql := row["sql"]) and "documents_box" in sql]
    assert len(locks) == 1 and "ORDER BY" in locks[0] and str(boxes[1].pk) not in locks[0]


def test_made_up_keys_of_documents_are_answered_like_unknown_ones(person, browser_of) -> None:
    box = create_box(person("clerk"), class_code="zr", name="责任落实", year=2026)
    assert browser_of("clerk").post(f"/boxes/{box.code}/", {"chosen": "1; drop"}).status_code == 404


COLUMNS = (
    Column("序号", 10),
    Column("本月进展", 60, key="progress", locked=False, required=True, max_length=10),
    Column("状态", 20, key="status", locked=False, choices=("已完成", "滞后")),
    Column("数", 20, key="value", locked=False, kind="number"),
)


def form(rows: list[tuple[object, ...]]) -> Sheet:
    ids = tuple(str(number) for number in range(len(rows)))
    return Sheet("填报", "月度填报", COLUMNS, rows, key="form-1", row_ids=ids)  # type: ignore[arg-type]


def test_a_form_comes_back_as_it_went_out() -> None:
    sheet = form([(1, "=SUM(A1)", "已完成", 3)])
    assert render_workbook([sheet]) == render_workbook([sheet])
    rows = read_filled(render_workbook([sheet]), sheet)
    assert rows == [FilledRow("0", 3, {"progress": "=SUM(A1)", "status": "已完成", "value": 3})]


def test_every_error_of_a_form_names_its_row_and_column() -> None:
    sheet = form([(1, "", "完成", "许多"), (2, "x" * 11, "滞后", None)])
    with pytest.raises(SheetFaulty) as refused:
        read_filled(render_workbook([sheet]), sheet)
    places = [(error.row, error.column) for error in refused.value.errors]
    assert places == [(3, "本月进展"), (3, "状态"), (3, "数"), (4, "本月进展")]


def test_another_workbook_is_refused_with_a_sentence() -> None:
    sheet = form([(1, "x", "滞后", 1)])
    other = Sheet("x", "y", (Column("别的", 10),), [("1",)])
    with pytest.raises(UserError, match="不是从本页下载"):
        read_filled(render_workbook([other]), sheet)
    with pytest.raises(UserError, match="Excel"):
        read_filled(b"not a workbook", sheet)


def edited(sheet: Sheet, change: Callable[[Workbook], None]) -> bytes:
    """The form as somebody's spreadsheet program saves it after a change."""
    book = load_workbook(io.BytesIO(render_workbook([sheet])))
    change(book)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def test_a_changed_locked_cell_is_named_with_its_place() -> None:
    days = (
        Column("序号", 10),
        Column("任务", 40),
        Column("时限", 20),
        Column("本月进展", 60, key="p", locked=False),
    )
    rows = [(1, "甲\n 乙", date(2026, 12, 31), "a"), (2, "丙", None, "b")]
    sheet = Sheet("填报", "月度填报", days, rows, key="form-1", row_ids=("0", "1"))
    unchanged = read_filled(edited(sheet, lambda book: None), sheet)
    assert [row.values["p"] for row in unchanged] == ["a", "b"]

    def overwrite(book: Workbook) -> None:
        book.active["B4"] = "丁"
        book.active["C3"] = date(2027, 1, 1)
        book.active["D3"] = "可以写"

    with pytest.raises(SheetFaulty) as refused:
        read_filled(edited(sheet, overwrite), sheet)
    found = [(error.row, error.column, error.value) for error in refused.value.errors]
    assert found == [(3, "时限", "2027-01-01"), (4, "任务", "丁")]
    assert "C3" in str(refused.value) and "2026-12-31" in str(refused.value) and "B4" in str(refused.value)


def test_a_form_of_something_else_is_refused_by_its_name() -> None:
    sheet = form([(1, "x", "滞后", 1)])
    other = replace(sheet, title="示市公安局2026-02", key="form-2")
    with pytest.raises(UserError, match="示市公安局2026-02.*月度填报"):
        read_filled(render_workbook([other]), sheet)


def test_the_forms_sheet_is_found_by_name_and_not_by_place() -> None:
    sheet = form([(1, "x", "滞后", 1)])

    def put_notes_first(book: Workbook) -> None:
        book.create_sheet("我的笔记", 0)["A1"] = "随手记"

    assert read_filled(edited(sheet, put_notes_first), sheet)[0].values["progress"] == "x"
    with pytest.raises(UserError, match="填报"):
        read_filled(edited(sheet, lambda book: setattr(book.active, "title", "改名")), sheet)
