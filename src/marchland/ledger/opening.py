"""Is there a ledger in this database that this version can read? Where there is none, make it."""

from sqlalchemy import Connection, Engine, inspect, select

from marchland.errors import LedgerError
from marchland.ledger import tables
from marchland.ledger.engine import POSTGRES_SCHEMA, Target, writing


def prepare(engine: Engine, target: Target, *, read_only: bool) -> None:
    """Check the ledger, making its tables where there are none.

    Raises
    ------
    LedgerError
        If the database holds something else, or a ledger of a newer version.
    """
    with engine.connect() as connection:
        found = _schema(connection, target)
    if found is None:
        if read_only:
            raise LedgerError(
                f"{target.label}: there is no ledger yet. Read some reports into it first"
            )
        with writing(engine) as connection:
            # Another program may have made it meanwhile.
            found = _schema(connection, target)
            if found is None:
                if connection.dialect.name == "postgresql":
                    connection.exec_driver_sql(f"CREATE SCHEMA IF NOT EXISTS {POSTGRES_SCHEMA}")
                tables.create(connection)
                found = tables.SCHEMA
    if found > tables.SCHEMA:
        raise LedgerError(
            f"{target.label} was written by a newer version of Marchland (its layout is {found}, "
            f"this version knows {tables.SCHEMA}). Upgrade: pip install --upgrade marchland"
        )


def _schema(connection: Connection, target: Target) -> int | None:
    """The layout's version; None where the database is empty."""
    is_postgres = connection.dialect.name == "postgresql"
    names = set(inspect(connection).get_table_names(POSTGRES_SCHEMA if is_postgres else None))
    if not names:
        return None
    if tables.meta.name not in names or tables.claims.name not in names:
        raise LedgerError(
            f"{target.label} is a database of something else, not a ledger. Give another one"
        )
    value = connection.scalars(
        select(tables.meta.c.value).where(tables.meta.c.name == "schema")
    ).one_or_none()
    if value is None or not value.isdigit():
        raise LedgerError(f"{target.label} is a ledger without its version. Restore it from a copy")
    return int(value)
