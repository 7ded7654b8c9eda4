""".doc, .wps, .xls and .et → .docx or .xlsx by LibreOffice, in a folder that is gone afterwards."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path

from shiyu.reading.refusals import Refused
from shiyu.reading.safety import OLD_SHEET, OLD_WORD

SECONDS = 90
__all__ = ["OLD_SHEET", "OLD_WORD", "convert", "office"]


def office() -> str | None:
    """The LibreOffice on the path, if there is one."""
    return shutil.which("soffice") or shutil.which("libreoffice")


def convert(data: bytes, kind: str, target: str = "") -> bytes:
    """The file in the new format (or in `target`).

    Raises Refused when LibreOffice is missing, fails or takes over 90 seconds.
    """
    program = office()
    if program is None:
        raise Refused("no_converter")
    old, new = (".doc", target or "docx") if kind == OLD_WORD else (".xls", target or "xlsx")
    with tempfile.TemporaryDirectory(prefix="shiyu-read-") as folder:
        source = Path(folder, "source" + old)
        source.write_bytes(data)
        command = [
            program,
            f"-env:UserInstallation={Path(folder, 'profile').as_uri()}",
            "--headless",
            "--norestore",
        ]
        command += ["--nolockcheck", "--convert-to", new, "--outdir", str(Path(folder, "out")), str(source)]
        _run(command, folder)
        result = Path(folder, "out", f"source.{new}")
        if not result.is_file():
            raise Refused("not_converted")
        return result.read_bytes()


def _run(command: list[str], folder: str) -> None:
    process = subprocess.Popen(
        command,
        cwd=folder,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        process.wait(SECONDS)
    except subprocess.TimeoutExpired as error:
        # the launcher starts a second process: the whole session of ours has to go
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        raise Refused("not_converted") from error
