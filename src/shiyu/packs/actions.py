"""Loading a pack."""

from __future__ import annotations

import json
from pathlib import Path

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from pydantic import ValidationError

from shiyu.audit.actions import action, record
from shiyu.kernel.actor import Actor
from shiyu.kernel.spec.pack import PackHead
from shiyu.lib import clock
from shiyu.lib.errors import Conflict, NotAllowed, UserError
from shiyu.lib.events import emit
from shiyu.packs.access import can
from shiyu.packs.check import read_checked
from shiyu.packs.events import PackLoaded
from shiyu.packs.models import PackVersion
from shiyu.packs.queries import content_of, digest_of, forget_pack_in_force, pack_of
from shiyu.packs.read import PackFaulty

SHOWN_ERRORS = 20


@action("packs.load_pack")
def load_pack(actor: Actor, folder: Path | str) -> PackVersion:
    """Check a folder and bring its pack into force; the seed is left to each app's own import.

    The same content is one version: loading it again brings that version back into force. Raises NotAllowed
    without the right pack.load, UserError with file and line of every error of a faulty pack, Conflict for another
    city's pack, for other content under a version already loaded, and where what hears of it still needs the one before.
    """
    if not can(actor, "load"):
        raise NotAllowed(_("Only somebody with the right to load packs may do this."))
    try:
        pack = read_checked(folder).pack
    except PackFaulty as faulty:
        raise UserError(_sentence(faulty), errors=faulty.errors) from faulty
    assert pack is not None  # read_checked raises for a pack without shape
    content = content_of(pack)
    before = PackVersion.objects.select_for_update().order_by("-in_force_since", "-id").first()
    _check_follows(pack.pack, digest_of(content), before)
    version, is_new = PackVersion.objects.get_or_create(
        code=pack.pack.code,
        digest=digest_of(content),
        defaults={"version": pack.pack.version, "content": content, "loaded_by_id": actor.user_id},
    )
    if not is_new and before is not None and before.pk != version.pk:
        version.in_force_since = clock.now()
        version.save(update_fields=["in_force_since"])
    record(
        version, {"code": version.code, "version": version.version, "digest": version.digest, "new": is_new}
    )
    forget_pack_in_force()
    changed = before is None or _calendar(before.content) != _calendar(content)
    emit(PackLoaded(version.pk, version.code, changed))
    return version


def _check_follows(about: PackHead, digest: str, before: PackVersion | None) -> None:
    """A city's versions follow each other: one code, and each content a version of its own."""
    if before is not None and before.code != about.code:
        raise Conflict(
            _(
                "This place works with the pack “%(before)s”, and “%(code)s” is another one. To change how it works, change the "
                "folder of “%(before)s”, raise its version and load that."
            )
            % {"before": before.code, "code": about.code}
        )
    same = list(PackVersion.objects.filter(code=about.code, version=about.version))
    if same and not any(digest in (row.digest, _digest_now(row)) for row in same):
        raise Conflict(
            _(
                "Version %(version)s was loaded with other content. Raise the version in pack.yaml, then load it."
            )
            % {"version": about.version}
        )


def _digest_now(version: PackVersion) -> str:
    """The digest its content would have today: a program that knows more keys writes their defaults as well."""
    try:
        return digest_of(content_of(pack_of(version.pk)))
    except ValidationError:
        return version.digest


def _calendar(content: str) -> object:
    return json.loads(content)["calendar"]


def _sentence(faulty: PackFaulty) -> str:
    """The number of errors and the first of them, each with file and line."""
    count = len(faulty.errors)
    head = ngettext("The pack has %(count)d error:", "The pack has %(count)d errors:", count) % {
        "count": count
    }
    lines = [error.text(get_language() or "zh") for error in faulty.errors[:SHOWN_ERRORS]]
    return "\n".join([head, *lines])
