"""The command `shiyu`. Help stands in Chinese and English; commands that need no database start none."""

import argparse
import importlib
import json
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NoReturn

from shiyu.lib.errors import UserError

Arguments = argparse.Namespace


def _later(module: str, name: str) -> Callable[[Arguments], int]:
    """A command whose module is loaded only when it runs, after Django is set up."""

    def run(arguments: Arguments) -> int:
        set_up_django()
        return int(getattr(importlib.import_module(module), name)(arguments) or 0)

    return run


def _plain(module: str, name: str) -> Callable[[Arguments], int]:
    """A command that needs no Django, or sets it up in a process of its own."""

    def run(arguments: Arguments) -> int:
        return int(getattr(importlib.import_module(module), name)(arguments) or 0)

    return run


def _reading(module: str, name: str) -> Callable[[Arguments], int]:
    """A command that reads what is there: on a machine that has nothing but a demo, the demo's database."""

    def run(arguments: Arguments) -> int:
        importlib.import_module("shiyu.demo.start").use_only_demo()
        return _later(module, name)(arguments)

    return run


def set_up_django() -> None:
    """Load settings and apps (starts the project's own PostgreSQL where no DATABASE_URL is given)."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shiyu.settings")
    importlib.import_module("django").setup()


def check_pack(arguments: Arguments) -> int:
    """Check packs; prints every error with file and line."""
    check_folder = importlib.import_module("shiyu.packs.check").check_folder
    failed = 0
    for folder in arguments.folder:
        errors = check_folder(folder)
        failed += bool(errors)
        for error in errors:
            print(f"{error.file}:{error.line}: {error.message_zh} / {error.message_en}")
        count = len(errors)
        print(
            f"{folder}: "
            + (f"{count} 处错误 / {count} error{'s'[: count - 1]}" if errors else "没有错误 / no errors")
        )
    return 1 if failed else 0


def read_plan(arguments: Arguments) -> int:
    """Read an office file and print what was found."""
    reading = importlib.import_module("shiyu.reading")
    path: Path = arguments.file
    if not path.is_file():
        print(f"没有这个文件 / no such file: {path}", file=sys.stderr)
        return 2
    try:
        result = reading.read_plan(path, filename=path.name, names=reading.NameBook())
    except reading.Refused as refusal:
        print(f"{refusal.text_zh}\n{refusal.text_en}", file=sys.stderr)
        return 2
    found = result.to_json()
    if arguments.json:
        print(json.dumps(found, ensure_ascii=False, indent=1))
        return 0
    print(found["title"], found["document_number"] or "", sep="\n")
    for item in found["items"]:
        place = " › ".join(item["path"])
        lead, support = "、".join(item["leads"]), "、".join([*item["supporting"], *item["groups"]])
        print(
            f"\n{place}  [{item['part']}]\n  {item['text']}\n  牵头 lead: {lead or '—'}；配合 supporting: {support or '—'}"
        )
        print(f"  时限 deadline: {item['deadline'].get('date') or item['deadline'].get('text') or '—'}")
    print(
        f"\n{len(found['items'])} 项 items，{len(found['context'])} 段上下文 context，{len(found['doubts'])} 处存疑 doubts"
    )
    for doubt in found["doubts"]:
        print(f"  ? {doubt['where']}: {doubt['what']}")
    return 0


def migrate(arguments: Arguments) -> int:
    """Bring the database to the present form, as its owner where `SHIYU_OWNER_URL` names one.

    Then the application's role (of `DATABASE_URL`) gets its rights: rows, but neither tables nor changes of the
    audit's. Where both are one role, that is said.
    """
    application, owner = os.environ.get("DATABASE_URL", ""), os.environ.get("SHIYU_OWNER_URL", "")
    if owner:
        os.environ["DATABASE_URL"] = owner
    set_up_django()
    importlib.import_module("django.core.management").call_command("migrate", verbosity=1)
    return int(importlib.import_module("shiyu.commands").limit_application(application, owner))


COMMANDS: list[tuple[str, str, Callable[[Arguments], int], list[tuple[tuple[str, ...], dict[str, Any]]]]] = [
    (
        "demo",
        "启动演示：建库、装包、模拟一年、开服务 / demo: database, pack, a simulated year, server",
        _plain("shiyu.demo.start", "demo"),
        [
            (("--city",), {"default": "", "help": "城市包 / pack"}),
            (("--port",), {"type": int, "default": 8000, "help": "端口 / port"}),
            (("--fresh",), {"action": "store_true", "help": "清空后重做 / start from nothing"}),
            (("--no-serve",), {"action": "store_true", "help": "只准备数据 / prepare only"}),
        ],
    ),
    (
        "serve",
        "运行服务和后台任务 / run the server and the jobs",
        _later("shiyu.serving", "serve"),
        [
            (("--host",), {"default": "127.0.0.1"}),
            (("--port",), {"type": int, "default": 8000, "help": "端口 / port"}),
            (("--workers",), {"type": int, "default": 2, "help": "进程数 / processes"}),
        ],
    ),
    (
        "demo-build",
        "建演示数据（由 demo 调用） / build the demo's data (called by demo)",
        _later("shiyu.demo.build", "build"),
        [(("folder",), {"type": Path, "metavar": "DIR", "help": "城市包文件夹 / folder of a pack"})],
    ),
    (
        "demo-serve",
        "运行演示（由 demo 调用） / serve the demo (called by demo)",
        _later("shiyu.serving", "demo_serve"),
        [(("--port",), {"type": int, "default": 8000})],
    ),
    ("worker", "只运行后台任务 / run the jobs only", _later("shiyu.serving", "worker"), []),
    ("migrate", "升级数据库 / bring the database up to date", migrate, []),
    (
        "reset-password",
        "给账号一次性密码（在服务器上，给三员用） / give an account a one-time password",
        _later("shiyu.commands", "reset_password"),
        [(("username",), {"metavar": "NAME", "help": "登录名 / sign-in name"})],
    ),
    (
        "rotate-keys",
        "用最新的封存密钥重新包裹所有数据密钥，可中断后继续 / wrap all data keys anew under the newest sealing key",
        _later("shiyu.commands", "rotate_keys"),
        [],
    ),
    (
        "backup",
        "备份数据库和文件 / back up database and files",
        _later("shiyu.backup", "backup"),
        [(("folder",), {"type": Path, "metavar": "DIR", "help": "目录 / folder"})],
    ),
    (
        "restore",
        "恢复到空数据库 / restore into an empty database",
        _later("shiyu.backup", "restore"),
        [(("folder",), {"type": Path, "metavar": "DIR", "help": "备份目录 / a backup's folder"})],
    ),
    (
        "check-pack",
        "检查城市包 / check packs",
        check_pack,
        [
            (
                ("folder",),
                {"type": Path, "nargs": "+", "metavar": "DIR", "help": "城市包文件夹 / folder of a pack"},
            )
        ],
    ),
    (
        "load-pack",
        "装入城市包和种子数据 / load a pack and its seed",
        _later("shiyu.commands", "load_pack"),
        [(("folder",), {"type": Path, "metavar": "DIR", "help": "城市包文件夹 / folder of a pack"})],
    ),
    (
        "read-plan",
        "识别公文中的任务和责任 / read tasks and responsibilities from an office file",
        read_plan,
        [
            (("file",), {"type": Path, "metavar": "FILE", "help": "Word、Excel 或 CSV 文件 / office file"}),
            (("--json",), {"action": "store_true", "help": "输出 JSON / print JSON"}),
        ],
    ),
    (
        "meeting-pack",
        "由已锁定的月份生成例会材料 / make the meeting pack of a locked month",
        _reading("shiyu.commands", "meeting_pack"),
        [
            (("--period",), {"required": True, "metavar": "2026-10", "help": "月份 / month"}),
            (("--out",), {"type": Path, "required": True, "metavar": "DIR", "help": "目录 / folder"}),
        ],
    ),
    (
        "audit",
        "核对审计记录 / check the audit entries against their seals",
        _reading("shiyu.commands", "audit_verify"),
        [
            (("what",), {"choices": ["verify"]}),
            (
                ("--head",),
                {
                    "type": Path,
                    "action": "append",
                    "metavar": "FILE",
                    "help": "另存的封印头文件 / seal heads kept elsewhere",
                },
            ),
        ],
    ),
    (
        "bench",
        "测量页面和任务 / measure pages and jobs",
        _plain("shiyu.bench.start", "bench"),
        [(("--scale",), {"type": int, "nargs": "*", "default": [1, 20]})],
    ),
    (
        "bench-run",
        "测量一种规模（由 bench 调用） / measure one size (called by bench)",
        _later("shiyu.bench.run", "run"),
        [
            (("scale",), {"type": int, "metavar": "N"}),
            (("folder",), {"type": Path, "metavar": "DIR", "help": "城市包文件夹 / folder of a pack"}),
            (("out",), {"type": Path, "metavar": "FILE"}),
        ],
    ),
    (
        "bench-orders",
        "测量大批工单的导入导出 / measure a large table of work orders",
        _plain("shiyu.bench.orders.start", "bench"),
        [
            (("--rows",), {"type": int, "default": 100_000, "metavar": "N"}),
            (("--city",), {"default": "", "help": "城市包 / pack"}),
            (("--source",), {"default": "", "metavar": "CODE", "help": "来源系统 / source"}),
        ],
    ),
    (
        "bench-orders-run",
        "测量一种规模（由 bench-orders 调用） / measure one size (called by bench-orders)",
        _later("shiyu.bench.orders.run", "run"),
        [
            (("rows",), {"type": int, "metavar": "N"}),
            (("folder",), {"type": Path, "metavar": "DIR"}),
            (("--source",), {"default": ""}),
        ],
    ),
    (
        "bench-matters",
        "测量大量事项下的办理和查询 / measure the loop and its pages over many matters",
        _plain("shiyu.bench.matters.start", "bench"),
        [
            (
                ("--scale",),
                {"type": float, "default": 1.0, "metavar": "N", "help": "百万件 / million matters"},
            ),
            (("--city",), {"required": True, "help": "城市包 / pack"}),
            (
                ("--only",),
                {"default": "", "metavar": "NAME", "help": "只测名称含此的 / only what is so called"},
            ),
            (("--keep",), {"action": "store_true", "help": "保留数据库供下次使用 / keep the databases"}),
        ],
    ),
    (
        "bench-matters-run",
        "测量一种规模（由 bench-matters 调用） / measure one size (called by bench-matters)",
        _later("shiyu.bench.matters.serve", "run"),
        [
            (("count",), {"type": int, "metavar": "N"}),
            (("folder",), {"type": Path, "metavar": "DIR", "help": "城市包文件夹 / folder of a pack"}),
            (("--fill",), {"action": "store_true"}),
        ],
    ),
    (
        "stop",
        "停止自带的 PostgreSQL / stop the project's own PostgreSQL",
        _plain("shiyu.demo.start", "stop"),
        [],
    ),
]


class Parser(argparse.ArgumentParser):
    """A parser whose own words stand in both languages as well."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings, add_help=False)
        self._positionals.title = "参数 / arguments"
        self._optionals.title = "选项 / options"
        self.add_argument("-h", "--help", action="help", help="显示帮助 / show this help")

    def error(self, message: str) -> NoReturn:
        self.exit(2, f"用法不对，请看 {self.prog} --help / wrong usage: {message}\n")


