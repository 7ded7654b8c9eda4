"""Second pass: numbers stay apart, and a letter asks only for what it gives."""

from __future__ import annotations

from collections.abc import Mapping

from shiyu.kernel.documents import names_in
from shiyu.kernel.spec.documents import NumberSeries, Template
from shiyu.kernel.spec.pack import Pack
from shiyu.packs.read import PackError, PackFolder


def check_letters(found: PackFolder, pack: Pack) -> None:
    """Adds an error for every number two kinds or two kinds of letters would share, and for every letter whose text
    names a day to reply by that it does not have."""
    _check_numbers(found, "kind", {code: kind.number for code, kind in pack.kind.items()})
    _check_numbers(found, "letter", {code: letter.number for code, letter in pack.letter.items()})
    for code, letter in pack.letter.items():
        template = pack.template.get(letter.template or "")
        if letter.reply is None and template is not None and "reply_by" in _names(template):
            _wrong(
                found,
                ("letter", code),
                f"模板 {letter.template} 写了 {{{{reply_by}}}}，而函件 {code} 没有 reply（答复期限）；"
                "加上 reply: {n: 5, unit: workdays}，或从模板中删去",
                f"the template {letter.template} says {{{{reply_by}}}}, but the letter {code} has no `reply`; "
                "add `reply: {n: 5, unit: workdays}` or take the name out",
            )


def _names(template: Template) -> set[str]:
    texts = (template.title, template.addressee, *template.body, template.closing)
    return {name for text in texts for name in names_in(text)}


def _check_numbers(found: PackFolder, noun: str, numbers: Mapping[str, NumberSeries]) -> None:
    owners: dict[str, str] = {}
    for code, series in numbers.items():
        other = owners.setdefault("".join(series.pattern.split()), code)
        if other != code:
            file, line = found.where(noun, other, "number")
            _wrong(
                found,
                (noun, code, "number"),
                f"编号格式与 {other}（{file} 第 {line} 行）相同，两类会出现同一个编号；换一个字头",
                f"its number is written like that of {other} ({file}, line {line}), so two would bear one number; "
                "give it words of its own",
            )


def _wrong(found: PackFolder, path: tuple[str, ...], zh: str, en: str) -> None:
    file, line = found.where(*path)
    found.errors.append(PackError(file, line, zh, en))
