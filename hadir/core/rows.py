"""Many new rows of one table, when there are a hundred thousand of them: one prepared statement, run for each row.

What Django's `bulk_create` does, without a model instance for every row and without one statement text of thousands of
values, of which SQLite takes forty rows at a time: measured, a third of its time (`bench/attendance.py`).
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections, models
from django.db.backends.base.base import BaseDatabaseWrapper

REMEMBERED = 500
"""Values of one column of which the database's form is kept: most columns have few, and some none twice."""


def write_rows(
    model: type[models.Model],
    names: Sequence[str],
    rows: Iterable[Sequence[Any]],
    *,
    unique: Sequence[str] = (),
    leave_known: bool = False,
) -> int:
    """Write rows of a table and return how many; an equal `unique` key makes it replace the row that is there.

    `leave_known`: what another process inserts at this moment is left as it is. On SQLite nobody can: the transaction
    holds the only write lock, and there a clause for conflicts would run into the guard of tables that only grow.

    `names`: the attribute names of the values of each row, in order (`school_id`, not `school`). Columns that are not
    named need a default of the database or may be null: defaults of the model do not apply, signals are not sent. Of a
    row that is replaced, the primary key stays. Raises what the database raises, after which the transaction is over.
    """
    # Not the proxy `connection`: every value asks it several things, each through a lookup of the thread's.
    connection = connections[DEFAULT_DB_ALIAS]
    options = model._meta
    by_attribute = {one.attname: one for one in options.concrete_fields}
    fields = [by_attribute[name] for name in names]
    quote = connection.ops.quote_name
    columns = [quote(str(one.column)) for one in fields]
    statement = (
        f"INSERT INTO {quote(options.db_table)} ({', '.join(columns)}) VALUES ({', '.join(['%s'] * len(fields))})"  # noqa: S608  names of our own columns
    )
    if unique:
        keys = [quote(str(by_attribute[name].column)) for name in unique]
        kept = {*keys, quote(str(options.pk.column))}
        changes = ", ".join(f"{one} = excluded.{one}" for one in columns if one not in kept)
        statement += f" ON CONFLICT ({', '.join(keys)}) DO UPDATE SET {changes}"
    elif leave_known and connection.vendor != "sqlite":
        statement += " ON CONFLICT DO NOTHING"
    prepare = [_preparing(one, connection) for one in fields]
    values = [[ready(value) for ready, value in zip(prepare, row, strict=True)] for row in rows]
    if values:
        with connection.cursor() as cursor:
            cursor.executemany(statement, values)
    return len(values)


def _preparing(field: "models.Field[Any, Any]", connection: BaseDatabaseWrapper) -> Callable[[Any], Any]:
    """Return what turns values of a field into the database's form: once for equal values, which costs most of all."""
    known: dict[Any, Any] = {}
    prepare = field.get_db_prep_save
    empty = {kind: prepare(kind(), connection) for kind in (list, dict)} if isinstance(field, models.JSONField) else {}

    def ready(value: Any) -> Any:
        kind = value.__class__
        if kind in empty:
            return prepare(value, connection) if value else empty[kind]
        # Equal but of another type is not the same: 1 and True.
        key = kind, value
        found = known.get(key, known)
        if found is known:
            found = prepare(value, connection)
            if len(known) < REMEMBERED:
                known[key] = found
        return found

    return ready
