"""Finds what Vite built: `static/dist/manifest.json` names the files of each island."""

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

DIST = Path(__file__).parent / "static" / "dist"


class NotBuilt(RuntimeError):
    """The front end has not been built, or this island is not part of the build."""


@lru_cache(maxsize=2)
def read_manifest(path: Path, changed: float) -> dict[str, Any]:
    """The manifest as Vite wrote it; `changed` (seconds) makes a new build count without a restart."""
    return json.loads(path.read_text(encoding="utf-8"))


def manifest() -> dict[str, Any]:
    """The manifest of the last build. Raises NotBuilt with what to do."""
    path = DIST / "manifest.json"
    if not path.exists():
        raise NotBuilt(f"The front end is not built: {path} is missing. Run `make frontend`.")
    return read_manifest(path, path.stat().st_mtime)


def tags(name: str) -> SafeString:
    """Script and style tags of an island, e.g. "charts". Without a build pages work, a comment says why.

    With `SHIYU_REQUIRE_FRONTEND = True` (production, CI) a missing build raises instead.
    """
    try:
        built = manifest()
        if f"src/{name}.ts" not in built:
            raise NotBuilt(f"No island {name!r} in the build. Is it in vite.config.ts?")
    except NotBuilt as missing:
        if getattr(settings, "SHIYU_REQUIRE_FRONTEND", False):
            raise
        return mark_safe(f"<!-- {missing} -->".replace("`", ""))
    entry = built[f"src/{name}.ts"]
    # Straight addresses, not the storage's hashed names: Vite's names hold a hash already, and its
    # modules import each other by these names.
    base = settings.STATIC_URL + "dist/"
    styles = format_html_join(
        "", '<link rel="stylesheet" href="{}{}">', ((base, css) for css in entry.get("css", ()))
    )
    return format_html('{}<script type="module" src="{}{}"></script>', styles, base, entry["file"])
