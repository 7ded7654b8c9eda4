"""The record: one entry an action, sealed; what was changed, is missing or was put in is named."""

import pytest
from django.db import connection

from shiyu.audit.actions import action, record
from shiyu.audit.jobs import seal_entries
from shiyu.audit.models import AuditEntry, AuditSeal
from shiyu.audit.queries import verify
from shiyu.kernel.actor import SYSTEM
from shiyu.lib.ids import new_id


@pytest.fixture
def sealed(city) -> list[AuditEntry]:
    while seal_entries():
        pass
    return list(AuditEntry.objects.order_by("id"))


def faults() -> set[tuple[str, str]]:
    return {(finding.fault, str(finding.entry_id)) for finding in verify()}


def test_a_record_left_alone_has_no_fault(sealed) -> None:
    assert len(sealed) == AuditSeal.objects.count() > 3
    assert faults() == set()


def test_a_changed_entry_is_named(sealed) -> None:
    AuditEntry.objects.filter(pk=sealed[1].pk).update(actor_name="somebody else")
    assert faults() == {("changed", str(sealed[1].pk))}


def test_a_missing_entry_is_named(sealed) -> None:
    AuditEntry.objects.filter(pk=sealed[2].pk).delete()
    assert faults() == {("missing", str(sealed[2].pk))}


def test_an_inserted_entry_is_named_though_the_sealer_sealed_it(sealed) -> None:
    key = new_id()
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO audit_auditentry (id, at, actor_name, action, subject_type, changes, reason, mac)"
            " VALUES (%s, now(), 'x', 'plans.issue_edition', '', '{}', '', 'forged')",
            [key],
        )
    seal_entries()
    assert faults() == {("inserted", str(key))}


def test_seals_that_were_taken_out_are_named(sealed) -> None:
    AuditSeal.objects.filter(number=2).delete()
    assert ("missing", "None") in faults()


def test_an_action_that_records_nothing_keeps_nothing(city) -> None:
    @action("tests.forget_record")
    def forget(actor) -> None:
        AuditEntry.objects.create(actor_name="left behind", action="x", subject_type="", mac="")

    with pytest.raises(RuntimeError, match="recorded 0"):
        forget(SYSTEM)
    assert not AuditEntry.objects.filter(actor_name="left behind").exists()


def test_recording_outside_an_action_is_an_error(city) -> None:
    with pytest.raises(RuntimeError):
        record(None, {})


def test_only_the_audit_administrator_reads_it(browser_of) -> None:
    assert browser_of("auditor").get("/audit/").status_code == 200
    assert browser_of("sysadmin").get("/audit/").status_code == 403
    assert browser_of("clerk").get("/audit/verify/").status_code == 403
