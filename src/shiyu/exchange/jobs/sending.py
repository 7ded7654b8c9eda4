"""One try of a delivery: to an allowed host at a public address, signed, without following a redirect."""

import hashlib
import hmac
import http.client
import ipaddress
import socket
import ssl
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from shiyu.exchange.models import Delivery
from shiyu.lib import clock
from shiyu.lib.vault import Unopenable

TIMEOUT = 10.0
"""Seconds for connecting, and for each wait for the answer."""
FAULTS: dict[str, Any] = {
    "host": _("The host is no longer in SHIYU_WEBHOOK_HOSTS"),
    "private": _("The host has an address of an internal network"),
    "name": _("The host's name was not found"),
    "connection": _("No connection"),
    "timeout": _("No answer in time"),
    "certificate": _("The host's certificate is not valid"),
    "redirect": _("It answered with a redirect, which is not followed"),
    "answer": _("It answered with an error"),
    "secret": _("The key that seals its secret is missing"),
    "ended": _("The subscription has ended"),
}
"""Why a try failed: a closed list. Nothing of an answer is kept but its status."""


@dataclass(frozen=True)
class Result:
    """How a try ended: the answer's status, and a fault ("" where it was delivered)."""

    status: int | None
    fault: str


class Fault(Exception):
    """The try ends here, with one of FAULTS."""


def signature(secret: str, timestamp: str, delivery_id: str, body: str) -> str:
    """HMAC-SHA-256 (hex) over `timestamp.id.body`."""
    return hmac.new(secret.encode(), f"{timestamp}.{delivery_id}.{body}".encode(), hashlib.sha256).hexdigest()


def headers_of(row: Delivery) -> dict[str, str]:
    """The headers of a try made now; signed once with each live secret. Raises Fault."""
    stamp, ident = str(int(clock.now().timestamp())), str(row.pk)
    try:
        texts = [secret.text() for secret in row.subscription.secrets.filter(ended_at=None)]
    except Unopenable:
        raise Fault("secret") from None
    return {
        "Content-Type": "application/json",
        "User-Agent": "Shiyu",
        "Shiyu-Id": ident,
        "Shiyu-Timestamp": stamp,
        "Shiyu-Signature": " ".join(f"v1={signature(text, stamp, ident, row.body)}" for text in texts),
    }


def send(row: Delivery) -> Result:
    """Tries to deliver once. Never raises for what the other side or the network does."""
    try:
        return _posted(row)
    except Fault as fault:
        return Result(None, str(fault))
    except ssl.SSLError:
        return Result(None, "certificate")
    except TimeoutError:
        return Result(None, "timeout")
    except (OSError, http.client.HTTPException):
        return Result(None, "connection")


def _posted(row: Delivery) -> Result:
    parts = urlsplit(row.subscription.url)
    host, secure = (parts.hostname or "").lower(), parts.scheme == "https"
    place = host if parts.port is None else f"{host}:{parts.port}"
    if place not in settings.WEBHOOK_HOSTS or not (secure or settings.WEBHOOK_HTTP):
        raise Fault("host")
    port = parts.port or (443 if secure else 80)
    connection = Pinned(host, port, allowed_address(host, port), secure=secure)
    try:
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        connection.request("POST", target, row.body.encode(), headers_of(row))
        status = connection.getresponse().status
    finally:
        connection.close()
    if 300 <= status < 400:
        return Result(status, "redirect")
    return Result(status, "" if 200 <= status < 300 else "answer")


def allowed_address(host: str, port: int) -> str:
    """The address to connect to. A name is looked up once and every answer must be allowed, so that it cannot change
    between the look and the connection. Raises Fault."""
    try:
        found = [str(row[4][0]) for row in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    except (socket.gaierror, UnicodeError):
        raise Fault("name") from None
    if not settings.WEBHOOK_PRIVATE and not all_public(found):
        raise Fault("private")
    return found[0]


def all_public(addresses: Iterable[str]) -> bool:
    """Whether every address belongs to the public internet: none of this machine, of an office's network, or reserved."""
    for text in addresses:
        address = ipaddress.ip_address(text.split("%", 1)[0])
        mapped = getattr(address, "ipv4_mapped", None) or getattr(address, "sixtofour", None)
        for one in (address, mapped):
            if one is not None and (not one.is_global or one.is_multicast):
                return False
    return True


class Pinned(http.client.HTTPConnection):
    """A connection to one address under the name of its host, whose certificate must fit."""

    def __init__(self, host: str, port: int, address: str, *, secure: bool) -> None:
        super().__init__(host, port, timeout=TIMEOUT)
        self.address, self.secure = address, secure

    def connect(self) -> None:
        """Connects to the address that was checked."""
        self.sock: Any = socket.create_connection((self.address, self.port), self.timeout)
        if self.secure:
            self.sock = ssl.create_default_context().wrap_socket(self.sock, server_hostname=self.host)
