"""Archives: safe names, nothing lost, the same bytes."""

import datetime
import io
import zipfile

from shiyu.documents.archive import safe_name, safe_path, write_archive


def test_names_stay_inside_and_are_taken_everywhere() -> None:
    assert safe_path("../../etc/passwd") == "etc/passwd"
    assert safe_path("C:\\a\\b.docx") == "C_/a/b.docx"
    assert safe_name("con.txt") == "_con.txt"
    assert safe_name("a\u202efdp.exe") == "a_fdp.exe"
    assert safe_name("通" * 200 + ".docx", 20) == "通" * 15 + ".docx"
    assert safe_name("  ") == "_"


def test_order_does_not_matter_and_names_are_chinese() -> None:
    files = {"清单/市公安局.docx": b"1", "清单/市司法局.docx": b"2"}
    backwards = dict(reversed(files.items()))
    day = datetime.date(2026, 11, 5)
    assert write_archive(files, day) == write_archive(backwards, day)
    with zipfile.ZipFile(io.BytesIO(write_archive(files, day))) as archive:
        assert archive.namelist() == sorted(files)
        assert archive.infolist()[0].date_time[:3] == (2026, 11, 5)


def test_two_names_that_become_one_are_both_kept() -> None:
    content = write_archive({"a:b.txt": b"1", "a?b.txt": b"2"})
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert [archive.read(name) for name in archive.namelist()] == [b"1", b"2"]
        assert archive.namelist() == ["a_b.txt", "a_b(2).txt"]