def parser() -> argparse.ArgumentParser:
    """All commands with their help; those that other commands call are not listed."""
    top = Parser(prog="shiyu", description="市域 Shiyu：市域社会治理 / municipal governance")
    commands = top.add_subparsers(
        dest="command", required=True, metavar="COMMAND", title="命令 / commands", parser_class=Parser
    )
    for name, help_text, run, options in COMMANDS:
        listed: dict[str, Any] = {} if "（由 " in help_text else {"help": help_text}
        command = commands.add_parser(name, description=help_text, **listed)
        for names, settings in options:
            command.add_argument(*names, **settings)
        command.set_defaults(run=run)
    return top


def main(arguments: Sequence[str] | None = None) -> None:
    """Entry point."""
    given = parser().parse_args(arguments)
    try:
        code = given.run(given)
    except UserError as error:
        print(error, file=sys.stderr)
        code = 2
    except Exception as error:
        # Django's own class is not imported before a command needs it.
        if type(error).__name__ != "OperationalError":
            raise
        print(
            "数据库连接不上，或者还没有建立：请检查 DATABASE_URL，先运行 shiyu migrate；"
            "要用演示数据库，命令前加 SHIYU_DATABASE=shiyu_demo_城市包。\n"
            "The database does not answer, or is not there yet: check DATABASE_URL, run shiyu migrate first; "
            f"for a demo's database write SHIYU_DATABASE=shiyu_demo_PACK before the command. ({error})",
            file=sys.stderr,
        )
        code = 2
    sys.exit(code)
