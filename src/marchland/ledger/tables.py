"""The tables of a ledger, and the triggers that keep them append-only.

Every row carries the revision that brought it; a replay at revision n sees rows up to n. Days are
ISO text, so both databases order and compare them alike: an unknown published day or start is
``""`` (before every day), an unknown end ``"~"`` (after every day). Claim and report records are
ASCII JSON, so that no database refuses a NUL or a lone surrogate in them.
"""

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
)

SCHEMA = 1
"""Version of the layout below; a ledger of a newer one is refused."""

UNDATED = ""
OPEN_END = "~"

# PostgreSQL would order text by the database's language; "C" is by code point, as SQLite does.
_Key = Text().with_variant(Text(collation="C"), "postgresql")
_Number = BigInteger().with_variant(Integer(), "sqlite")

metadata = MetaData()

meta = Table(
    "meta",
    metadata,
    Column("name", _Key, primary_key=True),
    Column("value", Text, nullable=False),
)

revisions = Table(
    "revisions",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("recorded", Text, nullable=False),
    Column("what", Text, nullable=False),
)

reports = Table(
    "reports",
    metadata,
    Column("id", _Key, primary_key=True),
    Column("revision", Integer, nullable=False),
    Column("sha256", _Key, nullable=False),
    Column("source_id", _Key, nullable=False),
    Column("published", _Key, nullable=False),
    Column("record", Text, nullable=False),
    Index("reports_by_content", "sha256"),
    Index("reports_by_day", "published"),
)

# A row here says that a report was taken in whole; its text comes with it where there is one.
texts = Table(
    "texts",
    metadata,
    Column("report_id", _Key, primary_key=True),
    Column("revision", Integer, primary_key=True, autoincrement=False),
    Column("encoding", Text, nullable=False),
    Column("body", LargeBinary, nullable=True),
)

claims = Table(
    "claims",
    metadata,
    Column("id", _Key, primary_key=True),
    Column("revision", Integer, nullable=False),
    Column("report_id", _Key, nullable=False),
    Column("predicate", _Key, nullable=False),
    Column("kind", _Key, nullable=False),
    Column("modality", _Key, nullable=False),
    Column("subject_id", _Key),
    Column("object_id", _Key),
    Column("speaker_id", _Key),
    Column("place_id", _Key),
    Column("valid_start", _Key, nullable=False),
    Column("valid_end", _Key, nullable=False),
    Column("published", _Key, nullable=False),
    Column("begins", _Number, nullable=False),
    Column("record", Text, nullable=False),
    Index("claims_by_report", "report_id"),
)
for _name in ("subject_id", "object_id", "speaker_id", "place_id"):
    Index(
        f"claims_by_{_name.removesuffix('_id')}",
        claims.c[_name],
        sqlite_where=claims.c[_name].is_not(None),
        postgresql_where=claims.c[_name].is_not(None),
    )

corrections = Table(
    "corrections",
    metadata,
    Column("corrects", _Key, primary_key=True),
    Column("claim_id", _Key, primary_key=True),
    Column("revision", Integer, nullable=False),
    Column("published", _Key, nullable=False),
)

actors = Table(
    "actors",
    metadata,
    Column("id", _Key, primary_key=True),
    Column("revision", Integer, primary_key=True, autoincrement=False),
    Column("record", Text, nullable=False),
)

places = Table(
    "places",
    metadata,
    Column("id", _Key, primary_key=True),
    Column("revision", Integer, primary_key=True, autoincrement=False),
    Column("record", Text, nullable=False),
)

estimates = Table(
    "estimates",
    metadata,
    Column("id", _Key, primary_key=True),
    Column("revision", Integer, nullable=False),
    Column("record", Text, nullable=False),
)

_REFUSAL = "the ledger is append-only"


def create(connection: Connection) -> None:
    """Make every table and trigger, and note the schema version, in the caller's transaction."""
    metadata.create_all(connection, checkfirst=False)
    if connection.dialect.name == "sqlite":
        for table in metadata.sorted_tables:
            for verb in ("UPDATE", "DELETE"):
                connection.exec_driver_sql(
                    f"CREATE TRIGGER {table.name}_no_{verb.lower()} BEFORE {verb} ON {table.name} "
                    f"BEGIN SELECT RAISE(ABORT, '{_REFUSAL}'); END"
                )
    else:
        connection.exec_driver_sql(
            "CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN RAISE EXCEPTION '{_REFUSAL}'; END $$"
        )
        for table in metadata.sorted_tables:
            connection.exec_driver_sql(
                f"CREATE TRIGGER {table.name}_no_change "
                f"BEFORE UPDATE OR DELETE OR TRUNCATE ON {table.name} "
                "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
            )
    connection.execute(meta.insert(), {"name": "schema", "value": str(SCHEMA)})
