"""Sealing personal data: a data key for each matter, itself sealed by a key that is kept outside the database.

Destroying a matter's data key destroys all that was sealed under it, in every backup as well. The sealing keys come
from the settings, newest first; a wrapped key names the one that sealed it, so keys can be changed while people
work (`wrap_anew`). Each value is bound to its place (`about`): a sealed text moved to another row or field does not
open. The cipher stands behind `Cipher`, so that SM4-GCM can take AES-GCM's place.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

NONCE = 12
"""Bytes of the number used once, as NIST SP 800-38D recommends for GCM."""
KEY = 32
"""Bytes of a key."""


class Unopenable(Exception):
    """What was to be opened was not sealed with this key, or not for this place, or was changed."""


class Cipher(Protocol):
    """Authenticated encryption. `seal` gives another text each time; `open` raises Unopenable for anything else than
    what `seal` gave for the same key and the same `about`."""

    name: str

    def seal(self, key: bytes, plain: bytes, about: bytes) -> bytes: ...

    def open(self, key: bytes, sealed: bytes, about: bytes) -> bytes: ...


class AesGcm:
    """AES-256-GCM: nonce, then cipher text with its tag."""

    name = "aes-gcm"

    def seal(self, key: bytes, plain: bytes, about: bytes) -> bytes:
        nonce = os.urandom(NONCE)
        return nonce + AESGCM(key).encrypt(nonce, plain, about)

    def open(self, key: bytes, sealed: bytes, about: bytes) -> bytes:
        try:
            return AESGCM(key).decrypt(sealed[:NONCE], sealed[NONCE:], about)
        except (InvalidTag, ValueError) as error:
            raise Unopenable from error


@dataclass(frozen=True)
class Vault:
    """All sealing and opening. `keys` maps the name of each sealing key to its secret; the first one seals."""

    keys: Mapping[str, bytes]
    trace_key: bytes
    cipher: Cipher

    @property
    def newest(self) -> str:
        """Name of the key that seals now."""
        return next(iter(self.keys))

    def new_key(self, about: str) -> str:
        """A fresh data key, wrapped: `name:base64`. `about` names what it belongs to."""
        return self._wrapped(os.urandom(KEY), about)

    def wrap_anew(self, wrapped: str, about: str) -> str:
        """The same data key under the newest sealing key; itself where it is under that one already. Raises
        Unopenable."""
        name, _, _ = wrapped.partition(":")
        return wrapped if name == self.newest else self._wrapped(self._data_key(wrapped, about), about)

    def seal(self, wrapped: str, plain: str, about: str, field: str) -> bytes:
        """A text sealed under the data key, for one field of what the key belongs to."""
        return self.cipher.seal(self._data_key(wrapped, about), plain.encode(), f"{about}/{field}".encode())

    def seal_all(self, wrapped: str, plain: Mapping[str, str], about: str) -> dict[str, bytes]:
        """Several texts by their fields, sealed under the data key, which is unwrapped once."""
        data_key = self._data_key(wrapped, about)
        return {
            field: self.cipher.seal(data_key, text.encode(), f"{about}/{field}".encode())
            for field, text in plain.items()
        }

    def open(self, wrapped: str, sealed: bytes, about: str, field: str) -> str:
        """The text again. Raises Unopenable: another key, another place, a changed byte, or a key destroyed."""
        data_key = self._data_key(wrapped, about)
        return self.cipher.open(data_key, bytes(sealed), f"{about}/{field}".encode()).decode()

    def trace(self, text: str, purpose: str) -> str:
        """A keyed hash for exact look-up (hex, 64 characters): the same text gives the same trace, and nobody
        without the key can try texts out. It has a key of its own, so it stays when sealing keys change."""
        key = self._strong(self.trace_key, f"trace/{purpose}")
        return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()

    def _wrapped(self, data_key: bytes, about: str) -> str:
        sealing = self._strong(self.keys[self.newest], self.cipher.name)
        sealed = self.cipher.seal(sealing, data_key, about.encode())
        return f"{self.newest}:{base64.b64encode(sealed).decode()}"

    def _data_key(self, wrapped: str, about: str) -> bytes:
        name, _, sealed = wrapped.partition(":")
        if name not in self.keys or not sealed:
            raise Unopenable
        sealing = self._strong(self.keys[name], self.cipher.name)
        return self.cipher.open(sealing, base64.b64decode(sealed), about.encode())

    @staticmethod
    @lru_cache(maxsize=64)
    def _strong(secret: bytes, purpose: str) -> bytes:
        """A key of full length for one purpose, whatever the length of the secret in the settings. Kept: a table of
        orders asks for it some hundred thousand times, and the settings hold the secret all the while."""
        return HKDF(SHA256(), KEY, salt=None, info=f"shiyu/{purpose}".encode()).derive(secret)


def the_vault() -> Vault:
    """The vault with the keys of the settings, as they are now."""
    return Vault(settings.VAULT_KEYS, settings.TRACE_KEY, AesGcm())


def keys_in(text: str) -> dict[str, bytes]:
    """The sealing keys written as `name:secret`, one a line or separated by commas, newest first. Raises ValueError
    for an empty list, a name that stands twice, or a secret shorter than 32 characters."""
    keys: dict[str, bytes] = {}
    for part in text.replace(",", "\n").split():
        name, _, secret = part.partition(":")
        if not name or len(secret) < KEY or name in keys:
            raise ValueError("a sealing key is written name:secret, with a secret of at least 32 characters")
        keys[name] = secret.encode()
    if not keys:
        raise ValueError("there is no sealing key")
    return keys
