"""What a file is by its content, and whether it may be opened at all.

Nothing is unpacked before its size is known.
"""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import dataclass, field
from pathlib import PurePath

from shiyu.reading.refusals import Refused

MAX_BYTES = 20 * 1024 * 1024
MAX_UNPACKED = 200 * 1024 * 1024
MAX_PART = 100 * 1024 * 1024
MAX_RATIO = 150
MAX_PARTS = 3000
WORD, SHEET, TEXT, CSV, OLD_WORD, OLD_SHEET = "word", "sheet", "text", "csv", "old_word", "old_sheet"
_KINDS = {
    ".docx": WORD,
    ".xlsx": SHEET,
    ".txt": TEXT,
    ".md": TEXT,
    ".csv": CSV,
    ".tsv": CSV,
    ".doc": OLD_WORD,
    ".wps": OLD_WORD,
    ".xls": OLD_SHEET,
    ".et": OLD_SHEET,
}
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_MACRO_NAMES = {".docm", ".xlsm", ".dotm", ".xltm", ".xlsb", ".xlam"}
_EXTERNAL = re.compile(rb"<(?:\w+:)?Relationship\b[^>]*TargetMode\s*=\s*[\"']External[\"'][^>]*>", re.I)
_TYPE = re.compile(rb"\bType\s*=\s*[\"']([^\"']*)[\"']", re.I)
_FIELD = re.compile(
    rb"(?:>|instr=[\"'])\s*\\?\s*(?:DDEAUTO|DDE|INCLUDETEXT|INCLUDEPICTURE|LINK|IMPORT|INCLUDE)\s", re.I
)
_DTD = re.compile(rb"<!\s*(?:DOCTYPE|ENTITY)", re.I)


@dataclass
class Package:
    """An office file's parts, read with a limit; `main` is the name of the main part."""

    archive: zipfile.ZipFile
    names: list[str]
    main: str
    _read: dict[str, bytes] = field(default_factory=dict)

    def read(self, name: str) -> bytes | None:
        """The bytes of a part, None when there is none.

        Never more than MAX_PART, whatever the archive claims.
        """
        if name not in self.names:
            return None
        if name not in self._read:
            with self.archive.open(name) as part:
                data = part.read(MAX_PART + 1)
            if len(data) > MAX_PART:
                raise Refused("bomb")
            self._read[name] = data
        return self._read[name]


def kind_of(data: bytes, filename: str) -> str:
    """The kind a file is by name and content together.

    Raises Refused where they do not fit or cannot be read.
    """
    extension = PurePath(filename).suffix.lower()
    if not data.strip(b"\0 \r\n\t"):
        raise Refused("empty")
    if len(data) > MAX_BYTES:
        raise Refused("too_big")
    if data[:1024].lstrip().startswith(b"%PDF-") or extension == ".pdf":
        raise Refused("pdf")
    if extension in _MACRO_NAMES:
        raise Refused("macros")
    kind = _KINDS.get(extension)
    if kind is None:
        raise Refused("unsupported")
    if data.startswith(_OLE):
        return _old(data, kind)
    if data.startswith(b"PK"):
        return _packed(data, kind, extension)
    if kind in (TEXT, CSV):
        if b"\0" in data and data[:2] not in (b"\xff\xfe", b"\xfe\xff"):
            raise Refused("wrong_type")
        return kind
    raise Refused("wrong_type")


def _old(data: bytes, kind: str) -> str:
    if "EncryptedPackage".encode("utf-16-le") in data or "EncryptionInfo".encode("utf-16-le") in data:
        raise Refused("password")
    if _is_locked(data):
        raise Refused("password")
    if kind not in (OLD_WORD, OLD_SHEET):
        raise Refused("wrong_type")
    if "_VBA_PROJECT".encode("utf-16-le") in data:
        raise Refused("macros")
    return kind


