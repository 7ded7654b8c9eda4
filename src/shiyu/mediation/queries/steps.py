"""What a mediation needs next, and what its body may do now, with the reason why not the rest."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from shiyu.lib import clock
from shiyu.mediation.models import LookBack, Mediation, Side, Sitting
from shiyu.mediation.queries.words import rule_for

PARTS = ("sides", "sittings", "dangers", "look_backs", "chosen__holder")


@dataclass(frozen=True)
class Next:
    """The next step: its deed, in words, why, and by which day (None: no day)."""

    deed: str
    words: str
    why: str
    due_on: date | None = None
    part: str = ""  # query of the deed's page: which side, sitting or look-back


@dataclass(frozen=True)
class Option:
    """A deed of the page; `why_not` is empty where it can be done now."""

    deed: str
    words: str
    why_not: str = ""


def deed_words() -> dict[str, str]:
    """What each deed is called."""
    return {
        "add_side": _("Enter a party"),
        "remove_side": _("Take the last party out"),
        "consent": _("Enter what a party answered"),
        "choose": _("Choose who mediates"),
        "plan_sitting": _("Plan a sitting"),
        "write_sitting": _("Write the sitting down"),
        "terms": _("Write the agreement"),
        "conclude": _("Enter that the agreement holds"),
        "end": _("End without an agreement"),
        "danger": _("Notice a danger for public security"),
        "police": _("Enter that the police were told"),
        "remedies": _("Enter that the other ways were handed over"),
        "confirmation": _("Enter the court's confirmation"),
        "look_back": _("Enter how it is performed"),
    }


def button_words() -> dict[str, str]:
    """The same in the few letters of a desk's button."""
    return {
        "add_side": pgettext("mediation button", "Parties"),
        "consent": pgettext("mediation button", "Consent"),
        "choose": pgettext("mediation button", "Mediators"),
        "plan_sitting": pgettext("mediation button", "Plan"),
        "write_sitting": pgettext("mediation button", "Write down"),
        "terms": pgettext("mediation button", "Agreement"),
        "conclude": pgettext("mediation button", "Conclude"),
        "police": pgettext("mediation button", "Police"),
        "remedies": pgettext("mediation button", "Other ways"),
        "confirmation": pgettext("mediation button", "Court"),
        "look_back": pgettext("mediation button", "Look back"),
    }


def with_parts(rows: QuerySet[Mediation]) -> QuerySet[Mediation]:
    """The rows with what `next_of` reads, in one query for each part."""
    return rows.select_related("matter__unit", "body").prefetch_related(*PARTS)


def next_of(row: Mediation, today: date | None = None) -> Next | None:
    """The next step of a mediation read `with_parts`; None where nothing waits."""
    today = today or clock.today()
    untold = [one for one in row.dangers.all() if one.told_at is None]
    if untold:
        why = _("A danger was noticed, and the police were not told yet")
        return _next("police", why, clock.local(untold[0].noticed_at).date(), f"danger={untold[0].pk}")
    return _going(row, today) if row.is_going else _ended(row, today)


def _next(deed: str, why: str, on: date | None = None, part: str = "") -> Next:
    return Next(deed, deed_words()[deed], why, on, part)


def _going(row: Mediation, today: date) -> Next:
    sides = list(row.sides.all())
    if len(sides) < 2:
        return _next("add_side", _("Both parties are needed"), row.due_on)
    asked = next((side for side in sides if side.consent == Side.Consent.ASKED), None)
    if asked is not None:
        return _next("consent", _("Nobody is mediated against their will"), row.due_on, f"side={asked.pk}")
    if not any(one.holder.role in rule_for(row.matter).mediators for one in row.chosen.all()):
        return _next("choose", _("All parties are willing"), row.due_on)
    sitting = open_sitting(row)
    if sitting is not None:
        day = clock.local(sitting.at).date()
        why = _("Sitting on %(when)s, %(place)s") % {"when": _when(sitting.at), "place": sitting.place}
        return _next("write_sitting", why, day, f"sitting={sitting.pk}")
    if row.terms:
        return _next("conclude", _("The agreement is written and waits for its signatures"), row.due_on)
    if any(one.written_on for one in row.sittings.all()):
        return _next("terms", _("A sitting was held"), row.due_on)
    return _next("plan_sitting", _("All parties are willing"), row.due_on)


