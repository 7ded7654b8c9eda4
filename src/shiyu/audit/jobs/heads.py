"""Seal heads kept outside the database: whoever cuts off the tail of the record cannot cut them off too.

One line a head, "moment number seal", in a file a month that is only ever added to. The folder should lie where the
database's administrator cannot write (another machine, a write-once share): docs/operations.md.
"""

import os
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from shiyu.audit.models import AuditSeal
from shiyu.lib import clock
from shiyu.lib.errors import UserError


@dataclass(frozen=True)
class Head:
    """The newest seal at a moment."""

    at: datetime
    number: int
    seal: str

    def __str__(self) -> str:
        return f"{self.at.isoformat(timespec='seconds')} {self.number} {self.seal}"


def export_head(since: datetime | None = None, until: datetime | None = None) -> int:
    """Add the newest seal to this month's file; returns 1, or 0 where there is none newer than the last line.

    An hourly job (`since` and `until` are its window and change nothing). OSError where the folder cannot be written.
    """
    newest = AuditSeal.objects.order_by("-number").first()
    known = heads_exported()
    if newest is None or (known and known[-1].number >= newest.number):
        return 0
    now = clock.now()
    folder = Path(settings.AUDIT_HEADS)
    folder.mkdir(parents=True, exist_ok=True)
    line = f"{Head(now, newest.number, newest.seal)}\n".encode()
    # O_APPEND: two workers at the same moment write one line after the other, and nothing is written over.
    opened = os.open(folder / f"heads-{now:%Y-%m}.txt", os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o640)
    try:
        os.write(opened, line)
        os.fsync(opened)
    finally:
        os.close(opened)
    return 1


def heads_exported() -> list[Head]:
    """All heads in the folder, oldest first."""
    folder = Path(settings.AUDIT_HEADS)
    return [head for file in sorted(folder.glob("heads-*.txt")) for head in read_heads(file)]


def read_heads(file: Path) -> list[Head]:
    """The heads of a file. `UserError` names file and line where a line is none."""
    try:
        lines = file.read_text(encoding="ascii").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise UserError(_("This file of seal heads cannot be read."), file=str(file)) from error
    heads = []
    for number, line in enumerate(lines, 1):
        parts = line.split()
        if not parts:
            continue
        try:
            at, position, seal = parts
            heads.append(Head(datetime.fromisoformat(at), int(position), seal))
        except ValueError as error:
            raise UserError(
                _("This line is no seal head; it should read: moment, number, seal."),
                file=str(file),
                row=number,
            ) from error
    return heads