def _is_locked(data: bytes) -> bool:
    """Whether an old document is encrypted: [MS-DOC] FibBase.fEncrypted, [MS-XLS] record FilePass."""
    for at in range(512, len(data), 512):
        if data[at : at + 2] == b"\xec\xa5":
            return bool(int.from_bytes(data[at + 10 : at + 12], "little") & 0x100)
        if data[at : at + 4] == b"\x09\x08\x10\x00":
            return _has_file_pass(data, at)
    return False


def _has_file_pass(data: bytes, at: int) -> bool:
    """The record stands among the first of the workbook's globals."""
    for _turn in range(12):
        kind, size = (int.from_bytes(data[at + step : at + step + 2], "little") for step in (0, 2))
        if kind == 0x2F:
            return True
        at += 4 + size
    return False


def _packed(data: bytes, kind: str, extension: str) -> str:
    names = open_package(data).names
    inside = WORD if "word/document.xml" in names else SHEET if "xl/workbook.xml" in names else ""
    # newer WPS writes office packages under its own extensions
    if extension in (".wps", ".et"):
        kind = WORD if extension == ".wps" else SHEET
    if inside != kind:
        raise Refused("wrong_type")
    return kind


def open_package(data: bytes) -> Package:
    """Open an office package after checking sizes, ratios, encryption, macros, outside links and entities."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
        parts = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError, EOFError) as error:
        raise Refused("damaged") from error
    check_sizes(parts)
    names = [part.filename for part in parts]
    package = Package(archive, names, "word/document.xml")
    if any(part.flag_bits & 0x1 for part in parts) or "EncryptedPackage" in names:
        raise Refused("password")
    if any(
        name.lower().endswith(("vbaproject.bin", "vbadata.xml")) or "/macrosheets/" in name.lower()
        for name in names
    ):
        raise Refused("macros")
    try:
        _check_parts(package)
    except (zipfile.BadZipFile, OSError, EOFError, NotImplementedError, ValueError, RuntimeError) as error:
        raise Refused("damaged") from error
    return package


def check_sizes(parts: list[zipfile.ZipInfo]) -> None:
    """Raises Refused where an archive would unpack to far more than an office file does."""
    if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED:
        raise Refused("bomb")
    for part in parts:
        if part.file_size > 1_000_000 and part.file_size > MAX_RATIO * max(part.compress_size, 1):
            raise Refused("bomb")


def _check_parts(package: Package) -> None:
    types = package.read("[Content_Types].xml") or b""
    if b"macroEnabled" in types:
        raise Refused("macros")
    if any(name.startswith("xl/externalLinks/") for name in package.names):
        raise Refused("external")
    for name in package.names:
        if not name.lower().endswith((".xml", ".rels", ".vml")):
            continue
        data = package.read(name) or b""
        plain = data.decode("utf-16", "ignore").encode() if data[:2] in (b"\xff\xfe", b"\xfe\xff") else data
        if _DTD.search(plain):
            raise Refused("entities")
        if name.endswith(".rels") and _loads_from_outside(plain):
            raise Refused("external")
        if name.startswith("word/") and (b"instr" in plain) and _outside_field(plain):
            raise Refused("external")
        if name.startswith("xl/") and re.search(rb"<(?:\w+:)?(?:ddeLink|oleLink)\b", plain):
            raise Refused("external")


def _loads_from_outside(rels: bytes) -> bool:
    """A hyperlink only points outside; everything else external is loaded when the file is opened."""
    for found in _EXTERNAL.finditer(rels):
        kind = _TYPE.search(found.group())
        if not (kind and kind.group(1).rsplit(b"/", 1)[-1] == b"hyperlink"):
            return True
    return False


def _outside_field(document: bytes) -> bool:
    pieces = re.findall(rb"<(?:\w+:)?instrText[^>]*>[^<]*|instr=[\"'][^\"']*", document)
    # Word may break a field's name over several runs
    joined = b">" + b"".join(re.sub(rb"^<[^>]*>|^instr=[\"']", b"", piece) for piece in pieces)
    return any(_FIELD.search(piece) for piece in pieces) or bool(re.match(rb">\s*DDE", joined))
