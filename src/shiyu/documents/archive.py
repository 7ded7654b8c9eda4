"""Archives that are the same bytes whenever the same content goes in."""

from __future__ import annotations

import datetime
import io
import re
import tempfile
import zipfile
from collections.abc import Callable, Iterable, Mapping
from typing import IO

# The earliest moment a zip entry can carry; a fixed one, so that two runs give the same bytes.
FIXED_MOMENT = (1980, 1, 1, 0, 0, 0)
_FORBIDDEN = re.compile(r'[\x00-\x1f\x7f<>:"|?*\\/\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]')
_RESERVED = re.compile(r"^(con|prn|aux|nul|com\d|lpt\d)(\.|$)", re.IGNORECASE)


def safe_name(name: str, longest: int = 120) -> str:
    """A file name that Windows, Linux and office mail systems accept; keeps the suffix; never empty.

    `longest` counts characters. Path separators, control and direction-changing characters become "_".
    """
    cleaned = _FORBIDDEN.sub("_", name).strip(" .")
    if _RESERVED.match(cleaned):
        cleaned = f"_{cleaned}"
    if len(cleaned) > longest:
        stem, dot, suffix = cleaned.rpartition(".")
        keep = f".{suffix}" if dot and len(suffix) <= 8 else ""
        cleaned = (stem if keep else cleaned)[: longest - len(keep)].rstrip(" .") + keep
    return cleaned or "_"


def safe_path(path: str) -> str:
    """A relative path inside an archive: every part made safe, "." and ".." dropped."""
    parts = [
        safe_name(part) for part in path.replace("\\", "/").split("/") if part.strip() not in ("", ".", "..")
    ]
    return "/".join(parts) or "_"


def write_archive(files: Mapping[str, bytes], moment: datetime.date | None = None) -> bytes:
    """A zip of {path: content}, sorted by path, UTF-8 names, one fixed time stamp: same input, same bytes.

    `moment` is shown as every entry's date (years before 1980 cannot be stored); without it 1980-01-01.
    Two paths that become the same after cleaning are numbered, so nothing is lost.
    """
    named: dict[str, bytes] = {}
    for path in sorted(files):
        named[_free_path(safe_path(path), named)] = files[path]
    return pack(named.items(), _stamp(moment))


def _stamp(moment: datetime.date | None) -> tuple[int, int, int, int, int, int]:
    if moment is None or moment.year < 1980:
        return FIXED_MOMENT
    return (moment.year, moment.month, moment.day, 0, 0, 0)


def pack(
    entries: Iterable[tuple[str, bytes]], stamp: tuple[int, int, int, int, int, int] = FIXED_MOMENT
) -> bytes:
    """Writes entries in the order given, with one time stamp and the same attributes on every machine."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        for path, content in entries:
            archive.writestr(_entry(path, stamp), content)
    return buffer.getvalue()


def _entry(path: str, stamp: tuple[int, int, int, int, int, int]) -> zipfile.ZipInfo:
    """The same attributes on every machine."""
    info = zipfile.ZipInfo(path, stamp)
    info.compress_type = zipfile.ZIP_DEFLATED
    info.create_system = 3
    info.external_attr = 0o644 << 16
    return info


def spool_archive(files: Iterable[tuple[str, bytes]], moment: datetime.date | None = None) -> IO[bytes]:
    """A zip of (path, content) in the order given, written to a passing file one entry at a time: however large it
    grows, memory holds one entry. The file stands at its beginning and is gone when it is closed.

    Dates and names are those of `write_archive`.
    """
    target = tempfile.TemporaryFile()  # noqa: SIM115  (whoever serves it closes it)
    named: dict[str, bytes] = {}
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        for path, content in files:
            name = _free_path(safe_path(path), named)
            named[name] = b""
            archive.writestr(_entry(name, _stamp(moment)), content)
    target.seek(0)
    return target


def repack(data: bytes, changed: Mapping[str, Callable[[bytes], bytes]] | None = None) -> bytes:
    """An office file (a zip) with its entries sorted and its time stamps fixed; [Content_Types].xml stays first.

    `changed` maps an entry's name to what makes its new content from the old.
    """
    change = changed or {}
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        names = sorted(archive.namelist(), key=lambda name: (name != "[Content_Types].xml", name))
        return pack((name, change.get(name, bytes)(archive.read(name))) for name in names)


def _free_path(path: str, taken: Mapping[str, bytes]) -> str:
    if path not in taken:
        return path
    stem, dot, suffix = path.rpartition(".")
    if not dot or "/" in suffix:
        stem, suffix = path, ""
    number = 2
    while (candidate := f"{stem}({number}){dot if suffix else ''}{suffix}") in taken:
        number += 1
    return candidate
