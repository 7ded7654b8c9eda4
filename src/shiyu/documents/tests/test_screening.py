"""What may not be kept, whatever its name says."""

import io
import zipfile
from collections.abc import Callable

import pytest
from docx import Document as open_document

from shiyu.documents.screening import check_content, check_link, check_name
from shiyu.lib.errors import UserError


def word_file(*lines: str) -> bytes:
    word, buffer = open_document(), io.BytesIO()
    for line in lines:
        word.add_paragraph(line)
    word.save(buffer)
    return buffer.getvalue()


@pytest.mark.parametrize(
    "name", ["绝密.docx", "（秘密）方案.docx", "秘密★1年.pdf", "秘密-名单.xlsx", "机密事项.txt"]
)
def test_a_marked_name_is_refused(name: str) -> None:
    with pytest.raises(UserError):
        check_name(name)


@pytest.mark.parametrize("name", ["商业秘密保护方案.docx", "十月进展.docx"])
def test_an_ordinary_name_passes(name: str) -> None:
    check_name(name)


def test_a_mark_inside_a_file_is_found() -> None:
    with pytest.raises(UserError, match="密级"):
        check_content("方案.docx", word_file("秘密★1年", "关于工作的方案"))
    with pytest.raises(UserError, match="密级"):
        check_content("方案.txt", "机密★\n方案\n正文".encode())


def test_other_files_pass_unparsed() -> None:
    check_content("说明.docx", word_file("关于保护商业秘密的说明", "正文。"))
    check_content("坏.docx", b"no zip at all")
    check_content("照片.jpg", b"\xff\xd8\xff")


@pytest.mark.parametrize("start", [b"MZ\x90\x00", b"\x7fELF\x02"])
def test_a_program_under_another_name_is_refused(start: bytes) -> None:
    with pytest.raises(UserError, match="程序"):
        check_content("照片.jpg", start + b"0" * 20)


@pytest.mark.parametrize("link", ["javascript:alert(1)", "file:///etc/passwd", "//x", "http://"])
def test_only_web_addresses_are_links(link: str) -> None:
    with pytest.raises(UserError):
        check_link(link)


def test_a_web_address_is_a_link() -> None:
    check_link("https://oa.example/1")


HEAD = ["机密★1年", "某市人民政府办公室文件", "一、做甲。"]
PLAIN = ["关于保守国家秘密的学习安排", "要严守工作秘密和商业秘密，做好保密工作。"]


def pdf_file(lines: list[str]) -> bytes:
    """A page whose font maps every code to the same sign, as offices' PDF printers write Chinese."""
    shown = "".join(
        f"BT /F 12 Tf 20 {700 - 20 * at} Td <{line.encode('utf-16-be').hex()}> Tj ET\n"
        for at, line in enumerate(lines)
    )
    cmap = (
        "/CIDInit /ProcSet findresource begin begincmap 1 begincodespacerange <0000> <FFFF> endcodespacerange\n"
        "2 beginbfrange <0000> <7FFF> <0000>\n<8000> <FFFF> <8000>\nendbfrange endcmap end"
    )
    parts = [
        "<</Type/Catalog/Pages 2 0 R>>",
        "<</Type/Pages/Kids[3 0 R]/Count 1>>",
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>",
        f"<</Length {len(shown)}>>stream\n{shown}\nendstream",
        "<</Type/Font/Subtype/Type0/BaseFont/Song/Encoding/Identity-H/DescendantFonts[7 0 R]/ToUnicode 6 0 R>>",
        f"<</Length {len(cmap)}>>stream\n{cmap}\nendstream",
        "<</Type/Font/Subtype/CIDFontType2/BaseFont/Song/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>/DW 1000>>",
    ]
    out, places = "%PDF-1.4\n", []
    for at, part in enumerate(parts, start=1):
        places.append(len(out))
        out += f"{at} 0 obj{part}endobj\n"
    rows = "".join(f"{place:010d} 00000 n \n" for place in places)
    tail = (
        f"xref\n0 {len(parts) + 1}\n0000000000 65535 f \n{rows}trailer<</Root 1 0 R/Size {len(parts) + 1}>>\n"
    )
    return (out + tail + f"startxref\n{len(out)}\n%%EOF").encode("latin-1")


def ofd_file(lines: list[str]) -> bytes:
    objects = "".join(
        f'<ofd:TextObject ID="{at}"><ofd:TextCode X="0" Y="0">{line}</ofd:TextCode></ofd:TextObject>'
        for at, line in enumerate(lines)
    )
    return zip_file(
        {"OFD.xml": "<ofd:OFD/>", "Doc_0/Pages/Page_0/Content.xml": f"<ofd:Page>{objects}</ofd:Page>"}
    )


def zip_file(parts: dict[str, str]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return buffer.getvalue()


def old_file(lines: list[str], code: str) -> bytes:
    """Text as .doc and .xls keep it, at an odd place, among bytes that mean nothing."""
    noise = bytes(range(1, 256)) * 3
    return (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
        + noise
        + b"\r\0"
        + "\r".join(lines).encode(code)
        + b"\r\0"
        + noise
    )


def rtf_file(lines: list[str]) -> bytes:
    signs = ["".join(f"\\u{ord(sign)} ?" for sign in line) for line in lines]
    return ("{\\rtf1\\ansi " + "\\par ".join(signs) + "\\par}").encode()


KINDS: dict[str, Callable[[list[str]], bytes]] = {
    "函.ofd": ofd_file,
    "函.doc": lambda lines: old_file(lines, "utf-16-le"),
    "表.xls": lambda lines: old_file(lines, "utf-16-le"),
    "旧.wps": lambda lines: old_file(lines, "gb18030"),
    "函.rtf": rtf_file,
    "讲.pptx": lambda lines: zip_file(
        {"ppt/slides/slide1.xml": "".join(f"<a:p><a:r><a:t>{line}</a:t></a:r></a:p>" for line in lines)}
    ),
    "函.odt": lambda lines: zip_file({"content.xml": "".join(f"<text:p>{line}</text:p>" for line in lines)}),
}


@pytest.mark.parametrize("name", KINDS)
@pytest.mark.parametrize("mark", ["机密★1年", "绝密★长期", "秘密★启用前", "密级：秘密"])
def test_a_mark_inside_files_of_other_kinds_is_found(name: str, mark: str) -> None:
    with pytest.raises(UserError, match="密级"):
        check_content(name, KINDS[name]([mark, *HEAD[1:]]))


@pytest.mark.parametrize("name", KINDS)
def test_ordinary_words_inside_files_of_other_kinds_pass(name: str) -> None:
    check_content(name, KINDS[name]([*PLAIN, *HEAD[1:]]))


def test_a_mark_inside_a_pdf_is_found_and_ordinary_words_pass() -> None:
    with pytest.raises(UserError, match="密级"):
        check_content("函.pdf", pdf_file(HEAD))
    check_content("函.pdf", pdf_file(PLAIN))
    check_content("坏.pdf", b"%PDF-1.7 cut short")


def test_a_marked_name_inside_an_archive_is_found() -> None:
    with pytest.raises(UserError, match="密级"):
        check_content("材料.zip", zip_file({"附件/名单（机密）.docx": "x"}))
    check_content("材料.zip", zip_file({"附件/名单.docx": "x"}))
