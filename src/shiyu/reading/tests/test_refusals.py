"""Bad input: one sentence each, nothing of the file in it."""

import io
import re
import zipfile

import docx
import pytest
import xlsxwriter

from shiyu.reading import NameBook, Refused, legacy, read_plan
from shiyu.reading.refusals import SENTENCES
from shiyu.reading.tests.factories import sheet_bytes, word_bytes, word_table, word_text

GOOD = word_text(["一、做甲。（市公安局负责）"])
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 512


def _with(data: bytes, parts: dict[str, bytes]) -> bytes:
    """The package with parts added or replaced."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            if name not in parts:
                new.writestr(name, old.read(name))
        for name, content in parts.items():
            new.writestr(name, content)
    return buffer.getvalue()


def _rels(kind: str, target: str) -> bytes:
    schema = "http://schemas.openxmlformats.org"
    return (
        f'<Relationships xmlns="{schema}/package/2006/relationships"><Relationship Id="r1" '
        f'Type="{schema}/officeDocument/2006/relationships/{kind}" Target="{target}" TargetMode="External"/>'
        "</Relationships>"
    ).encode()


def _code(data: bytes | str, filename: str) -> str:
    with pytest.raises(Refused) as caught:
        read_plan(data, filename=filename, names=NameBook())
    return caught.value.code


def _field(code: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(GOOD)) as archive:
        document = archive.read("word/document.xml")
    return document.replace(b"</w:p>", f"<w:r><w:instrText>{code}</w:instrText></w:r></w:p>".encode(), 1)


def _external_document(text: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(GOOD)) as archive:
        return archive.read("word/document.xml").replace(b"<w:document", text + b"<w:document", 1)


BAD = {
    "empty file": (b"", "a.docx", "empty"),
    "no text": (word_text(["", "  "]), "a.docx", "empty"),
    "no cells": (sheet_bytes({"a": []}), "a.xlsx", "empty"),
    "pdf": (b"%PDF-1.7\n" + b"x" * 50, "a.pdf", "pdf"),
    "pdf named as word": (b"%PDF-1.7\n" + b"x" * 50, "a.docx", "pdf"),
    "too big": (b"x" * (20 * 1024 * 1024 + 1), "a.docx", "too_big"),
    "word named as excel": (GOOD, "a.xlsx", "wrong_type"),
    "excel named as word": (sheet_bytes({"a": [["任务"]]}), "a.docx", "wrong_type"),
    "text named as word": ("一、做甲".encode(), "a.docx", "wrong_type"),
    "old word named as docx": (OLE, "a.docx", "wrong_type"),
    "old file named as pdf": (b"%PDF-1.4 x", "a.xls", "pdf"),
    "sheet with macros by name": (sheet_bytes({"a": [["任务"]]}), "a.xlsm", "macros"),
    "picture": (b"\x89PNG\r\n", "a.png", "unsupported"),
    "bytes named as csv": (b"\x00\x01\x02abc", "a.csv", "wrong_type"),
    "password": (OLE + "EncryptedPackage".encode("utf-16-le"), "a.docx", "password"),
    "macro extension": (GOOD, "a.docm", "macros"),
    "macro part": (_with(GOOD, {"word/vbaProject.bin": b"x"}), "a.docx", "macros"),
    "locked old document": (
        OLE[:512] + b"\xec\xa5" + b"\0" * 8 + b"\x00\x01" + b"\0" * 500,
        "a.doc",
        "password",
    ),
    "locked old sheet": (
        OLE[:512] + b"\x09\x08\x10\x00" + b"\0" * 16 + b"\x2f\x00\x36\x00" + b"\0" * 60,
        "a.xls",
        "password",
    ),
    "old file with macros": (OLE + "_VBA_PROJECT".encode("utf-16-le"), "a.xls", "macros"),
    "outside template": (
        _with(GOOD, {"word/_rels/settings.xml.rels": _rels("attachedTemplate", "http://example.org/t.dotx")}),
        "a.docx",
        "external",
    ),
    "outside object": (
        _with(GOOD, {"word/_rels/x.xml.rels": _rels("oleObject", "file:///c:/x.xls")}),
        "a.docx",
        "external",
    ),
    "outside workbook": (
        _with(sheet_bytes({"a": [["任务"]]}), {"xl/externalLinks/externalLink1.xml": b"<externalLink/>"}),
        "a.xlsx",
        "external",
    ),
    "live field": (_with(GOOD, {"word/document.xml": _field("DDEAUTO cmd /k")}), "a.docx", "external"),
    "entity": (
        _with(GOOD, {"word/document.xml": _external_document(b'<!DOCTYPE x [<!ENTITY a "b">]>')}),
        "a.docx",
        "entities",
    ),
    "bomb": (_with(GOOD, {"word/media/x.bin": b"\0" * 30_000_000}), "a.docx", "bomb"),
    "many parts": (_with(GOOD, {f"word/p{i}.xml": b"<a/>" for i in range(3100)}), "a.docx", "bomb"),
    "table without task": (word_table([["序号", "责任单位"], ["1", "市公安局"]]), "a.docx", "no_task_column"),
    "sheet without task": (sheet_bytes({"a": [["姓名", "电话"], ["张", "1"]]}), "a.xlsx", "no_task_column"),
    "csv without task": ("序号,责任单位\n1,市公安局".encode(), "a.csv", "no_task_column"),
    "cut short": (GOOD[: len(GOOD) // 2], "a.docx", "damaged"),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_input_is_refused(name: str) -> None:
    data, filename, code = BAD[name]
    assert _code(data, filename) == code


def test_a_cell_at_the_far_end_of_a_sheet_is_refused() -> None:
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer)
    sheet = book.add_worksheet()
    sheet.write(0, 0, "任务")
    sheet.write(1_048_575, 16_383, "x")
    book.close()
    assert _code(buffer.getvalue(), "a.xlsx") == "too_wide"


def test_a_false_claim_of_size_inside_a_sheet_is_refused() -> None:
    data = sheet_bytes({"a": [["序号", "任务", "责任单位"], ["1", "甲", "市公安局"]]})
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        strings = archive.read("xl/sharedStrings.xml")
    claimed = re.sub(rb'uniqueCount="\d+"', b'uniqueCount="99999999999"', strings)
    assert claimed != strings
    assert _code(_with(data, {"xl/sharedStrings.xml": claimed}), "a.xlsx") == "damaged"


def test_a_document_of_pictures_only_is_refused_as_a_scan() -> None:
    assert _code(_with(word_text([]), {"word/media/image1.png": b"x"}), "a.docx") == "scan"


def test_a_bomb_that_lies_about_its_size_is_refused() -> None:
    bomb = bytearray(_with(GOOD, {"word/styles.xml": b" " * 60_000_000}))
    at = bomb.rfind(b"word/styles.xml")  # the central directory's entry: say it is small
    bomb[at - 46 + 24 : at - 46 + 28] = (1000).to_bytes(4, "little")
    assert _code(bytes(bomb), "a.docx") in ("bomb", "damaged")


def test_a_hyperlink_is_fine() -> None:
    data = _with(GOOD, {"word/_rels/footer9.xml.rels": _rels("hyperlink", "http://example.org")})
    assert len(read_plan(data, filename="a.docx", names=NameBook()).items) == 1


MARKS = [
    "机密★1年",
    "秘密",
    "绝密★长期",
    "机  密",
    "密级：秘密",
    "000012　机密★5年　特急",
    "【秘密】",
    "秘密★启用前",
    "某某会议纪要（机密）",
]


@pytest.mark.parametrize("mark", MARKS)
@pytest.mark.parametrize("place", ["head", "text", "cell", "csv", "header", "property"])
def test_a_marked_file_is_refused_and_says_nothing_of_it(mark: str, place: str) -> None:
    lines = [mark, "某市工作方案", "一、做甲。（市公安局负责）"]
    document = docx.Document()
    document.add_paragraph(lines[2])
    document.sections[0].header.paragraphs[0].text = mark if place == "header" else ""
    document.core_properties.subject = mark if place == "property" else ""
    sources: dict[str, tuple[bytes | str, str]] = {
        "head": (word_text(lines), "a.docx"),
        "text": ("\n".join(lines), ""),
        "cell": (
            sheet_bytes({"a": [[mark], ["序号", "任务", "责任单位"], ["1", "甲", "市公安局"]]}),
            "a.xlsx",
        ),
        "csv": (f"{mark},,\n序号,任务,责任单位\n1,甲,市公安局".encode(), "a.csv"),
        "header": (word_bytes(document), "a.docx"),
        "property": (word_bytes(document), "a.docx"),
    }
    data, filename = sources[place]
    with pytest.raises(Refused) as caught:
        read_plan(data, filename=filename, names=NameBook())
    assert caught.value.code == "secret"
    assert "公安局" not in caught.value.text_zh and "工作方案" not in str(caught.value)


def test_a_marked_page_header_of_a_sheet_and_a_marked_name_are_refused() -> None:
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer)
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, ["任务", "责任单位"])
    sheet.write_row(1, 0, ["甲", "市公安局"])
    sheet.set_header("&L机密★1年")
    book.close()
    assert _code(buffer.getvalue(), "a.xlsx") == "secret"
    assert _code(GOOD, "方案（秘密）.docx") == "secret"


ORDINARY = [
    "保护商业秘密和个人隐私。",
    "一、加强保守国家秘密工作。（市国家保密局负责）",
    "严守工作秘密",
    "机密文件管理办法的学习",
]


@pytest.mark.parametrize("line", ORDINARY)
def test_ordinary_words_are_no_mark(line: str) -> None:
    plan = read_plan(
        word_text(["某市保密工作方案", line, "二、做甲。（市公安局负责）"]),
        filename="a.docx",
        names=NameBook(),
    )
    assert plan.items


def test_old_formats_without_libreoffice_say_how_to_save(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    assert _code(OLE, "a.doc") == "no_converter"
    assert ".docx" in SENTENCES["no_converter"][1]


@pytest.mark.skipif(legacy.office() is None, reason="LibreOffice is not installed")
def test_an_old_sheet_is_read_through_libreoffice() -> None:
    rows = [["序号", "工作任务", "牵头单位"], ["1", "做甲", "市公安局"]]
    try:
        old = legacy.convert(sheet_bytes({"a": rows}), legacy.OLD_SHEET, target="xls")
    except Refused:
        pytest.skip("LibreOffice is here without Calc")
    assert old.startswith(b"\xd0\xcf\x11\xe0")
    for name in ("a.xls", "a.et"):
        plan = read_plan(old, filename=name, names=NameBook())
        assert [(item.text, item.leads) for item in plan.items] == [("做甲", ["市公安局"])]


@pytest.mark.skipif(legacy.office() is None, reason="LibreOffice is not installed")
def test_an_old_document_is_read_through_libreoffice() -> None:
    old = legacy.convert(GOOD, legacy.OLD_WORD, target="doc")
    for name in ("a.doc", "a.wps"):
        plan = read_plan(old, filename=name, names=NameBook())
        assert [item.leads for item in plan.items] == [["市公安局"]]


def test_every_refusal_is_one_sentence_in_both_languages() -> None:
    for code, (english, chinese) in SENTENCES.items():
        assert english.endswith(".") and english.count(". ") == 0, code
        assert chinese.endswith("。") and chinese.count("。") == 1, code
