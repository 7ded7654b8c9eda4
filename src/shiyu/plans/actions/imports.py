"""Reading a document in, correcting what was read, and giving it up. Taking over is in `take_over`."""

import time
from typing import Any
from uuid import UUID

from django.utils import translation
from django.utils.translation import gettext as _

from shiyu.audit.actions import action, record
from shiyu.documents.actions import store_document
from shiyu.kernel.actor import Actor
from shiyu.lib import clock
from shiyu.lib.errors import Conflict, NotVisible, UserError
from shiyu.plans.access import need
from shiyu.plans.models import PlanImport
from shiyu.plans.queries.corrections import context_entry, corrected
from shiyu.plans.queries.names import name_book
from shiyu.reading import Refused, read_plan


@action("plans.read_document")
def read_document(actor: Actor, file_name: str, content: bytes | str) -> PlanImport:
    """Read a Word, Excel or CSV file, or pasted text (a str), and keep what was found.

    A file that is refused raises `UserError` with one sentence and leaves nothing behind.
    """
    need(actor, "import")
    begun = time.monotonic()
    try:
        plan = read_plan(content, filename=file_name, names=name_book(), year=clock.today().year)
    except Refused as refused:
        chinese = (translation.get_language() or "zh").startswith("zh")
        raise UserError(refused.text_zh if chinese else refused.text_en, field="file") from None
    source = None
    if isinstance(content, bytes):
        source = store_document(actor, title=plan.title, kind="source", content=content, file_name=file_name)
    row = PlanImport.objects.create(
        source=source,
        title=(plan.title or file_name)[:200],
        file_name=file_name[:200],
        result=plan.to_json(),
        seconds=round(time.monotonic() - begun, 2),
        unit_id=actor.home_unit_id,
        created_by_id=actor.user_id,  # type: ignore[misc]
    )
    record(row, {"file_name": row.file_name, "items": len(plan.items), "doubts": len(plan.doubts)})
    return row


def open_import(actor: Actor, import_id: UUID) -> PlanImport:
    """The import, locked, if it can still be corrected."""
    need(actor, "import")
    row = PlanImport.objects.select_for_update().filter(pk=import_id).first()
    if row is None:
        raise NotVisible(_("This import does not exist."))
    if row.state != PlanImport.State.OPEN:
        raise Conflict(_("This import has been taken over or given up; it is kept as it was."))
    return row


@action("plans.edit_import")
def edit_import(actor: Actor, import_id: UUID, edit: dict[str, Any]) -> PlanImport:
    """Append one correction (see `queries.corrections`), or take the last back with {"op": "undo"}."""
    row = open_import(actor, import_id)
    if edit["op"] == "undo":
        if not row.edits:
            raise UserError(_("There is nothing to undo."))
        undone = row.edits.pop()
        record(row, {"undo": undone["op"]})
    else:
        _check(row, edit)
        row.edits.append(edit)
        told = ("op", "item", "doubt", "context", "alike")
        record(row, {key: edit[key] for key in told if key in edit})
    row.save(update_fields=["edits"])
    return row


def _check(row: PlanImport, edit: dict[str, Any]) -> None:
    """Refuse what would not change anything: an item or doubt that is gone, an empty text, a cut outside."""
    state = corrected(row.result, row.edits)
    if edit["op"] == "settle":
        _check_settle(state, edit)
        return
    if edit["op"] == "task":
        if context_entry(state, str(edit.get("context"))) is None:
            raise Conflict(
                _("This text is no longer among the context; somebody changed it. Reload the page.")
            )
        return
    item = state.item(str(edit.get("item")))
    if item is None:
        raise Conflict(_("This item is no longer there; somebody changed it. Reload the page."))
    if edit["op"] == "change" and not str(edit.get("text", item.text)).strip():
        raise UserError(_("An item needs a text. Mark it as context if it is no task."), field="text")
    if edit["op"] == "split" and not 0 < edit["at"] < len(item.text):
        raise UserError(_("Say where to cut: both parts need some text."), field="first")
    if edit["op"] == "merge" and state.items.index(item) == 0:
        raise UserError(_("There is no item above to join it to."))


def _check_settle(state: Any, edit: dict[str, Any]) -> None:
    doubt = next((one for one in state.doubts if one.id == edit["doubt"]), None)
    if doubt is None or not doubt.is_open:
        raise Conflict(_("This doubt has been settled already."))
    if edit["choice"] not in ("adopt", "other", "none", "keep", "seen"):
        raise UserError(_("Adopt the suggestion, choose another, or say that it is no unit."))
    if edit["choice"] == "adopt" and not edit.get("value"):
        edit["value"] = doubt.suggestion
    if edit.get("alike") and (edit["choice"] != "seen" or doubt.is_about_name):
        raise UserError(_("A name is settled by itself; only other doubts are settled together."))
    if edit["choice"] in ("adopt", "other") and not edit.get("value"):
        raise UserError(_("There is no suggestion to adopt; choose a unit or group."), field="value")
    if edit["choice"] == "other":
        book = name_book()
        if not book.knows(edit["value"]) and not book.knows_group(edit["value"]):
            raise UserError(
                _("“%(name)s” is neither a unit nor a group.") % {"name": edit["value"]}, field="value"
            )


@action("plans.discard_import")
def discard_import(actor: Actor, import_id: UUID) -> PlanImport:
    """Give an import up; it stays on record but is offered no more."""
    row = open_import(actor, import_id)
    row.state = PlanImport.State.DISCARDED
    row.save(update_fields=["state"])
    record(row, {"state": row.state})
    return row
