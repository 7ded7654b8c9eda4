"""Long work of the desk (wiring.LONG): the lists of all units in one archive."""

from typing import Any

from django.core.files import File
from django.core.files.storage import default_storage
from django.utils import translation
from django.utils.translation import gettext as _

from shiyu.audit.actions.once import NOBODY
from shiyu.audit.jobs import Progress
from shiyu.audit.models import JobRun
from shiyu.desk.views.lists import archive_name, archive_of
from shiyu.lib.errors import NotAllowed
from shiyu.packs.queries import one_pack
from shiyu.people.models import User
from shiyu.people.queries import actor_of
from shiyu.periods.queries import period_by_code
from shiyu.plans.queries.lists import source_of_lists, units_listable


def archive_lists(run: JobRun, progress: Progress) -> dict[str, Any]:
    """One file a unit, in one archive, with the rights the person has now; the file is served to that person only."""
    given = run.arguments
    with translation.override(given["language"]), one_pack():
        actor = actor_of(User.objects.get(pk=run.asked_by_id or NOBODY, is_active=True))
        if not actor.has("list.export"):
            raise NotAllowed(_("Your posts do not include exporting lists."))
        period = period_by_code(given["period"]) if given["period"] else None
        source = source_of_lists(actor, period)
        with archive_of(source, units_listable(actor), given["form"], progress) as content:
            stored = default_storage.save(f"work/{run.pk}.zip", File(content))
        return {"file": stored, "name": archive_name(source)}
