"""The personal data a matter may hold: a closed list, how each is read, and how much of it is shown by default."""

from __future__ import annotations

import re
import unicodedata
from enum import StrEnum

from shiyu.kernel.words import Label, label


class Personal(StrEnum):
    """What is kept of a person who reports something. Nothing else is ever asked for (design.md, People)."""

    NAME = "name"
    PHONE = "phone"
    ADDRESS = "address"


LABELS: dict[Personal, Label] = {
    Personal.NAME: label("姓名", "Name"),
    Personal.PHONE: label("电话", "Phone"),
    Personal.ADDRESS: label("地址", "Address"),
}
LONGEST: dict[Personal, int] = {Personal.NAME: 60, Personal.PHONE: 30, Personal.ADDRESS: 200}
"""Most characters of each."""
RELATIONS: dict[str, Label] = {
    "family": label("家属", "Family"),
    "neighbour": label("邻居、朋友", "Neighbour or friend"),
    "village": label("村（社区）工作人员", "Village or community worker"),
    "lawyer": label("律师、法律服务人员", "Lawyer or legal worker"),
    "colleague": label("单位同事", "Colleague"),
    "other": label("其他", "Other"),
}
"""How somebody who acts for a reporter stands to them: a closed list, no free words."""
MOBILE = 11
"""Digits of a mobile number, without the country's code."""


def written(text: str) -> str:
    """A value as it is kept: full-width characters made plain, no spaces around it."""
    return unicodedata.normalize("NFKC", text).strip()


def phone_digits(text: str) -> str:
    """A phone number's digits alone, without the country's code, so that it is found however it was written."""
    digits = "".join(sign for sign in written(text) if sign.isascii() and sign.isdigit())
    digits = digits.removeprefix("00") if len(digits) > MOBILE + 2 else digits
    return digits[2:] if len(digits) == MOBILE + 2 and digits.startswith("86") else digits


def is_phone(text: str) -> bool:
    """Whether a text can be a phone number: 5 to 20 digits, and nothing but what numbers are written with. So much is
    asked of a number that another system hands over, or that is looked for."""
    return set(written(text)) <= set("0123456789+-() ") and 5 <= len(phone_digits(text)) <= 20


_REACHABLE = re.compile(
    r"1[3-9]\d{9}"  # a mobile
    r"|0(?:10|2\d)\d{8}|0[3-9]\d{2}\d{7,8}"  # a fixed line, with its area code
    r"|[48]00\d{7}"  # a firm's
)


def is_reachable(text: str) -> bool:
    """Whether a number that somebody gives can be called from any place: 11 digits of a mobile, a fixed line with its
    area code (7 or 8 digits alone leave open where), 400 and 800 numbers, or one of another country with + before it."""
    plain, digits = written(text), phone_digits(text)
    if not is_phone(text):
        return False
    if plain.startswith("+") and not plain.startswith("+86"):
        return 8 <= len(digits) <= 15
    return _REACHABLE.fullmatch(digits) is not None


def masked(field: Personal, text: str) -> str:
    """What everybody sees who may see the matter: 张**, 138****0000, of a shorter number the last two digits; of an
    address nothing."""
    if field is Personal.NAME:
        return f"{text[:1]}**"
    if field is Personal.ADDRESS:
        return "******"
    digits = phone_digits(text)
    return f"{digits[:3]}****{digits[-4:]}" if len(digits) >= MOBILE else f"****{digits[-2:]}"
