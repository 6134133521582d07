"""Tables that can only grow, guarded inside the database so that no code path, also not raw SQL, edits a fact.

Used by migrations: ``ProtectTable("ledger_scan")``. On SQLite a later migration that rebuilds such a table (Django does
so for most ALTERs) drops its triggers with the old table: add another ``ProtectTable`` after it. A test compares the
triggers present after all migrations with `PROTECTED`.
"""

from collections.abc import Mapping
from typing import Any

from django.apps.registry import Apps
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations import RunPython

PROTECTED: Mapping[str, tuple[tuple[str, ...], ...]] = {
    "attendance_scanreview": (("id",),),
    "core_auditentry": (("id",),),
    "ledger_clockdoubt": (("id",), ("scan_id",)),
    "ledger_heldrecord": (("id",), ("device_id", "digest")),
    "ledger_confirmedtime": (("id",),),
    "ledger_scan": (("id",),),
    "leave_decision": (("id",),),
    "months_adjustment": (("id",),),
    "months_monthsnapshot": (("id",), ("month_id", "version")),
    "months_reopening": (("id",), ("month_id", "version")),
    "ledger_terminalscan": (
        ("id",),
        ("device_id", "local_time", "pin", "state_raw", "verify_raw", "record_no"),
    ),
}
"""Every table that only grows, with its unique keys."""


def reason(table: str) -> str:
    """The words that the database says when it refuses."""
    return f"append-only: rows of {table} are facts and are never changed or deleted; write a new row instead"


def protect_sql(table: str, vendor: str) -> list[str]:
    """Statements that make a table append-only."""
    if vendor == "sqlite":
        refuse = f"BEGIN SELECT RAISE(ABORT, '{reason(table)}'); END"
        # INSERT OR REPLACE deletes the old row without firing its DELETE trigger, so it is caught before it begins.
        same = " OR ".join(
            "(" + " AND ".join(f"{column} = NEW.{column}" for column in key) + ")" for key in PROTECTED[table]
        )
        existing = f"SELECT 1 FROM {table} WHERE {same}"  # noqa: S608 names from PROTECTED, never from a request
        return [
            f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} {refuse}",
            f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} {refuse}",
            f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} WHEN EXISTS ({existing}) {refuse}",
        ]
    return [
        f"CREATE OR REPLACE FUNCTION {table}_append_only() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{reason(table)}' USING ERRCODE = 'restrict_violation'; END $$",
        f"CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE ON {table} "
        f"FOR EACH ROW EXECUTE FUNCTION {table}_append_only()",
        f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION {table}_append_only()",
        f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {table}_no_change",
        f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {table}_no_truncate",
    ]


def unprotect_sql(table: str, vendor: str) -> list[str]:
    """Statements that undo `protect_sql`; for migrating backwards and for emptying test databases."""
    if vendor == "sqlite":
        return [f"DROP TRIGGER IF EXISTS {table}_no_{verb}" for verb in ("update", "delete", "replace")]
    return [
        f"DROP TRIGGER IF EXISTS {table}_no_truncate ON {table}",
        f"DROP TRIGGER IF EXISTS {table}_no_change ON {table}",
        f"DROP FUNCTION IF EXISTS {table}_append_only()",
    ]


class ProtectTable(RunPython):
    """Migration operation: refuse UPDATE and DELETE (and TRUNCATE on PostgreSQL) on one table."""

    def __init__(self, table: str) -> None:
        self.table = table
        super().__init__(self._protect, self._unprotect, elidable=False)

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        return (self.__class__.__name__, [self.table], {})

    def describe(self) -> str:
        return f"Refuse changes to rows of {self.table}"

    def _protect(self, _apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
        for statement in unprotect_sql(self.table, editor.connection.vendor):
            editor.execute(statement)
        for statement in protect_sql(self.table, editor.connection.vendor):
            editor.execute(statement)

    def _unprotect(self, _apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
        for statement in unprotect_sql(self.table, editor.connection.vendor):
            editor.execute(statement)