def _ended(row: Mediation, today: date) -> Next | None:
    if row.remedies and row.remedies_told_on is None:
        return _next("remedies", _("It failed; the other ways are to be shown on paper"), row.ended_on)
    look_back = due_look_back(row, today)
    if look_back is not None:
        return _next(
            "look_back",
            _("Whether the agreement is performed"),
            look_back.due_on,
            f"look_back={look_back.pk}",
        )
    if row.waits_for_court:
        if row.confirm_applied_on:
            return _next("confirmation", _("The court was asked and has not answered yet"), None)
        if row.confirm_by and row.confirm_by >= today:
            why = _("The parties may ask the court together until %(day)s") % {
                "day": row.confirm_by.isoformat()
            }
            return _next("confirmation", why, row.confirm_by)
    later = next((one for one in row.look_backs.all() if one.done_on is None), None)
    if later is not None:
        return _next(
            "look_back", _("Whether the agreement is performed"), later.due_on, f"look_back={later.pk}"
        )
    return None


def open_sitting(row: Mediation) -> Sitting | None:
    """The first sitting planned and not written down."""
    return next((one for one in row.sittings.all() if one.written_on is None and not one.cancelled), None)


def due_look_back(row: Mediation, today: date) -> LookBack | None:
    """The first look-back whose day has come."""
    return next((one for one in row.look_backs.all() if one.done_on is None and one.due_on <= today), None)


def _when(at: datetime) -> str:
    return f"{clock.local(at):%m-%d %H:%M}"


def options_of(row: Mediation) -> list[Option]:
    """Every deed that fits where the mediation stands, in the order of work; for a row read `with_parts`."""
    words = deed_words()
    deeds = _while_going(row) if row.is_going else _after_end(row)
    return [Option(deed, words[deed], why) for deed, why in deeds]


def _while_going(row: Mediation) -> list[tuple[str, str]]:
    sides = list(row.sides.all())
    asked = any(side.consent == Side.Consent.ASKED for side in sides)
    unwilling = ""
    if len(sides) < 2:
        unwilling = _("both parties are needed first")
    elif asked:
        unwilling = _("a party has not answered yet")
    chosen = "" if row.chosen.all() else _("nobody is chosen to mediate yet")
    planned = "" if open_sitting(row) else _("no sitting is planned")
    last_open = bool(sides) and sides[-1].consent == Side.Consent.ASKED
    untold = any(one.told_at is None for one in row.dangers.all())
    return [
        ("add_side", ""),
        ("consent", "" if asked else _("every party has answered")),
        *([("remove_side", "")] if last_open else []),
        ("choose", ""),
        ("plan_sitting", unwilling or chosen),
        ("write_sitting", planned),
        ("terms", unwilling),
        ("conclude", unwilling or chosen),
        ("end", ""),
        ("danger", ""),
        *([("police", "")] if untold else []),
    ]


def _after_end(row: Mediation) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    if row.remedies and row.remedies_told_on is None:
        found.append(("remedies", ""))
    if row.waits_for_court:
        found.append(("confirmation", ""))
    if any(one.done_on is None for one in row.look_backs.all()):
        found.append(("look_back", ""))
    found.append(("danger", ""))
    if any(one.told_at is None for one in row.dangers.all()):
        found.append(("police", ""))
    return found


def state_words(row: Mediation) -> str:
    """Where it stands, in a word or two, for lists."""
    if row.outcome:
        return ""
    sides = list(row.sides.all())
    if len(sides) < 2 or any(side.consent == Side.Consent.ASKED for side in sides):
        return _("Asking the parties")
    if row.terms:
        return _("Agreement to be signed")
    return pgettext("mediation", "Being mediated")
