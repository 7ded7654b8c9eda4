"""What was loaded, and what the pack in force says."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from shiyu.kernel.rights import RIGHTS
from shiyu.lib.errors import NotAllowed
from shiyu.packs.access import can
from shiyu.packs.queries import current_pack, versions_loaded


@login_required
def pack_list(request: HttpRequest) -> HttpResponse:
    """The versions that were loaded, and roles, kinds and calendar of the one in force."""
    if not can(request.actor, "view"):  # type: ignore[attr-defined]
        raise NotAllowed(_("Only somebody with the right to load packs may do this."))
    versions = versions_loaded()
    pack = current_pack() if versions else None
    language = get_language() or "zh"
    context: dict[str, Any] = {"versions": versions, "pack": pack, "roles": [], "kinds": []}
    if pack is not None:
        context["name"] = pack.pack.name.text(language)
        context["roles"] = [
            {
                "label": role.label.text(language),
                "rights": [RIGHTS[code].label.text(language) for code in RIGHTS if code in role.rights],
            }
            for role in pack.role.values()
        ]
        context["kinds"] = [
            {
                "label": kind.label.text(language),
                "states": [state.label.text(language) for state in kind.states.values()],
                "limit": kind.limit,
            }
            for kind in pack.kind.values()
        ]
    return render(request, "packs/pack_list.html", context)
