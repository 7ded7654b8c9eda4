"""What a file may not be, whatever its name says: marked secret, or a program."""

from __future__ import annotations

from pathlib import PurePath
from urllib.parse import urlsplit

from django.utils.translation import gettext as _

from shiyu.lib.errors import UserError
from shiyu.reading.loose_text import is_marked
from shiyu.reading.names import NameBook
from shiyu.reading.reader import read_plan
from shiyu.reading.refusals import Refused
from shiyu.reading.secrecy import name_is_marked

# How Windows, Linux and macOS programs and Windows shortcuts begin.
_PROGRAMS = (b"MZ", b"\x7fELF", b"\xcf\xfa\xed\xfe", b"\xca\xfe\xba\xbe", b"L\x00\x00\x00\x01\x14\x02\x00")
_TEXTS = frozenset({".txt", ".csv"})
# Kinds the reader itself takes; the others are looked through as loose text.
_READABLE = _TEXTS | {".docx", ".xlsx"}
_ALWAYS = ("绝密", "机密")


def check_name(name: str) -> None:
    """Raises `UserError` where a file's name carries a mark of secrecy (商业秘密 is none)."""
    if name_is_marked(name) or any(mark in name for mark in _ALWAYS):
        raise UserError(
            _(
                "The file's name carries a mark of secrecy. State secrets may not be handled here; nothing was kept."
            ),
            field="file",
        )


def check_content(name: str, content: bytes) -> None:
    """Raises `UserError` where a file is a program under another name, or its text carries a mark of secrecy.

    PDF, OFD, presentations and old formats are looked through as far as their text can be made out; pictures and
    whatever else cannot be read pass: proof may be any office file.
    """
    suffix = PurePath(name).suffix.lower()
    if suffix not in _TEXTS and content.startswith(_PROGRAMS):
        raise UserError(_("%(name)s is a program, not a document.") % {"name": name}, field="file")
    if _is_marked(name, suffix, content):
        raise UserError(
            _("%(name)s carries a mark of secrecy. State secrets may not be handled here; nothing was kept.")
            % {"name": name},
            field="file",
        )


def _is_marked(name: str, suffix: str, content: bytes) -> bool:
    if suffix not in _READABLE:
        return is_marked(content, suffix)
    try:
        read_plan(content, filename=name, names=NameBook())
    except Refused as refused:
        return refused.code == "secret"
    return False


def check_link(link: str) -> None:
    """Raises `UserError` where a link is no web address; other schemes could run a script."""
    parts = urlsplit(link)
    if parts.scheme not in ("http", "https") or not parts.netloc:
        raise UserError(_("A link begins with http:// or https://."), field="link")
