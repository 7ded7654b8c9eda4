"""What may not be kept, whatever its name says."""

import io

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
