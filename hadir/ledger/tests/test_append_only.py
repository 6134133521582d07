"""Facts cannot be changed, whoever asks and however."""

from datetime import datetime
from typing import Any

import pytest
from django.apps import apps
from django.db import DatabaseError, connection, transaction

from hadir.conftest import NOW, World
from hadir.core.append_only import PROTECTED
from hadir.core.models import AuditEntry
from hadir.core.services import record_audit
from hadir.devices.services_terminal import add_terminal
from hadir.ledger.models import HeldRecord, Scan, TerminalScan
from hadir.ledger.punch import Punch
from hadir.ledger.services import record_scan
from hadir.ledger.services_terminal import confirm_time, record_punches


@pytest.fixture
def facts(world: World) -> World:
    """One row in every protected table."""
    record = world.record()
    record_scan(device=world.kiosk, claimed_id=record["id"], record=world.record_text(**record).encode(), now=NOW)
    record_scan(device=world.kiosk, claimed_id="x", record=b"broken", now=NOW)
    late = world.record(captured_at="2026-09-15T07:00:00+07:00")
    record_scan(device=world.kiosk, claimed_id=late["id"], record=world.record_text(**late).encode(), now=NOW)
    # A table of a room above: by name, so that nothing here imports it.
    reviews = apps.get_model("attendance", "ScanReview")
    reviews.objects.create(scan_id=late["id"], reason="uji", decided_name="uji", decided_at=NOW)
    month = apps.get_model("months", "Month").objects.create(school=world.kota, first="2026-08-01", last="2026-08-31")
    apps.get_model("months", "MonthSnapshot").objects.create(
        month=month, version=1, sheet={}, digest="0" * 64, signer_name="uji", signed_at=NOW
    )
    apps.get_model("months", "Reopening").objects.create(
        month=month, version=1, reason="uji", reopened_name="uji", reopened_at=NOW
    )
    apps.get_model("months", "Adjustment").objects.create(
        month=month,
        version=1,
        person=world.siti,
        day="2026-08-03",
        old=None,
        new={"status": "H"},
        cause="settled",
        late=0,
        early=0,
        absent=0,
        found_at=NOW,
        carry_first="2026-09-01",
    )
    asked = apps.get_model("leave", "LeaveRequest").objects.create(
        person=world.siti, kind="I", first="2026-08-03", last="2026-08-03", days=1, reason="uji", state="approved",
        filed_name="uji", filed_at=NOW,
    )  # fmt: skip
    apps.get_model("leave", "Decision").objects.create(
        request=asked, verdict="approve", decided_name="uji", decided_at=NOW
    )
    terminal, _secret = add_terminal(serial="X903", kind="zkteco", schools=[world.kota], by=None, now=NOW)
    punch = Punch("7", datetime.fromisoformat("2015-01-01 00:00:00"))
    record_punches(device=terminal.device, punches=[punch], source="push", trust="plain", now=NOW)
    confirm_time(scan=TerminalScan.objects.get(), at=NOW, reason="uji", by=None, now=NOW)
    record_audit(actor=None, action="test", object_kind="none", object_id="1", now=NOW)
    return world


def refused(statement: str, table: str = "", parameters: list[Any] | None = None) -> str:
    """Run a statement, in which TABLE stands for the table, and return with which words the database refuses it."""
    statement = statement.replace("TABLE", table)
    with pytest.raises(DatabaseError) as caught, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, parameters)
    return str(caught.value)


@pytest.mark.usefixtures("facts")
@pytest.mark.parametrize("table", sorted(PROTECTED))
def test_raw_sql_cannot_change_or_delete(table: str):
    assert "append-only" in refused("UPDATE TABLE SET id = id", table)
    assert table in refused("DELETE FROM TABLE", table)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM TABLE".replace("TABLE", table))
        assert cursor.fetchone()[0] >= 1


@pytest.mark.usefixtures("facts")
@pytest.mark.parametrize("table", sorted(PROTECTED))
def test_raw_sql_cannot_replace_or_empty(table: str):
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM TABLE LIMIT 1".replace("TABLE", table))
        row = list(cursor.fetchone())
    if connection.vendor == "sqlite":
        values = f"VALUES ({', '.join(['%s'] * len(row))})"
        assert "append-only" in refused("INSERT OR REPLACE INTO TABLE " + values, table, row)
        upsert = f"INSERT INTO TABLE {values} ON CONFLICT (id) DO UPDATE SET id = excluded.id"
        assert "append-only" in refused(upsert, table, row)
    else:
        connection.check_constraints()  # else TRUNCATE is refused for foreign keys not yet looked at
        assert "append-only" in refused(f"TRUNCATE {table} CASCADE")
        upsert = "INSERT INTO TABLE SELECT * FROM TABLE LIMIT 1 ON CONFLICT (id) DO UPDATE SET id = excluded.id"
        assert "append-only" in refused(upsert, table)


@pytest.mark.usefixtures("facts")
def test_sqlite_refuses_replacing_held_bytes_under_a_new_id():
    if connection.vendor != "sqlite":
        pytest.skip("REPLACE is SQLite's")
    held = HeldRecord.objects.get()
    statement = (
        "INSERT OR REPLACE INTO ledger_heldrecord"
        " (id, device_id, claimed_id, record, digest, reason, detail, received_at)"
        " SELECT '00000000000000000000000000000000', device_id, 'y', x'00', digest, reason, '', received_at"
        " FROM ledger_heldrecord"
    )
    assert "append-only" in refused(statement)
    assert bytes(HeldRecord.objects.get().record) == bytes(held.record) == b"broken"


@pytest.mark.usefixtures("facts")
@pytest.mark.parametrize("model", [Scan, HeldRecord, AuditEntry])
def test_the_orm_cannot_change_or_delete(model: type[Scan | HeldRecord | AuditEntry]):
    row = model.objects.first()
    assert row is not None
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        row.save()
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        row.delete()
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        model.objects.filter(pk=row.pk).update(id=row.pk)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        model.objects.all()._raw_delete(using="default")


@pytest.mark.django_db
def test_every_protected_table_has_its_triggers_after_all_migrations():
    if connection.vendor == "sqlite":
        query = "SELECT tbl_name, name FROM sqlite_master WHERE type = 'trigger'"
        kinds = ["update", "delete", "replace"]
    else:
        query = (
            "SELECT relname, tgname FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid"
            " WHERE NOT tgisinternal AND tgenabled = 'A'"
        )
        kinds = ["change", "truncate"]
    with connection.cursor() as cursor:
        cursor.execute(query)
        found = set(cursor.fetchall())
    assert {(table, f"{table}_no_{kind}") for table in PROTECTED for kind in kinds} <= found


def test_every_table_of_the_ledger_is_protected():
    tables = {model._meta.db_table for model in apps.get_app_config("ledger").get_models()}
    tables.add(AuditEntry._meta.db_table)
    assert tables <= set(PROTECTED)


@pytest.mark.django_db(transaction=True)
def test_a_test_database_can_still_be_emptied():
    record_audit(actor=None, action="test", object_kind="none", object_id="1", now=NOW)


@pytest.mark.django_db(transaction=True)
def test_and_was_emptied_and_is_protected_again():
    assert not AuditEntry.objects.exists()
    record_audit(actor=None, action="test", object_kind="none", object_id="1", now=NOW)
    assert "append-only" in refused("DELETE FROM core_auditentry")
