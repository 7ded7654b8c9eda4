"""The public page's door: a matter's code and its reporter's PIN, with limited tries."""

import unicodedata
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction
from django.utils.translation import gettext as _

from shiyu.audit.actions import action, record
from shiyu.kernel.actor import Actor
from shiyu.lib import clock
from shiyu.lib.errors import UserError
from shiyu.lib.vault import the_vault
from shiyu.matters.access import REPORTER
from shiyu.matters.models import Matter, Party, PinTry

WINDOW = timedelta(minutes=30)
LIMITS = {"code and address": 5, "code": 30, "address": settings.ADDRESS_FAILURE_LIMIT}
"""Wrong tries within the window after which the door stays shut until it is over: from one address for one code, for
one code from everywhere (high, so that a stranger cannot lock a reporter out by five wrong tries), and from one address
whatever the codes. At the second limit all PINs of a code would be tried after about 190 years."""
KEPT = timedelta(days=30)
_BRACKETS = str.maketrans("[【(（{", "〔〔〔〔〔") | str.maketrans("]】)）}", "〕〕〕〕〕")


def codes_written(text: str) -> list[str]:
    """The codes a person may mean who typed this: full-width digits, spaces, and other brackets than 〔〕."""
    plain = "".join(unicodedata.normalize("NFKC", text).split())[:60]
    return [plain.translate(_BRACKETS), plain]


def enter_by_pin(code: str, pin: str, *, address: str) -> Party:
    """The reporter whose PIN it is for the matter with this code. Raises UserError in the same words for a code that
    does not exist and for a wrong PIN, and after too many tries. A wrong try is counted and on record."""
    codes, pin = (
        codes_written(code),
        "".join(sign for sign in unicodedata.normalize("NFKC", pin) if sign.isdigit()),
    )
    trace = the_vault().trace(codes[0], "code")
    with transaction.atomic():
        # The rows are held, so that tries sent at the same moment are counted one after the other.
        rows = Party.objects.select_for_update(of=("self",)).filter(matter__code__in=codes)
        parties = list(rows.select_related("matter"))
        if _is_shut(trace, address):
            found, shut = None, True
        else:
            found, shut = _whose(parties, pin), False
            if found is None:
                note_wrong_pin(
                    Actor(user_id=None, name=REPORTER),
                    matter=parties[0].matter if parties else None,
                    code_trace=trace,
                    address=address,
                )
    if shut:
        raise UserError(_("Too many wrong tries. Come back in half an hour, or ask at the desk."))
    if found is None:
        raise UserError(
            _("The number and the PIN do not belong together. Look at your receipt again."), field="pin"
        )
    return found


@action("matters.note_wrong_pin")
def note_wrong_pin(actor: Actor, *, matter: Matter | None, code_trace: str, address: str) -> None:
    """Counts a wrong try and puts it on record."""
    PinTry.objects.create(code_trace=code_trace, address=address, at=clock.now())
    record(matter, {"address": address})


def forget_tries(since: datetime, until: datetime) -> int:
    """The daily job: drops tries that have counted for nothing for a month; returns how many."""
    return PinTry.objects.filter(at__lt=clock.now() - KEPT).delete()[0]


def _is_shut(trace: str, address: str) -> bool:
    recent = PinTry.objects.filter(at__gt=clock.now() - WINDOW)
    counts = {
        "code and address": recent.filter(code_trace=trace, address=address).count(),
        "code": recent.filter(code_trace=trace).count(),
        "address": recent.filter(address=address).count(),
    }
    return any(counts[name] >= limit for name, limit in LIMITS.items())


def _whose(parties: list[Party], pin: str) -> Party | None:
    if not parties:
        make_password(pin)  # as slow as a real comparison: the time tells nobody which codes exist
    return next((party for party in parties if check_password(pin, party.pin_hash)), None)
