"""What the commands of `shiyu` do once Django is set up (the rest is in cli, serving, demo and bench)."""

import argparse
import sys
from pathlib import Path

from django.conf import settings
from django.db import connection, transaction

from shiyu.audit.jobs import read_heads
from shiyu.audit.models import AuditEntry, AuditSeal
from shiyu.audit.queries import verify
from shiyu.briefs.queries import meeting_pack_files
from shiyu.exchange.actions import wrap_secrets_anew
from shiyu.kernel.actor import SYSTEM
from shiyu.lib import postgres
from shiyu.lib.errors import UserError
from shiyu.lib.vault import Unopenable
from shiyu.matters.actions.keys import wrap_keys_anew
from shiyu.packs.check import check_folder
from shiyu.people.actions import reset_password as give_password
from shiyu.people.models import User
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


def limit_application(application: str, owner: str) -> int:
    """Give the application's role its rights, as the owner; the audit's tables it may only read and add to.

    Both are database URLs, "" where not given. Returns an exit code.
    """
    role = postgres.role_of(application)
    if not owner or role in ("", postgres.role_of(owner)):
        if settings.PRODUCTION and _may_change_entries():
            print(
                "提示：应用所用的数据库角色可以改动审计记录，请另设所有者角色；见 docs/operations.md。"
                " / The application's role may change audit entries; give the tables an owner of their own: see"
                " docs/operations.md.",
                file=sys.stderr,
            )
        return 0
    tables = [model._meta.db_table for model in (AuditEntry, AuditSeal)]
    with transaction.atomic(), connection.cursor() as cursor:
        postgres.limit_role(cursor, role, tables)
    print(f"{role}: 审计记录只能新增 / audit entries can only be added")
    return 0


def _may_change_entries() -> bool:
    """Whether the role in use could change what is recorded."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT has_table_privilege(%s, 'UPDATE, DELETE')", [AuditEntry._meta.db_table])
        return bool(cursor.fetchone()[0])


def reset_password(arguments: argparse.Namespace) -> int:
    """Give an account a one-time password, printed once: for the first administrators, and when one forgot theirs."""
    user = User.objects.filter(username=arguments.username).first()
    if user is None:
        print(f"没有这个账号 / no such account: {arguments.username}", file=sys.stderr)
        return 2
    _user, password = give_password(SYSTEM, user.pk)
    print(f"{user.username}  {password}\n首次登录须修改 / must be changed at the first sign-in")
    return 0


def rotate_keys(arguments: argparse.Namespace) -> int:
    """Wrap every data key anew under the newest sealing key, a thousand at a time; stopped, it goes on where it was."""
    done = 0
    try:
        for wrap in (wrap_keys_anew, wrap_secrets_anew):
            while count := wrap(SYSTEM):
                done += count
                print(f"{done}", flush=True)
    except Unopenable:
        print(
            "有数据密钥的旧封存密钥不在 SHIYU_VAULT_KEYS 里；请把它加在最新的后面再运行。"
            " / A data key's old sealing key is missing from SHIYU_VAULT_KEYS: add it behind the newest and run again.",
            file=sys.stderr,
        )
        return 1
    print(f"{done} 把数据密钥已重新包裹 / data keys wrapped anew")
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
