""".doc, .wps, .xls and .et → .docx or .xlsx by LibreOffice, in a folder that is gone afterwards.

It runs with a profile of its own: no macros, no links updated, no network, at most 90 seconds.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path

from shiyu.reading.refusals import Refused
from shiyu.reading.safety import MAX_BYTES, OLD_SHEET, OLD_WORD

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
        settings = Path(folder, "profile", "user", "registrymodifications.xcu")
        settings.parent.mkdir(parents=True)
        settings.write_text(_settings(), encoding="utf-8")
        command = [
            program,
            f"-env:UserInstallation={Path(folder, 'profile').as_uri()}",
            "--headless",
            "--norestore",
        ]
        command += ["--nolockcheck", "--convert-to", new, "--outdir", str(Path(folder, "out")), str(source)]
        _run(command, folder)
        result = Path(folder, "out", f"source.{new}")
        if not result.is_file() or result.stat().st_size > MAX_BYTES:
            raise Refused("not_converted")
        return result.read_bytes()


def _settings() -> str:
    """A profile that runs no macro, updates no link and reaches no network (its proxy is a dead end)."""
    common, inet = "/org.openoffice.Office.Common/Security/Scripting", "/org.openoffice.Inet/Settings"
    wanted = [
        (common, "DisableMacrosExecution", "true"),
        (common, "MacroSecurityLevel", "3"),
        (common, "DisableActiveContent", "true"),
        (common, "BlockUntrustedRefererLinks", "true"),
        ("/org.openoffice.Office.Writer/Content/Update", "Link", "0"),
        ("/org.openoffice.Office.Calc/Content/Update", "Link", "1"),
        (inet, "ooInetProxyType", "2"),
    ]
    for kind in ("HTTP", "HTTPS", "FTP"):
        wanted += [(inet, f"ooInet{kind}ProxyName", "127.0.0.1"), (inet, f"ooInet{kind}ProxyPort", "9")]
    items = "".join(
        f'<item oor:path="{path}"><prop oor:name="{name}" oor:op="fuse"><value>{value}</value></prop></item>'
        for path, name, value in wanted
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?><oor:items xmlns:oor="http://openoffice.org/2001/registry" '
        'xmlns:xs="http://www.w3.org/2001/XMLSchema" '
        f'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">{items}</oor:items>'
    )


def _run(command: list[str], folder: str) -> None:
    process = subprocess.Popen(
        command,
        cwd=folder,
        env={"PATH": os.environ.get("PATH", ""), "HOME": folder, "TMPDIR": folder, "LANG": "C.UTF-8"},
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
