"""Lines of text in files that are kept but not read as plans: only good enough to look for secrecy marks.

PDF by pypdf; OFD, presentations and OpenDocument as zips of XML; RTF; old Office and WPS formats by the bytes
around the sign 密. What cannot be made out gives no lines and raises nothing.
"""

from __future__ import annotations

import html
import io
import re
import zipfile
from collections.abc import Iterator

import pypdf

from shiyu.reading import safety
from shiyu.reading.refusals import Refused
from shiyu.reading.secrecy import has_mark, name_is_marked

_PAGES = 3  # a mark stands on the first page; covers and blank pages may come before
_OLE = b"\xd0\xcf\x11\xe0"
_LINE_END = re.compile(rb"</(?:\w+:)?(?:p|h|TextCode|Title|Subject|title|subject|keyword|description)>")
_TAG = re.compile(rb"<[^>]*>")
_SIGN = {"utf-16-le": "密".encode("utf-16-le"), "gb18030": "密".encode("gb18030")}
_RUN = re.compile(r"[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef★☆✩⭐ \t0-9A-Za-z()\[\]*:]*")
_AROUND = 120  # bytes on each side of the sign
_PACKED = re.compile(
    r"(?:^|/)(?:content|styles|meta|OFD|Content|Annotation[^/]*|slide\d+|notesSlide\d+|core)\.xml$"
)


def is_marked(data: bytes, suffix: str) -> bool:
    """Whether a file whose name ends in `suffix` (".pdf", ".ofd", ".doc" …) carries a secrecy mark."""
    return any(has_mark(line, head=head) for line, head in _lines(data, suffix.lower()))


def _lines(data: bytes, suffix: str) -> Iterator[tuple[str, bool]]:
    """Lines, and whether each may be read as the head of a document."""
    if data[:1024].lstrip().startswith(b"%PDF-"):
        yield from ((line, True) for line in _pdf(data))
    elif data.startswith(_OLE):
        yield from ((line, False) for line in _around_signs(data))
    elif data.startswith(b"PK"):
        yield from _zip(data, suffix)
    elif data.startswith(b"{\\rtf"):
        yield from ((line, index < 20) for index, line in enumerate(_rtf(data)))


def _pdf(data: bytes) -> list[str]:
    lines: list[str] = []
    try:
        reader = pypdf.PdfReader(io.BytesIO(data))
        for page in reader.pages[:_PAGES]:
            lines += page.extract_text().splitlines()
        lines += [str(value) for value in (reader.metadata or {}).values()]
    except Exception:
        # pypdf raises whatever a broken or locked file sets off; what was read so far still counts
        return lines
    return lines


def _zip(data: bytes, suffix: str) -> Iterator[tuple[str, bool]]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
            safety.check_sizes(parts)
            if suffix == ".zip":
                yield from (("机密★", True) for part in parts if name_is_marked(_zip_name(part)))
                return
            for part in parts:
                if _PACKED.search(part.filename):
                    pieces = _LINE_END.split(archive.read(part))
                    lines = (html.unescape(_TAG.sub(b"", one).decode("utf-8", "ignore")) for one in pieces)
                    yield from ((line.strip(), index < 20) for index, line in enumerate(lines))
    except (zipfile.BadZipFile, OSError, EOFError, NotImplementedError, ValueError, RuntimeError, Refused):
        return


def _zip_name(part: zipfile.ZipInfo) -> str:
    """Windows writes GBK names without saying so; zipfile then takes them for code page 437."""
    name = part.filename
    if not part.flag_bits & 0x800:
        try:
            name = name.encode("cp437").decode("gb18030")
        except (UnicodeEncodeError, UnicodeDecodeError):
            return part.filename
    return name.rsplit("/", 1)[-1]


def _rtf(data: bytes) -> list[str]:
    text = re.sub(
        rb"(?:\\'[0-9a-fA-F]{2})+",
        lambda found: (
            bytes.fromhex(found.group().replace(b"\\'", b"").decode()).decode("gb18030", "ignore").encode()
        ),
        data,
    )
    text = re.sub(
        rb"\\u(-?\d{1,5}) ?\??",
        lambda found: chr(int(found.group(1)) % 65536).encode("utf-8", "ignore"),
        text,
    )
    lines = re.split(r"\\(?:par|line|cell)\b", text.decode("utf-8", "ignore"))
    return [re.sub(r"\\[a-z]+-?\d* ?|[{}\r\n]", "", line).strip() for line in lines]


def _around_signs(data: bytes) -> Iterator[str]:
    """The stretch of readable signs around every 密, as old files store it: two bytes a sign, or GBK."""
    for code, sign in _SIGN.items():
        at = data.find(sign)
        while at >= 0:
            yield _stretch(data, at, code)
            at = data.find(sign, at + len(sign))


def _stretch(data: bytes, at: int, code: str) -> str:
    before = data[max(0, at - _AROUND) : at]
    if code == "gb18030":
        # signs of one byte are where a count of two-byte signs can begin anew
        start = max((index for index, byte in enumerate(before) if byte < 0x80), default=-1) + 1
        before = before[start:]
    elif len(before) % 2:
        before = before[1:]
    left = before.decode(code, "ignore")
    right = data[at : at + _AROUND].decode(code, "ignore")
    tail = _RUN.match(right)
    head = _RUN.match(left[::-1])
    return ((head.group()[::-1] if head else "") + (tail.group() if tail else "")).strip()
