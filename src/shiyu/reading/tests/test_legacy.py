"""Old formats: what LibreOffice is asked for, and what becomes of a slow or failing one."""

import io
import os
import socket
import threading
import zipfile
from pathlib import Path

import docx
import pytest

from shiyu.reading import NameBook, Refused, legacy, read_plan
from shiyu.reading.tests.factories import sheet_bytes, word_bytes, word_table, word_text

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 512
LINES = ["某市2023年工作分工", "一、做甲。（市公安局牵头，市教育局配合，6月底前完成）"]
has_office = pytest.mark.skipif(legacy.office() is None, reason="LibreOffice is not installed")


@pytest.fixture
def stand_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder on the path whose `soffice` records its call and hands over `result`, or sleeps."""
    program = tmp_path / "soffice"
    program.write_text(
        "#!/bin/sh\n"
        f'echo "$@" > {tmp_path}/call; env > {tmp_path}/env; pwd > {tmp_path}/folder\n'
        f"cp profile/user/registrymodifications.xcu {tmp_path}/settings\n"
        f"[ -f {tmp_path}/sleep ] && sleep 60\n"
        f"[ -f {tmp_path}/result ] && mkdir out && cp {tmp_path}/result out/source.docx\n"
        "true\n"
    )
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    monkeypatch.setenv("SHIYU_TEST_MARK", "not for others")
    return tmp_path


def _code(data: bytes, name: str) -> str:
    with pytest.raises(Refused) as caught:
        read_plan(data, filename=name, names=NameBook())
    return caught.value.code


def test_the_converter_gets_a_profile_of_its_own_and_nothing_else(stand_in: Path) -> None:
    (stand_in / "result").write_bytes(word_text(LINES))
    plan = read_plan(OLE, filename="a.wps", names=NameBook())
    assert [item.leads for item in plan.items] == [["市公安局"]]
    call = (stand_in / "call").read_text()
    assert "--headless" in call and "--convert-to docx" in call and "UserInstallation=file:" in call
    assert "SHIYU_TEST_MARK" not in (stand_in / "env").read_text()
    settings = (stand_in / "settings").read_text()
    assert 'DisableMacrosExecution" oor:op="fuse"><value>true' in settings
    assert not Path((stand_in / "folder").read_text().strip()).exists()


def test_a_converter_that_gives_nothing_or_rubbish_is_a_refusal(stand_in: Path) -> None:
    assert _code(OLE, "a.doc") == "not_converted"
    (stand_in / "result").write_bytes(b"rubbish")
    assert _code(OLE, "a.doc") == "damaged"


def test_a_slow_converter_is_stopped(stand_in: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (stand_in / "sleep").touch()
    monkeypatch.setattr(legacy, "SECONDS", 1)
    assert _code(OLE, "a.doc") == "not_converted"
    assert not Path((stand_in / "folder").read_text().strip()).exists()


def test_a_marked_old_document_is_refused_after_conversion(stand_in: Path) -> None:
    (stand_in / "result").write_bytes(word_text(["机密★1年", *LINES]))
    assert _code(OLE, "a.doc") == "secret"


def _old(data: bytes, kind: str, target: str) -> bytes:
    try:
        return legacy.convert(data, kind, target=target)
    except Refused:
        pytest.skip("LibreOffice is here without this part")


@has_office
@pytest.mark.parametrize("name", ["a.doc", "a.wps"])
def test_an_old_document_with_a_table_is_read(name: str) -> None:
    rows = [["序号", "工作任务", "牵头单位"], ["1", "做乙", "市民政局"], ["2", "做丙", "市民政局"]]
    old = _old(
        word_table(rows, [(1, 2, 2, 2)], above=LINES, below=["某市人民政府办公室"]), legacy.OLD_WORD, "doc"
    )
    plan = read_plan(old, filename=name, names=NameBook())
    found = [(item.text, item.leads, item.deadline.date) for item in plan.items]
    assert found == [
        ("做甲。", ["市公安局"], "2023-06-30"),
        ("做乙", ["市民政局"], None),
        ("做丙", ["市民政局"], None),
    ]


@has_office
@pytest.mark.parametrize("name", ["a.xls", "a.et"])
def test_an_old_sheet_with_merged_cells_is_read(name: str) -> None:
    rows = [
        ["某局2023年工作表", "", "", ""],
        ["序号", "工作任务", "牵头单位", "完成时限"],
        ["1", "做甲", "市公安局", "6月底"],
        ["2", "做乙", "", "长期"],
    ]
    old = _old(sheet_bytes({"表": rows}, [(0, 0, 0, 3), (2, 2, 3, 2)]), legacy.OLD_SHEET, "xls")
    plan = read_plan(old, filename=name, names=NameBook())
    found = [(item.text, item.leads, item.deadline.date or item.deadline.kind) for item in plan.items]
    assert found == [("做甲", ["市公安局"], "2023-06-30"), ("做乙", ["市公安局"], "ongoing")]


def _linked_picture(port: int) -> bytes:
    """A document whose picture stands on a server, as nothing that is handed in may be opened unseen."""
    document, dot = docx.Document(), Path(__file__).parent / "dot.png"
    document.add_paragraph("一、做甲。").add_run().add_picture(str(dot))
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(word_bytes(document))) as old, zipfile.ZipFile(buffer, "w") as new:
        for name in old.namelist():
            part = old.read(name)
            if name == "word/document.xml":
                part = part.replace(b"r:embed=", b"r:link=")
            if name == "word/_rels/document.xml.rels":
                target = f'Target="http://127.0.0.1:{port}/x.png" TargetMode="External"'
                part = part.replace(b'Target="media/image1.png"', target.encode())
            new.writestr(name, part)
    return buffer.getvalue()


@has_office
def test_nothing_is_fetched_while_converting() -> None:
    """LibreOffice left to itself asks the server for the picture; with our profile it does not."""
    asked: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as server:

        def listen() -> None:
            try:
                while True:
                    link, _address = server.accept()
                    asked.append(link.recv(100))
                    link.close()
            except OSError:
                return

        threading.Thread(target=listen, daemon=True).start()
        converted = _old(_linked_picture(server.getsockname()[1]), legacy.OLD_WORD, "docx")
    assert converted.startswith(b"PK") and asked == []
