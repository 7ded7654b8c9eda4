"""The demo's year on the smallest pack: through the actions, one audit entry each, nothing left half-way."""

from datetime import datetime

import pytest

from shiyu import wiring
from shiyu.audit.actions import completed
from shiyu.audit.models import AuditEntry
from shiyu.demo.year import simulate
from shiyu.lib import clock
from shiyu.plans.models import Report
from shiyu.seeding import load_city
from tests.conftest import ROOT


@pytest.fixture
def at_once():  # type: ignore[no-untyped-def]
    wiring.connect(at_once=True)
    yield
    wiring.connect()


def test_a_year_is_made_of_actions_with_one_audit_entry_each(db, at_once, settings, tmp_path) -> None:
    store = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": tmp_path}}
    settings.STORAGES = {**settings.STORAGES, "default": store}
    folder = ROOT / "packs" / "example"
    before, entries = sum(completed.values()), AuditEntry.objects.count()
    with clock.frozen(datetime(2025, 12, 1, 9)):
        load_city(folder)
    simulate(folder, datetime(2026, 11, 20, 12, tzinfo=clock.CITY_ZONE))
    made = AuditEntry.objects.count() - entries
    assert made == sum(completed.values()) - before > 50
    assert Report.objects.filter(state=Report.State.SIGNED_OFF).exists()
    assert AuditEntry.objects.filter(action="plans.lock_month").exists()
