"""Second pass: what emergency response may take in."""

from __future__ import annotations

from shiyu.kernel.spec.pack import Pack
from shiyu.packs.check.references import References
from shiyu.packs.read import PackError, PackFolder


def check_surge(found: PackFolder, pack: Pack) -> None:
    """Adds an error for a kind that cannot be in surge mode, and for a template or kind that does not exist."""
    reviewed = {kind.review.kind for kind in pack.kind.values() if kind.review} | {
        code for code, kind in pack.kind.items() if kind.review
    }
    for code, kind in pack.kind.items():
        if kind.surge and code in reviewed:
            _wrong(
                found,
                ("kind", code, "surge"),
                "信访事项及其复查复核有法定时限和程序，不得纳入应急响应",
                "petitions and their reviews have their own time and way and can never fall under surge mode",
            )
    rule = pack.surge
    if rule is None:
        return
    wanted = References(found)
    if rule.template is not None:
        wanted.documents(pack, {"surge_bulletin": rule.template}, "surge", "template")
    for code in rule.limits:
        wanted.need("kind", code, pack.kind, "surge", "limits", code)
        if code in pack.kind and not pack.kind[code].surge:
            _wrong(
                found,
                ("surge", "limits", code),
                f"事项类型 {code} 没有写 surge: true，不能纳入应急响应",
                f"the kind {code} does not say `surge: true`, so it cannot be in the scope",
            )
    if not any("surge.open" in role.rights for role in pack.role.values()):
        zh, en = (
            "没有角色具有 surge.open，应急响应无人能启动",
            "no role has surge.open, so nobody can open it",
        )
        _wrong(found, ("surge",), zh, en)


def _wrong(found: PackFolder, path: tuple[str | int, ...], zh: str, en: str) -> None:
    file, line = found.where(*path)
    found.errors.append(PackError(file, line, zh, en))
