"""The closed catalogue of rights. A pack's roles pick from it; no other right exists."""

from __future__ import annotations

from dataclasses import dataclass

from shiyu.kernel.words import Label, label


@dataclass(frozen=True)
class Right:
    """One right: its code, its name, and the area of work it belongs to (before the dot)."""

    code: str
    label: Label

    @property
    def subject(self) -> str:
        return self.code.split(".", 1)[0]


def _catalogue(*rows: tuple[str, str, str]) -> dict[str, Right]:
    return {code: Right(code, label(zh, en)) for code, zh, en in rows}


RIGHTS: dict[str, Right] = _catalogue(
    ("plan.view", "查看方案", "See plans"),
    ("plan.import", "导入指引和方案", "Import guidelines and plans"),
    ("plan.edit", "编辑方案", "Edit plans"),
    ("plan.issue", "登记送审结果、印发方案", "Record the approval and issue a plan"),
    ("opinion.run", "组织征求意见", "Run an opinion round"),
    ("opinion.answer", "代表本单位反馈意见", "Answer an opinion round for the unit"),
    ("duty.assign", "把责任落实到本单位科室和人", "Name the office and person for a duty in the own unit"),
    ("duty.handover", "交接责任", "Hand duties over"),
    ("report.fill", "填报进展", "Fill in reports"),
    ("report.review", "单位分管领导审核填报", "Review reports as the leader in charge inside the unit"),
    ("report.sign_off", "办公室审签填报", "Sign reports off for the office"),
    ("period.lock", "锁定期次", "Lock a period"),
    ("period.unlock", "解锁期次", "Unlock a period"),
    ("list.view_all", "查看所有单位的清单", "See the lists of all units"),
    ("list.export", "导出清单", "Export lists"),
    ("matter.view_all", "查看所有事项", "See all matters"),
    ("matter.file", "登记事项", "File matters"),
    ("matter.dispatch", "受理和交办事项", "Accept and dispatch matters"),
    ("matter.handle", "承办事项", "Handle matters"),
    ("matter.verify", "核查事项", "Verify matters"),
    ("matter.approve", "审批延期和挂账", "Approve extensions and putting on the books"),
    ("matter.close", "销号结案", "Close matters"),
    ("mediation.view", "查看调解", "See mediation"),
    ("mediation.run", "组织调解", "Run mediation"),
    ("instruction.register", "登记领导批示", "Register leaders' instructions"),
    ("letter.issue", "制发函件", "Issue letters"),
    ("meeting.run", "组织会议", "Run meetings"),
    ("surge.view", "查看应急响应", "See emergency response"),
    (
        "surge.open",
        "登记启动、延长、结束应急响应的决定",
        "Enter the decisions that open, extend and end emergency response",
    ),
    ("surge.run", "办理应急响应每日研判、调度、专报", "Run the daily round of emergency response"),
    ("evidence.manage", "管理档案盒", "Manage archive boxes"),
    ("evidence.view_all", "查看所有佐证材料", "See all evidence"),
    ("command.view", "查看指挥图", "See the dashboard and the wall"),
    ("pack.load", "加载城市包", "Load packs"),
    ("people.manage", "管理单位和岗位", "Manage units and posts"),
    ("users.manage", "管理用户账号（系统管理员）", "Manage user accounts (system administrator)"),
    (
        "security.manage",
        "管理角色和锁定（安全管理员）",
        "Manage roles and lock-outs (security administrator)",
    ),
    ("audit.read", "查阅审计（审计管理员）", "Read the audit entries (audit administrator)"),
)

ADMINISTRATION = {"system": "users.manage", "security": "security.manage", "audit": "audit.read"}
"""The three separate administrators and the right that makes each (GB/T 22239-2019): no role may join two."""
