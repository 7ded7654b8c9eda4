"""The demo's database. It is built under a passing name and renamed when it is whole, so that a run that was killed
leaves nothing that looks ready. The finished one carries a hash of what it was made from as its comment."""

import hashlib
import os
from collections.abc import Callable, Iterable
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql

from shiyu import __version__
from shiyu.lib import postgres

PACKAGE = Path(__file__).resolve().parent.parent


def database_name(city: str) -> str:
    """The name of a city's demo database."""
    return f"shiyu_demo_{city}"


def made_from(folder: Path) -> str:
    """A hash over the pack, the migrations and the simulation: what the demo's rows depend on."""
    digest = hashlib.sha256(__version__.encode())
    migrations = PACKAGE.rglob("migrations/*.py")
    for path in sorted([*folder.rglob("*.*"), *migrations, *(PACKAGE / "demo").glob("*.py")]):
        if path.is_file():
            digest.update(path.read_bytes())
    return digest.hexdigest()


def environment_for(name: str) -> dict[str, str]:
    """The environment of a process that works on the database `name`, on whichever server is in use."""
    given = os.environ.get("DATABASE_URL")
    own = {"DATABASE_URL": urlunsplit(urlsplit(given)._replace(path=f"/{name}"))} if given else {}
    return {**os.environ, "SHIYU_DATABASE": name, **own}


def server_url(var: Path) -> str:
    """The server's own database, to make and rename others: DATABASE_URL's server, or the project's own."""
    return os.environ.get("DATABASE_URL") or postgres.start(var / "postgres")


def databases(url: str) -> list[str]:
    """The names of all databases of a server."""
    with psycopg.connect(url, autocommit=True) as connection:
        return [row[0] for row in connection.execute("SELECT datname FROM pg_database")]


def only_demo(names: Iterable[str]) -> str | None:
    """The demo's database among these where nothing else can be meant. None where the office has a database of its
    own, or there are several demos."""
    demos = [name for name in names if name.startswith(database_name(""))]
    return demos[0] if len(demos) == 1 and "shiyu" not in names else None


def is_ready(url: str, city: str, wanted: str) -> bool:
    """Whether the city's demo database is whole and made from the present pack and code."""
    with psycopg.connect(url, autocommit=True) as connection:
        row = connection.execute(
            "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s",
            [database_name(city)],
        ).fetchone()
    return row is not None and row[0] == wanted


def start_anew(url: str, name: str) -> None:
    """Drop a database of this name, with whoever is connected, and make an empty one."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
        connection.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8'").format(sql.Identifier(name))
        )


def finish(url: str, building: str, city: str, wanted: str, close: Callable[[], None]) -> None:
    """Give the finished database its name and its mark; `close` lets go of our own connections first."""
    close()
    final = sql.Identifier(database_name(city))
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(final))
        connection.execute(sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(building), final))
        connection.execute(sql.SQL("COMMENT ON DATABASE {} IS {}").format(final, sql.Literal(wanted)))
