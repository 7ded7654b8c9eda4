"""What the commands of `shiyu` do once Django is set up (the rest is in cli, serving, demo and bench)."""

import argparse
import sys
from pathlib import Path

from shiyu.audit.jobs import read_heads
from shiyu.audit.queries import verify
from shiyu.briefs.queries import meeting_pack_files
from shiyu.lib.errors import UserError
from shiyu.packs.check import check_folder
from shiyu.seeding import load_city
from shiyu.ui.forms import place_words


def load_pack(arguments: argparse.Namespace) -> int:
    """Load a pack and its seed; a pack with errors is refused with all of them."""
    folder: Path = arguments.folder
    errors = check_folder(folder)
    for error in errors:
        print(f"{error.file}:{error.line}: {error.message_zh} / {error.message_en}", file=sys.stderr)
    if errors:
        return 1
    version = load_city(folder)
    print(f"已装入 / loaded: {version.code} {version.digest[:12]}")
    return 0


def meeting_pack(arguments: argparse.Namespace) -> int:
    """Write the meeting pack of a locked month into a folder."""
    try:
        files = meeting_pack_files(arguments.period)
    except UserError as error:
        print(error, file=sys.stderr)
        return 2
    for name, content in files.items():
        target = arguments.out / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
    print(f"{len(files)} 个文件 / files → {arguments.out}")
    return 0


def audit_verify(arguments: argparse.Namespace) -> int:
    """Check every audit entry against its seal; names those changed, missing or inserted.

    `--head FILE` compares with seals that were kept elsewhere: only they show that the record's end was cut off.
    """
    try:
        heads = [head for file in arguments.head or () for head in read_heads(file)]
    except UserError as error:
        print(f"{error} {place_words(error.where.items())}", file=sys.stderr)
        return 2
    findings = list(verify(heads))
    for finding in findings:
        print(f"{finding.fault}: {finding.entry_id} #{finding.seal_number} {finding.detail}")
    print(f"{len(findings)} 处异常 / findings")
    return 1 if findings else 0
