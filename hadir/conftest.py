"""Database tests that commit (live servers, threads) end by emptying all tables, which append-only tables refuse."""

from collections.abc import Iterator

import pytest
from django.db import connection
from django.test import TransactionTestCase

from hadir.core.append_only import PROTECTED, protect_sql, unprotect_sql


@pytest.fixture(autouse=True, scope="session")
def flush_append_only_tables() -> Iterator[None]:
    """Lift the protection just for Django's flush after such a test, and put it back."""
    flush = TransactionTestCase._fixture_teardown  # type: ignore[attr-defined]

    def lifted_flush(case: TransactionTestCase) -> None:
        with connection.cursor() as cursor:
            for table in PROTECTED:
                for statement in unprotect_sql(table, connection.vendor):
                    cursor.execute(statement)
        flush(case)
        with connection.cursor() as cursor:
            for table in PROTECTED:
                for statement in protect_sql(table, connection.vendor):
                    cursor.execute(statement)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", lifted_flush)
        yield
